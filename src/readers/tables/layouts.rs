//! The layouts of the banks' exports: one row a bank. Another bank is a row here and a sample.
//!
//! What header names mean in general stands in [`bank_names`](crate::readers::tables::bank_names);
//! a layout says only what is special to it.

use std::sync::LazyLock;

use crate::model::amount::DecimalMark;
use crate::readers::tables::field::Field;
use crate::readers::tables::header_name::fold;
use crate::readers::tables::values::DayOrder;

/// One bank's export.
#[derive(Debug)]
pub(crate) struct BankLayout {
    /// The machine name, told by `inspect`.
    pub(crate) name: &'static str,
    /// Header names that tell it; all of them stand in the header.
    told_by: &'static [&'static str],
    /// The decimal mark of its amounts; `None` where the cells have to say.
    pub(crate) decimal: Option<DecimalMark>,
    /// How it writes days with slashes.
    pub(crate) days: DayOrder,
    /// Header names, folded, that mean something else here than in general: above all, whose
    /// account a column holds.
    pub(crate) special: &'static [(&'static str, Field)],
}

const COMMA: Option<DecimalMark> = Some(DecimalMark::Comma);
const POINT: Option<DecimalMark> = Some(DecimalMark::Point);
const OPEN: DayOrder = DayOrder::Open;

/// The layouts; the first that fits is meant.
static LAYOUTS: &[BankLayout] = &[
    BankLayout {
        name: "sparkasse-csv-camt",
        told_by: &["kundenreferenzendtoend", "sammlerreferenz"],
        decimal: COMMA,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "sparkasse-csv-mt940",
        told_by: &["auftragskonto", "begunstigterzahlungspflichtiger"],
        decimal: COMMA,
        days: OPEN,
        special: &[("kontonummer", Field::Iban)],
    },
    BankLayout {
        name: "vr-csv",
        told_by: &["ibanauftragskonto", "namezahlungsbeteiligter"],
        decimal: COMMA,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "vr-csv-old",
        told_by: &["empfangerzahlungspflichtiger", "umsatz"],
        decimal: COMMA,
        days: OPEN,
        special: &[
            ("auftraggeberzahlungsempfanger", Field::OwnName),
            ("auftraggeberzahlungsempfnger", Field::OwnName),
            ("kontonr", Field::Iban),
            ("iban", Field::Iban),
            ("vorgangverwendungszweck", Field::KindAndText),
            ("", Field::Mark),
        ],
    },
    BankLayout {
        name: "vr-csv-old",
        told_by: &["empfngerzahlungspflichtiger", "umsatz"],
        decimal: COMMA,
        days: OPEN,
        special: &[
            ("auftraggeberzahlungsempfnger", Field::OwnName),
            ("kontonr", Field::Iban),
            ("iban", Field::Iban),
            ("vorgangverwendungszweck", Field::KindAndText),
            ("", Field::Mark),
        ],
    },
    BankLayout {
        name: "fiducia-csv",
        told_by: &["textschlussel", "primanota", "zahlungsempfangeriban"],
        decimal: COMMA,
        days: OPEN,
        special: &[("vorgangverwendungszweck", Field::Remittance)],
    },
    BankLayout {
        name: "dkb-csv",
        told_by: &["zahlungsempfangerin", "umsatztyp"],
        decimal: COMMA,
        days: OPEN,
        special: &[("iban", Field::Iban)],
    },
    BankLayout {
        name: "dkb-csv-old",
        told_by: &["auftraggeberbegunstigter", "betrageur"],
        decimal: COMMA,
        days: OPEN,
        special: &[("kontonummer", Field::Iban)],
    },
    BankLayout {
        name: "postbank-csv",
        told_by: &["umsatzart", "begunstigterauftraggeber"],
        decimal: COMMA,
        days: OPEN,
        special: &[("iban", Field::Iban)],
    },
    BankLayout {
        name: "deutsche-bank-csv-english",
        told_by: &["bookingdate", "beneficiaryoriginator", "paymentdetails"],
        decimal: POINT,
        days: DayOrder::MonthFirst,
        special: &[("iban", Field::Iban), ("originalamount", Field::Unused)],
    },
    BankLayout {
        name: "deutsche-bank-csv-app",
        told_by: &["auftraggeberempfanger", "ibankontonummer", "produkt"],
        decimal: COMMA,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "commerzbank-csv",
        told_by: &["umsatzart", "buchungstext", "ibankontoinhaber"],
        decimal: COMMA,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "commerzbank-csv-2018",
        told_by: &["umsatzart", "buchungstext", "ibanauftraggeberkonto"],
        decimal: COMMA,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "comdirect-csv",
        told_by: &["vorgang", "umsatzineur"],
        decimal: COMMA,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "ing-csv",
        told_by: &["buchung", "auftraggeberempfanger"],
        decimal: COMMA,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "hypovereinsbank-csv",
        told_by: &["kontonummer", "empfanger1"],
        decimal: COMMA,
        days: OPEN,
        special: &[("kontonummer", Field::OwnAccount)],
    },
    BankLayout {
        name: "consorsbank-csv",
        told_by: &["buchung", "senderempfanger", "ibankontonr"],
        decimal: COMMA,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "1822direkt-csv",
        told_by: &["sollhaben", "buchungsart", "empfangerauftraggeberiban"],
        decimal: COMMA,
        days: OPEN,
        special: &[
            ("sollhaben", Field::Amount),
            ("kontonummer", Field::OwnAccount),
            ("datumzeit", Field::Unused),
        ],
    },
    BankLayout {
        name: "n26-csv",
        told_by: &["partnername", "partneriban"],
        decimal: POINT,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "n26-csv-old",
        told_by: &["transaktionstyp", "wechselkurs"],
        decimal: POINT,
        days: OPEN,
        special: &[("kontonummer", Field::Iban)],
    },
    BankLayout {
        name: "n26-csv-old",
        told_by: &["payee", "accountnumber", "transactiontype"],
        decimal: POINT,
        days: OPEN,
        special: &[("accountnumber", Field::Iban)],
    },
    BankLayout {
        name: "windata-csv",
        told_by: &["agibankontonr", "verwendung1", "umsatz"],
        decimal: COMMA,
        days: OPEN,
        special: &[
            ("blz", Field::OwnBankCode),
            ("kontonr", Field::OwnAccount),
            // A transaction code that the program writes alike into every row.
            ("", Field::Unused),
        ],
    },
    BankLayout {
        name: "hibiscus-csv",
        told_by: &["gegenkonto", "gegenkontoinhaber", "vormerkbuchung"],
        decimal: COMMA,
        days: OPEN,
        special: &[
            ("iban", Field::OwnAccount),
            // The name that the account has in the program.
            ("konto", Field::Unused),
        ],
    },
    BankLayout {
        name: "outbank-csv",
        told_by: &["konto", "nummer", "separeferenz"],
        decimal: COMMA,
        days: OPEN,
        special: &[
            ("konto", Field::OwnAccount),
            ("nummer", Field::Iban),
            ("name", Field::Counterparty),
            ("status", Field::StatusIfAny),
        ],
    },
    BankLayout {
        name: "finom-csv",
        told_by: &["counterpartyiban", "walletiban", "zahlungsbetrag"],
        decimal: None,
        days: OPEN,
        special: &[
            ("walletiban", Field::OwnAccount),
            ("zahlungsbetrag", Field::Amount),
            ("zahlungswahrung", Field::Currency),
            ("timecompleted", Field::ValueDate),
        ],
    },
    BankLayout {
        name: "kontist-csv",
        told_by: &["buchungsdatum", "transaktionstyp", "empfanger", "verwendungszweck"],
        decimal: COMMA,
        days: OPEN,
        special: &[],
    },
    BankLayout {
        name: "bunq-csv",
        told_by: &["interestdate", "account", "counterparty"],
        decimal: None,
        days: OPEN,
        special: &[
            ("account", Field::OwnAccount),
            ("counterparty", Field::Iban),
            ("name", Field::Counterparty),
        ],
    },
];

/// An export of no bank that is known: its columns have names that say enough.
static OTHER: BankLayout =
    BankLayout { name: "bank-csv", told_by: &[], decimal: None, days: OPEN, special: &[] };

/// The layout that header names, folded, belong to.
pub(crate) fn of_names(names: &[String]) -> &'static BankLayout {
    /// Folded once: every one of the first lines asks.
    static TOLD_BY: LazyLock<Vec<(Vec<String>, &'static BankLayout)>> = LazyLock::new(|| {
        let folded = |layout: &BankLayout| layout.told_by.iter().map(|name| fold(name)).collect();
        LAYOUTS.iter().map(|layout| (folded(layout), layout)).collect()
    });
    let fits = |told_by: &[String]| told_by.iter().all(|wanted| names.contains(wanted));
    TOLD_BY.iter().find(|(told_by, _)| fits(told_by)).map_or(&OTHER, |(_, layout)| layout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded() {
        for layout in LAYOUTS {
            for (name, _) in layout.special {
                assert_eq!(fold(name), *name, "{}", layout.name);
            }
        }
    }
}
