//! Work that several threads share, written in the order of its parts: the bytes never depend on
//! the number of threads.
//!
//! Whoever has made the text that is next writes it and all that wait behind it, while the others
//! go on. Two that write at the same time are slower than one, because the system locks the file.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use crate::model::crew;

/// Lets `work` make text of all parts and writes it in their order. A part should be some hundred
/// kilobytes of text, so that it stays near the processor until it is written. Every thread has a
/// value of its own that `start` makes.
///
/// # Errors
///
/// What the output gives.
pub fn write<T: Sync, S>(
    parts: &[T],
    threads: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T, &mut Vec<u8>) + Sync,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let threads = threads.min(parts.len());
    if threads < 2 {
        let (mut own, mut text) = (start(), Vec::new());
        for part in parts {
            text.clear();
            work(&mut own, part, &mut text);
            out.write_all(&text)?;
        }
        return Ok(());
    }
    let taken = AtomicUsize::new(0);
    let queue = Queue::new(threads, out);
    let run = || {
        let _watch = Watch(&queue);
        let (mut own, mut text) = (start(), Vec::new());
        loop {
            let number = taken.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(number) else { return };
            crew::alone(|| work(&mut own, part, &mut text));
            match queue.hand_in(number, text) {
                Some(used) => text = used,
                None => return,
            }
        }
    };
    crew::share(threads, run);
    queue.end()
}

/// Texts on their way to the output.
struct Queue<'a> {
    state: Mutex<State<'a>>,
    moved: Condvar,
    most: usize,
}

struct State<'a> {
    /// Which text is written next.
    next: usize,
    waiting: BTreeMap<usize, Vec<u8>>,
    /// Written ones, to be used again: memory that is touched for the first time is dear.
    used: Vec<Vec<u8>>,
    /// Not there while somebody writes.
    out: Option<&'a mut (dyn Write + Send)>,
    failed: Option<io::Error>,
}

impl<'a> Queue<'a> {
    fn new(most: usize, out: &'a mut (dyn Write + Send)) -> Self {
        let state = State {
            next: 0,
            waiting: BTreeMap::new(),
            used: Vec::new(),
            out: Some(out),
            failed: None,
        };
        Self { state: Mutex::new(state), moved: Condvar::new(), most }
    }

    fn lock(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a text and gives an empty one; `None` if there is nothing more to do.
    fn hand_in(&self, number: usize, text: Vec<u8>) -> Option<Vec<u8>> {
        let is_early = |state: &mut State<'_>| {
            state.waiting.len() >= self.most && state.next != number && state.failed.is_none()
        };
        let state = self.moved.wait_while(self.lock(), is_early);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        state.waiting.insert(number, text);
        if let Some(out) = state.out.take() {
            while state.failed.is_none() {
                let next = state.next;
                let Some(mut text) = state.waiting.remove(&next) else { break };
                drop(state);
                let written = out.write_all(&text);
                text.clear();
                state = self.lock();
                state.next = next.saturating_add(1);
                state.used.push(text);
                if let Err(error) = written {
                    state.failed = Some(error);
                }
                self.moved.notify_all();
            }
            state.out = Some(out);
        }
        state.failed.is_none().then(|| state.used.pop().unwrap_or_default())
    }

    fn end(self) -> io::Result<()> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.failed.map_or(Ok(()), Err)
    }
}

/// Nobody waits for the text of a thread that has panicked.
struct Watch<'a, 'b>(&'a Queue<'b>);

impl Drop for Watch<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.lock().failed = Some(io::Error::other("a thread has ended"));
            self.0.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let items: Vec<usize> = (0..20_000).collect();
        let parts: Vec<&[usize]> = items.chunks(33).collect();
        let with = |threads: usize| {
            let mut out = Vec::new();
            let work = |(): &mut (), part: &&[usize], text: &mut Vec<u8>| {
                for item in *part {
                    writeln!(text, "{item}").unwrap();
                }
            };
            write(&parts, threads, || (), work, &mut out).unwrap();
            out
        };
        let one = with(1);
        assert_eq!(String::from_utf8_lossy(&one).lines().count(), items.len());
        for threads in [2, 3, 8] {
            assert_eq!(with(threads), one);
        }
    }

    #[test]
    fn an_output_that_fails_ends_the_work() {
        struct Full(usize);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 = self.0.checked_sub(1).ok_or_else(|| io::Error::other("full"))?;
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let parts = vec![0_u8; 500];
        let work = |(): &mut (), part: &u8, text: &mut Vec<u8>| text.push(*part);
        for (threads, room) in [(1, 0), (2, 0), (2, 100), (8, 300)] {
            let error = write(&parts, threads, || (), work, &mut Full(room)).unwrap_err();
            assert_eq!(error.to_string(), "full", "{threads} threads");
        }
    }

    #[test]
    fn a_panic_ends_the_work() {
        let parts: Vec<usize> = (0..500).collect();
        let work = |(): &mut (), part: &usize, text: &mut Vec<u8>| {
            assert_ne!(*part, 77);
            text.push(1);
        };
        let run = || write(&parts, 4, || (), work, &mut Vec::new());
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
