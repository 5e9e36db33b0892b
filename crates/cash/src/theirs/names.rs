//! Which of our lines a line of theirs names, by what is written in it.

use std::collections::BTreeMap;

use super::{OurLine, Same, TheirLine};
use crate::keys::{Keys, Rolling, last_run};
use crate::proposal::{KeyKind, NumberMatch};
use crate::text::{bare_digits, fold, skeleton};

/// Words of a text that are looked up.
const MOST_WORDS: usize = 40;
/// A word with fewer figures is no number (domain.md 5.3).
const FEWEST_FIGURES: usize = 3;

/// Our numbers and references, to be looked up.
pub(super) struct Names {
    keys: Keys,
    /// Rows by the figures their number ends with, without leading zeros.
    runs: BTreeMap<Vec<u8>, Vec<usize>>,
}

/// The figures a text ends with, without leading zeros.
fn run_of(text: &str) -> Option<&[u8]> {
    last_run(text).and_then(|(_, run)| bare_digits(run))
}

impl Names {
    pub(super) fn of(ours: &[OurLine]) -> Names {
        let mut keys = Keys::default();
        for (row, line) in ours.iter().enumerate() {
            keys.add(row as u32, KeyKind::Number, &line.number);
            if !line.reference.is_empty() && line.reference != line.number {
                keys.add(row as u32, KeyKind::Reference, &line.reference);
            }
        }
        keys.finish(|_| 0);
        let mut runs: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        for (row, line) in ours.iter().enumerate() {
            if let Some(run) = run_of(&line.number) {
                runs.entry(run.to_vec()).or_default().push(row);
            }
        }
        Names { keys, runs }
    }

    /// What a line names, best first: our number where they have a column for it, then their own,
    /// then the words beside it. The first of them that names anything is all that is looked at.
    pub(super) fn named(&self, line: &TheirLine) -> Vec<(Same, usize)> {
        for text in [&line.number, &line.own] {
            let found = self.look(text);
            if !found.is_empty() {
                return found;
            }
        }
        let words = [&line.number, &line.own, &line.text];
        let words = words.into_iter().flat_map(|t| {
            t.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '#' | '(' | ')'))
        });
        let figures = |w: &&str| w.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_FIGURES;
        let mut found: Vec<(Same, usize)> = Vec::new();
        for word in words.filter(figures).take(MOST_WORDS) {
            found.extend(self.look(word));
        }
        sorted(found)
    }

    fn look(&self, text: &str) -> Vec<(Same, usize)> {
        let text = text.trim();
        let mut folded = Vec::new();
        fold(text, &mut folded);
        if folded.is_empty() {
            return Vec::new();
        }
        let mut hash = Rolling::new();
        folded.iter().for_each(|b| hash.push(skeleton(*b)));
        let mut hits = Vec::new();
        self.keys.find(hash.finish(), text, &folded, &mut hits);
        let mut found: Vec<(Same, usize)> =
            hits.iter().map(|h| (same(h.by), h.row as usize)).collect();
        // All the figures it ends with; else what is left of ours without what all numbers share.
        if found.is_empty()
            && let Some((_, run)) = last_run(text)
            && run.len() >= FEWEST_FIGURES
        {
            let whole = bare_digits(run).and_then(|bare| self.runs.get(bare));
            found.extend(whole.into_iter().flatten().map(|row| (Same::Running, *row)));
            if found.is_empty() {
                let mut hit = |row: u32| found.push((Same::Running, row as usize));
                self.keys.with_serial(0, run, &mut hit);
            }
        }
        sorted(found)
    }
}

fn same(by: NumberMatch) -> Same {
    match by {
        NumberMatch::Exact => Same::Exact,
        NumberMatch::Normalised => Same::Normalised,
        NumberMatch::Similar(_) => Same::Similar,
        NumberMatch::Serial => Same::Running,
    }
}

/// Best first, each row once by its best.
fn sorted(mut found: Vec<(Same, usize)>) -> Vec<(Same, usize)> {
    duebook_money::order::sort_by_key(&mut found, |(same, row)| (*row, *same));
    found.dedup_by_key(|(_, row)| *row);
    duebook_money::order::sort(&mut found);
    found
}
