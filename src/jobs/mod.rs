//! Long work in the one dedicated worker: the same wasm in a second role. A job goes in, progress
//! and bytes come out; cancel ends the worker, which also gives its memory back.
//!
//! A worker fetched by URL does not inherit the page's CSP; one made from a `blob:` URL does, so
//! it cannot reach another origin either. See architecture.md, "Long work".

mod check;
mod client;
mod dossier;
mod export;
mod file;
mod mornings;
mod serve;
mod statement;
mod template;
mod wire;

pub use client::{JobError, Worker};
pub use serve::{Shared, job, serve};
pub use statement::advice_of_text;
pub use wire::{
    AdviceRead, Checked, ColumnRead, ContactRow, EncodedFile, Exported, IssueFacts, OtherLog,
    OutboxAsk, Progress, Report, Request, Response, SpanAsk, StatementAnswers, StatementFile,
    StatementQuestion, StatementRead, Sums, TheirAsk, TheirWire, bytes_of, numbers,
};
