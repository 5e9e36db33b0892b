//! What requests of ours hold in pending: credits, write-offs, rebills and splits that were asked for and
//! that the source has not made. A customer is told of them when its documents come, not before.

use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, ItemId, OpenScan, SettlementId};
use std::collections::{BTreeMap, BTreeSet};

/// The postings of requests that are pending in a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requested {
    /// By how much they move what is open of an item, minor units, signed like the item's amount.
    moved: BTreeMap<ItemId, i64>,
    /// Documents that only a request has made.
    items: BTreeSet<ItemId>,
    settled: BTreeSet<SettlementId>,
    taken_back: BTreeSet<SettlementId>,
}

impl Requested {
    /// Those of a view.
    pub fn of(book: &Book, scan: &OpenScan<'_>) -> Requested {
        let mut out = Requested::default();
        let live = |seq| scan.is_live(seq);
        let table = book.settlements();
        let as_of = scan.view().as_of;
        for (_, request) in book.requests().filter(|(_, r)| live(r.commit)) {
            let Some(posted) = request.posted.get(&live) else {
                continue;
            };
            let pending = |id: &&ItemId| {
                let segment = scan.segment(id.segment());
                segment.is_some_and(|s| s.standing(id.row()).is_pending())
            };
            out.items.extend(posted.items.iter().filter(pending));
            for s in posted.settlements.iter().filter_map(|id| table.get(*id)) {
                let counts = live(s.commit) && s.effective <= as_of;
                if counts
                    && table.standing(s.id, &live).is_pending()
                    && table.reversal(s.id, &live).is_none()
                {
                    out.settled.insert(s.id);
                    out.moves(&s, 1);
                }
            }
            for s in posted.taken_back.iter().filter_map(|id| table.get(*id)) {
                let back = table.reversal(s.id, &live);
                if back.is_some_and(|r| r.standing.is_pending() && r.effective <= as_of) {
                    out.taken_back.insert(s.id);
                    out.moves(&s, -1);
                }
            }
        }
        out.gives_back(book, scan);
        out
    }

    /// Money applied to a document that only a request has made is no application yet: for the customer
    /// it waits.
    fn gives_back(&mut self, book: &Book, scan: &OpenScan<'_>) {
        let live = |seq| scan.is_live(seq);
        let table = book.settlements();
        let as_of = scan.view().as_of;
        for id in self.items.clone() {
            for s in book.settlements_of(id) {
                let counts = live(s.commit)
                    && s.effective <= as_of
                    && table.standing(s.id, &live).counts()
                    && table.reversal(s.id, &live).is_none();
                if counts && self.settled.insert(s.id) {
                    self.moves(&s, 1);
                }
            }
        }
    }

    fn moves(&mut self, s: &Settlement, times: i64) {
        let amount = s.amount.saturating_mul(times);
        let sides = [(s.debit, amount.saturating_neg()), (s.credit, amount)];
        for (id, minor) in sides {
            if let Some(id) = id {
                let moved = self.moved.entry(id).or_default();
                *moved = moved.saturating_add(minor);
            }
        }
    }

    /// What is open of an item for the customer, minor units; `None` for what is not in the view and for
    /// a document that only a request has made. Money that a request has freed and that was used
    /// elsewhere since is used: no credit turns into a debt.
    pub fn open(&self, book: &Book, scan: &OpenScan<'_>, id: ItemId) -> Option<i64> {
        let working = scan.open(id)?.working();
        let told = working.saturating_sub(self.off(id));
        let credit = book.item(id).is_some_and(|i| i.recorded_amount() < 0);
        let told = match credit {
            true => told.min(working.max(0)),
            false => told.max(working.min(0)),
        };
        (!self.items.contains(&id)).then_some(told)
    }

    /// By how much requests move what is open of an item, minor units; negative: a debit gets smaller.
    pub fn off(&self, id: ItemId) -> i64 {
        self.moved.get(&id).copied().unwrap_or(0)
    }

    /// Whether a settlement is one of theirs.
    pub fn has_settled(&self, id: SettlementId) -> bool {
        self.settled.contains(&id)
    }

    /// Whether a settlement was taken back by one of them.
    pub fn has_taken_back(&self, id: SettlementId) -> bool {
        self.taken_back.contains(&id)
    }
}
