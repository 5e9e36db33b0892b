//! Whole-book work in the worker: replay and check, backup, restore.

use super::file::FileRead;
use super::wire::{Checked, OtherLog, Response};
use crate::platform::idb::IdbStore;
use crate::workspace::replay;
use duebook_journal::backup::{self, Backup};
use duebook_journal::{BookId, Envelope, EventStore, LoadFrom, MemStore};
use std::io::Read;
use web_sys::File;

type Answer = Result<(Response, Vec<Vec<u8>>), String>;

fn id(book: &str) -> Result<BookId, String> {
    book.parse().map_err(|_| "not a book's id".to_owned())
}

async fn store(book: &str) -> Result<IdbStore, String> {
    IdbStore::open(&id(book)?)
        .await
        .map_err(|e| crate::words::store_error(&e))
}

async fn replayed<S: EventStore>(store: &S) -> Result<Checked, String> {
    let (book, _, head) = replay(store)
        .await
        .map_err(|e| crate::words::open_failure(&e).1)?;
    let violations = book.violations().iter().map(|v| format!("{v:?}")).collect();
    let about = book.about();
    Ok(Checked {
        commits: head.seq,
        items: book.items().len() as u64,
        head: head.hash.to_string(),
        book: String::new(),
        name: about.map_or(String::new(), |a| a.name.clone()),
        sample: about.is_some_and(|a| a.sample),
        violations,
    })
}

/// Replays the whole log from disk, block by block against its digest, and checks the invariants.
pub async fn check(book: &str) -> Answer {
    let store = store(book).await?;
    let checked = replayed(&store).await;
    store.close();
    Ok((Response::Checked(checked?), Vec::new()))
}

/// Writes the backup, reads it back from its bytes, replays it, and only then hands it over.
pub async fn backup(book: &str) -> Answer {
    let store = store(book).await?;
    let mut bytes = Vec::new();
    let written = backup::write(&store, id(book)?, |chunk| bytes.extend(chunk)).await;
    store.close();
    written.map_err(|e| format!("{e:?}"))?;
    let proved = prove(&bytes).await?;
    Ok((Response::Checked(proved), vec![bytes]))
}

async fn prove(bytes: &[u8]) -> Result<Checked, String> {
    replayed(&in_memory(bytes).await?).await
}

async fn in_memory(bytes: &[u8]) -> Result<MemStore, String> {
    let read = Backup::read(bytes).map_err(|e| crate::words::backup_error(&e))?;
    let memory = MemStore::default();
    backup::restore(read, &memory)
        .await
        .map_err(|e| format!("{e:?}"))?;
    Ok(memory)
}

fn bytes_of(file: &File) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(file.size() as usize);
    FileRead::new(file)
        .and_then(|mut r| r.read_to_end(&mut bytes))
        .map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// Most commits that are held against a book at once: a log is shorter.
const ALL: u32 = u32::MAX;

/// Proves another copy of a book and answers what it has that the book has not.
pub async fn compare(file: &File, book: &str) -> Answer {
    let bytes = bytes_of(file)?;
    let read = Backup::read(&bytes).map_err(|e| crate::words::backup_error(&e))?;
    let memory = in_memory(&bytes).await?;
    let proved = replayed(&memory).await?;
    if read.book() != id(book)? {
        return Err(format!(
            "It is another book, “{}”. Only a copy of this one can be taken in.",
            proved.name
        ));
    }
    if !proved.violations.is_empty() {
        return Err(format!(
            "Its figures do not hold together: {}.",
            proved.violations.join("; ")
        ));
    }
    let ours = store(book).await?;
    let log = ours.load(LoadFrom::Start).await;
    ours.close();
    let log = log.map_err(|e| crate::words::store_error(&e))?;
    let same = log.commits.iter().zip(read.commits());
    let common = same.take_while(|(a, b)| a.hash == b.hash).count() as u64;
    let words = |e| crate::words::store_error(&e);
    let raw = memory.read_commits(common, ALL).await.map_err(words)?;
    let (mut texts, mut blocks) = (Vec::new(), Vec::new());
    for commit in &raw {
        let envelope = Envelope::open(&commit.bytes).map_err(|e| format!("{e:?}"))?;
        let ids: Vec<_> = envelope.texts.iter().map(|t| t.id).collect();
        let found = memory.read_texts(&ids).await.map_err(words)?;
        texts.extend(found.into_iter().flatten().map(|t| {
            let head = t.id.bytes().iter().chain(&t.salt).chain(&t.bytes);
            head.copied().collect::<Vec<u8>>()
        }));
        let digests: Vec<_> = envelope.blocks.iter().map(|b| b.digest).collect();
        let found = memory.read_blocks(&digests).await.map_err(words)?;
        blocks.extend(found.into_iter().flatten());
    }
    let head = memory.head().await.map_err(words)?;
    let other = OtherLog {
        common,
        ours: log.head.seq,
        theirs: head.seq,
        head: *head.hash.bytes(),
        commits: raw.len(),
        texts: texts.len(),
        blocks: blocks.len(),
    };
    let mut beside: Vec<Vec<u8>> = raw.into_iter().map(|r| r.bytes).collect();
    beside.extend(texts);
    beside.extend(blocks);
    Ok((Response::Other(other), beside))
}

/// Proves a backup file and, where asked, writes it as the book it is of.
pub async fn restore(file: &File, write: bool) -> Answer {
    let bytes = bytes_of(file)?;
    let mut proved = prove(&bytes).await?;
    if !proved.violations.is_empty() {
        return Err(format!(
            "Its figures do not hold together: {}.",
            proved.violations.join("; ")
        ));
    }
    let read = Backup::read(&bytes).map_err(|e| crate::words::backup_error(&e))?;
    let book = read.book();
    proved.book = book.to_string();
    if write {
        let target = IdbStore::create(&book)
            .await
            .map_err(|e| crate::words::store_error(&e))?;
        let written = backup::restore(read, &target).await;
        target.close();
        written.map_err(|e| crate::words::restore_error(&e))?;
    }
    Ok((Response::Checked(proved), Vec::new()))
}
