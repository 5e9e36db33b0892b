//! Texts to small numbers, fast: open addressing over a hash that reads eight bytes at a time.

use duebook_ledger::columns::{StrColumn, TextColumn};

const EMPTY: u32 = u32::MAX;

/// A table from hashes to indices whose keys live elsewhere; equality is asked of the caller.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProbeTable {
    slots: Vec<u32>,
    hashes: Vec<u64>,
}

impl ProbeTable {
    /// Entries held.
    #[inline]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }
    /// The index of an equal entry, or the index of the new one it becomes.
    #[inline]
    pub fn find_or_add(&mut self, hash: u64, equal: impl Fn(u32) -> bool) -> Result<u32, u32> {
        if self.hashes.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = spread(hash) & mask;
        loop {
            let index = self.slots[at];
            if index == EMPTY {
                let new = self.hashes.len() as u32;
                self.slots[at] = new;
                self.hashes.push(hash);
                return Err(new);
            }
            if self.hashes[index as usize] == hash && equal(index) {
                return Ok(index);
            }
            at = (at + 1) & mask;
        }
    }
    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 4).max(64);
        self.slots = vec![EMPTY; size];
        for (index, hash) in self.hashes.iter().enumerate() {
            let mut at = spread(*hash) & (size - 1);
            while self.slots[at] != EMPTY {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = index as u32;
        }
    }
    pub fn clear(&mut self) {
        self.slots.fill(EMPTY);
        self.hashes.clear();
    }
}

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
fn spread(hash: u64) -> usize {
    (hash.wrapping_mul(MIX) >> 32) as usize
}

/// A hash for tables in memory; never stored. Texts of at most seven bytes are their own hash, told
/// from each other by it alone; all others have 0xff on top ([`is_exact`]).
#[inline]
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    let n = bytes.len();
    if n < 8 {
        return short(bytes) | (n as u64) << 56;
    }
    let mix = |h: u64, word: u64| (h.rotate_left(23) ^ word).wrapping_mul(MIX);
    let mut h = n as u64;
    for chunk in bytes.chunks_exact(8) {
        h = mix(h, word(chunk));
    }
    h = mix(h, word(&bytes[n - 8..]));
    (h ^ (h >> 29)) | 0xff << 56
}

/// The bytes of a short text as a number: the first four and the last three, which meet or overlap.
#[inline]
fn short(bytes: &[u8]) -> u64 {
    match bytes {
        [a, b, c, d, .., x, y, z] => {
            u64::from(u32::from_le_bytes([*a, *b, *c, *d]))
                | u64::from(u32::from_le_bytes([*x, *y, *z, 0])) << 32
        }
        _ => bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b)),
    }
}

/// Whether equal hashes mean equal texts.
#[inline]
fn is_exact(hash: u64) -> bool {
    hash >> 56 != 0xff
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

/// Distinct texts numbered in order of first use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner {
    table: ProbeTable,
    /// Hash and number of the text asked for last: columns of states and codes repeat it.
    last: Option<(u64, u32)>,
    pub texts: TextColumn,
}

impl Interner {
    #[inline]
    pub fn code(&mut self, text: &str) -> u32 {
        self.code_and_new(text).0
    }
    /// The number of a text, and whether it is new.
    #[inline]
    pub fn code_and_new(&mut self, text: &str) -> (u32, bool) {
        let texts = &self.texts;
        let hash = hash_bytes(text.as_bytes());
        let exact = is_exact(hash);
        if let Some((same, code)) = self.last
            && same == hash
            && exact
        {
            return (code, false);
        }
        let found = self.table.find_or_add(hash, |i| {
            exact || texts.bytes_of(i as usize) == text.as_bytes()
        });
        let (Ok(code) | Err(code)) = found;
        self.last = Some((hash, code));
        if found.is_err() {
            self.texts.push(text);
        }
        (code, found.is_err())
    }
    pub fn len(&self) -> usize {
        self.table.len()
    }
    fn take(&mut self) -> TextColumn {
        self.table.clear();
        self.last = None;
        std::mem::take(&mut self.texts)
    }
}

/// One text column of the segment being filled.
#[derive(Debug)]
pub(crate) struct TextBuilder {
    state: State,
    /// What the next segment starts as.
    plain: bool,
}

#[derive(Debug)]
enum State {
    Dict { interner: Interner, codes: Vec<u32> },
    Plain(TextColumn),
}

/// Rows after which a column with more than one distinct text in eight rows becomes plain.
const TRIAL_ROWS: usize = 2_048;

impl TextBuilder {
    pub fn new() -> Self {
        TextBuilder {
            state: State::Dict {
                interner: Interner::default(),
                codes: Vec::new(),
            },
            plain: false,
        }
    }
    #[inline]
    pub fn push(&mut self, text: &str) {
        match &mut self.state {
            State::Plain(texts) => texts.push(text),
            State::Dict { interner, codes } => {
                codes.push(interner.code(text));
                if codes.len() == TRIAL_ROWS && interner.len() * 8 > TRIAL_ROWS {
                    self.turn_plain();
                }
            }
        }
    }
    #[cold]
    fn turn_plain(&mut self) {
        if let State::Dict { interner, codes } = &self.state {
            let mut texts = TextColumn::default();
            codes
                .iter()
                .for_each(|&c| texts.push(interner.texts.get(c as usize)));
            self.state = State::Plain(texts);
            self.plain = true;
        }
    }
    /// The finished column; the builder is ready for the next segment.
    pub fn finish(&mut self) -> StrColumn {
        match &mut self.state {
            State::Plain(texts) => {
                // The next segment will be as long: growing would copy its texts a dozen times.
                let next = texts.room_alike();
                StrColumn::Plain(std::mem::replace(texts, next))
            }
            State::Dict { interner, codes } => {
                let codes = std::mem::take(codes);
                StrColumn::Dict {
                    codes,
                    texts: interner.take(),
                }
            }
        }
    }
    /// The text of a row of the segment being filled.
    pub fn get(&self, row: usize) -> &str {
        match &self.state {
            State::Plain(texts) => texts.get(row),
            State::Dict { interner, codes } => codes
                .get(row)
                .map_or("", |&c| interner.texts.get(c as usize)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_get_one_number_each(texts in proptest::collection::vec("[ab\\x00é]{0,12}", 0..200)) {
            let mut interner = Interner::default();
            let mut naive: Vec<String> = Vec::new();
            for text in &texts {
                let expected = naive.iter().position(|t| t == text).unwrap_or_else(|| {
                    naive.push(text.clone());
                    naive.len() - 1
                });
                prop_assert_eq!(interner.code(text) as usize, expected);
            }
            prop_assert_eq!(interner.len(), naive.len());
        }

        #[test]
        fn builders_give_back_what_was_put_in(
            texts in proptest::collection::vec("[a-z]{0,3}", 0..3_000), wide in any::<bool>()
        ) {
            let texts: Vec<String> = texts.iter().enumerate()
                .map(|(i, t)| if wide { format!("{t}{i}") } else { t.clone() }).collect();
            let mut builder = TextBuilder::new();
            for _ in 0..2 {
                texts.iter().for_each(|t| builder.push(t));
                let column = builder.finish();
                prop_assert_eq!(column.len(), texts.len());
                for (i, t) in texts.iter().enumerate() {
                    prop_assert_eq!(column.get(i), t.as_str());
                }
            }
        }
    }
}
