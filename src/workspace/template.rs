//! The client's workbook: looked at in the worker, kept beside the log by one commit.

use super::{Saved, SubmitError, Ws};
use crate::jobs::{Request, Response, Worker};
use crate::platform::ids;
use duebook_exchange::template::Outline;
use duebook_ledger::Command;
use duebook_ledger::import::Incoming;
use duebook_ledger::template::{TemplateCommand, TemplateFacts};
use std::rc::Rc;
use web_sys::File;

/// A workbook to be looked at.
#[derive(Clone)]
pub enum Workbook {
    /// One that the user chose.
    File(File),
    /// One that the book has, by the digest of its bytes.
    Kept([u8; 32]),
}

/// What a workbook has, and its bytes where the book does not have them.
#[derive(Clone)]
pub struct Looked {
    /// Sheets and columns.
    pub outline: Outline,
    /// Its bytes.
    pub bytes: Option<Rc<Vec<u8>>>,
}

/// Looks at a workbook; `headers` are rows that the user gave, by sheet.
///
/// # Errors
/// Why it is no template, in words.
pub async fn look_at(
    ws: Ws,
    workbook: &Workbook,
    headers: Vec<(String, u32)>,
) -> Result<Looked, String> {
    let broken = |e| format!("Reading broke off ({e}). Nothing was kept.");
    let worker = Worker::take().map_err(broken)?;
    let (file, stored) = match workbook {
        Workbook::File(file) => (Some(file), None),
        Workbook::Kept(digest) => (None, Some((ids::uuid(&ws.id()), *digest))),
    };
    let request = Request::Template { stored, headers };
    let answer = worker.call(&request, file, &[], |_| {}).await;
    match answer.map_err(broken)? {
        (Response::Template(outline), bytes) => Ok(Looked {
            outline: *outline,
            bytes: bytes.into_iter().next().map(Rc::new),
        }),
        (Response::NoTemplate(error), _) => Err(crate::words::template_error(&error)),
        (Response::Failed(what), _) => Err(what),
        (other, _) => Err(format!("The worker answered {other:?}.")),
    }
}

impl Ws {
    /// Keeps a template; its bytes where the book does not have them.
    ///
    /// # Errors
    /// [`SubmitError`]; the book is as it was.
    pub async fn keep_template(
        self,
        facts: TemplateFacts,
        bytes: Option<Rc<Vec<u8>>>,
    ) -> Result<Saved, SubmitError> {
        let incoming = Incoming {
            template: bytes.map(|b| b.to_vec()),
            ..Incoming::default()
        };
        let command = Command::Template(TemplateCommand::Set(facts));
        self.submit_given(command, incoming).await
    }
}
