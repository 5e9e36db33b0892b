//! A seeded generator of sample portfolios and of open-item files.
//!
//! [`portfolio`] gives the steps of a book that looks as if people had worked in it for two years;
//! [`csv`] streams files of open items in the shapes that exports really have, with the truth beside
//! them. Everything is decided by the seed and the day it is asked for: no clock, no floats.

mod bank;
mod cases;
mod credits;
pub mod csv;
mod csv_text;
mod customers;
mod erp;
mod fields;
mod figures;
mod letters;
mod life;
pub mod mornings;
mod notes;
mod places;
mod plans;
mod portfolio;
mod promises;
mod reporting;
pub mod rng;
mod shift;
mod specials;
mod steer;
mod trade;
mod work;

pub use csv::{Dialect, Truth, csv, truth};
pub use figures::{Figures, Intended};
pub use portfolio::{Portfolio, SOURCE, SampleText, Step, apply, portfolio};
