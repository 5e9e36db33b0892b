//! The life of a command: decide -> persist strictly -> apply -> notify. The screen never shows
//! what the disk does not have.

use super::bulk::Prepared;
use super::load::apply_commit;
use super::{NewTexts, SaveState, SubmitError, Ws, actor};
use crate::platform::{clock, ids, locks, pause, registry};
use duebook_journal::{
    Actor, Block, Commit, CommitError, Digest, Draft, Journal, Outcome, TextId, TextRecord,
};
use duebook_ledger::apply::Delta;
use duebook_ledger::decide::Decision;
use duebook_ledger::import::{BadBlock, Bulk, Incoming};
use duebook_ledger::{Body, Command, Context, Event, Seq, Uid};
use leptos::prelude::{GetValue, Set};

/// A command that is on disk and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// Its commit.
    pub seq: Seq,
    /// The command's id.
    pub command: Uid,
}

/// How often a command is decided again when other tabs commit in between.
const TRIES: usize = 3;

impl Ws {
    /// Decides, saves and applies a command.
    ///
    /// # Errors
    /// [`SubmitError`]; the book is as it was.
    pub async fn submit(self, command: Command, texts: NewTexts) -> Result<Saved, SubmitError> {
        self.submit_with(command, texts, None).await
    }

    /// The same, with what travels beside the command.
    ///
    /// # Errors
    /// As [`Ws::submit`].
    pub(super) async fn submit_given(
        self,
        command: Command,
        given: Incoming,
    ) -> Result<Saved, SubmitError> {
        self.submit_all(command, NewTexts::default(), None, given)
            .await
    }

    pub(super) async fn submit_with(
        self,
        command: Command,
        texts: NewTexts,
        prepared: Option<Prepared>,
    ) -> Result<Saved, SubmitError> {
        self.submit_all(command, texts, prepared, Incoming::default())
            .await
    }

    async fn submit_all(
        self,
        command: Command,
        texts: NewTexts,
        mut prepared: Option<Prepared>,
        given: Incoming,
    ) -> Result<Saved, SubmitError> {
        let inner = self.inner();
        let command_id = ids::command().map_err(|e| SubmitError::Browser(format!("{e:?}")))?;
        let mut journal = inner.journal.lock().await;
        // Makes races between tabs rare; `add(seq + 1)` makes them harmless, lock or no lock.
        let _lock = locks::acquire(&locks::write_name(&inner.id)).await.ok();
        self.set_save(SaveState::Saving);
        let mut result = Err(SubmitError::Overtaken);
        for _ in 0..TRIES {
            result = self
                .try_once(
                    &mut journal,
                    command_id,
                    (&command, &given),
                    &texts,
                    &mut prepared,
                )
                .await;
            if result != Err(SubmitError::Overtaken) {
                break;
            }
        }
        self.set_save(match &result {
            Err(SubmitError::NotSaved(error)) => SaveState::Failed(format!("{error:?}")),
            _ => SaveState::Saved,
        });
        if let Ok(saved) = &result {
            self.tell_others(saved.seq);
        }
        result
    }

    async fn try_once(
        &self,
        journal: &mut Journal<crate::platform::idb::IdbStore>,
        command_id: duebook_journal::CommandId,
        (command, given): (&Command, &Incoming),
        texts: &NewTexts,
        prepared: &mut Option<Prepared>,
    ) -> Result<Saved, SubmitError> {
        let inner = self.inner();
        let context = Context {
            command_id: Uid(*command_id.bytes()),
            recorded_at: clock::now_ms(),
            ledger_date: super::today(),
            actor: actor(),
        };
        if prepared
            .as_ref()
            .is_some_and(|p| !p.fits(inner.book.borrow().head()))
        {
            return Err(SubmitError::Refused(duebook_ledger::Refusal::StagingBroken));
        }
        let incoming = prepared.as_ref().map_or(given, |p| &p.incoming);
        // Natural keys are looked up in the index; a commit needs it whole.
        while inner.book.borrow_mut().index_step() {
            pause::pause().await;
        }
        let Decision { events, blocks } =
            inner.book.borrow().decide(&context, command, incoming)?;
        let body = Body {
            command: command.clone(),
            events,
        };
        let draft = self.draft(&context, command_id, &body);
        let made: Vec<Block> = blocks.into_iter().map(Block::new).collect();
        let mut bulk = Bulk::default();
        for block in &made {
            let taken = take_made(&mut bulk, &body.events, block);
            taken.map_err(|_| SubmitError::Unreadable("a block just made".to_owned()))?;
        }
        let outcome = match prepared {
            Some(p) if made.is_empty() => p.write(journal, draft).await,
            _ => journal.commit(draft, made, texts.0.clone()).await,
        };
        match outcome.map_err(SubmitError::NotSaved)? {
            Outcome::Committed(head) => {
                if let Some(p) = prepared.take() {
                    p.hand_over(&mut bulk);
                }
                let seq = Seq(head.seq as u32);
                let stamp = duebook_ledger::apply::Stamp {
                    seq,
                    command: context.command_id,
                    recorded_at: context.recorded_at,
                    ledger_date: context.ledger_date,
                    actor: context.actor,
                };
                self.learn(&body.events, texts);
                let delta = inner.book.borrow_mut().apply(&stamp, &body, &mut bulk);
                let delta = delta.map_err(|m| SubmitError::Unreadable(format!("{m:?}")))?;
                self.notify(&delta);
                Ok(Saved {
                    seq,
                    command: context.command_id,
                })
            }
            Outcome::Already { seq, tail } => {
                self.follow(journal, &tail).await?;
                Ok(Saved {
                    seq: Seq(seq as u32),
                    command: context.command_id,
                })
            }
            Outcome::Behind { tail } => {
                self.follow(journal, &tail).await?;
                Err(SubmitError::Overtaken)
            }
        }
    }

    fn draft(&self, context: &Context, command: duebook_journal::CommandId, body: &Body) -> Draft {
        let inner = self.inner();
        let erases = body.events.iter().flat_map(|event| match event {
            Event::TextsErased { texts, .. } => texts.iter().map(|t| TextId(t.0)).collect(),
            _ => Vec::new(),
        });
        let input = duebook_ledger::import::cbor(&body.command);
        Draft {
            book: inner.id,
            replica: inner.replica,
            command,
            input: Digest::of(&input),
            recorded_at_ms: context.recorded_at,
            ledger_date: context.ledger_date.0,
            shift: self.envelope_shift(&context.actor),
            actor: Actor {
                id: inner.replica.to_string(),
                name: context.actor.clone(),
                role: String::new(),
            },
            approval: None,
            build: crate::build_id(),
            blocks: Vec::new(),
            texts: Vec::new(),
            erases: erases.collect(),
            body: body.encode(),
        }
    }

    fn learn(&self, events: &[Event], texts: &NewTexts) {
        let inner = self.inner();
        let mut known = inner.texts.borrow_mut();
        texts.0.iter().for_each(|record| known.learn(record));
        for event in events {
            if let Event::TextsErased { texts, .. } = event {
                texts.iter().for_each(|t| known.forget(TextId(t.0)));
            }
        }
    }

    /// Texts that came with commits of another copy, and those they erased.
    pub(super) fn learn_texts(&self, texts: &[TextRecord], erased: &[TextId]) {
        let inner = self.inner();
        let mut known = inner.texts.borrow_mut();
        texts.iter().for_each(|record| known.learn(record));
        erased.iter().for_each(|id| known.forget(*id));
    }

    /// Applies what another tab has committed.
    pub(super) async fn follow(
        &self,
        journal: &mut Journal<crate::platform::idb::IdbStore>,
        tail: &[Commit],
    ) -> Result<(), SubmitError> {
        use duebook_journal::EventStore;
        let inner = self.inner();
        let mut all = Delta::default();
        for commit in tail {
            let unreadable = |e: super::OpenFailure| SubmitError::Unreadable(format!("{e:?}"));
            // A fork costs pointers: the book in use is not borrowed while blocks are read.
            let mut fork = inner.book.borrow().clone();
            let delta = apply_commit(&mut fork, journal.store(), commit)
                .await
                .map_err(unreadable)?;
            inner.book.replace(fork);
            all.everything |= delta.everything;
            all.policies |= delta.policies;
            all.customers.extend(delta.customers);
            let ids: Vec<TextId> = commit.envelope.texts.iter().map(|t| t.id).collect();
            let records = journal.store().read_texts(&ids).await;
            let records = records.map_err(|e| SubmitError::NotSaved(CommitError::NotSaved(e)))?;
            let mut known = inner.texts.borrow_mut();
            records
                .iter()
                .flatten()
                .for_each(|record| known.learn(record));
            commit
                .envelope
                .erases
                .iter()
                .for_each(|id| known.forget(*id));
        }
        journal
            .adopt(tail)
            .map_err(|e| SubmitError::Unreadable(format!("{e:?}")))?;
        if !tail.is_empty() {
            self.notify(&all);
        }
        Ok(())
    }

    /// Another tab has committed; reads the tail when this tab has none under way.
    pub(super) fn heard(self, seq: u64) {
        let Some(inner) = self.inner.try_get_value() else {
            return;
        };
        leptos::task::spawn_local(async move {
            let mut journal = inner.journal.lock().await;
            if journal.head().seq >= seq {
                return;
            }
            // A tail that cannot be read now is read before the next commit, which tells.
            if let Ok(tail) = journal.tail().await {
                let _ = self.follow(&mut journal, &tail).await;
            }
        });
    }

    /// Looks whether another tab has committed; for regained focus.
    pub fn catch_up(self) {
        self.heard(u64::MAX);
    }

    pub(super) fn tell_others(&self, seq: Seq) {
        let inner = self.inner();
        let seq = u64::from(seq.0);
        let _ = registry::note_seq(&inner.id, seq);
        let _ = self.since_file.try_set(inner.commits_since_backup());
        if let Some(channel) = &*inner.channel.borrow() {
            // A hint only: the others look for themselves on focus and before they commit.
            let _ = channel.committed(seq);
        }
    }
}

/// Takes in a block that deciding made, as the event that names it says.
fn take_made(bulk: &mut Bulk, events: &[Event], block: &Block) -> Result<(), BadBlock> {
    let is_it = |digest: &[u8; 32]| Digest(*digest) == block.digest();
    for event in events {
        match event {
            Event::PaymentsImported { block: named, .. } if is_it(&named.digest) => {
                return bulk.add_payments(*named, block.bytes());
            }
            Event::StatementImported { block: named, .. } if is_it(&named.digest) => {
                return bulk.add_statement(*named, block.bytes());
            }
            _ => {}
        }
    }
    Ok(())
}
