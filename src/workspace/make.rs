//! A restored backup; files handed from one page to the next.

use crate::jobs::{JobError, Request, Response, Worker};
use crate::platform::{ids, prefs, registry};
use std::cell::RefCell;
use web_sys::File;

thread_local! {
    /// Files dropped on one page for the next.
    static LEFT: RefCell<Vec<File>> = const { RefCell::new(Vec::new()) };
}

/// Leaves files for the page that is shown next.
pub fn leave_files(files: Vec<File>) {
    LEFT.with(|left| left.replace(files));
}

/// Takes the files that were left, once.
pub fn take_files() -> Vec<File> {
    LEFT.with(RefCell::take)
}

/// Proves a backup in the worker and writes it as the book it is of; answers the book's id.
///
/// # Errors
/// What is wrong with it, in words; nothing is written then.
pub async fn restore(file: File) -> Result<String, String> {
    let words = |e: JobError| format!("The work was broken off ({e}).");
    let worker = Worker::start().map_err(words)?;
    let answer = worker
        .call(&Request::Restore { write: true }, Some(&file), &[], |_| {})
        .await;
    match answer.map_err(words)?.0 {
        Response::Checked(checked) => {
            let id: duebook_journal::BookId = checked
                .book
                .parse()
                .map_err(|_| "It names no book.".to_owned())?;
            let opened_ms = crate::platform::clock::now_ms();
            let entry = registry::BookEntry {
                id: ids::uuid(&id),
                name: checked.name,
                sample: checked.sample,
                opened_ms,
            };
            // The list is a convenience: databases are found without it.
            let _: Result<(), prefs::PrefError> = registry::put(entry);
            Ok(ids::uuid(&id))
        }
        Response::Failed(what) => Err(what),
        other => Err(format!("The worker answered {other:?}.")),
    }
}
