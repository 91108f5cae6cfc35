//! Work for several threads at once; the results come in the order of the items.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use crate::model::crew;

/// What `work` makes of every item; threads take the items in their order.
pub fn map<I: Sync, T: Send>(items: &[I], threads: usize, work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    if threads < 2 || items.len() < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(items.len()));
    let run = || {
        while let Some((number, item)) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            items.get(number).map(|item| (number, item))
        } {
            let made = work(item);
            if let Ok(mut done) = done.lock() {
                done.push((number, made));
            }
        }
    };
    crew::share(threads.min(items.len()), run);
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, made)| made).collect()
}

/// The same as [`map`] for items that the work takes.
pub fn map_taking<I: Send, T: Send>(
    items: Vec<I>,
    threads: usize,
    work: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let items: Vec<Mutex<Option<I>>> =
        items.into_iter().map(|item| Mutex::new(Some(item))).collect();
    let made = map(&items, threads, |item| {
        let own = item.lock().unwrap_or_else(PoisonError::into_inner).take();
        own.map(&work)
    });
    // Each is there, and taken once.
    made.into_iter().flatten().collect()
}

/// The same as [`map`] for long rows of small items: every thread takes some hundred at a time.
pub fn map_many<I: Sync, T: Send>(
    items: &[I],
    threads: usize,
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    const AT_A_TIME: usize = 512;
    if threads < 2 || items.len() <= AT_A_TIME {
        return items.iter().map(work).collect();
    }
    let parts: Vec<&[I]> = items.chunks(AT_A_TIME).collect();
    let made = map(&parts, threads, |part| part.iter().map(&work).collect::<Vec<T>>());
    // Grown step by step, long rows were copied again and again.
    let mut all = Vec::with_capacity(items.len());
    for part in made {
        all.extend(part);
    }
    all
}

/// Gives what `work` makes of every item to `take`, in the order of the items and as soon as it is
/// there, so that few results wait; `take` may end it with `None`.
pub fn each_in_order<I: Sync, T: Send>(
    items: &[I],
    threads: usize,
    work: impl Fn(&I) -> T + Sync,
    take: impl FnMut(T) -> Option<()> + Send,
) -> Option<()> {
    each_in_order_with(items, threads, |_| (), |(), item| work(item), take)
}

/// The same with a state for each thread, which `start` makes of the thread's number. Of one state
/// the items come in their order.
pub fn each_in_order_with<I: Sync, S: Send, T: Send>(
    items: &[I],
    threads: usize,
    start: impl Fn(usize) -> S + Sync,
    work: impl Fn(&mut S, &I) -> T + Sync,
    mut take: impl FnMut(T) -> Option<()> + Send,
) -> Option<()> {
    if threads < 2 || items.len() < 2 {
        let mut state = start(0);
        return items.iter().try_for_each(|item| take(work(&mut state, item)));
    }
    let next = AtomicUsize::new(0);
    let spare: Mutex<Vec<S>> = Mutex::default();
    let started = AtomicUsize::new(0);
    let make = || {
        let own = spare.lock().ok().and_then(|mut spare| spare.pop());
        let mut own = own.unwrap_or_else(|| start(started.fetch_add(1, Ordering::Relaxed)));
        let number = next.fetch_add(1, Ordering::Relaxed);
        let made = work(&mut own, items.get(number)?);
        if let Ok(mut spare) = spare.lock() {
            spare.push(own);
        }
        Some((number, made))
    };
    crew::in_order(items.len(), threads.min(items.len()), make, take)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..5000).collect();
        let expected: Vec<u64> = items.iter().map(|item| item * 2).collect();
        for threads in [1, 2, 8] {
            assert_eq!(map(&items, threads, |item| item * 2), expected);
            assert_eq!(map_many(&items, threads, |item| item * 2), expected);
            assert_eq!(map_taking(items.clone(), threads, |item| item * 2), expected);
            assert_eq!(
                crew::both(threads, || items.len(), || expected.last()),
                (5000, Some(&9998))
            );
            let mut found = Vec::new();
            let all = each_in_order(
                &items,
                threads,
                |item| item * 2,
                |made| {
                    found.push(made);
                    Some(())
                },
            );
            assert_eq!((all, &found), (Some(()), &expected));
            let end = |made| (made < 50).then_some(());
            assert_eq!(each_in_order(&items, threads, |item| item * 2, end), None);
        }
    }
}
