//! Folders walked to their ends, and what lies in them besides files.

use std::collections::BTreeSet;
use std::fs::FileType;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// What stands at a path, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    /// A file on a medium.
    File,
    /// A folder.
    Folder,
    /// A pipe: what a program writes into it can be read once.
    Pipe,
    /// A socket.
    Socket,
    /// A terminal, a disk, an endless source.
    Device,
}

impl Thing {
    /// What stands at this path; only the names are asked for, nothing is opened.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self::of(std::fs::metadata(path)?.file_type()))
    }

    #[cfg(unix)]
    fn of(kind: FileType) -> Self {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_dir() {
            Self::Folder
        } else if kind.is_fifo() {
            Self::Pipe
        } else if kind.is_socket() {
            Self::Socket
        } else if kind.is_char_device() || kind.is_block_device() {
            Self::Device
        } else {
            Self::File
        }
    }

    #[cfg(not(unix))]
    fn of(kind: FileType) -> Self {
        if kind.is_dir() { Self::Folder } else { Self::File }
    }

    /// Its name, as problems show it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Pipe => "pipe",
            Self::Socket => "socket",
            Self::Device => "device",
        }
    }
}

/// Gives everything below a folder but folders to `take`, in an order of its own. Hidden files and
/// folders are not part of it; a folder that is met again, by a link, is not walked again. That is
/// what ends a walk through links that lead back: there is no limit of depth, since whatever lay
/// below it would be missing without a word.
///
/// # Errors
///
/// The path that cannot be listed or looked at, and why: what lies there may be the list, or the
/// return that decides.
pub(super) fn walk(
    folder: &Path,
    known: &mut BTreeSet<PathBuf>,
    mut take: impl FnMut(PathBuf, Thing),
) -> Result<(), (PathBuf, io::Error)> {
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let failed = |error: io::Error| (folder.clone(), error);
        let real = std::fs::canonicalize(&folder).map_err(failed)?;
        if !known.insert(real) {
            continue;
        }
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            paths.push(entry.map_err(failed)?.path());
        }
        paths.sort();
        let mut folders = Vec::new();
        for path in paths {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            if name.is_some_and(|name| name.starts_with('.')) {
                continue;
            }
            match Thing::at(&path) {
                Ok(Thing::Folder) => folders.push(path),
                Ok(thing) => take(path, thing),
                Err(error) => return Err((path, error)),
            }
        }
        waiting.extend(folders.into_iter().rev());
    }
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "tests make their files")]
    fn file(path: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "x").unwrap();
    }

    fn found(folder: &Path) -> Vec<(String, Thing)> {
        let mut found = Vec::new();
        let take = |path: PathBuf, thing| {
            let inside = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            found.push((inside, thing));
        };
        walk(folder, &mut BTreeSet::new(), take).unwrap();
        found.sort_by(|left, right| left.0.cmp(&right.0));
        found
    }

    #[test]
    fn folders_of_any_depth_and_links_that_lead_back() {
        let folder = tempfile::tempdir().unwrap();
        let deep: PathBuf = (0..150).map(|number| number.to_string()).collect();
        file(&folder.path().join(&deep).join("tief.csv"));
        file(&folder.path().join("oben.csv"));
        file(&folder.path().join(".versteckt/nicht.csv"));
        let link = |to: &Path, name: &str| {
            std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
        };
        link(folder.path(), "zurück");
        link(Path::new("."), "punkt");
        link(&folder.path().join("0"), "zweimal");
        let names: Vec<String> = found(folder.path()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            [deep.join("tief.csv").to_string_lossy().into_owned(), "oben.csv".into()]
        );
    }

    #[test]
    fn what_is_no_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let socket = std::os::unix::net::UnixListener::bind(folder.path().join("b")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("c")).unwrap();
        file(&folder.path().join("a"));
        let things = [("a", Thing::File), ("b", Thing::Socket), ("c", Thing::Device)];
        assert_eq!(found(folder.path()), things.map(|(name, thing)| (name.to_owned(), thing)));
        drop(socket);
    }

    #[test]
    fn links_that_lead_nowhere_are_told() {
        for target in ["fehlt", "link"] {
            let folder = tempfile::tempdir().unwrap();
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(target, &link).unwrap();
            let (path, _) = walk(folder.path(), &mut BTreeSet::new(), |_, _| {}).unwrap_err();
            assert_eq!(path, link);
        }
    }
}
