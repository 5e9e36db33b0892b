//! The outbox: everything of ours that the source has to have and does not have yet. Postings stay
//! until the source answers; notes, promises and fields leave when it was told.

mod note;
mod sheet;

pub use note::{Note, Room, note_of, wrap};
pub use sheet::outbox_sheet;

use crate::waiting::{PATIENCE, WaitingPosting, What, waiting};
use duebook_ledger::facts::{Cause, CollectorField, Standing};
use duebook_ledger::items::OWN;
use duebook_ledger::keys::TextRef;
use duebook_ledger::outbox::Matter;
use duebook_ledger::people::{Activity, Promise};
use duebook_ledger::{ActivityId, Book, CustomerId, ItemId, PromiseId, Seq};
use duebook_money::business::BusinessDays;
use duebook_money::{Currency, Day};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Money received.
    Receipt,
    /// A document of ours.
    Document,
    /// Money or a credit applied, or something granted: why.
    Applied(Cause),
    /// An application taken back.
    TakenBack(Cause),
    /// Collector's fields of an item.
    Fields,
    /// A promise.
    Promise,
    /// A promise that the source was told of and that ended by our own act since.
    PromiseEnded,
    /// What was said on an account.
    Note,
}

impl Kind {
    /// Whether it moves money: such a line waits for the source's answer.
    pub fn is_posting(self) -> bool {
        !matches!(
            self,
            Kind::Fields | Kind::Promise | Kind::PromiseEnded | Kind::Note
        )
    }
}

/// How far a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// A posting without an answer for more than [`PATIENCE`] business days, or one that the source
    /// shows otherwise: does the source have it?
    Asked,
    /// To be uploaded or keyed.
    ToTell,
    /// A posting told; the source's answer comes with its next file.
    Sent,
}

/// One line of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxLine {
    /// What stays the same for one line from commit to commit, for selections.
    pub key: u64,
    /// What it is.
    pub kind: Kind,
    /// How far it is.
    pub stage: Stage,
    /// What the source is told with it.
    pub matters: Vec<Matter>,
    /// Whose.
    pub customer: CustomerId,
    /// The document: posted, settled or marked.
    pub item: Option<ItemId>,
    /// The receipt or credit it was settled with.
    pub credit: Option<ItemId>,
    /// Minor units, positive: posted, promised or disputed.
    pub amount: Option<i64>,
    /// Of `amount`.
    pub currency: Option<Currency>,
    /// The date in it: posted on, promised for, expected on, spoken on.
    pub date: Option<Day>,
    /// What was said, kept beside the log.
    pub text: Option<TextRef>,
    /// The ledger's date since which it waits.
    pub since: Day,
    /// Business days since, or since the source was last told of it.
    pub age: u32,
    /// Where a posting stands.
    pub standing: Option<Standing>,
    /// The reference under which the source was told; empty where it was not.
    pub reference: String,
    /// The commit that made it: what undo takes back.
    pub commit: Seq,
}

impl OutboxLine {
    /// Whether it has waited longer than [`PATIENCE`].
    pub fn is_overdue(&self) -> bool {
        self.age > PATIENCE
    }
}

/// The fields that a source is told of. The aging anchor is ours alone.
pub const TOLD_FIELDS: [CollectorField; 7] = [
    CollectorField::Status,
    CollectorField::Reason,
    CollectorField::ExpectedDate,
    CollectorField::NextAction,
    CollectorField::Owner,
    CollectorField::Remark,
    CollectorField::Disputed,
];

struct Scan<'a> {
    book: &'a Book,
    today: Day,
    days: BusinessDays,
}

/// Everything that waits, what is asked first, then the oldest. Empty where nobody else keeps the
/// ledger. What the source has answered, and notes, promises and fields told, are not there.
pub fn outbox(book: &Book, today: Day) -> Vec<OutboxLine> {
    let own = book.about().is_none_or(|a| a.own_ledger) || book.sources().is_empty();
    if own {
        return Vec::new();
    }
    let days = book.policies().calendar.business_days();
    let scan = Scan { book, today, days };
    let mut out = scan.postings();
    scan.fields(&mut out);
    scan.promises(&mut out);
    scan.notes(&mut out);
    out.sort_by_key(|l| (l.stage, l.since, l.customer, l.kind, l.key));
    out
}

/// Tags of [`OutboxLine::key`], above 32 bits of id.
const KEY_ITEM: u64 = 1;
const KEY_SETTLEMENT: u64 = 2;
const KEY_TAKEN_BACK: u64 = 3;
const KEY_FIELDS: u64 = 4;
const KEY_PROMISE: u64 = 5;
const KEY_NOTE: u64 = 6;

fn key(tag: u64, id: u32) -> u64 {
    tag << 32 | u64::from(id)
}

impl Scan<'_> {
    fn age(&self, since: Day) -> u32 {
        self.days.count_between(since.plus(1), self.today)
    }

    fn day_of(&self, seq: Seq) -> Option<Day> {
        self.book.commit(seq).map(|c| c.ledger_date)
    }

    /// Customers of our own are not at the source.
    fn at_source(&self, customer: CustomerId) -> bool {
        let known = self.book.customer(customer);
        known.is_some_and(|c| c.source != OWN) && self.book.customer_facts(customer).is_some()
    }

    fn postings(&self) -> Vec<OutboxLine> {
        let all = waiting(self.book, self.today, &self.days);
        all.iter().filter_map(|w| self.posting(w)).collect()
    }

    fn posting(&self, w: &WaitingPosting) -> Option<OutboxLine> {
        let item = self.book.item(w.item)?;
        let settlement = |id| self.book.settlements().get(id);
        let (key, kind, matter, date, commit) = match w.what {
            What::Document => {
                let kind = match item.kind() {
                    duebook_ledger::columns::ItemKind::Receipt => Kind::Receipt,
                    _ => Kind::Document,
                };
                let key = key(KEY_ITEM, w.item.0);
                (
                    key,
                    kind,
                    Matter::Item(w.item),
                    duebook_ledger::items::day(item.doc_date()),
                    item.commit(),
                )
            }
            What::Applied(id) => {
                let s = settlement(id)?;
                let key = key(KEY_SETTLEMENT, id.0);
                let date = Some(s.effective);
                (
                    key,
                    Kind::Applied(s.cause),
                    Matter::Settlement(id),
                    date,
                    s.commit,
                )
            }
            What::TakenBack(id) => {
                let reversal = self.book.reversal_of(id)?;
                let key = key(KEY_TAKEN_BACK, id.0);
                let kind = Kind::TakenBack(settlement(id)?.cause);
                let date = Some(reversal.effective);
                (key, kind, Matter::TakenBack(id), date, reversal.commit)
            }
        };
        let told = self.book.told(matter);
        let told_on = told.and_then(|(seq, _)| self.day_of(seq));
        let age = told_on.map_or(w.age, |day| self.age(day));
        let stage = match w.standing {
            Standing::Differs => Stage::Asked,
            _ if age > PATIENCE => Stage::Asked,
            Standing::Sent => Stage::Sent,
            _ => Stage::ToTell,
        };
        Some(OutboxLine {
            key,
            kind,
            stage,
            matters: vec![matter],
            customer: w.customer,
            item: Some(w.item),
            credit: w.credit,
            amount: Some(w.amount),
            currency: Some(w.currency),
            date,
            text: None,
            since: w.since,
            age,
            standing: Some(w.standing),
            reference: told.map_or(String::new(), |(_, t)| t.reference.clone()),
            commit,
        })
    }

    /// The commit that set a field to what it is, where the source was not told since.
    fn untold(&self, item: ItemId, field: CollectorField) -> Option<Seq> {
        let history = self.book.field_history(item, field);
        let mut live = history.iter().rev().filter(|(s, _)| self.book.is_live(*s));
        let (set, value) = live.next()?;
        let told = self.book.told(Matter::Field(item, field));
        match told {
            // Nothing was ever said of it, and nothing is to be said.
            None if value.is_empty() => None,
            Some((told, _)) if told > *set => None,
            _ => Some(*set),
        }
    }

    fn fields(&self, out: &mut Vec<OutboxLine>) {
        let marked = self
            .book
            .items_with_fields()
            .map(|id| self.book.current(id));
        let marked: std::collections::BTreeSet<ItemId> = marked.collect();
        for id in marked {
            let item = self.book.item(id).filter(|i| i.source() != OWN);
            let Some(item) = item.filter(|i| self.book.is_item_live(id) && i.open() != 0) else {
                continue;
            };
            let untold = |f: &CollectorField| Some((*f, self.untold(id, *f)?));
            let set: Vec<(CollectorField, Seq)> = TOLD_FIELDS.iter().filter_map(untold).collect();
            let Some((since, commit)) = set
                .iter()
                .filter_map(|(_, seq)| Some((self.day_of(*seq)?, *seq)))
                .min()
            else {
                continue;
            };
            let value = |f| self.book.field(id, f);
            let expected = value(CollectorField::ExpectedDate);
            out.push(OutboxLine {
                key: key(KEY_FIELDS, id.0),
                kind: Kind::Fields,
                stage: Stage::ToTell,
                matters: set.iter().map(|(f, _)| Matter::Field(id, *f)).collect(),
                customer: item.customer(),
                item: Some(id),
                credit: None,
                amount: value(CollectorField::Disputed).parse().ok(),
                currency: Some(item.currency()),
                date: duebook_money::date::parse_iso_bytes(expected.as_bytes()),
                text: None,
                since,
                age: self.age(since),
                standing: None,
                reference: String::new(),
                commit,
            });
        }
    }

    fn promises(&self, out: &mut Vec<OutboxLine>) {
        for (n, promise) in self.book.promises().iter().enumerate() {
            let id = PromiseId(n as u32);
            let matter = Matter::Promise(id);
            let Some((kind, since, commit)) = self.promise_news(matter, promise) else {
                continue;
            };
            let fact = &promise.fact;
            let lines = fact.lines.iter();
            let amount = lines
                .clone()
                .fold(0i64, |sum, l| sum.saturating_add(l.amount));
            let one = match fact.lines.as_slice() {
                [line] => line.item.map(|i| self.book.current(i)),
                _ => None,
            };
            out.push(OutboxLine {
                key: key(KEY_PROMISE, id.0),
                kind,
                stage: Stage::ToTell,
                matters: vec![matter],
                customer: fact.customer,
                item: one,
                credit: None,
                amount: Some(amount),
                currency: Some(fact.currency),
                date: lines.map(|l| l.date).min(),
                text: fact.evidence,
                since,
                age: self.age(since),
                standing: None,
                reference: String::new(),
                commit,
            });
        }
    }

    /// What the source does not know of a promise: that it runs, or that it ended after all.
    fn promise_news(&self, matter: Matter, promise: &Promise) -> Option<(Kind, Day, Seq)> {
        let told = self.book.told(matter).map(|(seq, _)| seq);
        let ended = promise.ended.latest(&|s| self.book.is_live(s));
        match (told, ended) {
            (None, _) if self.is_running(promise) => {
                Some((Kind::Promise, promise.fact.taken_on, promise.commit))
            }
            (Some(told), Some((ended, _))) if ended > told => {
                Some((Kind::PromiseEnded, self.day_of(ended)?, ended))
            }
            _ => None,
        }
    }

    /// Not ended by our own act, of a customer of the source, not over by its dates, and on
    /// something that is still open.
    fn is_running(&self, promise: &Promise) -> bool {
        let live = |s| self.book.is_live(s);
        let fact = &promise.fact;
        let last = fact.lines.iter().map(|l| l.date).max();
        let over = last.is_none_or(|d| {
            let end = d.checked_add(i32::from(fact.grace_days));
            end.is_some_and(|end| end < self.today)
        });
        let open = |item: Option<ItemId>| match item {
            None => true,
            Some(id) => self
                .book
                .item(self.book.current(id))
                .is_some_and(|i| i.open() != 0),
        };
        live(promise.commit)
            && promise.ended.get(&live).is_none()
            && self.at_source(fact.customer)
            && !over
            && fact.lines.iter().any(|l| open(l.item))
    }

    /// One line of an account: its last contact worth a note speaks for all before it.
    fn notes(&self, out: &mut Vec<OutboxLine>) {
        let from: Vec<Option<Day>> = self
            .book
            .sources()
            .iter()
            .map(|s| self.book.policies().outbox_of(s).notes_from)
            .collect();
        for customer in self.book.customer_ids() {
            let Some(known) = self
                .book
                .customer(customer)
                .filter(|_| self.at_source(customer))
            else {
                continue;
            };
            let mut untold: Vec<(ActivityId, &Activity)> = Vec::new();
            for id in &known.activities {
                let activity = self.book.activities().get(id.index());
                let Some(activity) = activity.filter(|a| self.book.is_live(a.commit)) else {
                    continue;
                };
                let from = from.get(usize::from(known.source)).copied().flatten();
                let old = from
                    .is_some_and(|from| self.day_of(activity.commit).is_none_or(|day| day < from));
                if !old && self.book.told(Matter::Activity(*id)).is_none() {
                    untold.push((*id, activity));
                }
            }
            let worth = |(_, a): &&(ActivityId, &Activity)| is_worth_a_note(a);
            let Some((id, last)) = untold.iter().rev().find(worth) else {
                continue;
            };
            let Some(since) = self.day_of(last.commit) else {
                continue;
            };
            out.push(OutboxLine {
                key: key(KEY_NOTE, customer.0),
                kind: Kind::Note,
                stage: Stage::ToTell,
                matters: untold.iter().map(|(id, _)| Matter::Activity(*id)).collect(),
                customer,
                item: None,
                credit: None,
                amount: None,
                currency: None,
                date: Some(crate::outbox::note::day_of(last)),
                text: self.book.activities().get(id.index()).and_then(|a| a.note),
                since,
                age: self.age(since),
                standing: None,
                reference: String::new(),
                commit: last.commit,
            });
        }
    }
}

/// Somebody who knows was reached, or something was written down.
fn is_worth_a_note(activity: &Activity) -> bool {
    activity.note.is_some() || activity.outcome.is_right_party()
}
