//! Which items a list of numbers means: document numbers first, then references, then POs, with
//! leading zeros, separators and case let go where nothing fits exactly. What is unknown, closed,
//! ambiguous or another customer's is said and never guessed.

use duebook_ledger::columns::{Segment, TextField};
use duebook_ledger::items::ItemRef;
use duebook_ledger::{Book, CustomerId, ItemId};
use std::collections::{BTreeMap, BTreeSet};

/// A line of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Document number, reference or PO.
    pub number: String,
    /// Customer's number or name, where the list has it.
    pub customer: String,
}

/// By what an item was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Document number.
    Number,
    /// The reference the customer knows.
    Reference,
    /// Purchase order.
    Po,
}

/// How an item was found; the least is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct How {
    /// By what.
    pub by: By,
    /// Only without leading zeros, separators and case.
    pub loosely: bool,
}

/// What a line means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Match {
    /// These open items: of one document, reference or PO.
    Found(Vec<ItemId>),
    /// The book has it, and nothing of it is open.
    Closed(Vec<ItemId>),
    /// Several documents go by it.
    Ambiguous(Vec<ItemId>),
    /// It is of another customer than the list says.
    OtherCustomer(Vec<ItemId>),
    /// The book has nothing by it.
    #[default]
    Unknown,
}

/// The answer to a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matched {
    /// Per line.
    pub lines: Vec<(Match, Option<How>)>,
    /// Every open item found, once, in the order of the list.
    pub items: Vec<ItemId>,
    /// Whose they are and how many, most first.
    pub customers: Vec<(CustomerId, usize)>,
    /// Lines that name nothing but items named before.
    pub twice: Vec<usize>,
}

/// Most items that one line may mean.
const MAX_HITS: usize = 2_000;
/// Most numbers that are taken out of one cell of prose.
const MAX_WORDS: usize = 40;

/// A search on its way: one segment of the book a step.
pub struct Matching {
    wanted: Vec<Wanted>,
    /// Hash of a key, its line, its word.
    keys: Vec<(u64, u32, u32)>,
    words: Vec<Vec<String>>,
    filter: Vec<bool>,
    /// Per line, per word (0: the whole cell), what was found.
    hits: Vec<BTreeMap<(u32, How), Vec<ItemId>>>,
    segment: usize,
}

const FILTER: usize = 1 << 16;

impl Matching {
    /// Begins a search.
    pub fn new(wanted: Vec<Wanted>) -> Self {
        let mut keys = Vec::new();
        let mut filter = vec![false; FILTER];
        let mut words = Vec::with_capacity(wanted.len());
        for (line, want) in wanted.iter().enumerate() {
            let all = words_of(&want.number);
            for (word, text) in all.iter().enumerate() {
                let mut key = Vec::new();
                loose(text.as_bytes(), &mut key);
                if !key.is_empty() {
                    let hash = hash(&key);
                    filter[hash as usize % FILTER] = true;
                    keys.push((hash, line as u32, word as u32));
                }
            }
            words.push(all);
        }
        keys.sort_unstable();
        let hits = vec![BTreeMap::new(); wanted.len()];
        Matching {
            wanted,
            keys,
            words,
            filter,
            hits,
            segment: 0,
        }
    }

    /// Looks through the next segment; false when there was none left.
    pub fn step(&mut self, book: &Book) -> bool {
        let Some(state) = book.items().segments().get(self.segment) else {
            return false;
        };
        let number = self.segment;
        self.segment += 1;
        let data = &state.data;
        for row in 0..data.len() {
            let live = || book.is_live(state.recorded.of(row));
            for by in [By::Number, By::Reference, By::Po] {
                self.look(ItemId::new(number, row), by, text_of(data, by, row), live);
            }
        }
        true
    }

    fn look(&mut self, item: ItemId, by: By, text: &str, live: impl Fn() -> bool) {
        if text.is_empty() {
            return;
        }
        let mut key = Vec::with_capacity(text.len());
        loose(text.as_bytes(), &mut key);
        let hash = hash(&key);
        if key.is_empty() || !self.filter[hash as usize % FILTER] {
            return;
        }
        let from = self.keys.partition_point(|(h, _, _)| *h < hash);
        let same = self.keys[from..].iter().take_while(|(h, _, _)| *h == hash);
        for (_, line, word) in same {
            let asked = &self.words[*line as usize][*word as usize];
            let mut theirs = Vec::with_capacity(asked.len());
            loose(asked.as_bytes(), &mut theirs);
            if theirs != key || !live() {
                continue;
            }
            let loosely = !asked.eq_ignore_ascii_case(text);
            let how = How { by, loosely };
            let found = self.hits[*line as usize].entry((*word, how)).or_default();
            if found.len() < MAX_HITS {
                found.push(item);
            }
        }
    }

    /// What was found, after the last step.
    pub fn finish(self, book: &Book) -> Matched {
        let mut out = Matched::default();
        let mut seen = BTreeSet::new();
        let mut customers: BTreeMap<CustomerId, usize> = BTreeMap::new();
        for (line, hits) in self.hits.iter().enumerate() {
            let (found, how) = meaning(book, &self.wanted[line], hits);
            if let Match::Found(items) = &found {
                let before = out.items.len();
                for id in items.iter().filter(|id| seen.insert(**id)) {
                    out.items.push(*id);
                    if let Some(item) = book.item(*id) {
                        *customers.entry(item.customer()).or_default() += 1;
                    }
                }
                if before == out.items.len() {
                    out.twice.push(line);
                }
            }
            out.lines.push((found, how));
        }
        out.customers = customers.into_iter().collect();
        duebook_money::order::sort_by_key(&mut out.customers, |(id, n)| {
            (std::cmp::Reverse(*n), *id)
        });
        out
    }
}

/// The whole search at once; for tests and short books.
pub fn matched(book: &Book, wanted: Vec<Wanted>) -> Matched {
    let mut matching = Matching::new(wanted);
    while matching.step(book) {}
    matching.finish(book)
}

fn text_of(data: &Segment, by: By, row: usize) -> &str {
    match by {
        By::Number => data.number.get(row),
        By::Reference => data.text(&TextField::Reference, row),
        By::Po => data.text(&TextField::Po, row),
    }
}

/// The cell itself, then the words with figures in it, for prose.
fn words_of(cell: &str) -> Vec<String> {
    let mut words = vec![cell.trim().to_owned()];
    let parts = cell.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '#' | ':'));
    let parts: Vec<&str> = parts.filter(|p| !p.is_empty()).collect();
    if parts.len() > 1 {
        let named = parts
            .iter()
            .filter(|p| p.chars().count() > 2 && p.bytes().filter(u8::is_ascii_digit).count() > 1);
        words.extend(named.take(MAX_WORDS).map(|p| (*p).to_owned()));
    }
    words
}

/// Upper case, letters and figures only, without the zeros that lead the whole or follow a letter.
fn loose(text: &[u8], out: &mut Vec<u8>) {
    let mut leading = true;
    let mut zeros = 0usize;
    for byte in text {
        match byte {
            b'0' if leading => zeros += 1,
            b'0'..=b'9' => {
                leading = false;
                zeros = 0;
                out.push(*byte);
            }
            _ if byte.is_ascii_alphabetic() || !byte.is_ascii() => {
                if zeros > 0 {
                    out.push(b'0');
                }
                (leading, zeros) = (true, 0);
                out.push(byte.to_ascii_uppercase());
            }
            _ => {}
        }
    }
    if zeros > 0 {
        out.push(b'0');
    }
}

/// FNV-1a; equality is checked on every hit.
fn hash(bytes: &[u8]) -> u64 {
    let step = |h: u64, b: &u8| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
    let h = bytes.iter().fold(0xcbf2_9ce4_8422_2325, step);
    h ^ (h >> 29)
}

type Hits = BTreeMap<(u32, How), Vec<ItemId>>;

fn meaning(book: &Book, want: &Wanted, hits: &Hits) -> (Match, Option<How>) {
    // The whole cell first; its words only where it says nothing itself.
    let whole = hits.iter().find(|((word, _), _)| *word == 0);
    if let Some(((_, how), items)) = whole {
        return (one(book, want, *how, items), Some(*how));
    }
    let mut found = Vec::new();
    let mut best: Option<How> = None;
    let mut last = None;
    for ((word, how), items) in hits {
        if last == Some(*word) {
            continue;
        }
        last = Some(*word);
        match one(book, want, *how, items) {
            Match::Found(items) => {
                found.extend(items);
                best = best.max(Some(*how));
            }
            other if hits.len() == 1 => return (other, Some(*how)),
            _ => {}
        }
    }
    match found.is_empty() {
        true => (Match::Unknown, None),
        false => (Match::Found(found), best),
    }
}

/// What the items that go by one number mean.
fn one(book: &Book, want: &Wanted, how: How, items: &[ItemId]) -> Match {
    let all: Vec<ItemRef<'_>> = items.iter().filter_map(|id| book.item(*id)).collect();
    let ids = |items: &[ItemRef<'_>]| items.iter().map(|i| i.id).collect::<Vec<_>>();
    let theirs: Vec<ItemRef<'_>> = all
        .iter()
        .copied()
        .filter(|i| want.customer.is_empty() || is_customer(book, i.customer(), &want.customer))
        .collect();
    if theirs.is_empty() {
        return Match::OtherCustomer(ids(&all));
    }
    let mut open: Vec<ItemRef<'_>> = theirs.iter().copied().filter(|i| i.open() != 0).collect();
    if open.is_empty() {
        return Match::Closed(ids(&theirs));
    }
    // An invoice and its credit memo may share a number: the invoice is meant.
    if open.iter().any(|i| !i.kind().is_credit()) {
        open.retain(|i| !i.kind().is_credit());
    }
    let mut documents = BTreeSet::new();
    for i in &open {
        let year = i.text(&TextField::FiscalYear);
        let own = (how.by == By::Number).then(|| (i.source(), i.entity(), i.number(), year));
        documents.insert((i.customer(), own));
    }
    if documents.len() > 1 {
        return Match::Ambiguous(ids(&open));
    }
    Match::Found(ids(&open))
}

/// Whether a customer goes by this number or name.
pub fn is_customer(book: &Book, id: CustomerId, said: &str) -> bool {
    let key = |text: &str| {
        let mut key = Vec::new();
        loose(text.as_bytes(), &mut key);
        key
    };
    let said = key(said);
    let number = book.customer(id).is_some_and(|c| key(&c.number) == said);
    number
        || book
            .customer_facts(id)
            .is_some_and(|f| key(&f.name) == said)
}

/// The one customer of this number, or else of this name; `None` where there is none or several.
pub fn customer_of(book: &Book, said: &str) -> Option<CustomerId> {
    if said.trim().is_empty() {
        return None;
    }
    let mut found = book
        .customer_ids()
        .filter(|id| is_customer(book, *id, said));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}
