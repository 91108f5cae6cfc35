//! A month of which any part is told again: poorer, in another format, on another day, under any name.

use gutschrift::model::date::Month;
use gutschrift::model::inputs::Inputs;
use gutschrift::model::place::FileId;
use gutschrift::model::reading::FileRecord;
use gutschrift::model::statement::Statement;
use gutschrift::model::statement::StatementEntry;
use gutschrift::model::statement::StatementKind;
use gutschrift::verdict::judge;
use gutschrift::verdict::terms::Terms;

use crate::brief::seeds;
use crate::month;
use crate::proof;
use crate::properties::Dice;
use crate::properties::verdicts;

/// How a second telling differs from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Poorer {
    Equal,
    WithoutIds,
    WithoutAccounts,
    NamesOnly,
    OtherReferences,
    WithoutTexts,
    ADayLater,
    Unmarked,
}

const ALL: [Poorer; 8] = [
    Poorer::Equal,
    Poorer::WithoutIds,
    Poorer::WithoutAccounts,
    Poorer::NamesOnly,
    Poorer::OtherReferences,
    Poorer::WithoutTexts,
    Poorer::ADayLater,
    Poorer::Unmarked,
];

fn poorer(mut entry: StatementEntry, how: Poorer, number: usize) -> StatementEntry {
    if how == Poorer::OtherReferences {
        entry.bank_reference = Some(format!("N{number}"));
    }
    if how == Poorer::ADayLater {
        entry.booking_date = entry.booking_date.and_then(|day| day.succ_opt());
    }
    if how == Poorer::Unmarked {
        entry.transaction_code = None;
        entry.domain_code = None;
        entry.booking_text = None;
    }
    for detail in &mut entry.details {
        match how {
            Poorer::Equal | Poorer::OtherReferences | Poorer::ADayLater => {}
            Poorer::WithoutIds => detail.end_to_end_id = None,
            Poorer::WithoutAccounts => detail.counterparty_iban = None,
            Poorer::NamesOnly => {
                detail.end_to_end_id = Some("NOTPROVIDED".to_owned());
                detail.counterparty_iban = None;
                let cut = |name: &String| name.chars().take(27).collect();
                detail.counterparty = detail.counterparty.as_ref().map(cut);
            }
            Poorer::WithoutTexts => detail.remittance = None,
            Poorer::Unmarked => detail.return_information = None,
        }
    }
    entry
}

/// A month's bookings, all or so many of three, told once more as another document.
fn again(
    inputs: &Inputs,
    file: FileId,
    how: Poorer,
    kind: StatementKind,
    thirds: Option<usize>,
) -> Vec<Statement> {
    let mut told = Vec::new();
    // Reports repeat what statements tell; told again in one file, both would be two.
    let whole = |statement: &&Statement| {
        matches!(statement.kind, StatementKind::EndOfDay | StatementKind::Export)
    };
    for statement in inputs.statements.iter().filter(whole) {
        let part = thirds.unwrap_or(3);
        let entries = statement.entries.iter().enumerate().filter(|(number, _)| number % 3 < part);
        let mut entries: Vec<StatementEntry> =
            entries.map(|(number, entry)| poorer(entry.clone(), how, number)).collect();
        for entry in &mut entries {
            entry.place.file = file;
            for detail in &mut entry.details {
                detail.place.file = file;
            }
        }
        told.push(Statement {
            place: gutschrift::model::place::Place { file, ..statement.place },
            kind,
            // It is a part: what it lacks says nothing.
            covers_nothing: true,
            number: None,
            entries,
            ..statement.clone()
        });
    }
    told
}

/// The same values under other names: files are numbered by their paths.
fn renamed(inputs: &Inputs, dice: &mut Dice) -> Inputs {
    let mut numbers: Vec<usize> = (0..inputs.files.len()).collect();
    dice.shuffle(&mut numbers);
    let new = |file: FileId| -> FileId {
        let number = numbers[usize::try_from(file.0).unwrap()];
        FileId(u32::try_from(number).unwrap())
    };
    let mut other = inputs.clone();
    for (old, record) in inputs.files.iter().enumerate() {
        other.files[numbers[old]] = record.clone();
    }
    for payment in &mut other.payments {
        payment.place.file = new(payment.place.file);
    }
    for statement in &mut other.statements {
        statement.place.file = new(statement.place.file);
        for entry in &mut statement.entries {
            entry.place.file = new(entry.place.file);
            for detail in &mut entry.details {
                detail.place.file = new(detail.place.file);
            }
        }
    }
    other.statements.sort_by_key(|statement| statement.place.file);
    other
}

/// What a second telling did to the payments that were credited.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    kept: usize,
    lost: usize,
}

/// A month told twice: a part of it poorer, or the month itself poorer and all of it again as it is.
fn told_twice(name: &str, alone: &Inputs, terms: &Terms, how: Poorer, dice: &mut Dice) -> Kept {
    let Ok(outcome) = judge(alone.clone(), terms) else { return Kept::default() };
    let before = verdicts(&outcome);
    let kinds = [
        StatementKind::EndOfDay,
        StatementKind::Export,
        StatementKind::Intraday,
        StatementKind::Notification,
    ];
    let kind = kinds[dice.roll(kinds.len())];
    let richer = dice.roll(2) == 1;
    let mut both = alone.clone();
    let file = FileId(u32::try_from(both.files.len()).unwrap());
    both.files.push(FileRecord {
        path: "zweite".to_owned(),
        format: "other".to_owned(),
        ..FileRecord::default()
    });
    if richer {
        for statement in &mut both.statements {
            for (number, entry) in statement.entries.iter_mut().enumerate() {
                *entry = poorer(entry.clone(), how, number);
            }
        }
        both.statements.extend(again(alone, file, Poorer::Equal, kind, None));
    } else {
        let part = Some(1 + dice.roll(3));
        both.statements.extend(again(alone, file, how, kind, part));
    }
    let other = renamed(&both, dice);
    let name = format!("{name}, {how:?}, {kind:?}, richer: {richer}");
    // What cannot be used at all says nothing of anybody.
    let (Ok(own), Ok(other)) = (judge(both, terms), judge(other, terms)) else {
        return Kept::default();
    };
    let after = verdicts(&own);
    assert_eq!(after, verdicts(&other), "{name}: file names decide");
    let mut count = Kept::default();
    for (key, now) in &after {
        let was = &before[key];
        let credited =
            |all: &[String]| all.iter().filter(|one| one.starts_with("credited")).count();
        assert!(credited(now) <= credited(was), "{name}: {key}: {was:?} became {now:?}");
        count.kept += credited(now);
        count.lost += credited(was) - credited(now);
    }
    count
}

#[test]
fn no_verdict_becomes_better_than_the_richest_telling_allows() {
    let terms = Terms { month: Month::parse("2023-11"), ..Terms::default() };
    let mut dice = Dice(23);
    let mut all = Kept::default();
    for seed in 1..=seeds() {
        for mix in proof::MIXES {
            for format in proof::FORMATS {
                let settings = proof::settings(60, seed + 900, mix, format);
                let files = proof::simulate(&settings).files;
                let Ok(alone) = month::inputs(&files) else { continue };
                for how in ALL {
                    let name = format!("{settings:?}");
                    let count = told_twice(&name, &alone, &terms, how, &mut dice);
                    all.kept += count.kept;
                    all.lost += count.lost;
                }
            }
        }
    }
    // Most tellings are seen to be the same booking, however poor they are.
    assert!(all.lost * 10 < all.kept, "{all:?}");
}

#[test]
fn no_sample_becomes_better_by_a_second_telling() {
    let mut dice = Dice(29);
    let mut kept = 0;
    for path in month::months() {
        let files = month::files(&path);
        let Ok(alone) = month::inputs(&files) else { continue };
        for how in ALL {
            let name = path.display().to_string();
            kept += told_twice(&name, &alone, &month::terms(&path), how, &mut dice).kept;
        }
    }
    assert!(kept > 1_000, "only {kept}");
}
