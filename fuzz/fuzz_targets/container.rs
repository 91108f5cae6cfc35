//! Archives and recognition: no panic, no hang; what is refused says why, and what is not an
//! archive is read as a file.

#![no_main]

use gutschrift::model::place::FileId;
use gutschrift::readers::ReadOptions;
use gutschrift::readers::container;
use gutschrift::readers::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let options = ReadOptions::default();
    match container::expand(FileId(0), bytes) {
        Some(expanded) => {
            assert!(!expanded.refused || !expanded.problems.is_empty());
            assert!(expanded.members.is_sorted_by(|left, right| left.path <= right.path));
            for member in &expanded.members {
                let _ = read(FileId(0), &member.path, &member.bytes, &options);
            }
        }
        None => {
            let reading = read(FileId(0), "file", bytes, &options);
            assert!(!reading.refused || !reading.problems.is_empty());
        }
    }
});
