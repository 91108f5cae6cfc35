//! By which columns this tool's own outputs are known: they are never evidence.

/// Machine names that reports, lists of bookings and truth files have, and nobody else.
const NAMES: [&str; 19] = [
    "reason",
    "how",
    "evidence",
    "rule",
    "booked_on",
    "latest_credit",
    "guaranteed",
    "credited_amount",
    "reason_code",
    "actor",
    "action",
    "entries",
    "trail",
    "disposition",
    "counterparty_iban",
    "needs_person",
    "fault",
    "credited_ok",
    "provable",
];

/// Names that stand together in lists of findings, changes, letters and samples, and nowhere else.
const PAIRS: [[&str; 2]; 5] = [
    ["kind", "severity"],
    ["kind", "old_status"],
    ["kind", "change"],
    ["reason", "request"],
    ["checked_by", "finding"],
];

/// Headings of the tables for people, which count only beside [`MONEY`].
const HEADINGS: [&str; 19] = [
    "Zuordnung",
    "Gegenseite",
    "Stelle",
    "disposition",
    "other side",
    "Grund",
    "Was tun",
    "Beleg",
    "Nachweis",
    "Art",
    "erwartet",
    "reason",
    "action",
    "proof",
    "evidence",
    "how",
    "expected",
    "am",
    "on",
];

/// How those tables name their amounts.
const MONEY: [&str; 2] = ["Betrag €", "amount €"];

/// Titles of reports as Markdown, HTML or text.
pub const TITLES: [&str; 2] = ["Zahlungsabgleich", "Payment reconciliation"];

/// Names of sheets that stand together in reports as workbooks, in both languages.
const SHEETS: [[&str; 2]; 2] =
    [["Alle Zahlungen", "Bankbuchungen"], ["All payments", "Bank entries"]];

/// Whether these are the sheets of a report.
pub fn are_sheets(names: &[&str]) -> bool {
    SHEETS.iter().any(|own| own.iter().all(|name| names.contains(name)))
}

/// Whether these are the column names of one of the tool's own outputs.
pub fn is_header<'a>(names: impl Iterator<Item = &'a str>) -> bool {
    let names: Vec<&str> = names.map(str::trim).collect();
    let own = names.iter().filter(|name| NAMES.contains(name)).count();
    let has = |name: &str| names.contains(&name);
    let headings = names.iter().filter(|name| HEADINGS.contains(name)).count();
    let money = names.iter().any(|name| MONEY.contains(name));
    own >= 3
        || (has("status") && has("reason"))
        || (has("disposition") && has("booking_date"))
        || (money && headings >= 2)
        || PAIRS.iter().any(|pair| pair.iter().all(|name| has(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        for (names, own) in [
            ("case_id,amount,status,reason,evidence,credited_on", true),
            ("case_id,status,reason", true),
            ("booking_date,value_date,amount,disposition,counterparty", true),
            ("file,line,iban,amount,state,fault,credited_ok,provable", true),
            ("Az.,Name,Betrag €,Grund,Was tun,Beleg", true),
            ("kind,severity,case_id,end_to_end_id,beneficiary,iban,amount", true),
            ("case_id,name,amount,due,iban,reason,request,row", true),
            ("number,kind,case_id,name,amount,iban,row,checked_by,finding", true),
            ("Az.,Name,Betrag €,IBAN", false),
            ("case_id,name,amount,list_status,credited_on", false),
            ("Aktenzeichen,Name,Betrag,Grund,Beleg,Art", false),
        ] {
            assert_eq!(is_header(names.split(',')), own, "{names}");
        }
    }
}
