//! What we posted and the source now shows: as we did, or differently. No money counts twice.

use crate::book::Book;
use crate::columns::{Segment, TextField};
use crate::facts::ImportFacts;
use crate::ids::{CustomerId, ItemId, SettlementId};
use crate::items::{ItemRef, OWN};
use crate::keys::KeyView;
use duebook_money::Day;
use std::collections::{BTreeMap, BTreeSet};

/// Days between two value dates that may be one payment's.
const SAME_MONEY_DAYS: i32 = 3;
/// Beyond so many postings of ours on one item only all or one of them are tried: 2^12 subsets.
const MOST_SUBSETS: usize = 12;

/// A change of ours that waits for the source, by what it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Waiting {
    /// A settlement.
    Settled(SettlementId),
    /// The taking back of one that stands at source.
    Reversed(SettlementId),
}

/// Documents of ours that no extract has shown yet, by what they can be recognised by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ours {
    /// (customer, currency, signed amount) -> items, in log order.
    by_amount: BTreeMap<(CustomerId, u16, i64), Vec<ItemId>>,
    /// Receipts and credits of ours of which a part is applied, by what is left of them.
    by_rest: BTreeMap<(CustomerId, u16, i64), Vec<ItemId>>,
    /// Shown already. A receipt of which a part went on is looked for whole and without that part.
    taken: BTreeSet<ItemId>,
}

impl Ours {
    pub(crate) fn new(book: &Book, facts: &ImportFacts) -> Self {
        let linked: BTreeSet<ItemId> = book.answered().map(|(_, id)| id).collect();
        let other: BTreeSet<ItemId> = facts
            .other_money
            .iter()
            .filter_map(|key| book.find_item(key))
            .collect();
        let mut ours = Ours::default();
        for (number, state) in book.items().segments().iter().enumerate() {
            if state.source != OWN {
                continue;
            }
            for row in 0..state.data.len() {
                let id = ItemId::new(number, row);
                let standing = state.standing_of(row);
                let ours_yet = standing != crate::facts::Standing::AtSource && standing.counts();
                if ours_yet
                    && book.is_item_live(id)
                    && !linked.contains(&id)
                    && !other.contains(&id)
                {
                    let (customer, currency) = (
                        CustomerId(state.data.customer[row]),
                        state.data.currency[row],
                    );
                    let whole = state.data.amount[row];
                    let amounts = BTreeSet::from([whole, book.left_after_parts(id, whole)]);
                    let rest = book.item(id).map_or(0, |i| i.open());
                    if whole < 0 && rest < 0 && !amounts.contains(&rest) {
                        let key = (customer, currency, rest);
                        ours.by_rest.entry(key).or_default().push(id);
                    }
                    for amount in amounts.into_iter().filter(|a| *a != 0) {
                        let key = (customer, currency, amount);
                        ours.by_amount.entry(key).or_default().push(id);
                    }
                }
            }
        }
        ours
    }

    /// The posting of ours that a row of the source shows: same customer, currency and amount, and
    /// one number or reference, or dates within [`SAME_MONEY_DAYS`]. Each is taken once; one that
    /// shares a number goes before one that only lies near.
    pub(crate) fn shown_as(
        &mut self,
        book: &Book,
        customer: CustomerId,
        key: KeyView<'_>,
        segment: &Segment,
        row: usize,
    ) -> Option<ItemId> {
        let place = (customer, segment.currency[row], segment.amount[row]);
        let theirs = [key.number, segment.text(&TextField::Reference, row)];
        let date = Day(segment.doc_date[row]);
        self.take(book, place, &theirs, date)
    }

    /// Whether so much is left of money of ours. What else the file says decides whether it is that
    /// money ([`Ours::rest_of`]): it is asked when all rows are known.
    pub(crate) fn may_be_rest(&self, place: (CustomerId, u16, i64)) -> bool {
        self.by_rest.contains_key(&place)
    }

    /// The money of ours of which a row of the source shows only what we have not applied: a source
    /// that clears an item with a part of a payment posts the rest anew. It names ours, or is the only
    /// one near; and `gone` says that the source has settled what we applied of it.
    pub(crate) fn rest_of(
        &mut self,
        book: &Book,
        place: (CustomerId, u16, i64),
        theirs: &[&str],
        date: Day,
        gone: impl Fn(ItemId) -> bool,
    ) -> Option<ItemId> {
        let candidates = self.by_rest.get_mut(&place)?;
        candidates.retain(|id| !self.taken.contains(id));
        let fits = candidates.iter().copied().filter(|id| gone(*id));
        let fits: Vec<ItemId> = fits.collect();
        let rank = |id: &ItemId| rank(book, *id, theirs, date);
        let of_rank = |wanted: u8| fits.iter().filter(move |id| rank(id) == Some(wanted));
        let mut near = of_rank(1);
        let id = match (of_rank(0).next(), near.next(), near.next()) {
            (Some(named), _, _) => *named,
            (None, Some(only), None) => *only,
            _ => return None,
        };
        self.taken.insert(id);
        Some(id)
    }

    /// The receipt of ours that a payment of the source is: the same rule.
    pub(crate) fn same_money(
        &mut self,
        book: &Book,
        customer: CustomerId,
        currency: u16,
        amount: i64,
        theirs: &[&str],
        date: Day,
    ) -> Option<ItemId> {
        self.take(book, (customer, currency, amount), theirs, date)
    }

    fn take(
        &mut self,
        book: &Book,
        place: (CustomerId, u16, i64),
        theirs: &[&str],
        date: Day,
    ) -> Option<ItemId> {
        let candidates = self.by_amount.get_mut(&place)?;
        candidates.retain(|id| !self.taken.contains(id));
        let found = best(book, candidates, theirs, date)?;
        let id = candidates.remove(found);
        self.taken.insert(id);
        Some(id)
    }
}

/// Which of the candidates is meant.
fn best(book: &Book, candidates: &[ItemId], theirs: &[&str], date: Day) -> Option<usize> {
    let ranked = candidates.iter().enumerate();
    let ranked = ranked.filter_map(|(i, id)| Some((rank(book, *id, theirs, date)?, i)));
    ranked.min().map(|(_, i)| i)
}

/// How well a posting of ours agrees with what the source shows: 0 by a number or reference, 1 by
/// the day alone.
fn rank(book: &Book, id: ItemId, theirs: &[&str], date: Day) -> Option<u8> {
    let near = |item: &ItemRef<'_>| {
        crate::items::day(item.doc_date()).is_some_and(|d| d.since(date).abs() <= SAME_MONEY_DAYS)
    };
    let named = |item: &ItemRef<'_>| {
        let ours = [item.number(), item.text(&TextField::Reference)];
        let same = |a: &str, b: &str| !plain(a).is_empty() && plain(a) == plain(b);
        ours.iter().any(|o| theirs.iter().any(|t| same(o, t)))
    };
    let item = book.item(id)?;
    match (named(&item), near(&item)) {
        (true, _) => Some(0),
        (false, true) => Some(1),
        (false, false) => None,
    }
}

/// A number without what people add to it: case, blanks, signs, leading zeros.
fn plain(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    kept.trim_start_matches('0').to_owned()
}

/// An item on which postings of ours wait, with what the source shows for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) item: ItemId,
    /// Open at source before, signed.
    pub(crate) from: i64,
    /// Open at source in the file, signed.
    pub(crate) to: i64,
}

/// What the file says of the items on which postings of ours wait.
pub(crate) struct Verdict {
    /// Confirmed, in order.
    pub(crate) confirmed: BTreeSet<Waiting>,
    /// Contradicted: item, our settlements there, and what the source settled of it.
    pub(crate) differs: Vec<(ItemId, Vec<SettlementId>, i64)>,
}

/// Decides what is confirmed and what differs. Debits speak before credits: they name what is paid.
pub(crate) fn judge(book: &Book, shown: &[Shown]) -> Verdict {
    let mut verdict = Verdict {
        confirmed: BTreeSet::new(),
        differs: Vec::new(),
    };
    let is_debit = |s: &&Shown| book.item(s.item).is_some_and(|i| i.recorded_amount() > 0);
    let still = shown.iter().filter(|s| is_debit(s) && s.from == s.to);
    let still: BTreeSet<ItemId> = still.map(|s| s.item).collect();
    let debits = shown.iter().filter(is_debit);
    let credits = shown.iter().filter(|s| !is_debit(s));
    for one in debits.chain(credits) {
        let waiting: Vec<(Waiting, i64)> = waiting_on(book, one.item);
        let done = |w: &Waiting| verdict.confirmed.contains(w);
        let already: i64 = waiting
            .iter()
            .filter(|(w, _)| done(w))
            .map(|(_, d)| d)
            .sum();
        let left: Vec<(Waiting, i64)> = waiting.into_iter().filter(|(w, _)| !done(w)).collect();
        let moved = one.to.saturating_sub(one.from).saturating_sub(already);
        if moved == 0 || left.is_empty() {
            continue;
        }
        let left = spent_elsewhere(book, one, left, &still, &mut verdict);
        let all: i64 = left.iter().map(|(_, d)| d).sum();
        let beyond = all != 0 && all.signum() == moved.signum() && moved.abs() > all.abs();
        if let Some(subset) = summing_to(&left, moved) {
            verdict.confirmed.extend(subset);
        } else if beyond {
            verdict.confirmed.extend(left.iter().map(|(w, _)| *w));
        } else if all.signum() == moved.signum() {
            let ours = left.iter().filter_map(|(w, _)| match w {
                Waiting::Settled(id) => Some(*id),
                Waiting::Reversed(_) => None,
            });
            // What went over to another receipt is not undone by what the source settles.
            let stays = |id: &SettlementId| book.transfer_by(*id).is_none();
            let ours: Vec<SettlementId> = ours.filter(stays).collect();
            if !ours.is_empty() {
                verdict.differs.push((one.item, ours, moved.abs()));
            }
        }
    }
    verdict
}

/// The source has used a credit, and a debit that we set it against is as open as it was: what we
/// applied there is not what the source did. Where the credit has not enough left for it, it is
/// contradicted. The rest may still be.
fn spent_elsewhere(
    book: &Book,
    credit: &Shown,
    waiting: Vec<(Waiting, i64)>,
    still: &BTreeSet<ItemId>,
    verdict: &mut Verdict,
) -> Vec<(Waiting, i64)> {
    let on = |w: &Waiting| match w {
        Waiting::Settled(id) => {
            let s = book.settlements().get(*id)?;
            let debit = s.debit.filter(|d| *d != credit.item)?;
            still.contains(&debit).then_some((debit, *id))
        }
        Waiting::Reversed(_) => None,
    };
    let (denied, left): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(w, _)| on(w).is_some());
    let wanted = denied
        .iter()
        .fold(0i64, |sum, (_, d)| sum.saturating_add(*d));
    if wanted > credit.to.saturating_abs() {
        let pairs = denied.iter().filter_map(|(w, _)| on(w));
        let ours = pairs.map(|(debit, id)| (debit, vec![id], 0));
        verdict.differs.extend(ours);
    }
    left
}

/// What of ours waits on an item, oldest first, with what it would move at source when confirmed.
pub(crate) fn waiting_on(book: &Book, id: ItemId) -> Vec<(Waiting, i64)> {
    let mut out: Vec<(Waiting, i64)> = Vec::new();
    for s in book.settlements_of(id).filter(|s| book.is_live(s.commit)) {
        let standing = book.standing_of(s.id);
        if !standing.counts() {
            continue;
        }
        let down = if s.debit == Some(id) {
            -s.amount
        } else {
            s.amount
        };
        match book.reversal_of(s.id) {
            None if standing.is_pending() => out.push((Waiting::Settled(s.id), down)),
            Some(r) if r.standing.is_pending() && !standing.is_pending() => {
                out.push((Waiting::Reversed(s.id), -down));
            }
            _ => {}
        }
    }
    out.reverse();
    out
}

/// Some of them that together move by `moved`: all, else the fewest, the oldest first.
fn summing_to(waiting: &[(Waiting, i64)], moved: i64) -> Option<Vec<Waiting>> {
    let sum = |it: &mut dyn Iterator<Item = i64>| it.map(i128::from).sum::<i128>();
    let moved = i128::from(moved);
    if sum(&mut waiting.iter().map(|(_, d)| *d)) == moved {
        return Some(waiting.iter().map(|(w, _)| *w).collect());
    }
    if let Some((one, _)) = waiting.iter().find(|(_, d)| i128::from(*d) == moved) {
        return Some(vec![*one]);
    }
    if waiting.len() > MOST_SUBSETS {
        return None;
    }
    let picked = |mask: u32| {
        let in_mask = move |i: &usize| mask & (1 << i) != 0;
        (0..waiting.len()).filter(in_mask)
    };
    let fits = |mask: &u32| sum(&mut picked(*mask).map(|i| waiting[i].1)) == moved;
    let masks = (1u32..1 << waiting.len()).filter(fits);
    let mask = masks.min_by_key(|m| (m.count_ones(), *m))?;
    Some(picked(mask).map(|i| waiting[i].0).collect())
}
