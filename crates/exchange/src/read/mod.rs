//! Files in: bytes to staged rows with a preview, before anything is written.
//!
//! [`stage`] does it all in one pass over the rows; where the file contradicts its own head, or has
//! two rows of one key, it passes again. [`refused_csv`] writes the refused rows with their reasons.

mod as_of;
mod decide;
mod dialect;
mod disputes;
mod doc_type;
mod due;
mod error;
mod grid;
pub(crate) mod header;
mod input;
mod intern;
mod item_read;
mod item_store;
mod items;
mod kind;
mod layout;
mod leave;
pub mod limits;
pub(crate) mod mapping;
mod notes;
mod options;
mod parties;
mod pass;
mod paste;
mod payments;
mod plan;
mod preview;
mod question;
mod refused;
mod remarks;
mod rows;
mod shape;
mod sides;
mod sniff;
mod stage;
pub(crate) mod synonyms;
mod table;
mod text_input;
mod theirs;
mod totals;
mod trial;
pub(crate) mod work;
mod workbook;

pub use dialect::{Dialect, Recognised};
pub use disputes::{DisputeEnd, DisputeQuestion, DisputeRow, Disputes, read_disputes};
pub use due::UnknownTerms;
pub use error::{Family, FileError, NotTable};
pub use grid::{Grid, GridRow, grid};
pub use input::{Bytes, Input};
pub use kind::FileKind;
pub use leave::{Kept, LeftOut};
pub use mapping::{ColumnMap, Field, MappedBy, Mapping};
pub use notes::{Hint, Notes, Reason, RowNote, Severity};
pub use options::{Identity, Options};
pub use parties::StagedContact;
pub use pass::{Counts, Flow, Progress};
pub use paste::{MAX_PASTE_BYTES, MAX_PASTE_ROWS, PastedRows, paste_rows};
pub use payments::{StagedPayment, StagedSale};
pub use plan::Assumption;
pub use preview::{
    AsOf, AsOfFrom, ColumnPreview, Figures, Missing, Preview, PreviewItem, RawRow, RoundingTotal,
    TotalLine,
};
pub use question::{Mark, Order, Question};
pub use refused::refused_csv;
pub use remarks::{OrderSeen, RemarkEntry, split_remarks};
pub use sniff::{LineEnd, Sniffed, TextOverride, TextShape, sniff};
pub use stage::{Batch, Staged, stage};
pub use synonyms::fold;
pub use table::CellType;
pub use theirs::{
    THEIR_FIELDS, TheirColumn, TheirField, TheirLedger, TheirOptions, TheirQuestion, TheirRow,
    TheirRowKind, TheirTotal, read_theirs,
};
pub use totals::{Agreement, CurrencyTotal, FileTotal, Totals};
pub use trial::{Trial, TrialQuestion, TrialRow, read_trial};
pub use work::{
    WORK_FIELDS, Work, WorkCells, WorkColumn, WorkField, WorkKind, WorkOptions, WorkQuestion,
    WorkReading, WorkRow, read_work,
};
pub use workbook::SheetInfo;
