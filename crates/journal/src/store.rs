//! What a store of one book's log must do. The rules are executable: see [`crate::contract`].

use std::collections::BTreeMap;

use crate::envelope::OpenError;
use crate::ids::{CommandId, Digest, TextId};
use crate::load::{Loaded, Snapshot};
use crate::seal::{Append, Block, Head, TextRecord};

/// A commit as it lies in the store, not yet believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawCommit {
    /// The key it is stored under.
    pub seq: u64,
    /// The stored bytes.
    pub bytes: Vec<u8>,
}

/// What one read transaction found, not yet believed. [`Loaded::examine`] judges it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawLog {
    /// The snapshot asked for, where there is one.
    pub snapshot: Option<Snapshot>,
    /// The commits from the snapshot's own (included) or from 1, in key order.
    pub commits: Vec<RawCommit>,
    /// Everything under [`EventStore::put_meta`].
    pub meta: BTreeMap<String, Vec<u8>>,
}

/// Where reading begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadFrom {
    /// At the first commit; no snapshot.
    Start,
    /// At the newest snapshot; at the first commit when there is none.
    Newest,
    /// At the newest snapshot before this position (the newer one was doubtful).
    Before(u64),
}

/// A command the log already holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandSeen {
    /// Where.
    pub seq: u64,
    /// Digest of the input it came with.
    pub input: Digest,
}

/// A successful append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// Written now, and on disk.
    Written(Head),
    /// This command with this input was written before; nothing changed.
    Already {
        /// Where.
        seq: u64,
    },
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppendError {
    /// Another writer took this position: read the tail, decide again.
    Conflict,
    /// The stored log does not end where the commit continues: its predecessor is absent or
    /// another one. The book in memory is not the book on disk.
    Diverged {
        /// The position the commit goes behind.
        behind: u64,
    },
    /// The command id was used before with another input.
    CommandReused {
        /// Where.
        seq: u64,
    },
    /// Several appends in one transaction do not continue one another.
    NotContiguous {
        /// The one that does not follow.
        seq: u64,
    },
    /// The store failed; see there. Only [`StoreError::Closed`] leaves it open whether the
    /// commit was written.
    Store(StoreError),
}

impl From<StoreError> for AppendError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Why the store could not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The connection was lost. A write under way may or may not have happened.
    Closed,
    /// Another tab holds an older version open.
    Blocked,
    /// Another tab runs, or the store was made by, a newer version.
    NewerVersion,
    /// There is no such book here (any more).
    Missing,
    /// No room. Nothing was written.
    Quota,
    /// Storage cannot be used at all here (private window, policy).
    Unavailable(String),
    /// A stored record is not of the shape this build writes.
    Malformed {
        /// Which record.
        what: String,
    },
    /// Anything else, for developers. Nothing was written.
    Io(String),
}

/// A snapshot and the segments it newly needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotWrite {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Segments it names that neither an earlier kept snapshot nor a commit's block provides.
    pub segments: Vec<Block>,
}

/// One book's log. Implementations use interior mutability: handles are shared in one thread.
///
/// The log is append-only: no method changes or removes a commit or a block.
pub trait EventStore {
    /// Reads snapshot, commits and meta **in one read transaction**, as they lie there.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read; damage in what was read is not an error here.
    async fn read_log(&self, from: LoadFrom) -> Result<RawLog, StoreError>;

    /// At most `limit` commits after position `after`, in order: for paging through a long log.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn read_commits(&self, after: u64, limit: u32) -> Result<Vec<RawCommit>, StoreError>;

    /// The last commit's position and the hash of its bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn head(&self) -> Result<Head, StoreError>;

    /// Writes all, in order, in **one strict transaction**, each commit added under its own new
    /// key; returns once they are on disk. Blocks and texts are kept, erased texts deleted, in
    /// the same transaction. A text erased by a later commit of the same call stays away.
    ///
    /// # Errors
    /// [`AppendError`]: all or nothing was written; nothing, except that [`StoreError::Closed`]
    /// leaves it open.
    async fn append_all(&self, appends: &[Append]) -> Result<Appended, AppendError>;

    /// Writes one commit; see [`EventStore::append_all`]. The same command with the same input
    /// is [`Appended::Already`].
    ///
    /// # Errors
    /// [`AppendError`].
    async fn append(&self, append: &Append) -> Result<Appended, AppendError> {
        self.append_all(std::slice::from_ref(append)).await
    }

    /// Whether the log holds this command.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn find_command(&self, command: CommandId) -> Result<Option<CommandSeen>, StoreError>;

    /// Blocks and snapshot segments by digest, as they lie there, in one read transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn read_blocks(&self, digests: &[Digest]) -> Result<Vec<Option<Vec<u8>>>, StoreError>;

    /// Texts by id, in one read transaction; `None` for erased ones.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn read_texts(&self, ids: &[TextId]) -> Result<Vec<Option<TextRecord>>, StoreError>;

    /// Writes a snapshot with its segments in one (relaxed) transaction, keeps the newest three
    /// and removes segments that none of those names. A snapshot is a cache: it never holds
    /// erasable text.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn put_snapshot(&self, write: &SnapshotWrite) -> Result<(), StoreError>;

    /// Writes one meta value (`None` removes it), strictly.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn put_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), StoreError>;

    /// Reads one meta value.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn get_meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Reads and judges: digests of everything read, the chain, versions.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read; damage is in [`Loaded::facts`].
    async fn load(&self, from: LoadFrom) -> Result<Loaded, StoreError> {
        Ok(Loaded::examine(self.read_log(from).await?))
    }

    /// Blocks by digest, each checked against it.
    ///
    /// # Errors
    /// [`BlockError`] for the first that is absent or torn.
    async fn get_blocks(&self, digests: &[Digest]) -> Result<Vec<Vec<u8>>, BlockError> {
        let found = self.read_blocks(digests).await.map_err(BlockError::Store)?;
        (digests.iter().zip(found))
            .map(|(digest, bytes)| match bytes {
                None => Err(BlockError::Missing(*digest)),
                Some(bytes) if Digest::of(&bytes) != *digest => Err(BlockError::Torn(*digest)),
                Some(bytes) => Ok(bytes),
            })
            .collect()
    }

    /// One block; see [`EventStore::get_blocks`].
    ///
    /// # Errors
    /// [`BlockError`].
    async fn get_block(&self, digest: Digest) -> Result<Vec<u8>, BlockError> {
        let mut blocks = self.get_blocks(&[digest]).await?;
        blocks.pop().ok_or(BlockError::Missing(digest))
    }

    /// One text; `None` when it was erased.
    ///
    /// # Errors
    /// [`StoreError`].
    async fn get_text(&self, id: TextId) -> Result<Option<TextRecord>, StoreError> {
        Ok(self.read_texts(&[id]).await?.pop().flatten())
    }
}

/// Why a block cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockError {
    /// It is not in the store.
    Missing(Digest),
    /// Its bytes are not what its digest says.
    Torn(Digest),
    /// The store failed.
    Store(StoreError),
}

/// Why a tail cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TailError {
    /// The store failed.
    Store(StoreError),
    /// The log ends before the head the book stands on: it was evicted or replaced.
    Behind {
        /// Where it ends.
        found: u64,
    },
    /// The commits read do not continue the head.
    Chain(crate::load::ChainError),
}

impl From<OpenError> for StoreError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NewerVersion { .. } => Self::NewerVersion,
            other => Self::Malformed {
                what: format!("commit: {other:?}"),
            },
        }
    }
}

/// Checks that appends of one transaction continue one another; every store calls it first.
///
/// # Errors
/// [`AppendError::NotContiguous`] at the first that does not follow.
pub fn check_contiguous(appends: &[Append]) -> Result<(), AppendError> {
    for pair in appends.windows(2) {
        let next = pair[1].commit();
        if next.behind() != pair[0].commit().head() {
            return Err(AppendError::NotContiguous { seq: next.seq() });
        }
    }
    Ok(())
}

/// What a store finds when it looks why a commit cannot be added; the order is the precedence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Obstacle {
    /// The commit's command is in the log.
    pub seen: Option<CommandSeen>,
    /// Hash of the commit stored at the predecessor's position.
    pub predecessor: Option<Digest>,
    /// The commit's position is taken.
    pub taken: bool,
}

impl Obstacle {
    /// The answer for this commit; `None` when nothing stands in its way.
    #[must_use]
    pub fn verdict(
        &self,
        commit: &crate::seal::SealedCommit,
    ) -> Option<Result<Appended, AppendError>> {
        let behind = commit.behind();
        if let Some(seen) = self.seen {
            return Some(if seen.input == commit.input() {
                Ok(Appended::Already { seq: seen.seq })
            } else {
                Err(AppendError::CommandReused { seq: seen.seq })
            });
        }
        if behind.seq > 0 && self.predecessor != Some(behind.hash) {
            return Some(Err(AppendError::Diverged { behind: behind.seq }));
        }
        self.taken.then_some(Err(AppendError::Conflict))
    }
}
