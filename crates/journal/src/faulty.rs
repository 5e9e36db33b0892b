//! A store that fails on purpose, by a script: what the real one does on a bad day.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use crate::ids::{CommandId, Digest, TextId};
use crate::load::Snapshot;
use crate::seal::{Append, Head, TextRecord};
use crate::store::{
    AppendError, Appended, CommandSeen, EventStore, LoadFrom, RawCommit, RawLog, SnapshotWrite,
    StoreError,
};

/// What happens to one write.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing: this one goes through.
    None,
    /// The write fails; nothing is stored.
    FailBeforeWrite,
    /// It is stored, but the answer never comes.
    CrashAfterWrite,
    /// Another tab commits first.
    Rival(Box<Append>),
    /// The disk is full.
    Quota,
    /// The connection is gone before anything was stored.
    LostConnection,
}

/// Wraps a store and a plan: each append takes the next fault; an empty plan is no fault.
/// Clones share the plan.
#[derive(Clone)]
pub struct FaultyStore<S> {
    inner: S,
    plan: Rc<RefCell<VecDeque<Fault>>>,
    torn: Rc<RefCell<Vec<Digest>>>,
    evicted: Rc<Cell<bool>>,
}

impl<S> FaultyStore<S> {
    /// Wraps a store; nothing fails until told to.
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            plan: Rc::default(),
            torn: Rc::default(),
            evicted: Rc::default(),
        }
    }

    /// Adds faults for the appends to come.
    pub fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        self.plan.borrow_mut().extend(faults);
    }

    /// Reads of this block or segment, and of commits and snapshots with this digest, return
    /// half of it from now on.
    pub fn tear(&self, digest: Digest) {
        self.torn.borrow_mut().push(digest);
    }

    /// The database is empty from now on, as after an eviction.
    pub fn evict(&self) {
        self.evicted.set(true);
    }

    fn torn(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let torn = self.torn.borrow();
        if !torn.is_empty() && torn.contains(&Digest::of(&bytes)) {
            bytes.truncate(bytes.len() / 2);
        }
        bytes
    }

    fn torn_commits(&self, commits: Vec<RawCommit>) -> Vec<RawCommit> {
        (commits.into_iter())
            .map(|commit| RawCommit {
                seq: commit.seq,
                bytes: self.torn(commit.bytes),
            })
            .collect()
    }
}

impl<S: EventStore> EventStore for FaultyStore<S> {
    async fn read_log(&self, from: LoadFrom) -> Result<RawLog, StoreError> {
        if self.evicted.get() {
            return Ok(RawLog::default());
        }
        let raw = self.inner.read_log(from).await?;
        Ok(RawLog {
            snapshot: raw.snapshot.map(|snapshot| Snapshot {
                bytes: self.torn(snapshot.bytes),
                ..snapshot
            }),
            commits: self.torn_commits(raw.commits),
            meta: raw.meta,
        })
    }

    async fn read_commits(&self, after: u64, limit: u32) -> Result<Vec<RawCommit>, StoreError> {
        if self.evicted.get() {
            return Ok(Vec::new());
        }
        Ok(self.torn_commits(self.inner.read_commits(after, limit).await?))
    }

    async fn head(&self) -> Result<Head, StoreError> {
        if self.evicted.get() {
            return Ok(Head::EMPTY);
        }
        self.inner.head().await
    }

    async fn append_all(&self, appends: &[Append]) -> Result<Appended, AppendError> {
        let lost = AppendError::Store(StoreError::Closed);
        let fault = self.plan.borrow_mut().pop_front().unwrap_or(Fault::None);
        if self.evicted.get() {
            let behind = appends.first().map_or(0, |a| a.commit().behind().seq);
            return Err(AppendError::Diverged { behind });
        }
        match fault {
            Fault::None => {}
            Fault::FailBeforeWrite => {
                return Err(StoreError::Io("scripted: failed before writing".to_owned()).into());
            }
            Fault::CrashAfterWrite => {
                self.inner.append_all(appends).await?;
                return Err(lost);
            }
            Fault::Rival(rival) => {
                self.inner.append(&rival).await?;
            }
            Fault::Quota => return Err(StoreError::Quota.into()),
            Fault::LostConnection => return Err(lost),
        }
        self.inner.append_all(appends).await
    }

    async fn find_command(&self, command: CommandId) -> Result<Option<CommandSeen>, StoreError> {
        if self.evicted.get() {
            return Ok(None);
        }
        self.inner.find_command(command).await
    }

    async fn read_blocks(&self, digests: &[Digest]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        if self.evicted.get() {
            return Ok(vec![None; digests.len()]);
        }
        let found = self.inner.read_blocks(digests).await?;
        Ok(found.into_iter().map(|b| b.map(|b| self.torn(b))).collect())
    }

    async fn read_texts(&self, ids: &[TextId]) -> Result<Vec<Option<TextRecord>>, StoreError> {
        if self.evicted.get() {
            return Ok(vec![None; ids.len()]);
        }
        self.inner.read_texts(ids).await
    }

    async fn put_snapshot(&self, write: &SnapshotWrite) -> Result<(), StoreError> {
        self.inner.put_snapshot(write).await
    }

    async fn put_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
        self.inner.put_meta(key, value).await
    }

    async fn get_meta(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if self.evicted.get() {
            return Ok(None);
        }
        self.inner.get_meta(key).await
    }
}
