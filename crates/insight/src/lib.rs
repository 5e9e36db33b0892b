//! Read models of a book: aging, work list, promises, search, reports as neutral sheets.
//!
//! All are functions of the book, a date and a commit. Nothing here is stored.

pub mod aging;
pub mod balances;
pub mod cases;
pub mod cashlog;
pub mod changes;
pub mod contact;
pub mod dossier;
pub mod drill;
pub mod fx;
pub mod items;
pub mod kpi;
pub mod late;
mod listing;
pub mod live;
mod not_told;
pub mod outbox;
mod overlay;
pub mod paste;
mod places;
pub mod plans;
pub mod postings;
pub mod promises;
pub mod queue;
pub mod recon;
pub mod reports;
pub mod risk;
mod rollup;
pub mod roster;
mod scan;
pub mod search;
pub mod shift;
pub mod status;
pub mod succession;
pub mod tie_out;
pub mod timeline;
pub mod today;
pub mod tracker;
pub mod waiting;
pub mod worklist;

pub use aging::{Aging, AgingQuery, AgingRow, Figure, Filter, GroupBy, GroupKey, aging};
pub use balances::{Balance, Balances};
pub use drill::{CellItem, Column, cell_items};
pub use live::Live;
pub use promises::{Judged, KeptRate, PromiseState, judge_all};
pub use tie_out::{TieLine, TieOut, tie_out};
