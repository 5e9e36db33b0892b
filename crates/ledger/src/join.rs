//! A staged file meets the book: which rows are new, as they were, otherwise, or postings of ours
//! that the source now shows; and what a whole list of the source does not show any more.

mod absent;
mod answers;
mod cleared;
mod rests;

pub use absent::InScope;

use crate::book::Book;
use crate::columns::*;
use crate::event::ItemChange;
use crate::facts::{Doubt, ImportFacts, ImportKind};
use crate::ids::{CustomerId, ItemId, SettlementId};
use crate::import::Head;
use crate::items::{ItemRef, day};
use crate::keys::{CustomerKey, ItemKey, KeyView};
pub(crate) use answers::Ours;
use answers::{Shown, Waiting, judge, waiting_on};
use cleared::Cleared;
use duebook_money::Currency;
use std::collections::BTreeMap;

/// What a row of a staged file is to the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Disposition {
    /// Not there yet.
    New,
    /// There, and the same.
    Same,
    /// There, and shown otherwise.
    Changed,
    /// A posting of ours, which the source shows for the first time.
    Ours,
}

/// How the source answers what we posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It shows our document under a key of its own: linked, not added again.
    Shown {
        /// Ours.
        item: ItemId,
        /// The source's key for it.
        key: ItemKey,
        /// The amount it bears there, where only the rest that we had not applied is shown.
        rest: Option<i64>,
    },
    /// It has settled the item by what we settled.
    AsWeDid(SettlementId),
    /// It has taken back what we took back.
    TakenBackAsWeDid(SettlementId),
    /// It has settled the item by another amount: its own counts, ours is taken back, and what it
    /// settled is taken from the same money of ours.
    Differently {
        /// Ours, taken back.
        settlements: Vec<SettlementId>,
        /// On which item.
        item: ItemId,
        /// Our receipt or credit, if one was applied.
        credit: Option<ItemId>,
        /// Of what the source settled, what that money covers; minor units, positive.
        covered: i64,
    },
}

/// The join of a staged file with the book, segment by segment so that a long one can be sliced:
/// [`Join::new`], [`Join::push`] each segment, [`Join::miss`] each segment of the book,
/// [`Join::finish`].
#[derive(Debug, Clone, Default)]
pub struct Join {
    facts: Option<ImportFacts>,
    source: Option<u16>,
    /// Per customer of the file, the book's.
    customers: Vec<CustomerId>,
    entities: Vec<String>,
    /// Per segment and row.
    pub dispositions: Vec<Vec<Disposition>>,
    /// The changes in file order, then the absences in log order.
    pub changes: Vec<(ItemId, ItemChange)>,
    /// How postings of ours are answered, in file order.
    pub answers: Vec<Answer>,
    /// Items whose currency differs: refused.
    pub currency_changed: Vec<(ItemId, Currency, Currency)>,
    /// Rows that are new.
    pub new: u64,
    /// Rows as they were.
    pub same: u64,
    /// Rows changed.
    pub changed: u64,
    /// Items of the scope that are missing.
    pub absent: u64,
    /// Items of the scope that were open.
    pub in_scope: u64,
    /// What is to be asked before it is taken in.
    pub doubts: Vec<Doubt>,
    /// Per segment of the book, a bit a row.
    seen: Vec<Vec<u64>>,
    ours: Ours,
    /// New rows that may be what is left of money of ours.
    rests: Vec<rests::RestRow>,
    /// Items on which postings of ours wait: judged together at the end.
    shown: Vec<Shown>,
    due_changed: u64,
    due_swapped: u64,
    scope: InScope,
    cleared: Cleared,
}

impl Join {
    /// A join for a file. `head` names its customers and entities, by which the rows point.
    pub fn new(book: &Book, facts: &ImportFacts, head: &Head) -> Self {
        let mut next = book.customers().len() as u32;
        let id_of = |c: &StagedCustomer| {
            let key = CustomerKey {
                source: facts.source.clone(),
                number: c.number.clone(),
            };
            book.find_customer(&key).unwrap_or_else(|| {
                next += 1;
                CustomerId(next - 1)
            })
        };
        let mut join = Join {
            source: book.source_index(&facts.source),
            customers: head.customers.iter().map(id_of).collect(),
            entities: head.entities.clone(),
            ours: Ours::new(book, facts),
            scope: InScope::new(book, facts),
            cleared: Cleared::new(facts),
            facts: Some(facts.clone()),
            ..Join::default()
        };
        for key in &facts.passed_over {
            let found = |source| book.find_key(source, KeyView::of(key));
            if let Some(id) = join.source.and_then(found) {
                join.see(id);
            }
        }
        join
    }

    /// Keys of the items that rows left out of a file are about: what [`ImportFacts::passed_over`]
    /// holds. The book's key index must be complete.
    pub fn passed_over(
        book: &Book,
        source: &str,
        entities: &[String],
        segment: &Segment,
    ) -> Vec<ItemKey> {
        let Some(index) = book.source_index(source) else {
            return Vec::new();
        };
        let keys = (0..segment.len()).map(|row| key_of(entities, segment, row));
        let known = keys.filter(|key| book.find_key(index, *key).is_some());
        known.map(|key| key.owned(source)).collect()
    }

    /// The whole join at once.
    pub fn whole<'a>(
        book: &Book,
        facts: &ImportFacts,
        head: &Head,
        segments: impl IntoIterator<Item = &'a Segment>,
    ) -> Self {
        let mut join = Join::new(book, facts, head);
        segments.into_iter().for_each(|s| join.push(book, s));
        (0..book.items().segments().len()).for_each(|n| join.miss(book, n));
        join.finish(book);
        join
    }

    /// Joins the next segment. The book's key index must be complete.
    pub fn push(&mut self, book: &Book, segment: &Segment) {
        let known = self
            .source
            .filter(|_| !book.items().is_empty() || !book.answered.is_empty());
        let mut out = Vec::with_capacity(segment.len());
        let entities = std::mem::take(&mut self.entities);
        for row in 0..segment.len() {
            let key = key_of(&entities, segment, row);
            self.cleared.hear(segment, row);
            let found = known.and_then(|source| book.find_key(source, key));
            let disposition = match found.and_then(|id| book.item(id)) {
                Some(item) => self.compare(book, item, segment, row),
                None => self.ours_or_new(book, key, segment, row),
            };
            match disposition {
                Disposition::New => self.new += 1,
                Disposition::Same => self.same += 1,
                Disposition::Changed | Disposition::Ours => self.changed += 1,
            }
            out.push(disposition);
        }
        self.entities = entities;
        self.dispositions.push(out);
    }

    fn customer(&self, segment: &Segment, row: usize) -> Option<CustomerId> {
        self.customers
            .get(*segment.customer.get(row)? as usize)
            .copied()
    }

    /// A row that no item has the key of: a posting of ours shown for the first time, or new.
    fn ours_or_new(
        &mut self,
        book: &Book,
        key: KeyView<'_>,
        segment: &Segment,
        row: usize,
    ) -> Disposition {
        let customer = self.customer(segment, row);
        let found = customer.and_then(|c| self.ours.shown_as(book, c, key, segment, row));
        let Some(item) = found.and_then(|id| book.item(id)) else {
            self.keep_rest(customer, key, segment, row);
            return Disposition::New;
        };
        let source = self.facts.as_ref().map_or("", |f| f.source.as_str());
        let key = key.owned(source);
        self.shown_as_ours(book, &item, key, None, segment.open[row]);
        Disposition::Ours
    }

    /// The source shows a posting of ours under a key of its own.
    fn shown_as_ours(
        &mut self,
        book: &Book,
        item: &ItemRef<'_>,
        key: ItemKey,
        rest: Option<i64>,
        open: i64,
    ) {
        let id = item.id;
        self.answers.push(Answer::Shown {
            item: id,
            key,
            rest,
        });
        self.open_moved(book, item, at_source(item), open);
        self.see(id);
    }

    fn compare(&mut self, book: &Book, item: ItemRef<'_>, s: &Segment, row: usize) -> Disposition {
        self.see(item.id);
        let currency = Currency::from_numeric(s.currency[row]).unwrap_or(Currency::XXX);
        if currency != item.currency() {
            self.currency_changed
                .push((item.id, item.currency(), currency));
            return Disposition::Changed;
        }
        let at_source = at_source(&item);
        let waits = at_source != 0 && self.waits(book, &item);
        let forecast = self.cleared.is_forecast(s, row);
        if forecast || !waits && self.cleared.keep(item.id, s, row) {
            return Disposition::Same;
        }
        let before = (self.changes.len(), self.shown.len());
        let amount_to = s.amount[row];
        let (mut amount_from, open_from) = (book.amount_of(&item), at_source);
        // Where the source has posted the parts of a receipt of ours apart, that is no other amount.
        // Nor where it shows the rest of one under a number of its own.
        let shown = |amount: i64| {
            book.left_after_parts(item.id, amount) == amount_to
                || book.shown_rest(item.id) == Some(amount_to)
        };
        if amount_from != amount_to && shown(amount_from) {
            amount_from = amount_to;
        }
        let open_to = s.open[row];
        let is_open = self.facts.as_ref().map(|f| f.kind) == Some(ImportKind::OpenItems);
        if book.absent_since(item.id).is_some() && (is_open || open_to != 0) {
            self.changes.push((item.id, ItemChange::Present));
        }
        if amount_from != amount_to {
            let change = ItemChange::Amended {
                amount_from,
                amount_to,
                open_from,
                open_to,
            };
            self.changes.push((item.id, change));
        } else if open_from != open_to {
            self.open_moved(book, &item, open_from, open_to);
        }
        let (due_from, due_to) = (book.due_of(&item), s.due[row]);
        if due_from != due_to {
            self.due_changed += 1;
            self.due_swapped += u64::from(is_swapped(due_from, due_to));
            self.changes.push((
                item.id,
                ItemChange::Due {
                    from: day(due_from),
                    to: day(due_to),
                },
            ));
        }
        if let Some(to) = self.customer(s, row).filter(|to| *to != item.customer()) {
            let from = item.customer();
            self.changes.push((item.id, ItemChange::Moved { from, to }));
        }
        let moved = (self.changes.len(), self.shown.len()) > before;
        if waits && (amount_from, open_from) == (amount_to, open_to) {
            // As open as it was: that too answers what we posted on it.
            let (item, from, to) = (item.id, open_from, open_to);
            self.shown.push(Shown { item, from, to });
        }
        if moved {
            Disposition::Changed
        } else {
            Disposition::Same
        }
    }

    /// The source shows less or more open than it did. Where postings of ours wait they may be why:
    /// that is judged at the end, from both sides of each.
    fn open_moved(&mut self, book: &Book, item: &ItemRef<'_>, from: i64, to: i64) {
        if self.waits(book, item) {
            let item = item.id;
            self.shown.push(Shown { item, from, to });
        } else if from != to {
            self.changes.push((item.id, ItemChange::Open { from, to }));
        }
    }

    /// Whether postings of ours wait on an item.
    fn waits(&self, book: &Book, item: &ItemRef<'_>) -> bool {
        !item.segment().chain.is_empty() && !waiting_on(book, item.id).is_empty()
    }

    fn see(&mut self, id: ItemId) {
        let (segment, row) = (id.segment(), id.row());
        if self.seen.len() <= segment {
            self.seen.resize(segment + 1, Vec::new());
        }
        let words = &mut self.seen[segment];
        if words.is_empty() {
            words.resize(SEGMENT_ROWS / 64, 0);
        }
        words[row / 64] |= 1 << (row % 64);
    }

    fn has_seen(&self, id: ItemId) -> bool {
        let words = self.seen.get(id.segment()).filter(|w| !w.is_empty());
        words.is_some_and(|w| w[id.row() / 64] & (1 << (id.row() % 64)) != 0)
    }

    /// Looks for what the file lacks in one segment of the book; a slice of work.
    pub fn miss(&mut self, book: &Book, number: usize) {
        let Some(state) = book.items().segments().get(number) else {
            return;
        };
        if !self.scope.is_whole() || Some(state.source) != self.source {
            return;
        }
        for row in 0..state.data.len() {
            self.missing(book, ItemId::new(number, row));
        }
    }

    /// An item of the scope that was open at source and is not in the file is absent.
    fn missing(&mut self, book: &Book, id: ItemId) {
        let Some(item) = book.item(id) else { return };
        let open = at_source(&item);
        if open == 0 || !book.is_live(item.commit()) {
            return;
        }
        let (entity, customer) = (item.entity(), item.customer().0);
        let credit = item.kind().is_credit();
        if !self.scope.holds(entity, customer, credit) {
            return;
        }
        let missing = !self.has_seen(id);
        let currency = item.currency().numeric();
        self.scope
            .count(entity, currency, customer, credit, missing);
        if missing {
            self.changes.push((id, ItemChange::Absent));
            self.open_moved(book, &item, open, 0);
        }
    }

    /// Ends the join: postings of ours are answered, and what is to be asked is worked out.
    pub fn finish(&mut self, book: &Book) {
        let Some(facts) = self.facts.take() else {
            return;
        };
        if self.scope.is_whole() {
            let ours: Vec<ItemId> = book
                .answered()
                .filter(|(key, _)| key.source == facts.source)
                .map(|(_, id)| id)
                .collect();
            ours.into_iter().for_each(|id| self.missing(book, id));
        }
        self.find_rests(book, &facts.source);
        self.answer(book);
        let cleared = std::mem::take(&mut self.cleared).changes(book, &facts);
        let told = cleared.len() as u64;
        (self.same, self.changed) = (self.same.saturating_sub(told), self.changed + told);
        self.changes.extend(cleared);
        (self.in_scope, self.absent) = self.scope.totals();
        self.doubts = self.scope.doubts(book, &facts);
        let matched = self.same + self.changed;
        self.doubts.extend(absent::due_doubt(
            self.due_changed,
            self.due_swapped,
            matched,
        ));
        self.facts = Some(facts);
    }

    fn answer(&mut self, book: &Book) {
        let verdict = judge(book, &self.shown);
        let mut moved: BTreeMap<ItemId, i64> = BTreeMap::new();
        for waiting in &verdict.confirmed {
            let (id, answer) = match *waiting {
                Waiting::Settled(id) => (id, Answer::AsWeDid(id)),
                Waiting::Reversed(id) => (id, Answer::TakenBackAsWeDid(id)),
            };
            self.answers.push(answer);
            let Some(s) = book.settlements().get(id) else {
                continue;
            };
            for item in [s.debit, s.credit].into_iter().flatten() {
                let all = waiting_on(book, item);
                let delta = all.iter().find(|(w, _)| w == waiting);
                *moved.entry(item).or_default() += delta.map_or(0, |(_, d)| *d);
            }
        }
        for (item, settlements, settled) in verdict.differs {
            let credit = settlements
                .iter()
                .filter_map(|id| book.settlements().get(*id))
                .filter_map(|s| {
                    if s.debit == Some(item) {
                        s.credit
                    } else {
                        None
                    }
                })
                .next();
            let is_debit = book.item(item).is_some_and(|i| i.recorded_amount() > 0);
            let (credit, covered) = match credit.filter(|_| is_debit) {
                Some(credit) => (Some(credit), settled.min(given(book, &settlements, credit))),
                None => (None, 0),
            };
            if let Some(credit) = credit {
                *moved.entry(item).or_default() -= covered;
                *moved.entry(credit).or_default() += covered;
            }
            self.answers.push(Answer::Differently {
                settlements,
                item,
                credit,
                covered,
            });
        }
        for shown in std::mem::take(&mut self.shown) {
            let by_ours = moved.get(&shown.item).copied().unwrap_or(0);
            let (from, to) = (shown.from.saturating_add(by_ours), shown.to);
            if from != to {
                self.changes
                    .push((shown.item, ItemChange::Open { from, to }));
            }
        }
    }
}

/// What our settlements took of one credit, minor units.
fn given(book: &Book, settlements: &[SettlementId], credit: ItemId) -> i64 {
    let all = settlements
        .iter()
        .filter_map(|id| book.settlements().get(*id));
    let of_it = all.filter(|s| s.credit == Some(credit));
    of_it.fold(0i64, |sum, s| sum.saturating_add(s.amount))
}

/// What an item has open at source; a document of ours that no extract has shown counts by what it
/// would have there.
fn at_source(item: &ItemRef<'_>) -> i64 {
    item.open()
        .saturating_add(item.segment().pending_of(item.row()))
}

fn key_of<'a>(entities: &'a [String], segment: &'a Segment, row: usize) -> KeyView<'a> {
    let kind = ItemKind::from_u8(segment.kind[row]);
    KeyView {
        entity: entities
            .get(segment.entity[row] as usize)
            .map_or("", |e| e.as_str()),
        credit: kind.map_or(segment.amount[row] < 0, |k| k.is_credit()),
        number: segment.number.get(row),
        year: segment.text(&TextField::FiscalYear, row),
        line: segment.text(&TextField::Line, row),
    }
}

/// Whether one date is the other with day and month changed over.
fn is_swapped(from: i32, to: i32) -> bool {
    let (Some(from), Some(to)) = (day(from), day(to)) else {
        return false;
    };
    let (a, b) = (from.ymd(), to.ymd());
    a.0 == b.0 && a.1 == b.2 && b.1 == a.2
}
