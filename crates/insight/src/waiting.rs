//! Postings of ours that the source has not answered yet, with their age: "not yet" is an answer
//! for some business days, then a question.

use duebook_ledger::facts::Standing;
use duebook_ledger::items::OWN;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, CustomerId, ItemId, SettlementId};
use duebook_money::business::BusinessDays;
use duebook_money::{Currency, Day};

/// Business days that a posting waits unasked.
pub const PATIENCE: u32 = 3;

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A document or receipt of ours.
    Document,
    /// Money or a credit applied by us.
    Applied(SettlementId),
    /// An application that we took back.
    TakenBack(SettlementId),
}

/// A posting of ours that waits for the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingPosting {
    /// What it is.
    pub what: What,
    /// The document, or the debit that was settled.
    pub item: ItemId,
    /// The credit it was settled with.
    pub credit: Option<ItemId>,
    /// Whose.
    pub customer: CustomerId,
    /// Of `amount`.
    pub currency: Currency,
    /// Minor units, positive.
    pub amount: i64,
    /// The ledger's date on which it was recorded.
    pub since: Day,
    /// Business days since.
    pub age: u32,
    /// Where it stands: not told, sent, or contradicted.
    pub standing: Standing,
}

impl WaitingPosting {
    /// Whether it has waited so long that it is asked about.
    pub fn is_overdue(&self) -> bool {
        self.age > PATIENCE
    }
}

/// Everything of ours that waits, the oldest first. Empty where nobody else keeps the ledger.
pub fn waiting(book: &Book, today: Day, days: &BusinessDays) -> Vec<WaitingPosting> {
    let mut out = documents(book, today, days);
    for s in book.settlements().iter() {
        if !book.is_live(s.commit) {
            continue;
        }
        let standing = book.standing_of(s.id);
        let (what, seq, standing) = match book.reversal_of(s.id) {
            None if standing.is_pending() => (What::Applied(s.id), s.commit, standing),
            Some(r) if r.standing.is_pending() && standing.counts() && !standing.is_pending() => {
                (What::TakenBack(s.id), r.commit, r.standing)
            }
            _ => continue,
        };
        out.extend(of_settlement(book, &s, what, seq, standing, today, days));
    }
    out.sort_by_key(|w| (w.since, w.customer, w.item, w.what));
    out
}

fn documents(book: &Book, today: Day, days: &BusinessDays) -> Vec<WaitingPosting> {
    let mut out = Vec::new();
    for (number, state) in book.items().segments().iter().enumerate() {
        if state.source != OWN {
            continue;
        }
        for row in 0..state.data.len() {
            let id = ItemId::new(number, row);
            let Some(item) = book.item(id).filter(|i| i.is_pending()) else {
                continue;
            };
            let Some(commit) = book.commit(item.commit()).filter(|c| book.is_live(c.seq)) else {
                continue;
            };
            // Money whose every use the source has confirmed is there, under whatever number.
            let waits = |s: Settlement| book.counts(&s) && book.standing_of(s.id).is_pending();
            if item.open() == 0 && !book.settlements_of(id).any(waits) {
                continue;
            }
            out.push(WaitingPosting {
                what: What::Document,
                item: id,
                credit: None,
                customer: item.customer(),
                currency: item.currency(),
                amount: item.recorded_amount().saturating_abs(),
                since: commit.ledger_date,
                age: days.count_between(commit.ledger_date.plus(1), today),
                standing: item.standing(),
            });
        }
    }
    out
}

fn of_settlement(
    book: &Book,
    s: &Settlement,
    what: What,
    seq: duebook_ledger::Seq,
    standing: Standing,
    today: Day,
    days: &BusinessDays,
) -> Option<WaitingPosting> {
    let item = book.item(s.debit.or(s.credit)?)?;
    let since = book.commit(seq)?.ledger_date;
    Some(WaitingPosting {
        what,
        item: item.id,
        credit: s.credit.filter(|_| s.debit.is_some()),
        customer: item.customer(),
        currency: item.currency(),
        amount: s.amount,
        since,
        age: days.count_between(since.plus(1), today),
        standing,
    })
}
