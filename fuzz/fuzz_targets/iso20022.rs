//! XML messages: no panic, no hang, and a refusal says why.

#![no_main]

use gutschrift::model::place::FileId;
use gutschrift::readers::ReadOptions;
use gutschrift::readers::iso20022;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let reading = iso20022::read(FileId(0), bytes, &ReadOptions::default());
    assert!(!reading.refused || !reading.problems.is_empty());
});
