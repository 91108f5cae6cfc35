//! The cases of `samples/evidence`: what each must give, as it is and under other names in another order.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use clap::Parser;
use gutschrift::cli::arguments;
use gutschrift::cli::arguments::Arguments;
use gutschrift::cli::arguments::RoleArgs;
use gutschrift::cli::arguments::VerifyArgs;
use gutschrift::cli::config;
use gutschrift::cli::progress::Progress;
use gutschrift::cli::verify;
use gutschrift::cli::verify::Shown;
use gutschrift::model::language::Language;
use gutschrift::reports;
use gutschrift::reports::options::Options;
use serde_json::Value;
use tempfile::TempDir;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/evidence");

/// Original paths by the paths that stand for them.
type Names = BTreeMap<PathBuf, PathBuf>;

/// A folder with input files, a call and what it must give.
struct Case {
    name: String,
    folder: PathBuf,
    call: Vec<String>,
    expect: Value,
}

fn cases() -> Vec<Case> {
    let folders = fs::read_dir(ROOT).unwrap().map(|entry| entry.unwrap().path());
    let cases = folders.filter(|path| path.is_dir()).map(|folder| {
        let call = fs::read_to_string(folder.join("cmd")).unwrap();
        let expect = fs::read_to_string(folder.join("expect.json")).unwrap();
        Case {
            name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
            call: call.split_whitespace().map(str::to_owned).collect(),
            expect: serde_json::from_str(&expect).unwrap(),
            folder,
        }
    });
    let mut cases: Vec<Case> = cases.collect();
    cases.sort_by(|left, right| left.name.cmp(&right.name));
    assert!(cases.len() > 200, "{} cases", cases.len());
    cases
}

impl Case {
    /// The arguments, paths inside of a folder; nothing if it is no `verify`.
    fn arguments(&self, folder: &Path, names: &Names, turned: bool) -> Option<VerifyArgs> {
        let words = std::iter::once("gutschrift").chain(self.call.iter().map(String::as_str));
        let arguments::Command::Verify(mut args) = Arguments::parse_from(words).command else {
            return None;
        };
        let place = |path: &mut PathBuf| {
            let renamed = names.iter().find(|(_, old)| *old == path).map(|(new, _)| new);
            *path = folder.join(renamed.unwrap_or(path));
        };
        let inputs = &mut args.inputs;
        let RoleArgs { list, order, bank } = &mut inputs.roles;
        for paths in [&mut inputs.paths, list, order, bank] {
            paths.iter_mut().for_each(place);
            if turned {
                paths.reverse();
            }
        }
        if let Some(config) = &mut args.terms.config {
            *config = self.folder.join(&*config);
        }
        Some(args)
    }

    /// The input files, without what the case says about itself.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        collect(&self.folder, Path::new(""), &mut files);
        files.retain(|path| {
            let name = path.to_str().unwrap();
            !matches!(name, "cmd" | "expect.json" | "gutschrift.toml")
        });
        files.sort();
        files
    }

    /// The same files in a folder of their own under names that say nothing; the ending stays.
    fn renamed(&self, turn: usize) -> (TempDir, Names) {
        let copy = tempfile::tempdir().unwrap();
        let files = self.files();
        let mut names = Names::new();
        for (number, path) in files.iter().enumerate() {
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("dat");
            // The last file comes first; turned further, another one does.
            let place = (2 * files.len() - 1 - number + turn) % files.len();
            let new = path.with_file_name(format!("{place:03}.{ending}"));
            fs::create_dir_all(copy.path().join(&new).parent().unwrap()).unwrap();
            fs::copy(self.folder.join(path), copy.path().join(&new)).unwrap();
            names.insert(new, path.clone());
        }
        (copy, names)
    }
}

fn collect(root: &Path, inside: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(root.join(inside)).unwrap() {
        let entry = entry.unwrap();
        let path = inside.join(entry.file_name());
        if entry.path().is_dir() {
            collect(root, &path, files);
        } else {
            files.push(path);
        }
    }
}

/// Exit code and, if there is one, the result as JSON, files called what they are called in the case.
fn run(args: &VerifyArgs, folder: &Path, names: &Names) -> (i64, Option<Value>) {
    let config = config::load(args.terms.config.as_deref()).unwrap();
    let shown = Shown { digests: true, trails: true };
    let quiet = Progress::default();
    let outcome = verify::outcome(&args.inputs, &args.terms, &config, Language::En, &quiet, shown);
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(failure) => return (i64::from(failure.exit_code()), None),
    };
    let code = verify::exit_code(&outcome, args.fail_on);
    let mut text = Vec::new();
    reports::json::write(&outcome, &Options { threads: 1, ..Options::default() }, &mut text)
        .unwrap();
    let mut text = String::from_utf8(text).unwrap();
    // Longest first: a folder's name may begin another's.
    for (new, old) in names.iter().rev() {
        text = text.replace(new.to_str().unwrap(), old.to_str().unwrap());
    }
    let text = text.replace(&format!("{}/", folder.to_str().unwrap()), "");
    (i64::from(code), Some(serde_json::from_str(&text).unwrap()))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn pairs<'a>(value: &'a Value, key: &str) -> Vec<(&'a String, &'a Value)> {
    value.get(key).and_then(Value::as_object).map_or_else(Vec::new, |map| map.iter().collect())
}

/// A field has this value, or one of these.
fn has(found: Option<&Value>, wanted: &Value) -> bool {
    let found = found.unwrap_or(&Value::Null);
    wanted.as_array().map_or_else(|| found == wanted, |all| all.contains(found))
}

fn is_called(payment: &Value, key: &str) -> bool {
    let file = payment["source"]["file"].as_str().unwrap_or_default();
    let base = file.rsplit('/').next().unwrap_or_default();
    let line = &payment["source"]["line"];
    ["case_id", "end_to_end_id"].iter().any(|field| payment[field] == *key)
        || [file, base].iter().any(|file| format!("{file}:{line}") == *key)
}

fn answer(payment: &Value) -> String {
    let word = |field: &str| payment[field].as_str().unwrap_or_default();
    format!("{}/{}", word("status"), word("reason"))
}

/// `status/reason`, `*` for anything.
fn fits(pattern: &str, answer: &str) -> bool {
    let (pattern, answer) = (pattern.split('/'), answer.split('/'));
    pattern.zip(answer).all(|(pattern, word)| pattern == "*" || pattern == word)
}

/// What differs from the expectation.
fn complaints(expect: &Value, code: i64, result: Option<&Value>) -> Vec<String> {
    let code_is = |key: &str| list(expect, key).contains(&Value::from(code));
    if code_is("or_exit") {
        return Vec::new();
    }
    let mut found = Vec::new();
    if !code_is("exit") {
        found.push(format!("exit {code}"));
    }
    let Some(result) = result else { return found };
    if result["totals"]["closes"] != true {
        found.push("the totals do not close".to_owned());
    }
    for (count, array) in [("payment_count", "payments"), ("entry_count", "bank_entries")] {
        let number = list(result, array).len();
        if expect.get(count).is_some_and(|wanted| *wanted != number) {
            found.push(format!("{number} {array}"));
        }
    }
    let named = |key: &'_ str| -> Vec<&Value> {
        list(result, "payments").iter().filter(|payment| is_called(payment, key)).collect()
    };
    for (key, wanted) in pairs(expect, "payments") {
        let wanted = wanted.as_array().unwrap().iter().map(|one| one.as_str().unwrap());
        let (forbidden, allowed): (Vec<&str>, Vec<&str>) =
            wanted.partition(|one| one.starts_with('!'));
        if named(key).is_empty() && !allowed.is_empty() {
            found.push(format!("{key}: no such payment"));
        }
        for payment in named(key) {
            let answer = answer(payment);
            let right = allowed.is_empty() || allowed.iter().any(|one| fits(one, &answer));
            if !right || forbidden.iter().any(|one| fits(one.trim_start_matches('!'), &answer)) {
                found.push(format!("{key}: {answer}"));
            }
        }
    }
    for (key, fields) in pairs(expect, "fields") {
        for payment in named(key) {
            for (field, wanted) in fields.as_object().unwrap() {
                if !has(payment.get(field), wanted) {
                    found.push(format!("{key}: {field} is {}", payment[field]));
                }
            }
        }
    }
    for wanted in list(expect, "entries") {
        let is_wanted = |entry: &Value| {
            wanted.as_object().unwrap().iter().all(|(field, value)| {
                let own = entry.get(field);
                let path = own.and_then(Value::as_str).filter(|_| field == "file");
                has(own, value)
                    || path.is_some_and(|path| {
                        has(path.rsplit('/').next().map(Value::from).as_ref(), value)
                    })
            })
        };
        if !list(result, "bank_entries").iter().any(is_wanted) {
            found.push(format!("no entry {wanted}"));
        }
    }
    let codes: Vec<&Value> =
        list(result, "problems").iter().map(|problem| &problem["code"]).collect();
    let problem = |wanted: &&Value| codes.contains(wanted);
    let missing = list(expect, "problems").iter().filter(|wanted| !problem(wanted));
    found.extend(missing.map(|wanted| format!("no problem {wanted}")));
    let unwanted = list(expect, "no_problems").iter().filter(problem);
    found.extend(unwanted.map(|wanted| format!("problem {wanted}")));
    found
}

/// The verdict of every payment by where it stands, and the code.
fn verdicts(code: i64, result: Option<&Value>) -> (i64, Vec<String>) {
    let payments = result.map_or(&[][..], |result| list(result, "payments"));
    let mut all: Vec<String> = payments
        .iter()
        .map(|payment| {
            let source = &payment["source"];
            let day = &payment["booked_on"];
            let proof = &payment["evidence"];
            format!("{}:{} {} {proof} {day}", source["file"], source["line"], answer(payment))
        })
        .collect();
    all.sort();
    (code, all)
}

#[test]
fn all_cases_hold() {
    let mut found = Vec::new();
    for case in cases() {
        let (code, result) = match case.arguments(&case.folder, &Names::new(), false) {
            Some(args) => run(&args, &case.folder, &Names::new()),
            // What else there is speaks through its texts.
            None => continue,
        };
        let complaints = complaints(&case.expect, code, result.as_ref());
        if !complaints.is_empty() {
            found.push(format!("{}: {}", case.name, complaints.join("; ")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn names_and_order_of_files_decide_nothing() {
    let (mut found, mut judged) = (Vec::new(), 0);
    for case in cases() {
        let Some(args) = case.arguments(&case.folder, &Names::new(), false) else { continue };
        let (code, result) = run(&args, &case.folder, &Names::new());
        let own = verdicts(code, result.as_ref());
        let turns = if case.files().len() > 2 { 0..2 } else { 0..1 };
        for turn in turns {
            let (copy, names) = case.renamed(turn);
            let args = case.arguments(copy.path(), &names, true).unwrap();
            let (code, result) = run(&args, copy.path(), &names);
            let other = verdicts(code, result.as_ref());
            judged += other.1.len();
            if own != other {
                found.push(format!("{}:\n  {own:?}\n  {other:?}", case.name));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(judged > 600, "only {judged} verdicts were compared");
}

#[test]
fn what_is_printed_holds_what_it_must() {
    let mut asked = 0;
    for case in cases() {
        let (says, never) = (list(&case.expect, "says"), list(&case.expect, "never_says"));
        // What else is called than `verify` is asked for its exit code at least.
        if says.is_empty() && never.is_empty() && case.call[0] == "verify" {
            continue;
        }
        asked += 1;
        let output = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
            .args(&case.call)
            .current_dir(&case.folder)
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", "C.UTF-8")
            .output()
            .unwrap();
        let code = i64::from(output.status.code().unwrap());
        assert!(
            ["exit", "or_exit"].iter().any(|key| list(&case.expect, key).contains(&code.into())),
            "{}: exit {code}",
            case.name
        );
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        for wanted in says {
            assert!(text.contains(wanted.as_str().unwrap()), "{}: lacks {wanted}", case.name);
        }
        for unwanted in never {
            assert!(!text.contains(unwanted.as_str().unwrap()), "{}: {unwanted}", case.name);
        }
    }
    assert!(asked > 15, "{asked}");
}

#[test]
fn every_case_has_a_story() {
    let page = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| [`"));
    let told: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let cases = cases();
    let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(told, names);
}
