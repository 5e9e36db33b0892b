//! Promises to pay: verdicts and levels (domain.md PT-01 to PT-10). Functions of facts, date and
//! commit, worked out when asked and never stored: a new day is a new argument.

mod cover;
mod money;
mod rates;
mod risk;

pub use cover::{open_promised, open_promised_of};
pub(crate) use money::Came;
pub use rates::{KeptRate, by_contact, by_customer};
pub use risk::{Risk, at_risk};

use crate::overlay::carried_by;
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::{CollectorField, PromiseEnd};
use duebook_ledger::people::Promise;
use duebook_ledger::{Book, ContactId, CustomerId, ItemId, OpenScan, PromiseId, View};
use duebook_money::{Currency, Day};
use money::Money;
use std::collections::BTreeMap;

/// Where a promise stands (PT-05, PT-09).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PromiseState {
    /// Its day is to come.
    Open,
    /// Its day is the as-of day.
    DueToday,
    /// Its day has passed, its window has not.
    InGrace,
    /// Its window has passed, and nothing newer than the window is in the book: no verdict
    /// without news (PT-09).
    AwaitingNews,
    /// Enough came in time.
    Kept,
    /// Some came in time.
    Partial,
    /// Nothing came in time.
    Broken,
    /// Taken back by the customer.
    Withdrawn,
    /// Replaced by another.
    Superseded,
    /// Entered by mistake: counts nowhere.
    EntryError,
}

impl PromiseState {
    /// Whether it still holds calls and reminders back (PT-07).
    pub fn is_open(self) -> bool {
        use PromiseState::*;
        matches!(self, Open | DueToday | InGrace)
    }
    /// Whether there is a verdict (KP-32: matured).
    pub fn is_judged(self) -> bool {
        use PromiseState::*;
        matches!(self, Kept | Partial | Broken)
    }
}

/// One line of a promise, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedLine {
    /// The item, or the account.
    pub item: Option<ItemId>,
    /// Promised, minor units.
    pub amount: i64,
    /// Promised for.
    pub date: Day,
    /// Last day on which money counts (PT-02).
    pub window_end: Day,
    /// Counted in the window, at most `amount`.
    pub paid: i64,
    /// Of which shown by a payment, not presumed (PT-10).
    pub firm: i64,
    /// Where the line's day stands: lines of one day are judged together.
    pub state: PromiseState,
}

/// A promise, judged in a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Which.
    pub promise: PromiseId,
    /// Who owes.
    pub customer: CustomerId,
    /// Who promised.
    pub contact: Option<ContactId>,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Ledger date on which it was taken.
    pub taken_on: Day,
    /// Where it stands. A promise for several days is broken by the first that is.
    pub state: PromiseState,
    /// The verdict rests on money the source shows as settled without saying how (PT-10).
    pub presumed: bool,
    /// Promised in all, minor units.
    pub promised: i64,
    /// Counted in the windows.
    pub paid: i64,
    /// Came after the windows, up to what was missing.
    pub paid_late: i64,
    /// The day of the last late money counted.
    pub paid_late_on: Option<Day>,
    /// The day its money was complete.
    pub kept_on: Option<Day>,
    /// It had been kept until money was taken back on this day (PT-03).
    pub reopened_on: Option<Day>,
    /// The next day it falls due, or the last.
    pub due: Day,
    /// End of the last window.
    pub window_end: Day,
    /// 1, and one more for each earlier promise on the same items not kept when this was taken
    /// (PT-06).
    pub level: u32,
    /// Earlier promises on the same items that were broken.
    pub broken_before: u32,
    /// A promise after two broken ones that brings no evidence: escalate (PT-06).
    pub low_credibility: bool,
    /// The lines.
    pub lines: Vec<JudgedLine>,
}

impl Judged {
    /// Whether it holds calls and reminders back (PT-06, PT-07).
    pub fn suspends_dunning(&self) -> bool {
        self.state.is_open() && !self.low_credibility
    }
    /// Days from the promised day to the day its money was complete, or came late; `None` while
    /// nothing came.
    pub fn days_late(&self) -> Option<i32> {
        let came = self.paid_late_on.or(self.kept_on)?;
        Some(came.since(self.due).max(0))
    }
}

/// Judges every promise known in a view, in the order they were made.
pub fn judge_all(book: &Book, view: View) -> Vec<Judged> {
    let scan = OpenScan::new(book, view);
    judge_scan(book, &scan)
}

/// [`judge_all`] over a view prepared already.
pub fn judge_scan(book: &Book, scan: &OpenScan<'_>) -> Vec<Judged> {
    let judge = Judge::new(book, scan);
    let owners: std::collections::BTreeSet<CustomerId> =
        book.promises().iter().map(|p| p.fact.customer).collect();
    let mut all: Vec<Judged> = owners.into_iter().flat_map(|c| judge.customer(c)).collect();
    duebook_money::order::sort_by_key(&mut all, |j| j.promise);
    all
}

/// Judges one customer's promises, oldest first. Money is counted once, for the oldest (PT-08).
pub fn judge_customer(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<Judged> {
    Judge::new(book, scan).customer(customer)
}

/// Money that came in on items in a view, as promises count it (PT-03, PT-10), by day; and the days
/// on which money on them was taken back.
pub(crate) fn came_in(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    items: &[ItemId],
) -> (Vec<Came>, Vec<Day>) {
    let judge = Judge {
        book,
        scan,
        as_of: scan.view().as_of,
        then: None,
    };
    Money::of_items(&judge, customer, items)
}

/// The latest day of which the book knows a customer's payments (PT-09).
pub(crate) fn news_of(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Option<Day> {
    let judge = Judge {
        book,
        scan,
        as_of: scan.view().as_of,
        then: None,
    };
    judge.news(customer)
}

/// A view in which promises are judged.
struct Judge<'a> {
    book: &'a Book,
    scan: &'a OpenScan<'a>,
    as_of: Day,
    /// Items by owner for a view that is not as known now.
    then: Option<BTreeMap<CustomerId, Vec<ItemId>>>,
}

/// A promise being judged.
struct Work<'a> {
    id: PromiseId,
    promise: &'a Promise,
    ended: Option<PromiseEnd>,
    items: Vec<ItemId>,
    lines: Vec<JudgedLine>,
    kept_on: Option<Day>,
}

impl<'a> Judge<'a> {
    fn new(book: &'a Book, scan: &'a OpenScan<'a>) -> Self {
        let now = scan.view().known.is_none_or(|k| k >= book.head());
        Judge {
            book,
            scan,
            as_of: scan.view().as_of,
            then: (!now).then(|| items_by_owner(book, scan)),
        }
    }

    /// A customer's items that exist in the view, in log order.
    fn items_of(&self, customer: CustomerId) -> Vec<ItemId> {
        match &self.then {
            Some(then) => then.get(&customer).cloned().unwrap_or_default(),
            None => self.scan.items_of(customer).map(|i| i.id).collect(),
        }
    }

    fn customer(&self, customer: CustomerId) -> Vec<Judged> {
        let mut works = self.works(customer);
        if works.is_empty() {
            return Vec::new();
        }
        let mut money = Money::gather(self, customer, &works);
        appropriate(&mut works, &mut money);
        let news = self.news(customer);
        for work in &mut works {
            self.stand(work, news);
        }
        let mut judged: Vec<Judged> = Vec::with_capacity(works.len());
        for work in &works {
            let one = self.sum_up(work, &works[..judged.len()], &judged, &money);
            judged.push(one);
        }
        judged
    }

    /// The promises of a customer known in the view, oldest first.
    fn works(&self, customer: CustomerId) -> Vec<Work<'a>> {
        let ids = self
            .book
            .customer(customer)
            .map_or(&[][..], |c| &c.promises);
        let known = |id: &PromiseId| {
            let promise = self.book.promise(*id)?;
            let there = self.scan.is_live(promise.commit) && promise.fact.taken_on <= self.as_of;
            there.then(|| self.work(*id, promise))
        };
        let mut works: Vec<Work<'a>> = ids.iter().filter_map(known).collect();
        duebook_money::order::sort_by_key(&mut works, |w| (w.promise.fact.taken_on, w.id));
        works
    }

    fn work(&self, id: PromiseId, promise: &'a Promise) -> Work<'a> {
        let fact = &promise.fact;
        let line = |l: &duebook_ledger::facts::PromiseLine| JudgedLine {
            item: l.item.map(|i| carried_by(self.book, self.scan, i)),
            amount: l.amount,
            date: l.date,
            window_end: l.date.plus(i32::from(fact.grace_days)),
            paid: 0,
            firm: 0,
            state: PromiseState::Open,
        };
        let lines: Vec<JudgedLine> = fact.lines.iter().map(line).collect();
        let ends = promise.ended.history().iter().rev();
        let mut ends = ends.filter(|(seq, _)| {
            let on = self.book.commit(*seq).map(|c| c.ledger_date);
            self.scan.is_live(*seq) && on.is_some_and(|d| d <= self.as_of)
        });
        Work {
            id,
            promise,
            ended: ends.next().map(|(_, how)| *how),
            items: lines.iter().filter_map(|l| l.item).collect(),
            lines,
            kept_on: None,
        }
    }

    /// The latest day of which the book knows a customer's payments (PT-09): the ledger's own day
    /// where nobody else keeps it, else the newest extract or payments file of the source.
    fn news(&self, customer: CustomerId) -> Option<Day> {
        let known = self.book.customer(customer)?;
        let own = self.book.about().is_some_and(|a| a.own_ledger);
        let source = self.book.source_name(known.source);
        if own || source.is_empty() {
            return Some(self.as_of);
        }
        money::extracts(self.book, self.scan, source, &known.number)
            .map(|(day, _)| day)
            .max()
    }

    /// Says where each day of a promise stands (PT-04, PT-05, PT-09).
    fn stand(&self, work: &mut Work<'_>, news: Option<Day>) {
        let per_mille = i128::from(work.promise.fact.threshold_per_mille);
        let mut days: BTreeMap<Day, (i128, i128)> = BTreeMap::new();
        for line in &work.lines {
            let day = days.entry(line.date).or_default();
            day.0 += i128::from(line.amount);
            day.1 += i128::from(line.paid);
        }
        for line in &mut work.lines {
            let (promised, paid) = days.get(&line.date).copied().unwrap_or_default();
            let passed = self.as_of > line.window_end;
            line.state = if paid >= promised {
                PromiseState::Kept
            } else if !passed {
                match line.date.cmp(&self.as_of) {
                    std::cmp::Ordering::Greater => PromiseState::Open,
                    std::cmp::Ordering::Equal => PromiseState::DueToday,
                    std::cmp::Ordering::Less => PromiseState::InGrace,
                }
            } else if paid * 1000 >= promised * per_mille {
                PromiseState::Kept
            } else if news.is_none_or(|day| day <= line.window_end) {
                PromiseState::AwaitingNews
            } else if paid > 0 {
                PromiseState::Partial
            } else {
                PromiseState::Broken
            };
        }
    }

    fn sum_up(
        &self,
        work: &Work<'_>,
        earlier: &[Work<'_>],
        judged: &[Judged],
        money: &Money,
    ) -> Judged {
        let fact = &work.promise.fact;
        let state = state_of(work);
        let sum = |of: fn(&JudgedLine) -> i64| {
            work.lines
                .iter()
                .fold(0i64, |sum, l| sum.saturating_add(of(l)))
        };
        let before: Vec<&Judged> = earlier
            .iter()
            .zip(judged)
            .filter(|(other, j)| shares(work, other) && j.state != PromiseState::EntryError)
            .map(|(_, j)| j)
            .collect();
        let kept_by = |j: &Judged| {
            j.state == PromiseState::Kept && j.kept_on.is_some_and(|d| d <= fact.taken_on)
        };
        let broken = |j: &Judged| j.state == PromiseState::Broken && j.window_end < fact.taken_on;
        let broken_before = before.iter().filter(|j| broken(j)).count() as u32;
        let (paid_late, paid_late_on) = money.late(work, self.as_of);
        let still = work.lines.iter().filter(|l| l.state != PromiseState::Kept);
        let last = |of: fn(&JudgedLine) -> Day| work.lines.iter().map(of).max();
        let due = still.map(|l| l.date).min().or(last(|l| l.date));
        Judged {
            promise: work.id,
            customer: fact.customer,
            contact: fact.contact,
            currency: fact.currency,
            taken_on: fact.taken_on,
            state,
            presumed: is_presumed(work, state),
            promised: sum(|l| l.amount),
            paid: sum(|l| l.paid),
            paid_late,
            paid_late_on,
            kept_on: work.kept_on.filter(|_| state == PromiseState::Kept),
            reopened_on: (state != PromiseState::Kept)
                .then(|| money.reopened(work))
                .flatten(),
            due: due.unwrap_or(fact.taken_on),
            window_end: last(|l| l.window_end).unwrap_or(fact.taken_on),
            level: 1 + before.iter().filter(|j| !kept_by(j)).count() as u32,
            broken_before,
            low_credibility: broken_before >= 2 && fact.evidence.is_none(),
            lines: work.lines.clone(),
        }
    }

    fn due(&self, id: ItemId) -> i32 {
        let anchors = self.book.field_history(id, CollectorField::AgingAnchor);
        let anchor = anchors
            .into_iter()
            .rfind(|(seq, _)| self.scan.is_live(*seq));
        if let Some(day) = anchor.and_then(|(_, text)| crate::overlay::iso_day(text)) {
            return day.0;
        }
        let due = self.scan.segment(id.segment()).map(|s| s.due(id.row()));
        match due {
            Some(NO_DAY) | None => self.book.item(id).map_or(NO_DAY, |i| i.doc_date()),
            Some(due) => due,
        }
    }
}

fn items_by_owner(book: &Book, scan: &OpenScan<'_>) -> BTreeMap<CustomerId, Vec<ItemId>> {
    let mut then: BTreeMap<CustomerId, Vec<ItemId>> = BTreeMap::new();
    for promise in book.promises().iter().filter(|p| scan.is_live(p.commit)) {
        then.entry(promise.fact.customer).or_default();
    }
    for (number, segment) in scan.segments() {
        for (row, customer) in segment.data().customer.iter().enumerate() {
            if let Some(items) = then.get_mut(&CustomerId(*customer))
                && segment.exists(row)
            {
                items.push(ItemId::new(number, row));
            }
        }
    }
    then
}

/// Gives the money to the promises, oldest first (PT-08). Money on an invoice goes to promises for
/// that invoice before promises for the account.
fn appropriate(works: &mut [Work<'_>], money: &mut Money) {
    let count = |works: &mut [Work<'_>], money: &mut Money, account: bool| {
        for work in works.iter_mut().filter(|w| w.ended.is_none()) {
            let mut order: Vec<usize> = (0..work.lines.len()).collect();
            duebook_money::order::sort_by_key(&mut order, |&i| (work.lines[i].date, i));
            for i in order {
                money.count(work, i, account);
            }
        }
    };
    count(works, money, false);
    count(works, money, true);
}

/// Whether two promises are about the same: an item in common, or the account of one currency.
fn shares(a: &Work<'_>, b: &Work<'_>) -> bool {
    let account = |w: &Work<'_>| w.lines.iter().any(|l| l.item.is_none());
    let same_currency = a.promise.fact.currency == b.promise.fact.currency;
    (same_currency && account(a) && account(b)) || a.items.iter().any(|i| b.items.contains(i))
}

fn state_of(work: &Work<'_>) -> PromiseState {
    use PromiseState::*;
    match work.ended {
        Some(PromiseEnd::Withdrawn) => return Withdrawn,
        Some(PromiseEnd::Superseded) => return Superseded,
        Some(PromiseEnd::EntryError) => return EntryError,
        None => {}
    }
    let judged = work.lines.iter().filter(|l| l.state.is_judged());
    if work
        .lines
        .iter()
        .any(|l| matches!(l.state, Partial | Broken))
    {
        let paid = judged.fold(0i64, |sum, l| sum.saturating_add(l.paid));
        return if paid > 0 { Partial } else { Broken };
    }
    let mut waiting: Vec<&JudgedLine> = work.lines.iter().filter(|l| l.state != Kept).collect();
    duebook_money::order::sort_by_key(&mut waiting, |l| l.date);
    waiting.first().map_or(Kept, |l| l.state)
}

/// PT-10: firm money alone would not have given this verdict.
fn is_presumed(work: &Work<'_>, state: PromiseState) -> bool {
    let per_mille = i128::from(work.promise.fact.threshold_per_mille);
    let mut days: BTreeMap<Day, (i128, i128)> = BTreeMap::new();
    for line in &work.lines {
        let day = days.entry(line.date).or_default();
        day.0 += i128::from(line.amount);
        day.1 += i128::from(line.firm);
    }
    match state {
        PromiseState::Kept => days
            .values()
            .any(|(promised, firm)| firm * 1000 < promised * per_mille),
        PromiseState::Partial => days.values().all(|(_, firm)| *firm == 0),
        _ => false,
    }
}
