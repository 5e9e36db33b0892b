//! The books this browser knows, and the witness of each: kept in localStorage, apart from the
//! books themselves, so that a lost database is not taken for a new book.

use duebook_journal::{BookId, Head, Verdict, Witness, judge};
use serde::{Deserialize, Serialize};

use super::ids::uuid;
use super::prefs::{self, PrefError};

const BOOKS: &str = "duebook.books";

/// A book as the opening page lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookEntry {
    /// The book's id as a UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is the sample portfolio.
    #[serde(default)]
    pub sample: bool,
    /// When it was last opened, in milliseconds since 1970-01-01 UTC.
    #[serde(default)]
    pub opened_ms: i64,
}

impl BookEntry {
    /// The id; `None` when the entry is damaged.
    pub fn book(&self) -> Option<BookId> {
        self.id.parse().ok()
    }
}

/// What was last seen of a book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The last commit known to be on disk.
    #[serde(default)]
    pub last_seq: u64,
    /// The last backup.
    #[serde(default)]
    pub backup: Option<BackupSeen>,
}

/// A backup that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSeen {
    /// When, in milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// The last commit in it.
    pub seq: u64,
    /// That commit's hash, in hex.
    pub head: String,
    /// Whether the file was read back and proved.
    pub verified: bool,
}

fn witness_key(book: &BookId) -> String {
    format!("duebook.witness.{}", uuid(book))
}

/// All books, most recently opened first. A damaged list is an error, not an empty list:
/// [`super::idb::list_books`] finds the databases then.
pub fn books() -> Result<Vec<BookEntry>, PrefError> {
    let mut books: Vec<BookEntry> = match prefs::read(BOOKS) {
        Ok(books) => books,
        Err(PrefError::Absent) => Vec::new(),
        Err(error) => return Err(error),
    };
    duebook_money::order::sort_by(&mut books, |a, b| {
        (b.opened_ms, &a.id).cmp(&(a.opened_ms, &b.id))
    });
    Ok(books)
}

/// Adds a book, or replaces its entry.
pub fn put(entry: BookEntry) -> Result<(), PrefError> {
    let mut books = books()?;
    books.retain(|book| book.id != entry.id);
    books.push(entry);
    prefs::write(BOOKS, &books)
}

/// Forgets a book and its witness: only after its database was deleted by the user's will.
pub fn forget(book: &BookId) -> Result<(), PrefError> {
    let mut books = books()?;
    let id = uuid(book);
    books.retain(|entry| entry.id != id);
    prefs::write(BOOKS, &books)?;
    prefs::remove(&witness_key(book))
}

/// What was last seen of a book; `None` when nothing ever was.
pub fn seen(book: &BookId) -> Result<Option<Seen>, PrefError> {
    match prefs::read(&witness_key(book)) {
        Ok(seen) => Ok(Some(seen)),
        Err(PrefError::Absent) => Ok(None),
        Err(error) => Err(error),
    }
}

fn update(book: &BookId, change: impl FnOnce(&mut Seen)) -> Result<(), PrefError> {
    let mut witness = seen(book)?.unwrap_or_default();
    change(&mut witness);
    prefs::write(&witness_key(book), &witness)
}

/// Notes that a commit is on disk. Call after it is, never before; it only goes up.
pub fn note_seq(book: &BookId, seq: u64) -> Result<(), PrefError> {
    update(book, |seen| seen.last_seq = seen.last_seq.max(seq))
}

/// Notes a backup.
pub fn note_backup(book: &BookId, backup: BackupSeen) -> Result<(), PrefError> {
    update(book, |seen| seen.backup = Some(backup))
}

/// The user has accepted what is left of a book after a rescue: its witness starts from there.
pub fn accept_loss(book: &BookId, head: &Head) -> Result<(), PrefError> {
    update(book, |seen| seen.last_seq = head.seq)
}

/// Judges a book as found (`None`: no database) by its witness. A damaged witness is an error:
/// it is not evidence that nothing was there.
pub fn verdict(book: &BookId, head: Option<&Head>) -> Result<Verdict, PrefError> {
    let witness = seen(book)?.map(|seen| Witness {
        last_seq: seen.last_seq,
    });
    Ok(judge(witness, head))
}
