//! Settlement offers (ST-04): paid in time, or lapsed to the full debt by themselves.

use super::{carried, known, latest};
use crate::promises::{came_in, news_of};
use duebook_ledger::plans::OfferEnd;
use duebook_ledger::{Book, CustomerId, ItemId, OfferId, OpenScan, View};
use duebook_money::{Currency, Day};

/// Where an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferState {
    /// Its day is to come.
    Open,
    /// Its money cleared in time: the rest can be written off.
    Paid,
    /// Its day has passed and nothing newer is in the book (PT-09).
    AwaitingNews,
    /// Its day has passed without its money: the full debt is owed.
    Lapsed,
    /// Ended by our own act.
    Ended(OfferEnd),
}

/// An offer, judged in a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedOffer {
    /// Which.
    pub offer: OfferId,
    /// To whom.
    pub customer: CustomerId,
    /// Currency.
    pub currency: Currency,
    /// Where it stands.
    pub state: OfferState,
    /// The debt.
    pub debt: i64,
    /// To be paid.
    pub pay: i64,
    /// By.
    pub by: Day,
    /// Cleared in time, shown by payments.
    pub paid: i64,
    /// Settled at source in time, cause unknown: not enough for a write-off.
    pub presumed: i64,
    /// Items as they are carried now, and how much of each.
    pub items: Vec<(ItemId, i64)>,
}

/// Every offer known in a view, in the order they were made.
pub fn judge_offers(book: &Book, view: View) -> Vec<JudgedOffer> {
    judge(book, &OpenScan::new(book, view), None)
}

/// The offers to one customer.
pub fn offers_of(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<JudgedOffer> {
    judge(book, scan, Some(customer))
}

fn judge(book: &Book, scan: &OpenScan<'_>, only: Option<CustomerId>) -> Vec<JudgedOffer> {
    let view = scan.view();
    let all = book.offers().iter().enumerate();
    let asked = all.filter(|(_, o)| {
        known(scan, o.commit, o.fact.offered_on) && only.is_none_or(|c| c == o.fact.customer)
    });
    let one = |(n, offer): (usize, &duebook_ledger::plans::Offer)| {
        let fact = &offer.fact;
        let items = carried(book, scan, &fact.items);
        let ids: Vec<ItemId> = items.iter().map(|(id, _)| *id).collect();
        let (came, _) = came_in(book, scan, fact.customer, &ids);
        let (mut paid, mut presumed) = (0i64, 0i64);
        for c in came
            .iter()
            .filter(|c| c.on >= fact.offered_on && c.earliest <= fact.by)
        {
            let sum = if c.firm { &mut paid } else { &mut presumed };
            *sum = sum.saturating_add(c.amount);
        }
        let passed = view.as_of > fact.by;
        let news = news_of(book, scan, fact.customer);
        let state = match latest(book, scan, &offer.ended) {
            Some((_, (how, _))) => OfferState::Ended(*how),
            None if paid >= fact.pay => OfferState::Paid,
            None if !passed => OfferState::Open,
            None if news.is_none_or(|d| d <= fact.by) => OfferState::AwaitingNews,
            None => OfferState::Lapsed,
        };
        JudgedOffer {
            offer: OfferId(n as u32),
            customer: fact.customer,
            currency: fact.currency,
            state,
            debt: fact.debt(),
            pay: fact.pay,
            by: fact.by,
            paid,
            presumed,
            items,
        }
    };
    asked.map(one).collect()
}
