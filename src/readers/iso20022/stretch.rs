//! A stretch of a statement's text: the bookings in it, and what stands around them.
//!
//! Bookings are nearly all of a statement, and each can be read without the others. So a file is
//! cut into stretches that threads read at the same time; what stands around the bookings is put
//! together again and read in one piece, with a mark for every run of bookings.
//!
//! The cuts are right if the strict reader goes through all pieces: it knows no comments and no
//! sections in which `<Ntry>` could be anything but the beginning of an element.

use chrono::NaiveDate;

use crate::model::place::FileId;
use crate::model::statement::StatementEntry;
use crate::readers::iso20022::entry;
use crate::readers::iso20022::unread::Notes;
use crate::readers::iso20022::window::Windows;

/// How bookings begin.
pub(crate) const BEGINS: &str = "<Ntry>";

/// How bookings end.
pub(crate) const ENDS: &str = "</Ntry>";

/// What stands for a run of bookings; no file has an element of this name.
pub(crate) const MARK: &str = "<Ntry-/>";

/// How the mark begins.
pub(crate) const MARK_BEGINS: &[u8] = b"<Ntry-";

/// The name of the mark's element.
pub(crate) const BOOKED: &str = "Ntry-";

/// What a stretch holds.
#[derive(Debug, Default)]
pub(crate) struct Stretch {
    /// What stands around the bookings, with a mark for every run of them.
    pub(crate) around: String,
    /// The runs, one for every mark.
    pub(crate) runs: Vec<Booked>,
}

/// Bookings behind each other, with nothing but blanks between them. Lines count from 0, which is
/// the line on which the run begins.
#[derive(Debug, Default)]
pub(crate) struct Booked {
    pub(crate) entries: Vec<StatementEntry>,
    pub(crate) notes: Notes,
    /// The days of bookings that could not be read.
    pub(crate) unreadable: Vec<Option<NaiveDate>>,
    /// The line on which it ends.
    pub(crate) lines: u32,
}

impl Booked {
    /// Moves everything to the line on which the run stands in the file.
    pub(crate) fn move_to(&mut self, line: u32) {
        for entry in &mut self.entries {
            entry.place.line = entry.place.line.saturating_add(line);
            for detail in &mut entry.details {
                detail.place.line = detail.place.line.saturating_add(line);
            }
        }
        for problem in &mut self.notes.problems {
            problem.place.line = problem.place.line.saturating_add(line);
        }
    }
}

/// Reads a stretch; `None` if the general reader must see the file.
pub(crate) fn read(file: FileId, text: &str) -> Option<Stretch> {
    let begins = memchr::memmem::Finder::new(BEGINS);
    let mut stretch = Stretch::default();
    let mut reader = Reader { file, windows: Windows::default() };
    let mut rest = text;
    while let Some(at) = begins.find(rest.as_bytes()) {
        let (before, from_run) = rest.split_at_checked(at)?;
        stretch.around.push_str(before);
        stretch.around.push_str(MARK);
        let (run, behind) = reader.run(from_run)?;
        stretch.runs.push(run);
        rest = behind;
    }
    stretch.around.push_str(rest);
    Some(stretch)
}

struct Reader<'a> {
    file: FileId,
    windows: Windows<'a>,
}

impl<'a> Reader<'a> {
    /// Reads the run that begins here; gives what stands behind it.
    fn run(&mut self, text: &'a str) -> Option<(Booked, &'a str)> {
        let ends = memchr::memmem::Finder::new(ENDS);
        let mut run = Booked::default();
        let mut rest = text;
        loop {
            let end = ends.find(rest.as_bytes())?.checked_add(ENDS.len())?;
            let (window, behind) = rest.split_at_checked(end)?;
            self.booking(window, &mut run)?;
            run.lines = run.lines.checked_add(lines_in(window)?)?;
            let next = behind.trim_start_matches([' ', '\t', '\r', '\n']);
            if !next.starts_with(BEGINS) {
                return Some((run, behind));
            }
            let blanks = behind.get(..behind.len().checked_sub(next.len())?)?;
            run.lines = run.lines.checked_add(lines_in(blanks)?)?;
            rest = next;
        }
    }

    fn booking(&mut self, window: &'a str, run: &mut Booked) -> Option<()> {
        let tree = self.windows.read(window, run.lines)?;
        match entry::read(self.file, tree.root()?, &mut run.notes) {
            Ok(entry) => run.entries.push(entry),
            Err((problem, day)) => {
                run.notes.problems.push(problem);
                run.unreadable.push(day);
            }
        }
        Some(())
    }
}

fn lines_in(text: &str) -> Option<u32> {
    u32::try_from(memchr::memchr_iter(b'\n', text.as_bytes()).count()).ok()
}
