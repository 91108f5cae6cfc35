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

/// A part of a month's bookings, told once more as another document.
fn again(
    inputs: &Inputs,
    file: FileId,
    how: Poorer,
    kind: StatementKind,
    dice: &mut Dice,
) -> Vec<Statement> {
    let mut told = Vec::new();
    // Reports repeat what statements tell; told again in one file, both would be two.
    let whole = |statement: &&Statement| {
        matches!(statement.kind, StatementKind::EndOfDay | StatementKind::Export)
    };
    for statement in inputs.statements.iter().filter(whole) {
        let part = 1 + dice.roll(3);
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

#[test]
fn no_verdict_becomes_better_than_the_richest_telling_allows() {
    let terms = Terms { month: Month::parse("2023-11"), ..Terms::default() };
    let mut dice = Dice(23);
    let (mut kept, mut lost) = (0_usize, 0_usize);
    for seed in 1..=seeds() {
        for mix in proof::MIXES {
            for format in proof::FORMATS {
                let settings = proof::settings(60, seed + 900, mix, format);
                let files = proof::simulate(&settings).files;
                let Ok(alone) = month::inputs(&files) else { continue };
                let before = verdicts(&judge(alone.clone(), &terms).unwrap());
                for how in ALL {
                    let kinds = [
                        StatementKind::Export,
                        StatementKind::Intraday,
                        StatementKind::Notification,
                    ];
                    let kind = kinds[dice.roll(3)];
                    let mut both = alone.clone();
                    let file = FileId(u32::try_from(both.files.len()).unwrap());
                    both.files.push(FileRecord {
                        path: "zweite".to_owned(),
                        format: "other".to_owned(),
                        ..FileRecord::default()
                    });
                    both.statements.extend(again(&alone, file, how, kind, &mut dice));
                    let other = renamed(&both, &mut dice);
                    let after = verdicts(&judge(both, &terms).unwrap());
                    let name = format!("{settings:?}, {how:?}, {kind:?}");
                    let by_name = verdicts(&judge(other, &terms).unwrap());
                    assert_eq!(after, by_name, "{name}: file names decide");
                    for (key, now) in &after {
                        let was = &before[key];
                        let credited = |all: &[String]| {
                            all.iter().filter(|one| one.starts_with("credited")).count()
                        };
                        assert!(
                            credited(now) <= credited(was),
                            "{name}: {key}: {was:?} became {now:?}"
                        );
                        kept += credited(now);
                        lost += credited(was) - credited(now);
                    }
                }
            }
        }
    }
    // Most tellings are seen to be the same booking, however poor they are.
    assert!(lost * 10 < kept, "{lost} of {kept} are no longer credited");
}
