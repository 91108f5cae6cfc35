//! MT940 and MT942: no panic, no hang, and a refusal says why. What covers days ties.

#![no_main]

use gutschrift::model::amount::Amount;
use gutschrift::model::place::FileId;
use gutschrift::model::statement::BookingStatus;
use gutschrift::model::statement::StatementEntry;
use gutschrift::model::statement::StatementKind;
use gutschrift::readers::mt940;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _: bool = mt940::looks_like(bytes);
    let reading = mt940::read(FileId(0), bytes);
    assert!(!reading.refused || !reading.problems.is_empty());
    for statement in &reading.statements {
        if statement.kind != StatementKind::EndOfDay || statement.covers_nothing {
            continue;
        }
        let (Some(opening), Some(closing)) = (statement.opening, statement.closing) else {
            panic!("a statement without balances covers days");
        };
        let booked = statement.entries.iter().filter(|e| e.status == BookingStatus::Booked);
        let moved: Amount = booked.map(StatementEntry::signed).sum();
        assert_eq!(opening.amount.plus(moved), closing.amount);
    }
});
