//! Bank statements: read in the worker, then one commit.

use super::{Saved, SubmitError, Ws};
use crate::jobs::{JobError, Request, Response, StatementAnswers, StatementFile, Worker};
use duebook_journal::BookId;
use duebook_ledger::Command;
use duebook_ledger::import::{Incoming, from_cbor};
use duebook_ledger::statements::{StatementFacts, StatementLine};
use web_sys::File;

/// The statements of a file, as the book takes them.
pub type Statements = Vec<(StatementFacts, Vec<StatementLine>)>;

/// Where this browser keeps what was said of a book's sources of statements.
pub fn sources_key(book: &BookId) -> String {
    format!("duebook.sources.{}", crate::platform::ids::uuid(book))
}

/// Reads a file as bank statements.
///
/// # Errors
/// Why it cannot be read, in words.
pub async fn read_statements(
    file: &File,
    answers: &StatementAnswers,
) -> Result<(StatementFile, Statements), String> {
    let broken = |e: JobError| format!("Reading broke off ({e}). Nothing was written.");
    let worker = Worker::take().map_err(broken)?;
    let request = Request::Statements {
        answers: answers.clone(),
    };
    let answer = worker.call(&request, Some(file), &[], |_| {}).await;
    match answer.map_err(broken)? {
        (Response::Statements(read), bytes) => {
            let bytes = bytes.first().map_or(&[][..], |b| b);
            let kept =
                from_cbor(bytes).map_err(|e| format!("The worker's answer is torn ({e})."))?;
            Ok((*read, kept))
        }
        (Response::Failed(what), _) => Err(what),
        (other, _) => Err(format!("The worker answered {other:?}.")),
    }
}

/// Whether a file is a bank statement by its beginning. Tables are for the user to say: a list of
/// open items has dates and amounts too.
pub async fn is_statement(file: &File) -> bool {
    const HEAD: f64 = 65_536.0;
    let blob: &web_sys::Blob = file;
    let Ok(head) = blob.slice_with_f64_and_f64(0.0, HEAD.min(file.size())) else {
        return false;
    };
    let read = wasm_bindgen_futures::JsFuture::from(head.array_buffer()).await;
    let Ok(buffer) = read else { return false };
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    use duebook_bank::Format::*;
    let found = duebook_bank::detect(&bytes, &file.name());
    matches!(
        found,
        Ok(Camt052 | Camt053 | Camt054 | Mt940 | Mt942 | Bai2 | Ofx | Qif)
    )
}

impl Ws {
    /// Commits statements.
    ///
    /// # Errors
    /// [`SubmitError`]; the book is as it was.
    pub async fn import_statements(self, statements: Statements) -> Result<Saved, SubmitError> {
        let (facts, lines) = statements.into_iter().unzip();
        let incoming = Incoming {
            statements: lines,
            ..Incoming::default()
        };
        self.submit_given(Command::ImportStatements(facts), incoming)
            .await
    }
}
