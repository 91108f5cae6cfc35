//! What leaves the program: no account number in any text, no formula for any separator, exit codes and
//! outputs that tell the truth.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::process::Output;

use gutschrift::model::iban::Iban;

const DUE: &str = "30.11.2023";

fn gutschrift(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gutschrift"));
    command.env("LANG", "C.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

fn account(number: usize) -> String {
    let iban = Iban::from_german_account("99910000", &number.to_string()).unwrap();
    iban.reveal().to_owned()
}

fn grouped(iban: &str) -> String {
    iban.as_bytes()
        .chunks(4)
        .map(|part| str::from_utf8(part).unwrap())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A month whose texts are full of account numbers and formulas.
pub(crate) fn hostile(delimiter: char) -> Vec<(String, String)> {
    let secret = account(471_147);
    let names = [
        "Anna Meier".to_owned(),
        "=1+1".to_owned(),
        "Horst,=2+3".to_owned(),
        "Horst;=2+3;x".to_owned(),
        "Elif|@x".to_owned(),
        "＝1+1".to_owned(),
        secret.clone(),
        format!("Konto {}", grouped(&secret)),
        format!("K{secret}x"),
        "Müller-Lüdenscheidt, Jürgen".to_owned(),
    ];
    let cell = |text: &str| {
        if text.contains(delimiter) { format!("\"{text}\"") } else { text.to_owned() }
    };
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        cells.join(&delimiter.to_string()) + "\n"
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut list = row(&texts(&[
        "Aktenzeichen",
        "Name",
        "IBAN",
        "Betrag",
        "Fällig am",
        "End-to-End-ID",
        "Bemerkung",
    ]));
    let mut bank = row(&texts(&[
        "Auftragskonto",
        "Buchungstag",
        "Valutadatum",
        "Buchungstext",
        "Verwendungszweck",
        "Kundenreferenz (End-to-End)",
        "Beguenstigter/Zahlungspflichtiger",
        "Kontonummer/IBAN",
        "Betrag",
        "Waehrung",
        "Info",
    ]));
    let office = account(1);
    for (number, name) in names.iter().cycle().take(60).enumerate() {
        let (own, amount) = (account(1000 + number), format!("{},00", 100 + number));
        let id =
            if number % 7 == 3 { format!("{secret}{number}") } else { format!("E2E-{number:05}") };
        let note = if number % 5 == 0 { format!("siehe {secret}") } else { String::new() };
        let case = format!("50.12-{}", 4700 + number);
        list +=
            &row(&[case, name.clone(), own.clone(), amount.clone(), DUE.into(), id.clone(), note]);
        let remittance = match number % 4 {
            0 => "Hilfe zum Lebensunterhalt".to_owned(),
            1 => format!("Miete an {}", grouped(&secret)),
            2 => "x;=HYPERLINK(1)".to_owned(),
            _ => format!("IBAN{secret}Miete"),
        };
        bank += &row(&[
            office.clone(),
            DUE.into(),
            DUE.into(),
            "UEBERWEISUNG".into(),
            remittance,
            id,
            name.clone(),
            own,
            format!("-{amount}"),
            "EUR".into(),
            "Umsatz gebucht".into(),
        ]);
    }
    // An amount that is none, and a booking of nobody's.
    list += &row(&texts(&["50.12-1", "Verrutscht", "", &secret, DUE, "", ""]));
    bank += &row(&texts(&[
        &office,
        DUE,
        DUE,
        "UEBERWEISUNG",
        "https://evil.example [x](y)",
        "",
        &secret,
        "",
        "-9,99",
        "EUR",
        "Umsatz gebucht",
    ]));
    vec![(format!("liste_{secret}.csv"), list), ("umsaetze.csv".to_owned(), bank)]
}

fn month(folder: &Path, delimiter: char) {
    for (name, text) in hostile(delimiter) {
        fs::write(folder.join(name), text).unwrap();
    }
}

/// A workbook's texts.
fn unpacked(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for number in 0..archive.len() {
        archive.by_index(number).unwrap().read_to_string(&mut text).unwrap();
    }
    text
}

fn assert_masked(text: &str, what: &str) {
    let secret = account(471_147);
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    assert!(!letters.to_uppercase().contains(&secret), "{what} shows an account number");
}

#[test]
fn no_text_shows_an_account_number() {
    for delimiter in [';', ','] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m");
        fs::create_dir(&path).unwrap();
        month(&path, delimiter);
        for format in ["table", "json", "csv", "md", "html", "xlsx"] {
            let shown = ["verify", "m", "--format", format, "--lang", "en", "--status", "credited"];
            let more = ["--status", "follow-up", "--entries", "e.csv", "--output", "report"];
            let output = gutschrift(folder.path(), &[&shown[..], &more].concat());
            assert!(matches!(output.status.code(), Some(0 | 1)), "{}", said(&output));
            assert_masked(&said(&output), format);
            let report = fs::read(folder.path().join("report")).unwrap();
            let text = if format == "xlsx" {
                unpacked(&report)
            } else {
                String::from_utf8(report).unwrap()
            };
            assert_masked(&text, format);
            assert!(text.contains("DE…1147"), "{format}");
            assert_masked(&fs::read_to_string(folder.path().join("e.csv")).unwrap(), "entries");
        }
        let saved = ["verify", "m", "--format", "json", "--output", "r.json"];
        gutschrift(folder.path(), &saved);
        for arguments in [
            &["inspect", "m"][..],
            &["inspect", "m", "--format", "json"],
            &["compare", "m", "m"],
            &["lookup", "50.12-4706", "m"],
            &["lookup", "50.12-4706", "m", "--format", "json"],
            &["lookup", "50.12-4706", "--result", "r.json"],
            &["lookup", "Konto", "--result", "r.json"],
            &["verify", "m/liste_none.csv"],
        ] {
            assert_masked(&said(&gutschrift(folder.path(), arguments)), &format!("{arguments:?}"));
        }
        let full = gutschrift(folder.path(), &["verify", "m", "--format", "json", "--full-iban"]);
        assert!(said(&full).contains(&account(471_147)));
    }
}

#[test]
fn no_cell_is_a_formula_whatever_the_separator() {
    for delimiter in [';', ','] {
        let folder = tempfile::tempdir().unwrap();
        month(folder.path(), delimiter);
        for separator in ["comma", "semicolon"] {
            let asked = ["verify", ".", "--format", "csv", "--separator", separator];
            let outputs = ["--entries", "e.csv", "--output", "o.csv"];
            let output = gutschrift(folder.path(), &[&asked[..], &outputs].concat());
            assert_eq!(output.status.code(), Some(1), "{}", said(&output));
            for name in ["o.csv", "e.csv"] {
                let text = fs::read_to_string(folder.path().join(name)).unwrap();
                fs::remove_file(folder.path().join(name)).unwrap();
                let text = text.trim_start_matches('\u{feff}');
                for own in [b';', b',', b'|'] {
                    let mut reader = ::csv::ReaderBuilder::new();
                    let mut reader = reader
                        .delimiter(own)
                        .flexible(true)
                        .has_headers(false)
                        .from_reader(text.as_bytes());
                    for record in reader.records() {
                        for cell in &record.unwrap() {
                            let sign = cell.trim_start_matches([' ', '"']).chars().next();
                            let is_number =
                                cell.trim_end_matches('"').strip_prefix('-').is_some_and(|rest| {
                                    rest.chars()
                                        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
                                });
                            let formula = matches!(sign, Some('=' | '+' | '-' | '@' | '＝'));
                            // Opened with a separator that it was not written with, amounts may fall apart.
                            assert!(!formula || is_number, "{separator} {own} {name}: {cell}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_reader_that_leaves_changes_no_exit_code() {
    for format in ["table", "json", "csv", "md", "html", "xlsx"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
            .args(["verify", "samples/2023-11-county", "--format", format])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(1), "{format}");
    }
}

#[test]
fn what_is_read_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    month(folder.path(), ';');
    let before = fs::read(folder.path().join("umsaetze.csv")).unwrap();
    for arguments in [
        &["verify", ".", "--format", "csv", "--output", "umsaetze.csv"][..],
        &["verify", "umsaetze.csv", "--format", "csv", "--output", "./umsaetze.csv"],
        &["verify", ".", "--entries", "umsaetze.csv"],
    ] {
        let output = gutschrift(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
    }
    assert_eq!(fs::read(folder.path().join("umsaetze.csv")).unwrap(), before);
    // What stands in the way is said before anything is read.
    let nowhere =
        gutschrift(folder.path(), &["verify", "none.csv", "--output", "no/such/folder/x"]);
    assert_eq!(nowhere.status.code(), Some(3), "{}", said(&nowhere));
    fs::create_dir(folder.path().join("taken")).unwrap();
    let taken = gutschrift(folder.path(), &["verify", "none.csv", "--output", "taken"]);
    assert_eq!(taken.status.code(), Some(3), "{}", said(&taken));
}

#[test]
fn parts_of_earlier_runs_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let month = std::path::absolute("samples/2023-11-county").unwrap();
    let split = ["verify", month.to_str().unwrap(), "--format", "csv", "--split-by", "benefit"];
    let split = [&split[..], &["--output", "parts"]].concat();
    assert!(!said(&gutschrift(folder.path(), &split)).contains("not of this run"));
    fs::write(folder.path().join("parts/vanished.csv"), "old").unwrap();
    let again = said(&gutschrift(folder.path(), &split));
    assert!(again.contains("not of this run") && again.contains("vanished.csv"), "{again}");
}

/// Names of offices that are one to some system, or a device; two of them vanish later.
#[test]
fn parts_of_offices_that_vanished_do_not_stay() {
    let folder = tempfile::tempdir().unwrap();
    let list = |offices: &[&str]| {
        let rows = offices.iter().enumerate().map(|(number, office)| {
            format!("50-{number};Anna {number};{};100,00;{office}\n", account(number + 1))
        });
        format!("Aktenzeichen;Name;IBAN;Betrag;Dienststelle\n{}", rows.collect::<String>())
    };
    let split = ["verify", "l.csv", "--due", "2023-11-30", "--format", "csv", "--split-by"];
    let run = |by: &str| {
        let run = gutschrift(folder.path(), &[&split[..], &[by, "--output", "parts"]].concat());
        assert_eq!(run.status.code(), Some(1), "{}", said(&run));
        said(&run)
    };
    let parts = || {
        let there = fs::read_dir(folder.path().join("parts")).unwrap().flatten();
        let mut names: Vec<String> =
            there.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        names
    };
    fs::write(folder.path().join("l.csv"), list(&["NORD", "Nord", "CON", "Süd", "West"])).unwrap();
    run("office");
    assert_eq!(parts(), ["CON_.csv", "NORD.csv", "Nord_.csv", "Süd.csv", "West.csv"]);
    // Somebody writes into one that vanishes: it stays, and is named.
    fs::write(folder.path().join("parts/West.csv"), "erledigt").unwrap();
    fs::write(folder.path().join("l.csv"), list(&["Nord", "CON"])).unwrap();
    let again = run("office");
    assert_eq!(parts(), ["CON_.csv", "Nord.csv", "West.csv"]);
    let (removed, named) = again.split_once("not of this run").unwrap();
    assert!(removed.contains("NORD.csv") && removed.contains("Süd.csv"), "{again}");
    assert!(named.contains("West.csv"), "{again}");
    // Another split is none of these parts.
    run("benefit");
    assert_eq!(parts(), ["CON_.csv", "Nord.csv", "West.csv", "other.csv"]);
}

/// What a run leaves that is killed between two names (`cli::naming` has it behind every step).
#[test]
fn a_set_that_was_interrupted_is_finished_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    month(folder.path(), ';');
    let parts = folder.path().join("parts");
    fs::create_dir(&parts).unwrap();
    let put = |name: &str, text: &str| fs::write(parts.join(name), text).unwrap();
    put("Nord.csv", "old");
    put(".gutschrift-new-a", "new");
    put(
        ".gutschrift-set",
        ".gutschrift-new-a\t.gutschrift-old-a\tNord.csv\n.gutschrift-new-b\t.gutschrift-old-b\tSüd.csv\nend\n",
    );
    put("Süd.csv", "new");
    put(".gutschrift-old-b", "old");
    // A run that writes nothing there but one file, and is refused later.
    let output = gutschrift(folder.path(), &["verify", "l.csv", "--output", "parts/one.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("earlier run was killed"), "{}", said(&output));
    let there = |name: &str| fs::read_to_string(parts.join(name)).ok();
    assert_eq!([there("Nord.csv"), there("Süd.csv")], ["new", "new"].map(|text| Some(text.into())));
    assert_eq!(fs::read_dir(&parts).unwrap().count(), 2);
}

#[test]
fn an_index_that_cannot_be_written_takes_no_result_with_it() {
    let folder = tempfile::tempdir().unwrap();
    month(folder.path(), ';');
    fs::create_dir(folder.path().join("r.json.index")).unwrap();
    let output = gutschrift(folder.path(), &["verify", ".", "--output", "r.json"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("The result is written"), "{}", said(&output));
    assert!(fs::read(folder.path().join("r.json")).unwrap().starts_with(b"{"));
}

#[test]
fn late_before_due_and_sums_beyond_measure_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let list = |amount: &str| {
        let rows: Vec<String> = (0..20)
            .map(|number| format!("50-{number};Anna {number};{};{amount}", account(number + 1)))
            .collect();
        format!("Aktenzeichen;Name;IBAN;Betrag\n{}\n", rows.join("\n"))
    };
    fs::write(folder.path().join("l.csv"), list("100,00")).unwrap();
    let late = ["verify", "l.csv", "--due", "2023-11-30", "--late-until"];
    for (day, code) in [("2023-11-29", 2), ("2023-11-30", 1)] {
        let output = gutschrift(folder.path(), &[&late[..], &[day]].concat());
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    }
    fs::write(folder.path().join("l.csv"), list("9999999999999999,99")).unwrap();
    let large = gutschrift(folder.path(), &["verify", "l.csv", "--due", "2023-11-30"]);
    assert_eq!(large.status.code(), Some(3), "{}", said(&large));
}

#[test]
fn endless_words_take_no_endless_time() {
    let folder = tempfile::tempdir().unwrap();
    let word = "x".repeat(400_000);
    let list = format!("Aktenzeichen;Name;IBAN;Betrag\n50-1;{word};{};1,00\n", account(7));
    fs::write(folder.path().join("l.csv"), list).unwrap();
    let output = gutschrift(folder.path(), &["verify", "l.csv", "--due", "2023-11-30"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.len() < 100_000, "{}", output.stdout.len());
}

#[test]
fn look_ups_are_noted_in_files_only() {
    let folder = tempfile::tempdir().unwrap();
    month(folder.path(), ';');
    let ask = |log: &str| {
        gutschrift(folder.path(), &["lookup", "50.12-4700", ".", "--log", log]).status.code()
    };
    for _ in 0..2 {
        // Found; whatever the answer is, it is noted.
        assert!(matches!(ask("log.tsv"), Some(0 | 1)));
    }
    assert_eq!(ask("."), Some(2));
    #[cfg(unix)]
    assert_eq!(ask("/dev/null"), Some(2));
    let verify =
        |arguments: &[&str]| gutschrift(folder.path(), &[&["log", "verify"], arguments].concat());
    assert_eq!(verify(&["log.tsv"]).status.code(), Some(0));
    // A line taken out, and all hashes computed anew without the key.
    let log = fs::read_to_string(folder.path().join("log.tsv")).unwrap();
    assert_masked(&log, "log");
    fs::write(folder.path().join("log.tsv"), log.lines().next().unwrap().to_owned() + "\n")
        .unwrap();
    assert_eq!(verify(&["log.tsv"]).status.code(), Some(3));
}

#[test]
fn the_ending_says_the_format_and_what_is_missing_stands_first() {
    let folder = tempfile::tempdir().unwrap();
    month(folder.path(), ';');
    for (name, begins) in [
        ("r.json", "{\n"),
        ("r.CSV", "case_id,"),
        ("r.md", "# "),
        ("r.html", "<!DOCTYPE html>"),
        ("r.xlsx", "PK"),
        ("r.txt", "Due on"),
    ] {
        let output = gutschrift(folder.path(), &["verify", ".", "--output", name]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let bytes = fs::read(folder.path().join(name)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with(begins), "{name}: {}", text.chars().take(40).collect::<String>());
        if !matches!(name, "r.json" | "r.CSV" | "r.xlsx") {
            // The row whose amount is none.
            let (first, more) = (text.find("INCOMPLETE").unwrap(), text.find("Summary").unwrap());
            assert!(first < more, "{name}");
        }
        fs::remove_file(folder.path().join(name)).unwrap();
    }
}
