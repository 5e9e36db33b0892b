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

#[inline]
fn spread(hash: u64) -> usize {
    (hash ^ (hash >> 32)) as usize
}

/// A hash for tables in memory; never stored.
#[inline]
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |h: u64, word: u64| (h.rotate_left(23) ^ word).wrapping_mul(K);
    let n = bytes.len();
    let mut h = n as u64;
    if n >= 8 {
        for chunk in bytes.chunks_exact(8) {
            h = mix(h, word(chunk));
        }
        h = mix(h, word(&bytes[n - 8..]));
    } else {
        let mut last = 0;
        for &b in bytes {
            last = last << 8 | u64::from(b);
        }
        h = mix(h, last);
    }
    h ^ (h >> 29)
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

/// Distinct texts numbered in order of first use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner {
    table: ProbeTable,
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
        let found = self
            .table
            .find_or_add(hash_bytes(text.as_bytes()), |i| texts.bytes_of(i as usize) == text.as_bytes());
        match found {
            Ok(code) => (code, false),
            Err(code) => {
                self.texts.push(text);
                (code, true)
            }
        }
    }
    pub fn len(&self) -> usize {
        self.table.len()
    }
    fn take(&mut self) -> TextColumn {
        self.table.clear();
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
        TextBuilder { state: State::Dict { interner: Interner::default(), codes: Vec::new() }, plain: false }
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
            codes.iter().for_each(|&c| texts.push(interner.texts.get(c as usize)));
            self.state = State::Plain(texts);
            self.plain = true;
        }
    }
    /// The finished column; the builder is ready for the next segment.
    pub fn finish(&mut self) -> StrColumn {
        match &mut self.state {
            State::Plain(texts) => {
                let texts = std::mem::take(texts);
                StrColumn::Plain(texts)
            }
            State::Dict { interner, codes } => {
                let codes = std::mem::take(codes);
                StrColumn::Dict { codes, texts: interner.take() }
            }
        }
    }
    /// The text of a row of the segment being filled.
    pub fn get(&self, row: usize) -> &str {
        match &self.state {
            State::Plain(texts) => texts.get(row),
            State::Dict { interner, codes } => {
                codes.get(row).map_or("", |&c| interner.texts.get(c as usize))
            }
        }
    }
}
