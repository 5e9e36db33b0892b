//! The balance-forward statement: what was open, what moved in the period, what is open. By
//! construction it ends on the sum of the open items, and says so where it does not.

use crate::doc::{Align, Table};
use crate::lines::number;
use crate::requested::Requested;
use crate::words::Words;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::items::{ItemRef, day};
use duebook_ledger::recon::PostedAt;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, View};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// What moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moved {
    /// A document or payment came.
    Document(ItemKind),
    /// An amount changed without a document of its own: discount, write-off, or by the source.
    Adjustment,
}

/// A movement of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The item that came or moved.
    pub item: ItemId,
    /// Day.
    pub day: Day,
    /// What.
    pub what: Moved,
    /// Document.
    pub number: String,
    /// Minor units, signed: what the customer owes more.
    pub minor: i64,
}

/// An account in one currency over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Currency.
    pub currency: Currency,
    /// Open at the end of the day before, minor units.
    pub opening: i64,
    /// By day.
    pub movements: Vec<Movement>,
    /// Open at the end, by the open-item function.
    pub closing: i64,
}

impl Forward {
    /// Whether opening and movements make the closing balance.
    pub fn holds(&self) -> bool {
        let moved = self
            .movements
            .iter()
            .fold(i128::from(self.opening), |s, m| s + i128::from(m.minor));
        moved == i128::from(self.closing)
    }
}

/// A customer's account from the day `from` up to `to`, per currency, as known now.
pub fn forward(book: &Book, customer: CustomerId, from: Day, to: Day) -> Vec<Forward> {
    account(book, customer, (from, to), |_| Requested::default())
}

/// The same as the customer is told of it: without what was only requested of the source.
pub fn told(book: &Book, customer: CustomerId, from: Day, to: Day) -> Vec<Forward> {
    account(book, customer, (from, to), |scan| Requested::of(book, scan))
}

fn account(
    book: &Book,
    customer: CustomerId,
    (from, to): (Day, Day),
    requested: impl Fn(&OpenScan<'_>) -> Requested,
) -> Vec<Forward> {
    let before = OpenScan::new(book, View::on(from.plus(-1)));
    let after = OpenScan::new(book, View::on(to));
    let (not_then, not_now) = (requested(&before), requested(&after));
    let mut all: BTreeMap<&'static str, Forward> = BTreeMap::new();
    let mut items: BTreeMap<ItemId, ItemRef<'_>> = BTreeMap::new();
    items.extend(before.items_of(customer).map(|i| (i.id, i)));
    items.extend(after.items_of(customer).map(|i| (i.id, i)));
    // Money that was moved is of this account only from or up to its day.
    let here = |scan: &OpenScan<'_>, id| scan.customer_of(id) == Some(customer);
    for item in items.into_values() {
        let currency = item.currency();
        let was = not_then.open(book, &before, item.id);
        let was = was.filter(|_| here(&before, item.id));
        let is = not_now.open(book, &after, item.id);
        let is = is.filter(|_| here(&after, item.id));
        if was.is_none() && is.is_none() {
            continue;
        }
        let entry = all.entry(currency.code()).or_insert(Forward {
            currency,
            opening: 0,
            movements: Vec::new(),
            closing: 0,
        });
        let is = is.unwrap_or(0);
        entry.opening = entry.opening.saturating_add(was.unwrap_or(0));
        entry.closing = entry.closing.saturating_add(is);
        let mut settled = 0i64;
        for s in book.settlements_of(item.id) {
            let reversed = book.reversal_of(s.id).map(|r| r.effective);
            let reversed = reversed.filter(|_| !not_now.has_taken_back(s.id));
            let counts = |t: Day| s.effective <= t && reversed.is_none_or(|r| r > t);
            if not_now.has_settled(s.id)
                || !book.is_live(s.commit)
                || !book.standing_of(s.id).counts()
            {
                continue;
            }
            let (then, now) = (counts(from.plus(-1)), counts(to));
            if then == now {
                continue;
            }
            let at = at(book, &s, !now);
            if holder(book, item.id, at) != Some(customer) {
                continue;
            }
            // A debit goes down by the amount, a credit towards zero.
            let sign = if s.debit == Some(item.id) { -1 } else { 1 };
            let moved = s.amount.saturating_mul(sign);
            let moved = if now { moved } else { moved.saturating_neg() };
            settled = settled.saturating_add(moved);
            // Between two items of the account nothing is owed more or less.
            if s.debit.is_none() || s.credit.is_none() || is_foreign(book, customer, &s, at) {
                entry.movements.push(Movement {
                    item: item.id,
                    day: if now {
                        s.effective
                    } else {
                        reversed.unwrap_or(to)
                    },
                    what: Moved::Adjustment,
                    number: number(&item),
                    minor: moved,
                });
            }
        }
        for m in book.moved_receipts().filter(|m| m.receipt == item.id) {
            let sign = i64::from(m.from == customer) - i64::from(m.to == customer);
            let minor = book.moved_amount(m, &|s| book.is_live(s));
            let minor = minor.saturating_mul(sign);
            if minor == 0 || m.effective < from || m.effective > to {
                continue;
            }
            settled = settled.saturating_add(minor);
            entry.movements.push(Movement {
                item: item.id,
                day: m.effective,
                what: Moved::Adjustment,
                number: number(&item),
                minor,
            });
        }
        let came = is.saturating_sub(settled).saturating_sub(was.unwrap_or(0));
        if came != 0 {
            entry.movements.push(Movement {
                item: item.id,
                day: day(item.doc_date()).filter(|_| was.is_none()).unwrap_or(to),
                what: Moved::Document(item.kind()),
                number: number(&item),
                minor: came,
            });
        }
    }
    let mut all: Vec<Forward> = all.into_values().collect();
    for f in &mut all {
        duebook_money::order::sort_by(&mut f.movements, |a, b| {
            (a.day, a.what, &a.number).cmp(&(b.day, b.what, &b.number))
        });
    }
    all
}

/// When a settlement was made, or taken back.
fn at(book: &Book, s: &Settlement, back: bool) -> PostedAt {
    let reversal = book.reversal_of(s.id).filter(|_| back);
    PostedAt {
        day: reversal.map_or(s.effective, |r| r.effective),
        commit: reversal.map_or(s.commit, |r| r.commit),
        back,
    }
}

/// Whose an item was then.
fn holder(book: &Book, item: ItemId, at: PostedAt) -> Option<CustomerId> {
    let was = book.holder(item, at, &|s| book.is_live(s));
    was.or_else(|| Some(book.item(item)?.customer()))
}

/// Whether the other side of a settlement was another customer's.
fn is_foreign(book: &Book, customer: CustomerId, s: &Settlement, at: PostedAt) -> bool {
    let sides = [s.debit, s.credit].into_iter().flatten();
    let mut owners = sides.filter_map(|i| holder(book, i, at));
    owners.any(|c| c != customer)
}

/// The account as a table of a letter.
pub fn table(words: Words, of: &Forward, from: Day, to: Day) -> Table {
    let mut balance = of.opening;
    let figure = |minor: i64| words.figure(minor, of.currency);
    let mut rows = vec![vec![
        words.day(from),
        words.opening().to_owned(),
        String::new(),
        String::new(),
        figure(balance),
    ]];
    for m in &of.movements {
        balance = balance.saturating_add(m.minor);
        let what = match m.what {
            Moved::Document(ItemKind::Receipt | ItemKind::OnAccount) => words.payment_made(),
            Moved::Document(ItemKind::CreditMemo) => words.credit_note(),
            Moved::Document(ItemKind::LateCharge) => words.charge(),
            Moved::Document(_) => words.invoice(),
            Moved::Adjustment => words.other(),
        };
        rows.push(vec![
            words.day(m.day),
            what.to_owned(),
            m.number.clone(),
            figure(m.minor),
            figure(balance),
        ]);
    }
    let left = |t: &str| (t.to_owned(), Align::Left);
    let right = |t: &str| (t.to_owned(), Align::Right);
    Table {
        caption: of.currency.code().to_owned(),
        head: vec![
            left(words.date()),
            left(words.note()),
            left(words.document()),
            right(words.amount()),
            right(words.balance()),
        ],
        rows,
        foot: vec![vec![
            words.day(to),
            words.closing().to_owned(),
            String::new(),
            String::new(),
            figure(of.closing),
        ]],
    }
}
