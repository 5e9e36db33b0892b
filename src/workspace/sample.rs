//! The sample portfolio, made by the ordinary engine and written in one transaction.

use super::load::session;
use super::{SubmitError, Texts, Ws};
use crate::platform::idb::{self, IdbStore};
use crate::platform::js::JsFailure;
use crate::platform::{ids, pause};
use duebook_journal::{
    Actor, Append, Block, BookId, CommandId, CommitError, Digest, Draft, EventStore, Head, Journal,
    ReplicaId, TextId, TextRecord,
};
use duebook_ledger::Event;
use duebook_sample::Step;

/// The seed of the sample: everybody sees the same one, relative to today.
const SAMPLE_SEED: u64 = 7;
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
    tell("Making the sample portfolio".to_owned());
    pause::pause().await;
    let later = crate::later::load().await;
    let later =
        later.map_err(|_| SubmitError::Browser("a part of the program is missing".to_owned()))?;
    let made = (later.sample)(SAMPLE_SEED, super::today(), SAMPLE_CUSTOMERS);
    let (mut texts, mut head) = (Texts::default(), Head::EMPTY);
    let all = made.steps.len();
    let mut appends = Vec::with_capacity(all);
    for (n, step) in made.steps.into_iter().enumerate() {
        if n % 128 == 0 {
            tell(format!("Sealing {n} of {all} commits of the sample"));
            pause::pause().await;
        }
        let append = seal(id, replica, step, &head, &mut texts)?;
        head = append.commit().head();
        appends.push(append);
    }
    tell("Saving the sample portfolio".to_owned());
    let failed = |e| SubmitError::NotSaved(CommitError::NotSaved(e));
    let store = IdbStore::create(&id).await.map_err(failed)?;
    if let Err(error) = store.append_all(&appends).await {
        store.close();
        // Nothing was written; the empty database goes too.
        let _ = idb::delete_book(&id).await;
        return Err(SubmitError::Browser(format!("{error:?}")));
    }
    let journal = Journal::at(store, head);
    let mut book = made.book;
    book.index_customers();
    let ws = session(id, book, texts, journal).map_err(SubmitError::Browser)?;
    ws.register();
    ws.index_when_idle();
    Ok(ws)
}

fn seal(
    book: BookId,
    replica: ReplicaId,
    step: Step,
    head: &Head,
    known: &mut Texts,
) -> Result<Append, SubmitError> {
    let body = step.body();
    let erases: Vec<TextId> = body
        .events
        .iter()
        .flat_map(|event| match event {
            Event::TextsErased { texts, .. } => texts.iter().map(|t| TextId(t.0)).collect(),
            _ => Vec::new(),
        })
        .collect();
    let texts: Vec<TextRecord> = step
        .texts
        .into_iter()
        .map(|t| TextRecord {
            id: TextId(t.id.0),
            salt: t.salt,
            bytes: t.body.into_bytes(),
        })
        .collect();
    texts.iter().for_each(|t| known.learn(t));
    erases.iter().for_each(|t| known.forget(*t));
    let blocks: Vec<Block> = step
        .blocks
        .into_iter()
        .map(|(_, bytes)| Block::new(bytes))
        .collect();
    let draft = Draft {
        book,
        replica,
        command: CommandId(step.command_id.0),
        input: Digest::of(&duebook_ledger::import::cbor(&body.command)),
        recorded_at_ms: step.at_ms,
        ledger_date: step.ledger_date.0,
        shift: None,
        actor: Actor {
            id: replica.to_string(),
            name: step.actor,
            role: String::new(),
        },
        approval: None,
        build: crate::build_id(),
        blocks: Vec::new(),
        texts: Vec::new(),
        erases,
        body: body.encode(),
    };
    Append::seal(draft, blocks, texts, head)
        .map_err(|e| SubmitError::NotSaved(CommitError::Seal(e)))
}
