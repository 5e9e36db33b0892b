//! What files change: items, customers, payments, and what waits for them.

use super::*;
use crate::columns::StagedCustomer;

impl Book {
    pub(super) fn items_imported(
        &mut self,
        seq: Seq,
        facts: &ImportFacts,
        head: &BlockRef,
        refs: &[BlockRef],
        bulk: &mut Bulk,
    ) -> u64 {
        let source = self.source_index_or_add(&facts.source);
        let head_facts = bulk.heads.remove(&head.digest).unwrap_or_default();
        // Whoever prepared the import has let go of it by now: nothing is copied.
        let head_facts = Rc::try_unwrap(head_facts).unwrap_or_else(|shared| (*shared).clone());
        self.blocks.push(*head);
        let customers: Vec<u32> = head_facts
            .customers
            .into_iter()
            .map(|c| self.customer_of_file(seq, source, c).0)
            .collect();
        let entities: Vec<u16> = head_facts
            .entities
            .iter()
            .map(|e| self.entity_index_or_add(e))
            .collect();
        let mut rows = 0;
        for block in refs {
            self.blocks.push(*block);
            let Some(mut data) = bulk.segments.remove(&block.digest) else {
                continue;
            };
            rows += data.len() as u64;
            remap(Rc::make_mut(&mut data), &customers, &entities);
            self.items.adopt(data, seq, source);
            self.settled_history(seq, self.items.segments().len() - 1, facts.as_of);
        }
        self.record_import(seq, facts, rows);
        self.reattach();
        rows
    }

    /// Rows that come with a clearing date bring their history: what is not open any more was open
    /// until that date (AG-20). Cleared later than the file's own day is not cleared yet: a forecast
    /// settles nothing.
    pub(super) fn settled_history(&mut self, seq: Seq, number: usize, as_of: Day) {
        use crate::columns::NumField;
        let Some(data) = self.items.segments().get(number).map(|s| s.data.clone()) else {
            return;
        };
        for row in 0..data.len() {
            let settled = data.amount[row].saturating_sub(data.open[row]);
            let Some(cleared) = data
                .num(NumField::ClearingDate, row)
                .filter(|_| settled != 0)
            else {
                continue;
            };
            let born = if data.doc_date[row] == NO_DAY {
                cleared as i32
            } else {
                data.doc_date[row]
            };
            let id = ItemId::new(number, row);
            let is_credit = data.amount[row] < 0;
            let mut add = |amount: i64, effective: i32, cause: Cause| {
                let (debit, credit, amount) = if is_credit {
                    (None, Some(id), -amount)
                } else {
                    (Some(id), None, amount)
                };
                let effective = Day(effective);
                let standing = Standing::AtSource;
                self.settle(
                    seq,
                    &SettlementFact {
                        debit,
                        credit,
                        amount,
                        effective,
                        cause,
                        standing,
                    },
                );
            };
            add(settled.saturating_neg(), born, Cause::TakeOn);
            if cleared > i64::from(as_of.0) {
                continue;
            }
            add(
                settled,
                (cleared as i32).max(born),
                if is_credit {
                    Cause::Credit
                } else {
                    Cause::Payment
                },
            );
        }
    }

    pub(super) fn record_import(&mut self, seq: Seq, facts: &ImportFacts, added: u64) {
        self.imports.push(Import {
            commit: seq,
            facts: facts.clone(),
            added,
            changed: 0,
            absent: 0,
            in_scope: 0,
        });
    }

    /// Items that are not known now and carry facts of ours, by which those wait.
    pub(super) fn orphans(&self) -> Vec<ItemId> {
        if self.voids.is_empty() {
            return Vec::new();
        }
        let mut waiting: Vec<ItemId> = self.fields.keys().copied().collect();
        waiting.extend(self.activities.iter().flat_map(|a| a.items.iter().copied()));
        waiting.extend(
            self.promises
                .iter()
                .flat_map(|p| p.fact.lines.iter().filter_map(|l| l.item)),
        );
        self.plans.name_items(&mut waiting);
        waiting.extend(self.letters.items());
        waiting.sort_unstable();
        waiting.dedup();
        waiting.retain(|id| !self.is_item_live(self.current(*id)));
        waiting
    }

    /// Facts of ours that wait by natural key find the row that has the key now: the file came in
    /// again, or an undone import came back.
    pub(super) fn reattach(&mut self) {
        let orphans = self.orphans();
        if orphans.is_empty() {
            return;
        }
        self.index_all();
        for id in orphans {
            let Some(heir) = self.item_key(id).and_then(|key| self.find_item(&key)) else {
                continue;
            };
            let mut kin = self.kin.get(&id).cloned().unwrap_or_else(|| vec![id]);
            kin.extend(self.kin.get(&heir).cloned().unwrap_or_else(|| vec![heir]));
            kin.sort_unstable();
            kin.dedup();
            for member in kin.clone() {
                self.kin.insert(member, kin.clone());
            }
        }
    }

    /// A customer as a file has it. By value: an import brings tens of thousands.
    pub(super) fn customer_of_file(
        &mut self,
        seq: Seq,
        source: u16,
        facts: StagedCustomer,
    ) -> CustomerId {
        let next = CustomerId(self.customers.len() as u32);
        let key = (source, facts.number.clone());
        let id = *self.customer_keys.entry(key).or_insert(next);
        if id == next {
            self.customers.push(Customer::new(seq, source, facts));
            return id;
        }
        // An extract knows names and terms; what it leaves empty stays as it was.
        // A customer known only from undone commits is told anew.
        let known = self.customer_facts(id);
        let now = known.map_or_else(|| facts.clone(), |known| merge(known, &facts));
        if known != Some(&now)
            && let Some(c) = self.customers.get_mut(id.index())
        {
            c.facts.set(seq, now);
        }
        id
    }

    pub(super) fn customer_saved(
        &mut self,
        seq: Seq,
        id: CustomerId,
        source: u16,
        facts: &StagedCustomer,
    ) {
        if id.index() == self.customers.len() {
            self.customer_keys
                .insert((source, facts.number.clone()), id);
            self.customers
                .push(Customer::new(seq, source, facts.clone()));
        } else if let Some(customer) = self.customers.get_mut(id.index()) {
            customer.facts.set(seq, facts.clone());
        }
    }

    pub(super) fn contact_saved(
        &mut self,
        seq: Seq,
        key: FactKey,
        id: ContactId,
        customer: CustomerId,
        facts: ContactFacts,
    ) {
        if id.index() == self.contacts.len() {
            let facts = Versioned::new(seq, facts);
            self.contacts.push(Contact {
                commit: seq,
                customer,
                facts,
                removed: Versioned::default(),
            });
            self.fact_keys.insert(key, FactId::Contact(id));
            if let Some(c) = self.customers.get_mut(customer.index()) {
                c.contacts.push(id);
            }
        } else if let Some(contact) = self.contacts.get_mut(id.index()) {
            contact.facts.set(seq, facts);
        }
    }

    pub(super) fn items_changed(
        &mut self,
        seq: Seq,
        effective: Day,
        changes: &[(ItemId, ItemChange)],
        in_scope: u64,
    ) {
        let (mut absent, mut moved) = (0, false);
        for (item, change) in changes {
            absent += u64::from(matches!(change, ItemChange::Absent));
            moved |= matches!(change, ItemChange::Moved { .. });
            self.item_changed(seq, effective, *item, change);
        }
        if let Some(import) = self.imports.last_mut().filter(|i| i.commit == seq) {
            import.changed += changes.len() as u64;
            import.absent += absent;
            import.in_scope = in_scope;
        }
        if moved {
            self.relist_customers();
        }
    }

    fn item_changed(&mut self, seq: Seq, effective: Day, id: ItemId, change: &ItemChange) {
        match change {
            ItemChange::Open { from, to } => {
                self.open_changed(seq, effective, id, *from, *to, Cause::AtSourceUnknown)
            }
            ItemChange::Amended {
                amount_to,
                open_from,
                open_to,
                ..
            } => {
                if let Some(state) = self.items.state_mut(id.segment()) {
                    state
                        .amount_changes
                        .entry(id.row() as u16)
                        .or_default()
                        .push((seq, *amount_to));
                }
                self.open_changed(seq, effective, id, *open_from, *open_to, Cause::Amended);
            }
            ItemChange::Due { to, .. } => {
                if let Some(state) = self.items.state_mut(id.segment()) {
                    let due = to.map_or(NO_DAY, |d| d.0);
                    state
                        .due_changes
                        .entry(id.row() as u16)
                        .or_default()
                        .push((seq, due));
                }
            }
            ItemChange::Cleared {
                on,
                explains,
                parts,
            } => self.cleared(seq, id, *on, explains, parts),
            ItemChange::Absent => self.absent(seq, id, effective.0),
            ItemChange::Present => self.absent(seq, id, NO_DAY),
            ItemChange::Moved { to, .. } => {
                if let Some(state) = self.items.state_mut(id.segment()) {
                    state.set_customer(id.row(), seq, to.0);
                }
            }
        }
    }

    /// What extracts showed without a cause is taken back on their day, and counts from the clearing
    /// date with its cause.
    fn cleared(
        &mut self,
        seq: Seq,
        id: ItemId,
        on: Day,
        explains: &[(Day, i64)],
        parts: &[(Cause, i64)],
    ) {
        let Some(item) = self.item(id) else { return };
        let born = match item.doc_date() {
            NO_DAY => on,
            date => on.max(Day(date)),
        };
        let (debit, credit) = match item.recorded_amount() < 0 {
            true => (None, Some(id)),
            false => (Some(id), None),
        };
        let taken_back = explains.iter();
        let taken_back =
            taken_back.map(|(day, amount)| (Cause::AtSourceUnknown, -amount, (*day).max(born)));
        let settled = parts.iter().map(|(cause, amount)| (*cause, *amount, born));
        for (cause, amount, effective) in taken_back.chain(settled) {
            let standing = Standing::AtSource;
            self.settle(
                seq,
                &SettlementFact {
                    debit,
                    credit,
                    amount,
                    effective,
                    cause,
                    standing,
                },
            );
        }
    }

    fn absent(&mut self, seq: Seq, id: ItemId, since: i32) {
        if let Some(state) = self.items.state_mut(id.segment()) {
            let changes = state.absences.entry(id.row() as u16).or_default();
            changes.push((seq, since));
        }
    }

    /// After rows changed customers: the lists of items by customer are made anew.
    pub(crate) fn relist_customers(&mut self) {
        for customer in &mut self.customers {
            customer.loose_items.clear();
        }
        for (number, state) in self.items.segments().iter().enumerate() {
            if !matches!(state.recorded, crate::items::Recorded::Each(_)) {
                continue;
            }
            for (row, &customer) in state.data.customer.iter().enumerate() {
                if let Some(c) = self.customers.get_mut(customer as usize) {
                    c.loose_items.push(ItemId::new(number, row));
                }
            }
        }
        self.by_customer = Rc::default();
    }

    pub(super) fn open_changed(
        &mut self,
        seq: Seq,
        effective: Day,
        id: ItemId,
        from: i64,
        to: i64,
        cause: Cause,
    ) {
        let is_credit = self.item(id).is_some_and(|i| i.recorded_amount() < 0);
        let moved = from.saturating_sub(to);
        if moved == 0 {
            return;
        }
        let (debit, credit, amount) = if is_credit {
            (None, Some(id), -moved)
        } else {
            (Some(id), None, moved)
        };
        self.settle(
            seq,
            &SettlementFact {
                debit,
                credit,
                amount,
                effective,
                cause,
                standing: Standing::AtSource,
            },
        );
    }

    pub(super) fn payment(&mut self, seq: Seq, row: &PaymentFact) {
        let source = self
            .imports
            .last()
            .and_then(|i| self.source_index(&i.facts.source))
            .unwrap_or(OWN);
        let added = row.receipt.as_ref();
        let added = added.map(|fact| self.add_item(seq, source, fact));
        let receipt = row.ours.or(added);
        let born = row.item.and_then(|id| self.item(id));
        let born = born.map_or(row.effective, |i| Day(i.doc_date()));
        let mut settle = |debit, credit, amount, effective, cause| {
            if amount != 0 {
                self.settle(
                    seq,
                    &SettlementFact {
                        debit,
                        credit,
                        amount,
                        effective,
                        cause,
                        standing: Standing::AtSource,
                    },
                );
            }
        };
        if receipt.is_some() {
            let (used, day) = (row.used_at_source, row.effective);
            settle(None, receipt, used, day, Cause::TakeOn);
        }
        if row.item.is_none() {
            return;
        }
        // History of what was settled before the item was recorded: it was open from its start.
        settle(row.item, None, -row.from_take_on, born, Cause::TakeOn);
        for (day, amount) in &row.explains {
            settle(row.item, None, -amount, *day, Cause::AtSourceUnknown);
        }
        settle(row.item, receipt, row.applied, row.effective, row.cause);
    }
}

/// What is known of a customer, with what a file says of it on top.
pub(crate) fn merge(
    known: &crate::columns::StagedCustomer,
    file: &crate::columns::StagedCustomer,
) -> crate::columns::StagedCustomer {
    let pick = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    crate::columns::StagedCustomer {
        number: known.number.clone(),
        // Where a file has no name, its number stands there: what is known is better.
        name: if file.name.is_empty() || file.name == file.number {
            known.name.clone()
        } else {
            file.name.clone()
        },
        country: pick(&file.country, &known.country),
        collector: pick(&file.collector, &known.collector),
        terms: pick(&file.terms, &known.terms),
        parent: pick(&file.parent, &known.parent),
        segment: pick(&file.segment, &known.segment),
        zone: pick(&file.zone, &known.zone),
        currency: pick(&file.currency, &known.currency),
        credit_limit: file.credit_limit.or(known.credit_limit),
    }
}
