//! The columns of the CSV of bank entries: the names of the JSON's `bank_entries`.

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub enum EntryColumn {
    File,
    Line,
    Account,
    BookingDate,
    ValueDate,
    Amount,
    Currency,
    Disposition,
    Counterparty,
    CounterpartyIban,
    EndToEndId,
    Remittance,
    BookingText,
}

impl EntryColumn {
    /// All of them, in their usual order.
    pub const ALL: [Self; 13] = [
        Self::File,
        Self::Line,
        Self::Account,
        Self::BookingDate,
        Self::ValueDate,
        Self::Amount,
        Self::Currency,
        Self::Disposition,
        Self::Counterparty,
        Self::CounterpartyIban,
        Self::EndToEndId,
        Self::Remittance,
        Self::BookingText,
    ];

    /// Its name in the header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Line => "line",
            Self::Account => "account",
            Self::BookingDate => "booking_date",
            Self::ValueDate => "value_date",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::Disposition => "disposition",
            Self::Counterparty => "counterparty",
            Self::CounterpartyIban => "counterparty_iban",
            Self::EndToEndId => "end_to_end_id",
            Self::Remittance => "remittance",
            Self::BookingText => "booking_text",
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
        for (place, column) in EntryColumn::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, place, "{column:?}");
            assert_eq!(EntryColumn::from_name(column.name()), Some(column));
        }
        assert_eq!(EntryColumn::from_name("nonsense"), None);
    }
}
