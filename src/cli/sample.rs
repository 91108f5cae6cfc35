//! `gutschrift sample`: payments drawn for the check by a second person.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use crate::check::finding::Files;
use crate::check::sample::Kind;
use crate::check::sample::Question;
use crate::check::sample::Share;
use crate::check::sample::draw;
use crate::check::sample::population;
use crate::cli::check::rows;
use crate::cli::check::wanted;
use crate::cli::check_arguments::SampleArgs;
use crate::cli::config;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::report;
use crate::cli::results;
use crate::cli::saved;
use crate::cli::sources::unchanged;
use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::iban::Iban;
use crate::model::language::Language;
use crate::model::payment::Benefit;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::ProblemCode;
use crate::model::text::leaving;
use crate::reports;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::account::check_of;
use crate::reports::options::Options;
use crate::reports::sample::Drawn;
use crate::reports::sample::Sample;
use crate::reports::sentences::benefit_label;
use crate::reports::wording::Words;
use crate::verdict::outcome::Tally;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// Runs the command; gives the exit code: 0.
///
/// # Errors
///
/// Files that cannot be used.
pub fn run(args: &SampleArgs) -> Result<u8, Failure> {
    let folders = args.paths.iter().chain(&args.against);
    let config = config::load_for(args.config.as_deref(), folders.clone(), args.lang)?;
    let language = console::language(args.lang, config.language.as_deref());
    report::check_output(&args.report, folders, language)?;
    let Some(share) = Share::parse(&args.share) else {
        return Err(Failure::Usage(
            language
                .pick(
                    "--share: ein Anteil in Prozent, zum Beispiel 2%",
                    "--share: a share in percent, for example 2%",
                )
                .to_owned(),
        ));
    };
    let above = args.above.as_deref().map(|text| limit(text).ok_or(text)).transpose();
    let above = above.map_err(|_| Failure::of_amount(language))?;
    let now = Drawable::load(&args.paths, &config, language)?;
    let before = match args.against.as_slice() {
        [] => None,
        paths => Some(Drawable::load(paths, &config, language)?),
    };
    let options = Options {
        full_iban: args.full_iban || config.full_iban,
        ..report::options(&args.report.out, args.report.quiet, language)
    };
    let sample = sample(args, (&now, before.as_ref()), (share, above), &options);
    let document = reports::sample::document(&sample, &options);
    report::write(&document, &args.report, &options)?;
    Ok(0)
}

fn limit(text: &str) -> Option<Amount> {
    let mark = if text.contains(',') { DecimalMark::Comma } else { DecimalMark::Point };
    Amount::parse(text, mark).ok()
}

/// Payments of lists or of results, with what a result says besides.
struct Drawable {
    payments: Vec<Payment>,
    /// By the number of each payment: what it is shown as.
    facts: Vec<Facts>,
}

/// What is shown of a payment, and what its account is compared by.
#[derive(Default)]
struct Facts {
    place: String,
    account: String,
    state: String,
}

impl Drawable {
    fn load(paths: &[PathBuf], config: &Config, language: Language) -> Result<Self, Failure> {
        let mut all = Self { payments: Vec::new(), facts: Vec::new() };
        let mut files = Vec::new();
        for path in paths {
            match result(path, language)? {
                Some(saved) => saved.iter().for_each(|own| all.add_saved(own, language)),
                None => files.push(path.clone()),
            }
        }
        if !files.is_empty() {
            let inputs = gather::inputs(&wanted(files, config, language))?;
            let (records, again) = (inputs.files.clone(), inputs.read_again().collect::<Vec<_>>());
            for payment in rows(inputs) {
                let spot = Files(&records).spot(payment.place);
                let place = spot.map(|spot| format!("{}:{}", spot.file, spot.line));
                let account = payment.iban.as_ref().map(comparable);
                all.facts.push(Facts {
                    place: place.unwrap_or_default(),
                    account: account.unwrap_or_default(),
                    state: String::new(),
                });
                all.payments.push(payment);
            }
            unchanged(&again, language)?;
        }
        if all.payments.is_empty() {
            return Err(Failure::Usage(
                language
                    .pick(
                        "keine Zahlung gefunden; gebraucht werden Listen oder ein Ergebnis von `verify --format json`",
                        "no payment found; lists or a result of `verify --format json` are needed",
                    )
                    .to_owned(),
            ));
        }
        Ok(all)
    }

    fn add_saved(&mut self, own: &SavedPayment, language: Language) {
        let full = own.iban.as_deref().filter(|iban| !iban.contains('…')).and_then(Iban::read);
        let masked = format!(
            "{} {}",
            own.iban.as_deref().unwrap_or_default(),
            own.account_check.as_deref().unwrap_or_default()
        );
        let number = u32::try_from(self.payments.len()).unwrap_or(u32::MAX);
        let mut payment = Payment {
            // Results tell places as texts; the order is theirs.
            place: Place::line(FileId(0), number.saturating_add(1)),
            case_id: own.case_id.clone(),
            beneficiary: own.beneficiary.clone(),
            payee: own.payee.clone(),
            amount: own.amount.as_deref().and_then(|text| Amount::from_iso(text).ok()),
            due: own.due,
            end_to_end_id: own.end_to_end_id.clone(),
            ..Payment::default()
        };
        payment.benefit = Benefit::read(own.benefit.as_deref().unwrap_or_default());
        // Compared with nothing, as where the list itself is read.
        let is_unreadable = own.reason == Reason::RowUnreadable.name();
        payment.unreadable = is_unreadable.then_some(ProblemCode::AmountMissing);
        let status = Status::ALL.into_iter().find(|status| status.name() == own.status);
        let reason = Reason::from_name(&own.reason).map(|reason| reason.label(language));
        let state = status.map(|status| Words(language).status(status)).unwrap_or_default();
        self.facts.push(Facts {
            place: format!("{}:{}", own.source.file, own.source.line),
            account: full.as_ref().map_or(masked, comparable),
            state: format!("{state}: {}", reason.unwrap_or_default()),
        });
        payment.iban = full;
        self.payments.push(payment);
    }

    /// The facts of the payments, by where these stand in memory.
    fn by_payment(&self) -> BTreeMap<*const Payment, &Facts> {
        self.payments.iter().map(std::ptr::from_ref).zip(&self.facts).collect()
    }
}

/// An account as results without full numbers know it, so that lists and results can be compared.
fn comparable(iban: &Iban) -> String {
    format!("{} {}", iban.masked(), check_of(iban).unwrap_or_default())
}

/// The payments of a saved result; `None` for a file or folder of another kind.
fn result(path: &Path, language: Language) -> Result<Option<Vec<SavedPayment>>, Failure> {
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = results::saved(path).map_err(|error| results::unreadable(path, &error))?;
    let saved = bytes.map(|bytes| saved::parsed(&bytes, path, language)).transpose()?;
    Ok(saved.map(|saved| saved.payments))
}

fn sample(
    args: &SampleArgs,
    (now, before): (&Drawable, Option<&Drawable>),
    (share, above): (Share, Option<Amount>),
    options: &Options,
) -> Sample {
    let mut facts = now.by_payment();
    facts.extend(before.into_iter().flat_map(Drawable::by_payment));
    let account = |row: &Payment| facts.get(&std::ptr::from_ref(row)).map(|own| &own.account);
    let has_new_account = |old: &Payment, new: &Payment| account(old) != account(new);
    let question = Question {
        before: before.map(|before| before.payments.as_slice()),
        has_new_account: &has_new_account,
        above,
    };
    let members = population(&now.payments, &question);
    let numbers = draw(&members, share, &args.seed);
    let mut all = Tally::default();
    for member in members.iter().filter(|member| member.kind != Kind::Ended) {
        all.add(member.payment.amount_or_zero());
    }
    let text = |text: &str| leaving(text, options.full_iban);
    let drawn: Vec<Drawn> = numbers
        .iter()
        .filter_map(|number| members.get(*number))
        .map(|member| {
            let row = member.payment;
            let own = facts.get(&std::ptr::from_ref(row));
            let iban = match &row.iban {
                Some(iban) if options.full_iban => iban.reveal().to_owned(),
                Some(iban) => iban.masked(),
                None => {
                    own.and_then(|own| own.account.split(' ').next()).unwrap_or_default().to_owned()
                }
            };
            let name = row.beneficiary.as_deref().or(row.payee.as_deref()).unwrap_or_default();
            Drawn {
                kind: member.kind,
                case_id: text(row.case_id.as_deref().unwrap_or_default()),
                name: text(name),
                benefit: text(&benefit_label(row.benefit.name(), options.language)),
                amount: row.amount,
                iban: text(&iban),
                row: text(own.map(|own| own.place.as_str()).unwrap_or_default()),
                state: own.map(|own| own.state.clone()).unwrap_or_default(),
            }
        })
        .collect();
    let count = |kind: Kind| members.iter().filter(|member| member.kind == kind).count();
    let taken = |kind: Kind| drawn.iter().filter(|own| own.kind == kind).count();
    Sample {
        seed: text(&args.seed),
        share: text(args.share.trim()),
        kinds: Kind::ALL.into_iter().map(|kind| (kind, count(kind), taken(kind))).collect(),
        all,
        drawn,
    }
}
