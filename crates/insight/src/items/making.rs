//! A list of items in the making, in slices of a few milliseconds.

use super::{Asked, By, Listed, Scanned, Totals, Wanted, key_of, order};
use crate::listing::{Key, Runs};
use crate::overlay::shown_as;
use duebook_ledger::{Book, ItemId, OpenScan, Seq};
use std::rc::Rc;

/// Items with collector's fields looked at at a time.
const MARKED: usize = 4096;
/// Positions given a key and put in order at a time.
const RUN: usize = 16_384;
/// Positions taken from the runs at a time.
const MERGED: usize = 32_768;

/// A list in the making. A commit in between begins it again: a list of two states would be wrong.
pub struct Making {
    head: Seq,
    asked: Asked,
    all: Rc<Scanned>,
    wanted: Option<Wanted>,
    found: Vec<u32>,
    totals: Totals,
    stage: Stage,
}

enum Stage {
    /// Reading what few items are marked with; the next.
    Mark(Vec<ItemId>, usize),
    /// Reading segments; the next.
    Scan(usize),
    /// Filtering segments; the next.
    Filter(usize),
    /// Making sorted runs of keyed positions; the next position of those found.
    Runs(Runs, usize),
    /// Merging them.
    Merge(Runs, Vec<u32>),
    Done(Vec<u32>),
}

impl Making {
    /// Nothing is read yet. Of a list of the same view, which is of the book as it is, the scan is
    /// used again, and what was found where only the order is another.
    pub fn new(book: &Book, asked: Asked, of: Option<&Listed>) -> Self {
        let of = of.filter(|l| l.asked.view == asked.view);
        let same = of.filter(|l| l.asked.filter == asked.filter);
        let all = of.map_or_else(
            || Rc::new(Scanned::new(book, asked.view)),
            |l| l.all.clone(),
        );
        let stage = match (of, same) {
            (None, _) => Stage::Mark(crate::overlay::marked(book), 0),
            (Some(_), None) => Stage::Filter(0),
            (_, Some(_)) => after_filter(asked.by),
        };
        Making {
            head: book.head(),
            all,
            wanted: None,
            found: same.map_or(Vec::new(), |l| l.found.clone()),
            totals: same.map_or(Totals::default(), |l| l.totals.clone()),
            asked,
            stage,
        }
    }

    /// One slice; answers the list when it is done.
    pub fn step(&mut self, book: &Book) -> Option<Listed> {
        if self.head != book.head() {
            *self = Making::new(book, self.asked.clone(), None);
        }
        let stage = std::mem::replace(&mut self.stage, Stage::Done(Vec::new()));
        self.stage = match stage {
            Stage::Mark(ids, next) => self.mark(book, ids, next),
            Stage::Scan(number) => self.scan(book, number),
            Stage::Filter(number) => self.filter(book, number),
            Stage::Runs(runs, next) => self.run(book, runs, next),
            Stage::Merge(runs, out) => self.merge(book, runs, out),
            Stage::Done(ordered) => {
                return Some(Listed {
                    asked: self.asked.clone(),
                    all: self.all.clone(),
                    found: std::mem::take(&mut self.found),
                    ordered,
                    totals: std::mem::take(&mut self.totals),
                });
            }
        };
        None
    }

    fn mark(&mut self, book: &Book, ids: Vec<ItemId>, next: usize) -> Stage {
        let scan = OpenScan::new(book, self.asked.view);
        let end = (next + MARKED).min(ids.len());
        let all = Rc::make_mut(&mut self.all);
        for id in &ids[next..end] {
            all.mark(book, &scan, shown_as(book, &scan, *id));
        }
        match end < ids.len() {
            true => Stage::Mark(ids, end),
            false => Stage::Scan(0),
        }
    }

    fn scan(&mut self, book: &Book, number: usize) -> Stage {
        let scan = OpenScan::new(book, self.asked.view);
        let Some(segment) = scan.segment(number) else {
            return Stage::Filter(0);
        };
        let all = Rc::make_mut(&mut self.all);
        if number == 0 {
            all.reserve(book.items().len());
            all.owners = scan.owners().clone();
        }
        all.starts.push(all.len() as u32);
        for row in 0..segment.len() {
            let at = all.len();
            all.read(&segment, ItemId::new(number, row), at);
        }
        Stage::Scan(number + 1)
    }

    fn filter(&mut self, book: &Book, number: usize) -> Stage {
        if number >= self.all.starts.len() {
            self.wanted = None;
            self.totals.sums.retain(|(_, sum)| *sum != 0);
            return after_filter(self.asked.by);
        }
        let filter = &self.asked.filter;
        let wanted = self.wanted.get_or_insert_with(|| Wanted::new(book, filter));
        let first = self.found.len();
        wanted.of_segment(book, &self.all, number, &mut self.found);
        for at in &self.found[first..] {
            self.totals.add(&self.all, *at, 1);
        }
        Stage::Filter(number + 1)
    }

    fn run(&mut self, book: &Book, mut runs: Runs, next: usize) -> Stage {
        let end = (next + RUN).min(self.found.len());
        let Some(by) = self.asked.by else {
            return Stage::Done(Vec::new());
        };
        let all = &self.all;
        let found = self.found[next..end].iter();
        let mut run: Vec<(Key, u32)> = found
            .map(|at| (key_of(book, all, by.0, *at), *at))
            .collect();
        run.sort_unstable_by(|a, b| order(book, all, by, a, b));
        runs.push(run);
        match end < self.found.len() {
            true => Stage::Runs(runs, end),
            false => {
                runs.heap(|a, b| order(book, all, by, a, b));
                Stage::Merge(runs, Vec::with_capacity(self.found.len()))
            }
        }
    }

    fn merge(&mut self, book: &Book, mut runs: Runs, mut out: Vec<u32>) -> Stage {
        let Some(by) = self.asked.by else {
            return Stage::Done(Vec::new());
        };
        let all = &self.all;
        for _ in 0..MERGED {
            match runs.next(|a, b| order(book, all, by, a, b)) {
                Some(at) => out.push(at),
                None => return Stage::Done(out),
            }
        }
        Stage::Merge(runs, out)
    }
}

fn after_filter(by: Option<(By, bool)>) -> Stage {
    match by {
        Some(_) => Stage::Runs(Runs::default(), 0),
        None => Stage::Done(Vec::new()),
    }
}
