//! Indexes that are derived from the items and can be rebuilt at any time: by customer (counting
//! sort) and by natural key (hash to ids, equality checked by the caller).

use crate::book::Book;
use crate::columns::{Segment, TextField};
use crate::ids::{CustomerId, ItemId};
use crate::items::{ItemTable, Recorded};

/// Items of whole segments by customer.
#[derive(Debug, Clone, Default)]
pub struct CustomerIndex {
    starts: Vec<u32>,
    ids: Vec<ItemId>,
    segments: usize,
}

impl CustomerIndex {
    pub(crate) fn is_current(&self, items: &ItemTable) -> bool {
        self.segments == items.segments().len()
    }
    pub(crate) fn build(items: &ItemTable, customers: usize) -> Self {
        let bulk = || {
            let all = items.segments().iter().enumerate();
            all.filter(|(_, s)| matches!(s.recorded, Recorded::Together(_)))
        };
        let mut starts = vec![0u32; customers + 2];
        for (_, segment) in bulk() {
            for &c in &segment.data.customer {
                if let Some(slot) = starts.get_mut(c as usize + 2) {
                    *slot += 1;
                }
            }
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let total = starts.last().copied().unwrap_or(0) as usize;
        let mut ids = vec![ItemId(0); total];
        for (number, segment) in bulk() {
            for (row, &c) in segment.data.customer.iter().enumerate() {
                if c as usize >= customers {
                    continue;
                }
                let at = &mut starts[c as usize + 1];
                ids[*at as usize] = ItemId::new(number, row);
                *at += 1;
            }
        }
        CustomerIndex {
            starts,
            ids,
            segments: items.segments().len(),
        }
    }
    pub(crate) fn of(&self, id: CustomerId) -> &[ItemId] {
        let at = |i: usize| self.starts.get(i).map(|&s| s as usize);
        match (at(id.index()), at(id.index() + 1)) {
            (Some(from), Some(to)) => self.ids.get(from..to).unwrap_or(&[]),
            _ => &[],
        }
    }
}

/// Items by the hash of their natural key: open addressing on the upper half of the hash.
#[derive(Debug, Clone, Default)]
pub struct KeyIndex {
    /// (tag, id + 1); id 0 marks a free place.
    slots: Vec<(u32, u32)>,
    used: usize,
    /// Per segment, the rows indexed.
    done: Vec<usize>,
}

impl KeyIndex {
    fn tag(hash: u64) -> u32 {
        (hash >> 32) as u32 ^ hash as u32
    }
    /// The ids whose key has this hash (or one that looks like it), in order of insertion.
    pub fn candidates(&self, hash: u64) -> impl Iterator<Item = ItemId> + '_ {
        let (tag, mask) = (Self::tag(hash), self.slots.len().wrapping_sub(1));
        let mut at = tag as usize & mask;
        std::iter::from_fn(move || {
            while let Some(&(found, id)) = self.slots.get(at) {
                if id == 0 {
                    return None;
                }
                at = (at + 1) & mask;
                if found == tag {
                    return Some(ItemId(id - 1));
                }
            }
            None
        })
    }
    fn insert(&mut self, tag: u32, id: u32) {
        let mask = self.slots.len() - 1;
        let mut at = tag as usize & mask;
        while self.slots[at].1 != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = (tag, id);
        self.used += 1;
    }
    fn reserve(&mut self, more: usize) {
        let wanted = ((self.used + more) * 2).next_power_of_two().max(64);
        if wanted > self.slots.len() {
            let old = std::mem::replace(&mut self.slots, vec![(0, 0); wanted]);
            self.used = 0;
            old.into_iter()
                .filter(|s| s.1 != 0)
                .for_each(|(tag, id)| self.insert(tag, id));
        }
    }
    /// Indexes what the next unfinished segment has gained; false when nothing is left.
    pub(crate) fn add_next_segment(&mut self, book: &Book) -> bool {
        let segments = book.items().segments();
        let next = (0..segments.len()).find(|&s| self.rows_done(s) < segments[s].data.len());
        if let Some(number) = next {
            self.add_segment(book, number);
        }
        next.is_some()
    }
    fn rows_done(&self, segment: usize) -> usize {
        self.done.get(segment).copied().unwrap_or(0)
    }
    /// Whether every row of a segment is indexed.
    pub(crate) fn is_done(&self, items: &ItemTable, segment: usize) -> bool {
        let state = items.segments().get(segment);
        state.is_none_or(|s| self.rows_done(segment) >= s.data.len())
    }
    /// Whether every row of every segment is.
    pub(crate) fn is_complete(&self, items: &ItemTable) -> bool {
        (0..items.segments().len()).all(|n| self.is_done(items, n))
    }
    /// Whether a row has been indexed.
    pub(crate) fn has(&self, id: ItemId) -> bool {
        id.row() < self.rows_done(id.segment())
    }
    /// Rows that are not indexed yet, in log order.
    pub(crate) fn not_indexed<'a>(
        &'a self,
        items: &'a ItemTable,
    ) -> impl Iterator<Item = (&'a Segment, usize, ItemId)> + 'a {
        items.segments().iter().enumerate().flat_map(|(n, state)| {
            let data = &*state.data;
            (self.rows_done(n)..data.len()).map(move |row| (data, row, ItemId::new(n, row)))
        })
    }
    /// Indexes what a segment has gained.
    pub(crate) fn add_segment(&mut self, book: &Book, number: usize) {
        let segments = book.items().segments();
        let Some(state) = segments.get(number) else {
            return;
        };
        if self.done.len() < segments.len() {
            self.done.resize(segments.len(), 0);
        }
        let data = &state.data;
        self.reserve(data.len().saturating_sub(self.done[number]));
        for row in self.done[number]..data.len() {
            let hash = hash_of(book, data, row);
            self.insert(Self::tag(hash), ItemId::new(number, row).0 + 1);
        }
        self.done[number] = data.len();
    }
}

/// The hash of a row's natural key.
pub(crate) fn hash_of(book: &Book, data: &Segment, row: usize) -> u64 {
    let kind = crate::columns::ItemKind::from_u8(data.kind[row]);
    crate::columns::key_hash(
        book.entities()
            .get(data.entity[row] as usize)
            .map_or("", |e| e.as_str()),
        data.number.get(row),
        data.text(&TextField::FiscalYear, row),
        data.text(&TextField::Line, row),
        kind.map_or(data.amount[row] < 0, |k| k.is_credit()),
    )
}
