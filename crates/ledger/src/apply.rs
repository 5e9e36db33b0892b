//! Events change the book. Total: an event that decide made always applies.

use crate::book::{About, Book, CommitMeta, FactId, Import, Label};
use crate::columns::{NO_DAY, Segment};
use crate::command::{Body, Command, CommandKind};
use crate::event::*;
use crate::facts::*;
use crate::ids::*;
use crate::import::Bulk;
use crate::items::OWN;
use crate::keys::FactKey;
use crate::people::*;
use crate::policy::Policies;
use crate::versioned::Versioned;
use duebook_money::Day;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a commit touched: which views have to look again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delta {
    /// So much moved that everything is to be looked at again.
    pub everything: bool,
    /// Customers touched.
    pub customers: Vec<CustomerId>,
    /// A policy changed.
    pub policies: bool,
    /// What the columns keep as known now has to be worked out anew; done before `apply` returns.
    stale: bool,
}

/// A bulk record that the commit names was not handed over, or its rows point outside its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingBlock(pub [u8; 32]);

/// A commit's facts about itself, from its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Position in the log.
    pub seq: Seq,
    /// The command's id.
    pub command: Uid,
    /// Milliseconds UTC.
    pub recorded_at: i64,
    /// The ledger's date then.
    pub ledger_date: Day,
    /// Name of the actor.
    pub actor: String,
}

#[derive(Default)]
struct Ordinals(BTreeMap<u8, u32>);

impl Ordinals {
    fn next(&mut self, kind: u8, command: Uid) -> FactKey {
        let slot = self.0.entry(kind).or_default();
        let ordinal = u32::from(kind) << 24 | *slot;
        *slot += 1;
        FactKey { command, ordinal }
    }
}

impl Book {
    /// Applies a commit. The blocks it names must be in `bulk`.
    ///
    /// # Errors
    /// [`MissingBlock`], before anything is changed.
    pub fn apply(
        &mut self,
        stamp: &Stamp,
        body: &Body,
        bulk: &mut Bulk,
    ) -> Result<Delta, MissingBlock> {
        for event in &body.events {
            check_blocks(event, bulk)?;
        }
        if self.live.is_empty() {
            self.live.push(false);
        }
        self.live.push(true);
        self.commands.insert(stamp.command, stamp.seq);
        let undoes = match body.command {
            Command::Undo { commit } => Some(commit),
            _ => None,
        };
        let label = Label {
            kind: body.command.kind(),
            customer: None,
            count: 0,
            undoes,
        };
        self.commits.push(CommitMeta {
            seq: stamp.seq,
            command: stamp.command,
            label,
            recorded_at: stamp.recorded_at,
            ledger_date: stamp.ledger_date,
            actor: stamp.actor.clone(),
        });
        let mut delta = Delta::default();
        let mut ordinals = Ordinals::default();
        let mut count = 0;
        for event in &body.events {
            count += self.apply_event(stamp, event, bulk, &mut delta, &mut ordinals);
        }
        if delta.stale {
            self.rebuild();
        }
        delta.customers.sort_unstable();
        delta.customers.dedup();
        if let Some(meta) = self.commits.last_mut() {
            meta.label.count = count;
            meta.label.customer = (delta.customers.len() == 1).then(|| delta.customers[0]);
        }
        if delta.everything {
            self.index_customers();
        }
        self.index_loose();
        Ok(delta)
    }

    /// One event; answers how many things it touched.
    fn apply_event(
        &mut self,
        stamp: &Stamp,
        event: &Event,
        bulk: &mut Bulk,
        delta: &mut Delta,
        ordinals: &mut Ordinals,
    ) -> u64 {
        let seq = stamp.seq;
        match event {
            Event::BookOpened {
                name,
                currency,
                own_ledger,
                sample,
            } => {
                let (name, currency) = (name.clone(), *currency);
                self.about = Some(About {
                    name,
                    currency,
                    own_ledger: *own_ledger,
                    sample: *sample,
                });
                self.policies = Policies::new(currency);
                delta.everything = true;
                1
            }
            Event::EntityAdded { code } => {
                self.entity_index_or_add(code);
                1
            }
            Event::ItemsImported {
                facts,
                head,
                segments,
            } => {
                delta.everything = true;
                self.items_imported(seq, facts, head, segments, bulk)
            }
            Event::ItemsChanged { effective, changes } => {
                delta.everything = true;
                changes
                    .iter()
                    .for_each(|(item, c)| self.item_changed(seq, *effective, *item, c));
                if let Some(import) = self.imports.last_mut().filter(|i| i.commit == seq) {
                    import.changed += changes.len() as u64;
                }
                changes.len() as u64
            }
            Event::PaymentsImported { facts, block } => {
                delta.everything = true;
                let rows = bulk.payments.remove(&block.digest).unwrap_or_default();
                self.blocks.push(*block);
                self.source_index_or_add(&facts.source);
                self.record_import(seq, facts, rows.len() as u64);
                rows.iter().for_each(|row| self.payment(seq, row));
                rows.len() as u64
            }
            Event::CustomerSaved {
                customer,
                source,
                facts,
            } => {
                let source = self.source_index_or_add(source);
                self.customer_saved(seq, *customer, source, facts);
                delta.customers.push(*customer);
                1
            }
            Event::ContactSaved {
                contact,
                customer,
                role,
                zone,
                language,
                details,
            } => {
                let facts = ContactFacts {
                    role: role.clone(),
                    zone: zone.clone(),
                    language: language.clone(),
                    details: *details,
                };
                let key = ordinals.next(1, stamp.command);
                self.contact_saved(seq, key, *contact, *customer, facts);
                delta.customers.push(*customer);
                1
            }
            Event::ContactRemoved { contact } => {
                if let Some(c) = self.contacts.get_mut(contact.index()) {
                    c.removed.set(seq, ());
                    delta.customers.push(c.customer);
                }
                1
            }
            Event::ProfileSet {
                customer,
                field,
                value,
                source,
                checked,
            } => {
                if let Some(c) = self.customers.get_mut(customer.index()) {
                    let value = (value.clone(), source.clone(), *checked);
                    c.profile.entry(*field).or_default().set(seq, value);
                    delta.customers.push(*customer);
                }
                1
            }
            Event::PolicySet(change) => {
                self.policy_changes.push((seq, change.clone()));
                self.policies.set(change.clone());
                delta.everything = true;
                delta.policies = true;
                1
            }
            Event::ControlBalanceSet {
                currency,
                as_of,
                minor,
                source,
            } => {
                let value = (*minor, source.clone());
                self.control
                    .entry((*currency, *as_of))
                    .or_default()
                    .set(seq, value);
                1
            }
            Event::Voided { commit } => {
                self.voids.entry(*commit).or_default().push(seq);
                delta.everything = true;
                delta.policies = true;
                delta.stale = true;
                1
            }
            Event::TextsErased { texts, .. } => {
                texts.iter().for_each(|t| _ = self.erased.insert(*t, seq));
                delta.everything = true;
                texts.len() as u64
            }
            _ => self.apply_work(stamp, event, delta, ordinals),
        }
    }

    /// The events of daily work.
    fn apply_work(
        &mut self,
        stamp: &Stamp,
        event: &Event,
        delta: &mut Delta,
        ordinals: &mut Ordinals,
    ) -> u64 {
        let seq = stamp.seq;
        match event {
            Event::ActivityLogged {
                customer,
                contact,
                channel,
                outcome,
                at,
                local_offset,
                seconds,
                note,
                items,
            } => {
                let key = ordinals.next(2, stamp.command);
                let id = ActivityId(self.activities.len() as u32);
                self.activities.push(Activity {
                    commit: seq,
                    key,
                    customer: *customer,
                    contact: *contact,
                    channel: *channel,
                    outcome: *outcome,
                    at: *at,
                    local_offset: *local_offset,
                    seconds: *seconds,
                    note: *note,
                    items: items.clone(),
                });
                self.fact_keys.insert(key, FactId::Activity(id));
                self.touch(*customer, delta, |c| c.activities.push(id));
            }
            Event::PromiseMade(fact) => {
                let key = ordinals.next(3, stamp.command);
                let id = PromiseId(self.promises.len() as u32);
                let customer = fact.customer;
                self.promises.push(Promise {
                    commit: seq,
                    key,
                    fact: fact.clone(),
                    ended: Versioned::default(),
                });
                self.fact_keys.insert(key, FactId::Promise(id));
                self.touch(customer, delta, |c| c.promises.push(id));
            }
            Event::PromiseEnded { promise, how } => {
                if let Some(p) = self.promises.get_mut(promise.index()) {
                    p.ended.set(seq, *how);
                    delta.customers.push(p.fact.customer);
                }
            }
            Event::FollowUpSet {
                customer,
                contact,
                due,
                at,
                zone,
                what,
                retry,
            } => {
                let key = ordinals.next(4, stamp.command);
                let id = FollowUpId(self.follow_ups.len() as u32);
                self.follow_ups.push(FollowUp {
                    commit: seq,
                    key,
                    customer: *customer,
                    contact: *contact,
                    due: *due,
                    at: *at,
                    zone: zone.clone(),
                    what: *what,
                    retry: *retry,
                    closed: Versioned::default(),
                });
                self.fact_keys.insert(key, FactId::FollowUp(id));
                self.touch(*customer, delta, |c| c.follow_ups.push(id));
            }
            Event::FollowUpClosed { follow_up } => {
                if let Some(f) = self.follow_ups.get_mut(follow_up.index()) {
                    f.closed.set(seq, ());
                    delta.customers.push(f.customer);
                }
            }
            Event::FieldSet { item, field, value } => {
                let slot = self
                    .fields
                    .entry(*item)
                    .or_default()
                    .entry(*field)
                    .or_default();
                slot.set(seq, value.clone());
                delta
                    .customers
                    .extend(self.item(*item).map(|i| i.customer()));
            }
            Event::ItemAdded(fact) => {
                let id = self.add_item(seq, OWN, fact);
                self.fact_keys
                    .insert(ordinals.next(5, stamp.command), FactId::Item(id));
                delta.customers.push(fact.customer);
            }
            Event::Settled(fact) => {
                let id = self.settle(seq, fact);
                self.fact_keys
                    .insert(ordinals.next(6, stamp.command), FactId::Settlement(id));
                let items = [fact.debit, fact.credit];
                let owners = items
                    .iter()
                    .flatten()
                    .filter_map(|i| Some(self.item(*i)?.customer()));
                delta.customers.extend(owners.collect::<Vec<_>>());
            }
            Event::SettlementReversed {
                settlement,
                effective,
                standing,
            } => {
                if let Some(s) = self.settlements.get(*settlement) {
                    if self.counts(&s) {
                        let pending = standing.is_pending();
                        self.move_open(&s.debit, &s.credit, s.amount.saturating_neg(), pending);
                    }
                    Rc::make_mut(&mut self.settlements).reverse(
                        *settlement,
                        *effective,
                        seq,
                        *standing,
                    );
                    let items = [s.debit, s.credit];
                    delta.customers.extend(
                        items
                            .iter()
                            .flatten()
                            .filter_map(|i| Some(self.item(*i)?.customer())),
                    );
                }
            }
            Event::StandingSet {
                item,
                settlement,
                standing,
                ..
            } => {
                if let Some(id) = item
                    && let Some(state) = self.items.state_mut(id.segment())
                {
                    state.set_standing(id.row(), seq, *standing);
                }
                if let Some(id) = settlement {
                    Rc::make_mut(&mut self.settlements).set_standing(*id, seq, *standing);
                }
                delta.everything = true;
                delta.stale = true;
            }
            _ => {}
        }
        1
    }

    fn touch(&mut self, id: CustomerId, delta: &mut Delta, f: impl FnOnce(&mut Customer)) {
        if let Some(customer) = self.customers.get_mut(id.index()) {
            f(customer);
            delta.customers.push(id);
        }
    }

    fn items_imported(
        &mut self,
        seq: Seq,
        facts: &ImportFacts,
        head: &BlockRef,
        refs: &[BlockRef],
        bulk: &mut Bulk,
    ) -> u64 {
        let source = self.source_index_or_add(&facts.source);
        let head_facts = bulk.heads.remove(&head.digest).unwrap_or_default();
        self.blocks.push(*head);
        let customers: Vec<u32> = head_facts
            .customers
            .iter()
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
            self.settled_history(seq, self.items.segments().len() - 1);
        }
        self.record_import(seq, facts, rows);
        self.reattach();
        rows
    }

    /// Rows that come with a clearing date bring their history: what is not open any more was open
    /// until that date (AG-20). Cleared later than what is known is not cleared yet.
    fn settled_history(&mut self, seq: Seq, number: usize) {
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

    fn record_import(&mut self, seq: Seq, facts: &ImportFacts, added: u64) {
        self.imports.push(Import {
            commit: seq,
            facts: facts.clone(),
            added,
            changed: 0,
        });
    }

    /// Items that are not known now and carry facts of ours, by which those wait.
    fn orphans(&self) -> Vec<ItemId> {
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
        waiting.sort_unstable();
        waiting.dedup();
        waiting.retain(|id| !self.is_item_live(self.current(*id)));
        waiting
    }

    /// Facts of ours that wait by natural key find the row that has the key now: the file came in
    /// again, or an undone import came back.
    fn reattach(&mut self) {
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

    fn customer_of_file(
        &mut self,
        seq: Seq,
        source: u16,
        facts: &crate::columns::StagedCustomer,
    ) -> CustomerId {
        let key = (source, facts.number.clone());
        match self.customer_keys.get(&key) {
            Some(&id) => {
                // An extract knows names and terms; what it leaves empty stays as it was.
                // A customer known only from undone commits is told anew.
                let known = self.customer_facts(id);
                let now = known.map_or_else(|| facts.clone(), |known| merge(known, facts));
                if known != Some(&now)
                    && let Some(c) = self.customers.get_mut(id.index())
                {
                    c.facts.set(seq, now);
                }
                id
            }
            None => {
                let id = CustomerId(self.customers.len() as u32);
                self.customer_saved(seq, id, source, facts);
                id
            }
        }
    }

    fn customer_saved(
        &mut self,
        seq: Seq,
        id: CustomerId,
        source: u16,
        facts: &crate::columns::StagedCustomer,
    ) {
        if id.index() == self.customers.len() {
            self.customer_keys
                .insert((source, facts.number.clone()), id);
            self.customers.push(Customer {
                source,
                number: facts.number.clone(),
                facts: Versioned::new(seq, facts.clone()),
                contacts: Vec::new(),
                activities: Vec::new(),
                promises: Vec::new(),
                follow_ups: Vec::new(),
                profile: BTreeMap::new(),
                loose_items: Vec::new(),
            });
        } else if let Some(customer) = self.customers.get_mut(id.index()) {
            customer.facts.set(seq, facts.clone());
        }
    }

    fn contact_saved(
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

    fn item_changed(&mut self, seq: Seq, effective: Day, id: ItemId, change: &ItemChange) {
        match *change {
            ItemChange::Open { from, to } => {
                self.open_changed(seq, effective, id, from, to, Cause::AtSourceUnknown)
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
                        .push((seq, amount_to));
                }
                self.open_changed(seq, effective, id, open_from, open_to, Cause::Amended);
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
        }
    }

    fn open_changed(
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

    fn payment(&mut self, seq: Seq, row: &PaymentFact) {
        let source = self
            .imports
            .last()
            .and_then(|i| self.source_index(&i.facts.source))
            .unwrap_or(OWN);
        let receipt = row
            .receipt
            .as_ref()
            .map(|fact| self.add_item(seq, source, fact));
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

    fn add_item(&mut self, seq: Seq, source: u16, fact: &ItemFact) -> ItemId {
        let id = self.items.add(seq, source, fact);
        if let Some(c) = self.customers.get_mut(fact.customer.index()) {
            c.loose_items.push(id);
        }
        id
    }

    fn settle(&mut self, seq: Seq, fact: &SettlementFact) -> SettlementId {
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

    fn move_open(
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
    fn rebuild(&mut self) {
        self.live = self.live_at(self.head());
        for number in 0..self.items.segments().len() {
            let live = &self.live;
            if let Some(state) = self.items.state_mut(number) {
                state.settled.clear();
                state.pending.clear();
                state.settle_standings(|s| live.get(s.index()).copied().unwrap_or(false));
            }
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

    pub(crate) fn source_index_or_add(&mut self, name: &str) -> u16 {
        if name.is_empty() {
            return OWN;
        }
        self.source_index(name).unwrap_or_else(|| {
            self.sources.push(name.to_owned());
            (self.sources.len() - 1) as u16
        })
    }

    fn entity_index_or_add(&mut self, code: &str) -> u16 {
        let found = self.entities.iter().position(|e| e == code);
        found.unwrap_or_else(|| {
            self.entities.push(code.to_owned());
            self.entities.len() - 1
        }) as u16
    }
}

fn check_blocks(event: &Event, bulk: &Bulk) -> Result<(), MissingBlock> {
    match event {
        Event::ItemsImported { head, segments, .. } => {
            let known = bulk.heads.get(&head.digest);
            let known = known.ok_or(MissingBlock(head.digest))?;
            let fits = |s: &Segment| {
                s.is_rectangular()
                    && s.customer
                        .iter()
                        .all(|&c| (c as usize) < known.customers.len())
                    && s.entity
                        .iter()
                        .all(|&e| (e as usize) < known.entities.len())
            };
            let absent = segments
                .iter()
                .find(|b| !bulk.segments.get(&b.digest).is_some_and(|s| fits(s)));
            absent.map_or(Ok(()), |b| Err(MissingBlock(b.digest)))
        }
        Event::PaymentsImported { block, .. } if !bulk.payments.contains_key(&block.digest) => {
            Err(MissingBlock(block.digest))
        }
        _ => Ok(()),
    }
}

/// File ordinals become the book's ids.
fn remap(segment: &mut Segment, customers: &[u32], entities: &[u16]) {
    for c in &mut segment.customer {
        *c = customers.get(*c as usize).copied().unwrap_or(0);
    }
    for e in &mut segment.entity {
        *e = entities.get(*e as usize).copied().unwrap_or(0);
    }
}

pub(crate) fn merge(
    known: &crate::columns::StagedCustomer,
    file: &crate::columns::StagedCustomer,
) -> crate::columns::StagedCustomer {
    let pick = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    crate::columns::StagedCustomer {
        number: known.number.clone(),
        name: if file.name.is_empty() {
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

/// Whether a command kind makes facts that money rests on.
pub fn is_posting(kind: CommandKind) -> bool {
    use CommandKind::*;
    matches!(
        kind,
        ImportItems
            | ImportPayments
            | IssueDocument
            | RecordReceipt
            | ApplyCredit
            | ReverseSettlement
            | ReturnReceipt
    )
}
