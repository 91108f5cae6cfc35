//! The ways in which payments are proven, and what speaks against them.

use crate::simulate::formats::BankFormat;

/// How the bank data prove a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A debit with the row's end-to-end id.
    OwnId,
    /// A debit without an id whose text names the case.
    CaseNumber,
    /// A debit with account and amount alone.
    Account,
    /// The list has no id; the order has one, and so has the debit.
    Ordered,
    /// A member of an order's collective debit.
    Batch,
    /// One transfer for the residents of a home.
    Merged,
    /// Two transfers under the row's id.
    Split,
    /// Two equal payments to one account, both booked.
    Twins,
    /// Came back early and was paid again in time.
    Repaid,
    /// Booked, and confirmed by the payee's side.
    Confirmed,
}

impl Way {
    /// All ways.
    pub const ALL: [Self; 10] = [
        Self::OwnId,
        Self::CaseNumber,
        Self::Account,
        Self::Ordered,
        Self::Batch,
        Self::Merged,
        Self::Split,
        Self::Twins,
        Self::Repaid,
        Self::Confirmed,
    ];

    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnId => "own-id",
            Self::CaseNumber => "case-number",
            Self::Account => "account",
            Self::Ordered => "order",
            Self::Batch => "batch",
            Self::Merged => "home",
            Self::Split => "split",
            Self::Twins => "twins",
            Self::Repaid => "repaid",
            Self::Confirmed => "confirmed",
        }
    }

    /// Whether only an order file makes it one.
    pub const fn needs_order(self) -> bool {
        matches!(self, Self::Ordered | Self::Batch)
    }

    /// Whether bank or order know the payment by an end-to-end id of its own.
    pub const fn has_id(self) -> bool {
        !matches!(self, Self::CaseNumber | Self::Account | Self::Twins)
    }

    /// One row that one debit of its amount pays.
    pub const fn is_single(self) -> bool {
        matches!(self, Self::OwnId | Self::CaseNumber | Self::Account | Self::Ordered)
    }
}

/// The format of the further bank file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A statement or export in one of the formats of bank files.
    Bank(BankFormat),
    /// camt.052, which announces and reports.
    Report,
    /// camt.054.
    Notification,
}

impl Carrier {
    /// All carriers.
    pub const ALL: [Self; 7] = [
        Self::Bank(BankFormat::Camt053),
        Self::Bank(BankFormat::Mt940),
        Self::Bank(BankFormat::SparkasseCsv),
        Self::Bank(BankFormat::VrCsv),
        Self::Bank(BankFormat::DkbCsv),
        Self::Report,
        Self::Notification,
    ];

    /// Whether it is XML of ISO 20022.
    pub const fn is_camt(self) -> bool {
        matches!(self, Self::Bank(BankFormat::Camt053) | Self::Report | Self::Notification)
    }

    /// Whether it tells all bookings of its days.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Bank(_))
    }

    /// Whether its days have balances that tie.
    pub const fn has_balances(self) -> bool {
        match self {
            Self::Bank(format) => format.has_statements(),
            Self::Report | Self::Notification => false,
        }
    }

    /// Whether it can announce.
    pub const fn announces(self) -> bool {
        match self {
            Self::Bank(format) => format.shows_pending(),
            Self::Report => true,
            Self::Notification => false,
        }
    }
}

macro_rules! kinds {
    ($($kind:ident, $name:literal, $story:literal;)*) => {
        /// What one more file says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Against {
            $(#[doc = $story] $kind,)*
        }

        impl Against {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The machine name, as in the truth file.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// What is said, in a sentence.
            pub const fn story(self) -> &'static str {
                match self { $(Self::$kind => $story,)* }
            }
        }
    };
}

kinds! {
    Nothing, "nothing", "Nothing is said against it.";
    StrangersReturn, "strangers-return", "Somebody else's money comes back.";
    PaysIn, "pays-in", "The payee pays in another sum.";
    AnnouncedDebit, "announced-debit", "The debit was announced before it was booked.";
    RejectBefore, "reject-before", "Refused days before it was booked.";
    StrangersRecall, "strangers-recall", "A recall of an unknown payment.";
    ReturnOwnId, "return-own-id", "Comes back under its own id.";
    ReturnOwnIdFee, "return-own-id-fee", "Comes back under its own id, less a fee.";
    ReturnClearing, "return-clearing-account", "Comes back under its own id from a clearing account.";
    ReturnOtherId, "return-other-id", "Comes back from its account under another id.";
    ReturnCase, "return-case", "A return names the case.";
    ReturnCaseFee, "return-case-fee", "A return names the case, less a fee.";
    ReturnAccount, "return-account", "A return from its account with its amount.";
    ReturnName, "return-name", "A return with its name and amount.";
    ReturnUnmarked, "return-unmarked", "A credit without a mark under its own id.";
    ReturnSwapped, "return-swapped", "A return with its account as the debtor's (camt).";
    ReturnEntryCode, "return-entry-code", "Only the entry's code says that it is a return (camt).";
    ReturnCollective, "return-collective", "One credit without amounts of its own returns two (camt).";
    ReturnAnnounced, "return-announced", "A return is announced, the data end before it.";
    Reversal, "reversal", "The bank takes the booking back.";
    ReversalDebit, "reversal-debit", "A debit marked as reversal under its own id (camt).";
    SecondDebit, "second-debit", "Booked once more.";
    RejectId, "reject-id", "Refused by id after it was booked.";
    RejectAccount, "reject-account", "Refused by order, account and amount.";
    Recall056, "recall-056", "Recalled by camt.056.";
    Recall055, "recall-055", "Recalled by camt.055.";
    RecallAccount, "recall-account", "Recalled by account and amount.";
    RecallRefused, "recall-refused", "Recalled; the recall was refused.";
    Blocked, "blocked-paid", "Blocked in the list.";
    OtherAccountOrdered, "order-other-account", "The order names another account, the bank none.";
    RicherAccount, "richer-account", "The second telling shows another account.";
    ReportOnly, "report-only", "Only a report or an export tells it; the day's statement ties without it.";
    OtherMonth, "other-month", "A constant id, and the text names another month.";
    ConfirmedEarly, "confirmed-early", "Confirmed before the money left, which was late.";
    ConfirmedUnbooked, "confirmed-unbooked", "Confirmed, but the statements of all days hold no debit.";
    ConfirmedOther, "confirmed-other-amount", "Another amount is confirmed, nothing was booked.";
}

/// What surrounds a case.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The format of the bank files.
    pub main: BankFormat,
    /// The format of the further one.
    pub carrier: Carrier,
    /// With an order file.
    pub with_order: bool,
    /// The bank files end a day after the due date; only the further file goes on.
    pub early: bool,
}

impl Against {
    /// Whether the payment is proven all the same.
    pub const fn is_harmless(self) -> bool {
        matches!(
            self,
            Self::Nothing
                | Self::StrangersReturn
                | Self::PaysIn
                | Self::AnnouncedDebit
                | Self::RejectBefore
                | Self::StrangersRecall
        )
    }

    /// Whether a payment that is proven like this can be spoken against like that.
    pub const fn fits(self, way: Way, setting: &Setting) -> bool {
        if way.needs_order() && !setting.with_order
            || matches!(way, Way::Merged) && setting.with_order
        {
            return false;
        }
        let camt = setting.carrier.is_camt();
        match self {
            Self::Nothing
            | Self::StrangersReturn
            | Self::PaysIn
            | Self::StrangersRecall
            | Self::ReturnCase
            | Self::ReturnAccount
            | Self::Reversal
            | Self::Blocked => true,
            Self::ReturnOtherId | Self::ReturnCaseFee | Self::ReturnName => true,
            Self::ReturnOwnId
            | Self::ReturnOwnIdFee
            | Self::ReturnClearing
            | Self::ReturnUnmarked
            | Self::RejectId
            | Self::Recall056
            | Self::Recall055
            | Self::RecallRefused => way.has_id(),
            Self::ReturnSwapped | Self::ReturnEntryCode => camt,
            Self::ReversalDebit => camt && way.has_id(),
            Self::ReturnCollective => camt && matches!(way, Way::OwnId),
            Self::ReturnAnnounced => setting.carrier.announces() && setting.early,
            Self::AnnouncedDebit => setting.carrier.announces() && way.is_single(),
            Self::SecondDebit => {
                matches!(way, Way::OwnId | Way::CaseNumber | Way::Ordered | Way::Batch)
            }
            Self::RejectBefore => matches!(way, Way::OwnId | Way::Ordered),
            Self::RejectAccount | Self::RecallAccount => {
                setting.with_order && !matches!(way, Way::Split | Way::Repaid)
            }
            Self::OtherAccountOrdered => setting.with_order && matches!(way, Way::OwnId),
            Self::RicherAccount => matches!(way, Way::OwnId | Way::CaseNumber),
            Self::ReportOnly => {
                setting.main.has_statements()
                    && !setting.carrier.has_balances()
                    && matches!(way, Way::OwnId | Way::CaseNumber | Way::Account)
            }
            Self::ConfirmedUnbooked => setting.main.has_statements() && matches!(way, Way::OwnId),
            Self::OtherMonth | Self::ConfirmedEarly | Self::ConfirmedOther => {
                matches!(way, Way::OwnId)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_speaks_in_some_month_and_every_way_is_spoken_against() {
        let mut settings = Vec::new();
        for carrier in Carrier::ALL {
            for main in [BankFormat::Camt053, BankFormat::SparkasseCsv] {
                for (with_order, early) in
                    [(false, false), (false, true), (true, false), (true, true)]
                {
                    settings.push(Setting { main, carrier, with_order, early });
                }
            }
        }
        for kind in Against::ALL {
            let fits = |way: &Way| settings.iter().any(|setting| kind.fits(*way, setting));
            assert!(Way::ALL.iter().any(fits), "{}", kind.name());
        }
        for way in Way::ALL {
            let against = Against::ALL.iter().filter(|kind| !kind.is_harmless());
            let speak = against.filter(|kind| settings.iter().any(|one| kind.fits(way, one)));
            assert!(speak.count() >= 8, "{}", way.name());
        }
    }
}
