//! The documents of a file: one, or several in a container or an envelope. Each is read, or named.

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::readers::iso20022::orders;
use crate::readers::iso20022::pull::MESSAGES;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::pull::Step;
use crate::readers::iso20022::recalls;
use crate::readers::iso20022::reports;
use crate::readers::iso20022::statements;
use crate::readers::iso20022::tree::Node;

/// A document whose message is not known yet.
#[derive(Debug)]
struct Document {
    line: u32,
    /// The element in it, if another one began.
    name: Option<String>,
    /// It was read, or named.
    told: bool,
}

/// Walks through a file and reads all its messages.
pub(crate) fn read(
    file: FileId,
    pull: &mut Pull<'_>,
    reading: &mut Reading,
) -> Result<(), Problem> {
    let mut document: Option<Document> = None;
    loop {
        match pull.next()? {
            Step::Open(name, line) => match kind_of(&name) {
                Some(kind) => {
                    message(file, kind, line, pull, reading)?;
                    // The next document may be of another kind.
                    pull.message = None;
                    if let Some(document) = &mut document {
                        document.told = true;
                    }
                }
                None if name == "Document" => {
                    document = Some(Document { line, name: None, told: false });
                }
                None if name == "GrpHdr" => {
                    // Every message has such a head; this one is none of ours.
                    let mut unknown =
                        document.take().unwrap_or(Document { line, name: None, told: false });
                    name_unknown(file, &mut unknown, pull, reading);
                    document = Some(unknown);
                }
                None => {
                    if let Some(document) = &mut document {
                        document.name.get_or_insert_with(|| name.into_owned());
                    }
                }
            },
            Step::Close(name) if name == "Document" => {
                if let Some(mut document) = document.take() {
                    name_unknown(file, &mut document, pull, reading);
                }
            }
            Step::Node(tree) if pull.message.is_none() => {
                let name = tree.root().map_or("", Node::name);
                if name != "AppHdr" {
                    return Err(unknown(file, pull, name));
                }
            }
            Step::Node(_) | Step::Close(_) => {}
            Step::End if reading.format.is_empty() => {
                // What is named as unread may be all there is.
                reading.problems.retain(|problem| problem.code != ProblemCode::DocumentUnread);
                return Err(unknown(file, pull, "?"));
            }
            Step::End => return Ok(()),
        }
    }
}

/// The kind of message that an element begins.
fn kind_of(name: &str) -> Option<&'static str> {
    let known = MESSAGES.iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind);
    known.or_else(|| ["pain.001", "pain.002"].into_iter().find(|kind| name.starts_with(kind)))
}

fn message(
    file: FileId,
    kind: &str,
    line: u32,
    pull: &mut Pull<'_>,
    reading: &mut Reading,
) -> Result<(), Problem> {
    join(&mut reading.format, kind);
    if let Some(version) = pull.version.take() {
        join(reading.version.get_or_insert_default(), &version);
    }
    let place = Place::line(file, line);
    let role = match kind {
        "pain.001" => {
            orders::read(file, place, pull, reading)?;
            Role::Order
        }
        "pain.002" => {
            reports::read(file, place, pull, reading)?;
            Role::Status
        }
        "camt.029" | "camt.055" | "camt.056" => {
            recalls::read(file, kind, place, pull, reading)?;
            Role::Status
        }
        _ => {
            statements::read(file, kind, pull, reading)?;
            Role::Bank
        }
    };
    // Of several kinds in one file the bank's word weighs most; all of them are read.
    let weight = |role: Role| match role {
        Role::Bank => 3,
        Role::Status => 2,
        Role::Order => 1,
        _ => 0,
    };
    if weight(role) > weight(reading.role) {
        reading.role = role;
    }
    Ok(())
}

/// Adds a name to others, if it is not there.
fn join(all: &mut String, name: &str) {
    if all.split('+').any(|own| own == name) {
        return;
    }
    if !all.is_empty() {
        all.push('+');
    }
    all.push_str(name);
}

/// Says that a document is none of those that are read.
fn name_unknown(file: FileId, document: &mut Document, pull: &mut Pull<'_>, reading: &mut Reading) {
    if document.told {
        return;
    }
    document.told = true;
    let name = pull.version.clone().or_else(|| document.name.clone()).unwrap_or_default();
    let problem = Problem::new(ProblemCode::DocumentUnread, Place::line(file, document.line));
    reading.problems.push(problem.value(name));
}

fn unknown(file: FileId, pull: &Pull<'_>, name: &str) -> Problem {
    let name = pull.version.clone().unwrap_or_else(|| name.to_owned());
    Problem::new(ProblemCode::MessageUnknown, Place::file(file)).value(name)
}
