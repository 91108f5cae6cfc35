//! What nobody reads: texts without a field of their own, and the names that are irrelevant.
//!
//! Every element is understood (a reader asks for its text), irrelevant by name (here), or unread: its
//! text stays with its booking, where it is searched for what speaks against a payment, and its path is
//! told once a file. `docs/formats/iso20022.md` says the same for people.

use std::collections::BTreeSet;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
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

/// The texts in an element that nobody asked for, joined by blanks; their paths are noted.
/// `above` is the path to the element; elements of the name `apart` are left to whoever reads them.
pub(crate) fn texts(
    node: Node<'_>,
    (above, apart): (&str, &str),
    is_irrelevant: &dyn Fn(&str, &str) -> bool,
    paths: &mut UnreadPaths,
) -> Option<String> {
    let mut texts: Option<String> = None;
    node.unread(apart, is_irrelevant, &mut |path, text| {
        let all = texts.get_or_insert_default();
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(text);
        paths.add([above, &path.join("/")].concat());
    });
    texts
}

/// Whether an element of a booking (`Ntry`) says nothing about who was paid, whatever stands in it.
pub(crate) fn is_irrelevant(parent: &str, name: &str) -> bool {
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
pub(crate) fn is_irrelevant_in_payment(parent: &str, name: &str) -> bool {
    let is_own_side = parent == "RltdPties" && matches!(name, "Dbtr" | "DbtrAcct");
    is_own_side || is_irrelevant(parent, name)
}
