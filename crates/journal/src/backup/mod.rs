//! The whole book as one file. Layout in `FORMAT.md`; every version written stays readable.

mod read;
mod write;

use minicbor::{Decode, Encode};

use crate::ids::{BookId, Digest, TextId};
use crate::load::ChainError;

pub use read::{Backup, RestoreError, restore};
pub use write::{Summary, WriteError, Writer, write};

/// The first eight bytes of every backup.
pub const MAGIC: [u8; 8] = *b"DUEBOOK\0";
/// The container version this build writes, and the highest it reads.
pub const VERSION: u16 = 1;
/// Length of the file header.
pub(crate) const HEADER: usize = 32;
/// Length of a record's head: kind, length, digest.
pub(crate) const RECORD_HEAD: usize = 1 + 8 + 32;
/// What a text payload has before the text: id and salt.
pub(crate) const TEXT_HEAD: usize = 16 + 32;

/// What a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A commit's stored bytes.
    Commit,
    /// A bulk block.
    Block,
    /// An erasable text with id and salt.
    Text,
    /// The end: counts, head, digest of the record heads.
    Trailer,
}

impl Kind {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Commit => 1,
            Self::Block => 2,
            Self::Text => 3,
            Self::Trailer => 255,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        [Self::Commit, Self::Block, Self::Text, Self::Trailer]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// The last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Trailer {
    #[n(0)]
    pub commits: u64,
    #[n(1)]
    pub blocks: u64,
    #[n(2)]
    pub texts: u64,
    #[n(3)]
    pub head_seq: u64,
    #[n(4)]
    pub head_hash: Digest,
    /// BLAKE3 over the file header and every record head before this one.
    #[n(5)]
    pub spine: Digest,
}

/// Why a file is not a whole backup, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupError {
    /// Byte offset of the record (or header) concerned.
    pub at: u64,
    /// What is wrong there.
    pub fault: BackupFault,
}

/// What is wrong with a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupFault {
    /// It does not begin as a backup does.
    NotABackup,
    /// Written by a newer version.
    NewerVersion {
        /// The container version found.
        found: u16,
    },
    /// The header's unused bytes are not zero.
    Header,
    /// The file ends inside a record, or without a trailer.
    Truncated,
    /// A record's bytes are not what its digest says.
    Damaged(Kind),
    /// A kind of record this version does not know.
    UnknownRecord {
        /// Its code.
        code: u8,
    },
    /// A text record is too short, or the trailer cannot be read.
    Malformed(Kind),
    /// A block or text is there twice.
    Twice(Kind),
    /// A commit does not continue the chain.
    Chain(ChainError),
    /// A commit belongs to another book than the header says.
    OtherBook {
        /// Position.
        seq: u64,
        /// The book it names.
        book: BookId,
    },
    /// A commit's block is not in the file, or has another length.
    BlockMissing {
        /// Position of the commit.
        seq: u64,
        /// The block.
        digest: Digest,
    },
    /// A commit's text is not in the file and no commit erased it.
    TextMissing {
        /// Position of the commit.
        seq: u64,
        /// The text.
        id: TextId,
    },
    /// A text is not what its commit's salted digest says.
    TextDiffers {
        /// The text.
        id: TextId,
    },
    /// A block or text that no commit names.
    Unnamed(Kind),
    /// Records were added, dropped or moved: counts, head or spine differ from the trailer.
    Trailer,
    /// Bytes follow the trailer.
    Trailing,
}
