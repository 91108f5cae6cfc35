//! `gutschrift simulate`: a synthetic month on the disk.

use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;
use tempfile::Builder;

use crate::cli::interrupt::Unfinished;
use crate::cli::progress::Bar;
use crate::cli::progress::Progress;
use crate::cli::progress_text::Phase;
use crate::model::date::Month;
use crate::model::language::Language;
use crate::simulate::Files;
use crate::simulate::Settings;
use crate::simulate::against;
use crate::simulate::against::Carrier;
use crate::simulate::against::Contradicted;
use crate::simulate::faults::Fault;
use crate::simulate::faults::Mix;
use crate::simulate::formats::BankFormat;
use crate::simulate::generate;

/// Arguments of `simulate`.
#[derive(Args, Clone, Debug)]
pub struct SimulateArgs {
    /// Number of payments
    #[arg(long, value_name = "N")]
    pub payments: u64,
    /// The same seed gives the same files
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// How much goes wrong
    #[arg(long, value_enum, default_value_t = MixArg::Normal)]
    pub mix: MixArg,
    /// Folder for the month and its truth file; must not hold a month yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The month, such as 2023-11
    #[arg(long, value_name = "YYYY-MM", default_value = "2023-11", value_parser = month)]
    pub month: Month,
    /// Format of the bank files
    #[arg(long, value_enum, default_value_t = FormatArg::SparkasseCsv)]
    pub bank_format: FormatArg,
    /// Runs are booked as collective debits
    #[arg(long)]
    pub batch: bool,
    /// With an order file (pain.001) and, where the bank refused something, its status report
    #[arg(long)]
    pub with_order: bool,
    /// Without last month's bookings of the same people
    #[arg(long)]
    pub no_last_month: bool,
    /// The bank data end so many banking days early (five after the due date otherwise)
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    pub withhold: usize,
    /// Only payments against which one more file speaks, in this format
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with_all = ["mix", "batch", "rate", "withhold"])]
    pub against: Option<CarrierArg>,
    /// How often a fault happens, in ten thousand cases; may be given several times
    #[arg(long, value_name = "FAULT=N", value_parser = rate)]
    pub rate: Vec<(Fault, u64)>,
}

/// How much goes wrong.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MixArg {
    /// Nothing
    Clean,
    /// What happens in any month
    Normal,
    /// Much is entered by hand and late
    Emergency,
    /// Everything, often
    Hostile,
}

/// Format of the bank files.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FormatArg {
    /// Savings banks, CSV-CAMT
    SparkasseCsv,
    /// Cooperative banks
    VrCsv,
    /// DKB
    DkbCsv,
    /// camt.053, a file a day
    #[value(name = "camt.053")]
    Camt053,
    /// camt.052 and camt.053 of the same days
    #[value(name = "camt.052+053")]
    Camt052And053,
    /// MT940
    Mt940,
}

/// Format of the further file of `--against`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CarrierArg {
    /// Savings banks, CSV-CAMT
    SparkasseCsv,
    /// Cooperative banks
    VrCsv,
    /// DKB
    DkbCsv,
    /// camt.053
    #[value(name = "camt.053")]
    Camt053,
    /// camt.052
    #[value(name = "camt.052")]
    Camt052,
    /// camt.054
    #[value(name = "camt.054")]
    Camt054,
    /// MT940
    Mt940,
}

const fn carrier(arg: CarrierArg) -> Carrier {
    match arg {
        CarrierArg::SparkasseCsv => Carrier::Bank(BankFormat::SparkasseCsv),
        CarrierArg::VrCsv => Carrier::Bank(BankFormat::VrCsv),
        CarrierArg::DkbCsv => Carrier::Bank(BankFormat::DkbCsv),
        CarrierArg::Camt053 => Carrier::Bank(BankFormat::Camt053),
        CarrierArg::Camt052 => Carrier::Report,
        CarrierArg::Camt054 => Carrier::Notification,
        CarrierArg::Mt940 => Carrier::Bank(BankFormat::Mt940),
    }
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| String::from("a month reads like 2023-11"))
}

fn rate(text: &str) -> Result<(Fault, u64), String> {
    let (name, number) = text.split_once('=').ok_or("a rate reads like missing=20")?;
    let fault = Fault::find(name).ok_or_else(|| {
        let names: Vec<&str> = Fault::ALL.iter().map(|fault| fault.name()).collect();
        format!("no such fault; there are {}", names.join(", "))
    })?;
    let number = number.parse().ok().filter(|number| *number <= 10_000);
    Ok((fault, number.ok_or("a rate is a number from 0 to 10000")?))
}

/// Writes the month.
///
/// # Errors
///
/// Where the folder cannot be written or already holds a month.
pub fn run(args: &SimulateArgs, language: Language) -> io::Result<()> {
    let mix = match args.mix {
        MixArg::Clean => Mix::Clean,
        MixArg::Normal => Mix::Normal,
        MixArg::Emergency => Mix::Emergency,
        MixArg::Hostile => Mix::Hostile,
    };
    let bank_format = match args.bank_format {
        FormatArg::SparkasseCsv => BankFormat::SparkasseCsv,
        FormatArg::VrCsv => BankFormat::VrCsv,
        FormatArg::DkbCsv => BankFormat::DkbCsv,
        FormatArg::Camt053 => BankFormat::Camt053,
        FormatArg::Camt052And053 => BankFormat::Camt052And053,
        FormatArg::Mt940 => BankFormat::Mt940,
    };
    let settings = Settings {
        payments: args.payments,
        seed: args.seed,
        mix,
        month: args.month,
        bank_format,
        batches: args.batch,
        with_order: args.with_order,
        last_month: !args.no_last_month,
        withheld: args.withhold,
        rates: args.rate.clone(),
    };
    if let Some(text) = in_the_way(&args.out, language) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, text));
    }
    let bar = Bar::new(false, language);
    let progress = bar.progress();
    progress.begin(Phase::Writing);
    // In full, as temporary folders have their names: what is inside is removed before what is around.
    let out = std::path::absolute(&args.out)?;
    let mut unfinished = Unfinished::default();
    unfinished.folder(&out)?;
    // Made beside and named at the end: whoever ends the process leaves a whole month or none.
    let made = unfinished.make(|| {
        let folder = Builder::new().prefix(".gutschrift-").tempdir_in(&out)?.keep();
        Ok((folder.clone(), folder))
    })?;
    let mut folder = Folder { path: &made, unfinished, progress };
    match args.against {
        Some(format) => {
            let setting = against::Setting {
                main: bank_format,
                carrier: carrier(format),
                with_order: args.with_order,
                early: args.seed.is_multiple_of(2),
            };
            let payments = usize::try_from(args.payments).unwrap_or(usize::MAX);
            let wanted = Contradicted { payments, seed: args.seed, month: args.month, setting };
            against::generate(&wanted, &mut folder)?;
        }
        None => generate(&settings, &mut folder)?,
    }
    folder.unfinished.keep(|| {
        for name in WHOLE {
            std::fs::rename(made.join(name), out.join(name))?;
        }
        std::fs::remove_dir(&made)
    })
}

/// Why no month can be made in a folder.
fn in_the_way(out: &Path, language: Language) -> Option<&'static str> {
    let [truth, month] = WHOLE.map(|name| out.join(name).exists());
    if month {
        return Some(language.pick(
            "der Ordner enthält schon einen simulierten Monat",
            "the folder already holds a simulated month",
        ));
    }
    truth.then(|| {
        language.pick(
            "truth.csv liegt dort ohne seinen Monat, vielleicht von einem abgebrochenen Lauf; bitte entfernen",
            "truth.csv is there without its month, perhaps from a run that was killed; please remove it",
        )
    })
}

/// What a month consists of; the folder that makes it one comes last.
const WHOLE: [&str; 2] = ["truth.csv", "month"];

/// A folder on the disk.
struct Folder<'a> {
    path: &'a Path,
    unfinished: Unfinished,
    progress: Progress,
}

impl Files for Folder<'_> {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let path = self.path.join(path);
        if let Some(folder) = path.parent() {
            self.unfinished.folder(folder)?;
        }
        let file = self.unfinished.make(|| {
            let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
            Ok((path, file))
        })?;
        Ok(Box::new(self.progress.counting(file)))
    }
}
