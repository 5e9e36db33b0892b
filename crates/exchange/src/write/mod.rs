//! Sheets to files. Knows sheets, not reports: what a column means is the report's business.
//!
//! Text that a spreadsheet could take for a formula is made harmless ([`harmless`]); figures are
//! written as figures; nothing is dropped without being counted in what the writers return.

pub mod archive;
pub mod csv;
mod formats;
pub mod harmless;
mod layout;
mod names;
pub(crate) mod numbers;
pub mod pack;
pub mod xlsx;

#[cfg(test)]
mod tests;

use core::fmt;
use core::ops::ControlFlow;
use duebook_sheet::Problem;
use std::io;

/// How far a writer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows done.
    pub done: u64,
    /// Rows in all.
    pub total: u64,
}

/// Told every few thousand rows; `Break` cancels, and nothing is returned.
pub type OnProgress<'p> = &'p mut dyn FnMut(Progress) -> ControlFlow<()>;

/// Rows between two reports of progress: a few milliseconds of work.
const PROGRESS_ROWS: u64 = 4_096;

/// Why nothing was written.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// The report is put together wrongly.
    Report(Vec<Problem>),
    /// The caller cancelled.
    Cancelled,
    /// More columns than a sheet has.
    TooManyColumns {
        /// Name of the sheet.
        sheet: String,
        /// How many.
        columns: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Titles and header leave no room for rows.
    NoRoom {
        /// Name of the sheet.
        sheet: String,
    },
    /// A delimiter that cannot be told from the text around it.
    Delimiter(u8),
    /// The workbook library refused.
    Workbook(rust_xlsxwriter::XlsxError),
    /// What the workbook library made is not what rows can be written into: a mistake of ours, or
    /// a library changed under us.
    Frame(&'static str),
    /// The file could not be put together: past what the format holds.
    Zip(zip::result::ZipError),
    /// The output could not be written to.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl core::error::Error for WriteError {}

impl From<rust_xlsxwriter::XlsxError> for WriteError {
    fn from(error: rust_xlsxwriter::XlsxError) -> WriteError {
        WriteError::Workbook(error)
    }
}

impl From<zip::result::ZipError> for WriteError {
    fn from(error: zip::result::ZipError) -> WriteError {
        match error {
            zip::result::ZipError::Io(error) => WriteError::Io(error),
            error => WriteError::Zip(error),
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> WriteError {
        WriteError::Io(error)
    }
}

/// Counts rows and asks now and then whether to go on.
struct Steps<'p> {
    on_progress: OnProgress<'p>,
    done: u64,
    total: u64,
}

impl<'p> Steps<'p> {
    fn new(on_progress: OnProgress<'p>, total: u64) -> Steps<'p> {
        Steps {
            on_progress,
            done: 0,
            total,
        }
    }

    fn row(&mut self) -> Result<(), WriteError> {
        self.done += 1;
        if self.done.is_multiple_of(PROGRESS_ROWS) {
            self.say()
        } else {
            Ok(())
        }
    }

    fn say(&mut self) -> Result<(), WriteError> {
        let progress = Progress {
            done: self.done,
            total: self.total,
        };
        match (self.on_progress)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(WriteError::Cancelled),
        }
    }
}
