//! Rows that the user unticks in a staged file: what remains, and its figures. The file is not read
//! again; only what the ticks touch is copied.

use super::preview::{self, Figures};
use super::stage::{Batch, Staged};
use super::totals::Totals;
use duebook_ledger::columns::{Segment, StagedItems};
use std::rc::Rc;

/// The lines that are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOut {
    all_but: bool,
    lines: Vec<u32>,
}

impl LeftOut {
    /// These lines, or with `all_but` every line but these.
    pub fn new(all_but: bool, mut lines: Vec<u32>) -> Self {
        duebook_money::order::sort(&mut lines);
        LeftOut { all_but, lines }
    }
    /// Whether a line is left out.
    pub fn holds(&self, line: u32) -> bool {
        self.lines.binary_search(&line).is_ok() != self.all_but
    }
    /// Whether nothing can be left out by it.
    pub fn is_nothing(&self) -> bool {
        !self.all_but && self.lines.is_empty()
    }
}

/// What remains of a staged file.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What would be committed.
    pub batch: Batch,
    /// The rows of items left out, as in the file: they are neither taken nor missing.
    pub left: Vec<Segment>,
}

impl Staged {
    /// What remains when lines are left out.
    pub fn without(&self, out: &LeftOut) -> Kept {
        let (items, left) = items(&self.batch.items, out);
        let batch = self.rest(items, out);
        Kept { batch, left }
    }

    /// The lines left out, rising.
    pub fn left_lines(&self, out: &LeftOut) -> Vec<u32> {
        self.lines().into_iter().filter(|l| out.holds(*l)).collect()
    }

    /// Figures of what remains. Nothing of the file is copied: it is asked at every tick.
    pub fn figures_without(&self, out: &LeftOut) -> Figures {
        let lines = self.left_lines(out);
        let mut figures = self.preview.figures();
        let warned = self.preview.notes.warned.iter();
        let warned = warned.filter(|(line, _)| lines.binary_search(line).is_ok());
        let gone = match self.batch.customer_lines.is_empty() {
            true => lines.len() as u64,
            // A customer of several lines goes with all of them.
            false => self.rows_of(out),
        };
        let counts = &mut figures.counts;
        counts.accepted = counts.accepted.saturating_sub(gone);
        counts.left_out += gone;
        counts.warned = counts.warned.saturating_sub(warned.count() as u64);
        let (totals, named) = self.sums(out);
        let lines = self.batch.customer_lines.iter();
        figures.customers = named.max(lines.filter(|l| !out.holds(**l)).count() as u64);
        figures.totals = preview::totals(&totals);
        figures.hash_total = totals.hash;
        figures
    }

    /// Totals of what remains, and how many customers its items name.
    fn sums(&self, out: &LeftOut) -> (Totals, u64) {
        let all = &self.batch;
        let mut totals = Totals::default();
        let mut named = vec![false; all.items.customers.len()];
        for s in &all.items.segments {
            for row in (0..s.len()).filter(|row| !out.holds(s.line[*row])) {
                totals.add(s.currency[row], s.amount[row], s.open[row]);
                totals.add_number(s.number.get(row));
                if let Some(named) = named.get_mut(s.customer[row] as usize) {
                    *named = true;
                }
            }
        }
        for p in all.payments.iter().filter(|p| !out.holds(p.line)) {
            if let Some(currency) = p.currency {
                totals.add(currency.numeric(), p.amount, p.amount);
            }
            totals.add_number(&p.number);
        }
        for s in all.sales.iter().filter(|s| !out.holds(s.line)) {
            totals.add(s.currency.numeric(), s.amount, s.amount);
        }
        (totals, named.iter().filter(|n| **n).count() as u64)
    }

    /// Payments, sales and customers that remain.
    fn rest(&self, items: StagedItems, out: &LeftOut) -> Batch {
        let all = &self.batch;
        let stays = |line: u32| !out.holds(line);
        let at = |at: usize| all.customer_lines.get(at).is_none_or(|l| stays(*l));
        let kept = all.customers.iter().enumerate().filter(|(n, _)| at(*n));
        let customers: Vec<_> = kept.map(|(_, c)| c.clone()).collect();
        let named: std::collections::BTreeSet<&str> =
            customers.iter().map(|c| c.number.as_str()).collect();
        let contacts = all.contacts.iter();
        let contacts = contacts.filter(|c| named.contains(c.customer.as_str()));
        let payments = all.payments.iter().filter(|p| stays(p.line));
        let sales = all.sales.iter().filter(|s| stays(s.line));
        let lines = all.customer_lines.iter().copied();
        Batch {
            items,
            contacts: contacts.cloned().collect(),
            payments: payments.cloned().collect(),
            sales: sales.cloned().collect(),
            customer_lines: lines.filter(|l| stays(*l)).collect(),
            customer_rows: Vec::new(),
            customers,
        }
    }

    /// Rows of the customers left out.
    fn rows_of(&self, out: &LeftOut) -> u64 {
        let all = self
            .batch
            .customer_lines
            .iter()
            .zip(&self.batch.customer_rows);
        all.filter(|(line, _)| out.holds(**line))
            .map(|(_, rows)| u64::from(*rows))
            .sum()
    }
}

/// The items that remain, with the customers they name, and those that do not.
fn items(all: &StagedItems, out: &LeftOut) -> (StagedItems, Vec<Segment>) {
    let left = left(all, out);
    let mut segments = Vec::with_capacity(all.segments.len());
    for segment in &all.segments {
        if !segment.line.iter().any(|l| out.holds(*l)) {
            segments.push(segment.clone());
            continue;
        }
        let kept = segment.filtered(|row| !out.holds(segment.line[row]));
        if !kept.is_empty() {
            segments.push(Rc::new(kept));
        }
    }
    let mut named = vec![false; all.customers.len()];
    for code in segments.iter().flat_map(|s| s.customer.iter()) {
        if let Some(named) = named.get_mut(*code as usize) {
            *named = true;
        }
    }
    let mut kept = StagedItems {
        customers: all.customers.clone(),
        entities: all.entities.clone(),
        segments,
    };
    if !left.is_empty() && named.contains(&false) {
        renumber(&mut kept, &named);
    }
    (kept, left)
}

/// The rows of these lines alone.
pub(super) fn left(all: &StagedItems, out: &LeftOut) -> Vec<Segment> {
    let touched = |s: &&Rc<Segment>| s.line.iter().any(|l| out.holds(*l));
    let segments = all.segments.iter().filter(touched);
    segments
        .map(|s| s.filtered(|row| out.holds(s.line[row])))
        .collect()
}

/// Rows staged with other entities, by the numbers that these have; an entity that only they name is
/// added.
pub(super) fn with_entities(
    (mut rows, theirs): (Vec<Segment>, Vec<String>),
    entities: &mut Vec<String>,
) -> Vec<Segment> {
    for code in rows.iter_mut().flat_map(|s| &mut s.entity) {
        let Some(name) = theirs.get(usize::from(*code)) else {
            continue;
        };
        let at = entities.iter().position(|e| e == name);
        let at = at.unwrap_or_else(|| {
            entities.push(name.clone());
            entities.len() - 1
        });
        *code = u16::try_from(at).unwrap_or(u16::MAX);
    }
    rows
}

/// Takes off the customers that no row names any more.
fn renumber(items: &mut StagedItems, named: &[bool]) {
    let mut places = Vec::with_capacity(named.len());
    let mut next = 0u32;
    for named in named {
        places.push(next);
        next += u32::from(*named);
    }
    let mut at = 0;
    items.customers.retain(|_| {
        at += 1;
        named[at - 1]
    });
    for segment in &mut items.segments {
        for code in &mut Rc::make_mut(segment).customer {
            *code = places[*code as usize];
        }
    }
}
