//! A whole month: lists, orders, bank files.

use std::io;

use crate::simulate::month::Simulated;
use crate::simulate::settings::Files;
use crate::simulate::settings::Settings;
use crate::simulate::statements;

/// Writes a month.
///
/// # Errors
///
/// What `files` says.
pub fn generate(settings: &Settings, files: &mut dyn Files) -> io::Result<()> {
    let mut month = Simulated::new(settings);
    month.write_lists(files)?;
    if settings.with_order {
        month.write_order(files)?;
    }
    statements::write(&mut month, files)
}
