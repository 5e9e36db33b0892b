//! Items by their natural key and by customer, and the indexes behind it.

use super::Book;
use crate::ids::{CustomerId, ItemId};
use crate::index::CustomerIndex;
use crate::items::{ItemRef, OWN};
use crate::keys::{ItemKey, KeyView};
use duebook_money::Day;
use std::rc::Rc;

impl Book {
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
    /// The postings of ours that a source had shown, in a view of the log.
    pub fn answered_by<'a>(
        &'a self,
        source: &'a str,
        live: impl Fn(crate::ids::Seq) -> bool + 'a,
    ) -> impl Iterator<Item = ItemId> + 'a {
        let theirs = self
            .answered
            .iter()
            .filter(move |(k, _)| k.source == source);
        theirs.filter_map(move |(_, item)| item.get(&live).copied())
    }
    /// The amount that a source's document of a posting of ours bears, signed, where it shows only
    /// the rest that we had not applied.
    pub(crate) fn shown_rest(&self, id: ItemId) -> Option<i64> {
        let live = |s| self.is_live(s);
        *self.shown_rests.get(&id)?.get(&live)?
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
    /// Whether every segment is indexed by key.
    pub fn is_indexed(&self) -> bool {
        self.by_key.is_complete(&self.items)
    }
    /// Indexes one more segment by key; false when all are. A slice of work for idle time: a
    /// segment takes a few milliseconds.
    pub fn index_step(&mut self) -> bool {
        if self.is_indexed() {
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
        self.items_ever_of(id).filter(|i| self.is_live(i.commit()))
    }
    /// The same with the dead ones, which earlier views may show.
    pub(crate) fn items_ever_of(&self, id: CustomerId) -> impl Iterator<Item = ItemRef<'_>> + '_ {
        let loose = self.customer(id).map_or(&[][..], |c| &c.loose_items);
        self.by_customer
            .of(id)
            .iter()
            .chain(loose)
            .filter_map(|&i| self.item(i))
    }
}
