//! Payer names: equal, cut off by the bank, or shortened by hand. A name alone never identifies
//! (CA-05); it can only agree with what else is known, or suggest.

use crate::text::fold_char;

/// Legal forms and filler words, which banks and people leave out or write in many ways.
const FILLER: &[&[u8]] = &[
    b"INC",
    b"LLC",
    b"LTD",
    b"LIMITED",
    b"CORP",
    b"CORPORATION",
    b"CO",
    b"COMPANY",
    b"PLC",
    b"GMBH",
    b"AG",
    b"KG",
    b"SE",
    b"SA",
    b"SARL",
    b"SAS",
    b"SL",
    b"SRL",
    b"SPA",
    b"BV",
    b"NV",
    b"AS",
    b"AB",
    b"OY",
    b"KK",
    b"PVT",
    b"PRIVATE",
    b"THE",
    b"LLP",
    b"PTY",
    b"MBH",
    b"SP",
    b"ZOO",
];

/// A name as words of capital letters and digits, legal forms last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    /// The words in order, one blank between: `NORD FOODS 9 GMBH`.
    pub(crate) folded: Vec<u8>,
}

impl Name {
    pub(crate) fn of(text: &str) -> Name {
        let mut folded = Vec::with_capacity(text.len());
        let mut blank = false;
        for c in text.chars().take(200) {
            let before = folded.len();
            if blank && !folded.is_empty() {
                folded.push(b' ');
            }
            if fold_char(c, &mut folded) {
                blank = false;
            } else {
                folded.truncate(before);
                // Dots and apostrophes stand inside words: `A.G.`, `O'BRIEN`.
                blank |= !matches!(c, '.' | '\'' | '’');
            }
        }
        Name { folded }
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }
    /// The words that carry the name; all of them when only filler is left.
    fn words(&self) -> Vec<&[u8]> {
        let all: Vec<&[u8]> = self.folded.split(|b| *b == b' ').collect();
        let kept: Vec<&[u8]> = all
            .iter()
            .copied()
            .filter(|w| !FILLER.contains(w))
            .collect();
        if kept.is_empty() { all } else { kept }
    }
}

/// A bank's field that is this full may have been cut: SEPA keeps 70 or 35, SWIFT 35, others 27.
const CUT: usize = 24;

/// How well a payer's name agrees with a customer's, per mille. 1000: the same but for legal forms
/// and signs. A name cut by the bank is 950. Shortened names (`N STAR LOGISTICS`, `SEL` for
/// Sapphire Electronics Ltd, `ATLAS MFG`) are at most 850 and less for every word left out.
pub(crate) fn agreement(payer: &Name, customer: &Name) -> u16 {
    if payer.is_empty() || customer.is_empty() {
        return 0;
    }
    if payer.folded == customer.folded {
        return 1000;
    }
    if payer.folded.len() >= CUT && customer.folded.starts_with(&payer.folded) {
        return 950;
    }
    let (ours, theirs) = (customer.words(), payer.words());
    if ours == theirs {
        return 990;
    }
    let joined = |words: &[&[u8]]| words.concat();
    let (one, other) = (joined(&ours), joined(&theirs));
    if one == other {
        return 980;
    }
    let by_words = shortened(&ours, &theirs);
    let by_start = if other.len() >= 6 && one.starts_with(&other) {
        850 - (100 * (one.len() - other.len()) / one.len()) as u16
    } else {
        0
    };
    by_words.max(by_start).max(initials(customer, &theirs))
}

/// `SEL`, or `SEL Inc`: the first letters of the words, with or without the legal form.
fn initials(customer: &Name, theirs: &[&[u8]]) -> u16 {
    let [short] = theirs else { return 0 };
    if !(2..=6).contains(&short.len()) {
        return 0;
    }
    let first =
        |words: &[&[u8]]| -> Vec<u8> { words.iter().filter_map(|w| w.first().copied()).collect() };
    let all: Vec<&[u8]> = customer.folded.split(|b| *b == b' ').collect();
    let whole = first(&all);
    let kept = first(&customer.words());
    if *short == whole.as_slice() || *short == kept.as_slice() {
        700
    } else if is_acronym(short, &customer.words()) {
        620
    } else {
        0
    }
}

/// Letters in order, the first of every word among them and the name's first one first: `IBI` for
/// Ironbridge Industrial.
fn is_acronym(short: &[u8], words: &[&[u8]]) -> bool {
    let mut letters = short;
    for (n, word) in words.iter().enumerate() {
        let ([first, after @ ..], Some(initial)) = (letters, word.first()) else {
            return false;
        };
        if first != initial {
            return false;
        }
        letters = after;
        let mut rest = word[1..].iter();
        // Further letters of this word, while enough are left for the words after it.
        while let [next, after @ ..] = letters {
            if letters.len() < words.len() - n || !rest.any(|l| l == next) {
                break;
            }
            letters = after;
        }
    }
    letters.is_empty()
}

/// Each word of the payer must stand, in order, for a word of the customer, the first for the first.
fn shortened(ours: &[&[u8]], theirs: &[&[u8]]) -> u16 {
    if theirs.len() > ours.len() + 1 {
        return 0;
    }
    let (mut at, mut sum) = (0usize, 0usize);
    for (n, word) in theirs.iter().enumerate() {
        let reach = if n == 0 { 1 } else { ours.len() };
        let found = (at..reach.max(at))
            .filter_map(|i| Some((i, stands_for(word, ours.get(i)?)?)))
            .next();
        let Some((i, score)) = found else { return 0 };
        sum += score;
        at = i + 1;
    }
    let left_out = ours.len().saturating_sub(theirs.len()).min(4);
    let score = sum / theirs.len().max(1);
    (score.min(900).saturating_sub(60 * left_out)) as u16
}

/// Whether a word is written for another: equal, its beginning, a contraction (`MFG`), or another
/// ending of the same stem (`MINE` for `MINING`).
fn stands_for(short: &[u8], long: &[u8]) -> Option<usize> {
    if short == long {
        return Some(1000);
    }
    if short.iter().any(u8::is_ascii_digit) || short.first() != long.first() {
        return None;
    }
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    if same == short.len() || same == long.len() {
        return Some(850);
    }
    if same >= 3 && same + 3 >= short.len() {
        return Some(700);
    }
    let mut rest = long.iter();
    let inside = short.iter().all(|b| rest.any(|l| l == b));
    (inside && short.len() >= 2 && short.len() < long.len()).then_some(650)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(a: &str, b: &str) -> u16 {
        agreement(&Name::of(a), &Name::of(b))
    }

    #[test]
    fn ca_05_names_agree_by_degrees() {
        assert_eq!(
            agree("O'BRIEN COMPONENTS A.G.", "O'Brien Components AG"),
            1000
        );
        assert_eq!(agree("NORD FOODS", "Nord Foods GmbH"), 990);
        assert_eq!(
            agree(
                "HOTELIERE DU LAC MEDICAL SUPPLY GMB",
                "Hôtelière du Lac Medical Supply GmbH & Co. KG"
            ),
            950
        );
        for (short, full) in [
            ("N Star Logistics", "Northern Star Logistics"),
            ("SEL", "Sapphire Electronics Ltd"),
            ("Atlas Mfg", "Atlas Manufacturing Corp"),
            ("Iron Bridge Ind", "Ironbridge Industrial"),
            ("Cobalt Mine Ind", "Cobalt Mining Industries"),
            ("Falcon Security", "Falcon Security Solutions"),
            ("PAC Inc", "Prairie Agricultural Co"),
            ("IBI Corp", "Ironbridge Industrial"),
        ] {
            let score = agree(short, full);
            assert!((600..=900).contains(&score), "{short}: {score}");
        }
        for (one, other) in [
            ("Atlas Foods", "Nord Foods"),
            ("Nord Foods 9", "Nord Foods 7"),
            ("", "Nord"),
            ("SEL", "Silver Falcon"),
            ("IBX", "Ironbridge Industrial"),
        ] {
            assert_eq!(agree(one, other), 0, "{one} is not {other}");
        }
        assert!(
            agree("Woodland Division 40", "Woodland Division 40")
                > agree("Woodland", "Woodland Division 40")
        );
    }
}
