//! Long runs: interrupted they leave nothing, piped they show no bar. Nothing here depends on how
//! fast the machine is: a run that is done before the signal comes must be complete.

use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use tempfile::TempDir;

/// A month that takes some seconds.
fn month() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("simulated");
    let mut simulate = gutschrift(&["simulate", "--payments", "25000", "--out"]);
    assert!(simulate.arg(out).status().unwrap().success());
    folder
}

fn gutschrift(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gutschrift"));
    command.args(arguments).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    command
}

#[test]
fn a_long_run_shows_no_bar_in_a_pipe() {
    let folder = month();
    let output = gutschrift(&["verify", "--format", "csv", "--month", "2023-11"])
        .arg(folder.path().join("simulated/month"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.stdout.starts_with(b"case_id,"));
}

#[cfg(unix)]
mod signals {
    use std::time::Duration;

    use super::*;

    /// When the signal is sent.
    #[derive(Clone, Copy)]
    enum When {
        AtOnce,
        /// As soon as something of the output is there under whatever name.
        Writing,
    }

    #[test]
    fn an_interrupted_run_leaves_all_or_nothing() {
        let folder = month();
        let month = folder.path().join("simulated/month");
        let one = ["--format", "json", "--output", "out/result.json"];
        let parts = ["--format", "csv", "--split-by", "benefit", "--output", "out/parts"];
        for (signal, when, options, complete) in [
            // So long a result has an index beside it.
            ("-INT", When::AtOnce, &one[..], 2),
            ("-INT", When::Writing, &one, 2),
            ("-TERM", When::Writing, &parts, 3),
        ] {
            let out = folder.path().join("out");
            std::fs::create_dir(&out).unwrap();
            let mut run = gutschrift(&["verify"]);
            run.arg(&month).args(options).current_dir(folder.path());
            let code = interrupted(run, &out, signal, when);
            let left = files(&out);
            match code {
                Some(0 | 1) => {
                    let left: Vec<String> =
                        left.into_iter().filter(|name| name != ".gutschrift-parts").collect();
                    assert_eq!(left.len(), complete, "{left:?}");
                    let whole = |name: &String| !name.starts_with('.');
                    assert!(left.iter().all(whole), "{left:?}");
                }
                // Without a code the signal came before anybody listened.
                Some(130) | None => assert!(left.is_empty(), "{signal} leaves {left:?}"),
                other => panic!("{signal}: exit code {other:?}"),
            }
            std::fs::remove_dir_all(&out).unwrap();
        }
    }

    #[test]
    fn an_interrupted_simulation_leaves_no_half_month() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        std::fs::create_dir(&out).unwrap();
        let mut run = gutschrift(&["simulate", "--payments", "200000", "--out", "out/new"]);
        run.current_dir(folder.path());
        match interrupted(run, &out, "-INT", When::Writing) {
            Some(0) => assert!(out.join("new/truth.csv").exists()),
            Some(130) | None => assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0),
            other => panic!("exit code {other:?}"),
        }
    }

    /// Exit code of a run that gets the signal.
    fn interrupted(mut run: Command, out: &Path, signal: &str, when: When) -> Option<i32> {
        let mut child = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while matches!(when, When::Writing)
            && files(out).is_empty()
            && child.try_wait().unwrap().is_none()
        {
            std::thread::sleep(Duration::from_millis(2));
        }
        let id = child.id().to_string();
        // Fails where the run is done already, which is no concern of ours.
        let _sent =
            Command::new("kill").args([signal, &id]).stderr(Stdio::null()).status().unwrap();
        child.wait().unwrap().code()
    }

    /// Names of all files below a folder, also hidden ones.
    fn files(folder: &Path) -> Vec<String> {
        let mut names = Vec::new();
        // A folder may vanish while it is looked at.
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                names.extend(files(&path));
            } else {
                names.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
        names
    }
}
