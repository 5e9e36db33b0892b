//! The book: everything known, in memory. A fork (`clone`) copies pointers of the segments.

use crate::columns::StagedCustomer;
use crate::event::{BlockRef, Succession};
use crate::facts::*;
use crate::ids::*;
use crate::index::{CustomerIndex, KeyIndex};
use crate::items::{ItemRef, ItemTable, OWN};
use crate::keys::{CustomerKey, FactKey, ItemKey, KeyView};
use crate::people::*;
use crate::policy::{Policies, PolicyChange};
use crate::settlements::{Settlement, SettlementTable};
use crate::statements::Statements;
use crate::versioned::Versioned;
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What is known of a commit beside its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitMeta {
    /// Position in the log.
    pub seq: Seq,
    /// The command's id.
    pub command: Uid,
    /// What the command was, for the activity page.
    pub label: Label,
    /// When it was recorded, milliseconds UTC.
    pub recorded_at: i64,
    /// The ledger's date then.
    pub ledger_date: Day,
    /// Name of the actor, as stated.
    pub actor: String,
}

/// What a commit did, in one word and a number: for the activity page and undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Which command.
    pub kind: crate::command::CommandKind,
    /// The customer it was about, if one.
    pub customer: Option<CustomerId>,
    /// The number of things it touched (rows, items, lines).
    pub count: u64,
    /// The commit it undoes, if an undo.
    pub undoes: Option<Seq>,
}

/// An import that is in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Commit.
    pub commit: Seq,
    /// What the file was.
    pub facts: ImportFacts,
    /// Items it added.
    pub added: u64,
    /// Items it changed.
    pub changed: u64,
    /// Items of its scope that it does not show any more.
    pub absent: u64,
    /// Items of its scope that were open before it.
    pub in_scope: u64,
}

/// Facts about the book itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Name.
    pub name: String,
    /// Currency of reports.
    pub currency: Currency,
    /// Our postings are at source at once.
    pub own_ledger: bool,
    /// A generated portfolio.
    pub sample: bool,
}

/// The state that a log of commits makes. See docs/MODEL.md.
#[derive(Debug, Clone, Default)]
pub struct Book {
    pub(crate) about: Option<About>,
    pub(crate) entities: Vec<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) commits: Vec<CommitMeta>,
    /// Per commit, the commits that void it, in log order.
    pub(crate) voids: BTreeMap<Seq, Vec<Seq>>,
    /// Per seq (0 unused): live as known now.
    pub(crate) live: Vec<bool>,
    pub(crate) commands: BTreeMap<Uid, Seq>,
    pub(crate) customers: Vec<Customer>,
    pub(crate) customer_keys: BTreeMap<(u16, String), CustomerId>,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) activities: Vec<Activity>,
    pub(crate) promises: Vec<Promise>,
    pub(crate) follow_ups: Vec<FollowUp>,
    pub(crate) fact_keys: BTreeMap<FactKey, FactId>,
    pub(crate) items: ItemTable,
    pub(crate) settlements: Rc<SettlementTable>,
    pub(crate) fields: BTreeMap<ItemId, BTreeMap<CollectorField, Versioned<String>>>,
    pub(crate) policies: Policies,
    pub(crate) policy_changes: Vec<(Seq, PolicyChange)>,
    pub(crate) control: BTreeMap<(Currency, Day), Versioned<(i64, String)>>,
    pub(crate) imports: Vec<Import>,
    pub(crate) erased: BTreeMap<Uid, Seq>,
    pub(crate) blocks: Vec<BlockRef>,
    pub(crate) by_customer: Rc<CustomerIndex>,
    pub(crate) by_key: Rc<KeyIndex>,
    /// Rows that have one natural key because a file came in again after an undo and facts of ours
    /// hang on one of them: each id with all of them. At most one is known at a time.
    pub(crate) kin: BTreeMap<ItemId, Vec<ItemId>>,
    /// Postings of ours that a source has shown, by the key of the document it shows.
    pub(crate) answered: BTreeMap<ItemKey, Versioned<ItemId>>,
    /// Documents that took the place of others, in log order.
    pub(crate) successions: Vec<(Seq, Succession)>,
    pub(crate) statements: Rc<Statements>,
}

/// What a natural fact key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactId {
    /// An activity.
    Activity(ActivityId),
    /// A promise.
    Promise(PromiseId),
    /// A follow-up.
    FollowUp(FollowUpId),
    /// An item of ours.
    Item(ItemId),
    /// A settlement.
    Settlement(SettlementId),
    /// A contact person.
    Contact(ContactId),
}

impl Book {
    /// About the book; `None` before its first commit.
    pub fn about(&self) -> Option<&About> {
        self.about.as_ref()
    }
    /// Entity codes by index.
    pub fn entities(&self) -> &[String] {
        &self.entities
    }
    /// Source names by index.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }
    /// Name of a source; empty for our own.
    pub fn source_name(&self, source: u16) -> &str {
        self.sources.get(source as usize).map_or("", |s| s.as_str())
    }
    /// Commits in log order.
    pub fn commits(&self) -> &[CommitMeta] {
        &self.commits
    }
    /// A commit.
    pub fn commit(&self, seq: Seq) -> Option<&CommitMeta> {
        self.commits.get((seq.0 as usize).checked_sub(1)?)
    }
    /// The last commit; 0 before the first.
    pub fn head(&self) -> Seq {
        Seq(self.commits.len() as u32)
    }
    /// Whether a commit counts as known now.
    pub fn is_live(&self, seq: Seq) -> bool {
        self.live.get(seq.0 as usize).copied().unwrap_or(false)
    }
    /// Which commits counted as known after `known`: index by seq.
    pub fn live_at(&self, known: Seq) -> Vec<bool> {
        self.live_with(known, None)
    }
    /// The same, as it would be if one more commit voided `also`.
    pub(crate) fn live_with(&self, known: Seq, also: Option<Seq>) -> Vec<bool> {
        let n = (known.0 as usize).min(self.commits.len());
        let mut live = vec![true; n + 1];
        live[0] = false;
        // A void is itself voided only by a later commit: from the last to the first is enough.
        for seq in (1..=n).rev() {
            let voided = self
                .voids
                .get(&Seq(seq as u32))
                .is_some_and(|by| by.iter().any(|v| v.0 as usize <= n && live[v.0 as usize]));
            if voided || also == Some(Seq(seq as u32)) {
                live[seq] = false;
            }
        }
        live
    }
    /// The live commit that voids `seq`, if any.
    pub fn voided_by(&self, seq: Seq) -> Option<Seq> {
        self.voids
            .get(&seq)?
            .iter()
            .copied()
            .find(|v| self.is_live(*v))
    }
    /// The commit a command made: the same command twice is once.
    pub fn commit_of(&self, command: Uid) -> Option<Seq> {
        self.commands.get(&command).copied()
    }
    /// All customers by id.
    pub fn customers(&self) -> &[Customer] {
        &self.customers
    }
    /// Customer ids that are known now.
    pub fn customer_ids(&self) -> impl Iterator<Item = CustomerId> + '_ {
        (0..self.customers.len() as u32)
            .map(CustomerId)
            .filter(|c| self.customer_facts(*c).is_some())
    }
    /// A customer.
    pub fn customer(&self, id: CustomerId) -> Option<&Customer> {
        self.customers.get(id.index())
    }
    /// What is known of a customer now; `None` where every commit that named it is undone.
    pub fn customer_facts(&self, id: CustomerId) -> Option<&StagedCustomer> {
        self.customer(id)?.facts.get(&|s| self.is_live(s))
    }
    /// Its natural key.
    pub fn customer_key(&self, id: CustomerId) -> Option<CustomerKey> {
        let c = self.customer(id)?;
        Some(CustomerKey {
            source: self.source_name(c.source).to_owned(),
            number: c.number.clone(),
        })
    }
    /// The customer of a natural key.
    pub fn find_customer(&self, key: &CustomerKey) -> Option<CustomerId> {
        let source = if key.source.is_empty() {
            OWN
        } else {
            self.source_index(&key.source)?
        };
        self.customer_keys
            .get(&(source, key.number.clone()))
            .copied()
    }
    pub(crate) fn source_index(&self, name: &str) -> Option<u16> {
        self.sources
            .iter()
            .position(|s| s == name)
            .map(|i| i as u16)
    }
    /// A contact person.
    pub fn contact(&self, id: ContactId) -> Option<&Contact> {
        self.contacts.get(id.index())
    }
    /// The people at a customer who are known now.
    pub fn contacts_of(&self, id: CustomerId) -> Vec<(ContactId, &ContactFacts)> {
        let live = |s| self.is_live(s);
        let Some(customer) = self.customer(id) else {
            return Vec::new();
        };
        customer
            .contacts
            .iter()
            .filter_map(|&c| {
                let contact = self.contact(c)?;
                contact.removed.get(&live).is_none().then_some(())?;
                Some((c, contact.facts.get(&live)?))
            })
            .collect()
    }
    /// All activities by id, dead ones included.
    pub fn activities(&self) -> &[Activity] {
        &self.activities
    }
    /// All promises by id, dead ones included.
    pub fn promises(&self) -> &[Promise] {
        &self.promises
    }
    /// A promise.
    pub fn promise(&self, id: PromiseId) -> Option<&Promise> {
        self.promises.get(id.index())
    }
    /// All follow-ups by id, dead ones included.
    pub fn follow_ups(&self) -> &[FollowUp] {
        &self.follow_ups
    }
    /// What a natural fact key names.
    pub fn find_fact(&self, key: FactKey) -> Option<FactId> {
        self.fact_keys.get(&key).copied()
    }
    /// The item table.
    pub fn items(&self) -> &ItemTable {
        &self.items
    }
    /// An item, dead ones included.
    pub fn item(&self, id: ItemId) -> Option<ItemRef<'_>> {
        self.items.state(id).map(|state| ItemRef {
            state,
            row: id.row(),
            id,
        })
    }
    /// Whether an item is known now.
    pub fn is_item_live(&self, id: ItemId) -> bool {
        self.item(id).is_some_and(|i| self.is_live(i.commit()))
    }
    /// The item that stands for `id` now: itself, or the one that took its key after an undone
    /// import came in again.
    pub fn current(&self, id: ItemId) -> ItemId {
        if self.is_item_live(id) {
            return id;
        }
        let kin = self.kin.get(&id).map_or(&[][..], |k| k);
        let heir = kin.iter().copied().find(|k| self.is_item_live(*k));
        heir.unwrap_or(id)
    }
    /// An item and the rows that had its natural key before an undo: facts on any of them are its.
    pub fn kin_of(&self, id: ItemId) -> Vec<ItemId> {
        self.kin.get(&id).cloned().unwrap_or_else(|| vec![id])
    }
    /// Due date as known now, override of ours aside.
    pub fn due_of(&self, item: &ItemRef<'_>) -> i32 {
        let changes = item.state.due_changes.get(&(item.row as u16));
        let changed = changes.and_then(|c| c.iter().rev().find(|(s, _)| self.is_live(*s)));
        changed.map_or(item.recorded_due(), |(_, due)| *due)
    }
    /// Original amount as known now.
    pub fn amount_of(&self, item: &ItemRef<'_>) -> i64 {
        let changes = item.state.amount_changes.get(&(item.row as u16));
        let changed = changes.and_then(|c| c.iter().rev().find(|(s, _)| self.is_live(*s)));
        changed.map_or(item.recorded_amount(), |(_, amount)| *amount)
    }
    /// An item's natural key.
    pub fn item_key(&self, id: ItemId) -> Option<ItemKey> {
        use crate::columns::TextField;
        let item = self.item(id)?;
        Some(ItemKey {
            source: self.source_name(item.source()).to_owned(),
            entity: self
                .entities
                .get(item.entity() as usize)
                .cloned()
                .unwrap_or_default(),
            credit: item.kind().is_credit(),
            number: item.number().to_owned(),
            year: item.text(&TextField::FiscalYear).to_owned(),
            line: item.text(&TextField::Line).to_owned(),
        })
    }
    /// The live item of a natural key. Rows that are not indexed yet (see [`Book::index_step`]) are
    /// looked through one by one: right at any time, quick when the index is complete.
    pub fn find_item(&self, key: &ItemKey) -> Option<ItemId> {
        let source = match key.source.as_str() {
            "" => OWN,
            name => self.source_index(name)?,
        };
        self.find_key(source, KeyView::of(key))
    }
    /// [`Book::find_item`] by the parts of a key and the index of its source. A posting of ours that
    /// the source has shown as a document of its own is found under that document's key too.
    pub(crate) fn find_key(&self, source: u16, key: KeyView<'_>) -> Option<ItemId> {
        let is_it = |id: &ItemId| self.is_item_live(*id) && self.has_key(*id, source, key);
        let indexed = self.by_key.candidates(key.hash64()).find(is_it);
        indexed
            .or_else(|| {
                let number = key.number.as_bytes();
                let rest = self.by_key.not_indexed(&self.items);
                rest.filter(|(data, row, _)| data.number.bytes_of(*row) == number)
                    .map(|(_, _, id)| id)
                    .find(is_it)
            })
            .or_else(|| self.answered_as(source, key))
    }
    /// Whether an item has a natural key; compares in place.
    fn has_key(&self, id: ItemId, source: u16, key: KeyView<'_>) -> bool {
        use crate::columns::TextField;
        self.item(id).is_some_and(|item| {
            item.number() == key.number
                && item.kind().is_credit() == key.credit
                && item.source() == source
                && self
                    .entities
                    .get(item.entity() as usize)
                    .map_or("", |e| e.as_str())
                    == key.entity
                && item.text(&TextField::Line) == key.line
                && item.text(&TextField::FiscalYear) == key.year
        })
    }
    /// The posting of ours that a source has shown under a key of its own.
    fn answered_as(&self, source: u16, key: KeyView<'_>) -> Option<ItemId> {
        if self.answered.is_empty() {
            return None;
        }
        let name = self.source_name(source);
        let theirs = self.answered.get(&key.owned(name))?;
        let live = |s| self.is_live(s);
        theirs
            .get(&live)
            .copied()
            .filter(|id| self.is_item_live(*id))
    }
    /// The documents of a source under which it has shown postings of ours: key and item.
    pub fn answered(&self) -> impl Iterator<Item = (&ItemKey, ItemId)> + '_ {
        let live = |s| self.is_live(s);
        let all = self.answered.iter();
        all.filter_map(move |(key, item)| Some((key, item.get(&live).copied()?)))
    }
    /// Since when a whole list of its source no longer shows an item; `None` while it does.
    pub fn absent_since(&self, id: ItemId) -> Option<Day> {
        let changes = self.items.state(id)?.absences.get(&(id.row() as u16))?;
        let last = changes.iter().rev().find(|(s, _)| self.is_live(*s))?;
        crate::items::day(last.1)
    }
    /// Indexes rows added one by one: a commit adds few.
    pub(crate) fn index_loose(&mut self) {
        let grown: Vec<usize> = self
            .items
            .loose()
            .filter(|n| !self.by_key.is_done(&self.items, *n))
            .collect();
        if grown.is_empty() {
            return;
        }
        let mut index = std::mem::take(&mut self.by_key);
        for number in grown {
            Rc::make_mut(&mut index).add_segment(self, number);
        }
        self.by_key = index;
    }
    /// Indexes one more segment by key; false when all are. A slice of work for idle time: a
    /// segment takes a few milliseconds.
    pub fn index_step(&mut self) -> bool {
        if self.by_key.is_complete(&self.items) {
            return false;
        }
        let mut index = std::mem::take(&mut self.by_key);
        let more = Rc::make_mut(&mut index).add_next_segment(self);
        self.by_key = index;
        more
    }
    /// Indexes every segment by key.
    pub fn index_all(&mut self) {
        while self.index_step() {}
    }
    /// Brings the index of items by customer up to date; cheap when nothing came in.
    pub fn index_customers(&mut self) {
        if !self.by_customer.is_current(&self.items) {
            self.by_customer = Rc::new(CustomerIndex::build(&self.items, self.customers.len()));
        }
    }
    /// A customer's items in log order, dead ones left out. Needs [`Book::index_customers`].
    pub fn items_of(&self, id: CustomerId) -> impl Iterator<Item = ItemRef<'_>> + '_ {
        let loose = self.customer(id).map_or(&[][..], |c| &c.loose_items);
        self.by_customer
            .of(id)
            .iter()
            .chain(loose)
            .filter_map(|&i| self.item(i))
            .filter(|i| self.is_live(i.commit()))
    }
    /// The settlement table.
    pub fn settlements(&self) -> &SettlementTable {
        &self.settlements
    }
    /// An item's settlements, newest first, dead and reversed ones included.
    pub fn settlements_of(&self, id: ItemId) -> impl Iterator<Item = Settlement> + '_ {
        let head = self
            .items
            .state(id)
            .and_then(|s| s.chain.get(id.row()))
            .copied()
            .unwrap_or(0);
        self.settlements.chain(id, head)
    }
    /// The reversal of a settlement as known now.
    pub fn reversal_of(&self, id: SettlementId) -> Option<crate::settlements::ReversalFact> {
        self.settlements.reversal(id, &|s| self.is_live(s))
    }
    /// Where a settlement stands against the source, as known now.
    pub fn standing_of(&self, id: SettlementId) -> Standing {
        self.settlements.standing(id, &|s| self.is_live(s))
    }
    /// Whether a settlement counts now.
    pub fn counts(&self, s: &Settlement) -> bool {
        self.is_live(s.commit)
            && self.standing_of(s.id).counts()
            && self.reversal_of(s.id).is_none()
    }
    /// A collector's field of an item as known now; empty where not set.
    pub fn field(&self, id: ItemId, field: CollectorField) -> &str {
        let live = |s| self.is_live(s);
        let of = |id: &ItemId| self.fields.get(id)?.get(&field)?.latest(&live);
        let latest = match self.kin.get(&id) {
            None => of(&id),
            Some(kin) => kin.iter().filter_map(of).max_by_key(|(seq, _)| *seq),
        };
        let inherited = || {
            let before = self.predecessors(id);
            before.iter().filter_map(of).max_by_key(|(seq, _)| *seq)
        };
        let latest = latest.or_else(inherited);
        latest.map_or("", |(_, value)| value.as_str())
    }
    /// Documents that took the place of others as known now, in log order; those found unrelated
    /// included.
    pub fn successions(&self) -> impl Iterator<Item = (Seq, &Succession)> + '_ {
        let live = self.successions.iter().filter(|(s, _)| self.is_live(*s));
        live.map(|(seq, s)| (*seq, s))
    }
    /// The succession by which an item's place was taken, if it was.
    pub fn successor_of(&self, id: ItemId) -> Option<(Seq, &Succession)> {
        self.successions()
            .filter(|(_, s)| s.kind != SuccessionKind::Unrelated && s.from.contains(&id))
            .last()
    }
    /// The documents whose place an item took, and theirs, the nearest first.
    pub fn predecessors(&self, id: ItemId) -> Vec<ItemId> {
        let mut out: Vec<ItemId> = Vec::new();
        if self.successions.is_empty() {
            return out;
        }
        let mut at = vec![id];
        while let Some(id) = at.pop() {
            let taken = self
                .successions()
                .filter(|(_, s)| s.kind != SuccessionKind::Unrelated && s.to.contains(&id));
            for (_, s) in taken {
                let fresh = s.from.iter().filter(|f| **f != id);
                let fresh: Vec<ItemId> = fresh.filter(|f| !out.contains(f)).copied().collect();
                at.extend(&fresh);
                out.extend(fresh);
            }
        }
        out
    }
    /// Customers that the source keeps under this one now, as known now.
    pub fn merged_from(&self, id: CustomerId) -> Vec<CustomerId> {
        let live = |s| self.is_live(s);
        let into = |c: &Customer| c.merged_into.get(&live).copied();
        let all = self.customers.iter().enumerate();
        all.filter(|(_, c)| into(c) == Some(id))
            .map(|(n, _)| CustomerId(n as u32))
            .collect()
    }
    /// Every item that carries collector's fields.
    pub fn items_with_fields(&self) -> impl Iterator<Item = ItemId> + '_ {
        self.fields.keys().copied()
    }
    /// The history of a collector's field in log order, dead versions and those set while the row
    /// was another one (see [`Book::kin_of`]) included.
    pub fn field_history(&self, id: ItemId, field: CollectorField) -> Vec<(Seq, &str)> {
        let kin = self.kin_of(id);
        let versions = kin.iter().filter_map(|id| self.fields.get(id)?.get(&field));
        let mut all: Vec<(Seq, &str)> = versions
            .flat_map(|v| {
                v.history()
                    .iter()
                    .map(|(seq, value)| (*seq, value.as_str()))
            })
            .collect();
        duebook_money::order::sort_by_key(&mut all, |(seq, _)| *seq);
        all
    }
    /// The policies in force.
    pub fn policies(&self) -> &Policies {
        &self.policies
    }
    /// The policies in force by the commits that count in a view ([`Book::live_at`]).
    pub fn policies_known(&self, live: &[bool]) -> Policies {
        let currency = self.about.as_ref().map_or(Currency::XXX, |a| a.currency);
        let mut policies = Policies::new(currency);
        for (seq, change) in &self.policy_changes {
            if live.get(seq.index()).copied().unwrap_or(false) {
                policies.set(change.clone());
            }
        }
        policies
    }
    /// The control balances given: currency, day, minor units, source.
    pub fn control_balances(&self) -> impl Iterator<Item = (Currency, Day, i64, &str)> + '_ {
        self.control.iter().filter_map(|((currency, day), v)| {
            let (minor, source) = v.get(&|s| self.is_live(s))?;
            Some((*currency, *day, *minor, source.as_str()))
        })
    }
    /// Live imports in log order.
    pub fn imports(&self) -> impl Iterator<Item = &Import> + '_ {
        self.imports.iter().filter(|i| self.is_live(i.commit))
    }
    /// When a text was erased, if it was.
    pub fn erased(&self, text: Uid) -> Option<Seq> {
        self.erased.get(&text).copied()
    }
    /// Every bulk record the book stands on.
    pub fn blocks(&self) -> &[BlockRef] {
        &self.blocks
    }
}
