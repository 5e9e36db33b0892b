//! What can go wrong between a command and the disk. Values; the words are in `crate::words`.

use duebook_journal::{BlockError, CommitError, Fact, StoreError};
use duebook_ledger::Refusal;

/// Why a command is not in the book. Nothing of it is shown and the book is as it was.
#[derive(Debug, Clone, PartialEq)]
pub enum SubmitError {
    /// The engine refused it.
    Refused(Refusal),
    /// It could not be written.
    NotSaved(CommitError),
    /// The book moved three times while it was decided: another tab is very busy.
    Overtaken,
    /// The browser withheld something the command needs (random numbers, a worker).
    Browser(String),
    /// A commit of another tab, or of a newer build, cannot be applied here.
    Unreadable(String),
}

/// Why a book cannot be opened.
#[derive(Debug, Clone, PartialEq)]
pub enum OpenFailure {
    /// The store said no.
    Store(StoreError),
    /// The witness remembers commits that the store does not have: rescue, never a new book.
    Rescue {
        /// Commits the witness remembers.
        remembered: u64,
        /// Commits found.
        found: u64,
    },
    /// The log is damaged, or was made by a newer build.
    Damaged(Vec<Fact>),
    /// A record beside the log is absent or torn.
    Block(BlockError),
    /// A commit's body cannot be read by this build.
    Body {
        /// Which commit.
        seq: u64,
        /// The decoder's words.
        detail: String,
    },
    /// The browser withheld something.
    Browser(String),
}

impl From<StoreError> for OpenFailure {
    fn from(error: StoreError) -> Self {
        OpenFailure::Store(error)
    }
}

impl From<Refusal> for SubmitError {
    fn from(refusal: Refusal) -> Self {
        SubmitError::Refused(refusal)
    }
}
