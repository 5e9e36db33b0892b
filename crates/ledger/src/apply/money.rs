//! Items and settlements change what is open.

use super::*;

impl Book {
    pub(super) fn add_item(&mut self, seq: Seq, source: u16, fact: &ItemFact) -> ItemId {
        let id = self.items.add(seq, source, fact);
        if let Some(c) = self.customers.get_mut(fact.customer.index()) {
            c.loose_items.push(id);
        }
        id
    }

    pub(super) fn settle(&mut self, seq: Seq, fact: &SettlementFact) -> SettlementId {
        let mut head_of = |item: Option<ItemId>| {
            let item = item?;
            let state = self.items.state_mut(item.segment())?;
            if state.chain.is_empty() {
                state.chain.resize(state.data.len(), 0);
            }
            state.chain.get(item.row()).copied()
        };
        let (mut debit, mut credit) = (head_of(fact.debit), head_of(fact.credit));
        let id =
            Rc::make_mut(&mut self.settlements).push(seq, fact, (debit.as_mut(), credit.as_mut()));
        for (item, head) in [(fact.debit, debit), (fact.credit, credit)] {
            if let (Some(item), Some(head)) = (item, head)
                && let Some(state) = self.items.state_mut(item.segment())
                && let Some(slot) = state.chain.get_mut(item.row())
            {
                *slot = head;
            }
        }
        if fact.standing.counts() {
            self.move_open(
                &fact.debit,
                &fact.credit,
                fact.amount,
                fact.standing.is_pending(),
            );
        }
        id
    }

    pub(super) fn move_open(
        &mut self,
        debit: &Option<ItemId>,
        credit: &Option<ItemId>,
        amount: i64,
        pending: bool,
    ) {
        for (item, amount) in [(debit, amount), (credit, amount.saturating_neg())] {
            if let Some(item) = item
                && let Some(state) = self.items.state_mut(item.segment())
            {
                state.add_settled(item.row(), amount, pending);
            }
        }
    }

    /// Works out anew what the columns keep as known now, after an undo or redo.
    pub(super) fn rebuild(&mut self) {
        self.live = self.live_at(self.head());
        let mut moved = false;
        for number in 0..self.items.segments().len() {
            let live = &self.live;
            if let Some(state) = self.items.state_mut(number) {
                state.settled.clear();
                state.pending.clear();
                state.settle_standings(|s| live.get(s.index()).copied().unwrap_or(false));
                moved |= state.settle_customers(|s| live.get(s.index()).copied().unwrap_or(false));
            }
        }
        if moved {
            self.relist_customers();
        }
        self.policies = self.policies_known(&self.live);
        let (table, live) = (std::mem::take(&mut self.settlements), self.live.clone());
        table.effects(i32::MAX, &live, |item, amount, pending| {
            if let Some(state) = self.items.state_mut(item.segment()) {
                state.add_settled(item.row(), amount, pending);
            }
        });
        self.settlements = table;
        self.reattach();
    }
}
