//! A book, step by step: what came in on each day and what the collectors did.

use crate::customers::{Client, clients};
use crate::erp::Erp;
use crate::figures::Figures;
use crate::rng::Rng;
use crate::trade::{Schedule, trade};
use duebook_ledger::event::{BlockRef, Event};
use duebook_ledger::import::{Bulk, Incoming};
use duebook_ledger::keys::TextRef;
use duebook_ledger::{Body, Book, Command, Context, Refusal, Seq, Uid};
use duebook_money::Day;

/// Name of the source that the sample's files come from.
pub const SOURCE: &str = "Sample ERP";

/// A text kept beside the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleText {
    /// As commands hold it.
    pub reference: TextRef,
    /// Its id.
    pub id: Uid,
    /// Its salt.
    pub salt: [u8; 32],
    /// What it says.
    pub body: String,
}

/// One command as somebody gave it, with all that travels beside it and what it made.
#[derive(Debug, Clone)]
pub struct Step {
    /// Id of the command: later steps name facts by it.
    pub command_id: Uid,
    /// Milliseconds UTC, never before the step before.
    pub at_ms: i64,
    /// The ledger's date.
    pub ledger_date: Day,
    /// Who.
    pub actor: String,
    /// What was asked.
    pub command: Command,
    /// The rows of an import.
    pub incoming: Incoming,
    /// The texts it names.
    pub texts: Vec<SampleText>,
    /// The stored bytes of the blocks its events name, in their order; the digest of each is in
    /// the event.
    pub blocks: Vec<(BlockRef, Vec<u8>)>,
    /// What [`Book::decide`] made of it on the steps before.
    pub events: Vec<Event>,
}

impl Step {
    /// The context to decide it in.
    pub fn context(&self) -> Context {
        Context {
            command_id: self.command_id,
            recorded_at: self.at_ms,
            ledger_date: self.ledger_date,
            actor: self.actor.clone(),
        }
    }
    /// The commit's body.
    pub fn body(&self) -> Body {
        Body {
            command: self.command.clone(),
            events: self.events.clone(),
        }
    }
    /// What [`Book::apply`] needs beside the body. Blocks of this step always decode.
    pub fn bulk(&self) -> Bulk {
        bulk_of(&self.events, &self.incoming, &self.blocks)
    }
}

/// A sample portfolio.
#[derive(Debug)]
pub struct Portfolio {
    /// In order.
    pub steps: Vec<Step>,
    /// The book they make.
    pub book: Book,
    /// What is in it, as intended by the generator.
    pub figures: Figures,
    /// Steps that the book refused and that are therefore not among `steps`; a test holds it empty.
    pub refused: Vec<(Command, Refusal)>,
}

/// The sample portfolio of a seed, ending on the eve of `today`.
pub fn portfolio(seed: u64, today: Day, customers: usize) -> Portfolio {
    let builder = build(seed, today, customers);
    Portfolio {
        steps: builder.steps,
        book: builder.book,
        figures: builder.figures,
        refused: builder.refused,
    }
}

fn build(seed: u64, today: Day, customers: usize) -> Builder {
    let rng = Rng::new(seed);
    let clients = clients(&mut rng.part(11), today, customers);
    let schedule = Schedule::new(today);
    let erp = trade(&rng.part(12), &clients, &schedule);
    let mut builder = Builder::new(rng.part(13), today, clients, erp);
    crate::life::live(&mut builder, &schedule);
    crate::plans::negotiate(&mut builder);
    crate::bank::bank(&mut builder);
    builder.figures.open_at_source = builder.erp.balances(&builder.clients);
    builder
}

/// The book being built.
pub(crate) struct Builder {
    pub rng: Rng,
    pub today: Day,
    pub clients: Vec<Client>,
    pub erp: Erp,
    pub book: Book,
    pub steps: Vec<Step>,
    pub figures: Figures,
    pub refused: Vec<(Command, Refusal)>,
    last_at: i64,
}

/// A command to be given.
pub(crate) struct Ask<'a> {
    /// Day and minute of the day, UTC.
    pub day: Day,
    pub minute: i32,
    pub actor: &'a str,
    pub command: Command,
    pub texts: Vec<SampleText>,
    pub incoming: Incoming,
    pub blocks: Vec<(BlockRef, Vec<u8>)>,
}

impl<'a> Ask<'a> {
    pub fn new(day: Day, minute: i32, actor: &'a str, command: Command) -> Self {
        Ask {
            day,
            minute,
            actor,
            command,
            texts: Vec::new(),
            incoming: Incoming::default(),
            blocks: Vec::new(),
        }
    }
    pub fn with(mut self, texts: Vec<SampleText>) -> Self {
        self.texts = texts;
        self
    }
}

impl Builder {
    fn new(rng: Rng, today: Day, clients: Vec<Client>, erp: Erp) -> Self {
        Builder {
            rng,
            today,
            clients,
            erp,
            book: Book::default(),
            steps: Vec::new(),
            figures: Figures::default(),
            refused: Vec::new(),
            last_at: i64::MIN,
        }
    }

    /// A text under a new id; `None` for an empty one.
    pub fn text(&mut self, body: &str) -> Option<SampleText> {
        if body.is_empty() {
            return None;
        }
        let id = self.rng.uid();
        let mut salt = [0; 32];
        salt[..16].copy_from_slice(&self.rng.uid().0);
        salt[16..].copy_from_slice(&self.rng.uid().0);
        Some(SampleText {
            reference: TextRef::of(id, &salt, body),
            id,
            salt,
            body: body.to_owned(),
        })
    }

    /// Gives a command to the book; answers its commit and the command's id.
    pub fn ask(&mut self, ask: Ask<'_>) -> Option<(Seq, Uid)> {
        let command_id = self.rng.uid();
        let at = instant(ask.day, ask.minute) + self.rng.below(50_000) as i64;
        let at_ms = at.max(self.last_at + 1_000);
        let mut step = Step {
            command_id,
            at_ms,
            ledger_date: ask.day,
            actor: ask.actor.to_owned(),
            command: ask.command,
            incoming: ask.incoming,
            texts: ask.texts,
            blocks: ask.blocks,
            events: Vec::new(),
        };
        let context = step.context();
        let decision = match self.book.decide(&context, &step.command, &step.incoming) {
            Ok(decision) => decision,
            Err(refusal) => {
                self.refused.push((step.command, refusal));
                return None;
            }
        };
        step.events = decision.events;
        for event in &step.events {
            if let Event::PaymentsImported { block, .. } | Event::StatementImported { block, .. } =
                event
            {
                let bytes = decision.blocks.first().cloned().unwrap_or_default();
                step.blocks.push((*block, bytes));
            }
        }
        let seq = Seq(self.book.head().0 + 1);
        if apply(&mut self.book, seq, &step).is_err() {
            self.refused.push((step.command, Refusal::StagingBroken));
            return None;
        }
        self.last_at = at_ms;
        self.figures.texts += step.texts.len() as u32;
        self.steps.push(step);
        Some((seq, command_id))
    }
}

/// Applies a step's events as commit `seq`.
///
/// # Errors
/// A block that its events name is not there.
pub fn apply(
    book: &mut Book,
    seq: Seq,
    step: &Step,
) -> Result<(), duebook_ledger::apply::MissingBlock> {
    let stamp = duebook_ledger::apply::Stamp {
        seq,
        command: step.command_id,
        recorded_at: step.at_ms,
        ledger_date: step.ledger_date,
        actor: step.actor.clone(),
    };
    book.apply(&stamp, &step.body(), &mut step.bulk())
        .map(|_| ())
}

fn bulk_of(events: &[Event], incoming: &Incoming, blocks: &[(BlockRef, Vec<u8>)]) -> Bulk {
    let mut bulk = Bulk::default();
    if let Some((block, head)) = &incoming.head {
        bulk.heads.insert(block.digest, head.clone());
    }
    for (block, segment) in &incoming.segments {
        bulk.segments.insert(block.digest, segment.clone());
    }
    for event in events {
        if let Event::PaymentsImported { block, .. } = event
            && let Some((_, bytes)) = blocks.iter().find(|(b, _)| b == block)
        {
            // Bytes that do not decode are reported by `apply` as missing.
            let _ = bulk.add_payments(*block, bytes);
        }
        if let Event::StatementImported { block, .. } = event
            && let Some((_, bytes)) = blocks.iter().find(|(b, _)| b == block)
        {
            let _ = bulk.add_statement(*block, bytes);
        }
    }
    bulk
}

/// Milliseconds UTC of a minute of a day.
pub(crate) fn instant(day: Day, minute: i32) -> i64 {
    i64::from(day.0) * 86_400_000 + i64::from(minute) * 60_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::item_key;

    /// RC-02, item by item: what the book shows at source is what the ERP has.
    #[test]
    fn rc_02_every_item_ties_out() {
        let today = Day::from_ymd(2026, 11, 18).expect("a date");
        for seed in 1..10 {
            let b = build(seed, today, 120);
            for doc in b.erp.docs.iter().filter(|d| d.born) {
                let key = item_key(&b.clients[doc.client], doc);
                let item = b.book.find_item(&key).and_then(|id| b.book.item(id));
                let known = item.map_or(0, |i| i.open_at_source());
                let settlements = item.map(|i| b.book.settlements_of(i.id).collect::<Vec<_>>());
                assert_eq!(known, doc.open, "seed {seed}: {doc:?} {settlements:#?}");
            }
        }
    }
}
