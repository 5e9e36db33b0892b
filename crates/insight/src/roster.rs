//! Every customer with what a list of them is ordered by, kept up to date from the deltas of
//! commits.

use crate::balances::{Balance, Balances};
use crate::listing::{Key, Runs, holds, order_folded};
use crate::today::last_contact;
use duebook_ledger::{Book, CustomerId, OpenScan};
use duebook_money::{Day, Money};
use std::cmp::Ordering;

/// One customer, in the reporting currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub customer: CustomerId,
    /// Working balance; `None` where a rate is missing (AG-08).
    pub total: Option<i128>,
    /// Past due; `None` where a rate is missing.
    pub past_due: Option<i128>,
    /// Of the open debits: under an open promise; `None` where a rate is missing.
    pub promised: Option<i128>,
    /// Days past due of the oldest item, negative while nothing is due.
    pub oldest: Option<i32>,
    /// The ledger's date on which the last contact was recorded.
    pub last: Option<Day>,
}

impl Line {
    /// Whether an amount of it has no rate.
    pub fn is_unrated(&self) -> bool {
        [self.total, self.past_due, self.promised].contains(&None)
    }
}

/// The customers known now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    /// By id; `None` where every commit that named it is undone.
    lines: Vec<Option<Line>>,
    known: usize,
    unrated: usize,
}

impl Roster {
    /// Looks at one customer again, or for the first time.
    pub(crate) fn look(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        balances: &Balances,
        customer: CustomerId,
    ) {
        let at = customer.index();
        if at >= self.lines.len() {
            self.lines.resize(at + 1, None);
        }
        let line = line(book, scan, balances, customer);
        let before = std::mem::replace(&mut self.lines[at], line);
        for (of, sign) in [(before, -1isize), (line, 1)] {
            if let Some(of) = of {
                self.known = self.known.saturating_add_signed(sign);
                if of.is_unrated() {
                    self.unrated = self.unrated.saturating_add_signed(sign);
                }
            }
        }
    }
    /// A customer's line.
    pub fn line(&self, customer: CustomerId) -> Option<&Line> {
        self.lines.get(customer.index())?.as_ref()
    }
    /// All of them, by id.
    pub fn lines(&self) -> impl Iterator<Item = &Line> + '_ {
        self.lines.iter().flatten()
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.known
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.known == 0
    }
    /// How many have an amount without a rate.
    pub fn unrated(&self) -> usize {
        self.unrated
    }
}

/// A column by which customers are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The source's number.
    Number,
    /// Name.
    Name,
    /// Who collects.
    Collector,
    /// Country as the source writes it.
    Country,
    /// Terms as the source writes them.
    Terms,
    /// Working balance.
    Open,
    /// Past due.
    PastDue,
    /// Days past due of the oldest item.
    Oldest,
    /// Last contact.
    LastContact,
    /// Promised.
    Promised,
}

/// What is asked for of a list of customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Words in lower case, each of which number, name, collector, country or segment holds.
    pub words: Vec<String>,
    /// What they are ordered by.
    pub by: By,
    /// From the greatest.
    pub down: bool,
}

/// A customer's text in a column; empty for columns of figures.
pub fn text_of(book: &Book, customer: CustomerId, by: By) -> &str {
    let facts = book.customer_facts(customer);
    let given = match by {
        By::Number => return book.customer(customer).map_or("", |c| &c.number),
        By::Name => facts.map(|f| &f.name),
        By::Collector => facts.and_then(|f| f.collector.as_ref()),
        By::Country => facts.and_then(|f| f.country.as_ref()),
        By::Terms => facts.and_then(|f| f.terms.as_ref()),
        _ => None,
    };
    given.map_or("", |t| t)
}

fn fits(book: &Book, customer: CustomerId, words: &[String]) -> bool {
    let (Some(known), Some(facts)) = (book.customer(customer), book.customer_facts(customer))
    else {
        return false;
    };
    let texts = [
        Some(&known.number),
        Some(&facts.name),
        facts.collector.as_ref(),
        facts.country.as_ref(),
        facts.segment.as_ref(),
    ];
    words
        .iter()
        .all(|w| texts.iter().flatten().any(|t| holds(t, w)))
}

fn key_of(book: &Book, line: &Line, by: By) -> Key {
    match by {
        By::Open => Key::number(line.total),
        By::PastDue => Key::number(line.past_due),
        By::Promised => Key::number(line.promised),
        By::Oldest => Key::number(line.oldest.map(i128::from)),
        By::LastContact => Key::number(line.last.map(|d| i128::from(d.0))),
        _ => Key::folded(text_of(book, line.customer, by)),
    }
}

/// A customer's key and number.
type Keyed = (Key, u32);

impl Asked {
    fn order(&self, book: &Book, a: &Keyed, b: &Keyed) -> Ordering {
        let text = |c: u32| text_of(book, CustomerId(c), self.by);
        let by_key =
            a.0.order(&b.0, self.down, || order_folded(text(a.1), text(b.1)));
        by_key.then(a.1.cmp(&b.1))
    }
    fn keyed(&self, book: &Book, line: &Line) -> Option<Keyed> {
        let there = self.words.is_empty() || fits(book, line.customer, &self.words);
        there.then(|| (key_of(book, line, self.by), line.customer.0))
    }
}

impl Roster {
    /// The customers asked for, in their order.
    pub fn ordered(&self, book: &Book, asked: &Asked) -> Vec<CustomerId> {
        let mut making = Making::new(asked.clone());
        loop {
            if let Some(list) = making.step(book, self) {
                return list;
            }
        }
    }

    /// Puts customers that were touched where they belong now, in a list of the same question.
    pub fn reorder(
        &self,
        book: &Book,
        asked: &Asked,
        list: &mut Vec<CustomerId>,
        touched: &[CustomerId],
    ) {
        list.retain(|c| touched.binary_search(c).is_err());
        let fresh = touched.iter().filter_map(|c| self.line(*c));
        for new in fresh.filter_map(|line| asked.keyed(book, line)) {
            let at = list.binary_search_by(|c| {
                let line = self.line(*c);
                let key = line.map_or(Key::number(None), |l| key_of(book, l, asked.by));
                asked.order(book, &(key, c.0), &new)
            });
            if let Err(at) = at {
                list.insert(at, CustomerId(new.1));
            }
        }
    }
}

/// Customers given a key and put in order at a time.
const RUN: usize = 4096;
/// Customers taken from the runs at a time.
const MERGED: usize = 8192;

/// A list of customers in the making, in slices of a few milliseconds. Book and roster must not move in
/// between: who makes it begins again.
pub struct Making {
    asked: Asked,
    runs: Runs,
    /// The next line that has no key.
    next: usize,
    ordered: Option<Vec<CustomerId>>,
}

impl Making {
    /// Nothing is read yet.
    pub fn new(asked: Asked) -> Self {
        Making {
            asked,
            runs: Runs::default(),
            next: 0,
            ordered: None,
        }
    }

    /// One slice; answers the customers asked for, in their order, when it is done.
    pub fn step(&mut self, book: &Book, roster: &Roster) -> Option<Vec<CustomerId>> {
        let asked = &self.asked;
        let Some(ordered) = &mut self.ordered else {
            let end = roster.lines.len().min(self.next + RUN);
            let lines = roster.lines.get(self.next..end).unwrap_or_default();
            let keyed = lines.iter().flatten();
            let mut run: Vec<Keyed> = keyed.filter_map(|l| asked.keyed(book, l)).collect();
            run.sort_unstable_by(|a, b| asked.order(book, a, b));
            self.runs.push(run);
            self.next = end;
            if end == roster.lines.len() {
                self.runs.heap(|a, b| asked.order(book, a, b));
                self.ordered = Some(Vec::with_capacity(roster.len()));
            }
            return None;
        };
        for _ in 0..MERGED {
            match self.runs.next(|a, b| asked.order(book, a, b)) {
                Some(customer) => ordered.push(CustomerId(customer)),
                None => return self.ordered.take(),
            }
        }
        None
    }
}

fn line(
    book: &Book,
    scan: &OpenScan<'_>,
    balances: &Balances,
    customer: CustomerId,
) -> Option<Line> {
    book.customer_facts(customer)?;
    let rates = &book.policies().rates;
    let of = balances.of(customer);
    let sum = |figure: fn(&Balance) -> i64| {
        of.iter()
            .filter(|b| figure(b) != 0)
            .try_fold(0i128, |sum, b| {
                let money = Money::new(figure(b), b.currency);
                let converted = rates.convert(money, rates.reporting(), balances.as_of());
                Some(sum + i128::from(converted.ok()?.minor))
            })
    };
    Some(Line {
        customer,
        total: sum(|b| b.working),
        past_due: sum(|b| b.past_due),
        promised: sum(|b| b.promised),
        oldest: of.iter().filter_map(|b| b.oldest_days).max(),
        last: last_contact(book, scan, customer).map(|l| l.on),
    })
}
