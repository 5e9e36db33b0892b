//! The full computation of balances, in slices of a few milliseconds.

use super::{Balance, Balances, balances_of, merge, past_due, query, total_of};
use crate::aging::{AgingError, AgingQuery};
use crate::overlay::{Overlay, shown_as};
use crate::rollup::past_due_buckets;
use crate::scan::{Ask, BucketTable, Scratch, Slots};
use duebook_ledger::{Book, CustomerId, OpenScan, Seq, View};
use duebook_money::{Currency, Day};
use std::collections::BTreeSet;

/// Words of 64 places turned into balances at a time.
const WORDS: usize = 512;
/// Items with collector's fields looked at at a time.
const MARKED: usize = 4096;
/// Items of customers looked at one by one, at a time.
const ITEMS: usize = 4096;

/// Balances in the making. Every step reads the book as it is: one made of two states would be
/// wrong, so a commit in between begins again.
pub struct Making {
    head: Seq,
    query: AgingQuery,
    made: Balances,
    stage: Stage,
}

enum Stage {
    /// Finding the slots.
    Begin,
    /// Adding segments; the next.
    Add(Box<Slots>, usize),
    /// Turning slots into balances; the next word.
    Turn(Box<Slots>, usize),
    /// Finding the customers of items with fields and of promises; the next item.
    Mark(Vec<duebook_ledger::ItemId>, usize, BTreeSet<CustomerId>),
    /// Looking at those customers item by item.
    Look(Vec<CustomerId>, usize),
    Done,
}

impl Making {
    /// Nothing is read yet.
    pub fn new(book: &Book, as_of: Day) -> Self {
        Making {
            head: book.head(),
            query: query(book, as_of),
            made: Balances::empty(as_of, book.customers().len()),
            stage: Stage::Begin,
        }
    }

    /// One slice: answers whether more is to be done.
    ///
    /// # Errors
    /// [`AgingError::Overflow`] where a sum does not fit.
    pub fn step(&mut self, book: &Book) -> Result<bool, AgingError> {
        if book.head() != self.head {
            *self = Making::new(book, self.made.as_of);
        }
        let scan = OpenScan::new(book, View::on(self.made.as_of));
        let stage = std::mem::replace(&mut self.stage, Stage::Done);
        self.stage = match stage {
            Stage::Begin => {
                let slots = Slots::new(&scan, &self.ask(), book.customers().len());
                Stage::Add(Box::new(slots), 0)
            }
            Stage::Add(slots, next) => self.add(&scan, slots, next)?,
            Stage::Turn(slots, next) => self.turn(book, slots, next)?,
            Stage::Mark(ids, next, found) => mark(book, &scan, ids, next, found),
            Stage::Look(customers, next) => self.look(book, &scan, customers, next)?,
            Stage::Done => return Ok(false),
        };
        Ok(true)
    }

    /// The balances, once a step has answered that nothing more is to be done.
    pub fn done(self) -> Balances {
        self.made
    }

    fn ask(&self) -> Ask<'_> {
        Ask {
            basis: self.query.basis,
            buckets: &self.query.buckets,
            credits: self.query.credits,
            figure: self.query.figure,
        }
    }

    fn add(
        &self,
        scan: &OpenScan<'_>,
        mut slots: Box<Slots>,
        next: usize,
    ) -> Result<Stage, AgingError> {
        let Some(segment) = scan.segment(next) else {
            slots.net(&self.ask());
            if slots.overflow {
                return Err(AgingError::Overflow);
            }
            return Ok(Stage::Turn(slots, 0));
        };
        // Customers with a mark on any item are looked at one by one in the end.
        let none = Overlay::default();
        let table = BucketTable::new(&self.query.buckets);
        let mut scratch = Scratch::default();
        slots.add_segment(
            scan,
            &self.ask(),
            &none,
            &table,
            &mut scratch,
            (next, segment),
        );
        Ok(Stage::Add(slots, next + 1))
    }

    fn turn(&mut self, book: &Book, slots: Box<Slots>, next: usize) -> Result<Stage, AgingError> {
        let words = slots.places.words();
        if next >= words {
            let ids: Vec<_> = crate::overlay::marked(book);
            let promised = book.promises().iter().map(|p| p.fact.customer);
            let planned = book.plans().iter().map(|p| p.fact.customer);
            let placed = book.placements().iter().map(|p| p.fact.customer);
            let owners = promised.chain(planned).chain(placed).collect();
            return Ok(Stage::Mark(ids, 0, owners));
        }
        let end = (next + WORDS).min(words);
        let past = past_due_buckets(&self.query);
        for (slot, customer, currency, _) in slots.places.within(next..end) {
            if slots.is_empty(slot) {
                continue;
            }
            let balance = balance_of(&slots, slot, currency, past.as_deref())?;
            let Some(of) = self.made.by_customer.get_mut(customer as usize) else {
                continue;
            };
            balance.add_to(total_of(&mut self.made.totals, &balance), 1);
            match of.last_mut() {
                Some(last) if last.currency == currency => merge(last, &balance)?,
                _ => of.push(balance),
            }
        }
        Ok(Stage::Turn(slots, end))
    }

    fn look(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        customers: Vec<CustomerId>,
        mut next: usize,
    ) -> Result<Stage, AgingError> {
        let mut items = 0;
        while let Some(&customer) = customers.get(next) {
            if items > ITEMS {
                return Ok(Stage::Look(customers, next));
            }
            let fresh = balances_of(book, scan, customer)?;
            items += 64 + fresh.iter().map(|b| b.items as usize).sum::<usize>();
            self.made.put(customer, fresh);
            next += 1;
        }
        Ok(Stage::Done)
    }
}

fn mark(
    book: &Book,
    scan: &OpenScan<'_>,
    ids: Vec<duebook_ledger::ItemId>,
    next: usize,
    mut found: BTreeSet<CustomerId>,
) -> Stage {
    let end = (next + MARKED).min(ids.len());
    for id in &ids[next..end] {
        let shown = shown_as(book, scan, *id);
        let mut marks = Overlay::default();
        marks.read(book, scan, shown);
        if marks != Overlay::default() {
            found.extend(book.item(shown).map(|i| i.customer()));
        }
    }
    if end < ids.len() {
        Stage::Mark(ids, end, found)
    } else {
        Stage::Look(found.into_iter().collect(), 0)
    }
}

fn balance_of(
    slots: &Slots,
    slot: usize,
    currency: Currency,
    past: Option<&[bool]>,
) -> Result<Balance, AgingError> {
    let columns = slots.columns(slot);
    let buckets = slots.buckets();
    let sum = columns.iter().map(|c| i128::from(*c)).sum::<i128>();
    let past_due = past_due(columns, past, slots.late(slot));
    Ok(Balance {
        currency,
        working: super::fit(sum)?,
        pending: slots.pending(slot),
        buckets: columns[..buckets].to_vec(),
        past_due,
        unapplied: columns[buckets],
        credit_memos: columns[buckets + 1],
        disputed: 0,
        promised: 0,
        planned: 0,
        placed: 0,
        collectible: past_due.max(0),
        oldest_days: slots.oldest(slot),
        items: (0..slots.width).map(|c| slots.count(slot, c)).sum(),
        missing_due: slots.missing_due(slot),
        not_yet_issued: slots.not_yet_issued(slot),
    })
}
