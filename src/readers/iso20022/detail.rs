//! One transfer behind a booking (`TxDtls`).

use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::shared::Shared;
use crate::model::statement::Direction;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use crate::model::statement::RareOfDetails;
use crate::model::statement::ReturnInformation;
use crate::model::statement::StatementEntry;
use crate::readers::iso20022::amounts;
use crate::readers::iso20022::codes;
use crate::readers::iso20022::codes::direction_of;
use crate::readers::iso20022::fields::account;
use crate::readers::iso20022::fields::is_two_accounts;
use crate::readers::iso20022::fields::joined;
use crate::readers::iso20022::fields::party;
use crate::readers::iso20022::fields::remittance;
use crate::readers::iso20022::tree::Node;
use crate::readers::iso20022::unread::Look;
use crate::readers::iso20022::unread::UnreadPaths;

/// Reads a transfer of a booking, whose own codes are known already. What makes it doubtful, makes the
/// booking so.
pub(crate) fn read(
    file: FileId,
    node: Node<'_>,
    entry: &mut StatementEntry,
    paths: &mut UnreadPaths,
) -> EntryDetail {
    let returned = node.child("RtrInf");
    let is_return =
        returned.is_some() || codes::is_return(node.child("BkTxCd")) || entry.is_marked_return();
    let sides = Sides::of(node, entry, is_return);
    if sides.is_two_accounts {
        entry.doubt.get_or_insert(Doubt::Accounts);
    }
    let (amount, original_amount) = match amounts::of_transfer(node, entry.currency) {
        Ok(amounts) => amounts,
        Err(doubt) => {
            entry.doubt.get_or_insert(doubt);
            (None, None)
        }
    };
    let direction = node.child("CdtDbtInd").and_then(|node| direction_of(node.text()));
    if direction.is_none() && node.text_at("CdtDbtInd").is_some() {
        entry.doubt.get_or_insert(Doubt::Amounts);
    }
    let comes_back = direction == Some(Direction::Credit);
    if returned.is_some() && names_own_side(entry) && !comes_back {
        // Why money came back, in a booking by which it left.
        entry.doubt.get_or_insert(Doubt::ReturnWords);
    }
    let references = node.child("Refs");
    if let Some(creditor) = node.at("RltdPties/Cdtr") {
        read_creditor_id(creditor);
    }
    let reference = |name: &str| references.and_then(|references| references.owned_at(name));
    // A text of its own beside the remittance is left unread.
    let remittance = node.child("RmtInf").and_then(remittance);
    let remittance = remittance.or_else(|| joined(node, "AddtlTxInf"));
    let mut detail = EntryDetail {
        place: Place::line(file, node.line()),
        amount,
        direction,
        end_to_end_id: reference("EndToEndId"),
        counterparty: sides.near.name,
        counterparty_iban: sides.near.account,
        remittance,
        rare: Shared::new(RareOfDetails {
            payment_info_id: reference("PmtInfId"),
            message_id: reference("MsgId"),
            instruction_id: reference("InstrId"),
            bank_reference: reference("AcctSvcrRef"),
            mandate_id: reference("MndtId"),
            ultimate_counterparty: sides.near.ultimate,
            charges: node.child("Chrgs").and_then(amounts::charges),
            original_amount,
            opposite_party: sides.far.name,
            opposite_iban: sides.far.account,
            return_information: returned.map(return_of).or_else(|| {
                let by_code = codes::is_return(node.child("BkTxCd"));
                let comes_back = by_code && entry.direction == Direction::Credit;
                comes_back.then(ReturnInformation::default)
            }),
            unread: None,
        }),
    };
    let look = Look {
        above: "Ntry/NtryDtls/",
        apart: "",
        is_payment: names_own_side(entry),
        for_accounts: detail.counterparty_iban.is_none(),
    };
    if let Some(texts) = look.texts(node, paths) {
        detail.unread = Some(texts);
    }
    detail
}

/// Whether the debtor of a booking's transfers is the account's owner, so that nothing of that side
/// counts.
pub(crate) fn names_own_side(entry: &StatementEntry) -> bool {
    entry.direction == Direction::Debit && !entry.reversal
}

fn return_of(node: Node<'_>) -> ReturnInformation {
    ReturnInformation {
        code: node.child("Rsn").and_then(Node::choice).map(str::to_owned),
        text: joined(node, "AddtlInf"),
    }
}

/// The creditor identifier of a direct debit says who collects; such bookings pay nobody of a list.
fn read_creditor_id(creditor: Node<'_>) {
    for party in [Some(creditor), creditor.child("Pty")].into_iter().flatten() {
        for other in
            ["Id/PrvtId/Othr", "Id/OrgId/Othr"].into_iter().filter_map(|path| party.at(path))
        {
            if other.text_at("SchmeNm/Prtry") == Some("SEPA") {
                let _understood = other.text_at("Id");
            }
        }
    }
}

/// A party, its account, and who it stands for.
#[derive(Debug, Default)]
struct Side {
    name: Option<String>,
    account: Option<Iban>,
    ultimate: Option<String>,
}

impl Side {
    fn read(parties: Node<'_>, [name, account_name, ultimate]: [&str; 3]) -> Self {
        Self {
            name: parties.child(name).and_then(party),
            account: parties.child(account_name).and_then(account),
            ultimate: parties.child(ultimate).and_then(party),
        }
    }

    const fn is_empty(&self) -> bool {
        self.name.is_none() && self.account.is_none()
    }
}

const DEBTOR: [&str; 3] = ["Dbtr", "DbtrAcct", "UltmtDbtr"];
const CREDITOR: [&str; 3] = ["Cdtr", "CdtrAcct", "UltmtCdtr"];

/// The two sides of a transfer.
#[derive(Debug, Default)]
struct Sides {
    /// The other side of the account: the payee of what was paid, the payer of what came in.
    near: Side,
    /// The side that is the account's own by rights. Of a transfer that comes back nobody knows: some
    /// banks keep the parties of the original, others turn them round.
    far: Side,
    is_two_accounts: bool,
}

impl Sides {
    fn of(node: Node<'_>, entry: &StatementEntry, is_return: bool) -> Self {
        let Some(parties) = node.child("RltdPties") else { return Self::default() };
        // In a returned transfer the parties keep the roles of the original.
        let is_incoming = entry.direction == Direction::Credit && !is_return;
        let (near, far) = if is_incoming { (DEBTOR, CREDITOR) } else { (CREDITOR, DEBTOR) };
        let two = |names: [&str; 3]| parties.child(names[1]).is_some_and(is_two_accounts);
        let is_two_accounts = two(near);
        if names_own_side(entry) {
            return Self { near: Side::read(parties, near), is_two_accounts, ..Self::default() };
        }
        let (near, far) = (Side::read(parties, near), Side::read(parties, far));
        if near.is_empty() {
            return Self { near: far, far: near, is_two_accounts };
        }
        Self { near, far, is_two_accounts }
    }
}
