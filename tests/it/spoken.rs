//! What is read out on the telephone, against a text that a person has read aloud: every reason, every kind of
//! payee, before, on and after the days that matter. `GUTSCHRIFT_BLESS=1` writes the text anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use chrono::NaiveDate;
use gutschrift::model::language::Language;
use gutschrift::reports::lookup::SavedPayment;
use gutschrift::reports::lookup::SavedRun;
use gutschrift::reports::lookup::answer;
use gutschrift::reports::lookup::office::Asked;
use gutschrift::reports::lookup::office::office_of;
use gutschrift::verdict::reason::Reason;
use gutschrift::verdict::status::Status;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, month, day).unwrap()
}

/// A payment with this reason as a run would have it.
fn payment(reason: Reason, [benefit, payee, facility]: [&str; 3]) -> SavedPayment {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let booked = match reason {
        Reason::BookedLate => Some(day(12, 1)),
        Reason::CreditedTooLate => Some(day(12, 5)),
        Reason::Pending
        | Reason::NotBookedByDue
        | Reason::NotFound
        | Reason::BankDataMissing
        | Reason::Rejected
        | Reason::WeakMatch
        | Reason::Ambiguous
        | Reason::BatchDiffers
        | Reason::SumDiffers
        | Reason::AccountInvalid
        | Reason::Stopped
        | Reason::NothingDue
        | Reason::OtherChannel
        | Reason::ReceiptMissing
        | Reason::RowUnreadable => None,
        _ => Some(day(11, 30)),
    };
    let latest = booked.map(|booked| match booked {
        late if late == day(12, 1) => day(12, 4),
        late if late == day(12, 5) => day(12, 6),
        _ => day(12, 1),
    });
    let amount = if reason == Reason::NothingDue { "0.00" } else { "563.00" };
    let trail = match reason {
        Reason::Ambiguous => vec!["group of 2 equal payments, 1 entries fit".to_owned()],
        _ => Vec::new(),
    };
    SavedPayment {
        benefit: some(benefit),
        beneficiary: some("Anna Zander"),
        payee: some(payee),
        facility: some(facility),
        amount: some(amount),
        status: reason.status().name().to_owned(),
        reason: reason.name().to_owned(),
        evidence: if reason == Reason::Confirmed { "E7" } else { "E5" }.to_owned(),
        due: Some(day(11, 30)),
        booked_on: booked,
        credited_on: booked,
        latest_credit: latest,
        credited_amount: match reason {
            Reason::PaidTwice => some("1126.00"),
            Reason::AmountDiffers => some("5630.00"),
            Reason::PartlyPaid => some("500.50"),
            _ => booked.and(some(amount)),
        },
        trail,
        ..SavedPayment::default()
    }
}

fn book(language: Language) -> String {
    let run = SavedRun { due: Some(day(11, 30)), horizon: Some(day(12, 1)) };
    let payees = [
        ["social-assistance", "", ""],
        ["social-assistance", "Betreuungsverein Nord e.V.", ""],
        ["social-assistance", "Wohnungsbau Musterstadt GmbH", ""],
        ["care-home", "Haus am See", "Haus am See"],
        ["Blindenhilfe", "Otto Lang", ""],
    ];
    let mut text = String::new();
    for reason in Reason::ALL {
        writeln!(text, "== {}", reason.name()).unwrap();
        for payee in payees {
            let own = payment(*reason, payee);
            let asked = Asked { benefit: payee[0], municipality: "", beneficiary: "Anna Zander" };
            let office = office_of(&[], &asked, language);
            // Days on which the same is said stand together.
            let mut said: BTreeMap<u32, (String, String)> = BTreeMap::new();
            for today in [day(11, 29), day(11, 30), day(12, 1), day(12, 4), day(12, 11)] {
                let sentence = answer::sentence(&own, &run, &office, today, language);
                let shown = today.format("%d.%m.").to_string();
                match said.iter_mut().next_back() {
                    Some((_, (days, last))) if *last == sentence => days.push_str(&shown),
                    _ => {
                        let number = u32::try_from(said.len()).unwrap();
                        said.insert(number, (shown, sentence));
                    }
                }
            }
            for (days, sentence) in said.values() {
                writeln!(text, "{days} {sentence}").unwrap();
            }
        }
    }
    text
}

#[test]
fn every_sentence_is_the_one_that_was_read_aloud() {
    for (language, name) in [(Language::De, "de"), (Language::En, "en")] {
        let path = format!("{}/tests/it/spoken/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = book(language);
        if std::env::var_os("GUTSCHRIFT_BLESS").is_some() {
            fs::create_dir_all(format!("{}/tests/it/spoken", env!("CARGO_MANIFEST_DIR"))).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap();
        for (number, (own, wanted)) in text.lines().zip(expected.lines()).enumerate() {
            assert_eq!(own, wanted, "{path}:{}", number + 1);
        }
        assert_eq!(text.lines().count(), expected.lines().count(), "{path}");
    }
}

#[test]
fn no_sentence_promises_or_names_what_it_may_not() {
    for language in [Language::De, Language::En] {
        for line in book(language).lines().filter(|line| !line.starts_with("==")) {
            for word in ["unterwegs", "on its way", "{", "}", "?", "  ", " ."] {
                assert!(!line.contains(word), "{word}: {line}");
            }
            // Only of the person's own payments it is said that they are with their own bank.
            let is_own = line.contains("um Ihre Sozialhilfe") || line.contains("about your social");
            for word in ["Ihrer Bank", "Ihrem Konto", "Ihre Bank", "your bank", "your account"] {
                assert!(is_own || !line.contains(word), "{word}: {line}");
            }
        }
    }
    for reason in Reason::ALL.iter().filter(|reason| reason.status() == Status::FollowUp) {
        let own = payment(*reason, ["care-home", "Haus am See", ""]);
        let asked = Asked { benefit: "care-home", municipality: "Musterstadt", beneficiary: "" };
        let office = office_of(&[], &asked, Language::De);
        let said = answer::sentence(&own, &SavedRun::default(), &office, day(12, 4), Language::De);
        assert!(said.contains("Kreis"), "{}: {said}", reason.name());
    }
}
