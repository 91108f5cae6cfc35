//! Months in which one more file speaks against payments that are otherwise proven.
//!
//! Every case has a way in which it is proven and something that speaks against it; the truth file says
//! of whom it may not be said that he was credited. Beside them stand cases in which the second file
//! speaks of somebody else, or of the same once more: those stay proven.

pub mod bank;
pub mod booking;
pub mod build;
pub mod kinds;
pub mod messages;
pub mod month;
pub mod shapes;

pub use kinds::Carrier;
pub use kinds::Setting;
pub use month::Contradicted;
pub use month::generate;
