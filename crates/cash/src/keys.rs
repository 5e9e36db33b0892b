//! Numbers found by what was written: one table of all numbers, references, orders and contracts by
//! their skeleton, one of running numbers by customer, and the masks of this book's own numbers.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use duebook_ledger::columns::TextColumn;

use crate::proposal::{KeyKind, NumberMatch};
use crate::text::{bare_digits, fold, skeleton};

/// Keys are hashes already. The tables are only asked, never walked: their order is in no result.
#[derive(Default)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

pub(crate) type Table = HashMap<u64, u32, BuildHasherDefault<Hashed>>;
type Set = HashSet<u64, BuildHasherDefault<Hashed>>;

const PRIME: u64 = 0x0000_0100_0000_01b3;
const START: u64 = 0xcbf2_9ce4_8422_2325;

/// A hash that grows byte by byte, so that longer windows continue shorter ones.
#[derive(Clone, Copy)]
pub(crate) struct Rolling(u64);

impl Rolling {
    pub(crate) fn new() -> Self {
        Rolling(START)
    }
    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(PRIME);
    }
    pub(crate) fn finish(self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    }
}

fn skeleton_hash(folded: &[u8]) -> u64 {
    let mut hash = Rolling::new();
    folded.iter().for_each(|b| hash.push(skeleton(*b)));
    hash.finish()
}

fn serial_hash(customer: u32, serial: &[u8]) -> u64 {
    let mut hash = Rolling::new();
    customer.to_le_bytes().iter().for_each(|b| hash.push(*b));
    serial.iter().for_each(|b| hash.push(*b));
    hash.finish()
}

/// The shape of a folded number: letters as they are, digits as 9.
fn shape_hash(folded: &[u8]) -> u64 {
    let mut hash = Rolling::new();
    for byte in folded {
        hash.push(if byte.is_ascii_digit() { b'9' } else { *byte });
    }
    hash.finish()
}

const END: u32 = u32::MAX;

struct Entry {
    row: u32,
    text: u32,
    kind: KeyKind,
    next: u32,
}

/// A row that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) row: u32,
    pub(crate) kind: KeyKind,
    pub(crate) by: NumberMatch,
}

/// All keys of the open items.
#[derive(Default)]
pub(crate) struct Keys {
    texts: TextColumn,
    entries: Vec<Entry>,
    table: Table,
    /// The entry of each row's number.
    numbers: Vec<u32>,
    shapes: Set,
    /// Hashes of the numbers that nothing is open under any more, sorted.
    settled: Vec<u64>,
    serials: Table,
    serial_next: Vec<u32>,
    /// Common beginnings of long runs of digits, by what stands before and their length.
    masks: BTreeMap<(u64, usize), Mask>,
    buffer: Vec<u8>,
}

/// How often each digit stands at each place of a run.
#[derive(Clone)]
struct Mask {
    rows: u32,
    counts: [[u32; 10]; LONGEST_RUN],
}

/// Runs of digits from this length on may have a beginning that all numbers share.
const LONG_RUN: usize = 8;
const LONGEST_RUN: usize = 24;
/// Shorter keys are words by accident.
const SHORTEST: usize = 3;
const LONGEST: usize = 48;
/// Two keys of one hash chain at most: a chain is walked only so far.
const MOST_HITS: usize = 64;

impl Keys {
    /// Adds a text of a row.
    pub(crate) fn add(&mut self, row: u32, kind: KeyKind, text: &str) {
        let mut buffer = std::mem::take(&mut self.buffer);
        fold(text, &mut buffer);
        let entry = self.entries.len() as u32;
        let fits = (SHORTEST..=LONGEST).contains(&buffer.len());
        if kind == KeyKind::Number || fits {
            let mut next = END;
            if fits {
                let last = self.table.insert(skeleton_hash(&buffer), entry);
                next = last.unwrap_or(END);
            }
            self.entries.push(Entry {
                row,
                text: self.texts.len() as u32,
                kind,
                next,
            });
            self.texts.push(text);
        }
        if kind == KeyKind::Number {
            self.numbers.push(entry);
            if fits {
                self.shapes.insert(shape_hash(&buffer));
            }
            self.learn(text);
        }
        self.buffer = buffer;
    }
    /// Adds a number of ours that is settled: 8 bytes, all that is asked of it is whether it is known.
    pub(crate) fn add_settled(&mut self, number: &str) {
        let mut buffer = std::mem::take(&mut self.buffer);
        fold(number, &mut buffer);
        if (SHORTEST..=LONGEST).contains(&buffer.len()) {
            self.settled.push(skeleton_hash(&buffer));
        }
        self.buffer = buffer;
    }
    /// Whether the skeleton of this hash is that of a settled number.
    pub(crate) fn is_settled(&self, hash: u64) -> bool {
        self.settled.binary_search(&hash).is_ok()
    }
    /// A row's number as written.
    pub(crate) fn number(&self, row: u32) -> &str {
        self.numbers
            .get(row as usize)
            .and_then(|e| self.entries.get(*e as usize))
            .map_or("", |e| self.texts.get(e.text as usize))
    }
    fn learn(&mut self, text: &str) {
        let Some((before, run)) = last_run(text) else {
            return;
        };
        if (LONG_RUN..=LONGEST_RUN).contains(&run.len()) {
            let mask = self
                .masks
                .entry((shape_hash(before), run.len()))
                .or_insert(Mask {
                    rows: 0,
                    counts: [[0; 10]; LONGEST_RUN],
                });
            mask.rows += 1;
            for (place, byte) in mask.counts.iter_mut().zip(run) {
                place[usize::from(byte - b'0')] += 1;
            }
        }
    }
    /// Builds the table of running numbers, once all numbers are known.
    pub(crate) fn finish(&mut self, customer_of: impl Fn(u32) -> u32) {
        self.settled.sort_unstable();
        self.settled.dedup();
        let rows = self.numbers.len();
        self.serial_next = vec![END; rows];
        self.serials.reserve(rows);
        // From the last to the first, so that chains run in order of rows.
        for row in (0..rows as u32).rev() {
            let Some(serial) = self.serial(self.number(row)) else {
                continue;
            };
            let hash = serial_hash(customer_of(row), serial);
            if let Some(next) = self.serials.insert(hash, row) {
                self.serial_next[row as usize] = next;
            }
        }
    }
    /// The running number: the last run of digits, without the beginning that numbers of its kind
    /// share, without leading zeros.
    fn serial<'t>(&self, text: &'t str) -> Option<&'t [u8]> {
        let (before, run) = last_run(text)?;
        let shared = match self.masks.get(&(shape_hash(before), run.len())) {
            Some(mask) => mask.shared(run),
            None => 0,
        };
        bare_digits(&run[shared..])
    }
    /// Whether a text has the shape of one of this book's numbers.
    pub(crate) fn looks_like_ours(&self, folded: &[u8]) -> bool {
        folded.len() >= SHORTEST
            && folded.iter().any(u8::is_ascii_digit)
            && self.shapes.contains(&shape_hash(folded))
    }
    /// Appends the rows that a window of text names, latest rows first in a chain. `hash` is that of
    /// the window's skeleton.
    pub(crate) fn find(&self, hash: u64, raw: &str, folded: &[u8], hits: &mut Vec<Hit>) {
        let mut at = self.table.get(&hash).copied().unwrap_or(END);
        let mut buffer = Vec::new();
        for _ in 0..MOST_HITS {
            let Some(entry) = self.entries.get(at as usize) else {
                break;
            };
            let text = self.texts.get(entry.text as usize);
            let by = if text == raw {
                Some(NumberMatch::Exact)
            } else {
                fold(text, &mut buffer);
                likeness(&buffer, folded)
            };
            if let Some(by) = by {
                let (row, kind) = (entry.row, entry.kind);
                hits.push(Hit { row, kind, by });
            }
            at = entry.next;
        }
    }
    /// Rows of a customer with this running number, in order.
    pub(crate) fn with_serial(&self, customer: u32, digits: &[u8], mut hit: impl FnMut(u32)) {
        let Some(bare) = bare_digits(digits) else {
            return;
        };
        let mut at = self
            .serials
            .get(&serial_hash(customer, bare))
            .copied()
            .unwrap_or(END);
        for _ in 0..MOST_HITS {
            if at == END {
                break;
            }
            if self.serial(self.number(at)) == Some(bare) {
                hit(at);
            }
            at = self.serial_next.get(at as usize).copied().unwrap_or(END);
        }
    }
}

fn likeness(ours: &[u8], theirs: &[u8]) -> Option<NumberMatch> {
    if ours == theirs {
        return Some(NumberMatch::Normalised);
    }
    let same = ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .all(|(a, b)| skeleton(*a) == skeleton(*b));
    same.then(|| NumberMatch::Similar(crate::text::similarity(ours, theirs)))
}

/// The last run of digits of a text, and what stands before it.
pub(crate) fn last_run(text: &str) -> Option<(&[u8], &[u8])> {
    let bytes = text.as_bytes();
    let end = bytes.iter().rposition(u8::is_ascii_digit)? + 1;
    let start = bytes[..end]
        .iter()
        .rposition(|b| !b.is_ascii_digit())
        .map_or(0, |at| at + 1);
    Some((&bytes[..start], &bytes[start..end]))
}

impl Mask {
    /// How many leading digits of a run are those that 19 of 20 runs of its kind have. At least four
    /// digits are left, and at least four runs must be known.
    fn shared(&self, run: &[u8]) -> usize {
        if self.rows < 4 {
            return 0;
        }
        let most = run.len().saturating_sub(4);
        run[..most]
            .iter()
            .zip(&self.counts)
            .take_while(|(byte, place)| {
                let count = place[usize::from(**byte - b'0')];
                u64::from(count) * 20 >= u64::from(self.rows) * 19
            })
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(numbers: &[&str]) -> Keys {
        let mut keys = Keys::default();
        for (row, number) in numbers.iter().enumerate() {
            keys.add(row as u32, KeyKind::Number, number);
        }
        keys.finish(|_| 1);
        keys
    }

    fn found(keys: &Keys, raw: &str) -> Vec<(u32, NumberMatch)> {
        let mut folded = Vec::new();
        fold(raw, &mut folded);
        let mut hits = Vec::new();
        keys.find(skeleton_hash(&folded), raw, &folded, &mut hits);
        hits.iter().map(|h| (h.row, h.by)).collect()
    }

    fn serials(keys: &Keys, digits: &str) -> Vec<u32> {
        let mut rows = Vec::new();
        keys.with_serial(1, digits.as_bytes(), |row| rows.push(row));
        rows
    }

    #[test]
    fn ca_04_numbers_written_otherwise_are_similar_not_equal() {
        let keys = keys(&["INV-2024-0001034", "RE25/000001"]);
        assert_eq!(found(&keys, "INV-2024-0001034"), [(0, NumberMatch::Exact)]);
        assert_eq!(
            found(&keys, "inv 2024 0001034"),
            [(0, NumberMatch::Normalised)]
        );
        let similar = found(&keys, "INV-2O24-OOO1O34");
        assert!(
            matches!(similar[..], [(0, NumberMatch::Similar(600..=700))]),
            "{similar:?}"
        );
        assert_eq!(found(&keys, "INV-2024-1034"), [], "zeros are kept here");
    }

    #[test]
    fn masks_are_learnt_from_the_books_own_numbers() {
        let numbers: Vec<String> = (1..=40).map(|i| format!("90000{:05}", i * 977)).collect();
        let texts: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let keys = keys(&texts);
        assert_eq!(serials(&keys, "977"), [0]);
        assert_eq!(serials(&keys, "0000977"), [0]);
        assert_eq!(serials(&keys, "978"), Vec::<u32>::new());
        assert!(keys.looks_like_ours(b"9000099999"));
        assert!(!keys.looks_like_ours(b"ROC9000099"));
    }

    #[test]
    fn a_running_number_ends_the_number() {
        let keys = keys(&["INV-2024-0001034", "CM/17-A"]);
        assert_eq!(serials(&keys, "1034"), [0]);
        assert_eq!(serials(&keys, "17"), [1]);
        assert_eq!(serials(&keys, "0"), Vec::<u32>::new());
    }
}
