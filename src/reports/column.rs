//! The columns of the CSV of payments: the names of the JSON.

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub enum Column {
    CaseId,
    EndToEndId,
    Benefit,
    Beneficiary,
    Payee,
    Iban,
    Amount,
    Currency,
    Office,
    Facility,
    Run,
    File,
    Line,
    Status,
    Reason,
    How,
    Evidence,
    Rule,
    Due,
    BookedOn,
    CreditedOn,
    LatestCredit,
    Guaranteed,
    CreditedAmount,
    ReasonCode,
    ReasonText,
    Actor,
    Action,
    Entries,
    Trail,
    NeedsPerson,
    Resolution,
}

impl Column {
    /// All of them, in their usual order; the last two are written only if asked for, or beside decisions.
    pub const ALL: [Self; 32] = [
        Self::CaseId,
        Self::EndToEndId,
        Self::Benefit,
        Self::Beneficiary,
        Self::Payee,
        Self::Iban,
        Self::Amount,
        Self::Currency,
        Self::Office,
        Self::Facility,
        Self::Run,
        Self::File,
        Self::Line,
        Self::Status,
        Self::Reason,
        Self::How,
        Self::Evidence,
        Self::Rule,
        Self::Due,
        Self::BookedOn,
        Self::CreditedOn,
        Self::LatestCredit,
        Self::Guaranteed,
        Self::CreditedAmount,
        Self::ReasonCode,
        Self::ReasonText,
        Self::Actor,
        Self::Action,
        Self::Entries,
        Self::Trail,
        Self::NeedsPerson,
        Self::Resolution,
    ];

    /// Those that are written if nobody asks for others.
    pub fn usual(has_decisions: bool) -> &'static [Self] {
        const USUAL: usize = 30;
        let usual = Self::ALL.get(..USUAL).unwrap_or(&Self::ALL);
        if has_decisions { &Self::ALL } else { usual }
    }

    /// Its name in the header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CaseId => "case_id",
            Self::EndToEndId => "end_to_end_id",
            Self::Benefit => "benefit",
            Self::Beneficiary => "beneficiary",
            Self::Payee => "payee",
            Self::Iban => "iban",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::Office => "office",
            Self::Facility => "facility",
            Self::Run => "run",
            Self::File => "file",
            Self::Line => "line",
            Self::Status => "status",
            Self::Reason => "reason",
            Self::How => "how",
            Self::Evidence => "evidence",
            Self::Rule => "rule",
            Self::Due => "due",
            Self::BookedOn => "booked_on",
            Self::CreditedOn => "credited_on",
            Self::LatestCredit => "latest_credit",
            Self::Guaranteed => "guaranteed",
            Self::CreditedAmount => "credited_amount",
            Self::ReasonCode => "reason_code",
            Self::ReasonText => "reason_text",
            Self::Actor => "actor",
            Self::Action => "action",
            Self::Entries => "entries",
            Self::Trail => "trail",
            Self::NeedsPerson => "needs_person",
            Self::Resolution => "resolution",
        }
    }

    /// The column of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_its_name_and_place() {
        for (place, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, place, "{column:?}");
            assert_eq!(Column::from_name(column.name()), Some(column));
        }
        assert_eq!(Column::from_name("nonsense"), None);
    }
}
