//! Correspondence: what a customer is written, from the book by the one open-item function, per
//! currency and after part payments; and who is to be written, and why, and who not.
//!
//! Nothing goes out by itself: this makes texts and says what it would do.

pub mod agreement;
pub mod before_after;
pub mod claim;
pub mod compose;
pub mod doc;
pub mod docx;
pub mod eml;
pub mod html;
pub mod lines;
pub mod mail;
pub mod mailto;
pub mod merge;
pub mod money;
pub mod pay_run;
pub mod plan;
mod requested;
pub mod sheet;
pub mod statement;
pub mod text;
pub mod words;

pub use compose::{Composed, Party, compose, terms_of};
pub use doc::{Align, Block, Table};
pub use lines::{Line, Totals, open_lines, told_lines, totals};
pub use requested::Requested;
