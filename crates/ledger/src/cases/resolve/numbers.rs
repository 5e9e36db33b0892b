//! Numbers of the documents that a ledger of our own issues: each is the next of the range its owner
//! gave. What is next is worked out from the documents that are in the book, never counted beside it:
//! an undo frees its number, and two tabs cannot both have it.

use super::plan::Plan;
use crate::book::Book;
use crate::columns::ItemKind;
use crate::ids::{ItemId, Seq};
use crate::keys::ItemKey;
use crate::refusal::{CaseRefusal, Field, Refusal};
use duebook_policy::numbers::{NumberRange, Paper};
use std::collections::BTreeSet;

/// Which ranges a kind of document takes its number from.
fn paper(kind: ItemKind) -> Paper {
    match kind {
        ItemKind::CreditMemo => Paper::CreditNote,
        ItemKind::DebitMemo => Paper::DebitMemo,
        _ => Paper::Invoice,
    }
}

/// Numbers of a range that documents have, while a request draws from it.
pub(super) struct Drawn {
    range: NumberRange,
    /// The company whose documents count; `None` where it is for all.
    house: Option<usize>,
    used: BTreeSet<u64>,
}

impl Drawn {
    /// None is looked at yet.
    fn new(book: &Book, range: &NumberRange, entity: &str) -> Self {
        let of = book.entities().iter().position(|e| e == entity);
        Drawn {
            house: of.filter(|_| !range.entity.is_empty()),
            range: range.clone(),
            used: BTreeSet::new(),
        }
    }
    /// Takes in the live documents of a segment; false where there is no such segment.
    fn look(&mut self, book: &Book, segment: usize) -> bool {
        let Some(state) = book.items().segments().get(segment) else {
            return false;
        };
        let ids = (0..state.data.len()).map(|row| ItemId::new(segment, row));
        let items = ids.filter(|id| book.is_item_live(*id));
        let items = items.filter_map(|id| book.item(id));
        let items = items.filter(|i| self.house.is_none_or(|h| usize::from(i.entity()) == h));
        let used = items.filter_map(|i| self.range.place(i.number()));
        self.used.extend(used);
        true
    }
    /// How the range stands: the next number, `None` where it is used up, and how many are left.
    fn stands(&self) -> RangeStanding {
        let range = &self.range;
        let within = self.used.range(range.first..=range.last).count() as u64;
        let next = self.next().map(|n| range.written(n));
        let all = (range.last - range.first).saturating_add(1);
        (next, all.saturating_sub(within))
    }
    /// The least that no document has: after an undo in the middle that gap is filled first.
    fn next(&self) -> Option<u64> {
        let mut free = self.range.first;
        for used in self.used.range(self.range.first..) {
            if *used != free {
                break;
            }
            free = used.checked_add(1)?;
        }
        (free <= self.range.last).then_some(free)
    }
}

impl Book {
    /// The numbers of a range that live documents have: of its company, or of any where it is for all.
    fn drawn(&self, range: &NumberRange, entity: &str) -> Drawn {
        let mut drawn = Drawn::new(self, range, entity);
        let mut segment = 0;
        while drawn.look(self, segment) {
            segment += 1;
        }
        drawn
    }
}

/// How a range stands: the next number, `None` where it is used up, and how many are left.
pub type RangeStanding = (Option<String>, u64);

/// How ranges stand, in the making: a segment of documents at a time. A commit in between begins it
/// again.
pub struct RangesMaking {
    head: Seq,
    ranges: Vec<NumberRange>,
    drawn: Vec<Drawn>,
    segment: usize,
}

impl RangesMaking {
    /// Of these ranges; nothing is read yet.
    pub fn new(book: &Book, ranges: Vec<NumberRange>) -> Self {
        let drawn = ranges.iter().map(|r| Drawn::new(book, r, &r.entity));
        RangesMaking {
            head: book.head(),
            drawn: drawn.collect(),
            ranges,
            segment: 0,
        }
    }
    /// One slice; answers how each range stands, in their order, when it is done.
    pub fn step(&mut self, book: &Book) -> Option<Vec<RangeStanding>> {
        if self.head != book.head() {
            *self = RangesMaking::new(book, std::mem::take(&mut self.ranges));
        }
        let mut more = false;
        for drawn in &mut self.drawn {
            more |= drawn.look(book, self.segment);
        }
        self.segment += 1;
        (!more).then(|| self.drawn.iter().map(Drawn::stands).collect())
    }
}

impl Plan<'_> {
    /// The number of the next document. In a ledger of our own: the next of the range, where there is
    /// one, and given where there is none. Beside an ERP: as given, else a placeholder of the request.
    pub(super) fn number(&mut self, kind: ItemKind) -> Result<String, Refusal> {
        let credit = kind.is_credit();
        let given = self.numbers.next().map(|n| n.trim().to_owned());
        let given = given.filter(|n| !n.is_empty());
        if let Some(number) = &given {
            self.not_taken(credit, number)?;
        }
        if !self.issues() {
            let number = given.unwrap_or_else(|| self.placeholder(self.proposed.len()));
            self.not_taken(credit, &number)?;
            return Ok(number);
        }
        let Some(place) = self.range_of(kind) else {
            return given.ok_or(Refusal::Empty(Field::Number));
        };
        let drawn = &mut self.drawn[place];
        let Some(next) = drawn.next() else {
            let last = drawn.range.written(drawn.range.last);
            return Err(Refusal::Case(CaseRefusal::RangeUsedUp { last }));
        };
        let number = drawn.range.written(next);
        match given {
            Some(given) if given != number => {
                let next = number;
                Err(Refusal::Case(CaseRefusal::NotTheNext { given, next }))
            }
            given => {
                drawn.used.insert(next);
                if given.is_none() {
                    self.from_range.push(self.proposed.len());
                }
                // Another company's document, or a credit of that name: looked at all the same.
                self.not_taken(credit, &number)?;
                Ok(number)
            }
        }
    }

    /// The place of a document's range among those drawn from; `None` where no range is given.
    fn range_of(&mut self, kind: ItemKind) -> Option<usize> {
        let entity = self.entity();
        let range = (self.book.policies().numbers).of(&entity, paper(kind), self.on)?;
        let known = self.drawn.iter().position(|d| d.range == *range);
        Some(known.unwrap_or_else(|| {
            self.drawn.push(self.book.drawn(range, &entity));
            self.drawn.len() - 1
        }))
    }

    /// What a proposed document is called until it has a number.
    pub(super) fn placeholder(&self, place: usize) -> String {
        format!("{}-{}", self.name, place + 1)
    }

    /// No document of ours has the number, and none of the same request.
    fn not_taken(&self, credit: bool, number: &str) -> Result<(), Refusal> {
        let entity = self.entity();
        self.book.number_is_free(&entity, credit, number, "")?;
        let twice = |p: &super::Proposed| {
            let kind = ItemKind::from_u8(p.kind);
            p.number == number && kind.is_some_and(|k| k.is_credit() == credit)
        };
        if self.proposed.iter().any(twice) {
            return Err(Refusal::NumberTaken(ItemKey {
                entity,
                credit,
                number: number.to_owned(),
                ..ItemKey::default()
            }));
        }
        Ok(())
    }
}
