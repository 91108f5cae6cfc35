//! Files that get their names together, all or none, also if the process or the machine ends in between.
//!
//! What is written stands in its folder under a name of its own. Before the first of several files gets
//! its name, a journal in the same folder says which are to get which. A run that finds such a journal,
//! and nobody at work with it, finishes what it says: the folder then holds the new files only.

pub(super) mod folder;
pub(super) mod journal;

use std::io;
use std::path::Path;
use std::path::PathBuf;

use tempfile::TempPath;

use crate::cli::naming::folder::ASIDE;
use crate::cli::naming::folder::NEW;
use crate::cli::naming::folder::folder_of;
use crate::cli::naming::journal::Change;
use crate::cli::naming::journal::end_all;
use crate::cli::naming::journal::journals;

/// What happens to one name.
struct Step {
    path: PathBuf,
    /// What gets the name; `None` if nothing has it any more.
    new: Option<TempPath>,
    /// Where that stays which had the name before.
    aside: PathBuf,
}

impl Step {
    fn change(&self) -> Change<'_> {
        Change { path: &self.path, new: self.new.as_deref(), aside: &self.aside }
    }
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
    let journals = if alone { Vec::new() } else { journals(steps.iter().map(Step::change))? };
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests write and read files")]
mod tests {
    use std::collections::BTreeMap;
    use std::collections::BTreeSet;
    use std::io::Write;

    use super::*;
    use crate::cli::naming::folder::NEW;
    use crate::cli::naming::folder::temporary;
    use crate::cli::naming::journal::END;
    use crate::cli::naming::journal::Entry;
    use crate::cli::naming::journal::JOURNAL;
    use crate::cli::naming::journal::finish;

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
            let journals = journals(steps.iter().map(Step::change)).unwrap();
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
