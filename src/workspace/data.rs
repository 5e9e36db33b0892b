//! The whole book: proved, saved as a file, deleted. The long part is done by the worker.

use super::Ws;
use crate::jobs::{Checked, JobError, Request, Response, Worker};
use crate::platform::files::{self, Saved};
use crate::platform::folder;
use crate::platform::registry::{self, BackupSeen};
use crate::platform::{clock, idb, ids, prefs};
use duebook_journal::BookId;
use duebook_ledger::keys::CustomerKey;
use leptos::prelude::{Set, Signal};
use serde::{Deserialize, Serialize};
use web_sys::File;

/// The last whole check of a book, kept in this browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCheck {
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// Commits replayed.
    pub commits: u64,
    /// What did not hold.
    pub violations: u64,
}

fn not_held(last: &LastCheck) -> Option<String> {
    let day = crate::words::day(duebook_money::Day(last.at_ms.div_euclid(86_400_000) as i32));
    let rules = match last.violations {
        0 => return None,
        1 => "1 rule of the book did not hold".to_owned(),
        n => format!("{n} rules of the book did not hold"),
    };
    Some(format!(
        "Checked {day} at commit {}: {rules}. Nothing was changed. Save a backup, and check again for what it is.",
        last.commits
    ))
}

/// How a backup ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackedUp {
    /// Written where the user chose, read back, equal to the bytes that were proved.
    ReadBack(Checked),
    /// In the downloads; whether it arrived is not known until it is proved from there.
    Downloaded(Checked),
    /// The user changed his mind.
    Cancelled,
}

/// Where drafts of a book's contacts are kept in this browser until they are saved.
fn draft_prefix(book: &BookId) -> String {
    format!("duebook.draft.{}.", ids::uuid(book))
}

/// Where the draft of a contact with one customer is kept.
pub fn draft_key(book: &BookId, customer: &CustomerKey) -> String {
    format!(
        "{}{}/{}",
        draft_prefix(book),
        customer.source,
        customer.number
    )
}

fn check_key(book: &BookId) -> String {
    format!("duebook.checked.{}", ids::uuid(book))
}

fn broken(error: JobError) -> String {
    match error {
        JobError::Cancelled => "It was cancelled.".to_owned(),
        other => format!("The work broke off ({other})."),
    }
}

async fn ask(request: Request, file: Option<&File>) -> Result<(Checked, Vec<Vec<u8>>), String> {
    let worker = Worker::start().map_err(broken)?;
    match worker
        .call(&request, file, &[], |_| {})
        .await
        .map_err(broken)?
    {
        (Response::Checked(checked), bytes) => Ok((checked, bytes)),
        (Response::Failed(what), _) => Err(what),
        (other, _) => Err(format!("The worker answered {other:?}.")),
    }
}

impl Ws {
    /// Replays the whole log from disk and checks every invariant; notes that it was done.
    ///
    /// # Errors
    /// Why it could not be done, in words.
    pub async fn check_all(self) -> Result<Checked, String> {
        let id = self.id();
        let request = Request::Check {
            book: ids::uuid(&id),
        };
        let (checked, _) = match ask(request, None).await {
            Ok(answer) => answer,
            Err(what) => {
                let said = format!("It could not be checked. {what}");
                let _ = self.check_found.try_set(Some(said));
                return Err(what);
            }
        };
        let last = LastCheck {
            at_ms: clock::now_ms(),
            commits: checked.commits,
            violations: checked.violations.len() as u64,
        };
        // Where the browser keeps no date, the next visit shows none; the check was done all the same.
        let _ = prefs::write(&check_key(&id), &last);
        let _ = self.check_found.try_set(not_held(&last));
        Ok(checked)
    }

    /// What the last check found wrong, until one passes.
    pub fn check_found(self) -> Signal<Option<String>> {
        self.check_found.into()
    }

    /// A check that failed on an earlier visit is still to be told.
    pub(super) fn recall_check(self) {
        let found = self.last_check().and_then(|last| not_held(&last));
        self.check_found.set(found);
    }

    /// The last check, if this browser remembers one.
    pub fn last_check(self) -> Option<LastCheck> {
        prefs::read(&check_key(&self.id())).ok()
    }

    /// Writes the whole book as a file that was replayed before it is handed over.
    ///
    /// # Errors
    /// Why there is no file, in words; the book is as it was.
    pub async fn back_up(self) -> Result<BackedUp, String> {
        self.back_up_as(None).await
    }

    /// The same under a name that says more than the book's; into the folder the user chose, where
    /// he did.
    ///
    /// # Errors
    /// As [`Ws::back_up`].
    pub async fn back_up_as(self, what: Option<String>) -> Result<BackedUp, String> {
        let (checked, mut bytes) = ask(
            Request::Backup {
                book: ids::uuid(&self.id()),
            },
            None,
        )
        .await?;
        if !checked.violations.is_empty() {
            return Err(format!(
                "Its figures do not hold together: {}.",
                checked.violations.join("; ")
            ));
        }
        let stem = match &what {
            Some(what) => format!("{}-{what}", checked.name),
            None => checked.name.clone(),
        };
        let name = file_name(&stem, &super::today().to_string());
        let parts = [bytes.pop().unwrap_or_default()];
        let failed = |e| format!("The browser did not write the file ({e}).");
        let in_folder = match what {
            Some(_) => folder::write(&name, &parts[0]).await.map_err(failed)?,
            None => None,
        };
        let saved = match in_folder {
            Some(written) => Saved::ReadBack(written),
            None => files::save(&name, "application/octet-stream", &parts)
                .await
                .map_err(failed)?,
        };
        let verified = match saved {
            Saved::Cancelled => return Ok(BackedUp::Cancelled),
            Saved::Downloaded => false,
            Saved::ReadBack(written) if written == parts[0] => true,
            Saved::ReadBack(_) => {
                return Err(
                    "The file was written, but reads back otherwise. Save it to another place."
                        .to_owned(),
                );
            }
        };
        self.note_backup(&checked, verified)?;
        Ok(if verified {
            BackedUp::ReadBack(checked)
        } else {
            BackedUp::Downloaded(checked)
        })
    }

    /// Proves a backup file without writing anything. Where it is the last backup of this book,
    /// that one counts as verified from now on: the second value.
    ///
    /// # Errors
    /// What is wrong with the file, in words.
    pub async fn prove(self, file: &File) -> Result<(Checked, bool), String> {
        let (checked, _) = ask(Request::Restore { write: false }, Some(file)).await?;
        let ours = checked
            .book
            .parse::<BookId>()
            .is_ok_and(|id| id == self.id());
        let last = self.last_backup().is_some_and(|b| b.head == checked.head);
        if ours && last {
            self.note_backup(&checked, true)?;
        }
        Ok((checked, ours && last))
    }

    /// The last backup that was handed over.
    pub fn last_backup(self) -> Option<BackupSeen> {
        registry::seen(&self.id())
            .ok()
            .flatten()
            .and_then(|s| s.backup)
    }

    fn note_backup(self, checked: &Checked, verified: bool) -> Result<(), String> {
        let backup = BackupSeen {
            at_ms: clock::now_ms(),
            seq: checked.commits,
            head: checked.head.clone(),
            verified,
        };
        registry::note_backup(&self.id(), backup).map_err(|e| {
            format!("The file is whole, but this browser could not note it ({e:?}).")
        })?;
        let _ = self.since_file.try_set(self.inner().commits_since_backup());
        Ok(())
    }

    /// Deletes the book from this browser, with its log: for good.
    ///
    /// # Errors
    /// Why it is still there, in words.
    pub async fn delete(self) -> Result<(), String> {
        let id = self.id();
        crate::app::forget();
        idb::delete_book(&id)
            .await
            .map_err(|e| format!("{}.", crate::words::store_error(&e)))?;
        prefs::remove(&check_key(&id))
            .and_then(|()| prefs::remove_all(&draft_prefix(&id)))
            .and_then(|()| prefs::remove(&super::sources_key(&id)))
            .and_then(|()| registry::forget(&id))
            .map_err(|e| format!("it is gone, but still on the list of books ({e:?})."))
    }
}

/// `NAME-DATE.duebook`, of characters every file system takes.
fn file_name(book: &str, date: &str) -> String {
    let plain: String = book
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    let name: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let name = if name.is_empty() {
        "book".to_owned()
    } else {
        name.join("-")
    };
    format!("{name}-{date}.duebook")
}
