//! Opening a book: its log is read in one transaction, checked, and replayed in slices.

use super::derived::{Changes, Derived};
use super::{Inner, OpenFailure, SubmitError, Texts, Ws};
use crate::platform::channel::TabsChannel;
use crate::platform::idb::IdbStore;
use crate::platform::{clock, ids, pause, prefs, registry};
use duebook_journal::{
    BookId, Commit, Digest, EventStore, Journal, LoadFrom, ReplicaId, TextId, Verdict,
};
use duebook_ledger::apply::Stamp;
use duebook_ledger::event::{BlockRef, Event};
use duebook_ledger::import::Bulk;
use duebook_ledger::template::TemplateEvent;
use duebook_ledger::{Body, Book, Command, Seq, Uid};
use duebook_money::{Currency, Day};
use leptos::prelude::GetValue;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// How far opening is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the log.
    Reading,
    /// Replaying: commits done, commits in all.
    Replaying(usize, usize),
}

/// A book to be made.
#[derive(Debug, Clone)]
pub struct NewBook {
    /// Name.
    pub name: String,
    /// Currency of reports.
    pub currency: Currency,
    /// The owner posts the ledger himself.
    pub own_ledger: bool,
    /// A generated portfolio, marked as such.
    pub sample: bool,
}

/// Makes a book and opens it.
///
/// # Errors
/// [`SubmitError`] when its first commit is not on disk; an empty database is deleted again.
pub async fn create(new: NewBook) -> Result<Ws, SubmitError> {
    let browser = |e: crate::platform::js::JsFailure| SubmitError::Browser(format!("{e:?}"));
    let id = ids::book().map_err(browser)?;
    let store = IdbStore::create(&id)
        .await
        .map_err(|e| SubmitError::NotSaved(duebook_journal::CommitError::NotSaved(e)))?;
    let (journal, _) = Journal::open(store, LoadFrom::Start)
        .await
        .map_err(|e| SubmitError::NotSaved(duebook_journal::CommitError::NotSaved(e)))?;
    let ws =
        session(id, Book::default(), Texts::default(), journal).map_err(SubmitError::Browser)?;
    let NewBook {
        name,
        currency,
        own_ledger,
        sample,
    } = new;
    let command = Command::OpenBook {
        name,
        currency,
        own_ledger,
        sample,
    };
    if let Err(error) = ws.submit(command, super::NewTexts::default()).await {
        // Nothing was ever shown of it; leaving an empty database would look like a lost book.
        let _ = crate::platform::idb::delete_book(&id).await;
        return Err(error);
    }
    ws.register();
    Ok(ws)
}

/// Opens a book.
///
/// # Errors
/// [`OpenFailure`]; nothing is changed on disk.
pub async fn open(id: BookId, progress: impl Fn(Stage)) -> Result<Ws, OpenFailure> {
    progress(Stage::Reading);
    let store = match IdbStore::open(&id).await {
        Ok(store) => store,
        Err(error) => return Err(absent(&id, error)),
    };
    let (journal, loaded) = Journal::open(store, LoadFrom::Start).await?;
    if !loaded.is_sound() {
        return Err(OpenFailure::Damaged(loaded.facts));
    }
    if let Ok(Verdict::Rescue { .. }) = registry::verdict(&id, Some(&loaded.head)) {
        return Err(rescue(&id, loaded.head.seq));
    }
    let mut book = Book::default();
    replay_commits(&mut book, journal.store(), &loaded.commits, &progress).await?;
    let texts = load_texts(journal.store(), &loaded.commits).await?;
    let ws = session(id, book, texts, journal).map_err(OpenFailure::Browser)?;
    ws.register();
    ws.index_when_idle();
    Ok(ws)
}

/// Replays a whole log, from wherever it is stored: for the worker's checks and reports.
///
/// # Errors
/// As [`open`].
pub async fn replay<S: EventStore>(
    store: &S,
) -> Result<(Book, Texts, duebook_journal::Head), OpenFailure> {
    let loaded = store.load(LoadFrom::Start).await?;
    if !loaded.is_sound() {
        return Err(OpenFailure::Damaged(loaded.facts));
    }
    let mut book = Book::default();
    replay_commits(&mut book, store, &loaded.commits, &|_| {}).await?;
    book.index_customers();
    let texts = load_texts(store, &loaded.commits).await?;
    Ok((book, texts, loaded.head))
}

fn absent(id: &BookId, error: duebook_journal::StoreError) -> OpenFailure {
    match (&error, registry::verdict(id, None)) {
        (duebook_journal::StoreError::Missing, Ok(Verdict::Rescue { .. })) => rescue(id, 0),
        _ => OpenFailure::Store(error),
    }
}

fn rescue(id: &BookId, found: u64) -> OpenFailure {
    let remembered = registry::seen(id).ok().flatten().map_or(0, |s| s.last_seq);
    OpenFailure::Rescue { remembered, found }
}

pub(super) fn session(
    id: BookId,
    book: Book,
    texts: Texts,
    journal: Journal<IdbStore>,
) -> Result<Ws, String> {
    let inner = Inner {
        id,
        replica: replica()?,
        book: RefCell::new(book),
        texts: RefCell::new(texts),
        derived: RefCell::new(Derived::default()),
        changes: RefCell::new(Changes::default()),
        journal: futures::lock::Mutex::new(journal),
        channel: RefCell::new(None),
    };
    let ws = Ws::new(inner);
    ws.recall_check();
    // Without a channel other tabs are found out at the next commit or focus: slower, not wrong.
    if let Ok(channel) = TabsChannel::open(&id, move |seq| ws.heard(seq)) {
        ws.inner().channel.replace(Some(channel));
    }
    Ok(ws)
}

/// This browser profile's id among the writers of a book.
fn replica() -> Result<ReplicaId, String> {
    let known: Option<String> = prefs::read("duebook.replica").ok();
    if let Some(id) = known.and_then(|text| text.parse().ok()) {
        return Ok(id);
    }
    let id = ids::replica().map_err(|e| format!("{e:?}"))?;
    // Where nothing can be kept, this session has an id of its own; that is what it means.
    let _ = prefs::write("duebook.replica", &id.to_string());
    Ok(id)
}

/// Reads a commit's bulk records and applies it.
pub(super) async fn apply_commit<S: EventStore>(
    book: &mut Book,
    store: &S,
    commit: &Commit,
) -> Result<duebook_ledger::apply::Delta, OpenFailure> {
    let body = body_of(commit)?;
    let events: Vec<&Event> = body.events.iter().collect();
    let mut bulk = read_bulk(store, &events).await?;
    let delta = book.apply(&stamp(commit), &body, &mut bulk);
    delta.map_err(|missing| {
        OpenFailure::Block(duebook_journal::BlockError::Missing(Digest(missing.0)))
    })
}

pub(super) fn stamp(commit: &Commit) -> Stamp {
    let e = &commit.envelope;
    Stamp {
        seq: Seq(e.seq as u32),
        command: Uid(*e.command.bytes()),
        recorded_at: e.recorded_at_ms,
        ledger_date: Day(e.ledger_date),
        actor: e.actor.name.clone(),
    }
}

/// Bulk records read at a time: few transactions, and no more than some megabytes waiting.
const BLOCKS_AT_ONCE: usize = 64;

/// Which part of an event a block is.
#[derive(Clone, Copy)]
enum Part {
    Head,
    Segment,
    Payments,
    Statement,
    Template,
}

/// The bulk records that events name.
fn named(events: &[Event]) -> impl Iterator<Item = (BlockRef, Part)> + '_ {
    events.iter().flat_map(|event| -> Vec<(BlockRef, Part)> {
        match event {
            Event::ItemsImported { head, segments, .. } => {
                let rows = segments.iter().map(|s| (*s, Part::Segment));
                std::iter::once((*head, Part::Head)).chain(rows).collect()
            }
            Event::PaymentsImported { block, .. } => vec![(*block, Part::Payments)],
            Event::StatementImported { block, .. } => vec![(*block, Part::Statement)],
            Event::Template(TemplateEvent::Set(facts)) => vec![(facts.block, Part::Template)],
            _ => Vec::new(),
        }
    })
}

/// Replays a log in slices: bodies are decoded and blocks read ahead by the batch.
async fn replay_commits<S: EventStore>(
    book: &mut Book,
    store: &S,
    commits: &[Commit],
    progress: &impl Fn(Stage),
) -> Result<(), OpenFailure> {
    let all = commits.len();
    let mut batch: Vec<(&Commit, Body)> = Vec::new();
    // Applying takes blocks out: two commits that name the same one are not read together.
    let mut waiting: BTreeSet<[u8; 32]> = BTreeSet::new();
    for (n, commit) in commits.iter().enumerate() {
        let body = body_of(commit)?;
        let blocks: Vec<[u8; 32]> = named(&body.events).map(|(b, _)| b.digest).collect();
        if blocks.iter().any(|b| waiting.contains(b))
            || waiting.len() >= BLOCKS_AT_ONCE
            || batch.len() >= 512
        {
            progress(Stage::Replaying(n, all));
            apply_batch(book, store, &mut batch).await?;
            waiting.clear();
        }
        waiting.extend(blocks);
        batch.push((commit, body));
    }
    progress(Stage::Replaying(all, all));
    apply_batch(book, store, &mut batch).await
}

async fn apply_batch<S: EventStore>(
    book: &mut Book,
    store: &S,
    batch: &mut Vec<(&Commit, Body)>,
) -> Result<(), OpenFailure> {
    let events: Vec<&Event> = batch.iter().flat_map(|(_, b)| &b.events).collect();
    let mut bulk = read_bulk(store, &events).await?;
    for (commit, body) in batch.drain(..) {
        let applied = book.apply(&stamp(commit), &body, &mut bulk);
        applied
            .map_err(|m| OpenFailure::Block(duebook_journal::BlockError::Missing(Digest(m.0))))?;
    }
    pause::pause().await;
    Ok(())
}

pub(super) fn body_of(commit: &Commit) -> Result<Body, OpenFailure> {
    let seq = commit.envelope.seq;
    Body::decode(&commit.envelope.body).map_err(|e| OpenFailure::Body {
        seq,
        detail: e.to_string(),
    })
}

/// The bulk records that events name, read in one transaction, checked against their digests and
/// decoded in slices.
async fn read_bulk<S: EventStore>(store: &S, events: &[&Event]) -> Result<Bulk, OpenFailure> {
    let mut bulk = Bulk::default();
    let wanted: Vec<(BlockRef, Part)> = events
        .iter()
        .flat_map(|e| named(std::slice::from_ref(*e)).collect::<Vec<_>>())
        .collect();
    let digests: Vec<Digest> = wanted.iter().map(|(b, _)| Digest(b.digest)).collect();
    if digests.is_empty() {
        return Ok(bulk);
    }
    let found = store.read_blocks(&digests).await?;
    let mut since_pause = 0;
    for ((block, part), bytes) in wanted.into_iter().zip(found) {
        let digest = Digest(block.digest);
        let bytes = bytes.ok_or(OpenFailure::Block(duebook_journal::BlockError::Missing(
            digest,
        )))?;
        let torn = || OpenFailure::Block(duebook_journal::BlockError::Torn(digest));
        if Digest::of(&bytes) != digest {
            return Err(torn());
        }
        let taken = match part {
            Part::Head => super::bulk::read_head(&mut bulk, block, &bytes).await,
            Part::Segment => bulk.add_segment(block, &bytes),
            Part::Payments => bulk.add_payments(block, &bytes),
            Part::Statement => bulk.add_statement(block, &bytes),
            // The client's workbook is looked at when it is filled; here only that it is whole.
            Part::Template => Ok(()),
        };
        taken.map_err(|_| torn())?;
        // A full segment of 65,536 rows takes a few milliseconds; small blocks do not count.
        since_pause += bytes.len();
        if since_pause > 1 << 20 {
            since_pause = 0;
            pause::pause().await;
        }
    }
    Ok(bulk)
}

async fn load_texts<S: EventStore>(store: &S, commits: &[Commit]) -> Result<Texts, OpenFailure> {
    let mut texts = Texts::default();
    let ids: Vec<TextId> = commits
        .iter()
        .flat_map(|c| c.envelope.texts.iter().map(|t| t.id))
        .collect();
    for part in ids.chunks(4096) {
        for record in store.read_texts(part).await?.into_iter().flatten() {
            texts.learn(&record);
        }
        pause::pause().await;
    }
    Ok(texts)
}

impl Ws {
    /// Puts the book on the list of books, opened now.
    pub(super) fn register(&self) {
        let (name, sample) = self.peek(|b| {
            b.about()
                .map_or((String::new(), false), |a| (a.name.clone(), a.sample))
        });
        let id = self.id();
        let entry = registry::BookEntry {
            id: ids::uuid(&id),
            name,
            sample,
            opened_ms: clock::now_ms(),
        };
        // The list is a convenience: databases are found without it.
        let _ = registry::put(entry);
        let seq = self.peek(|b| u64::from(b.head().0));
        let _ = registry::note_seq(&id, seq);
    }
    /// Builds the key index in slices, so that the first import or search finds it ready.
    pub(super) fn index_when_idle(self) {
        leptos::task::spawn_local(async move {
            loop {
                pause::pause().await;
                let Some(inner) = self.inner.try_get_value() else {
                    return;
                };
                let Ok(mut book) = inner.book.try_borrow_mut() else {
                    continue;
                };
                if !book.index_step() {
                    return;
                }
            }
        });
    }
}
