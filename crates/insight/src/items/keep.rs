//! A list of items kept from the deltas of commits: what a commit touched is taken out and put in
//! again where it belongs, in one pass over the positions.

use super::{Listed, Scanned, Wanted, key_of, order};
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan};
use std::rc::Rc;

/// With more items touched than this the list is made anew.
const MOST: usize = 4096;

impl Listed {
    /// Follows a commit that touched some customers and nothing that is about all of them. False
    /// where the list has to be made anew; it is then as before.
    pub fn update(&mut self, book: &Book, touched: &[CustomerId]) -> bool {
        let known = self.all.len();
        if !self.all.grows_into(book) {
            return false;
        }
        let scan = OpenScan::new(book, self.asked.view);
        let owned = touched.iter().flat_map(|c| book.items_of(*c));
        let mut items: Vec<ItemId> = owned.map(|i| i.id).take(MOST + 1).collect();
        if items.len() > MOST {
            return false;
        }
        items.sort_unstable();
        items.dedup();
        Rc::make_mut(&mut self.all).owners = scan.owners().clone();
        let mut moved = Moved::new(known);
        for id in &items {
            moved.add(self.all.slot(*id).filter(|at| (*at as usize) < known));
        }
        for at in self.found.iter().filter(|at| moved.has(**at)) {
            self.totals.add(&self.all, *at, -1);
        }
        self.found.retain(|at| !moved.has(*at));
        self.ordered.retain(|at| !moved.has(*at));
        let all = Rc::make_mut(&mut self.all);
        for id in items {
            all.mark(book, &scan, id);
            if let (Some(at), Some(segment)) = (all.slot(id), scan.segment(id.segment()))
                && (at as usize) < known
            {
                all.read(&segment, id, at as usize);
            }
        }
        all.take_new(book, &scan);
        let mut positions = moved.positions;
        positions.extend(known as u32..all.len() as u32);
        positions.sort_unstable();
        self.put(book, positions);
        true
    }

    /// Puts positions where they belong.
    fn put(&mut self, book: &Book, mut positions: Vec<u32>) {
        let wanted = Wanted::new(book, &self.asked.filter);
        positions.retain(|at| wanted.fits(book, &self.all, *at));
        for at in &positions {
            self.totals.add(&self.all, *at, 1);
        }
        self.totals.sums.retain(|(_, sum)| *sum != 0);
        let found = positions.iter();
        let found = found.map(|at| (self.found.partition_point(|f| f < at), *at));
        let found: Vec<(usize, u32)> = found.collect();
        let Some(by) = self.asked.by else {
            return insert(&mut self.found, &found);
        };
        insert(&mut self.found, &found);
        let all = &self.all;
        let keyed = |at: u32| (key_of(book, all, by.0, at), at);
        let mut new: Vec<_> = positions.into_iter().map(keyed).collect();
        new.sort_unstable_by(|a, b| order(book, all, by, a, b));
        let place = |new: &(_, u32)| {
            let before = |at: &u32| order(book, all, by, &keyed(*at), new).is_lt();
            (self.ordered.partition_point(before), new.1)
        };
        let places: Vec<(usize, u32)> = new.iter().map(place).collect();
        insert(&mut self.ordered, &places);
    }
}

impl Scanned {
    pub(super) fn reserve(&mut self, rows: usize) {
        self.open.reserve(rows);
        self.from.reserve(rows);
        self.due.reserve(rows);
        self.currency.reserve(rows);
    }
    /// Where a row of the book stands or will stand.
    fn slot(&self, id: ItemId) -> Option<u32> {
        Some(self.starts.get(id.segment())? + id.row() as u32)
    }
    /// Whether what came into the book stands behind what is here: only the last segment grew.
    fn grows_into(&self, book: &Book) -> bool {
        let segments = book.items().segments();
        let ends = self.starts.iter().skip(1);
        segments.len() >= self.starts.len()
            && self
                .starts
                .iter()
                .zip(ends)
                .zip(segments)
                .all(|((start, end), s)| (end - start) as usize == s.data.len())
    }
    /// Reads the rows that came in.
    fn take_new(&mut self, book: &Book, scan: &OpenScan<'_>) {
        let first = self.starts.len().saturating_sub(1);
        for number in first..book.items().segments().len() {
            if number >= self.starts.len() {
                self.starts.push(self.open.len() as u32);
            }
            let Some(segment) = scan.segment(number) else {
                continue;
            };
            let start = self.starts[number] as usize;
            for row in self.open.len() - start..segment.len() {
                let id = ItemId::new(number, row);
                self.mark(book, scan, id);
                self.read(&segment, id, start + row);
            }
        }
    }
}

/// Positions on the move.
struct Moved {
    bits: Vec<u64>,
    positions: Vec<u32>,
}

impl Moved {
    fn new(rows: usize) -> Self {
        Moved {
            bits: vec![0; rows.div_ceil(64)],
            positions: Vec::new(),
        }
    }
    fn add(&mut self, at: Option<u32>) {
        let Some(at) = at else { return };
        if let Some(word) = self.bits.get_mut(at as usize / 64) {
            *word |= 1 << (at % 64);
            self.positions.push(at);
        }
    }
    fn has(&self, at: u32) -> bool {
        let word = self.bits.get(at as usize / 64);
        word.is_some_and(|w| w >> (at % 64) & 1 == 1)
    }
}

/// Inserts positions before the indices given, which rise, in one pass from the end.
fn insert(list: &mut Vec<u32>, places: &[(usize, u32)]) {
    let mut from = list.len();
    list.resize(from + places.len(), 0);
    let mut to = list.len();
    for (index, at) in places.iter().rev() {
        let rows = from - index;
        list.copy_within(*index..from, to - rows);
        (from, to) = (*index, to - rows - 1);
        list[to] = *at;
    }
}
