//! How far a long run is: a bar on standard error, for people at a terminal only.
//!
//! Whoever works only counts (an atomic addition); a thread of its own looks at the counts ten
//! times a second and draws. In the first second it draws nothing, so that short runs stay silent.

use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::RecvTimeoutError;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;

use crate::cli::progress_text::Phase;
use crate::cli::progress_text::Seen;
use crate::model::language::Language;

/// Before this nobody asks how long it will take.
const SILENT: Duration = Duration::from_secs(1);

/// Between two looks at the counts.
const BEAT: Duration = Duration::from_millis(100);

/// The bar that is shown; whoever holds the lock decides what is drawn.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

fn shown() -> MutexGuard<'static, Option<ProgressBar>> {
    SHOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether somebody reads standard error at a terminal.
pub fn at_terminal() -> bool {
    #[expect(clippy::disallowed_methods, reason = "only its kind is asked")]
    io::stderr().is_terminal()
}

/// Clears the bar; as long as the guard lives no other is drawn.
pub fn take_down() -> MutexGuard<'static, Option<ProgressBar>> {
    let mut shown = shown();
    if let Some(bar) = shown.take() {
        bar.finish_and_clear();
    }
    shown
}

/// Where the work is counted. Without anybody who looks at it, it does nothing.
#[derive(Clone, Debug, Default)]
pub struct Progress(Option<Arc<Counts>>);

#[derive(Debug)]
struct Counts {
    phase: Mutex<(Phase, Instant)>,
    read: AtomicU64,
    written: AtomicU64,
    files: AtomicU64,
}

impl Progress {
    /// Begins a phase; what was counted before no longer counts.
    pub fn begin(&self, phase: Phase) {
        if let Some(counts) = &self.0 {
            let mut now = counts.phase.lock().unwrap_or_else(PoisonError::into_inner);
            *now = (phase, Instant::now());
            for count in [&counts.read, &counts.written, &counts.files] {
                count.store(0, Ordering::Relaxed);
            }
        }
    }

    /// So many more bytes are read; a file is read [`PASSES`](crate::cli::progress_text::PASSES)
    /// times.
    pub fn read(&self, bytes: u64) {
        if let Some(counts) = &self.0 {
            counts.read.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// So many more bytes are written.
    pub fn written(&self, bytes: u64) {
        if let Some(counts) = &self.0 {
            counts.written.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// One more file is read to its end.
    pub fn file(&self) {
        if let Some(counts) = &self.0 {
            counts.files.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// An output whose bytes are counted.
    pub fn counting<W: Write>(&self, out: W) -> Counting<W> {
        Counting { out, progress: self.clone() }
    }
}

impl Counts {
    fn new() -> Self {
        Self {
            phase: Mutex::new((Phase::Matching, Instant::now())),
            read: AtomicU64::new(0),
            written: AtomicU64::new(0),
            files: AtomicU64::new(0),
        }
    }

    fn seen(&self) -> Seen {
        let (phase, since) = *self.phase.lock().unwrap_or_else(PoisonError::into_inner);
        Seen {
            phase,
            read: self.read.load(Ordering::Relaxed),
            written: self.written.load(Ordering::Relaxed),
            files: self.files.load(Ordering::Relaxed),
            elapsed: since.elapsed(),
        }
    }
}

/// Counts what is written.
#[derive(Debug)]
pub struct Counting<W> {
    out: W,
    progress: Progress,
}

impl<W: Write> Write for Counting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.progress.written(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The bar of a run; dropped, it is cleared.
#[derive(Debug)]
pub struct Bar {
    progress: Progress,
    drawing: Option<(mpsc::Sender<()>, JoinHandle<()>)>,
}

impl Bar {
    /// The bar of a run; none for pipes and for those who want it quiet.
    pub fn new(silent: bool, language: Language) -> Self {
        let none = Self { progress: Progress::default(), drawing: None };
        if silent || !at_terminal() {
            return none;
        }
        let counts = Arc::new(Counts::new());
        let (ended, end) = mpsc::channel();
        let counted = Arc::clone(&counts);
        let drawing = std::thread::Builder::new()
            .name("progress".into())
            .spawn(move || draw(&counted, &end, language));
        match drawing {
            Ok(drawing) => {
                Self { progress: Progress(Some(counts)), drawing: Some((ended, drawing)) }
            }
            Err(_) => none,
        }
    }

    /// Where to count.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some((ended, drawing)) = self.drawing.take() {
            drop(ended);
            let _ended = drawing.join();
        }
    }
}

/// Draws until the other end of the channel is gone.
fn draw(counts: &Counts, end: &mpsc::Receiver<()>, language: Language) {
    let mut wait = SILENT;
    while matches!(end.recv_timeout(wait), Err(RecvTimeoutError::Timeout)) {
        wait = BEAT;
        let seen = counts.seen();
        let mut shown = shown();
        let bar = shown.get_or_insert_with(|| {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        });
        let (done, total) = seen.share().unwrap_or_default();
        let template =
            if total > 0 { "{spinner} {bar:16} {wide_msg}" } else { "{spinner} {wide_msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.tick_chars("-\\|/ ").progress_chars("#>-"));
        }
        bar.set_length(total);
        bar.set_position(done);
        bar.set_message(seen.text(language));
        bar.tick();
    }
    drop(take_down());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted() -> (Progress, Arc<Counts>) {
        let counts = Arc::new(Counts::new());
        (Progress(Some(Arc::clone(&counts))), counts)
    }

    #[test]
    fn a_new_phase_counts_from_nothing() {
        let (progress, counts) = counted();
        progress.begin(Phase::Reading { files: 2, bytes: 100 });
        progress.read(40);
        progress.file();
        let seen = counts.seen();
        assert_eq!((seen.read, seen.written, seen.files), (40, 0, 1));
        progress.begin(Phase::Writing);
        progress.counting(Vec::new()).write_all(b"seven b").unwrap();
        // Rows that are read again for the report are not written.
        progress.read(512);
        assert_eq!((counts.seen().written, counts.seen().files), (7, 0));
    }

    #[test]
    fn without_a_terminal_nobody_counts() {
        // Tests have their standard error captured or piped; asked to be silent it holds anywhere.
        let bar = Bar::new(true, Language::En);
        assert!(bar.progress().0.is_none() && bar.drawing.is_none());
    }
}
