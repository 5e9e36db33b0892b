//! Read models of a book: aging, work list, promises, search, reports as neutral sheets.
//!
//! All are functions of the book, a date and a commit. Nothing here is stored.

pub mod aging;
pub mod drill;
mod overlay;
pub mod promises;
mod rollup;
mod scan;
pub mod search;
pub mod timeline;
pub mod today;

pub use aging::{Aging, AgingQuery, AgingRow, Figure, Filter, GroupBy, GroupKey, aging};
pub use drill::{CellItem, Column, cell_items};
pub use promises::{Judged, KeptRate, PromiseState, judge_all};
