//! What is said on the telephone, reason by reason. Plain German and English (B1), no word of software.
//!
//! Sentences are separated by `|`. What stands in braces is filled in: days (`booked`, `credited`, `latest`,
//! `due`, `horizon`), amounts (`amount`, `paid`, `more`, `rest`), counts (`twins`, `found`), and what depends on
//! who is paid ([`crate::reports::sentences::payee`]). A sentence with a slot that has no value is left out.

use crate::verdict::reason::Reason;

/// The day that a reason's sentences turn on: until its end the first ones are said, then the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The money has to be there by then.
    Latest,
    /// The confirmed credit; the day itself is told as past.
    Credited,
    /// The last day that counts as delayed.
    Horizon,
    /// The due day.
    Due,
    /// The same is said on every day.
    Never,
}

/// What is said for a reason, in German and in English.
#[derive(Clone, Copy, Debug)]
pub struct Spoken {
    /// Which day decides.
    pub turn: Turn,
    /// Until that day.
    pub before: [&'static str; 2],
    /// From then on.
    pub after: [&'static str; 2],
}

const fn always(german: &'static str, english: &'static str) -> Spoken {
    Spoken { turn: Turn::Never, before: [german, english], after: [german, english] }
}

/// Where the payee's side confirmed the credit, whatever else is known.
pub const CONFIRMED: Spoken = Spoken {
    turn: Turn::Credited,
    before: [
        "Die Bank hat bestätigt: Das Geld ist am {credited} {account}.",
        "The bank has confirmed it: the money will be {account} on {credited}.",
    ],
    after: [
        "Die Bank hat bestätigt: Das Geld ist seit dem {credited} {account}.",
        "The bank has confirmed it: the money has been {account} since {credited}.",
    ],
};

/// Money that was transferred: how, and by when it has to be there.
macro_rules! transferred {
    ($german:literal, $english:literal) => {
        Spoken {
            turn: Turn::Latest,
            before: [
                concat!($german, "|Es muss spätestens am {latest} {bank} sein."),
                concat!($english, "|It has to be {bank} on {latest} at the latest."),
            ],
            after: [
                concat!($german, "|Es musste spätestens am {latest} {bank} sein.|{ask}"),
                concat!($english, "|It had to be {bank} on {latest} at the latest.|{ask}"),
            ],
        }
    };
}

/// The same, late.
macro_rules! late {
    ($german:literal, $english:literal) => {
        Spoken {
            turn: Turn::Latest,
            before: [
                concat!($german, "|Es muss spätestens am {latest} {bank} sein.|Das tut uns leid."),
                concat!($english, "|It has to be {bank} on {latest} at the latest.|We are sorry."),
            ],
            after: [
                concat!(
                    $german,
                    "|Es musste spätestens am {latest} {bank} sein.|{ask}|Das tut uns leid."
                ),
                concat!(
                    $english,
                    "|It had to be {bank} on {latest} at the latest.|{ask}|We are sorry."
                ),
            ],
        }
    };
}

/// What is said for a reason.
pub const fn spoken(reason: Reason) -> Spoken {
    match reason {
        Reason::Booked => transferred!(
            "Wir haben das Geld am {booked} überwiesen.",
            "We transferred the money on {booked}."
        ),
        Reason::Confirmed => CONFIRMED,
        Reason::Batch => transferred!(
            "Wir haben das Geld am {booked} zusammen mit anderen Zahlungen überwiesen.",
            "We transferred the money on {booked}, together with other payments."
        ),
        Reason::Split => transferred!(
            "Wir haben das Geld in mehreren Teilen überwiesen, den letzten am {booked}.",
            "We transferred the money in several parts, the last one on {booked}."
        ),
        Reason::Merged => transferred!(
            "Wir haben das Geld am {booked} überwiesen.|Es steckt in einer größeren Überweisung {onto}.",
            "We transferred the money on {booked}.|It is part of a larger transfer {onto}."
        ),
        Reason::Repaid => transferred!(
            "Die erste Überweisung hat nicht geklappt.|Am {booked} haben wir das Geld noch einmal überwiesen.",
            "The first transfer failed.|On {booked} we transferred the money again."
        ),
        Reason::NothingDue => always(
            "In diesem Monat wird hier nichts ausgezahlt.|Das Geld geht direkt an andere, zum Beispiel an den Vermieter.",
            "Nothing is paid out here this month.|The money goes directly to others, for example to the landlord.",
        ),
        Reason::OtherChannel => always(
            "Das Geld wurde nicht überwiesen, sondern bar, als Scheck oder auf eine Karte gezahlt.|Dafür haben wir einen Beleg.",
            "The money was not transferred but paid in cash, by cheque or to a card.|We have a receipt for it.",
        ),
        Reason::ReceiptMissing => always(
            "Das Geld wird nicht überwiesen, sondern bar, als Scheck oder auf eine Karte gezahlt.|Ich sehe keinen Beleg dafür, dass es schon abgeholt wurde.|{callback}",
            "The money is not transferred but paid in cash, by cheque or to a card.|I see no receipt that it has been collected.|{callback}",
        ),
        Reason::BookedLate => late!(
            "Das Geld war am {due} fällig.|Wir haben es am {booked} überwiesen, also etwas später.",
            "The money was due on {due}.|We transferred it on {booked}, a little later."
        ),
        Reason::CreditedTooLate => late!(
            "Das Geld war am {due} fällig.|Wir haben es erst am {booked} überwiesen, also zu spät.",
            "The money was due on {due}.|We transferred it only on {booked}, which was too late."
        ),
        _ => open(reason),
    }
}

/// What is said where the money is not known to have arrived as it should.
#[expect(clippy::too_many_lines, reason = "a table")]
const fn open(reason: Reason) -> Spoken {
    match reason {
        Reason::Pending => Spoken {
            turn: Turn::Horizon,
            before: [
                "Die Bank hat unseren Auftrag, das Geld ist aber noch nicht gebucht.|{look_horizon}|Ist das Geld dann nicht da, rufen Sie uns bitte wieder an.",
                "The bank has our order, but the money is not booked yet.|{look_horizon}|If the money is not there by then, please call us again.",
            ],
            after: [
                "Die Bank hat unseren Auftrag, ich sehe aber noch keine Buchung.|Das Geld sollte bis zum {horizon} da sein.|{callback}",
                "The bank has our order, but I do not see a booking yet.|The money should have been there by {horizon}.|{callback}",
            ],
        },
        Reason::NotBookedByDue => Spoken {
            turn: Turn::Horizon,
            before: [
                "Das Geld war am {due} fällig und ist noch nicht gebucht.|{look_horizon}|Ist das Geld dann nicht da, rufen Sie uns bitte wieder an.|Das tut uns leid.",
                "The money was due on {due} and is not booked yet.|{look_horizon}|If the money is not there by then, please call us again.|We are sorry.",
            ],
            after: [
                "Das Geld war am {due} fällig und an diesem Tag nicht gebucht.|Was danach war, kann ich noch nicht sehen.|{callback}",
                "The money was due on {due} and was not booked on that day.|What happened after that I cannot see yet.|{callback}",
            ],
        },
        Reason::NotFound => Spoken {
            turn: Turn::Due,
            before: [
                "Das Geld ist am {due} fällig.|Ich sehe noch keine Überweisung.|{callback}",
                "The money is due on {due}.|I do not see a transfer yet.|{callback}",
            ],
            after: [
                "Das Geld war am {due} fällig.|Ich sehe keine Überweisung.|{callback}|Das tut uns leid.",
                "The money was due on {due}.|I do not see a transfer.|{callback}|We are sorry.",
            ],
        },
        Reason::BankDataMissing => Spoken {
            turn: Turn::Due,
            before: [
                "Das Geld ist am {due} fällig.|Ob es schon überwiesen ist, kann ich noch nicht sehen.|{look_due}",
                "The money is due on {due}.|Whether it has been transferred I cannot see yet.|{look_due}",
            ],
            after: [
                "Das Geld war am {due} fällig.|Ob es überwiesen ist, kann ich noch nicht sagen, denn mir fehlen Auszüge der Bank.|Bitte rufen Sie in zwei Tagen noch einmal an.",
                "The money was due on {due}.|Whether it has been transferred I cannot say yet, as statements of the bank are missing.|Please call again in two days.",
            ],
        },
        Reason::Returned => always(
            "Wir haben das Geld überwiesen, aber es ist zu uns zurückgekommen.|Bitte geben Sie uns {details}, schriftlich oder persönlich mit Ausweis.|Am Telefon darf ich sie nicht ändern.",
            "We transferred the money, but it came back to us.|Please give us {details}, in writing or in person with your identity card.|On the phone I may not change them.",
        ),
        Reason::Rejected => always(
            "Die Bank hat die Überweisung nicht ausgeführt.|{callback}|Das tut uns leid.",
            "The bank did not carry out the transfer.|{callback}|We are sorry.",
        ),
        Reason::Recalled => always(
            "Zu dieser Überweisung haben wir bei der Bank nachgefragt.|Die Antwort kann einige Tage dauern.|Wir rufen Sie an, sobald wir mehr wissen.",
            "We have asked the bank about this transfer.|The answer can take some days.|We will call you as soon as we know more.",
        ),
        Reason::AmountDiffers => always(
            "Wir haben {paid} überwiesen, richtig wären {amount}.|{spend_not}|{callback}",
            "We transferred {paid}, {amount} would be right.|{spend_not}|{callback}",
        ),
        Reason::PartlyPaid => always(
            "Bisher haben wir {paid} überwiesen.|Es fehlen noch {rest}.|{callback}|Das tut uns leid.",
            "So far we have transferred {paid}.|{rest} are still missing.|{callback}|We are sorry.",
        ),
        Reason::AccountDiffers => always(
            "Der Betrag ging an ein anderes Konto, als wir in der Liste haben.|Ob das richtig war, prüfen wir jetzt.|{callback}",
            "The amount went to another account than the one on our list.|Whether that was right we are checking now.|{callback}",
        ),
        Reason::PaidTwice => always(
            "Dafür wurde wohl mehr als einmal überwiesen.|Zusammen sind es {more}.|{spend_not}|Wir prüfen das und schreiben Ihnen.",
            "It seems this was transferred more than once.|Together it is {more}.|{spend_not}|We are checking this and will write to you.",
        ),
        Reason::WeakMatch => always(
            "Ich sehe eine Überweisung mit diesem Namen und diesem Betrag.|Ob es wirklich diese Zahlung ist, müssen wir erst prüfen.|{callback}",
            "I see a transfer with this name and this amount.|Whether it really is this payment we have to check first.|{callback}",
        ),
        Reason::Ambiguous => always(
            "Es gibt mehrere Zahlungen, die gleich aussehen.|Von {twins} gleichen Zahlungen {found} überwiesen.|Welche davon das ist, muss jemand von Hand prüfen.|{callback}",
            "There are several payments that look the same.|Of {twins} equal payments {found} transferred.|Which one it is somebody has to check by hand.|{callback}",
        ),
        Reason::BatchDiffers => always(
            "Das Geld sollte zusammen mit anderen Zahlungen überwiesen werden, aber die Summe stimmt nicht.|Ob diese Zahlung dabei war, kann ich noch nicht sagen.|{callback}",
            "The money was to be transferred together with other payments, but the sum is not right.|Whether this payment was among them I cannot say yet.|{callback}",
        ),
        Reason::SumDiffers => always(
            "{Onto} wurde ein anderer Betrag überwiesen, als zusammen fällig war.|Ob diese Zahlung darin steckt, klären wir jetzt.|{callback}",
            "The amount transferred {onto} is not what was due together.|Whether this payment is part of it we are finding out now.|{callback}",
        ),
        Reason::AccountInvalid => always(
            "Die Kontonummer in unserer Liste ist nicht richtig.|Deshalb ist noch nichts überwiesen.|Bitte geben Sie uns {details}, schriftlich oder persönlich mit Ausweis.|Am Telefon darf ich sie nicht ändern.",
            "The account number on our list is not right.|That is why nothing has been transferred yet.|Please give us {details}, in writing or in person with your identity card.|On the phone I may not change them.",
        ),
        Reason::Stopped => always(
            "Diese Zahlung ist zurzeit angehalten.|Den Grund kann Ihnen nur die zuständige Stelle sagen.",
            "This payment is stopped at the moment.|Only the office in charge can tell you why.",
        ),
        Reason::PaidThoughStopped => always(
            "Diese Zahlung war angehalten, das Geld wurde aber trotzdem am {booked} überwiesen.|{hold}|{callback}",
            "This payment was stopped, but the money was transferred all the same on {booked}.|{hold}|{callback}",
        ),
        _ => always(
            "Diese Zahlung steht in unserer Liste, die Zeile ist aber nicht richtig zu lesen.|Ob überwiesen wurde, kann ich noch nicht sagen.|{callback}",
            "This payment is on our list, but its row cannot be read properly.|Whether it was transferred I cannot say yet.|{callback}",
        ),
    }
}
