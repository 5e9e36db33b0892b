//! The commit envelope, version 1: who did what, when, and what it rests on.

use minicbor::{Decode, Encode};

use crate::ids::{BookId, CommandId, Digest, ReplicaId, TextId};

/// The envelope version this build writes, and the highest it reads.
///
/// New optional fields do not raise it: older builds skip what they do not know. It is raised
/// only when skipping would be wrong.
pub const FORMAT: u32 = 1;

/// Who gave the command, as he stated it: a statement, not proof.
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Actor {
    /// Stable id of the person in this book.
    #[n(0)]
    pub id: String,
    /// The name as stated then.
    #[n(1)]
    pub name: String,
    /// The role as stated then.
    #[n(2)]
    pub role: String,
}

/// Somebody else's consent to this command, as stated.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Approval {
    /// Who approved.
    #[n(0)]
    pub who: String,
    /// When, in milliseconds since 1970-01-01 UTC.
    #[n(1)]
    pub at_ms: i64,
    /// The mail, ticket or sheet that shows it.
    #[n(2)]
    pub reference: String,
}

/// The working shift the command was given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Shift {
    /// The day the shift counts for, in days since 1970-01-01.
    #[n(0)]
    pub work_date: i32,
    /// Start, in milliseconds since 1970-01-01 UTC.
    #[n(1)]
    pub start_ms: i64,
    /// Planned end, in milliseconds since 1970-01-01 UTC.
    #[n(2)]
    pub end_ms: i64,
}

/// A bulk block this commit carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct BlockRef {
    /// BLAKE3 of the block's bytes.
    #[n(0)]
    pub digest: Digest,
    /// Its length in bytes.
    #[n(1)]
    pub length: u64,
}

/// An erasable text this commit carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct TextRef {
    /// Random id.
    #[n(0)]
    pub id: TextId,
    /// BLAKE3 of the text keyed with its salt; the salt is kept with the text and goes with it.
    #[n(1)]
    pub digest: Digest,
}

/// What the caller decides about a commit. Its place in the chain comes from [`crate::seal`].
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Draft {
    /// The book.
    pub book: BookId,
    /// The copy of the book that writes.
    pub replica: ReplicaId,
    /// The command, once for ever.
    pub command: CommandId,
    /// Digest of the command's input: the same id with another input is refused.
    pub input: Digest,
    /// When it was recorded, in milliseconds since 1970-01-01 UTC.
    pub recorded_at_ms: i64,
    /// The entity's ledger date, in days since 1970-01-01.
    pub ledger_date: i32,
    /// The shift, where one was open.
    pub shift: Option<Shift>,
    /// Who.
    pub actor: Actor,
    /// Whose consent, where it was needed.
    pub approval: Option<Approval>,
    /// The build that wrote it.
    pub build: String,
    /// Bulk blocks carried.
    pub blocks: Vec<BlockRef>,
    /// Texts carried.
    pub texts: Vec<TextRef>,
    /// Texts of earlier commits whose bytes and salt this commit deletes.
    pub erases: Vec<TextId>,
    /// Command and events, encoded by the caller.
    pub body: Vec<u8>,
}

/// A commit as stored: a CBOR map with numbered fields. Unknown fields are skipped, absent
/// optional ones are empty.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Envelope {
    /// Envelope version; field 0 in every version to come.
    #[n(0)]
    pub format: u32,
    /// The book.
    #[n(1)]
    pub book: BookId,
    /// The copy of the book that wrote.
    #[n(2)]
    pub replica: ReplicaId,
    /// Position, contiguous from 1.
    #[n(3)]
    pub seq: u64,
    /// The command.
    #[n(4)]
    pub command: CommandId,
    /// Digest of the command's input.
    #[n(5)]
    pub input: Digest,
    /// Milliseconds since 1970-01-01 UTC.
    #[n(6)]
    pub recorded_at_ms: i64,
    /// Days since 1970-01-01.
    #[n(7)]
    pub ledger_date: i32,
    /// The shift, where one was open.
    #[n(8)]
    pub shift: Option<Shift>,
    /// Who.
    #[n(9)]
    pub actor: Actor,
    /// Whose consent.
    #[n(10)]
    pub approval: Option<Approval>,
    /// The build that wrote it.
    #[n(11)]
    pub build: String,
    /// Hash of the previous commit's stored bytes; zeros for the first.
    #[n(12)]
    pub previous: Digest,
    /// Bulk blocks carried.
    #[n(13)]
    #[cbor(default)]
    pub blocks: Vec<BlockRef>,
    /// Texts carried.
    #[n(14)]
    #[cbor(default)]
    pub texts: Vec<TextRef>,
    /// Texts deleted.
    #[n(15)]
    #[cbor(default)]
    pub erases: Vec<TextId>,
    /// Cipher of the body: 0 = none.
    #[n(16)]
    #[cbor(default)]
    pub cipher: u32,
    /// Key the body is under: 0 = none.
    #[n(17)]
    #[cbor(default)]
    pub key: u32,
    /// Command and events, opaque here.
    #[n(18)]
    #[cbor(with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// Why stored bytes are not a commit this build can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Made by a newer version: stop, never skip.
    NewerVersion {
        /// The version found.
        found: u32,
    },
    /// The body is under a cipher this build does not know.
    UnknownCipher {
        /// The cipher found.
        cipher: u32,
    },
    /// Not an envelope.
    Malformed {
        /// Byte offset where reading stopped, where known.
        at: Option<usize>,
        /// For developers.
        detail: String,
    },
    /// Bytes follow the envelope.
    Trailing {
        /// Where they begin.
        at: usize,
    },
}

/// Only what every version shares.
#[derive(Decode)]
#[cbor(map)]
struct Probe {
    #[n(0)]
    format: u32,
}

impl Envelope {
    /// Reads stored bytes.
    ///
    /// # Errors
    /// [`OpenError`]; a newer format or an unknown cipher is said as such.
    pub fn open(bytes: &[u8]) -> Result<Self, OpenError> {
        let malformed = |error: minicbor::decode::Error| OpenError::Malformed {
            at: error.position(),
            detail: error.to_string(),
        };
        let probe: Probe = minicbor::decode(bytes).map_err(malformed)?;
        if probe.format > FORMAT {
            return Err(OpenError::NewerVersion {
                found: probe.format,
            });
        }
        let mut decoder = minicbor::Decoder::new(bytes);
        let envelope: Self = decoder.decode().map_err(malformed)?;
        if decoder.position() != bytes.len() {
            return Err(OpenError::Trailing {
                at: decoder.position(),
            });
        }
        if envelope.cipher != 0 {
            return Err(OpenError::UnknownCipher {
                cipher: envelope.cipher,
            });
        }
        Ok(envelope)
    }
}
