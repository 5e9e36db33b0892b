//! The engine as the app uses it, natively: a file is staged, encoded, decoded and applied.

use duebook_exchange::read::{Flow, Input, Options, Staged, stage};
use duebook_ledger::apply::Stamp;
use duebook_ledger::columns::StagedItems;
use duebook_ledger::event::BlockRef;
use duebook_ledger::facts::{ControlTotals, ImportFacts, ImportKind};
use duebook_ledger::import::{Bulk, Head, Incoming, cbor, totals};
use duebook_ledger::join::{Disposition, Join};
use duebook_ledger::{Body, Book, Command, Context, Event, Seq, Uid, block};
use duebook_money::{Currency, Day};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::shell::{Failure, Outcome};

/// A file on disk, opened as often as the reader asks and never held whole.
pub struct OnDisk {
    name: String,
    path: PathBuf,
    size: u64,
}

impl OnDisk {
    /// Looks at a file.
    pub fn new(path: &Path) -> Outcome<Self> {
        let found = std::fs::metadata(path);
        let size = found
            .map_err(|e| Failure(format!("{}: {e}", path.display())))?
            .len();
        let name = path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        Ok(OnDisk {
            name,
            path: path.to_path_buf(),
            size,
        })
    }
}

impl Input for OnDisk {
    fn name(&self) -> &str {
        &self.name
    }
    fn size(&self) -> u64 {
        self.size
    }
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(&self.path)?))
    }
}

/// Stages a file; whoever runs a command waits for all of it.
pub fn staged(
    input: &dyn Input,
    options: &Options,
) -> Result<Staged, duebook_exchange::read::FileError> {
    stage(input, options, &mut |_| Flow::Continue)
}

/// Stored bytes with their references: the head, then the segments.
pub struct Encoded {
    head: (BlockRef, Vec<u8>),
    segments: Vec<(BlockRef, Vec<u8>)>,
}

impl Encoded {
    /// What the worker makes of staged items.
    pub fn of(items: &StagedItems) -> Self {
        let head = cbor(&Head {
            customers: items.customers.clone(),
            entities: items.entities.clone(),
        });
        let segment = |s: &std::rc::Rc<duebook_ledger::columns::Segment>| {
            let bytes = block::encode(s);
            (BlockRef::of(&bytes, s.len()), bytes)
        };
        Encoded {
            head: (BlockRef::of(&head, items.customers.len()), head),
            segments: items.segments.iter().map(segment).collect(),
        }
    }
    /// Bytes that would be stored.
    pub fn bytes(&self) -> usize {
        self.head.1.len() + self.segments.iter().map(|(_, b)| b.len()).sum::<usize>()
    }
    /// What decide is given of them.
    fn incoming(&self, bulk: &Bulk) -> Incoming {
        let head = bulk.heads.get(&self.head.0.digest).cloned();
        let rows = |(block, _): &(BlockRef, Vec<u8>)| {
            Some((*block, bulk.segments.get(&block.digest)?.clone()))
        };
        Incoming {
            head: head.map(|head| (self.head.0, head)),
            segments: self.segments.iter().filter_map(rows).collect(),
            ..Incoming::default()
        }
    }
    /// What the page makes of them.
    pub fn decode(&self) -> Outcome<Bulk> {
        let torn = |_| Failure("a block that was just encoded cannot be read".to_owned());
        let mut bulk = Bulk::default();
        bulk.add_head(self.head.0, &self.head.1).map_err(torn)?;
        for (block, bytes) in &self.segments {
            bulk.add_segment(*block, bytes).map_err(torn)?;
        }
        Ok(bulk)
    }
}

/// A book with its first commit.
pub fn begun(today: Day) -> Outcome<Book> {
    let mut book = Book::default();
    let command = Command::OpenBook {
        name: "Native".to_owned(),
        currency: Currency::EUR,
        own_ledger: false,
        sample: false,
    };
    submit(
        &mut book,
        today,
        command,
        &Incoming::default(),
        &mut Bulk::default(),
    )?;
    Ok(book)
}

/// Decides an import of staged items and applies it.
pub fn import(
    book: &mut Book,
    facts: ImportFacts,
    items: &StagedItems,
    encoded: &Encoded,
    mut bulk: Bulk,
) -> Outcome {
    let incoming = Incoming {
        totals: totals(&items.segments),
        joined_at: book.head(),
        ..encoded.incoming(&bulk)
    };
    let facts = ImportFacts {
        totals: incoming.totals.clone(),
        ..facts
    };
    let today = facts.as_of;
    submit(
        book,
        today,
        Command::ImportItems(facts),
        &incoming,
        &mut bulk,
    )
}

/// Joins decoded items with the book, whose key index is complete.
pub fn join(book: &Book, facts: &ImportFacts, encoded: &Encoded, bulk: &Bulk) -> Join {
    let incoming = encoded.incoming(bulk);
    let head = incoming.head.map(|(_, head)| head).unwrap_or_default();
    let segments = incoming.segments.iter().map(|(_, s)| &**s);
    Join::whole(book, facts, &head, segments)
}

/// The rows that a join found new.
pub fn only_new(items: &StagedItems, join: &Join) -> StagedItems {
    let pairs = items.segments.iter().zip(&join.dispositions);
    let new = pairs.map(|(s, found)| s.filtered(|row| found[row] == Disposition::New));
    StagedItems {
        customers: items.customers.clone(),
        entities: items.entities.clone(),
        segments: new.filter(|s| !s.is_empty()).map(Rc::new).collect(),
    }
}

/// Decides a refresh and applies it: the new rows, and what the join found of the others.
pub fn import_joined(
    book: &mut Book,
    facts: ImportFacts,
    encoded: &Encoded,
    totals: ControlTotals,
    join: Join,
    mut bulk: Bulk,
) -> Outcome {
    let mut incoming = Incoming {
        totals: totals.clone(),
        joined_at: book.head(),
        ..encoded.incoming(&bulk)
    };
    incoming.joined(join);
    let facts = ImportFacts { totals, ..facts };
    let today = facts.as_of;
    submit(
        book,
        today,
        Command::ImportItems(facts),
        &incoming,
        &mut bulk,
    )
}

/// What an import of a file says it is.
pub fn facts(kind: ImportKind, file: &str, as_of: Day) -> ImportFacts {
    ImportFacts::new(kind, "ERP", file, as_of)
}

fn submit(
    book: &mut Book,
    today: Day,
    command: Command,
    incoming: &Incoming,
    bulk: &mut Bulk,
) -> Outcome {
    let context = Context {
        command_id: next_id(book),
        recorded_at: 0,
        ledger_date: today,
        actor: String::new(),
    };
    let decided = book.decide(&context, &command, incoming);
    let decision = decided.map_err(|refusal| Failure(format!("refused: {refusal:?}")))?;
    apply(book, today, command, decision.events, bulk)
}

/// Applies events as the next commit.
pub fn apply(
    book: &mut Book,
    today: Day,
    command: Command,
    events: Vec<Event>,
    bulk: &mut Bulk,
) -> Outcome {
    let stamp = Stamp {
        seq: Seq(book.head().0 + 1),
        command: next_id(book),
        recorded_at: 0,
        ledger_date: today,
        actor: String::new(),
    };
    let applied = book.apply(&stamp, &Body { command, events }, bulk);
    applied
        .map(|_| ())
        .map_err(|missing| Failure(format!("{missing:?}")))
}

/// Ids need not be random here: the position in the log tells commands apart.
fn next_id(book: &Book) -> Uid {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&(book.head().0 + 1).to_le_bytes());
    Uid(id)
}
