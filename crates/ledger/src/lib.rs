//! The state machine of a book: commands, events, refusals, open items and invariants.
//!
//! `decide(&Book, &Context, &Command) -> Events or Refusal` is pure; `Book::apply` is total. What
//! is open, on any date, as known after any commit, is worked out in one place: [`open`].

// A refusal carries the keys and amounts it is about; one is made per user action, not per row.
#![allow(clippy::result_large_err)]

pub mod apply;
pub mod block;
pub mod book;
pub mod cases;
pub mod columns;
pub mod command;
mod command_kind;
pub mod decide;
pub mod desk;
pub mod event;
pub mod facts;
pub mod ids;
pub mod import;
mod index;
pub mod items;
pub mod join;
pub mod keys;
pub mod letters;
pub mod open;
pub mod outbox;
pub mod people;
pub mod plans;
pub mod policy;
pub mod recon;
pub mod refusal;
pub mod reporting;
pub mod settlements;
pub mod shift;
pub mod statements;
pub mod takein;
pub mod template;
pub mod versioned;
pub mod violations;
pub mod work;

pub use book::Book;
pub use command::{Body, Command, Context};
pub use event::Event;
pub use ids::*;
pub use open::{Open, OpenScan, View};
pub use refusal::Refusal;
pub use violations::Violation;
