//! The client's own workbook, filled from the book: sheets, columns, formats, formulas and widths
//! stay as they are, and rows take the place of the rows under a header.
//!
//! [`outline`] says what a workbook has and what its columns look like; [`fill`] writes it anew. A
//! part that nothing has to change is copied as it is stored. In a sheet that is filled
//! - each new cell has the style of the template's first row of data, and a formula of that row is
//!   copied down where no value is put;
//! - what stands below moves, and every reference to the rows, in formulas of all sheets, names,
//!   tables, filters, formats, validations, charts and pivots, grows and shrinks with them;
//! - results of formulas that may follow from the rows are taken out, but for sums known exactly:
//!   programs reckon them when they open the file, and nobody reads a total of yesterday.

mod below;
mod error;
mod fill;
mod outline;
mod package;
mod part;
mod propose;
mod refs;
mod rows;
mod sheet;
mod styles;
mod xml;

pub use error::{MAX_BYTES, MAX_COLUMNS, MAX_INFLATED, MAX_SHEETS, TemplateError};
pub use fill::fill;
pub use outline::{ColumnOutline, Outline, SheetOutline, outline};

use duebook_money::day::ExcelSystem;
use duebook_sheet::Sheet;

/// Where rows go in a sheet of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its name.
    pub sheet: String,
    /// The row of the header, from 1.
    pub header: u32,
    /// The first row of data.
    pub first: u32,
    /// The last row of data that is replaced; the one before `first` where there is none.
    pub last: u32,
    /// Where each column of the data goes, from 0.
    pub columns: Vec<u16>,
}

/// A sheet and what fills it.
#[derive(Clone, Copy)]
pub struct Filled<'p, 's> {
    /// Where.
    pub place: &'p Place,
    /// The rows: as many columns as the place has.
    pub data: &'p Sheet<'s>,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Rows of data.
    pub rows: u64,
    /// Texts that were longer than a cell holds and were cut, with an ellipsis.
    pub cut: u64,
    /// Figures of more than 15 digits, written as exact text.
    pub as_text: u64,
}

/// From when a workbook counts its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    Y1900,
    Y1904,
}

impl Since {
    fn system(self) -> ExcelSystem {
        match self {
            Since::Y1900 => ExcelSystem::Windows1900,
            Since::Y1904 => ExcelSystem::Mac1904,
        }
    }
    /// Whether everyone agrees which day a serial is.
    fn shows(self, serial: i32) -> bool {
        serial > if self == Since::Y1900 { 60 } else { 0 }
    }
}
