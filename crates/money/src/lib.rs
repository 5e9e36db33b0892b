//! Currencies, exact money, calendar days and payment terms.
//!
//! Everything here is a value: no clock, no locale of the machine, no floating point. An amount is
//! an integer of minor units of its currency ([`Money`]), a date is a count of days ([`Day`]).

pub mod business;
pub mod currency;
pub mod day;
pub mod format;
pub mod money;
pub mod split;

pub use currency::Currency;
pub use day::{Day, DayRangeError, Weekday};
pub use format::{Grouping, NumberFormat};
pub use money::{MinorUnits, Money, MoneyError, Rounding};
