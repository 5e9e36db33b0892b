//! The book: everything known, in memory. A fork (`clone`) copies pointers of the segments.

use crate::columns::StagedCustomer;
use crate::event::{BlockRef, Succession};
use crate::facts::*;
use crate::ids::*;
use crate::index::{CustomerIndex, KeyIndex};
use crate::items::{ItemRef, ItemTable, OWN};
use crate::keys::{CustomerKey, FactKey, ItemKey};
use crate::outbox::{Matter, Telling};
use crate::people::*;
use crate::policy::{Policies, PolicyChange};
use crate::settlements::{Settlement, SettlementTable};
use crate::statements::Statements;
use crate::versioned::Versioned;
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;
use std::rc::Rc;

mod keys;
mod succession;

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
    /// Items it added; customers, where it is of those.
    pub added: u64,
    /// Items it changed, or customers.
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
    pub(crate) remarks: Vec<crate::work::Remark>,
    pub(crate) fact_keys: BTreeMap<FactKey, FactId>,
    pub(crate) items: ItemTable,
    pub(crate) settlements: Rc<SettlementTable>,
    pub(crate) fields: BTreeMap<ItemId, BTreeMap<CollectorField, Versioned<String>>>,
    pub(crate) policies: Policies,
    pub(crate) policy_changes: Vec<(Seq, PolicyChange)>,
    pub(crate) control: BTreeMap<(Currency, Day), Versioned<(i64, String)>>,
    pub(crate) imports: Vec<Import>,
    pub(crate) erased: BTreeMap<Uid, Seq>,
    /// On what ground each erasure was made.
    pub(crate) erasures: BTreeMap<Seq, String>,
    pub(crate) blocks: Vec<BlockRef>,
    pub(crate) by_customer: Rc<CustomerIndex>,
    pub(crate) by_key: Rc<KeyIndex>,
    /// Rows that have one natural key because a file came in again after an undo and facts of ours
    /// hang on one of them: each id with all of them. At most one is known at a time.
    pub(crate) kin: BTreeMap<ItemId, Vec<ItemId>>,
    /// Postings of ours that a source has shown, by the key of the document it shows.
    pub(crate) answered: BTreeMap<ItemKey, Versioned<ItemId>>,
    /// Those of which the source shows only the rest, by the amount that its document bears.
    pub(crate) shown_rests: BTreeMap<ItemId, Versioned<Option<i64>>>,
    /// Documents that took the place of others, in log order.
    pub(crate) successions: Vec<(Seq, Succession)>,
    /// What the source was told of; `None`: it is to be told again.
    pub(crate) told: BTreeMap<Matter, Versioned<Option<Telling>>>,
    pub(crate) statements: Rc<Statements>,
    pub(crate) cases: Rc<crate::cases::Cases>,
    pub(crate) desk: crate::desk::Desk,
    pub(crate) recon: Rc<crate::recon::Recon>,
    pub(crate) shifts: crate::shift::Shifts,
    /// This fork decides again what has happened in another copy: a promise given there stands,
    /// although less is open by now.
    pub(crate) again: bool,
    pub(crate) plans: Rc<crate::plans::Plans>,
    pub(crate) reporting: Rc<crate::reporting::Reporting>,
    pub(crate) letters: Rc<crate::letters::Letters>,
    pub(crate) templates: crate::template::Templates,
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
    /// A dispute or query.
    Case(CaseId),
    /// A resolution asked for.
    Request(RequestId),
    /// A question put to somebody above.
    Escalation(EscalationId),
    /// A call that was parked: its number among those.
    Parked(u32),
    /// A payment plan.
    Plan(PlanId),
    /// A settlement offer.
    Offer(OfferId),
    /// Items placed.
    Placement(PlacementId),
    /// An entry of the risk register.
    Risk(RiskId),
    /// A letter.
    Letter(LetterId),
    /// A hold.
    Hold(HoldId),
    /// A query.
    Query(QueryId),
    /// A document.
    Document(DocumentId),
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
    /// How many texts were erased: what shows texts is drawn anew when it rises.
    pub fn erased_count(&self) -> usize {
        self.erased.len()
    }
    /// On what ground the texts of an erasure were erased.
    pub fn erasure(&self, seq: Seq) -> Option<&str> {
        self.erasures.get(&seq).map(String::as_str)
    }
    /// Every bulk record the book stands on.
    pub fn blocks(&self) -> &[BlockRef] {
        &self.blocks
    }
}
