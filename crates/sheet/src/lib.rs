//! A report as neutral sheets. `insight` makes them, `exchange` writes them; neither knows the
//! other. Nothing is materialised: a [`Sheet`] holds a function from (row, column) to [`Cell`],
//! so a million rows stream through a writer without a second copy.
//!
//! Every workbook can carry a README (domain.md §10) with the control totals of domain.md §2.6,
//! and says UNRECONCILED on the face of every sheet where a control failed.

mod cell;
pub mod control;
mod readme;
mod sheet;
pub mod text;
mod totals;

pub use cell::Cell;
pub use control::{Control, ControlTotals, Figure, Verdict};
pub use readme::{KnownAt, Rate, Readme, Reporting, Stamp};
pub use sheet::{
    Column, Kind, Problem, ReadmeAt, Rule, Sheet, Test, Tie, Title, Tone, Total, Unit, Workbook,
};
pub use totals::{Exact, Sum, Totals};
