//! A store and the head the open book stands on. What the book has applied is what the next
//! commit goes behind; anything else is found out and told.

use crate::envelope::Draft;
use crate::ids::Digest;
use crate::load::{ChainError, Loaded, follow};
use crate::seal::{Append, Block, Commit, Head, SealError, TextRecord};
use crate::store::{AppendError, Appended, EventStore, LoadFrom, StoreError, TailError};

/// The end of a command's way to disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// On disk: apply it.
    Committed(Head),
    /// This very command is in the log already, at `seq`. Nothing was written; apply the tail
    /// (empty when the book has it), and show the command as done.
    Already {
        /// Where.
        seq: u64,
        /// What the book has not applied yet, `seq` included.
        tail: Vec<Commit>,
    },
    /// Another tab was first: apply the tail, [`Journal::adopt`] it, decide again.
    Behind {
        /// What the book has not applied yet.
        tail: Vec<Commit>,
    },
}

/// Why a command is not known to be saved. The book in memory is unchanged; keep the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommitError {
    /// It could not be sealed.
    Seal(SealError),
    /// Certainly not saved.
    NotSaved(StoreError),
    /// The connection died twice: it may be saved. Committing the same command again tells.
    Unknown,
    /// The command id was used before with another input.
    CommandReused {
        /// Where.
        seq: u64,
    },
    /// The log on disk is not the one this book was read from: stop writing, rescue.
    Diverged {
        /// The position the book stands on.
        behind: u64,
    },
    /// Another tab was first, and its commits cannot be read.
    Tail(TailError),
}

/// A log that is open.
#[derive(Clone, Debug)]
pub struct Journal<S> {
    store: S,
    head: Head,
}

impl<S: EventStore> Journal<S> {
    /// Reads a log and stands on its last good commit. Look at [`Loaded::facts`] before
    /// writing: a book that is not [`Loaded::is_sound`] is opened read-only.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub async fn open(store: S, from: LoadFrom) -> Result<(Self, Loaded), StoreError> {
        let loaded = store.load(from).await?;
        let head = loaded.head;
        Ok((Self { store, head }, loaded))
    }

    /// Stands on a head known otherwise (in the worker, which gets it with the job).
    pub fn at(store: S, head: Head) -> Self {
        Self { store, head }
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// What the book has applied.
    pub fn head(&self) -> Head {
        self.head
    }

    /// The book has applied these commits.
    ///
    /// # Errors
    /// [`ChainError::Broken`] or [`ChainError::Gap`] when they do not continue the head; then
    /// nothing is adopted.
    pub fn adopt(&mut self, tail: &[Commit]) -> Result<(), ChainError> {
        let mut head = self.head;
        for commit in tail {
            let seq = commit.envelope.seq;
            if seq != head.seq.saturating_add(1) {
                return Err(ChainError::Gap {
                    expected: head.seq.saturating_add(1),
                    found: seq,
                });
            }
            if commit.envelope.previous != head.hash {
                return Err(ChainError::Broken { seq });
            }
            head = commit.head();
        }
        self.head = head;
        Ok(())
    }

    /// The worker has written a commit for this book: stand on it.
    pub fn advance(&mut self, head: Head) {
        self.head = head;
    }

    /// What is in the log behind the head, checked: for "committed" messages of other tabs and
    /// for regained focus.
    ///
    /// # Errors
    /// [`TailError`].
    pub async fn tail(&self) -> Result<Vec<Commit>, TailError> {
        const PAGE: u32 = 1024;
        let mut head = self.head;
        let mut tail = Vec::new();
        loop {
            let page = (self.store.read_commits(head.seq, PAGE).await).map_err(TailError::Store)?;
            if page.is_empty() {
                break;
            }
            for raw in page {
                let commit = follow(&head, raw).map_err(TailError::Chain)?;
                head = commit.head();
                tail.push(commit);
            }
        }
        if tail.is_empty() {
            let found = self.store.head().await.map_err(TailError::Store)?;
            if found.seq < self.head.seq {
                return Err(TailError::Behind { found: found.seq });
            }
        }
        Ok(tail)
    }

    /// Saves one command. A lost connection is retried once: position and command id are fixed,
    /// so it cannot be written twice.
    ///
    /// # Errors
    /// [`CommitError`]; the book is unchanged.
    pub async fn commit(
        &mut self,
        draft: Draft,
        blocks: Vec<Block>,
        texts: Vec<TextRecord>,
    ) -> Result<Outcome, CommitError> {
        let append = Append::seal(draft, blocks, texts, &self.head).map_err(CommitError::Seal)?;
        self.commit_sealed(&append).await
    }

    /// Saves one command that is sealed behind this head.
    ///
    /// # Errors
    /// [`CommitError`]; the book is unchanged.
    pub async fn commit_sealed(&mut self, append: &Append) -> Result<Outcome, CommitError> {
        let mut answer = self.store.append(append).await;
        let retried = answer == Err(AppendError::Store(StoreError::Closed));
        if retried {
            answer = self.store.append(append).await;
        }
        let sealed = append.commit().head();
        match answer {
            Ok(Appended::Written(head)) => {
                self.head = head;
                Ok(Outcome::Committed(head))
            }
            Ok(Appended::Already { seq }) => {
                let tail = self.tail().await.map_err(CommitError::Tail)?;
                if is_own(&tail, &sealed) {
                    self.head = sealed;
                    return Ok(Outcome::Committed(sealed));
                }
                Ok(Outcome::Already { seq, tail })
            }
            Err(AppendError::Conflict) => Ok(Outcome::Behind {
                tail: self.tail().await.map_err(CommitError::Tail)?,
            }),
            Err(AppendError::CommandReused { seq }) => Err(CommitError::CommandReused { seq }),
            Err(AppendError::Diverged { behind }) => Err(CommitError::Diverged { behind }),
            Err(AppendError::NotContiguous { seq }) => Err(CommitError::Diverged { behind: seq }),
            Err(AppendError::Store(StoreError::Closed)) => Err(CommitError::Unknown),
            // The first try may have been written before its connection died.
            Err(AppendError::Store(_)) if retried => Err(CommitError::Unknown),
            Err(AppendError::Store(error)) => Err(CommitError::NotSaved(error)),
        }
    }
}

/// Whether the tail begins with the very bytes this book sealed: its own first try.
fn is_own(tail: &[Commit], sealed: &Head) -> bool {
    let hash: Option<Digest> = tail.first().map(|commit| commit.hash);
    hash == Some(sealed.hash) && tail.len() == 1
}
