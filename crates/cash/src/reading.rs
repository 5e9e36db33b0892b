//! What a receipt says: who paid, which numbers are named and where, and in which words.

use duebook_ledger::CustomerId;

use crate::cues::{Cues, Range};
use crate::index::{AliasKind, OpenIndex};
use crate::keys::{Hit, Rolling};
use crate::names::{Name, agreement};
use crate::proposal::PayerMatch;
use crate::receipt::{Receipt, TextPart};
use crate::text::{Gap, Tokens, bare_digits, fold, skeleton};

/// Somebody who may have paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Payer {
    pub(crate) customer: u32,
    pub(crate) by: PayerMatch,
    pub(crate) part: TextPart,
}

/// A stretch of text that is a key of open items.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub(crate) part: TextPart,
    pub(crate) range: Range,
    pub(crate) hits: Vec<Hit>,
    /// A bare number of fewer than four digits, or a year: counts only where the amount agrees.
    pub(crate) weak: bool,
}

/// A word with a number in it that is no key.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) part: TextPart,
    pub(crate) range: Range,
    /// Letters and digits.
    pub(crate) folded: Vec<u8>,
    /// The digits at its end; possibly a running number.
    pub(crate) digits: Vec<u8>,
    /// All the numbers of a range or list (`1001-1005`, `1001/2/3`), instead of `digits`.
    pub(crate) more: Vec<Vec<u8>>,
    /// `#` or letters stand before the digits: meant as a number.
    pub(crate) marked: bool,
    /// It has the shape of our own numbers.
    pub(crate) ours: bool,
}

/// One text, read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scanned {
    pub(crate) mentions: Vec<Mention>,
    pub(crate) words: Vec<Word>,
    /// Where numbers stand that are ours and settled: they mean nothing that is open.
    pub(crate) settled: Vec<(TextPart, Range)>,
    pub(crate) cues: Cues,
}

/// A number is written in at most so many pieces.
const MOST_PIECES: usize = 5;
const LONGEST_KEY: usize = 48;
/// Mentions and words of one text; a longer list is not read by a person either.
const MOST_FOUND: usize = 512;

/// Reads one text. Longest keys first, from left to right.
pub(crate) fn scan(
    index: &OpenIndex,
    receipt: &Receipt,
    part: TextPart,
    tokens: &mut Tokens,
    out: &mut Scanned,
) {
    let text = receipt.part(part);
    tokens.read(text);
    out.cues.join(Cues::of(text, tokens, receipt.currency));
    let mut at = 0;
    let mut rest: Vec<usize> = Vec::new();
    while at < tokens.atoms.len() && out.mentions.len() < MOST_FOUND {
        match longest_key(index, text, tokens, at) {
            Some((pieces, hits)) if hits.is_empty() => {
                if out.settled.len() < MOST_FOUND {
                    out.settled.push((part, range_of(tokens, at, at + pieces)));
                }
                at += pieces;
            }
            Some((pieces, hits)) => {
                let range = range_of(tokens, at, at + pieces);
                let digits = bare_digits(tokens.bytes(at, at + pieces));
                out.mentions.push(Mention {
                    part,
                    range,
                    hits,
                    weak: digits.is_some_and(is_weak),
                });
                at += pieces;
            }
            None => {
                rest.push(at);
                at += 1;
            }
        }
    }
    words(index, text, part, tokens, &rest, &mut out.words);
}

fn range_of(tokens: &Tokens, from: usize, to: usize) -> Range {
    (tokens.atoms[from].start, tokens.atoms[to - 1].end)
}

/// Fewer than four digits, or what may be a year.
fn is_weak(digits: &[u8]) -> bool {
    digits.len() < 4
        || (digits.len() == 4
            && (b"1990"..=b"2099").contains(&<&[u8; 4]>::try_from(digits).unwrap_or(b"0000")))
}

/// The longest key of open items that begins here, with what it names; else, without a hit, the
/// longest number that is settled.
fn longest_key(
    index: &OpenIndex,
    text: &str,
    tokens: &Tokens,
    at: usize,
) -> Option<(usize, Vec<Hit>)> {
    let mut hashes = [0u64; MOST_PIECES];
    let mut pieces = 0;
    let mut hash = Rolling::new();
    for (n, slot) in hashes.iter_mut().enumerate() {
        let Some(atom) = tokens.atoms.get(at + n) else {
            break;
        };
        let length = (atom.to - tokens.atoms[at].from) as usize;
        if (n > 0 && atom.gap == Gap::Break) || length > LONGEST_KEY {
            break;
        }
        for byte in tokens.bytes(at + n, at + n + 1) {
            hash.push(skeleton(*byte));
        }
        *slot = hash.finish();
        pieces = n + 1;
    }
    let mut hits = Vec::new();
    for n in (1..=pieces).rev() {
        let folded = tokens.bytes(at, at + n);
        if !folded.iter().any(u8::is_ascii_digit) && folded.len() < 6 {
            continue;
        }
        let (start, end) = range_of(tokens, at, at + n);
        let raw = text.get(start as usize..end as usize).unwrap_or("");
        index.keys.find(hashes[n - 1], raw, folded, &mut hits);
        if !hits.is_empty() {
            hits.sort_by_key(|h| (h.by, h.kind, h.row));
            return Some((n, hits));
        }
    }
    let is_number = |n: &usize| {
        let folded = tokens.bytes(at, at + n);
        folded.iter().any(u8::is_ascii_digit) && !bare_digits(folded).is_some_and(is_weak)
    };
    let settled = |n: &usize| index.keys.is_settled(hashes[n - 1]) && is_number(n);
    let n = (1..=pieces).rev().find(settled)?;
    Some((n, hits))
}

/// Groups what is no key into words and keeps those with a number.
fn words(
    index: &OpenIndex,
    text: &str,
    part: TextPart,
    tokens: &Tokens,
    rest: &[usize],
    out: &mut Vec<Word>,
) {
    let mut n = 0;
    // The payer's own reference, by the code words of SWIFT, is no number of ours.
    let mut own = false;
    while n < rest.len() && out.len() < MOST_FOUND {
        let from = rest[n];
        let mut to = from + 1;
        while rest.get(n + to - from) == Some(&to) && tokens.atoms[to].gap == Gap::Tight {
            to += 1;
        }
        n += to - from;
        let first = tokens.bytes(from, from + 1);
        if first == b"ROC" || first == b"EREF" {
            own = to - from == 1;
            continue;
        }
        if std::mem::take(&mut own) {
            continue;
        }
        let last = tokens.bytes(to - 1, to);
        let digits_from = last
            .iter()
            .rposition(|b| !b.is_ascii_digit())
            .map_or(0, |p| p + 1);
        let digits = &last[digits_from..];
        if digits.is_empty() {
            continue;
        }
        let lead = from
            .checked_sub(1)
            .filter(|_| to - from == 1 && tokens.atoms[from].gap == Gap::Space);
        let with_lead = lead.map(|l| tokens.bytes(l, to).to_vec());
        let folded = tokens.bytes(from, to).to_vec();
        let ours = index.keys.looks_like_ours(&folded)
            || with_lead
                .as_deref()
                .is_some_and(|w| index.keys.looks_like_ours(w));
        let letters = folded.iter().any(|b| !b.is_ascii_digit());
        let range = range_of(tokens, from, to);
        let raw = text.get(range.0 as usize..range.1 as usize).unwrap_or("");
        out.push(Word {
            part,
            range,
            marked: tokens.atoms[from].hash || letters,
            digits: digits.to_vec(),
            more: series(raw),
            folded,
            ours,
        });
    }
}

/// Most numbers that a range names.
const MOST_IN_RANGE: u64 = 50;

/// The numbers of `1001-1005` and `1001/2/3`, as digits; empty for anything else.
fn series(raw: &str) -> Vec<Vec<u8>> {
    let number = |text: &str| -> Option<u64> {
        let plain =
            text.len() <= 18 && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    if let Some((a, b)) = raw.split_once('-')
        && a.len() == b.len()
        && let (Some(from), Some(to)) = (number(a), number(b))
        && from < to
        && to - from < MOST_IN_RANGE
    {
        return (from..=to).map(|n| n.to_string().into_bytes()).collect();
    }
    let mut parts = raw.split('/');
    let Some(first) = parts.next().filter(|f| f.len() >= 3 && number(f).is_some()) else {
        return Vec::new();
    };
    let mut all = vec![first.as_bytes().to_vec()];
    for part in parts {
        if number(part).is_none() || part.len() > first.len() {
            return Vec::new();
        }
        let kept = &first[..first.len() - part.len()];
        all.push(format!("{kept}{part}").into_bytes());
    }
    if all.len() > 1 { all } else { Vec::new() }
}

/// Most customers that a name may mean.
const MOST_PAYERS: usize = 8;
/// Names that agree less mean somebody else.
const LEAST_NAME: u16 = 600;

/// Who may have paid, best first (CA-05): by number or account, else by name.
pub(crate) fn payers(index: &OpenIndex, receipt: &Receipt) -> Vec<Payer> {
    let mut found: Vec<Payer> = Vec::new();
    let mut folded = Vec::new();
    let mut add = |customer, by, part| {
        if found.iter().all(|p| p.customer != customer) {
            found.push(Payer { customer, by, part });
        }
    };
    fold(&receipt.customer_ref, &mut folded);
    if !folded.is_empty() {
        let part = TextPart::CustomerRef;
        let virtual_accounts = index.by_alias(AliasKind::VirtualAccount, &folded);
        for customer in index.by_number(&folded).chain(virtual_accounts) {
            add(customer, PayerMatch::CustomerRef, part);
        }
    }
    fold(&receipt.payer_account, &mut folded);
    if !folded.is_empty() {
        for customer in index.by_alias(AliasKind::Account, &folded) {
            add(customer, PayerMatch::Account, TextPart::PayerAccount);
        }
    }
    let name = Name::of(&receipt.payer_name);
    if !name.is_empty() {
        for customer in index.by_alias(AliasKind::Name, &name.folded) {
            add(customer, PayerMatch::Alias, TextPart::PayerName);
        }
        if found.is_empty() {
            found = by_name(index, &name);
        }
    }
    found.truncate(MOST_PAYERS);
    found
}

fn by_name(index: &OpenIndex, name: &Name) -> Vec<Payer> {
    let scored = |customers: &mut dyn Iterator<Item = u32>| -> Vec<(u16, u32)> {
        let agree = |c: u32| (agreement(name, &index.parties[c as usize].name), c);
        let mut all: Vec<(u16, u32)> = customers.map(agree).collect();
        all.retain(|(score, _)| *score >= LEAST_NAME);
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        all
    };
    let mut all = scored(&mut index.names_from(&name.folded));
    if all.first().is_none_or(|(score, _)| *score < 950) {
        // Not as written: among all that begin with the same letter.
        all = scored(&mut index.names_from(&name.folded[..1]));
    }
    let best = all.first().map_or(0, |(score, _)| *score);
    all.iter()
        .filter(|(score, _)| best < 950 || *score >= 950)
        .map(|(score, customer)| Payer {
            customer: *customer,
            by: PayerMatch::Name(*score),
            part: TextPart::PayerName,
        })
        .collect()
}

/// Everything a receipt says, but for its remittance lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    pub(crate) payers: Vec<Payer>,
    pub(crate) scanned: Scanned,
}

pub(crate) fn read(index: &OpenIndex, receipt: &Receipt, tokens: &mut Tokens) -> Reading {
    let mut scanned = Scanned::default();
    for n in 0..receipt.references.len().min(MOST_FOUND) {
        scan(
            index,
            receipt,
            TextPart::Reference(n as u16),
            tokens,
            &mut scanned,
        );
    }
    scan(index, receipt, TextPart::Text, tokens, &mut scanned);
    Reading {
        payers: payers(index, receipt),
        scanned,
    }
}

impl Reading {
    /// The best of the possible payers who may pay for this customer.
    pub(crate) fn payer_for(&self, index: &OpenIndex, owner: u32) -> Option<Payer> {
        let mut best: Option<Payer> = None;
        for payer in &self.payers {
            if !index.pays_for(payer.customer, owner) {
                continue;
            }
            let by = if payer.customer == owner || payer.by.score() < 900 {
                payer.by
            } else {
                PayerMatch::Parent
            };
            let this = Payer { by, ..*payer };
            if best.is_none_or(|b| this.by.score() > b.by.score()) {
                best = Some(this);
            }
        }
        best
    }
    /// The customer that is known to have paid, or that alone agrees by name.
    pub(crate) fn payer(&self) -> Option<CustomerId> {
        match &self.payers[..] {
            [only] => Some(CustomerId(only.customer)),
            [first, ..] if first.by.identifies() => Some(CustomerId(first.customer)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_lists_of_numbers() {
        let texts = |raw: &str| -> Vec<String> {
            let bytes = series(raw).into_iter();
            bytes
                .map(|b| String::from_utf8(b).unwrap_or_default())
                .collect()
        };
        assert_eq!(texts("1001-1003"), ["1001", "1002", "1003"]);
        assert_eq!(texts("1001/2/13"), ["1001", "1002", "1013"]);
        for none in [
            "1001",
            "2024-0001034",
            "1005-1001",
            "1001-1999",
            "12/2025/7",
            "a/b",
        ] {
            assert_eq!(texts(none), [] as [&str; 0], "{none}");
        }
    }

    #[test]
    fn short_numbers_and_years_are_weak() {
        for weak in [&b"123"[..], b"2024", b"1999"] {
            assert!(is_weak(weak));
        }
        for strong in [&b"1234"[..], b"12024"] {
            assert!(!is_weak(strong));
        }
    }
}
