//! Another copy of the open book: held against it by the worker, planned in memory, written in one
//! transaction.

use super::load::{apply_commit, body_of, stamp};
use super::{SubmitError, Ws, actor, today};
use crate::jobs::{OtherLog, Request, Response, Worker};
use crate::platform::{clock, ids, locks};
use duebook_journal::{
    Actor, Append, AppendError, Block, Commit, CommitError, Digest, Draft, Envelope, EventStore,
    Head, SealedCommit, TextId, TextRecord,
};
use duebook_ledger::apply::Delta;
use duebook_ledger::event::Event;
use duebook_ledger::import::Bulk;
use duebook_ledger::takein::{
    At, Choice, Foreign, Plan, Step, Taker, Theirs, plan, statement_blocks,
};
use duebook_ledger::{Context, Seq, Uid};
use std::collections::BTreeMap;
use web_sys::File;

/// Another copy of the open book, proved, from where it parted from ours.
pub struct OtherCopy {
    /// How it stands to ours.
    pub log: OtherLog,
    /// Name of its file.
    pub file: String,
    /// Its commits after the last common one.
    pub foreign: Vec<Foreign>,
    commits: Vec<Commit>,
    bytes: Vec<Vec<u8>>,
    texts: BTreeMap<TextId, TextRecord>,
    blocks: BTreeMap<Digest, Vec<u8>>,
    bulk: Bulk,
}

impl OtherCopy {
    /// Whether ours has nothing that it lacks: its commits come in as they are.
    pub fn is_ahead(&self) -> bool {
        self.log.common == self.log.ours && self.log.theirs > self.log.common
    }
    /// Whether it has nothing that ours lacks.
    pub fn is_behind(&self) -> bool {
        self.log.theirs == self.log.common
    }
    /// Who wrote what is new in it.
    pub fn agents(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for f in &self.foreign {
            if !out.contains(&f.context.actor) {
                out.push(f.context.actor.clone());
            }
        }
        out
    }
    fn texts_of(&self, envelope: &Envelope) -> Vec<TextRecord> {
        let ids = envelope.texts.iter().map(|t| t.id);
        ids.filter_map(|id| self.texts.get(&id).cloned()).collect()
    }
}

fn texts_of(raw: &[Vec<u8>]) -> BTreeMap<TextId, TextRecord> {
    let one = |bytes: &Vec<u8>| {
        let id = TextId::from_slice(bytes.get(..16)?)?;
        let salt = bytes.get(16..48)?.try_into().ok()?;
        let bytes = bytes.get(48..)?.to_vec();
        Some((id, TextRecord { id, salt, bytes }))
    };
    raw.iter().filter_map(one).collect()
}

impl Ws {
    /// Reads another copy of this book and proves it; nothing changes.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub async fn read_other(self, file: &File) -> Result<OtherCopy, String> {
        let worker = Worker::start().map_err(|e| format!("The browser made no worker ({e})."))?;
        let request = Request::Compare {
            book: ids::uuid(&self.id()),
        };
        let answer = worker.call(&request, Some(file), &[], |_| {}).await;
        let (log, mut bytes) = match answer.map_err(|e| format!("The work broke off ({e})."))? {
            (Response::Other(log), bytes) => (log, bytes),
            (Response::Failed(what), _) => return Err(what),
            (other, _) => return Err(format!("The worker answered {other:?}.")),
        };
        let blocks = bytes.split_off(bytes.len().min(log.commits + log.texts));
        let texts = texts_of(&bytes.split_off(bytes.len().min(log.commits)));
        let mut commits = Vec::with_capacity(bytes.len());
        let mut foreign = Vec::with_capacity(bytes.len());
        for raw in &bytes {
            let envelope = Envelope::open(raw).map_err(|e| format!("{e:?}"))?;
            let commit = Commit {
                hash: Digest::of(raw),
                envelope,
            };
            let body = body_of(&commit).map_err(|e| crate::words::open_failure(&e).1)?;
            let of = stamp(&commit);
            foreign.push(Foreign {
                seq: of.seq,
                context: Context {
                    command_id: of.command,
                    recorded_at: of.recorded_at,
                    ledger_date: of.ledger_date,
                    actor: of.actor,
                },
                body,
            });
            commits.push(commit);
        }
        let blocks: BTreeMap<Digest, Vec<u8>> =
            blocks.into_iter().map(|b| (Digest::of(&b), b)).collect();
        let mut bulk = Bulk::default();
        for block in statement_blocks(&foreign) {
            if let Some(bytes) = blocks.get(&Digest(block.digest)) {
                bulk.add_statement(block, bytes)
                    .map_err(|_| "A bank statement in it cannot be read.".to_owned())?;
            }
        }
        Ok(OtherCopy {
            log,
            file: file.name(),
            foreign,
            commits,
            bytes,
            texts,
            blocks,
            bulk,
        })
    }

    /// What taking it in would do, with the choices made so far.
    ///
    /// # Errors
    /// Where the browser gives no random numbers.
    pub fn plan_other(
        self,
        other: &OtherCopy,
        choices: &BTreeMap<At, Choice>,
    ) -> Result<Plan, String> {
        let taker = Taker {
            now: clock::now_ms(),
            ledger_date: today(),
            actor: actor(),
            file: other.file.clone(),
            head_hash: other.log.head,
        };
        let mut failed = None;
        let mut fresh = || match ids::command() {
            Ok(id) => Uid(*id.bytes()),
            Err(e) => {
                failed = Some(format!("The browser gives no random numbers ({e:?})."));
                Uid::default()
            }
        };
        let theirs = Theirs {
            common: Seq(u32::try_from(other.log.common).unwrap_or(u32::MAX)),
            commits: &other.foreign,
            bulk: &other.bulk,
        };
        let plan = self.peek(|book| plan(book, theirs, choices, &taker, &mut fresh));
        match failed {
            Some(what) => Err(what),
            None => Ok(plan),
        }
    }

    /// Takes it in: all steps in one transaction, or none.
    ///
    /// # Errors
    /// [`SubmitError`]; the book is as it was.
    pub async fn take_in(
        self,
        other: &OtherCopy,
        choices: &BTreeMap<At, Choice>,
    ) -> Result<Plan, SubmitError> {
        let inner = self.inner();
        while inner.book.borrow_mut().index_step() {
            crate::platform::pause::pause().await;
        }
        let mut journal = inner.journal.lock().await;
        let _lock = locks::acquire(&locks::write_name(&inner.id)).await.ok();
        let tail = journal.tail().await;
        let tail = tail.map_err(|e| SubmitError::NotSaved(CommitError::Tail(e)))?;
        if !tail.is_empty() {
            // Another tab has gone on: what was planned may no longer fit.
            self.follow(&mut journal, &tail).await?;
            return Err(SubmitError::Overtaken);
        }
        let plan = self
            .plan_other(other, choices)
            .map_err(SubmitError::Browser)?;
        if let Some(refusal) = &plan.stuck {
            return Err(SubmitError::Refused(refusal.clone()));
        }
        let mut head = journal.head();
        let mut appends = Vec::with_capacity(plan.steps.len());
        for step in &plan.steps {
            let append = self.seal_step(other, step, &head)?;
            head = append.commit().head();
            appends.push(append);
        }
        write(journal.store(), &appends).await?;
        journal.advance(head);
        for (step, append) in plan.steps.iter().zip(&appends) {
            let mut bulk = Bulk::default();
            let unreadable = |_| SubmitError::Unreadable("a block just made".to_owned());
            for (block, bytes) in statement_refs(step).zip(&step.blocks) {
                bulk.add_statement(block, bytes).map_err(unreadable)?;
            }
            let of = duebook_ledger::apply::Stamp {
                seq: Seq(append.commit().seq() as u32),
                command: step.context.command_id,
                recorded_at: step.context.recorded_at,
                ledger_date: step.context.ledger_date,
                actor: step.context.actor.clone(),
            };
            let applied = inner.book.borrow_mut().apply(&of, &step.body, &mut bulk);
            applied.map_err(|m| SubmitError::Unreadable(format!("{m:?}")))?;
            self.learn_texts(append.texts(), append.erases());
        }
        self.came_in(head.seq);
        Ok(plan)
    }

    /// Takes commits in as they are: this log is the beginning of the other.
    ///
    /// # Errors
    /// [`SubmitError`]; the book is as it was.
    pub async fn go_forward(self, other: &OtherCopy) -> Result<usize, SubmitError> {
        let inner = self.inner();
        let mut journal = inner.journal.lock().await;
        let _lock = locks::acquire(&locks::write_name(&inner.id)).await.ok();
        if journal.head().seq != other.log.common {
            return Err(SubmitError::Overtaken);
        }
        let bad = |e| SubmitError::NotSaved(CommitError::Seal(e));
        let mut appends = Vec::with_capacity(other.commits.len());
        for (commit, bytes) in other.commits.iter().zip(&other.bytes) {
            let (sealed, envelope) = SealedCommit::from_bytes(bytes.clone())
                .map_err(|e| SubmitError::Unreadable(format!("{e:?}")))?;
            let digests = envelope.blocks.iter().map(|b| b.digest);
            let blocks = digests.filter_map(|d| other.blocks.get(&d).cloned());
            let texts = other.texts_of(&commit.envelope);
            // A text that is not in the proved file was erased there.
            let append = Append::join(sealed, blocks.map(Block::new).collect(), texts, |_| true);
            appends.push(append.map_err(bad)?);
        }
        write(journal.store(), &appends).await?;
        // A fork costs pointers: the book in use is not borrowed while blocks are read.
        let mut fork = inner.book.borrow().clone();
        for commit in &other.commits {
            apply_commit(&mut fork, journal.store(), commit)
                .await
                .map_err(|e| SubmitError::Unreadable(format!("{e:?}")))?;
        }
        inner.book.replace(fork);
        for append in &appends {
            self.learn_texts(append.texts(), append.erases());
        }
        let adopted = journal.adopt(&other.commits);
        adopted.map_err(|e| SubmitError::Unreadable(format!("{e:?}")))?;
        self.came_in(other.log.theirs);
        Ok(appends.len())
    }

    fn seal_step(
        &self,
        other: &OtherCopy,
        step: &Step,
        head: &Head,
    ) -> Result<Append, SubmitError> {
        let inner = self.inner();
        let theirs = step.theirs.and_then(|n| other.commits.get(n));
        let theirs = theirs.map(|c| &c.envelope);
        let erases = step.body.events.iter().flat_map(|event| match event {
            Event::TextsErased { texts, .. } => texts.iter().map(|t| TextId(t.0)).collect(),
            _ => Vec::new(),
        });
        let actor = Actor {
            id: inner.replica.to_string(),
            name: step.context.actor.clone(),
            role: String::new(),
        };
        let draft = Draft {
            book: inner.id,
            replica: inner.replica,
            command: duebook_journal::CommandId(step.context.command_id.0),
            input: Digest::of(&duebook_ledger::import::cbor(&step.body.command)),
            recorded_at_ms: step.context.recorded_at,
            ledger_date: step.context.ledger_date.0,
            shift: match theirs {
                Some(e) => e.shift,
                None => self.envelope_shift(&step.context.actor),
            },
            actor: theirs.map_or(actor, |e| e.actor.clone()),
            approval: theirs.and_then(|e| e.approval.clone()),
            build: crate::build_id(),
            blocks: Vec::new(),
            texts: Vec::new(),
            erases: erases.collect(),
            body: step.body.encode(),
        };
        let blocks = step.blocks.iter().cloned().map(Block::new).collect();
        let texts = theirs.map_or(Vec::new(), |e| other.texts_of(e));
        Append::seal(draft, blocks, texts, head)
            .map_err(|e| SubmitError::NotSaved(CommitError::Seal(e)))
    }

    /// Everything may have changed.
    fn came_in(&self, seq: u64) {
        self.inner().book.borrow_mut().index_customers();
        let mut delta = Delta::default();
        (delta.everything, delta.policies) = (true, true);
        self.notify(&delta);
        self.tell_others(Seq(seq as u32));
    }
}

fn statement_refs(step: &Step) -> impl Iterator<Item = duebook_ledger::event::BlockRef> + '_ {
    step.body.events.iter().filter_map(|e| match e {
        Event::StatementImported { block, .. } => Some(*block),
        _ => None,
    })
}

async fn write<S: EventStore>(store: &S, appends: &[Append]) -> Result<(), SubmitError> {
    if appends.is_empty() {
        return Ok(());
    }
    match store.append_all(appends).await {
        Ok(_) => Ok(()),
        Err(AppendError::Conflict) => Err(SubmitError::Overtaken),
        Err(AppendError::Store(e)) => Err(SubmitError::NotSaved(CommitError::NotSaved(e))),
        Err(other) => Err(SubmitError::Browser(format!("{other:?}"))),
    }
}
