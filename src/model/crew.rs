//! Threads that stand by for the length of a run, and what they share out among each other.
//!
//! A county month asks for several threads forty times. A new one each time takes longer to begin
//! than most of that work takes, starts with untouched memory, and has to be waited for even where
//! nothing is left when it comes.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;

use rayon_core::Yield;

/// As much as a process's first thread has (bytes).
const STACK: usize = 8 << 20;

thread_local! {
    static IS_ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` with so many threads at hand; in a crew already, it is that one. Where the system
/// gives no threads, this one does all.
pub fn with_crew<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    if threads < 2 || is_in_crew() {
        return work();
    }
    match rayon_core::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build() {
        Ok(crew) => crew.install(work),
        Err(_) => alone(work),
    }
}

fn is_in_crew() -> bool {
    rayon_core::current_thread_index().is_some()
}

/// Whether nothing may be shared out: one thread is enough, or others wait for what this one does.
fn is_alone(threads: usize) -> bool {
    threads < 2 || IS_ALONE.get()
}

/// Does without the others what somebody in the crew may wait for. Who waits in the midst of it
/// for others might be given their work, and they would wait for each other for ever.
pub fn alone<T>(work: impl FnOnce() -> T) -> T {
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            IS_ALONE.set(self.0);
        }
    }
    let _before = Before(IS_ALONE.replace(true));
    work()
}

/// Calls `run` so many times, on several threads at once, of which this is one. Those that come too
/// late should find nothing left.
pub fn share(threads: usize, run: impl Fn() + Sync) {
    if is_alone(threads) {
        return run();
    }
    with_crew(threads, || {
        if !is_in_crew() {
            return run();
        }
        rayon_core::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|_| run());
            }
            run();
        });
    });
}

/// What two pieces of work make that need nothing of each other.
pub fn both<A: Send, B: Send>(
    threads: usize,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if is_alone(threads) {
        return (one(), other());
    }
    let shared = || if is_in_crew() { rayon_core::join(one, other) } else { (one(), other()) };
    with_crew(threads, shared)
}

/// Lets `make` be called `count` times, on several threads at once, and gives what came of it to
/// `take` in the order of the numbers that `make` gives it (each from 0 to `count` once), as soon as
/// it is there; `take` may end it with `None`, and so may `make`.
pub fn in_order<T: Send>(
    count: usize,
    threads: usize,
    make: impl Fn() -> Option<(usize, T)> + Sync,
    mut take: impl FnMut(T) -> Option<()> + Send,
) -> Option<()> {
    let threads = if is_alone(threads) { 1 } else { threads };
    with_crew(threads, || {
        if threads < 2 || !is_in_crew() {
            return (0..count).try_for_each(|_| take(make()?.1));
        }
        let line = Line { state: Mutex::default(), moved: Condvar::new() };
        let one = || {
            let _watch = Watch(&line);
            if line.lock().is_over {
                return;
            }
            match alone(&make) {
                Some((number, made)) => line.put(number, made),
                None => line.end(),
            }
        };
        // While this thread makes one itself, the others make more than one.
        let ahead = threads.saturating_mul(2);
        rayon_core::scope(|scope| {
            let mut begun = 0_usize;
            let all = (0..count).try_for_each(|number| {
                while begun < count.min(number.saturating_add(ahead)) {
                    scope.spawn(|_| one());
                    begun = begun.saturating_add(1);
                }
                take(line.get(number)?)
            });
            line.end();
            all
        })
    })
}

/// What has been made and not been taken.
struct Line<T> {
    state: Mutex<State<T>>,
    moved: Condvar,
}

struct State<T> {
    made: BTreeMap<usize, T>,
    is_waited_for: bool,
    is_over: bool,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self { made: BTreeMap::new(), is_waited_for: false, is_over: false }
    }
}

impl<T> Line<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, number: usize, made: T) {
        let mut state = self.lock();
        state.made.insert(number, made);
        if state.is_waited_for {
            self.moved.notify_all();
        }
    }

    /// Nobody takes or makes anything any more.
    fn end(&self) {
        self.lock().is_over = true;
        self.moved.notify_all();
    }

    /// Waits for one, and makes others meanwhile. `None` if it will not come.
    fn get(&self, number: usize) -> Option<T> {
        loop {
            if let Some(made) = self.lock().made.remove(&number) {
                return Some(made);
            }
            if rayon_core::yield_now() == Some(Yield::Executed) {
                continue;
            }
            // Somebody is at it who waits for nobody.
            let mut state = self.lock();
            state.is_waited_for = true;
            let is_missing =
                |state: &mut State<T>| !state.made.contains_key(&number) && !state.is_over;
            let state = self.moved.wait_while(state, is_missing);
            let mut state = state.unwrap_or_else(PoisonError::into_inner);
            state.is_waited_for = false;
            if state.is_over {
                return None;
            }
        }
    }
}

/// Tells whoever waits that a thread has panicked; the crew passes the panic on.
struct Watch<'a, T>(&'a Line<T>);

impl<T> Drop for Watch<'_, T> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;
    use std::panic::catch_unwind;
    use std::panic::resume_unwind;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::model::together;

    #[test]
    fn a_crew_is_at_hand_for_all_that_is_done_in_it() {
        assert!(!is_in_crew());
        for threads in [2, 3, 8] {
            let counts = with_crew(threads, || {
                let inner = with_crew(5, rayon_core::current_num_threads);
                (is_in_crew(), inner)
            });
            assert_eq!(counts, (true, threads));
        }
        assert!(!with_crew(1, is_in_crew));
    }

    /// Everything inside everything else: who waits is given other work, and nobody waits for ever.
    #[test]
    fn work_inside_of_work_ends() {
        let squares = |threads: usize, first: usize| -> usize {
            let items: Vec<usize> = (first..first.saturating_add(40)).collect();
            let mut sum = 0_usize;
            let square = |item: &usize| {
                let doubled = together::map(&[*item, *item], threads, |own| own * item);
                thread::yield_now();
                doubled.iter().sum::<usize>() / 2
            };
            let taken = together::each_in_order(&items, threads, square, |own| {
                let ((), more) = both(threads, || (), || own);
                sum += more;
                Some(())
            });
            assert_eq!(taken, Some(()));
            sum
        };
        let firsts: Vec<usize> = (0..60).collect();
        let expected: Vec<usize> = firsts.iter().map(|first| squares(1, *first)).collect();
        for threads in [2, 3, 8] {
            for _ in 0..20 {
                let found = with_crew(threads, || {
                    together::map(&firsts, threads, |f| squares(threads, *f))
                });
                assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn what_others_wait_for_is_done_by_one_alone() {
        with_crew(4, || {
            let here = rayon_core::current_thread_index();
            alone(|| {
                let items: Vec<u32> = (0..500).collect();
                let index = |_: &u32| rayon_core::current_thread_index();
                assert!(together::map(&items, 4, index).iter().all(|own| *own == here));
                let mut taken = 0_u32;
                let all = together::each_in_order(&items, 4, index, |own| {
                    taken += 1;
                    (own == here).then_some(())
                });
                assert_eq!((all, taken), (Some(()), 500));
            });
            assert!(!is_alone(4));
        });
    }

    #[test]
    fn a_panic_is_passed_on_and_nobody_waits() {
        let items: Vec<usize> = (0..2000).collect();
        for threads in [1, 2, 8] {
            for place in [0, 7, 1999] {
                let fails = |item: &usize| {
                    if *item == place {
                        // As a panic does, but without a message.
                        resume_unwind(Box::new("as wanted"));
                    }
                    *item
                };
                let mapped = catch_unwind(|| together::map(&items, threads, fails));
                let sum = AtomicUsize::new(0);
                let in_order = catch_unwind(AssertUnwindSafe(|| {
                    together::each_in_order(&items, threads, fails, |own| {
                        sum.fetch_add(own, Ordering::Relaxed);
                        Some(())
                    })
                }));
                assert!(mapped.is_err() && in_order.is_err(), "{threads} {place}");
                assert!(sum.into_inner() <= (0..place).sum());
            }
        }
    }
}
