//! The settlement table: the only thing that changes an open amount after issue. Columns, with
//! both clocks, and a chain from each item through its settlements.

use crate::event::SettlementFact;
use crate::facts::{Cause, Standing};
use crate::ids::{ItemId, Seq, SettlementId};
use crate::versioned::Versioned;
use duebook_money::Day;
use std::collections::BTreeMap;

const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Reversal {
    effective: i32,
    commit: u32,
    standing: Standing,
    /// The reversal before it, plus one: a voided reversal stays known as it was then.
    before: u32,
}

/// All settlements of a book.
#[derive(Debug, Clone, Default)]
pub struct SettlementTable {
    debit: Vec<u32>,
    credit: Vec<u32>,
    amount: Vec<i64>,
    effective: Vec<i32>,
    commit: Vec<u32>,
    cause: Vec<u8>,
    standing: Vec<Standing>,
    reversal: Vec<u32>,
    next_debit: Vec<u32>,
    next_credit: Vec<u32>,
    reversals: Vec<Reversal>,
    /// Standings set after the fact, by settlement; `standing` keeps the one it was recorded with.
    standings: BTreeMap<u32, Versioned<Standing>>,
    /// The same of reversals, by the settlement they take back.
    reversal_standings: BTreeMap<u32, Versioned<Standing>>,
    latest: i32,
}

/// A reversal in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReversalFact {
    /// From when.
    pub effective: Day,
    /// The commit that made it.
    pub commit: Seq,
    /// Where the reversal itself stands against the source.
    pub standing: Standing,
}

/// One settlement, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// Its id.
    pub id: SettlementId,
    /// The positive item it reduces.
    pub debit: Option<ItemId>,
    /// The negative item it uses.
    pub credit: Option<ItemId>,
    /// Minor units; a negative amount raises what is open.
    pub amount: i64,
    /// Accounting date.
    pub effective: Day,
    /// What it is.
    pub cause: Cause,
    /// Where it stood against the source when recorded; see [`SettlementTable::standing`].
    pub standing: Standing,
    /// Commit that recorded it.
    pub commit: Seq,
}

impl SettlementTable {
    /// Rows, dead ones included.
    pub fn len(&self) -> usize {
        self.amount.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.amount.is_empty()
    }
    /// The latest accounting date of any settlement or reversal; `i32::MIN` when there is none.
    pub fn latest_effective(&self) -> i32 {
        if self.is_empty() {
            i32::MIN
        } else {
            self.latest
        }
    }
    /// A settlement.
    pub fn get(&self, id: SettlementId) -> Option<Settlement> {
        let i = id.index();
        let item = |v: u32| (v != NONE).then_some(ItemId(v));
        Some(Settlement {
            id,
            debit: item(*self.debit.get(i)?),
            credit: item(self.credit[i]),
            amount: self.amount[i],
            effective: Day(self.effective[i]),
            cause: Cause::from_u8(self.cause[i]).unwrap_or(Cause::AtSourceUnknown),
            standing: self.standing[i],
            commit: Seq(self.commit[i]),
        })
    }
    /// Every settlement in log order.
    pub fn iter(&self) -> impl Iterator<Item = Settlement> + '_ {
        (0..self.len()).filter_map(|i| self.get(SettlementId(i as u32)))
    }
    /// The reversal in force: the last whose commit `live` says is live.
    pub fn reversal(&self, id: SettlementId, live: &impl Fn(Seq) -> bool) -> Option<ReversalFact> {
        let mut at = *self.reversal.get(id.index())?;
        while at != 0 {
            let r = self.reversals[at as usize - 1];
            if live(Seq(r.commit)) {
                let set = self.reversal_standings.get(&id.0);
                let set = set.and_then(|v| v.latest(live));
                let set = set.filter(|(seq, _)| seq.0 >= r.commit);
                return Some(ReversalFact {
                    effective: Day(r.effective),
                    commit: Seq(r.commit),
                    standing: set.map_or(r.standing, |(_, standing)| *standing),
                });
            }
            at = r.before;
        }
        None
    }
    /// Where a settlement stands by the commits that `live` says are live.
    pub fn standing(&self, id: SettlementId, live: &impl Fn(Seq) -> bool) -> Standing {
        let set = (!self.standings.is_empty())
            .then(|| self.standings.get(&id.0)?.get(live).copied())
            .flatten();
        set.or_else(|| self.standing.get(id.index()).copied())
            .unwrap_or(Standing::AtSource)
    }
    /// Calls `each(item, amount, pending)` for every effect that counts on `as_of` by the commits
    /// that are live: the amount by which the item's open figure has moved, signed like the item.
    /// A reversal of ours that the source does not know yet leaves the settlement at source and
    /// takes it back in pending.
    pub fn effects(&self, as_of: i32, live: &[bool], mut each: impl FnMut(ItemId, i64, bool)) {
        let is_live = |seq: Seq| live.get(seq.index()).copied().unwrap_or(false);
        let mut both = |i: usize, sign: i64, pending: bool| {
            if self.debit[i] != NONE {
                each(ItemId(self.debit[i]), sign * self.amount[i], pending);
            }
            if self.credit[i] != NONE {
                each(ItemId(self.credit[i]), -sign * self.amount[i], pending);
            }
        };
        for i in 0..self.len() {
            if self.effective[i] > as_of || !is_live(Seq(self.commit[i])) {
                continue;
            }
            let id = SettlementId(i as u32);
            let standing = self.standing(id, &is_live);
            if !standing.counts() {
                continue;
            }
            if self.reversal[i] != 0
                && let Some(r) = self.reversal(id, &is_live)
                && r.effective.0 <= as_of
            {
                if r.standing.is_pending() != standing.is_pending() {
                    both(i, 1, standing.is_pending());
                    both(i, -1, r.standing.is_pending());
                }
                continue;
            }
            both(i, 1, standing.is_pending());
        }
    }
    /// The settlements of an item, newest first; `head` is its chain.
    pub(crate) fn chain(&self, item: ItemId, head: u32) -> impl Iterator<Item = Settlement> + '_ {
        let mut at = head;
        std::iter::from_fn(move || {
            let found = self.get(SettlementId(at.checked_sub(1)?))?;
            let i = found.id.index();
            at = if found.debit == Some(item) {
                self.next_debit[i]
            } else {
                self.next_credit[i]
            };
            Some(found)
        })
    }
    /// Adds a row; `heads` are the chains of its debit and credit items, updated.
    pub(crate) fn push(
        &mut self,
        seq: Seq,
        fact: &SettlementFact,
        heads: (Option<&mut u32>, Option<&mut u32>),
    ) -> SettlementId {
        let id = SettlementId(self.len() as u32);
        self.debit.push(fact.debit.map_or(NONE, |i| i.0));
        self.credit.push(fact.credit.map_or(NONE, |i| i.0));
        self.amount.push(fact.amount);
        self.effective.push(fact.effective.0);
        self.commit.push(seq.0);
        self.cause.push(fact.cause as u8);
        self.standing.push(fact.standing);
        self.reversal.push(0);
        let link = |head: Option<&mut u32>| head.map_or(0, |h| std::mem::replace(h, id.0 + 1));
        self.next_debit.push(link(heads.0));
        self.next_credit.push(link(heads.1));
        self.latest = if id.0 == 0 {
            fact.effective.0
        } else {
            self.latest.max(fact.effective.0)
        };
        id
    }
    pub(crate) fn reverse(
        &mut self,
        id: SettlementId,
        effective: Day,
        seq: Seq,
        standing: Standing,
    ) {
        if let Some(slot) = self.reversal.get_mut(id.index()) {
            self.reversals.push(Reversal {
                effective: effective.0,
                commit: seq.0,
                standing,
                before: *slot,
            });
            *slot = self.reversals.len() as u32;
            self.latest = self.latest.max(effective.0);
        }
    }
    pub(crate) fn set_reversal_standing(&mut self, id: SettlementId, seq: Seq, to: Standing) {
        if id.index() < self.len() {
            self.reversal_standings
                .entry(id.0)
                .or_default()
                .set(seq, to);
        }
    }
    pub(crate) fn set_standing(&mut self, id: SettlementId, seq: Seq, standing: Standing) {
        if id.index() < self.len() {
            self.standings.entry(id.0).or_default().set(seq, standing);
        }
    }
}
