//! The state machine of a book: commands, events, refusals, open items and invariants.

pub mod block;
pub mod columns;
pub mod ids;
