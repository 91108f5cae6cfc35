//! Work that several threads share, written in the order of the items: the bytes never depend on
//! the number of threads.

use std::io;
use std::io::Write;
use std::sync::mpsc;
use std::thread;

/// Items that one thread takes at a time; about a megabyte of text.
const AT_A_TIME: usize = 4096;

/// Lets `work` make text of all items, some at a time, and writes it in their order.
///
/// # Errors
///
/// What the output gives.
pub fn write<T: Sync>(
    items: &[T],
    threads: usize,
    work: impl Fn(&[T], &mut Vec<u8>) + Sync,
    out: &mut dyn Write,
) -> io::Result<()> {
    if threads < 2 || items.len() <= AT_A_TIME {
        let mut text = Vec::new();
        for part in items.chunks(AT_A_TIME) {
            text.clear();
            work(part, &mut text);
            out.write_all(&text)?;
        }
        return Ok(());
    }
    thread::scope(|scope| {
        let mut lines = Vec::new();
        for worker in 0..threads {
            // One text waits to be written while the next is made.
            let (send, receive) = mpsc::sync_channel::<Vec<u8>>(1);
            let (back, used) = mpsc::channel::<Vec<u8>>();
            lines.push((receive, back));
            let work = &work;
            scope.spawn(move || {
                for part in items.chunks(AT_A_TIME).skip(worker).step_by(threads) {
                    let mut text: Vec<u8> = used.try_recv().unwrap_or_default();
                    text.clear();
                    work(part, &mut text);
                    if send.send(text).is_err() {
                        return;
                    }
                }
            });
        }
        let parts = items.len().div_ceil(AT_A_TIME);
        for (receive, back) in (0..parts).filter_map(|part| lines.get(part.checked_rem(threads)?)) {
            let Ok(text) = receive.recv() else { break };
            out.write_all(&text)?;
            // A worker that has finished needs none back.
            let _unused = back.send(text);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let items: Vec<usize> = (0..20_000).collect();
        let with = |threads: usize| {
            let mut out = Vec::new();
            let work = |part: &[usize], text: &mut Vec<u8>| {
                for item in part {
                    writeln!(text, "{item}").unwrap();
                }
            };
            write(&items, threads, work, &mut out).unwrap();
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
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::other("full"))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let items = vec![0_u8; 50_000];
        let work = |part: &[u8], text: &mut Vec<u8>| text.extend_from_slice(part);
        assert!(write(&items, 2, work, &mut Full).is_err());
    }
}
