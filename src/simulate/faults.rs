//! What can go wrong with a payment, and how often it does.

/// How much goes wrong in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mix {
    /// Nothing.
    Clean,
    /// What happens in any month.
    #[default]
    Normal,
    /// An office without its systems: much is entered by hand and late.
    Emergency,
    /// Everything, often: for tests.
    Hostile,
}

macro_rules! faults {
    ($($fault:ident, $name:literal, $size:literal, $normal:literal, $emergency:literal,
       $hostile:literal, $story:literal;)*) => {
        /// A fault: what the truth file names in its column `fault`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $(#[doc = $story] $fault,)*
        }

        impl Fault {
            /// All faults.
            pub const ALL: &[Self] = &[$(Self::$fault,)*];

            /// The machine name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$fault => $name,)* }
            }

            /// What happens, in a sentence.
            pub const fn story(self) -> &'static str {
                match self { $(Self::$fault => $story,)* }
            }

            /// How many payments it concerns; a home draws its number itself.
            pub const fn size(self) -> u64 {
                match self { $(Self::$fault => $size,)* }
            }

            /// How many of ten thousand cases.
            pub const fn rate(self, mix: Mix) -> u64 {
                match (mix, self) {
                    (Mix::Clean, _) => 0,
                    $((Mix::Normal, Self::$fault) => $normal,
                      (Mix::Emergency, Self::$fault) => $emergency,
                      (Mix::Hostile, Self::$fault) => $hostile,)*
                }
            }
        }
    };
}

// fault, name, payments, per 10,000 cases: normal, emergency, hostile, story
faults! {
    None, "none", 1, 0, 0, 0, "Booked on the due date under its own end-to-end id.";
    Missing, "missing", 1, 20, 60, 150, "Not paid.";
    Late, "late", 1, 60, 300, 150, "Booked on the next banking day.";
    TooLate, "too-late", 1, 5, 40, 150, "Booked two banking days after the due date.";
    Early, "early", 1, 50, 50, 150, "Booked two banking days before the due date.";
    ReturnedById, "returned-by-id", 1, 20, 20, 150, "Came back under its own end-to-end id.";
    ReturnedByText, "returned-by-text", 1, 5, 10, 150, "Came back with the case number in the text.";
    ReturnedByAccount, "returned-by-account", 1, 5, 10, 150, "Came back with account and amount alone.";
    ReturnedUnmarked, "returned-unmarked", 1, 2, 5, 150, "A credit with the payment's own id and no mark of a return.";
    Rejected, "rejected", 1, 5, 5, 150, "Refused by the bank in a status report (with an order file).";
    AmountFactorTen, "amount-factor-10", 1, 2, 20, 150, "Booked with ten times or a tenth of the amount.";
    AmountSwapped, "amount-digits-swapped", 1, 2, 20, 150, "Booked with two digits of the amount swapped.";
    IbanTypo, "iban-typo", 1, 2, 20, 150, "Booked to an account that differs in two digits; check digits fit.";
    IbanSwapped, "iban-swapped", 1, 2, 10, 150, "Two digits of the list's account are swapped; booked to the right one.";
    WrongAccount, "wrong-account", 1, 2, 10, 150, "Booked under its id to a wholly different account.";
    PaidTwice, "paid-twice", 1, 3, 30, 150, "Booked twice under its end-to-end id.";
    PaidTwiceManual, "paid-twice-manual", 1, 3, 60, 150, "Booked by the run and again by hand.";
    TwinsBoth, "twins-both", 2, 10, 20, 150, "Two equal payments to one account without ids, both booked.";
    TwinsOne, "twins-one", 2, 2, 10, 150, "Two equal payments to one account without ids, one booked.";
    TwinsOneLate, "twins-one-late", 2, 2, 10, 150, "Two equal payments to one account without ids, one of them late.";
    TwinsReturn, "twins-return", 2, 1, 5, 150, "Two equal payments without ids, both booked, one came back.";
    Manual, "manual", 1, 100, 2500, 300, "Entered by hand: no id, the case number in the text.";
    ManualLate, "manual-late", 1, 20, 800, 150, "Entered by hand and booked on the next banking day.";
    ManualRetyped, "manual-retyped", 1, 20, 300, 200, "Entered by hand: no reference at all, the name retyped.";
    NameCut, "name-cut", 1, 50, 50, 150, "A long name, cut at 27 or 70 characters.";
    Placeholder, "placeholder-id", 1, 20, 50, 150, "A placeholder instead of an id, in list and bank data.";
    Split, "split", 1, 5, 20, 150, "Paid in two transfers.";
    PartlyPaid, "partly-paid", 1, 2, 20, 150, "Two of three transfers were booked.";
    HomeMerged, "home-merged", 12, 60, 60, 100, "One transfer for all residents of a home.";
    HomeShort, "home-short", 12, 5, 10, 60, "One transfer for a home, short by one resident.";
    HomeLate, "home-late", 12, 5, 20, 60, "One transfer for all residents of a home, on the next banking day.";
    HomeOtherMonth, "home-other-month", 12, 2, 10, 60, "One transfer for a home whose text names last month, none for this one.";
    HomeLastLate, "home-last-late", 3, 5, 20, 60, "One transfer names two residents of a home, the third is paid on the next banking day.";
    RowUnreadable, "row-unreadable", 1, 3, 20, 150, "The amount in the list cannot be read.";
    IbanInvalid, "iban-invalid", 1, 3, 20, 150, "The list's account fails its check digits; nothing was booked.";
    Blocked, "blocked", 1, 20, 20, 150, "Blocked in the list and not paid.";
    BlockedPaid, "blocked-paid", 1, 2, 20, 150, "Blocked in the list and paid all the same.";
    CashReceipt, "cash-receipt", 1, 10, 50, 150, "Paid in cash, with a receipt.";
    CashOpen, "cash-open", 1, 5, 30, 150, "To be paid in cash, without a receipt.";
    Zero, "zero-amount", 1, 20, 20, 150, "Nothing due: all goes to third parties.";
    LastMonthOnly, "last-month-only", 1, 2, 20, 200, "Only last month's transfer was booked, under the same id.";
    OtherMonth, "other-month", 1, 2, 20, 150, "A late payment for last month in the window, none for this one.";
    Repaid, "repaid", 1, 2, 10, 150, "Came back early and was paid again in time.";
    RepaidLate, "repaid-late", 1, 2, 10, 150, "Came back and was paid again on the next banking day.";
    ForeignAmount, "foreign-amount", 1, 5, 20, 200, "Not paid, but another department paid the same sum to somebody else.";
    Namesake, "namesake", 1, 2, 10, 200, "Not paid, but a namesake got the same sum on another account.";
    NameOnly, "name-only", 1, 2, 20, 150, "Booked without account and reference: only name and amount agree.";
    IdsSwapped, "ids-swapped", 2, 1, 10, 150, "Two transfers carry each other's end-to-end id.";
    PendingOnly, "pending-only", 1, 2, 20, 150, "Announced, never booked (formats that show it; else not paid).";
    HostileText, "hostile-text", 1, 0, 0, 200, "Names and texts with formulas, terminal codes and HTML.";
    BatchShort, "batch-short", 1, 0, 200, 2000, "The collective debit leaves one member out (per run, with batches).";
    GapDay, "gap-day", 1, 0, 0, 5000, "A day of the bank data is missing (per month; statements only).";
    DuplicateExport, "duplicate-export", 1, 500, 2000, 5000, "The due date once more in another format (per month).";
}

impl Fault {
    /// A fault by its machine name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }

    /// Whether a home's residents are paid together.
    pub const fn is_of_a_home(self) -> bool {
        matches!(
            self,
            Self::HomeMerged
                | Self::HomeShort
                | Self::HomeLate
                | Self::HomeOtherMonth
                | Self::HomeLastLate
        )
    }

    /// Whether the fault befalls a run or the month, not a case.
    pub const fn is_of_the_month(self) -> bool {
        matches!(self, Self::None | Self::BatchShort | Self::GapDay | Self::DuplicateExport)
    }

    /// Whether it may befall a member of a run that is booked as one sum.
    pub const fn fits_batches(self) -> bool {
        !matches!(
            self,
            Self::Missing
                | Self::Rejected
                | Self::PendingOnly
                | Self::ForeignAmount
                | Self::Namesake
                | Self::LastMonthOnly
                | Self::OtherMonth
                | Self::HomeOtherMonth
        )
    }
}

/// Faults with how often they happen; the mix's rates unless they were set.
#[derive(Clone, Debug)]
pub struct Rates {
    mix: Mix,
    set: Vec<(Fault, u64)>,
    cases: Vec<(Fault, u64)>,
}

impl Rates {
    /// The rates of a mix, some of them set otherwise (per ten thousand).
    pub fn new(mix: Mix, set: &[(Fault, u64)], batches: bool) -> Self {
        let mut rates = Self { mix, set: set.to_vec(), cases: Vec::new() };
        rates.cases = Fault::ALL
            .iter()
            .filter(|fault| !fault.is_of_the_month() && (!batches || fault.fits_batches()))
            .map(|fault| (*fault, rates.of(*fault)))
            .filter(|(_, rate)| *rate > 0)
            .collect();
        rates
    }

    /// How many of ten thousand.
    pub fn of(&self, fault: Fault) -> u64 {
        let set = self.set.iter().rev().find(|(known, _)| *known == fault);
        set.map_or_else(|| fault.rate(self.mix), |(_, rate)| *rate)
    }

    /// The fault for a number drawn from 0 to 9,999.
    pub fn fault(&self, mut drawn: u64) -> Fault {
        for (fault, rate) in &self.cases {
            match drawn.checked_sub(*rate) {
                Some(rest) => drawn = rest,
                None => return *fault,
            }
        }
        Fault::None
    }
}
