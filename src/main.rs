//! The binary: everything is in the library, so that tests can reach it.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A quarter of a county month went into the system's allocator (docs/decisions.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    gutschrift::cli::run()
}
