//! Keys by which lists are ordered: a number each, so that most comparisons read nothing else.

use std::cmp::Ordering;

/// What a row is ordered by. Empty values stand last whichever way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    empty: bool,
    head: u128,
}

const SIGN: u128 = 1 << 127;

impl Key {
    /// Of a number; `None` is empty.
    pub fn number(value: Option<i128>) -> Self {
        Key {
            empty: value.is_none(),
            head: value.unwrap_or(0).cast_unsigned() ^ SIGN,
        }
    }
    /// Of a text, by its first 16 bytes.
    pub fn text(text: &str) -> Self {
        let mut bytes = [0u8; 16];
        for (to, from) in bytes.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Key {
            empty: text.is_empty(),
            head: u128::from_be_bytes(bytes),
        }
    }
    /// [`Key::text`], whatever the case.
    pub fn folded(text: &str) -> Self {
        if !text.is_ascii() {
            return Key::text(&folded(text).collect::<String>());
        }
        let mut bytes = [0u8; 16];
        for (to, from) in bytes.iter_mut().zip(text.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        Key {
            empty: text.is_empty(),
            head: u128::from_be_bytes(bytes),
        }
    }
    /// The order of two; `rest` decides between texts that begin alike and go on.
    pub fn order(&self, other: &Key, down: bool, rest: impl FnOnce() -> Ordering) -> Ordering {
        let heads = self.head.cmp(&other.head);
        let goes_on = heads == Ordering::Equal && self.head & 0xff != 0;
        let by_value = if goes_on { rest() } else { heads };
        let turned = if down { by_value.reverse() } else { by_value };
        self.empty.cmp(&other.empty).then(turned)
    }
}

fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

/// The order of two texts, whatever the case. Lists have many that are equal: nothing is copied.
pub(crate) fn order_folded(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    if a.is_ascii() && b.is_ascii() {
        let (a, b) = (a.bytes(), b.bytes());
        let low = |byte: u8| byte.to_ascii_lowercase();
        return a.map(low).cmp(b.map(low));
    }
    folded(a).cmp(folded(b))
}

/// Whether a text holds a word that is in lower case already, whatever the case of the text.
pub(crate) fn holds(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    holds_bytes(text.as_bytes(), word.as_bytes())
}

/// [`holds`] for ASCII.
pub(crate) fn holds_bytes(text: &[u8], word: &[u8]) -> bool {
    let Some((first, rest)) = word.split_first() else {
        return true;
    };
    text.windows(word.len()).any(|w| {
        w[0].to_ascii_lowercase() == *first
            && w[1..]
                .iter()
                .zip(rest)
                .all(|(a, b)| a.to_ascii_lowercase() == *b)
    })
}

/// Sorted runs of keyed places, and which of them begins with the least: a binary heap of runs. With
/// them a long list is put in order in slices.
#[derive(Default)]
pub(crate) struct Runs {
    runs: Vec<std::vec::IntoIter<(Key, u32)>>,
    heads: Vec<(Key, u32)>,
    heap: Vec<usize>,
}

impl Runs {
    /// Takes a run that is in order.
    pub fn push(&mut self, run: Vec<(Key, u32)>) {
        let mut run = run.into_iter();
        if let Some(head) = run.next() {
            self.heap.push(self.runs.len());
            self.heads.push(head);
            self.runs.push(run);
        }
    }
    /// All runs are there.
    pub fn heap(&mut self, order: impl Fn(&(Key, u32), &(Key, u32)) -> Ordering) {
        for at in (0..self.heap.len() / 2).rev() {
            self.sift(at, &order);
        }
    }
    /// The least of all.
    pub fn next(&mut self, order: impl Fn(&(Key, u32), &(Key, u32)) -> Ordering) -> Option<u32> {
        let run = *self.heap.first()?;
        let (_, at) = self.heads[run];
        match self.runs[run].next() {
            Some(head) => self.heads[run] = head,
            None => _ = self.heap.swap_remove(0),
        }
        self.sift(0, &order);
        Some(at)
    }
    fn sift(&mut self, mut at: usize, order: &impl Fn(&(Key, u32), &(Key, u32)) -> Ordering) {
        let less = |a: usize, b: usize| order(&self.heads[a], &self.heads[b]) == Ordering::Less;
        loop {
            let mut least = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.heap.len() && less(self.heap[child], self.heap[least]) {
                    least = child;
                }
            }
            if least == at {
                return;
            }
            self.heap.swap(at, least);
            at = least;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_as_their_values_do_and_empty_ones_stand_last() {
        let texts = [
            "",
            "a",
            "A long text that goes on",
            "A long text that goes up",
            "zebra",
            "Éa",
        ];
        for a in texts {
            for b in texts {
                for down in [false, true] {
                    let rest = || order_folded(a, b);
                    let order = Key::folded(a).order(&Key::folded(b), down, rest);
                    let plain = a.to_lowercase().cmp(&b.to_lowercase());
                    let plain = if down { plain.reverse() } else { plain };
                    let empty = a.is_empty().cmp(&b.is_empty());
                    assert_eq!(order, empty.then(plain), "{a} {b} {down}");
                }
            }
        }
        let numbers = [
            None,
            Some(i128::MIN),
            Some(-1),
            Some(0),
            Some(7),
            Some(i128::MAX),
        ];
        for a in numbers {
            for b in numbers {
                let order = Key::number(a).order(&Key::number(b), false, || Ordering::Equal);
                assert_eq!(order, a.is_none().cmp(&b.is_none()).then(a.cmp(&b)));
            }
        }
    }

    #[test]
    fn runs_that_are_merged_are_one_sorted_list() {
        let order = |a: &(Key, u32), b: &(Key, u32)| a.0.head.cmp(&b.0.head).then(a.1.cmp(&b.1));
        for (rows, run) in [(0, 1), (1, 1), (40, 7), (64, 8), (100, 1), (100, 100)] {
            // Values that come again and lie anyhow.
            let value = |n: u32| i128::from(n * 37 % 23) - 11;
            let keyed: Vec<(Key, u32)> = (0..rows)
                .map(|n| (Key::number(Some(value(n))), n))
                .collect();
            let mut runs = Runs::default();
            for part in keyed.chunks(run) {
                let mut part = part.to_vec();
                part.sort_unstable_by(order);
                runs.push(part);
            }
            runs.heap(order);
            let merged: Vec<u32> = std::iter::from_fn(|| runs.next(order)).collect();
            let mut plain: Vec<u32> = (0..rows).collect();
            plain.sort_by_key(|n| (value(*n), *n));
            assert_eq!(merged, plain, "{rows} rows in runs of {run}");
        }
    }

    #[test]
    fn a_word_is_found_whatever_the_case() {
        for (text, word, found) in [
            ("Acme Ltd", "me l", true),
            ("Müller", "mül", true),
            ("MÜLLER", "mül", true),
            ("Acme", "", true),
            ("", "a", false),
            ("ab", "abc", false),
        ] {
            assert_eq!(holds(text, word), found, "{text} {word}");
        }
    }
}
