//! The store in memory: for tests, and the reference for what a store does.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::ids::{CommandId, Digest, TextId};
use crate::load::Snapshot;
use crate::seal::{Append, Head, TextRecord};
use crate::store::{
    AppendError, Appended, CommandSeen, EventStore, LoadFrom, Obstacle, RawCommit, RawLog,
    SnapshotWrite, StoreError, check_contiguous,
};

/// How many snapshots a store keeps.
pub const SNAPSHOTS_KEPT: usize = 3;

#[derive(Default)]
struct Inner {
    commits: BTreeMap<u64, Vec<u8>>,
    commands: BTreeMap<CommandId, CommandSeen>,
    blocks: BTreeMap<Digest, Vec<u8>>,
    texts: BTreeMap<TextId, TextRecord>,
    snapshots: BTreeMap<u64, Snapshot>,
    segments: BTreeMap<Digest, Vec<u8>>,
    meta: BTreeMap<String, Vec<u8>>,
}

impl Inner {
    fn obstacle(&self, append: &Append) -> Obstacle {
        let commit = append.commit();
        Obstacle {
            seen: self.commands.get(&commit.command()).copied(),
            predecessor: (self.commits.get(&commit.behind().seq)).map(|bytes| Digest::of(bytes)),
            taken: self.commits.contains_key(&commit.seq()),
        }
    }

    fn head(&self) -> Head {
        (self.commits.last_key_value()).map_or(Head::EMPTY, |(&seq, bytes)| Head {
            seq,
            hash: Digest::of(bytes),
        })
    }

    fn write(&mut self, append: &Append) {
        let commit = append.commit();
        let seq = commit.seq();
        self.commits.insert(seq, commit.bytes().to_vec());
        let seen = CommandSeen {
            seq,
            input: commit.input(),
        };
        self.commands.insert(commit.command(), seen);
        for block in append.blocks() {
            self.blocks.insert(block.digest(), block.bytes().to_vec());
        }
        for text in append.texts() {
            self.texts.insert(text.id, text.clone());
        }
        for id in append.erases() {
            self.texts.remove(id);
        }
    }
}

/// A log in memory. Clones share it, as two connections to one database do.
#[derive(Clone, Default)]
pub struct MemStore {
    inner: Rc<RefCell<Inner>>,
}

impl MemStore {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl EventStore for MemStore {
    async fn read_log(&self, from: LoadFrom) -> Result<RawLog, StoreError> {
        let inner = self.inner.borrow();
        let snapshot = match from {
            LoadFrom::Start => None,
            LoadFrom::Newest => inner.snapshots.values().next_back(),
            LoadFrom::Before(seq) => inner.snapshots.range(..seq).next_back().map(|(_, s)| s),
        };
        let first = snapshot.map_or(1, |snapshot| snapshot.seq);
        Ok(RawLog {
            snapshot: snapshot.cloned(),
            commits: (inner.commits.range(first..))
                .map(|(&seq, bytes)| RawCommit {
                    seq,
                    bytes: bytes.clone(),
                })
                .collect(),
            meta: inner.meta.clone(),
        })
    }

    async fn read_commits(&self, after: u64, limit: u32) -> Result<Vec<RawCommit>, StoreError> {
        let inner = self.inner.borrow();
        Ok((inner.commits.range(after.saturating_add(1)..))
            .take(limit as usize)
            .map(|(&seq, bytes)| RawCommit {
                seq,
                bytes: bytes.clone(),
            })
            .collect())
    }

    async fn head(&self) -> Result<Head, StoreError> {
        let inner = self.inner.borrow();
        Ok(
            (inner.commits.last_key_value()).map_or(Head::EMPTY, |(&seq, bytes)| Head {
                seq,
                hash: Digest::of(bytes),
            }),
        )
    }

    async fn append_all(&self, appends: &[Append]) -> Result<Appended, AppendError> {
        check_contiguous(appends)?;
        let mut inner = self.inner.borrow_mut();
        let mut commands = BTreeSet::new();
        for (place, append) in appends.iter().enumerate() {
            let mut obstacle = inner.obstacle(append);
            if place > 0 {
                // Its predecessor is the one before it in this very call.
                obstacle.predecessor = Some(append.commit().behind().hash);
            }
            if let Some(answer) = obstacle.verdict(append.commit()) {
                return answer;
            }
            if !commands.insert(append.commit().command()) {
                let seq = append.commit().seq();
                return Err(AppendError::CommandReused { seq });
            }
        }
        for append in appends {
            inner.write(append);
        }
        Ok(Appended::Written(inner.head()))
    }

    async fn find_command(&self, command: CommandId) -> Result<Option<CommandSeen>, StoreError> {
        Ok(self.inner.borrow().commands.get(&command).copied())
    }

    async fn read_blocks(&self, digests: &[Digest]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let inner = self.inner.borrow();
        Ok((digests.iter())
            .map(|d| {
                inner
                    .blocks
                    .get(d)
                    .or_else(|| inner.segments.get(d))
                    .cloned()
            })
            .collect())
    }

    async fn read_texts(&self, ids: &[TextId]) -> Result<Vec<Option<TextRecord>>, StoreError> {
        let inner = self.inner.borrow();
        Ok(ids.iter().map(|id| inner.texts.get(id).cloned()).collect())
    }

    async fn put_snapshot(&self, write: &SnapshotWrite) -> Result<(), StoreError> {
        let mut inner = self.inner.borrow_mut();
        for segment in &write.segments {
            (inner.segments).insert(segment.digest(), segment.bytes().to_vec());
        }
        let snapshot = write.snapshot.clone();
        inner.snapshots.insert(snapshot.seq, snapshot);
        while inner.snapshots.len() > SNAPSHOTS_KEPT {
            inner.snapshots.pop_first();
        }
        let named: BTreeSet<Digest> = (inner.snapshots.values())
            .flat_map(|snapshot| snapshot.segments.iter().map(|s| s.digest))
            .collect();
        inner.segments.retain(|digest, _| named.contains(digest));
        Ok(())
    }

    async fn put_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
        let mut inner = self.inner.borrow_mut();
        match value {
            Some(value) => inner.meta.insert(key.to_owned(), value.to_vec()),
            None => inner.meta.remove(key),
        };
        Ok(())
    }

    async fn get_meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.inner.borrow().meta.get(key).cloned())
    }
}
