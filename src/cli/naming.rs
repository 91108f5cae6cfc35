//! Files that get their names together, all or none, also if the process or the machine ends in between.
//!
//! What is written stands in its folder under a name of its own. Before the first of several files gets
//! its name, a journal in the same folder says which are to get which. A run that finds such a journal,
//! and nobody at work with it, finishes what it says: the folder then holds the new files only.

use std::collections::BTreeMap;
use std::io;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use tempfile::Builder;
use tempfile::NamedTempFile;
use tempfile::TempPath;

/// What a file is called until it gets its name.
pub(super) const NEW: &str = ".gutschrift-new-";

/// What a file that is replaced is called until all have their names.
pub(super) const ASIDE: &str = ".gutschrift-old-";

/// What files of a folder are to get their names.
const JOURNAL: &str = ".gutschrift-set";

/// The last line of a journal: without it none of its files has got its name.
const END: &str = "end";

/// No journal is longer (bytes): a hundred thousand files.
const LONGEST: u64 = 16 << 20;

/// The folder that a path lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new("."))
}

/// A new name outlives a power cut once its folder is on the disk. Not all file systems can be asked.
pub(super) fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    {
        #[expect(clippy::disallowed_types, reason = "folders are synced here only")]
        let opened = std::fs::File::open(folder);
        let _synced = opened.and_then(|folder| folder.sync_all());
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// A file beside others, under a name for the time being, mode 0600.
pub(super) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    Builder::new().prefix(NEW).tempfile_in(folder)
}

/// What happens to one name.
struct Step {
    path: PathBuf,
    /// What gets the name; `None` if nothing has it any more.
    new: Option<TempPath>,
    /// Where that stays which had the name before.
    aside: PathBuf,
}

/// Something that had a name, and stays elsewhere.
struct Done {
    path: PathBuf,
    before: Option<TempPath>,
}

/// Gives all files their names and takes away those in `gone`, or does nothing.
///
/// # Errors
///
/// The first that could not be done, and why; all names then lead to what they led to before.
pub(super) fn name_all(
    written: Vec<(TempPath, PathBuf)>,
    gone: &[PathBuf],
) -> Result<(), (PathBuf, io::Error)> {
    // Nothing is begun where something stands in the way.
    if let Some((_, path)) = written.iter().find(|(_, path)| is_folder(path)) {
        return Err((path.clone(), a_folder()));
    }
    let steps = steps(written, gone);
    let alone = steps.len() == 1;
    let journals = if alone { Vec::new() } else { journals(&steps)? };
    let mut done: Vec<Done> = Vec::new();
    for step in steps {
        let path = step.path.clone();
        match take(step, alone) {
            Ok(step) => done.push(step),
            Err(error) => {
                done.into_iter().rev().for_each(take_back);
                end_all(journals);
                return Err((path, error));
            }
        }
    }
    // From here on the new files stand for themselves.
    end_all(journals);
    // What was before goes when it is dropped.
    Ok(())
}

/// Names that go come first: to a system that does not tell capital letters from small one of them may
/// be the name of a new file.
fn steps(written: Vec<(TempPath, PathBuf)>, gone: &[PathBuf]) -> Vec<Step> {
    let stem = |path: &Path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        name.and_then(|name| name.strip_prefix(NEW).map(str::to_owned))
    };
    let first = written.first().and_then(|(temporary, _)| stem(temporary)).unwrap_or_default();
    let gone = gone.iter().enumerate().map(|(number, path)| Step {
        path: path.clone(),
        new: None,
        aside: folder_of(path).join(format!("{ASIDE}{first}-{number}")),
    });
    let mut steps: Vec<Step> = gone.collect();
    for (temporary, path) in written {
        let aside =
            folder_of(&path).join(format!("{ASIDE}{}", stem(&temporary).unwrap_or_default()));
        steps.push(Step { path, new: Some(temporary), aside });
    }
    steps
}

/// Does one step.
fn take(step: Step, alone: bool) -> io::Result<Done> {
    let Step { path, new, aside } = step;
    // One file replaces another in a single step.
    let before = if alone { None } else { set_aside(&path, aside, new.is_some())? };
    match new.map(|new| new.persist(&path)) {
        None | Some(Ok(())) => Ok(Done { path, before }),
        Some(Err(error)) => {
            take_back(Done { path, before });
            Err(error.error)
        }
    }
}

/// Keeps what has a name under another one, until it is known whether it is replaced. The name of what
/// is replaced leads to it all the time, where the file system knows a second name for a file.
fn set_aside(path: &Path, other: PathBuf, is_replaced: bool) -> io::Result<Option<TempPath>> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        there => there.map(|_| ())?,
    }
    let linked = is_replaced && std::fs::hard_link(path, &other).is_ok();
    if !linked {
        std::fs::rename(path, &other)?;
    }
    TempPath::try_from_path(other).map(Some)
}

/// Lets a name lead to what it led to before. What cannot get its name back stays under the other one.
fn take_back(done: Done) {
    match done.before {
        Some(before) => {
            let other = before.to_path_buf();
            let persisted = before.persist(&done.path);
            if persisted.is_ok() {
                // Two names of one file: the system leaves both.
                let _gone = std::fs::remove_file(other);
            }
            if let Err(error) = persisted {
                // A second way, where names cannot be changed any more.
                let linked = std::fs::remove_file(&done.path)
                    .and_then(|()| std::fs::hard_link(&error.path, &done.path));
                if linked.is_err() {
                    let _stays = error.path.keep();
                }
            }
        }
        None => {
            let _gone = std::fs::remove_file(&done.path);
        }
    }
}

pub(super) fn is_folder(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|there| there.is_dir())
}

pub(super) fn a_folder() -> io::Error {
    io::Error::new(io::ErrorKind::IsADirectory, "a folder has this name")
}

/// A journal that is at work; nobody else finishes it as long as it is open.
struct Journal {
    path: PathBuf,
    #[expect(clippy::disallowed_types, reason = "journals are written and read here only")]
    _locked: std::fs::File,
}

/// Journals for all folders in which several names change.
fn journals(steps: &[Step]) -> Result<Vec<Journal>, (PathBuf, io::Error)> {
    let mut folders: BTreeMap<&Path, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        folders.entry(folder_of(&step.path)).or_default().push(step);
    }
    let mut journals = Vec::new();
    for (folder, steps) in folders.into_iter().filter(|(_, steps)| steps.len() > 1) {
        let lines: Option<Vec<String>> = steps.into_iter().map(line).collect();
        // A name that no text can hold is nothing that a journal could say.
        let Some(lines) = lines else { continue };
        match begin(folder, &(lines.concat() + END + "\n")) {
            Ok(journal) => journals.push(journal),
            Err(error) => {
                end_all(journals);
                return Err((folder.join(JOURNAL), error));
            }
        }
    }
    Ok(journals)
}

/// A step in the words of a journal; names only, since all of it lies in one folder.
fn line(step: &Step) -> Option<String> {
    let name = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        (!name.contains(char::is_control)).then(|| name.to_owned())
    };
    let new = match &step.new {
        Some(new) => name(new)?,
        None => String::new(),
    };
    Some(format!("{new}\t{}\t{}\n", name(&step.aside)?, name(&step.path)?))
}

/// Writes a journal and makes sure that it is on the disk, with the files that it names.
fn begin(folder: &Path, text: &str) -> io::Result<Journal> {
    let path = folder.join(JOURNAL);
    loop {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = match options.open(&path) {
            // Somebody else's: waited for, or finished.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                finish(folder)?;
                continue;
            }
            opened => opened?,
        };
        lock(&file)?;
        if !has_name(&file, &path) {
            // Somebody found it empty, before it was locked.
            continue;
        }
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).inspect_err(|_| {
            let _gone = std::fs::remove_file(&path);
        })?;
        sync_folder(folder);
        return Ok(Journal { path, _locked: file });
    }
}

/// All that the journals say is done, or taken back.
fn end_all(journals: Vec<Journal>) {
    for journal in journals {
        sync_folder(folder_of(&journal.path));
        let _gone = std::fs::remove_file(&journal.path);
        sync_folder(folder_of(&journal.path));
    }
}

/// Waits until nobody else has the file; where nothing can be locked, nobody is waited for.
#[expect(clippy::disallowed_types, reason = "journals are written and read here only")]
fn lock(file: &std::fs::File) -> io::Result<()> {
    match file.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

/// Whether an open file still has this name.
#[cfg(unix)]
#[expect(clippy::disallowed_types, reason = "journals are written and read here only")]
fn has_name(file: &std::fs::File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let number = |there: std::fs::Metadata| (there.dev(), there.ino());
    let named = std::fs::symlink_metadata(path).ok().map(number);
    named.is_some() && named == file.metadata().ok().map(number)
}

#[cfg(not(unix))]
#[expect(clippy::disallowed_types, reason = "journals are written and read here only")]
fn has_name(file: &std::fs::File, path: &Path) -> bool {
    let made = |there: std::fs::Metadata| there.created().ok();
    let named = std::fs::symlink_metadata(path).ok().and_then(made);
    named.is_some() && named == file.metadata().ok().and_then(made)
}

/// Finishes what a run in this folder had begun when it was killed; `true` if there was something.
///
/// # Errors
///
/// What the file system gives, and a journal of somebody else's.
pub(super) fn finish(folder: &Path) -> io::Result<bool> {
    let path = folder.join(JOURNAL);
    match std::fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        there => {
            let there = there?;
            if !there.is_file() || !is_own(&there, folder)? {
                let text = format!("{JOURNAL} is somebody else's; please remove it");
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
            }
        }
    }
    let mut file = match std::fs::OpenOptions::new().read(true).write(true).open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    lock(&file)?;
    if !has_name(&file, &path) {
        // Whoever was at work with it is done; the next may have begun.
        return Ok(false);
    }
    let mut text = String::new();
    (&mut file).take(LONGEST).read_to_string(&mut text)?;
    let entries: Vec<Entry<'_>> = text.lines().filter_map(Entry::read).collect();
    let is_whole = text.lines().last() == Some(END);
    for entry in &entries {
        if is_whole {
            entry.finish(folder)?;
        } else if let Some(new) = entry.new {
            let _gone = std::fs::remove_file(folder.join(new));
        }
    }
    sync_folder(folder);
    std::fs::remove_file(&path)?;
    for entry in &entries {
        let _gone = std::fs::remove_file(folder.join(entry.aside));
    }
    sync_folder(folder);
    Ok(true)
}

/// Whether a file belongs to whoever owns what this process writes here.
#[cfg(unix)]
pub(super) fn is_own(there: &std::fs::Metadata, folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(temporary(folder)?.as_file().metadata()?.uid() == there.uid())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere owners can be asked for")]
pub(super) const fn is_own(_: &std::fs::Metadata, _: &Path) -> io::Result<bool> {
    Ok(true)
}

/// A line of a journal.
struct Entry<'a> {
    new: Option<&'a str>,
    aside: &'a str,
    name: &'a str,
}

impl<'a> Entry<'a> {
    /// Names of files in the journal's own folder, and nothing else.
    fn read(line: &'a str) -> Option<Self> {
        let mut fields = line.split('\t');
        let (new, aside, name) = (fields.next()?, fields.next()?, fields.next()?);
        let is_name = |name: &str| {
            !name.contains(['/', '\\', ':']) && !name.is_empty() && !matches!(name, "." | "..")
        };
        let fits = fields.next().is_none()
            && (new.is_empty() || new.starts_with(NEW) && is_name(new))
            && (aside.starts_with(ASIDE) && is_name(aside))
            && is_name(name);
        fits.then_some(Self { new: Some(new).filter(|new| !new.is_empty()), aside, name })
    }

    /// What the journal says of it, unless it is done.
    fn finish(&self, folder: &Path) -> io::Result<()> {
        let name = folder.join(self.name);
        let (from, to) = match self.new {
            Some(new) => (folder.join(new), name),
            None if folder.join(self.aside).exists() => return Ok(()),
            None => (name, folder.join(self.aside)),
        };
        match std::fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            renamed => renamed,
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests write and read files")]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn put(&self, name: &str, text: &str) {
            std::fs::write(self.path(name), text).unwrap();
        }

        fn written(&self, names: &[&str]) -> Vec<(TempPath, PathBuf)> {
            let new = |name: &&str| {
                let mut file = temporary(self.0.path()).unwrap();
                file.write_all(b"new").unwrap();
                (file.into_temp_path(), self.path(name))
            };
            names.iter().map(new).collect()
        }

        fn all(&self) -> BTreeMap<String, String> {
            let entries = std::fs::read_dir(self.0.path()).unwrap().map(Result::unwrap);
            entries
                .filter(|entry| entry.path().is_file())
                .map(|entry| {
                    let name = entry.file_name().into_string().unwrap();
                    (name, std::fs::read_to_string(entry.path()).unwrap())
                })
                .collect()
        }
    }

    fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_name_that_cannot_be_had_leaves_all_as_they_were() {
        let place = Place::new();
        place.put("one", "old");
        place.put("gone", "old");
        std::fs::create_dir(place.path("three")).unwrap();
        let names = ["one", "two", "three"];
        let gone = [place.path("gone")];
        assert_eq!(name_all(place.written(&names), &gone).unwrap_err().0, place.path("three"));
        // The same in the middle, when it was not seen before.
        let mut blocked = place.written(&names);
        blocked.last_mut().unwrap().1 = place.path("nowhere/three");
        let error = name_all(blocked, &gone);
        assert_eq!(error.unwrap_err().0, place.path("nowhere/three"));
        assert_eq!(place.all(), texts(&[("gone", "old"), ("one", "old")]));
        std::fs::remove_dir(place.path("three")).unwrap();
        name_all(place.written(&names), &gone).unwrap();
        assert_eq!(place.all(), texts(&[("one", "new"), ("three", "new"), ("two", "new")]));
    }

    /// A run that is killed behind any of its steps.
    #[test]
    fn what_was_interrupted_is_finished() {
        for killed_behind in 0..=3 {
            let place = Place::new();
            for name in ["one", "gone", "foreign"] {
                place.put(name, "old");
            }
            let steps = steps(place.written(&["one", "two"]), &[place.path("gone")]);
            let journals = journals(&steps).unwrap();
            assert_eq!(journals.len(), 1);
            let mut done = Vec::new();
            let mut left = Vec::new();
            for (number, step) in steps.into_iter().enumerate() {
                if number < killed_behind {
                    done.push(take(step, false).unwrap());
                } else {
                    left.push(step);
                }
            }
            // Who is killed removes nothing and unlocks everything.
            for step in left.into_iter().filter_map(|step| step.new) {
                step.keep().unwrap();
            }
            for before in done.into_iter().filter_map(|done| done.before) {
                before.keep().unwrap();
            }
            drop(journals);
            assert!(finish(place.0.path()).unwrap());
            assert!(!finish(place.0.path()).unwrap());
            let all = texts(&[("foreign", "old"), ("one", "new"), ("two", "new")]);
            assert_eq!(place.all(), all, "killed behind step {killed_behind}");
        }
    }

    #[test]
    fn a_journal_without_its_end_is_taken_back() {
        let place = Place::new();
        place.put("one", "old");
        let (new, _) = place.written(&["one"]).remove(0);
        let new = new.keep().unwrap();
        let new = new.file_name().unwrap().to_str().unwrap();
        place.put(JOURNAL, &format!("{new}\t{ASIDE}x\tone\n{NEW}y\t{ASIDE}"));
        assert!(finish(place.0.path()).unwrap());
        assert_eq!(place.all(), texts(&[("one", "old")]));
    }

    #[test]
    fn a_journal_touches_files_of_its_own_folder_only() {
        let lines = [
            format!("{NEW}a\t{ASIDE}a\t../b"),
            format!("{NEW}/../../a\t{ASIDE}a\tb"),
            format!("a\t{ASIDE}a\tb"),
            format!("{NEW}a\ta\tb"),
            format!("{NEW}a\t{ASIDE}a\t.."),
            format!("{NEW}a\t{ASIDE}a"),
            END.to_owned(),
        ];
        assert!(lines.iter().all(|line| Entry::read(line).is_none()));
        assert!(Entry::read(&format!("{NEW}a\t{ASIDE}a\tb c")).is_some());
        #[cfg(unix)]
        {
            let place = Place::new();
            std::os::unix::fs::symlink("/dev/null", place.path(JOURNAL)).unwrap();
            finish(place.0.path()).unwrap_err();
        }
    }

    #[test]
    fn many_at_once_leave_one_set() {
        let place = Place::new();
        let names = ["a", "b", "c", "d"];
        std::thread::scope(|scope| {
            for number in 0..6 {
                let place = &place;
                scope.spawn(move || {
                    for _ in 0..5 {
                        let mut written = place.written(&names);
                        for (temporary, _) in &mut written {
                            std::fs::write(&**temporary, number.to_string()).unwrap();
                        }
                        name_all(written, &[]).unwrap();
                    }
                });
            }
        });
        let all = place.all();
        let different: BTreeSet<&String> = all.values().collect();
        assert_eq!((all.len(), different.len()), (4, 1), "{all:?}");
    }
}
