//! The sample portfolio, made by the ordinary engine and written in one transaction.

use super::load::session;
use super::{SubmitError, Texts, Ws};
use crate::platform::idb::{self, IdbStore};
use crate::platform::js::JsFailure;
use crate::platform::{ids, pause};
use duebook_journal::{
    Actor, Append, Block, CommandId, CommitError, Digest, Draft, EventStore, Head, Journal, TextId, TextRecord,
};
use duebook_ledger::apply::Stamp;
use duebook_ledger::import::Bulk;
use duebook_ledger::{Body, Book, Context, Event, Seq};
use duebook_sample::{Step, portfolio};

/// The seed of the sample: everybody sees the same one, relative to today.
const SAMPLE_SEED: u64 = 20_260_101;
/// Customers in the sample.
const SAMPLE_CUSTOMERS: usize = 320;

/// Makes the sample portfolio by the ordinary engine and writes it in one transaction.
///
/// # Errors
/// [`SubmitError`]; nothing stays on disk.
pub async fn create_sample(tell: impl Fn(String)) -> Result<Ws, SubmitError> {
    let browser = |e: JsFailure| SubmitError::Browser(format!("{e:?}"));
    let id = ids::book().map_err(browser)?;
    let replica = ids::replica().map_err(browser)?;
    let made = portfolio(SAMPLE_SEED, super::today(), SAMPLE_CUSTOMERS);
    let steps = made.steps.len();
    let mut maker = Maker { book: Book::default(), texts: Texts::default(), head: Head::EMPTY, appends: Vec::new() };
    for (n, step) in made.steps.into_iter().enumerate() {
        if n % 32 == 0 {
            tell(format!("Making the sample portfolio, {n} of {steps} commits"));
            pause::pause().await;
        }
        maker.take(id, replica, step)?;
    }
    tell("Saving the sample portfolio".to_owned());
    let failed = |e| SubmitError::NotSaved(CommitError::NotSaved(e));
    let store = IdbStore::create(&id).await.map_err(failed)?;
    if let Err(error) = store.append_all(&maker.appends).await {
        store.close();
        // Nothing was written; the empty database goes too.
        let _ = idb::delete_book(&id).await;
        return Err(SubmitError::Browser(format!("{error:?}")));
    }
    let journal = Journal::at(store, maker.head);
    maker.book.index_customers();
    let ws = session(id, maker.book, maker.texts, journal).map_err(SubmitError::Browser)?;
    ws.register();
    ws.index_when_idle();
    Ok(ws)
}

struct Maker {
    book: Book,
    texts: Texts,
    head: Head,
    appends: Vec<Append>,
}

impl Maker {
    fn take(
        &mut self,
        book: duebook_journal::BookId,
        replica: duebook_journal::ReplicaId,
        step: Step,
    ) -> Result<(), SubmitError> {
        let context = Context {
            command_id: step.command_id,
            recorded_at: step.at_ms,
            ledger_date: step.ledger_date,
            actor: step.actor.clone(),
        };
        self.book.index_all();
        let decision = self.book.decide(&context, &step.command, &step.incoming)?;
        let body = Body { command: step.command, events: decision.events };
        let mut bulk = Bulk::default();
        let unreadable = |_| SubmitError::Unreadable("a block of the sample".to_owned());
        for event in &body.events {
            if let Event::PaymentsImported { block, .. } = event {
                let bytes = decision.blocks.iter().find(|b| Digest::of(b).bytes() == &block.digest);
                bulk.add_payments(*block, bytes.map_or(&[][..], |b| b)).map_err(unreadable)?;
            }
        }
        if let Some((block, head)) = step.incoming.head {
            bulk.heads.insert(block.digest, head);
        }
        bulk.segments.extend(step.incoming.segments.into_iter().map(|(b, s)| (b.digest, s)));
        let texts: Vec<TextRecord> = step
            .texts
            .into_iter()
            .map(|t| TextRecord { id: TextId(t.id.0), salt: t.salt, bytes: t.body.into_bytes() })
            .collect();
        texts.iter().for_each(|t| self.texts.learn(t));
        let blocks: Vec<Block> = step.blocks.into_iter().chain(decision.blocks).map(Block::new).collect();
        let draft = Draft {
            book,
            replica,
            command: CommandId(context.command_id.0),
            input: Digest::of(&duebook_ledger::import::cbor(&body.command)),
            recorded_at_ms: context.recorded_at,
            ledger_date: context.ledger_date.0,
            shift: None,
            actor: Actor { id: replica.to_string(), name: step.actor, role: String::new() },
            approval: None,
            build: crate::build_id(),
            blocks: Vec::new(),
            texts: Vec::new(),
            erases: Vec::new(),
            body: body.encode(),
        };
        let append = Append::seal(draft, blocks, texts, &self.head)
            .map_err(|e| SubmitError::NotSaved(CommitError::Seal(e)))?;
        self.head = append.commit().head();
        let stamp = Stamp {
            seq: Seq(self.head.seq as u32),
            command: context.command_id,
            recorded_at: context.recorded_at,
            ledger_date: context.ledger_date,
            actor: context.actor,
        };
        let applied = self.book.apply(&stamp, &body, &mut bulk);
        applied.map_err(|m| SubmitError::Unreadable(format!("{m:?}")))?;
        self.appends.push(append);
        Ok(())
    }
}
