//! The settlement table: the only thing that changes an open amount after issue. Columns, with
//! both clocks, and a chain from each item through its settlements.

use crate::event::SettlementFact;
use crate::facts::{Cause, Standing};
use crate::ids::{ItemId, Seq, SettlementId};
use duebook_money::Day;

const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Reversal {
    effective: i32,
    commit: u32,
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
    latest: i32,
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
    /// Where it stands against the source.
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
    pub fn reversal(&self, id: SettlementId, live: &impl Fn(Seq) -> bool) -> Option<(Day, Seq)> {
        let mut at = *self.reversal.get(id.index())?;
        while at != 0 {
            let r = self.reversals[at as usize - 1];
            if live(Seq(r.commit)) {
                return Some((Day(r.effective), Seq(r.commit)));
            }
            at = r.before;
        }
        None
    }
    /// Calls `each(item, amount, pending)` for every effect that counts on `as_of` by the commits
    /// that are live: the amount by which the item's open figure has moved, signed like the item.
    pub fn effects(&self, as_of: i32, live: &[bool], mut each: impl FnMut(ItemId, i64, bool)) {
        let is_live = |seq: u32| live.get(seq as usize).copied().unwrap_or(false);
        for i in 0..self.len() {
            if self.effective[i] > as_of || !is_live(self.commit[i]) || !self.standing[i].counts() {
                continue;
            }
            if self.reversal[i] != 0 {
                let reversed = self.reversal(SettlementId(i as u32), &|s| is_live(s.0));
                if reversed.is_some_and(|(day, _)| day.0 <= as_of) {
                    continue;
                }
            }
            let pending = self.standing[i].is_pending();
            if self.debit[i] != NONE {
                each(ItemId(self.debit[i]), self.amount[i], pending);
            }
            if self.credit[i] != NONE {
                each(ItemId(self.credit[i]), -self.amount[i], pending);
            }
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
    pub(crate) fn reverse(&mut self, id: SettlementId, effective: Day, seq: Seq) {
        if let Some(slot) = self.reversal.get_mut(id.index()) {
            self.reversals.push(Reversal {
                effective: effective.0,
                commit: seq.0,
                before: *slot,
            });
            *slot = self.reversals.len() as u32;
            self.latest = self.latest.max(effective.0);
        }
    }
    pub(crate) fn set_standing(&mut self, id: SettlementId, standing: Standing) {
        if let Some(slot) = self.standing.get_mut(id.index()) {
            *slot = standing;
        }
    }
}
