//! Why a file cannot be read at all. Each case carries the facts its sentence needs.

use duebook_exchange::read::FileError;
use std::fmt;

/// A file that cannot be read: nothing of it comes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// No bytes, or nothing but blanks.
    Empty,
    /// Larger than is read.
    TooLarge {
        /// Size, bytes.
        bytes: usize,
        /// The limit, bytes.
        limit: usize,
    },
    /// None of the formats: neither the content nor the name says which.
    Unknown,
    /// A document that is not data: a PDF or a picture; its text may be pasted instead.
    NotData {
        /// What the first bytes say it is.
        what: &'static str,
    },
    /// XML, but none of the messages read here.
    OtherXml {
        /// Local name of the message's element.
        root: String,
    },
    /// A table that its reader could not open.
    Table(FileError),
    /// A table without the columns that a statement or a remittance needs; its headers, for a
    /// mapping by hand.
    NoColumns {
        /// The likeliest header row, from 1.
        line: u32,
        /// Its cells.
        headers: Vec<String>,
    },
    /// An archive that is damaged, locked, or inflates beyond the limit.
    Archive {
        /// The reader's words.
        detail: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::TooLarge { bytes, limit } => write!(f, "{bytes} bytes, at most {limit} are read"),
            Self::Unknown => f.write_str("no known statement or remittance format"),
            Self::NotData { what } => write!(f, "{what}, not a data file"),
            Self::OtherXml { root } => write!(f, "XML of another kind: {root}"),
            Self::Table(error) => write!(f, "{error}"),
            Self::NoColumns { line, headers } => {
                write!(
                    f,
                    "no date and amount among the columns of line {line}: {headers:?}"
                )
            }
            Self::Archive { detail } => write!(f, "archive: {detail}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<FileError> for Error {
    fn from(error: FileError) -> Error {
        Error::Table(error)
    }
}
