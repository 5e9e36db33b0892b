//! Currencies, exact money, calendar days and payment terms.
//!
//! Everything here is a value: no clock, no locale of the machine, no floating point. An amount is
//! an integer of minor units of its currency ([`Money`]), a date is a count of days ([`Day`]).

pub mod amount;
mod amount_cell;
mod amount_style;
mod amount_typed;
pub mod business;
pub mod currency;
pub mod date;
mod date_order;
pub mod day;
pub mod format;
pub mod money;
pub mod order;
pub mod split;
pub mod terms;
pub mod terms_due;
mod terms_lex;
mod terms_parse;

pub use amount::{Amount, AmountError, DecimalMark, Style};
pub use currency::Currency;
pub use date::{DateError, DateOrder};
pub use day::{Day, Weekday};
pub use format::{Grouping, NumberFormat};
pub use money::{MinorUnits, Money, MoneyError, Rounding};
pub use terms::{EomReading, Terms, TermsError, due_dates};
