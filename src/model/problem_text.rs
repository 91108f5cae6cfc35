//! The table of problems: one row each, none without a hint, in both languages.

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A person has to look; exit code 1 (or 3, where a file was refused for it).
    Error,
    /// Worth knowing; a verdict may have been lowered for it.
    Warning,
    /// For the record.
    Note,
}

impl Severity {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Name and sentences of a problem. `{field}`, `{value}` and `{expected}` are filled in.
#[derive(Clone, Copy, Debug)]
pub struct ProblemText {
    /// The machine name.
    pub name: &'static str,
    /// What is wrong, in German.
    pub german: &'static str,
    /// What to do, in German.
    pub german_hint: &'static str,
    /// What is wrong, in English.
    pub english: &'static str,
    /// What to do, in English.
    pub english_hint: &'static str,
}

/// Makes the enum and its table from the same rows, so that no problem lacks a name, a weight,
/// a sentence or a hint.
macro_rules! problems {
    ($( #[doc = $doc:literal] $variant:ident: $weight:ident, $name:literal,
        $german:literal => $german_hint:literal, $english:literal => $english_hint:literal; )*) => {
        /// What can be wrong. The names are part of the contract with scripts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ProblemCode { $( #[doc = $doc] $variant, )* }

        impl ProblemCode {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[ $( Self::$variant, )* ];

            /// The machine name, such as `amount-not-a-number`.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }

            /// The weight it has unless a reader knows better.
            pub const fn usual_severity(self) -> Severity {
                match self { $( Self::$variant => Severity::$weight, )* }
            }

            /// Name and sentences.
            pub const fn text(self) -> ProblemText {
                match self { $( Self::$variant => ProblemText {
                    name: $name,
                    german: $german,
                    german_hint: $german_hint,
                    english: $english,
                    english_hint: $english_hint,
                }, )* }
            }
        }
    };
}

problems! {
    /// The file cannot be opened or read.
    FileUnreadable: Error, "file-unreadable",
        "Die Datei kann nicht gelesen werden: {value}"
        => "Rechte und Datenträger prüfen",
        "the file cannot be read: {value}"
        => "check permissions and the medium";
    /// Not a byte, or nothing but blanks.
    FileEmpty: Error, "file-empty",
        "Die Datei ist leer"
        => "die Datei neu exportieren",
        "the file is empty"
        => "export the file again";
    /// Nothing in it is known.
    FileKindUnknown: Error, "file-kind-unknown",
        "Die Datei ist weder Zahlungsliste noch Auftrag noch Bankdatei ({value})"
        => "mit `gutschrift inspect` ansehen; eigene Spaltennamen gehören in eine Spaltenzuordnung der Konfiguration",
        "the file is no payment list, order or bank file ({value})"
        => "look at it with `gutschrift inspect`; other column names go into a column map of the configuration";
    /// A file of a folder or archive that is none of ours.
    FileIgnored: Note, "file-ignored",
        "Die Datei gehört nicht zu den Zahlungsdaten und wurde nicht gelesen ({value})"
        => "nichts zu tun, wenn sie nicht dazugehört",
        "the file is not payment data and was not read ({value})"
        => "nothing to do if it does not belong here";
    /// A file that yields nothing.
    NothingFound: Error, "nothing-found",
        "Die Datei enthält keinen einzigen Datensatz"
        => "bei der Quelle neu exportieren; ein leerer Export ist kein Beweis",
        "the file holds not a single record"
        => "export it again; an empty export proves nothing";
    /// A role was forced that the content does not bear.
    WrongRole: Error, "wrong-role",
        "Die Datei ist kein(e) {expected}, sondern {value}"
        => "ohne `--list`, `--order`, `--bank` angeben oder die richtige Datei nennen",
        "the file is no {expected} but {value}"
        => "name it without `--list`, `--order`, `--bank`, or name the right file";
    /// Not well-formed, or ends early.
    XmlBroken: Error, "xml-broken",
        "Das XML ist nicht wohlgeformt: {value}"
        => "die Datei wurde abgeschnitten oder beschädigt; neu abholen",
        "the XML is not well-formed: {value}"
        => "the file was cut off or damaged; fetch it again";
    /// DOCTYPE and entities are refused.
    XmlDoctype: Error, "xml-doctype",
        "Die Datei enthält eine DOCTYPE-Angabe; das gibt es in Bankdateien nicht"
        => "nicht verwenden, Herkunft klären",
        "the file has a DOCTYPE; bank files have none"
        => "do not use it, find out where it comes from";
    /// Nesting bomb.
    XmlTooDeep: Error, "xml-too-deep",
        "Das XML ist tiefer als 64 Ebenen verschachtelt"
        => "nicht verwenden, Herkunft klären",
        "the XML is nested deeper than 64 levels"
        => "do not use it, find out where it comes from";
    /// XML of another kind.
    MessageUnknown: Error, "message-unknown",
        "Die XML-Nachricht `{value}` ist keine, die hier gelesen wird"
        => "gelesen werden pain.001, pain.002, camt.052, 053, 054, 029, 056",
        "the XML message `{value}` is none that is read here"
        => "pain.001, pain.002, camt.052, 053, 054, 029, 056 are read";
    /// One of several documents of a file is none of ours.
    DocumentUnread: Warning, "document-unread",
        "Die Datei enthält mehrere Dokumente; `{value}` ist keines, das hier gelesen wird"
        => "nichts zu tun, wenn es nicht um diese Zahlungen geht (etwa Lastschriften)",
        "the file holds several documents; `{value}` is none that is read here"
        => "nothing to do if it is not about these payments (direct debits, for instance)";
    /// Texts that no field takes: searched, but no proof.
    ElementUnread: Note, "element-unread",
        "Diese Angaben werden nicht ausgewertet, nur nach Gegenbeweisen durchsucht: {field}"
        => "nichts zu tun; steht dort etwas Wichtiges, bitte melden",
        "these elements are not evaluated, only searched for what speaks against a payment: {field}"
        => "nothing to do; if something important stands there, tell the makers";
    /// A balance that cannot be read.
    BalanceUnreadable: Error, "balance-unreadable",
        "Der Saldo `{field}` ist nicht lesbar: {value}"
        => "die Tage dieses Auszugs gelten als nicht abgedeckt; den Auszug neu abholen",
        "the balance `{field}` cannot be read: {value}"
        => "the days of this statement count as not covered; fetch the statement again";
    /// A required element is missing.
    ElementMissing: Error, "element-missing",
        "`{field}` fehlt"
        => "die Datei neu abholen; fehlt es wieder, die Bank fragen",
        "`{field}` is missing"
        => "fetch the file again; if it is still missing ask the bank";
    /// Neither debit nor credit.
    DirectionUnknown: Error, "direction-unknown",
        "`{field}` ist `{value}`, erwartet wird {expected}"
        => "die Bank fragen; Soll und Haben werden nie geraten",
        "`{field}` is `{value}`, expected {expected}"
        => "ask the bank; debit and credit are never guessed";
    /// `Sts` missing or unknown.
    StatusMissing: Warning, "status-missing",
        "Die Buchung hat keinen Status; sie gilt nicht als gebucht"
        => "die Bank fragen",
        "the entry has no status; it does not count as booked"
        => "ask the bank";
    /// `TxDtls` do not add up.
    DetailsDiffer: Warning, "details-differ",
        "Die Einzelbeträge ({value}) ergeben nicht den Buchungsbetrag ({expected})"
        => "die Einzelposten beweisen nichts; die Bank fragen",
        "the single amounts ({value}) do not add up to the entry ({expected})"
        => "the details prove nothing; ask the bank";
    /// Balances of a statement do not tie.
    BalanceDiffers: Warning, "balance-differs",
        "Anfangssaldo und Umsätze ergeben {value}, der Endsaldo ist {expected}"
        => "der Auszug ist unvollständig; neu abholen",
        "opening balance and entries give {value}, the closing balance is {expected}"
        => "the statement is incomplete; fetch it again";
    /// Opening is not the previous closing.
    BalanceChainBroken: Warning, "balance-chain-broken",
        "Der Anfangssaldo {value} schließt nicht an den vorigen Endsaldo {expected} an"
        => "ein Auszug dazwischen fehlt",
        "the opening balance {value} does not follow the closing balance {expected} before it"
        => "a statement between them is missing";
    /// A break in a column of balances.
    RunningBalanceBroken: Warning, "running-balance-broken",
        "Der laufende Saldo springt: {value} statt {expected}"
        => "Zeilen fehlen; neu exportieren",
        "the running balance jumps: {value} instead of {expected}"
        => "rows are missing; export again";
    /// A number is missing.
    StatementNumberGap: Warning, "statement-number-gap",
        "Auf Auszug {expected} folgt Auszug {value}"
        => "den fehlenden Auszug holen",
        "statement {expected} is followed by statement {value}"
        => "fetch the missing statement";
    /// A statement over several files is incomplete.
    PageMissing: Warning, "page-missing",
        "Seite {value} des Auszugs fehlt"
        => "alle Seiten holen",
        "page {value} of the statement is missing"
        => "fetch all pages";
    /// `CtrlSum` does not fit.
    ControlSumDiffers: Error, "control-sum-differs",
        "Die Kontrollsumme ist {expected}, die Posten ergeben {value}"
        => "die Datei wurde verändert oder ist unvollständig",
        "the control sum is {expected}, the items give {value}"
        => "the file was changed or is incomplete";
    /// `NbOfTxs` does not fit.
    CountDiffers: Error, "count-differs",
        "Angegeben sind {expected} Posten, gefunden wurden {value}"
        => "die Datei wurde verändert oder ist unvollständig",
        "{expected} items are stated, {value} were found"
        => "the file was changed or is incomplete";
    /// Statement ends before its closing balance.
    ClosingBalanceMissing: Error, "closing-balance-missing",
        "Der Kontoauszug hat keinen Endsaldo; die Datei ist abgeschnitten"
        => "die Datei neu abholen",
        "the statement has no closing balance; the file is cut off"
        => "fetch the file again";
    /// Unknown SWIFT tag.
    TagUnknown: Warning, "tag-unknown",
        "Das Feld `{field}` ist unbekannt und wurde übersprungen"
        => "meist harmlos; die Bank fragen, wenn Buchungen fehlen",
        "the field `{field}` is unknown and was skipped"
        => "mostly harmless; ask the bank if entries are missing";
    /// A message beside statements that is none.
    MessageNotRead: Warning, "message-not-read",
        "Eine Nachricht `{value}` ist kein Kontoauszug und wurde übergangen"
        => "Aufträge als pain.001 angeben; steht darin eine Rückgabe, den Kontoauszug dazu holen",
        "a message `{value}` is no account statement and was passed over"
        => "give orders as pain.001; if it tells of a return, fetch the statement that has it";
    /// A bank entry that could not be read.
    EntryUnreadable: Error, "entry-unreadable",
        "Die Buchung kann nicht gelesen werden: `{field}` ist `{value}`"
        => "die Stelle in der Datei ansehen; die Bank fragen",
        "the entry cannot be read: `{field}` is `{value}`"
        => "look at the place in the file; ask the bank";
    /// No known header.
    HeaderMissing: Error, "header-missing",
        "Es gibt keine Kopfzeile mit bekannten Spalten"
        => "erste Zeile mit Spaltennamen ergänzen oder eine Spaltenzuordnung anlegen (`gutschrift inspect --suggest`)",
        "there is no header row with known columns"
        => "add a row of column names, or a column map (`gutschrift inspect --suggest`)";
    /// A required column is missing.
    ColumnMissing: Error, "column-missing",
        "Die Spalte `{field}` fehlt"
        => "mit allen Spalten exportieren",
        "column `{field}` is missing"
        => "export with all columns";
    /// Column that means nothing to us.
    ColumnUnknown: Warning, "column-unknown",
        "Die Spalte `{field}` ist unbekannt und wurde nicht gelesen"
        => "eine Spaltenzuordnung anlegen, wenn sie gebraucht wird",
        "column `{field}` is unknown and was not read"
        => "add a column map if it is needed";
    /// A header name that lost its beginning or its umlauts on the way.
    ColumnDamaged: Error, "column-damaged",
        "Die Überschrift `{field}` ist beschädigt (wohl `{expected}`)"
        => "die Datei ist beschädigt; neu exportieren oder noch einmal kopieren",
        "the column name `{field}` is damaged (probably `{expected}`)"
        => "the file is damaged; export it again, or copy it once more";
    /// Columns of a bank's export that mean nothing to us.
    ColumnUnread: Note, "column-unread",
        "Die Spalten {field} sind unbekannt; ihr Text wurde nur danach durchsucht, was gegen eine Zahlung spricht"
        => "in einer Spaltenzuordnung benennen, was sie bedeuten (`ignore`, wenn nichts)",
        "the columns {field} are unknown; their text was only searched for what speaks against a payment"
        => "say in a column map what they mean (`ignore` if nothing)";
    /// A column of a bank's export that may hold a day, a state or an account.
    ColumnNeeded: Error, "column-needed",
        "Die Spalte `{field}` ist unbekannt und könnte über Buchungen entscheiden (`{expected}`?); bis sie benannt ist, beweist dieser Export nichts"
        => "in gutschrift.toml zuordnen: unter [column_maps.columns] \"{field}\" = \"{expected}\", oder \"ignore\", wenn sie nichts bedeutet (`gutschrift inspect --suggest` schreibt den Anfang)",
        "column `{field}` is unknown and may decide about bookings (`{expected}`?); until it is named, this export proves nothing"
        => "name it in gutschrift.toml: under [column_maps.columns] \"{field}\" = \"{expected}\", or \"ignore\" if it means nothing (`gutschrift inspect --suggest` writes the beginning)";
    /// A table within a bank's export whose header is not known.
    SectionUnread: Error, "section-unread",
        "Ab hier steht eine weitere Tabelle mit unbekannten Spalten; sie wurde nicht gelesen"
        => "nachsehen, ob sie Umsätze des zahlenden Kontos enthält; sonst nur dessen Umsätze exportieren",
        "another table with unknown columns begins here; it was not read"
        => "see whether it holds bookings of the paying account; if not, export that account alone";
    /// Two columns for one meaning.
    ColumnTwice: Error, "column-twice",
        "Die Spalte `{field}` kommt zweimal vor"
        => "eine der beiden umbenennen oder löschen",
        "column `{field}` occurs twice"
        => "rename or delete one of them";
    /// Columns or delimiter change half-way.
    ColumnCountChanges: Error, "column-count-changes",
        "Die Zeile hat {value} Felder statt {expected}"
        => "Trennzeichen und Anführungszeichen in dieser Zeile prüfen; neu exportieren",
        "the row has {value} fields instead of {expected}"
        => "check separators and quotes in this row; export again";
    /// Unclosed quote would swallow the rest.
    QuoteOpen: Error, "quote-open",
        "Ein Anführungszeichen wird nicht geschlossen"
        => "die Zeile in einem Texteditor ansehen; neu exportieren",
        "a quotation mark is never closed"
        => "look at the row in a text editor; export again";
    /// Binary zero inside text.
    NulByte: Error, "nul-byte",
        "Das Feld `{field}` enthält Nullbytes"
        => "die Datei ist beschädigt; neu exportieren",
        "the field `{field}` contains NUL bytes"
        => "the file is damaged; export again";
    /// Zeros where text should be: a block was lost, and rows with it.
    ZeroBytes: Error, "zero-bytes",
        "Hier stehen Nullbytes ({value}): ein Teil der Datei ist verloren"
        => "die Datei ist beschädigt; neu exportieren oder noch einmal kopieren",
        "zero bytes stand here ({value}): a part of the file is lost"
        => "the file is damaged; export it again, or copy it once more";
    /// The last row stops before its end, and no line end follows.
    CutOff: Error, "cut-off",
        "Die Datei bricht in dieser Zeile ab ({value} statt {expected})"
        => "der Rest fehlt: die Datei neu exportieren oder noch einmal kopieren",
        "the file breaks off in this row ({value} instead of {expected})"
        => "the rest is missing: export the file again, or copy it once more";
    /// Fallback of the encoding.
    EncodingGuessed: Note, "encoding-guessed",
        "Die Datei ist kein gültiges {expected}; gelesen als {value}"
        => "Umlaute prüfen",
        "the file is not valid {expected}; read as {value}"
        => "check the umlauts";
    /// Text was damaged before it came here.
    EncodingDamaged: Warning, "encoding-damaged",
        "Der Text enthält Ersatzzeichen; Umlaute sind verloren"
        => "neu exportieren",
        "the text contains replacement characters; umlauts are lost"
        => "export again";
    /// Empty amount cell.
    AmountMissing: Error, "amount-missing",
        "Der Betrag fehlt"
        => "die Liste berichtigen",
        "the amount is missing"
        => "correct the list";
    /// A formula with a stored 0.
    FormulaUncalculated: Error, "formula-uncalculated",
        "In `{field}` steht eine Formel, die nie berechnet wurde (gespeichert ist 0)"
        => "die Liste mit Werten statt Formeln ausgeben lassen",
        "`{field}` holds a formula that was never calculated (0 is stored)"
        => "have the list made with values instead of formulas";
    /// Two columns of one meaning with different values.
    ValuesDiffer: Error, "values-differ",
        "Zwei Spalten für dasselbe nennen Verschiedenes: `{field}`"
        => "in der Akte prüfen, was gilt, und die Liste berichtigen",
        "two columns for the same thing say different things: `{field}`"
        => "see in the case which is right and correct the list";
    /// A text of the row names another account.
    OtherAccountNamed: Error, "other-account-named",
        "`{field}` nennt ein anderes Konto ({value}) als die Zeile"
        => "in der Akte prüfen, welches gilt, und die Liste berichtigen",
        "`{field}` names another account ({value}) than the row"
        => "see in the case which is right and correct the list";
    /// Not a number.
    AmountNotANumber: Error, "amount-not-a-number",
        "`{value}` ist kein Betrag"
        => "Beträge wie 1.234,50 schreiben",
        "`{value}` is not an amount"
        => "write amounts like 1.234,50";
    /// 1,234.50 in a German column.
    AmountMarksSwapped: Error, "amount-marks-swapped",
        "Im Betrag `{value}` sind Komma und Punkt vertauscht"
        => "neu exportieren; die Datei wurde wohl mit einer englischen Tabelle gespeichert",
        "comma and point are swapped in the amount `{value}`"
        => "export again; an English spreadsheet probably saved it";
    /// `1.234`, with nothing to settle it.
    AmountAmbiguous: Error, "amount-ambiguous",
        "`{value}` kann zwei Beträge bedeuten, und die Spalte `{field}` entscheidet es nicht"
        => "Beträge mit zwei Nachkommastellen exportieren",
        "`{value}` can be two amounts, and nothing in column `{field}` settles it"
        => "export amounts with two decimals";
    /// More than two decimals.
    AmountFractionOfACent: Error, "amount-fraction-of-a-cent",
        "`{value}` hat Bruchteile eines Cents"
        => "die Liste berichtigen; Geld wird nie gerundet",
        "`{value}` has a fraction of a cent"
        => "correct the list; money is never rounded";
    /// More than 18 digits.
    AmountTooLarge: Error, "amount-too-large",
        "`{value}` hat zu viele Stellen für einen Betrag"
        => "ist es die richtige Spalte?",
        "`{value}` has too many digits for an amount"
        => "is it the right column?";
    /// Below zero in a list.
    AmountNegative: Error, "amount-negative",
        "Der Betrag `{value}` ist negativ"
        => "Rückforderungen gehören nicht in die Zahlungsliste",
        "the amount `{value}` is negative"
        => "claims do not belong into the payment list";
    /// Another currency in a list row.
    CurrencyForeign: Error, "currency-foreign",
        "Die Währung ist {value}, nicht EUR"
        => "von Hand prüfen",
        "the currency is {value}, not EUR"
        => "check by hand";
    /// Another currency in a bank entry.
    EntryCurrencyForeign: Note, "entry-currency-foreign",
        "Eine Buchung in {value} bleibt außer Betracht"
        => "nichts zu tun",
        "an entry in {value} is left out of account"
        => "nothing to do";
    /// Not a date.
    DateUnreadable: Error, "date-unreadable",
        "`{value}` in `{field}` ist kein Datum"
        => "Datum wie 30.11.2023 schreiben",
        "`{value}` in `{field}` is not a date"
        => "write dates like 30.11.2023";
    /// Nothing to know the payment by.
    IdentityMissing: Error, "identity-missing",
        "Die Zeile nennt weder Aktenzeichen noch Namen noch End-to-End-Id"
        => "die Liste berichtigen",
        "the row has neither case id nor name nor end-to-end id"
        => "correct the list";
    /// Check digits or length wrong.
    IbanInvalid: Warning, "iban-invalid",
        "Die IBAN {value} hat falsche Prüfziffern oder eine falsche Länge"
        => "Bankverbindung in der Akte prüfen",
        "the IBAN {value} has wrong check digits or a wrong length"
        => "check the bank details in the case";
    /// Letter O for zero; never repaired silently.
    IbanLetterForDigit: Warning, "iban-letter-for-digit",
        "Die IBAN {value} enthält einen Buchstaben, wo eine Ziffer stehen muss"
        => "O und 0 verwechselt? In der Akte berichtigen",
        "the IBAN {value} has a letter where a digit belongs"
        => "O instead of 0? correct it in the case";
    /// `1,91E+18` where an id was.
    NumberDamaged: Error, "number-damaged",
        "`{value}` in `{field}` hat eine Tabellenkalkulation verfälscht"
        => "ohne Umweg über die Tabellenkalkulation exportieren",
        "`{value}` in `{field}` was mangled by a spreadsheet"
        => "export without going through a spreadsheet";
    /// Fewer fields than the header.
    RowShort: Error, "row-short",
        "Der Zeile fehlen Felder ({value} statt {expected})"
        => "die Liste berichtigen",
        "fields are missing in the row ({value} instead of {expected})"
        => "correct the list";
    /// Title, blank or footer row.
    RowSkipped: Note, "row-skipped",
        "Die Zeile ist kein Datensatz und wurde übersprungen"
        => "nichts zu tun, wenn dort nur Text steht",
        "the row is no record and was skipped"
        => "nothing to do if it is only text";
    /// Totals row does not fit.
    TotalDiffers: Error, "total-differs",
        "Die Summenzeile nennt {expected}, die Zeilen ergeben {value}"
        => "die Liste ist unvollständig oder verändert; neu ausgeben lassen",
        "the totals row says {expected}, the rows add up to {value}"
        => "the list is incomplete or was changed; have it made again";
    /// Totals row without an amount.
    TotalUnreadable: Error, "total-unreadable",
        "Die Summenzeile kann nicht gelesen werden: `{value}`"
        => "die Liste prüfen",
        "the totals row cannot be read: `{value}`"
        => "check the list";
    /// ZIP or gzip cannot be unpacked.
    ArchiveDamaged: Error, "archive-damaged",
        "Das Archiv ist beschädigt: {value}"
        => "neu abholen; der Lauf wäre unvollständig",
        "the archive is damaged: {value}"
        => "fetch it again; the run would be incomplete";
    /// Count, size or ratio over the limit.
    ArchiveTooLarge: Error, "archive-too-large",
        "Das Archiv ist zu groß: {value} (erlaubt: {expected})"
        => "nicht verwenden, Herkunft klären",
        "the archive is too large: {value} (allowed: {expected})"
        => "do not use it, find out where it comes from";
    /// Password-protected member.
    ArchiveEncrypted: Error, "archive-encrypted",
        "Das Archiv ist verschlüsselt"
        => "vorher entpacken",
        "the archive is encrypted"
        => "unpack it first";
    /// Workbook cannot be read.
    SpreadsheetBroken: Error, "spreadsheet-broken",
        "Die Tabelle kann nicht gelesen werden: {value}"
        => "als CSV speichern",
        "the spreadsheet cannot be read: {value}"
        => "save it as CSV";
    /// A sheet with accounts and amounts whose columns nobody knows.
    SheetUnread: Error, "sheet-unread",
        "Das Blatt `{field}` enthält Konten und Beträge, aber keine Kopfzeile mit bekannten Spalten"
        => "Spaltennamen ergänzen oder eine Spaltenzuordnung anlegen (`gutschrift inspect --suggest`); gehört das Blatt nicht dazu, es löschen",
        "the sheet `{field}` holds accounts and amounts but no header row with known columns"
        => "add column names, or a column map (`gutschrift inspect --suggest`); delete the sheet if it does not belong here";
    /// A sheet without accounts and amounts.
    SheetIgnored: Note, "sheet-ignored",
        "Das Blatt `{field}` enthält keine Zahlungen und wurde übergangen"
        => "nichts zu tun, wenn es nicht dazugehört",
        "the sheet `{field}` holds no payments and was passed over"
        => "nothing to do if it does not belong here";
    /// Something stands far to the right.
    SheetTooWide: Error, "sheet-too-wide",
        "Im Blatt `{field}` steht etwas rechts von Spalte {value}; es wurde nicht gelesen"
        => "nachsehen, was dort steht",
        "in sheet `{field}` something stands to the right of column {value}; it was not read"
        => "see what stands there";
    /// A web page or XML under the name of a workbook.
    SpreadsheetForeign: Error, "spreadsheet-foreign",
        "Die Datei ist keine Arbeitsmappe, sondern {value}"
        => "beim Fachverfahren oder der Bank als CSV oder XLSX ausgeben lassen",
        "the file is no workbook but {value}"
        => "have it exported as CSV or XLSX where it comes from";
    /// A bank's export whose columns are not all known.
    ExportUnknown: Error, "export-unknown",
        "Die Tabelle sieht wie ein Umsatzexport einer Bank aus, dessen Spalten nicht alle bekannt sind ({value})"
        => "die Spalten in gutschrift.toml zuordnen (`gutschrift inspect --suggest` schreibt den Anfang); ist es doch eine Liste, mit `--list` angeben",
        "the table looks like a bank's export whose columns are not all known ({value})"
        => "name its columns in gutschrift.toml (`gutschrift inspect --suggest` writes the beginning); if it is a list after all, give it with `--list`";
    /// The tool's own output.
    OwnOutput: Note, "own-output",
        "Die Datei ist ein Bericht dieses Programms oder die Auflösung eines simulierten Monats; sie beweist nichts und wurde nicht gelesen"
        => "nichts zu tun",
        "the file is a report of this program or the truth of a simulated month; it proves nothing and was not read"
        => "nothing to do";
    /// Size over the limit.
    FileTooLarge: Error, "file-too-large",
        "Die Datei ist größer als erlaubt: {value} (erlaubt: {expected})"
        => "Herkunft klären",
        "the file is larger than allowed: {value} (allowed: {expected})"
        => "find out where it comes from";
    /// All rows due in another month.
    WrongMonth: Error, "wrong-month",
        "Alle Zahlungen sind im Monat {value} fällig, verlangt ist {expected}"
        => "die richtige Liste oder den richtigen Monat angeben",
        "all payments are due in {value}, asked for is {expected}"
        => "give the right list or the right month";
    /// Same list or bank file twice.
    ReadOnce: Note, "read-once",
        "Die Datei ist Byte für Byte gleich mit einer anderen und wird einmal gezählt ({value})"
        => "nichts zu tun",
        "the file is byte for byte the same as another and is counted once ({value})"
        => "nothing to do";
    /// Same id and amount across lists.
    RowRepeated: Warning, "row-repeated",
        "Dieselbe Zahlung steht in mehreren Listen ({value})"
        => "klären, welche Liste gilt",
        "the same payment stands in several lists ({value})"
        => "find out which list holds";
    /// List row without an order.
    NotInOrder: Error, "not-in-order",
        "Die Zahlung fehlt in der Auftragsdatei"
        => "nachreichen: Die Bank hat keinen Auftrag dafür bekommen",
        "the payment is missing from the order file"
        => "submit it: the bank got no order for it";
    /// Order without a list row.
    NotInList: Error, "not-in-list",
        "Der Auftrag steht in keiner Liste"
        => "klären, wofür er ist, bevor er ausgeführt wird",
        "the order stands in no list"
        => "find out what it is for before it is executed";
    /// Order and list disagree on the amount.
    OrderAmountDiffers: Error, "order-amount-differs",
        "Der Auftrag lautet auf {value}, die Liste auf {expected}"
        => "vor der Ausführung berichtigen",
        "the order says {value}, the list {expected}"
        => "correct it before execution";
    /// Order and list disagree on the account.
    OrderAccountDiffers: Error, "order-account-differs",
        "Der Auftrag geht an {value}, die Liste nennt {expected}"
        => "vor der Ausführung berichtigen",
        "the order goes to {value}, the list says {expected}"
        => "correct it before execution";
    /// One payment was ordered more than once.
    OrderedTwice: Error, "ordered-twice",
        "Dieselbe Zahlung über {value} ist ein zweites Mal beauftragt"
        => "einen der Aufträge zurückziehen, bevor beide ausgeführt werden",
        "the same payment of {value} is ordered a second time"
        => "withdraw one of the orders before both are executed";
    /// Execution after the due date.
    OrderDateLate: Error, "order-date-late",
        "Der Auftrag wird am {value} ausgeführt, fällig ist {expected}"
        => "den Ausführungstag vorziehen",
        "the order is executed on {value}, due is {expected}"
        => "bring the execution date forward";
    /// Result of a verification of payee.
    PayeeVerification: Warning, "payee-verification",
        "Die Empfängerprüfung meldet {value}"
        => "Kontoinhaber in der Akte prüfen; über die Zahlung sagt das nichts",
        "the verification of payee reports {value}"
        => "check the account holder in the case; it says nothing about the payment";
    /// HAC.
    TransmissionLog: Note, "transmission-log",
        "Übertragungsprotokoll (EBICS HAC); es sagt nichts über einzelne Zahlungen"
        => "nichts zu tun",
        "transmission log (EBICS HAC); it says nothing about payments"
        => "nothing to do";
    /// pain.002 that refers to an unknown order.
    StatusGroupUnknown: Warning, "status-group-unknown",
        "Der Statusbericht gehört zu keinem der gegebenen Aufträge ({value})"
        => "die Auftragsdatei dazugeben",
        "the status report belongs to none of the orders given ({value})"
        => "add the order file";
    /// A refusal, recall or answer that fits no payment.
    MessageUnassigned: Error, "message-unassigned",
        "Eine Ablehnung oder ein Rückruf passt zu keiner Zahlung"
        => "klären, welche Zahlung gemeint ist; die Auftragsdatei dazugeben",
        "a refusal or a recall fits no payment"
        => "find out which payment is meant; add the order file";
    /// A confirmation that cannot be true.
    ConfirmationContradicts: Error, "confirmation-contradicts",
        "Die Bestätigung nennt {value}, die Zahlung {expected}; sie beweist nichts"
        => "beim Empfänger nachfragen, welche Gutschrift gemeint ist",
        "the confirmation says {value}, the payment {expected}; it proves nothing"
        => "ask the payee which credit is meant";
    /// A row of a confirmation that says something against its own credit.
    ConfirmationDenied: Error, "confirmation-denied",
        "Die Spalte „{field}“ spricht gegen die Gutschrift, die diese Zeile bestätigt; sie beweist nichts"
        => "beim Empfänger nachfragen, ob das Geld da ist",
        "the column {field} speaks against the credit that this row confirms; it proves nothing"
        => "ask the payee whether the money has arrived";
    /// A return that needs a person.
    ReturnUnassigned: Error, "return-unassigned",
        "Eine Rückzahlung passt zu keiner einzelnen Zahlung"
        => "zuordnen: Wem fehlt das Geld?",
        "a return fits no single payment"
        => "assign it: who is without money?";
    /// A day inside the needed period is not covered.
    CoverageGap: Warning, "coverage-gap",
        "Für das Konto {field} fehlen Bankdaten: {value}"
        => "den Auszug dieser Tage holen",
        "bank data are missing for account {field}: {value}"
        => "fetch the statement of these days";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_kebab_case_and_unique() {
        let names: BTreeSet<_> = ProblemCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), ProblemCode::ALL.len());
        for code in ProblemCode::ALL {
            let text = code.text();
            assert!(text.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code:?}");
            assert!(!text.german_hint.is_empty() && !text.english_hint.is_empty(), "{code:?}");
        }
    }
}
