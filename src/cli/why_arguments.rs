//! The command line of `why`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::common_arguments::ReportArgs;
use crate::cli::common_arguments::RoleArgs;
use crate::cli::common_arguments::TermsArgs;

/// `gutschrift why`.
#[derive(Args, Debug)]
pub struct WhyArgs {
    /// The payment: case number, end-to-end id, name, or the account number or its last four or more characters.
    #[arg(value_name = "QUERY")]
    pub query: String,
    /// The booking, as reports name it: `bank/umsaetze.csv:12`; the file may be given by the end of its path.
    #[arg(value_name = "FILE:LINE")]
    pub place: String,
    /// Files and folders of the month, as for `verify` [default: the folder of FILE, or the one above it if that has no
    /// payment list].
    #[arg(value_name = "FILES")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub roles: RoleArgs,
    /// Only the payment of this amount.
    #[arg(long, value_name = "AMOUNT")]
    pub amount: Option<String>,
    /// Only the row of a list at this place.
    #[arg(long, value_name = "FILE:LINE")]
    pub row: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub terms: TermsArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub report: ReportArgs,
}
