//! Files become commits: staged and encoded in the worker, joined with the book here, written by
//! the worker in one strict transaction, adopted here. The main thread works in slices.

use super::{NewTexts, Saved, SubmitError, Ws};
use crate::jobs::{ContactRow, EncodedFile, JobError, Request, Response, Worker};
use crate::platform::idb::IdbStore;
use crate::platform::{ids, pause};
use duebook_exchange::read::{FileError, Options, Preview, WorkCells};
use duebook_journal::{
    BlockRef as LogBlock, CommitError, Digest, Draft, Head as LogHead, Journal, Outcome,
    StoreError, seal,
};
use duebook_ledger::block;
use duebook_ledger::columns::Segment;
use duebook_ledger::command::NewContact;
use duebook_ledger::event::{BlockRef, ItemChange};
use duebook_ledger::facts::{ControlTotals, Doubt, ImportFacts, ImportKind, Scope};
use duebook_ledger::import::{BadBlock, Bulk, Head, HeadReader, Incoming};
use duebook_ledger::join::{Answer, Disposition, Join};
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::reporting::{ReportingCommand, SalesRow};
use duebook_ledger::{Command, ItemId, Seq};
use duebook_money::Currency;
use std::collections::{BTreeMap, BTreeSet};
use web_sys::File;

/// How far an import is: rows, done, of.
pub type Progress = crate::jobs::Progress;

/// Sums over rows of items, for comparing with a file's own.
pub type Sums = crate::jobs::Sums;

/// Why a file has no preview.
#[derive(Debug, Clone, PartialEq)]
pub enum StageError {
    /// The file says no.
    File(FileError),
    /// The worker says no.
    Job(JobError),
}

/// What a file is to the book.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Rows not in the book.
    pub new: u64,
    /// Rows in the book as they are.
    pub same: u64,
    /// Rows in the book otherwise.
    pub changed: u64,
    /// Items of the scope that it lacks.
    pub absent: u64,
    /// Postings of ours that it answers.
    pub answered: u64,
    /// What is to be asked before it is taken in.
    pub doubts: Vec<Doubt>,
    /// Postings of ours that it shows as documents of its own.
    pub shown: Vec<ItemId>,
}

/// A file on its way into the book.
#[derive(Clone)]
pub struct BulkImport {
    pub(super) worker: Worker,
    file: File,
}

/// An import that is ready to be decided and written.
pub(super) struct Prepared {
    worker: Worker,
    encoded: EncodedFile,
    pub(super) incoming: Incoming,
    bulk: Bulk,
    book: String,
    sales: Vec<SalesRow>,
    /// Rows that the user left out.
    left: Vec<Segment>,
}

impl BulkImport {
    /// Takes a file; nothing is read yet.
    ///
    /// # Errors
    /// Where the browser makes no worker.
    pub fn new(file: File) -> Result<Self, JobError> {
        Ok(BulkImport {
            worker: Worker::take()?,
            file,
        })
    }
    /// The file itself.
    pub fn file(&self) -> File {
        self.file.clone()
    }
    /// The file's name.
    pub fn name(&self) -> String {
        self.file.name()
    }
    /// Reads the file and answers what it is. Nothing is written.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn stage(
        &self,
        options: &Options,
        progress: impl Fn(Progress) + 'static,
    ) -> Result<Preview, StageError> {
        let request = Request::Stage {
            options: Box::new(options.clone()),
        };
        let answer = self
            .worker
            .call(&request, Some(&self.file), &[], progress)
            .await;
        match answer.map_err(StageError::Job)?.0 {
            Response::Staged(preview) => Ok(*preview),
            Response::Unreadable(error) => Err(StageError::File(error)),
            other => Err(StageError::Job(garbled(&other))),
        }
    }
    /// The rows as they stand, and whether there were more.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn rows(&self, sheet: Option<String>) -> Result<(Vec<WorkCells>, bool), StageError> {
        let request = Request::Rows { sheet };
        let answer = self.worker.call(&request, None, &[], |_| {}).await;
        match answer.map_err(StageError::Job)?.0 {
            Response::Rows(read) => {
                let row = |(line, cells)| WorkCells { line, cells };
                Ok((read.rows.into_iter().map(row).collect(), read.cut))
            }
            Response::Unreadable(error) => Err(StageError::File(error)),
            other => Err(StageError::Job(garbled(&other))),
        }
    }
    /// Sums over what was staged.
    ///
    /// # Errors
    /// [`JobError`].
    pub async fn sums(&self) -> Result<Sums, JobError> {
        match self.worker.call(&Request::Sums, None, &[], |_| {}).await?.0 {
            Response::Sums(sums) => Ok(sums),
            other => Err(garbled(&other)),
        }
    }
    /// Ends the work; the file and the book are as they were.
    pub fn cancel(&self) {
        self.worker.cancel();
    }
    /// What the staged rows are to the book, for the preview.
    ///
    /// # Errors
    /// [`SubmitError`].
    pub async fn compare(&self, ws: Ws, facts: &ImportFacts) -> Result<Comparison, SubmitError> {
        let mut facts = facts.clone();
        let mut prepared = self.decoded(ws).await?;
        let join = prepared.join(ws, &mut facts).await;
        let new = join.new;
        prepared.incoming.joined(join);
        let incoming = &prepared.incoming;
        let same = incoming.same;
        let is_absent = |(_, c): &&(ItemId, ItemChange)| matches!(c, ItemChange::Absent);
        let shown = incoming.answers.iter().filter_map(|a| match a {
            Answer::Shown { item, .. } => Some(*item),
            _ => None,
        });
        Ok(Comparison {
            new,
            same,
            changed: incoming.totals.count.saturating_sub(new + same),
            absent: incoming.changes.iter().filter(is_absent).count() as u64,
            answered: incoming.answers.len() as u64,
            doubts: incoming.doubts.clone(),
            shown: shown.collect(),
        })
    }
    /// Commits what was staged.
    ///
    /// # Errors
    /// [`SubmitError`]; the book is as it was.
    pub async fn commit(&self, ws: Ws, mut facts: ImportFacts) -> Result<Saved, SubmitError> {
        let mut prepared = self.prepare(ws, &mut facts).await?;
        match facts.kind {
            ImportKind::MasterData => {
                let customers = prepared
                    .incoming
                    .head
                    .take()
                    .map(|(_, h)| h.customers.clone())
                    .unwrap_or_default();
                facts.totals.count = customers.len() as u64;
                let mut texts = NewTexts::default();
                let contacts = contacts(&facts.source, &prepared.encoded.contacts, &mut texts)?;
                let command = Command::ImportMasterData {
                    facts,
                    customers,
                    contacts,
                };
                ws.submit(command, texts).await
            }
            ImportKind::Payments => {
                facts.totals.count = prepared.incoming.payments.len() as u64;
                ws.submit_with(
                    Command::ImportPayments(facts),
                    NewTexts::default(),
                    Some(prepared),
                )
                .await
            }
            ImportKind::Sales => {
                let rows = prepared.sales;
                facts.totals = sales_totals(&rows);
                let command = ReportingCommand::ImportSales { facts, rows };
                ws.submit(Command::Reporting(command), NewTexts::default())
                    .await
            }
            ImportKind::OpenItems | ImportKind::Invoices => {
                facts.totals = prepared.incoming.totals.clone();
                ws.submit_with(
                    Command::ImportItems(facts),
                    NewTexts::default(),
                    Some(prepared),
                )
                .await
            }
        }
    }

    /// Encodes in the worker and decodes here, in slices.
    async fn decoded(&self, ws: Ws) -> Result<Prepared, SubmitError> {
        let (encoded, blocks) = self.encode(&[]).await?;
        let mut prepared = Prepared {
            worker: self.worker.clone(),
            incoming: Incoming {
                totals: totals_of(&encoded),
                ..Incoming::default()
            },
            bulk: Bulk::default(),
            book: ids::uuid(&ws.id()),
            sales: Vec::new(),
            left: Vec::new(),
            encoded,
        };
        prepared.decode(&blocks).await?;
        prepared.incoming.joined_at = ws.peek(|book| book.head());
        Ok(prepared)
    }

    /// The same, joined with the book, with the new rows encoded alone.
    async fn prepare(&self, ws: Ws, facts: &mut ImportFacts) -> Result<Prepared, SubmitError> {
        let mut prepared = self.decoded(ws).await?;
        let empty = ws.peek(|book| book.items().is_empty());
        if empty || !is_items(facts.kind) {
            return Ok(prepared);
        }
        let join = prepared.join(ws, facts).await;
        if join.new < prepared.incoming.totals.count {
            let keep: Vec<Vec<u8>> = join
                .dispositions
                .iter()
                .map(|rows| {
                    rows.iter()
                        .map(|d| u8::from(*d == Disposition::New))
                        .collect()
                })
                .collect();
            let (encoded, blocks) = self.encode(&keep).await?;
            prepared.encoded = encoded;
            prepared.incoming.segments.clear();
            prepared.bulk = Bulk::default();
            prepared.decode(&blocks).await?;
        }
        prepared.incoming.joined(join);
        Ok(prepared)
    }

    async fn encode(&self, keep: &[Vec<u8>]) -> Result<(EncodedFile, Vec<Vec<u8>>), SubmitError> {
        let keep: Vec<&[u8]> = keep.iter().map(|k| &k[..]).collect();
        let answer = self
            .worker
            .call(&Request::Encode, None, &keep, |_| {})
            .await;
        match answer.map_err(job)? {
            (Response::Encoded(encoded), blocks) => Ok((*encoded, blocks)),
            (other, _) => Err(job(garbled(&other))),
        }
    }
}

impl Prepared {
    async fn decode(&mut self, blocks: &[Vec<u8>]) -> Result<(), SubmitError> {
        let bad = |_: BadBlock| SubmitError::Unreadable("a block of the worker".to_owned());
        let mut parts = blocks.iter();
        let head = BlockRef {
            digest: self.encoded.head.0,
            rows: self.encoded.head.1,
        };
        let bytes = parts.next().map_or(&[][..], |b| b);
        read_head(&mut self.bulk, head, bytes).await.map_err(bad)?;
        self.incoming.head = self.bulk.heads.get(&head.digest).map(|h| (head, h.clone()));
        for ((digest, rows), bytes) in self.encoded.segments.iter().zip(parts) {
            let block = BlockRef {
                digest: *digest,
                rows: *rows,
            };
            self.bulk.add_segment(block, bytes).map_err(bad)?;
            if let Some(segment) = self.bulk.segments.get(digest) {
                self.incoming.segments.push((block, segment.clone()));
            }
            pause::pause().await;
        }
        let (blocks, left) = blocks.split_at(blocks.len().saturating_sub(self.encoded.left));
        for bytes in left {
            let unreadable = |_| SubmitError::Unreadable("rows left out".to_owned());
            self.left.push(block::decode(bytes).map_err(unreadable)?);
        }
        if self.encoded.payments {
            let bytes = blocks.last().map_or(&[][..], |b| b);
            let garbled = |_| SubmitError::Unreadable("payments of the worker".to_owned());
            self.incoming.payments = duebook_ledger::import::from_cbor(bytes).map_err(garbled)?;
        }
        if self.encoded.sales {
            let bytes = blocks.last().map_or(&[][..], |b| b);
            let garbled = |_| SubmitError::Unreadable("sales of the worker".to_owned());
            self.sales = duebook_ledger::import::from_cbor(bytes).map_err(garbled)?;
        }
        Ok(())
    }

    async fn join(&self, ws: Ws, facts: &mut ImportFacts) -> Join {
        let inner = ws.inner();
        while inner.book.borrow_mut().index_step() {
            pause::pause().await;
        }
        let head = self.incoming.head.as_ref().map(|(_, h)| &**h);
        let segments = self.incoming.segments.iter().map(|(_, s)| &**s);
        fill_scope(facts, head, segments);
        // Only a whole list makes an item absent: then what was left out has to be known.
        if let (Some(head), true) = (head, facts.scope != Scope::TheseRows) {
            let book = inner.book.borrow();
            let over = |s| Join::passed_over(&book, &facts.source, &head.entities, s);
            // Of rows with one key there are several.
            let keys: BTreeSet<_> = self.left.iter().flat_map(over).collect();
            facts.passed_over = keys.into_iter().collect();
        }
        let mut join = match head {
            Some(head) => Join::new(&inner.book.borrow(), facts, head),
            None => Join::new(&inner.book.borrow(), facts, &Head::default()),
        };
        for (_, segment) in &self.incoming.segments {
            join.push(&inner.book.borrow(), segment);
            pause::pause().await;
        }
        let segments = inner.book.borrow().items().segments().len();
        for number in 0..segments {
            join.miss(&inner.book.borrow(), number);
            pause::pause().await;
        }
        join.finish(&inner.book.borrow());
        join
    }

    /// Has the worker write the commit with its blocks.
    pub(super) async fn write(
        &self,
        journal: &mut Journal<IdbStore>,
        mut draft: Draft,
    ) -> Result<Outcome, CommitError> {
        // The worker checks each block against its reference again before it writes.
        draft.blocks = self.references();
        let sealed = seal(draft, &journal.head()).map_err(CommitError::Seal)?;
        let request = Request::Write {
            book: self.book.clone(),
        };
        let answer = self
            .worker
            .call(&request, None, &[sealed.bytes()], |_| {})
            .await;
        let answer = answer.map_err(|e| CommitError::NotSaved(StoreError::Io(format!("{e:?}"))))?;
        match answer.0 {
            Response::Written { seq, hash } => {
                let head = LogHead {
                    seq,
                    hash: Digest(hash),
                };
                journal.advance(head);
                Ok(Outcome::Committed(head))
            }
            Response::Conflict => Ok(Outcome::Behind {
                tail: journal.tail().await.map_err(CommitError::Tail)?,
            }),
            Response::NotWritten { quota: true, .. } => {
                Err(CommitError::NotSaved(StoreError::Quota))
            }
            Response::NotWritten { what, .. } => Err(CommitError::NotSaved(StoreError::Io(what))),
            other => Err(CommitError::NotSaved(StoreError::Io(format!("{other:?}")))),
        }
    }

    fn references(&self) -> Vec<LogBlock> {
        let lengths: BTreeMap<[u8; 32], u64> = self.encoded.lengths.iter().copied().collect();
        let reference = |digest: &[u8; 32]| LogBlock {
            digest: Digest(*digest),
            length: lengths.get(digest).copied().unwrap_or(0),
        };
        let segments = self
            .encoded
            .segments
            .iter()
            .map(|(digest, _)| reference(digest));
        std::iter::once(reference(&self.encoded.head.0))
            .chain(segments)
            .collect()
    }

    /// The decoded blocks, for apply.
    pub(super) fn hand_over(self, bulk: &mut Bulk) {
        drop(self.incoming);
        bulk.heads.extend(self.bulk.heads);
        bulk.segments.extend(self.bulk.segments);
    }

    /// Whether the book is still the one that was joined.
    pub(super) fn fits(&self, head: Seq) -> bool {
        self.incoming.joined_at == head
    }
}

/// Customers of a head that are read at once: a few milliseconds.
const HEAD_SLICE: usize = 2_000;

/// Reads a head in slices.
pub(super) async fn read_head(
    bulk: &mut Bulk,
    block: BlockRef,
    bytes: &[u8],
) -> Result<(), BadBlock> {
    let mut reader = HeadReader::new(block, bytes)?;
    while reader.step(HEAD_SLICE)? {
        pause::pause().await;
    }
    bulk.put_head(reader);
    Ok(())
}

/// "Of the companies in it", "of the customers in it": which those are, the file says.
/// A company of which no row comes in is not in it.
fn fill_scope<'a>(
    facts: &mut ImportFacts,
    head: Option<&Head>,
    segments: impl Iterator<Item = &'a Segment>,
) {
    let Some(head) = head else { return };
    match &mut facts.scope {
        Scope::Entities(codes) if codes.is_empty() => {
            let named: BTreeSet<u16> = segments.flat_map(|s| s.entity.iter().copied()).collect();
            let of = |at: &u16| head.entities.get(usize::from(*at)).cloned();
            *codes = named.iter().filter_map(of).collect();
        }
        Scope::Customers(numbers) if numbers.is_empty() => {
            *numbers = head.customers.iter().map(|c| c.number.clone()).collect();
        }
        _ => {}
    }
}

fn is_items(kind: ImportKind) -> bool {
    matches!(kind, ImportKind::OpenItems | ImportKind::Invoices)
}

/// Count and sums of a file of sales; its rows have no document numbers.
fn sales_totals(rows: &[SalesRow]) -> ControlTotals {
    let mut sums: BTreeMap<&'static str, (Currency, i64)> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(row.currency.code()).or_insert((row.currency, 0));
        sum.1 = sum.1.saturating_add(row.minor);
    }
    ControlTotals {
        count: rows.len() as u64,
        sums: sums.into_values().collect(),
        hash_total: 0,
    }
}

fn totals_of(encoded: &EncodedFile) -> ControlTotals {
    let sum = |(code, sum): &(u16, i64)| Some((Currency::from_numeric(*code)?, *sum));
    ControlTotals {
        count: encoded.count,
        sums: encoded.sums.iter().filter_map(sum).collect(),
        hash_total: encoded.hash_total,
    }
}

fn contacts(
    source: &str,
    staged: &[ContactRow],
    texts: &mut NewTexts,
) -> Result<Vec<NewContact>, SubmitError> {
    let full = |text: &String| (!text.is_empty()).then(|| text.clone());
    let mut out = Vec::with_capacity(staged.len());
    for c in staged {
        let Some(details) = texts.add(&c.details).map_err(SubmitError::Browser)? else {
            continue;
        };
        out.push(NewContact {
            customer: CustomerKey {
                source: source.to_owned(),
                number: c.customer.clone(),
            },
            role: c.role.clone(),
            zone: full(&c.zone),
            language: full(&c.language),
            details,
        });
    }
    Ok(out)
}

pub(super) fn garbled(response: &Response) -> JobError {
    match response {
        Response::Failed(what) => JobError::Broken(what.clone()),
        other => JobError::Garbled(format!("{other:?}")),
    }
}

fn job(error: JobError) -> SubmitError {
    SubmitError::Browser(format!("{error:?}"))
}
