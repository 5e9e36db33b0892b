//! The append-only, hash-chained log of commits and the stores that keep it.
//!
//! Generic on purpose: a commit's body is bytes the caller encoded, and nothing here knows of
//! ledgers, money or screens. The bytes are described in `FORMAT.md` beside this crate.
//!
//! - [`Draft`] -> [`seal`] -> [`SealedCommit`]: one command, one commit, hashed over its stored bytes.
//! - [`EventStore`]: where commits, bulk blocks, erasable texts and snapshots are kept.
//!   [`MemStore`] keeps them in memory, [`FaultyStore`] breaks any store on purpose; the app
//!   adds IndexedDB. All three pass [`contract`].
//! - [`Journal`]: a store and the head the open book stands on; appends are idempotent.
//! - [`backup`]: the whole book as one documented file, and the reader that proves it.
#![allow(async_fn_in_trait)] // Single-threaded by design: wasm futures are not `Send`.

pub mod backup;
pub mod contract;
mod envelope;
mod faulty;
mod ids;
mod journal;
mod load;
mod mem;
mod seal;
mod store;
mod witness;

pub use envelope::{Actor, Approval, BlockRef, Draft, Envelope, FORMAT, OpenError, Shift, TextRef};
pub use faulty::{Fault, FaultyStore};
pub use ids::{BookId, CommandId, Digest, ReplicaId, TextId};
pub use journal::{CommitError, Journal, Outcome};
pub use load::{BARRIER, ChainError, Fact, Loaded, Snapshot, verify_chain};
pub use mem::{MemStore, SNAPSHOTS_KEPT};
pub use seal::{Append, Block, Commit, Head, SealError, SealedCommit, TextRecord, seal};
pub use store::{
    AppendError, Appended, BlockError, CommandSeen, EventStore, LoadFrom, Obstacle, RawCommit,
    RawLog, SnapshotWrite, StoreError, TailError, check_contiguous,
};
pub use witness::{Verdict, Witness, judge};
