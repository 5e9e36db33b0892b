//! Why a workbook is no template, or cannot be filled.

use crate::write::WriteError;
use serde::{Deserialize, Serialize};

/// Largest workbook taken as a template, bytes: a hundred times the usual one.
pub const MAX_BYTES: u64 = 16 << 20;
/// Largest content once inflated, bytes.
pub const MAX_INFLATED: u64 = 256 << 20;
/// An archive bigger than this inflated that shrinks more than [`MAX_RATIO`] is a bomb.
const SMALL: u64 = 16 << 20;
const MAX_RATIO: u64 = 200;
/// Most columns of a row that is written anew.
pub const MAX_COLUMNS: usize = 1_024;
/// Most sheets of a template.
pub const MAX_SHEETS: usize = 200;

/// Why not. No text: wording lives in the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TemplateError {
    /// Not a workbook of the XLSX kind.
    NotXlsx,
    /// It opens with a password.
    Password,
    /// It holds macros, which are never kept.
    Macros,
    /// Larger than [`MAX_BYTES`].
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// Its content is larger than [`MAX_INFLATED`], or shrinks as nothing honest does.
    Bomb {
        /// Size of its content, as far as it was read.
        inflated: u64,
    },
    /// More than [`MAX_SHEETS`] sheets.
    TooManySheets {
        /// How many.
        sheets: u64,
    },
    /// The rows to be written have more than [`MAX_COLUMNS`] columns.
    TooManyColumns {
        /// The sheet.
        sheet: String,
        /// How many.
        columns: u64,
    },
    /// More rows than a worksheet holds.
    TooManyRows {
        /// The sheet.
        sheet: String,
        /// The last row there would be.
        rows: u64,
    },
    /// There is no such worksheet.
    NoSheet {
        /// The name asked for.
        sheet: String,
    },
    /// Not as such a file is made.
    Broken {
        /// What was found, in English, for a report of the error.
        detail: String,
    },
    /// It cannot be written.
    NotWritten {
        /// What the writer said.
        detail: String,
    },
}

impl TemplateError {
    pub(super) fn broken(detail: impl Into<String>) -> Self {
        TemplateError::Broken {
            detail: detail.into(),
        }
    }
}

impl From<zip::result::ZipError> for TemplateError {
    fn from(error: zip::result::ZipError) -> Self {
        TemplateError::broken(error.to_string())
    }
}

impl From<std::io::Error> for TemplateError {
    fn from(error: std::io::Error) -> Self {
        TemplateError::NotWritten {
            detail: error.to_string(),
        }
    }
}

impl From<WriteError> for TemplateError {
    fn from(error: WriteError) -> Self {
        TemplateError::NotWritten {
            detail: format!("{error:?}"),
        }
    }
}

/// Whether an archive's stated sizes are those of a bomb.
pub(super) fn is_bomb(bytes: u64, inflated: u64) -> bool {
    inflated > MAX_INFLATED || (inflated > SMALL && inflated / bytes.max(1) > MAX_RATIO)
}
