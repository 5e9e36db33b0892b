//! Judging what was read: a log is believed up to its last good commit, and what stopped the
//! reading is a fact the caller must show.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use crate::envelope::{BlockRef, FORMAT, OpenError};
use crate::ids::Digest;
use crate::seal::{Commit, Head, SealedCommit};
use crate::store::{RawCommit, RawLog, StoreError};

/// Meta key of the downgrade barrier: a little-endian `u32`, the lowest envelope version a
/// reader must know.
pub const BARRIER: &str = "barrier";

/// State at an exact position: a cache of the log, never its replacement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Snapshot {
    /// The commit it includes last.
    #[n(0)]
    pub seq: u64,
    /// That commit's hash.
    #[n(1)]
    pub hash: Digest,
    /// The caller's codec version; another one means: replay.
    #[n(2)]
    pub codec: u32,
    /// BLAKE3 of `bytes`.
    #[n(3)]
    pub digest: Digest,
    /// Segments it needs, in blocks of commits or of its own.
    #[n(4)]
    pub segments: Vec<BlockRef>,
    /// The rest of the state, encoded by the caller. Never erasable text.
    #[n(5)]
    #[cbor(with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

impl Snapshot {
    /// A snapshot at a head.
    #[must_use]
    pub fn new(head: &Head, codec: u32, segments: Vec<BlockRef>, bytes: Vec<u8>) -> Self {
        Self {
            seq: head.seq,
            hash: head.hash,
            codec,
            digest: Digest::of(&bytes),
            segments,
            bytes,
        }
    }

    /// As one record: a CBOR map with numbered fields.
    ///
    /// # Errors
    /// [`StoreError::Io`] when it cannot be encoded.
    pub fn encode(&self) -> Result<Vec<u8>, StoreError> {
        minicbor::to_vec(self).map_err(|error| StoreError::Io(error.to_string()))
    }

    /// Reads the record back; `None` when it is not one. A snapshot is a cache: then replay.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok()
    }

    /// The head it stands on.
    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            seq: self.seq,
            hash: self.hash,
        }
    }
}

/// Why a commit does not continue the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainError {
    /// A position is missing.
    Gap {
        /// The position expected.
        expected: u64,
        /// The position found.
        found: u64,
    },
    /// The bytes under this position are not a readable commit.
    Unreadable {
        /// Position.
        seq: u64,
        /// Why.
        error: OpenError,
    },
    /// The commit says another position than the key it is stored under.
    Misplaced {
        /// The key.
        key: u64,
        /// What it says.
        says: u64,
    },
    /// The commit names another predecessor.
    Broken {
        /// Position.
        seq: u64,
    },
}

/// What the caller must know about a log before he believes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Nothing is stored. Whether that is a new book or a lost one, [`crate::judge`] says.
    Empty,
    /// Made by a newer version: open nothing, write nothing.
    NewerVersion {
        /// The version needed.
        needs: u32,
    },
    /// Reading stopped here; what is before is good, so open it read-only.
    Stopped(ChainError),
    /// The snapshot is damaged or is not of this log: load from before it.
    SnapshotDoubtful {
        /// Its position.
        seq: u64,
    },
}

/// A log as far as it can be believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// A snapshot whose bytes and place in the chain were checked. Its segments are read with
    /// [`crate::EventStore::get_blocks`], which checks them.
    pub snapshot: Option<Snapshot>,
    /// The commits after the snapshot, or all.
    pub commits: Vec<Commit>,
    /// The last good commit.
    pub head: Head,
    /// Meta values.
    pub meta: BTreeMap<String, Vec<u8>>,
    /// What is wrong or remarkable; empty when all is well.
    pub facts: Vec<Fact>,
}

impl Loaded {
    /// Judges what one read transaction found.
    #[must_use]
    pub fn examine(raw: RawLog) -> Self {
        let mut loaded = Self {
            meta: raw.meta,
            ..Self::default()
        };
        if let Some(needs) = barrier(&loaded.meta).filter(|needs| *needs > FORMAT) {
            loaded.facts.push(Fact::NewerVersion { needs });
            return loaded;
        }
        let mut commits = raw.commits;
        match raw.snapshot {
            Some(snapshot) => {
                // The snapshot's own commit is read too: it ties the snapshot to this log.
                let own = (commits.first()).is_some_and(|c| {
                    c.seq == snapshot.seq && Digest::of(&c.bytes) == snapshot.hash
                });
                if !own || Digest::of(&snapshot.bytes) != snapshot.digest {
                    loaded
                        .facts
                        .push(Fact::SnapshotDoubtful { seq: snapshot.seq });
                    return loaded;
                }
                commits.remove(0);
                loaded.head = snapshot.head();
                loaded.snapshot = Some(snapshot);
            }
            None if commits.is_empty() => loaded.facts.push(Fact::Empty),
            None => {}
        }
        loaded.take(commits);
        loaded
    }

    fn take(&mut self, commits: Vec<RawCommit>) {
        for raw in commits {
            match follow(&self.head, raw) {
                Ok(commit) => {
                    self.head = commit.head();
                    self.commits.push(commit);
                }
                Err(ChainError::Unreadable {
                    error: OpenError::NewerVersion { found },
                    ..
                }) => {
                    self.facts.push(Fact::NewerVersion { needs: found });
                    return;
                }
                Err(error) => {
                    self.facts.push(Fact::Stopped(error));
                    return;
                }
            }
        }
    }

    /// Whether the book may be written to.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.facts.iter().all(|fact| *fact == Fact::Empty)
    }
}

/// The downgrade barrier in a book's meta, where there is one.
fn barrier(meta: &BTreeMap<String, Vec<u8>>) -> Option<u32> {
    let bytes: [u8; 4] = meta.get(BARRIER)?.as_slice().try_into().ok()?;
    Some(u32::from_le_bytes(bytes))
}

/// Checks that stored bytes are the commit that follows `head`.
pub(crate) fn follow(head: &Head, raw: RawCommit) -> Result<Commit, ChainError> {
    let expected = head.seq.saturating_add(1);
    if raw.seq != expected {
        return Err(ChainError::Gap {
            expected,
            found: raw.seq,
        });
    }
    let (sealed, envelope) =
        SealedCommit::from_bytes(raw.bytes).map_err(|error| ChainError::Unreadable {
            seq: raw.seq,
            error,
        })?;
    if envelope.seq != raw.seq {
        return Err(ChainError::Misplaced {
            key: raw.seq,
            says: envelope.seq,
        });
    }
    if envelope.previous != head.hash {
        return Err(ChainError::Broken { seq: raw.seq });
    }
    Ok(Commit {
        hash: sealed.hash(),
        envelope,
    })
}

/// Checks commits that follow `head` and returns the head after them. Call it in slices: the
/// head it returns is where the next slice begins.
///
/// # Errors
/// [`ChainError`] at the first commit that does not follow.
pub fn verify_chain(
    head: &Head,
    commits: impl IntoIterator<Item = RawCommit>,
) -> Result<Head, ChainError> {
    commits
        .into_iter()
        .try_fold(*head, |head, raw| Ok(follow(&head, raw)?.head()))
}
