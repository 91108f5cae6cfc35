//! What the columns of a table mean, by their header names.

use crate::model::text::fold_words;
use crate::readers::options::ColumnMap;

/// The meaning of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Case number.
    CaseId,
    /// Benefit.
    Benefit,
    /// Person entitled.
    Beneficiary,
    /// Family name of the person entitled.
    LastName,
    /// First name of the person entitled.
    FirstName,
    /// Holder of the account paid to.
    Payee,
    /// Account paid to (lists), of the other side (bank).
    Iban,
    /// Bank code where the account is given without IBAN.
    BankCode,
    /// Amount.
    Amount,
    /// Amount that left the account.
    Debit,
    /// Amount that came in.
    Credit,
    /// S/H mark.
    Mark,
    /// Currency.
    Currency,
    /// Due date.
    Due,
    /// End-to-end id.
    EndToEndId,
    /// Remittance text.
    Remittance,
    /// Payment run.
    Run,
    /// Facility.
    Facility,
    /// Channel.
    Channel,
    /// The list's own status; booked or pending in bank files.
    Status,
    /// Office.
    Office,
    /// Remark.
    Note,
    /// The account that pays (lists), the account of the export (bank).
    OwnAccount,
    /// Day of a confirmed credit.
    CreditedOn,
    /// Day of the booking.
    BookingDate,
    /// Value date.
    ValueDate,
    /// Booking text.
    BookingText,
    /// Other side of a booking.
    Counterparty,
    /// Second part of its name.
    Counterparty2,
    /// The payer of a booking, where payer and payee have columns of their own.
    Payer,
    /// Mandate of a direct debit.
    Mandate,
    /// Balance after the booking.
    Balance,
    /// Number of transfers in a collective booking.
    Count,
    /// Known, but of no use here.
    Unused,
}

/// The columns of a header.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Meaning of each column; `None` where it is not known.
    pub fields: Vec<Option<Field>>,
    /// The names as they stand.
    pub names: Vec<String>,
}

impl Columns {
    /// The number of the first column with this meaning.
    pub fn position(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|own| *own == Some(field))
    }

    /// Whether there is such a column.
    pub fn has(&self, field: Field) -> bool {
        self.position(field).is_some()
    }

    /// How many columns are understood.
    pub fn known(&self) -> usize {
        self.fields.iter().flatten().count()
    }

    /// The name of a column.
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }
}

/// A header name as it is compared: lower case, umlauts as single vowels, nothing but letters
/// and digits.
pub fn fold(name: &str) -> String {
    fold_words(name).concat()
}

/// Reads a header as that of a payment list or confirmation.
pub fn of_list<'a>(names: impl Iterator<Item = &'a str>, map: Option<&ColumnMap>) -> Columns {
    let mut columns = Columns::default();
    for name in names {
        let folded = fold(name);
        let mapped = map.and_then(|map| {
            let pair = map.columns.iter().find(|(own, _)| fold(own) == folded)?;
            field_of_name(&pair.1)
        });
        let field = mapped.or_else(|| list_field(&folded));
        columns.fields.push(field);
        columns.names.push(name.to_owned());
    }
    columns
}

/// The field a column map means.
pub fn field_of_name(name: &str) -> Option<Field> {
    Some(match name {
        "case_id" => Field::CaseId,
        "benefit" => Field::Benefit,
        "beneficiary" => Field::Beneficiary,
        "last_name" => Field::LastName,
        "first_name" => Field::FirstName,
        "payee" => Field::Payee,
        "iban" => Field::Iban,
        "amount" => Field::Amount,
        "currency" => Field::Currency,
        "due" => Field::Due,
        "end_to_end_id" => Field::EndToEndId,
        "remittance" => Field::Remittance,
        "run" => Field::Run,
        "facility" => Field::Facility,
        "channel" => Field::Channel,
        "list_status" => Field::Status,
        "office" => Field::Office,
        "note" => Field::Note,
        "payer_account" => Field::OwnAccount,
        "credited_on" => Field::CreditedOn,
        "ignore" => Field::Unused,
        _ => return None,
    })
}

/// The names are folded like those of the file: `oe` and `ue` are single vowels in `endtondid`
/// and `du` too.
fn list_field(folded: &str) -> Option<Field> {
    Some(match folded {
        "aktenzeichen" | "az" | "fallnummer" | "fallnr" | "fall" | "caseid" | "case"
        | "casenumber" | "caseno" | "aktennummer" | "aktenzeichenaz" | "geschaftszeichen"
        | "gz" | "fallid" | "vorgang" | "vorgangsnummer" | "kassenzeichen" | "kundennummer"
        | "bgnummer" => Field::CaseId,
        "leistungsart" | "leistung" | "benefit" | "benefittype" | "hilfeart" | "leistungstyp"
        | "zahlungsart" => Field::Benefit,
        "leistungsberechtigter"
        | "leistungsberechtigte"
        | "leistungsberechtigteperson"
        | "name"
        | "beneficiary"
        | "beneficiaryname"
        | "bewohner"
        | "bewohnerin"
        | "hilfeempfanger"
        | "leistungsempfanger"
        | "leistungsbezieher"
        | "person"
        | "berechtigter"
        | "berechtigte"
        | "vornamenachname"
        | "namevorname"
        | "nachnamevorname"
        | "namedesberechtigten"
        | "vollername"
        | "fullname"
        | "bewohnername" => Field::Beneficiary,
        "nachname" | "familienname" | "lastname" | "surname" | "zuname" => Field::LastName,
        "vorname" | "firstname" | "givenname" | "rufname" => Field::FirstName,
        "zahlungsempfanger"
        | "kontoinhaber"
        | "payee"
        | "empfanger"
        | "payeename"
        | "accountholder"
        | "creditor"
        | "creditorname"
        | "kontoinhaberin"
        | "zahlungsempfangerin"
        | "begunstigter"
        | "empfangername"
        | "abweichenderkontoinhaber" => Field::Payee,
        "iban"
        | "ibanempfanger"
        | "ibanzahlungsempfanger"
        | "payeeiban"
        | "kontonummeriban"
        | "empfangeriban"
        | "ibandesempfangers"
        | "ibankontonummer"
        | "account"
        | "konto"
        | "kontonummer"
        | "creditoriban"
        | "bankverbindung"
        | "zahlungsempfangeriban" => Field::Iban,
        "blz" | "bankleitzahl" => Field::BankCode,
        "betrag" | "zahlbetrag" | "amount" | "betrageur" | "betragineur" | "zahlbetrageur"
        | "auszahlungsbetrag" | "summe" | "zahlungsbetrag" | "amounteur" | "uberweisungsbetrag"
        | "leistungsbetrag" | "monatsbetrag" | "betrage" | "zahlbetragineur" => Field::Amount,
        "wahrung" | "currency" | "ccy" | "whg" => Field::Currency,
        "falligkeit" | "falligam" | "fallig" | "du" | "dudate" | "falligkeitsdatum" | "zahltag"
        | "zahltermin" | "zahlungstermin" | "falligkeitstag" | "valuta" => Field::Due,
        "endtondid"
        | "endezuendereferenz"
        | "endtondreferenz"
        | "endtondref"
        | "e2eid"
        | "endtond"
        | "endezuendeid"
        | "e2ereferenz"
        | "eref"
        | "e2e"
        | "endtondidentification"
        | "kundenreferenzendtond"
        | "endtondreference"
        | "kundenreferenz" => Field::EndToEndId,
        "verwendungszweck"
        | "remittance"
        | "zweck"
        | "remittanceinformation"
        | "purpose"
        | "buchungstext"
        | "verwendungszweck1"
        | "remittancetext" => Field::Remittance,
        "zahlungslauf" | "lauf" | "run" | "zahllauf" | "paymentrun" | "laufnummer"
        | "zahlungslaufnummer" | "laufnr" => Field::Run,
        "einrichtung" | "facility" | "heim" | "pflegeheim" | "einrichtungsname"
        | "pflegeeinrichtung" => Field::Facility,
        "zahlweg" | "channel" | "zahlungsweg" | "auszahlungsart" | "paymentchannel" | "zahlart"
        | "paymentmethod" => Field::Channel,
        "status" | "liststatus" | "zahlstatus" | "zahlungsstatus" | "sperrkennzeichen"
        | "sperre" | "sperrvermerk" => Field::Status,
        "dienststelle" | "gemeinde" | "office" | "amt" | "sozialamt" | "kommune" | "stadt"
        | "municipality" => Field::Office,
        "bemerkung" | "note" | "notiz" | "hinweis" | "kommentar" | "anmerkung" | "bemerkungen"
        | "remark" | "notes" => Field::Note,
        "auszahlungskonto"
        | "belastungskonto"
        | "payeraccount"
        | "auftragskonto"
        | "zahlendeskonto"
        | "ibanauftraggeber"
        | "auftraggeberiban"
        | "zahlkonto"
        | "debtoriban"
        | "payeriban"
        | "belastungskontoiban" => Field::OwnAccount,
        "creditedon"
        | "gutschriftam"
        | "gutgeschriebenam"
        | "gutschriftsdatum"
        | "gutschrift"
        | "gutschriftdatum"
        | "creditdate"
        | "dategutschrift"
        | "datumgutschrift"
        | "wertstellungempfanger" => Field::CreditedOn,
        "sh" | "sollhaben" | "sollhabenkennzeichen" | "vorzeichen" => Field::Mark,
        "nr" | "lfdnr" | "lfd" | "laufendenummer" | "bic" | "bankname" | "bank" | "position"
        | "pos" | "id" | "zeile" | "geburtsdatum" | "strasse" | "plz" | "ort" | "monat"
        | "kreditinstitut" | "anspruchsmonat" => Field::Unused,
        _ => return None,
    })
}

/// Reads a header as that of a bank's export.
pub fn of_bank<'a>(names: impl Iterator<Item = &'a str>) -> Columns {
    let mut columns = Columns::default();
    for name in names {
        let field = bank_field(name);
        // The first of two columns of one name is meant; a mark column has no name of its own.
        let repeated = field.is_some_and(|field| columns.has(field));
        columns.fields.push(if repeated { Some(Field::Unused) } else { field });
        columns.names.push(name.to_owned());
    }
    // Some banks put all they know into the booking text, and its kind into a column before it.
    if !columns.has(Field::Remittance) && columns.has(Field::BookingText) {
        let text = columns.names.iter().position(|name| fold(name) == "buchungstext");
        let kind = columns.position(Field::BookingText);
        if let Some(slot) = text.filter(|text| Some(*text) != kind) {
            if let Some(field) = columns.fields.get_mut(slot) {
                *field = Some(Field::Remittance);
            }
        }
    }
    let last = columns.names.len().saturating_sub(1);
    let nameless = columns.names.last().is_some_and(|name| name.trim().is_empty());
    if nameless && columns.names.iter().any(|name| fold(name) == "umsatz") {
        if let Some(slot) = columns.fields.get_mut(last) {
            *slot = Some(Field::Mark);
        }
    }
    columns
}

fn bank_field(name: &str) -> Option<Field> {
    // Damaged umlauts are left out: `W�hrung`, `Begünstigter` as `Beg�nstigter`.
    let folded = fold(&name.replace('\u{fffd}', ""));
    Some(match folded.as_str() {
        "auftragskonto"
        | "ibanauftragskonto"
        | "ibankontoinhaber"
        | "kontonummerauftragskonto"
        | "eigenesiban"
        | "ibandeskontos" => Field::OwnAccount,
        "buchungstag" | "buchungsdatum" | "bookingdate" | "datum" | "buchung" | "date"
        | "datecompleted" | "abschlussdatum" => Field::BookingDate,
        "valutadatum" | "valuta" | "wertstellung" | "wert" | "valudate" | "wertstellungvaluta" => {
            Field::ValueDate
        }
        "buchungstext" | "umsatzart" | "umsatztyp" | "transaktionstyp" | "type" | "vorgang"
        | "transaktionsart" => Field::BookingText,
        "verwendungszweck"
        | "vorgangverwendungszweck"
        | "paymentreference"
        | "text"
        | "referenz"
        | "reference"
        | "zweck" => Field::Remittance,
        "kundenreferenzendtond"
        | "kundenreferenz"
        | "endtondreferenz"
        | "endtondid"
        | "endezuendereferenz" => Field::EndToEndId,
        "mandatsreferenz" => Field::Mandate,
        "beguenstigterzahlungspflichtiger"
        | "begunstigterzahlungspflichtiger"
        | "namezahlungsbeteiligter"
        | "begunstigterauftraggeber"
        | "begnstigterauftraggeber"
        | "auftraggeberbegunstigter"
        | "auftraggeberbegnstigter"
        | "auftraggeberempfanger"
        | "auftraggeberempfnger"
        | "empfangerzahlungspflichtiger"
        | "empfanger"
        | "partnername"
        | "empfanger1"
        | "payee"
        | "auftraggeberzahlungsempfanger"
        | "gegenpartei"
        | "namedesgeschaftspartners" => Field::Counterparty,
        "empfanger2" => Field::Counterparty2,
        "zahlungsempfangerin" => Field::Payee,
        "zahlungspflichtiger" => Field::Payer,
        "kontonummeriban"
        | "ibanzahlungsbeteiligter"
        | "iban"
        | "ibankontonummer"
        | "partneriban"
        | "kontonummer"
        | "accountnumber"
        | "kontonr" => Field::Iban,
        "blz" | "blzbic" => Field::BankCode,
        "betrag" | "betrageur" | "umsatz" | "umsatzineur" | "amounteur" | "betrag€" | "amount" => {
            Field::Amount
        }
        "soll" => Field::Debit,
        "haben" => Field::Credit,
        "sh" | "sollhaben" | "sollhabenkennzeichen" => Field::Mark,
        "waehrung" | "wahrung" | "whrung" | "currency" | "originalcurrency" => Field::Currency,
        "info" | "status" => Field::Status,
        "saldonachbuchung" | "saldo" | "balance" => Field::Balance,
        "anzahlderauftrage" | "anzahlderauftrge" => Field::Count,
        "glaubigerid"
        | "glubigerid"
        | "sammlerreferenz"
        | "lastschriftursprungsbetrag"
        | "auslagenersatzrucklastschrift"
        | "bicswiftcode"
        | "bic"
        | "bezeichnungauftragskonto"
        | "bicauftragskonto"
        | "banknameauftragskonto"
        | "bicswiftcodezahlungsbeteiligter"
        | "bemerkung"
        | "gekennzeichneterumsatz"
        | "fremdegebuhren"
        | "fremdegebhren"
        | "abweichenderempfanger"
        | "abweichenderempfnger"
        | "abweichenderauftraggeber"
        | "anzahlderschecks"
        | "kategorie"
        | "bank"
        | "produkt"
        | "accountname"
        | "originalamount"
        | "exchangerate"
        | "betragfremdwahrung"
        | "fremdwahrung"
        | "wechselkurs"
        | "notiz" => Field::Unused,
        _ => return None,
    })
}
