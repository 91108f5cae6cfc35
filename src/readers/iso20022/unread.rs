//! What nobody reads: texts without a field of their own, and the names that are irrelevant.
//!
//! Every element is understood (a reader asks for its text), irrelevant by name (here), or unread: its
//! text stays with its booking, where it is searched for what speaks against a payment, and its path is
//! told once a file. `docs/formats/iso20022.md` says the same for people.

use std::collections::BTreeSet;

use crate::facts::signs::may_speak_against;
use crate::model::iban_in_text;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::readers::interpret;
use crate::readers::iso20022::tree::Node;

/// So many paths are named; a file with more is of another kind anyway.
const MOST_PATHS: usize = 40;

/// What a reader has to say besides the values: problems, and paths of elements left unread.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    pub(crate) problems: Vec<Problem>,
    pub(crate) unread: UnreadPaths,
}

/// Paths of elements that were left unread, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UnreadPaths(BTreeSet<String>);

impl UnreadPaths {
    pub(crate) fn add(&mut self, path: String) {
        if self.0.len() < MOST_PATHS {
            self.0.insert(path);
        }
    }

    /// Takes the paths of another part of the file.
    pub(crate) fn take(&mut self, other: Self) {
        for path in other.0 {
            self.add(path);
        }
    }

    /// The note that names them.
    pub(crate) fn note(&self, file: FileId) -> Option<Problem> {
        let paths: Vec<&str> = self.0.iter().map(String::as_str).collect();
        let note = Problem::new(ProblemCode::ElementUnread, Place::file(file));
        (!paths.is_empty()).then(|| note.field(paths.join(", ")))
    }
}

/// Notes what nobody asked for in an element.
pub(crate) fn note(
    node: Node<'_>,
    above: &str,
    is_irrelevant: &dyn Fn(&str, &str) -> bool,
    paths: &mut UnreadPaths,
) {
    node.texts("", &mut |path, _, read| {
        let own = path.first().is_some_and(|name| is_irrelevant("", name));
        if !read && !own && !is_below(path, is_irrelevant) {
            paths.add([above, &path.join("/")].concat());
        }
    });
}

fn is_below(path: &[&str], is_irrelevant: &dyn Fn(&str, &str) -> bool) -> bool {
    path.iter().zip(path.iter().skip(1)).any(|(parent, name)| is_irrelevant(parent, name))
}

/// How the texts of a booking or a transfer are looked through.
pub(crate) struct Look<'a> {
    /// The path to the element.
    pub(crate) above: &'a str,
    /// Elements of this name are left to whoever reads them.
    pub(crate) apart: &'a str,
    /// The account's owner pays: the other side's name and account are all that counts.
    pub(crate) is_payment: bool,
    /// No field states the account of the other side.
    pub(crate) for_accounts: bool,
}

impl Look<'_> {
    /// The texts that no field takes, joined by blanks; their paths are noted. What stands in other
    /// places is among them if it may speak against a payment: words that a code, a name or an id has
    /// no business with.
    pub(crate) fn texts(&self, node: Node<'_>, paths: &mut UnreadPaths) -> Option<String> {
        let mut texts: Option<String> = None;
        let mut are_names = true;
        let irrelevant: &dyn Fn(&str, &str) -> bool =
            if self.is_payment { &is_irrelevant_in_payment } else { &is_irrelevant };
        node.texts(self.apart, &mut |path, text, read| {
            let unread = !read && !is_below(path, irrelevant);
            if unread {
                paths.add([self.above, &path.join("/")].concat());
            } else if !(speaks(path, text) || self.for_accounts && names_account(path, text)) {
                return;
            }
            are_names &= !unread && is_name(path, text);
            let all = texts.get_or_insert_default();
            if !all.is_empty() {
                all.push(' ');
            }
            all.push_str(text);
        });
        // Many names have letters of such words and say nothing.
        texts.filter(|texts| !are_names || interpret::says_something(texts))
    }
}

/// Whether a text is a name and nothing else: no number stands in it.
fn is_name(path: &[&str], text: &str) -> bool {
    path.last() == Some(&"Nm") && !text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a text in a place of its own may say that the booking came back or is not booked yet.
fn speaks(path: &[&str], text: &str) -> bool {
    let name = path.last().copied().unwrap_or_default();
    // These are read as texts, and an address is full of words.
    if matches!(name, "Ustrd" | "AddtlNtryInf") || path.contains(&"PstlAdr") {
        return false;
    }
    let has_words = text.bytes().any(|byte| byte.is_ascii_whitespace());
    let is_id = matches!(name, "EndToEndId" | "TxId" | "AcctSvcrRef" | "NtryRef");
    let is_of_party = path.contains(&"RltdPties") || path.contains(&"RltdAgts");
    let is_worth = has_words || (text.len() > 4 && !is_id && !is_of_party);
    is_worth && may_speak_against(text.as_bytes())
}

/// Whether a text in a place of its own names an account; the places of accounts do not count.
fn names_account(path: &[&str], text: &str) -> bool {
    let is_account = path.iter().any(|name| name.ends_with("Acct"));
    let name = path.last().copied().unwrap_or_default();
    let is_text = matches!(name, "Ustrd" | "AddtlNtryInf");
    text.len() >= 15 && !is_account && !is_text && !iban_in_text::in_text(text).is_empty()
}

/// Whether an element of a booking (`Ntry`) says nothing about who was paid, whatever stands in it.
fn is_irrelevant(parent: &str, name: &str) -> bool {
    match name {
        // Where somebody lives or can be reached, and when they were born.
        "PstlAdr" | "CtryOfRes" | "CtctDtls" | "BirthDt" | "DtAndPlcOfBirth" => true,
        // The banks on the way.
        "RltdAgts" | "Agt" | "Svcr" | "FinInstnId" | "Orgtr" => true,
        // Kinds, codes and who issues them.
        "Tp" | "Issr" | "SchmeNm" | "OrgnlBkTxCd" | "LclInstrm" | "SvcLvl" | "CtgyPurp" => true,
        "BkTxCd" => true,
        "Cd" => parent == "Purp",
        // Amounts and rates beside the booked one, and what they were made of.
        "CcyXchg" | "CntrValAmt" | "AnncdPstngAmt" | "PrtryAmt" | "RfrdDocAmt" => true,
        "Chrgs" | "Tax" | "TaxRmt" | "Intrst" | "Avlbty" | "ComssnWvrInd" => true,
        "InstdAmt" | "TxAmt" => parent == "AmtDtls",
        // Numbers that systems of banks give to a transfer.
        "TxId" | "UETR" | "ClrSysRef" | "AcctSvcrTxId" | "MktInfrstrctrTxId" | "PrcgId" => true,
        // Days on the way; booking and value date are the entry's own.
        "RltdDts" | "RltdDt" => true,
        // The currency of an account, how a booking was handed in, where its details are told.
        "Ccy" | "TechInptChanl" | "AddtlInfInd" => true,
        "CdtDbtInd" => true,
        _ => false,
    }
}

/// The same for a transfer by which the account's owner pays: its own side says nothing either.
fn is_irrelevant_in_payment(parent: &str, name: &str) -> bool {
    let is_own_side = parent == "RltdPties" && matches!(name, "Dbtr" | "DbtrAcct");
    is_own_side || is_irrelevant(parent, name)
}
