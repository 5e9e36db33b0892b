//! Why a file cannot be read at all. Each case carries the facts its sentence needs.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of file the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Family {
    /// Delimited text: comma, semicolon, tab or pipe.
    Text,
    /// Excel 2007 and later.
    Xlsx,
    /// Excel 97-2003.
    Xls,
    /// Excel binary workbook.
    Xlsb,
    /// OpenDocument spreadsheet.
    Ods,
}

/// A file that cannot be read. Nothing of it has been staged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileError {
    /// No bytes at all.
    Empty,
    /// Bytes, but no row of data: `lines` lines, the header among them if one was found.
    NoRows {
        /// Lines read.
        lines: u32,
    },
    /// Larger than this reader takes.
    TooLarge {
        /// Size of the file, bytes.
        bytes: u64,
        /// The limit, bytes.
        limit: u64,
        /// What was recognised.
        family: Family,
    },
    /// More columns than a table may have.
    TooManyColumns {
        /// Line with that many cells.
        line: u32,
        /// Cells in it.
        columns: usize,
        /// The limit.
        limit: usize,
    },
    /// More rows than a file may have.
    TooManyRows {
        /// The limit.
        limit: u32,
    },
    /// A quote was opened and never closed; everything after it would be one cell.
    QuoteNeverClosed {
        /// Line on which the row with the open quote begins.
        line: u32,
        /// Column of the open cell, from 1.
        column: usize,
    },
    /// One row longer than a row may be.
    RowTooLong {
        /// Line on which the row begins.
        line: u32,
        /// The limit, bytes.
        limit: u64,
    },
    /// A workbook that needs a password.
    PasswordProtected {
        /// What was recognised.
        family: Family,
    },
    /// An archive that inflates beyond all measure.
    ZipBomb {
        /// Size of the file, bytes.
        bytes: u64,
        /// Size of its content, bytes.
        inflated: u64,
        /// The limit of the content, bytes.
        limit: u64,
    },
    /// A known format that is no table.
    NotATable {
        /// What the first bytes say it is.
        what: NotTable,
    },
    /// A workbook that its reader could not open.
    BrokenWorkbook {
        /// What was recognised.
        family: Family,
        /// The reader's words, for the bug report.
        detail: String,
    },
    /// A workbook without the sheet asked for.
    NoSuchSheet {
        /// The name asked for.
        name: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// The bytes are not valid in the encoding chosen in the options.
    BadEncoding {
        /// Line of the first bad byte.
        line: u32,
        /// The encoding.
        encoding: String,
    },
    /// Reading the bytes failed underneath us.
    Io {
        /// The system's words.
        detail: String,
    },
    /// The progress callback said stop.
    Cancelled,
}

/// Formats recognised only to say that they are no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotTable {
    /// PDF.
    Pdf,
    /// An archive without a workbook in it.
    Zip,
    /// PNG, JPEG, GIF.
    Image,
    /// HTML or XML (some "Excel" exports are HTML).
    Markup,
    /// JSON.
    Json,
    /// An OLE file without a workbook in it (Word, Outlook).
    Ole,
    /// gzip, 7z, rar and the like.
    Archive,
    /// Bytes without text.
    Binary,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for FileError {}

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        FileError::Io {
            detail: error.to_string(),
        }
    }
}
