//! Collector's fields of an item, and the documents whose place it took.

use super::Book;
use crate::event::Succession;
use crate::facts::*;
use crate::ids::*;
use crate::people::*;

impl Book {
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
    /// A customer and those that the source keeps under it now, and theirs: what was said with them was
    /// said with this one.
    pub fn with_merged(&self, id: CustomerId) -> Vec<CustomerId> {
        let mut all = vec![id];
        let mut at = 0;
        while let Some(id) = all.get(at).copied() {
            let before = self.merged_from(id);
            let fresh: Vec<CustomerId> = before.into_iter().filter(|c| !all.contains(c)).collect();
            all.extend(fresh);
            at += 1;
        }
        all
    }
    /// The people at a customer and at those that go on as it, known now. For one customer at a time:
    /// it looks through them all for mergers.
    pub fn people_of(&self, id: CustomerId) -> Vec<(ContactId, &ContactFacts)> {
        let all = self.with_merged(id).into_iter();
        all.flat_map(|c| self.contacts_of(c)).collect()
    }
    /// The customer under which the source keeps this one now, as known now.
    pub fn merged_into(&self, id: CustomerId) -> Option<CustomerId> {
        let live = |s| self.is_live(s);
        self.customer(id)?.merged_into.get(&live).copied()
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
}
