//! ISO 20022 messages: pain.001, pain.002, camt.052 to .054, camt.029, camt.055, camt.056.
//!
//! Elements are read by their local names, so one reader serves all versions.

mod entry;
mod fields;
mod orders;
mod recalls;
mod reports;
mod source;
mod statements;
mod tree;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::readers::iso20022::tree::MESSAGES;
use crate::readers::iso20022::tree::Pull;
use crate::readers::iso20022::tree::Step;

/// Whether the bytes look like XML, whatever their encoding.
pub fn looks_like_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let bytes = bytes.strip_prefix(&[0xFF, 0xFE]).unwrap_or(bytes);
    let bytes = bytes.strip_prefix(&[0xFE, 0xFF]).unwrap_or(bytes);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != 0) == Some(&b'<')
}

/// Reads an XML file.
pub fn read(file: FileId, bytes: &[u8]) -> Reading {
    let source = source::decode(file, bytes);
    let mut reading = Reading { encoding: Some(source.encoding), ..Reading::default() };
    reading.problems.extend(source.problem);
    let mut pull = Pull::new(file, &source.text);
    if let Err(problem) = read_message(file, &mut pull, &mut reading) {
        // What was read before the break is no use: nobody knows what is missing.
        let format = if reading.format.is_empty() { "xml".to_owned() } else { reading.format };
        let mut refused = Reading::refusal(format, problem);
        refused.encoding = reading.encoding;
        refused.version = pull.version;
        return refused;
    }
    reading.version = pull.version;
    if reading.records() == 0 && reading.statements.is_empty() && reading.orders.is_empty() {
        reading.problems.push(Problem::new(ProblemCode::NothingFound, Place::file(file)));
        reading.refused = true;
    }
    reading
}

/// Walks to the message and reads it.
fn read_message(file: FileId, pull: &mut Pull<'_>, reading: &mut Reading) -> Result<(), Problem> {
    loop {
        match pull.next()? {
            Step::Open(name, line) => {
                let known = MESSAGES.iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind);
                let old = ["pain.001", "pain.002"].into_iter().find(|kind| name.starts_with(kind));
                let Some(kind) = known.or(old) else { continue };
                kind.clone_into(&mut reading.format);
                let place = Place::line(file, line);
                match kind {
                    "pain.001" => {
                        reading.role = Role::Order;
                        orders::read(file, place, pull, reading)?;
                    }
                    "pain.002" => {
                        reading.role = Role::Status;
                        reports::read(file, place, pull, reading)?;
                    }
                    "camt.029" | "camt.055" | "camt.056" => {
                        reading.role = Role::Status;
                        recalls::read(file, kind, pull, reading)?;
                    }
                    _ => {
                        reading.role = Role::Bank;
                        statements::read(file, kind, pull, reading)?;
                    }
                }
            }
            Step::Node(node) if pull.message.is_none() && node.name != "AppHdr" => {
                return Err(unknown(file, pull, &node.name));
            }
            Step::Node(_) | Step::Close(_) => {}
            Step::End if reading.format.is_empty() => return Err(unknown(file, pull, "?")),
            Step::End => return Ok(()),
        }
    }
}

fn unknown(file: FileId, pull: &Pull<'_>, name: &str) -> Problem {
    let name = pull.version.clone().unwrap_or_else(|| name.to_owned());
    Problem::new(ProblemCode::MessageUnknown, Place::file(file)).value(name)
}
