//! The store: what is kept stays, decisions stand beside verdicts, and whatever happens to a file, all others
//! hold.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

const MONTH: &str = "samples/2023-11-clean";

/// A month, its store, and who works with it.
struct Office {
    folder: TempDir,
}

fn command(user: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gutschrift"));
    command
        .args(arguments)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "C.UTF-8")
        .env("HOSTNAME", "desk")
        .env("USER", user);
    command
}

fn gutschrift(user: &str, arguments: &[&str]) -> Output {
    command(user, arguments).output().unwrap()
}

impl Office {
    /// A month in which one payment was not booked.
    fn new() -> Self {
        let office = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(office.month()).unwrap();
        std::fs::copy(format!("{MONTH}/liste.csv"), office.month().join("liste.csv")).unwrap();
        office.bank(|line| !line.contains("SOZ2311-0006"));
        office
    }

    fn month(&self) -> PathBuf {
        self.folder.path().join("november")
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("stelle")
    }

    /// The bank's export with those lines only.
    fn bank(&self, keep: impl Fn(&str) -> bool) {
        let bytes = std::fs::read(format!("{MONTH}/umsaetze.csv")).unwrap();
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let kept: Vec<&[u8]> = lines.filter(|line| keep(&String::from_utf8_lossy(line))).collect();
        std::fs::write(self.month().join("umsaetze.csv"), kept.concat()).unwrap();
    }

    /// Runs a command on the store as a user.
    fn run(&self, user: &str, arguments: &[&str]) -> (i32, String, String) {
        let store = self.store();
        let arguments = [arguments, &["--store", store.to_str().unwrap()]].concat();
        let out = gutschrift(user, &arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
    }

    fn verify(&self, options: &[&str]) -> (i32, String, String) {
        let month = self.month();
        self.run("anna", &[&["verify", month.to_str().unwrap()], options].concat())
    }

    /// The kept result as JSON, and the payment that nobody found.
    fn judged(&self) -> (i32, Value, Value) {
        let (code, out, _) = self.verify(&["--format", "json"]);
        let result: Value = serde_json::from_str(&out).unwrap();
        let payments = result["payments"].as_array().unwrap();
        let open = payments.iter().find(|one| one["case_id"] == "50.12-5106").unwrap().clone();
        (code, result, open)
    }

    fn resolve(&self, user: &str, options: &[&str]) -> (i32, String, String) {
        self.run(user, &[&["resolve", "50.12-5106"], options].concat())
    }

    fn files(&self, folder: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.store().join(folder)).unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }

    /// One payment's story, from the journals only.
    fn decisions(&self) -> Value {
        let (_, out, _) = self.run("anna", &["history", "50.12-5106", "--format", "json"]);
        let story: Value = serde_json::from_str(&out).unwrap();
        let tellings = story["payments"][0]["tellings"].as_array().unwrap();
        tellings.iter().filter(|one| one["event"] == "decision").cloned().collect()
    }
}

#[test]
fn a_decision_stands_beside_the_verdict_until_other_evidence_comes() {
    let office = Office::new();
    let (code, result, open) = office.judged();
    assert_eq!((code, &result["totals"]["open"]["count"]), (1, &Value::from(1)));
    assert_eq!((&open["needs_person"], &open["resolution"]), (&Value::from(true), &Value::Null));
    let verdict = (open["status"].clone(), open["reason"].clone(), open["evidence"].clone());

    assert_eq!(office.resolve("anna", &["--as", "confirmed-by-bank", "--dry-run"]).0, 0);
    assert_eq!(office.files("decisions").len(), 0);
    let note =
        ["--as", "confirmed-by-bank", "--by", "AB", "--note", "call 4711 DE93999100560020316760"];
    assert_eq!(office.resolve("anna", &note).0, 0);
    let (code, result, open) = office.judged();
    assert_eq!((code, &result["totals"]["open"]["count"]), (0, &Value::from(0)));
    assert_eq!(result["totals"]["follow-up"]["count"], 1);
    assert_eq!((open["status"].clone(), open["reason"].clone(), open["evidence"].clone()), verdict);
    assert_eq!(open["needs_person"], false);
    assert_eq!(open["resolution"]["kind"], "confirmed-by-bank");
    assert_eq!(open["resolution"]["by"], "AB");
    assert_eq!(open["resolution"]["lapsed"], false);
    assert_eq!(open["resolution"]["note"], "call 4711 DE…6760");
    let schema = std::fs::read_to_string("docs/schema/gutschrift.verify-1.json").unwrap();
    let mut complaints = Vec::new();
    crate::cli::check(&serde_json::from_str(&schema).unwrap(), &result, "result", &mut complaints);
    assert!(complaints.is_empty(), "{complaints:?}");
    for format in ["table", "csv", "html", "md"] {
        let (code, out, _) = office.verify(&["--format", format]);
        assert_eq!(code, 0);
        assert!(out.contains("confirmed by the bank"), "{format}: {out}");
    }

    // Other files with the same bookings are no other evidence; the booking itself is.
    std::fs::rename(office.month().join("umsaetze.csv"), office.month().join("a.csv")).unwrap();
    assert_eq!(office.judged().2["resolution"]["lapsed"], false);
    std::fs::remove_file(office.month().join("a.csv")).unwrap();
    office.bank(|_| true);
    let (code, _, paid) = office.judged();
    assert_eq!((code, &paid["status"]), (0, &Value::from("credited")));
    assert_eq!(paid["resolution"]["lapsed"], true);
}

#[test]
fn a_decision_is_taken_back_and_never_erased() {
    let office = Office::new();
    office.verify(&[]);
    assert_eq!(office.resolve("anna", &["--as", "open"]).0, 2);
    for wrong in [
        &["--as", "waiting"][..],
        &["--as", "assigned"],
        &["--as", "nonsense"],
        &["--as", "paid-again", "--until", "2023-12-10"],
        &["--as", "paid-again", "--entry", "umsaetze.csv:2"],
    ] {
        assert_eq!(office.resolve("anna", wrong).0, 2, "{wrong:?}");
    }
    assert_eq!(office.run("anna", &["resolve", "Beispiel", "--as", "paid-again"]).0, 0);
    assert_eq!(office.run("anna", &["resolve", "Nobody", "--as", "paid-again"]).0, 2);
    // Several payments fit: nobody is picked.
    let (code, _, said) = office.run("anna", &["resolve", "50.12-510", "--as", "paid-again"]);
    assert!(code == 2 && !said.is_empty());

    assert_eq!(office.resolve("anna", &["--as", "waiting", "--until", "2999-12-31"]).0, 0);
    assert_eq!(office.judged().0, 0);
    assert_eq!(office.resolve("bert", &["--as", "open", "--by", "B"]).0, 0);
    let (code, _, open) = office.judged();
    assert_eq!((code, &open["resolution"]), (1, &Value::Null));
    assert_eq!(office.resolve("anna", &["--as", "waiting", "--until", "2023-12-01"]).0, 0);
    assert_eq!(office.judged().2["resolution"]["lapsed"], true);
    let kinds: Vec<Value> =
        office.decisions().as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds, ["waiting", "open", "waiting"]);
    // One journal a machine and user, without a name.
    let journals = office.files("decisions");
    assert_eq!(journals.len(), 2);
    assert!(journals.iter().all(|path| !path.to_str().unwrap().contains("anna")));
}

#[test]
fn a_booking_is_assigned_to_one_payment_only() {
    let office = Office::new();
    let (_, result, _) = office.judged();
    let entries = result["bank_entries"].as_array().unwrap();
    let place = |disposition: &str| {
        let entry = entries.iter().find(|one| one["disposition"] == disposition).unwrap();
        let file = entry["file"].as_str().unwrap().rsplit('/').next().unwrap();
        format!("{file}:{}", entry["line"])
    };
    let taken = place("matched");
    let (code, _, said) = office.resolve("anna", &["--as", "assigned", "--entry", &taken]);
    assert!(code == 2 && said.contains("another payment"), "{said}");
    assert_eq!(office.resolve("anna", &["--as", "assigned", "--entry", "umsaetze.csv:999"]).0, 2);
    let free = place("unrelated");
    let (code, said, _) = office.resolve("anna", &["--as", "assigned", "--entry", &free]);
    assert!(code == 0 && said.contains("nobody else's"), "{said}");
    let resolution = office.judged().2["resolution"].clone();
    assert!(resolution["entry"].as_str().unwrap().ends_with(&free));
    assert_eq!(resolution["lapsed"], false);
    let other = ["resolve", "50.12-5105", "--as", "assigned", "--entry", &free];
    let (code, _, said) = office.run("bert", &other);
    assert!(code == 2 && said.contains("50.12-5106"), "{said}");
}

#[test]
fn whoever_gets_the_assigned_booking_makes_the_decision_lapse_everywhere() {
    let office = Office::new();
    // The list lacks a row: its booking is nobody's.
    let list = std::fs::read(format!("{MONTH}/liste.csv")).unwrap();
    let lines = list.split_inclusive(|byte| *byte == b'\n');
    let without: Vec<&[u8]> =
        lines.filter(|line| !String::from_utf8_lossy(line).contains("50.12-5105")).collect();
    std::fs::write(office.month().join("liste.csv"), without.concat()).unwrap();
    let (_, result, _) = office.judged();
    let entries = result["bank_entries"].as_array().unwrap();
    let free = entries.iter().find(|own| own["disposition"] == "unlisted-debit").unwrap();
    let place = format!("umsaetze.csv:{}", free["line"]);
    assert_eq!(office.resolve("anna", &["--as", "assigned", "--entry", &place]).0, 0);
    let lapsed = || {
        let (_, out, _) = office.run("anna", &["lookup", "50.12-5106", "--format", "json"]);
        let line = out.lines().find(|line| line.contains("\"lapsed\""));
        line.unwrap_or(&out).contains("true")
    };
    assert!(!lapsed());
    let (_, story, _) = office.run("anna", &["history", "50.12-5106", "--lang", "en"]);
    assert!(!story.contains("holds no longer"), "{story}");
    // The row comes back, and with it whose booking it is.
    std::fs::write(office.month().join("liste.csv"), &list).unwrap();
    assert_eq!(office.judged().2["resolution"]["lapsed"], true);
    assert!(lapsed());
    let (_, story, _) = office.run("anna", &["history", "50.12-5106", "--lang", "en"]);
    assert!(story.contains("holds no longer"), "{story}");
    assert_eq!(office.decisions()[0]["lapsed"], true);
    let (code, _, said) = office.run("anna", &["close", "--by", "AB"]);
    assert!(code == 1 && said.contains("50.12-5106"), "{said}");
}

#[test]
fn a_person_may_assign_what_a_group_could_not_decide() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("stelle");
    let ran = |arguments: &[&str]| {
        let arguments = [arguments, &["--store", store.to_str().unwrap()]].concat();
        let out = gutschrift("anna", &arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
    };
    let county = "samples/2023-11-county";
    // Twins with one booking: both cite it.
    assert_eq!(ran(&["verify", county, "-q"]).0, 1);
    let entry = ["--as", "assigned", "--entry", "20231206-4711001-umsatz.CSV:86"];
    let (code, _, said) = ran(&[&["resolve", "50.12-4785"][..], &entry].concat());
    assert_eq!(code, 0, "{said}");
    let (_, out, _) = ran(&["verify", county, "--format", "json"]);
    let result: Value = serde_json::from_str(&out).unwrap();
    let payments = result["payments"].as_array().unwrap();
    let own = payments.iter().find(|own| own["case_id"] == "50.12-4785").unwrap();
    assert_eq!(
        (&own["reason"], &own["resolution"]["lapsed"]),
        (&"ambiguous".into(), &false.into())
    );
    // Nobody else gets it now, and what proves a payment stays with it.
    let (code, _, said) = ran(&[&["resolve", "50.12-4786"][..], &entry].concat());
    assert!(code == 2 && said.contains("50.12-4785"), "{said}");
    let proof = ["--as", "assigned", "--entry", "20231206-4711001-umsatz.CSV:33"];
    assert_eq!(ran(&[&["resolve", "50.12-4745"][..], &proof].concat()).0, 2);
}

#[test]
fn runs_are_compared_and_told_first() {
    let office = Office::new();
    let (_, out, _) = office.verify(&[]);
    assert!(out.starts_with("Kept as "));
    office.bank(|_| true);
    let (_, out, _) = office.verify(&[]);
    assert!(out.starts_with("Changes: "), "{out}");
    let (code, out, _) = office.run("anna", &["diff", "--format", "json"]);
    let changes: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &changes["counts"]["newly-credited"]), (0, &Value::from(1)));
    office.bank(|line| !line.contains("SOZ2311-0001"));
    let (_, out, said) = office.verify(&["--format", "json"]);
    assert!(out.starts_with('{') && said.starts_with("Changes: "), "{said}");
    let (code, out, _) = office.run("anna", &["diff", "--format", "json"]);
    let changes: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &changes["counts"]["no-longer-credited"]), (1, &Value::from(1)));
    let (code, out, _) = office.run("anna", &["history", "--format", "json"]);
    let history: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, history["runs"].as_array().unwrap().len()), (0, 3));
    // By the beginning of its name, and against a folder.
    let first = history["runs"][0]["run"].as_str().unwrap();
    let month = office.month();
    assert_eq!(office.run("anna", &["diff", first, month.to_str().unwrap()]).0, 1);
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let other = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &other);
        } else {
            std::fs::copy(entry.path(), other).unwrap();
        }
    }
}

#[test]
fn stores_may_be_copied_renamed_and_put_together() {
    let office = Office::new();
    office.verify(&[]);
    let copy = Office { folder: tempfile::tempdir().unwrap() };
    copied(office.folder.path(), copy.folder.path());
    for (number, office) in [&office, &copy, &office, &copy].into_iter().enumerate() {
        let user = ["anna", "bert"][number % 2];
        let note = number.to_string();
        assert_eq!(office.resolve(user, &["--as", "paid-again", "--note", &note]).0, 0);
    }
    // Each has the other's journal now, by whichever way they are put together.
    let other = tempfile::tempdir().unwrap();
    copied(&office.store(), other.path());
    copied(&copy.store().join("decisions"), &office.store().join("decisions"));
    copied(&other.path().join("decisions"), &copy.store().join("decisions"));
    assert_eq!(office.decisions().as_array().unwrap().len(), 4);
    assert_eq!(office.decisions(), copy.decisions());
    std::fs::rename(office.store(), office.folder.path().join("renamed")).unwrap();
    std::fs::rename(office.folder.path().join("renamed"), office.store()).unwrap();
    assert_eq!(office.run("anna", &["store", "check"]).0, 0);
}

#[test]
fn what_is_broken_is_named_and_all_else_holds() {
    let office = Office::new();
    for _ in 0..2 {
        office.verify(&[]);
    }
    for note in ["1", "2", "3"] {
        office.resolve("anna", &["--as", "paid-again", "--note", note]);
        office.resolve("bert", &["--as", "paid-again", "--note", note]);
    }
    assert_eq!(office.run("anna", &["store", "check"]).0, 0);
    let journals = office.files("decisions");
    let whole = std::fs::read(&journals[0]).unwrap();
    let check = |bytes: &[u8]| {
        std::fs::write(&journals[0], bytes).unwrap();
        let (code, _, said) = office.run("anna", &["store", "check"]);
        (code, said)
    };
    // A torn last line; a changed one; one taken out; the end cut off, which the other journal has seen.
    assert!(matches!(check(&whole[..whole.len() - 30]).0, 1 | 3));
    assert_eq!(check(&[&whole[..], &whole[..40]].concat()).0, 1);
    assert_eq!(office.decisions().as_array().unwrap().len(), 6);
    let text = String::from_utf8(whole.clone()).unwrap();
    let (code, said) = check(text.replacen("\"note\":\"2\"", "\"note\":\"9\"", 1).as_bytes());
    assert!(code == 3 && said.contains(":2: "), "{said}");
    assert_eq!(office.decisions().as_array().unwrap().len(), 5);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    assert_eq!(check([lines[0], lines[2]].concat().as_bytes()).0, 3);
    assert_eq!(check(&whole).0, 0);

    let runs = office.files("runs");
    let bytes = std::fs::read(&runs[1]).unwrap();
    std::fs::write(&runs[1], &bytes[..bytes.len() / 2]).unwrap();
    let (code, out, said) = office.run("anna", &["store", "check"]);
    assert_eq!(code, 3);
    assert!(out.starts_with("1 results whole, 1 damaged"), "{out}");
    assert!(
        said.contains(
            runs[1].file_stem().unwrap().to_str().unwrap().strip_suffix(".json").unwrap()
        )
    );
    // The older one is the last that is whole.
    let (code, out, _) = office.verify(&[]);
    assert_eq!(code, 0);
    assert!(out.contains(
        runs[0].file_name().unwrap().to_str().unwrap().strip_suffix(".json.gz").unwrap()
    ));
    std::fs::write(&runs[1], &bytes).unwrap();
    std::fs::remove_file(office.store().join("store.json")).unwrap();
    assert_eq!(office.run("anna", &["store", "check"]).0, 1);
    assert_eq!(office.run("anna", &["history"]).0, 0);
    assert_eq!(gutschrift("anna", &["history", "--store", MONTH]).status.code(), Some(2));
}

#[test]
fn old_results_go_and_journals_stay() {
    let office = Office::new();
    office.verify(&[]);
    office.resolve("anna", &["--as", "paid-again"]);
    let kept = office.files("runs").remove(0);
    let name = kept.file_name().unwrap().to_str().unwrap().to_owned();
    let old = kept.with_file_name(format!("2020-01-01{}", name.get(10..).unwrap()));
    std::fs::copy(&kept, &old).unwrap();
    let prune = ["store", "prune", "--before", "2020-01-02"];
    assert_eq!(office.run("anna", &[&prune[..], &["--dry-run"]].concat()).0, 0);
    assert!(old.exists());
    assert_eq!(office.run("anna", &prune).0, 0);
    assert!(!old.exists() && kept.exists());
    assert_eq!(office.files("decisions").len(), 1);
}

#[cfg(unix)]
#[test]
fn whoever_is_killed_loses_nothing_of_others() {
    let office = Office::new();
    office.verify(&[]);
    let (store, month) = (office.store(), office.month());
    let (store, month) = (store.to_str().unwrap(), month.to_str().unwrap());
    let verify = ["verify", month, "--quiet", "--store", store];
    let resolve = ["resolve", "50.12-5106", "--as", "paid-again", "--store", store];
    let mut killed = 0;
    for delay in 0..24 {
        let arguments = if delay % 2 == 0 { &verify[..] } else { &resolve };
        let mut child = command("anna", arguments)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Somebody else writes at the same time, and is not killed.
        assert_eq!(office.resolve("bert", &["--as", "paid-again"]).0, 0);
        std::thread::sleep(Duration::from_millis(delay * 3));
        killed += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    println!("killed in the midst: {killed}");
    let (code, out, said) = office.run("anna", &["store", "check"]);
    assert!(code <= 1, "{out}{said}");
    assert!(out.contains(" 0 damaged"), "{out}");
    let decisions = office.decisions();
    assert!(decisions.as_array().unwrap().len() >= 24);
    assert_eq!(office.verify(&[]).0, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_nothing_half() {
    let office = Office::new();
    office.verify(&[]);
    office.resolve("anna", &["--as", "paid-again"]);
    let runs = office.files("runs").len();
    let store = office.store();
    // No file may grow beyond one block (a kibibyte): the shell's limit gives the same error as a full disk.
    for arguments in [
        "verify samples/2023-11-county --quiet".to_owned(),
        format!("resolve 50.12-5106 --as paid-again --note {}", "x".repeat(2_000)),
    ] {
        let line = format!(
            "trap '' XFSZ; ulimit -f 1; exec {} {arguments} --store {}",
            env!("CARGO_BIN_EXE_gutschrift"),
            store.display()
        );
        let out = Command::new("bash").args(["-c", &line]).env("USER", "anna").output().unwrap();
        assert_eq!(out.status.code(), Some(3), "{}", String::from_utf8_lossy(&out.stderr));
    }
    assert_eq!(office.files("runs").len(), runs);
    assert_eq!(office.run("anna", &["store", "check"]).0, 0);
}

#[test]
fn a_month_is_closed_packed_and_opened_again() {
    let office = Office::new();
    office.verify(&[]);
    let (one, two) = (office.folder.path().join("1.zip"), office.folder.path().join("2.zip"));
    let close = |pack: &Path| {
        office.run("anna", &["close", "--by", "AB", "--pack", pack.to_str().unwrap()])
    };
    let (code, _, said) = close(&one);
    assert!(code == 1 && said.contains("50.12-5106") && !one.exists(), "{said}");
    office.resolve("anna", &["--as", "paid-again", "--by", "AB"]);
    assert_eq!(close(&one).0, 0);
    // Later decisions change no pack.
    office.resolve("bert", &["--as", "nothing-to-do"]);
    assert_eq!(close(&two).0, 0);
    let bytes = std::fs::read(&one).unwrap();
    assert!(bytes == std::fs::read(&two).unwrap());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    for name in ["result.json", "decisions.jsonl", "payments.csv", "report.html", "SHA256SUMS"] {
        assert!(names.iter().any(|own| own == name), "{name}");
    }
    let result: Value = serde_json::from_reader(archive.by_name("result.json").unwrap()).unwrap();
    assert_eq!(result["schema"], "gutschrift.verify/1");
    let (_, out, _) = office.verify(&[]);
    assert!(out.contains("nothing has changed since"), "{out}");
    office.bank(|line| !line.contains("SOZ2311-0001"));
    let (code, out, _) = office.verify(&[]);
    assert!(code == 1 && out.contains("REOPENED"), "{out}");
    assert_eq!(close(&one).0, 1);
}

#[test]
fn stores_of_the_first_version_stay_readable() {
    let store = "tests/stores/first";
    let (_, out) = {
        let out = gutschrift("anna", &["history", "--store", store, "--format", "json"]);
        (out.status.code(), String::from_utf8(out.stdout).unwrap())
    };
    let history: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(history["runs"].as_array().unwrap().len(), 2);
    assert_eq!(gutschrift("anna", &["store", "check", "--store", store]).status.code(), Some(0));
    assert_eq!(gutschrift("anna", &["diff", "--store", store]).status.code(), Some(0));
    let out = gutschrift("anna", &["history", "50.12-5106", "--store", store, "--format", "json"]);
    let story: Value = serde_json::from_slice(&out.stdout).unwrap();
    let tellings = story["payments"][0]["tellings"].as_array().unwrap();
    let events: Vec<&str> = tellings.iter().map(|one| one["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["verdict", "decision", "verdict"]);
    assert_eq!(tellings[1]["by"], "AB");
}
