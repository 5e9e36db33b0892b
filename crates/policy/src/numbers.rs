//! From which range a document gets its number, in a book whose owner posts the ledger himself: by
//! company, kind of document and the day from which it is used.

use duebook_money::Day;
use minicbor::{Decode, Encode};

/// Longest prefix, in characters, and most digits of a number.
const LONGEST: usize = 20;
const DIGITS: u8 = 18;
/// Most ranges.
const MOST: usize = 200;

/// For which documents a range is. Stored; never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Paper {
    /// Whatever has no range of its own.
    #[n(0)]
    Every,
    /// Invoices, new ones of a rebill or split among them.
    #[n(1)]
    Invoice,
    /// Credit notes.
    #[n(2)]
    CreditNote,
    /// Debit memos: chargebacks.
    #[n(3)]
    DebitMemo,
}

impl Paper {
    /// Every kind in stored order.
    pub const ALL: [Paper; 4] = [
        Paper::Every,
        Paper::Invoice,
        Paper::CreditNote,
        Paper::DebitMemo,
    ];
}

/// A range of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NumberRange {
    /// Code of the company that issues them; empty: every company that has no range of its own.
    #[n(0)]
    pub entity: String,
    /// For which documents.
    #[n(1)]
    pub paper: Paper,
    /// What stands before the digits.
    #[n(2)]
    pub prefix: String,
    /// How many digits, with zeros before; 0: as many as the number has.
    #[n(3)]
    pub width: u8,
    /// The first number.
    #[n(4)]
    pub first: u64,
    /// The last number.
    #[n(5)]
    pub last: u64,
    /// For documents of this day and later; absent: of any day.
    #[n(6)]
    #[cbor(default)]
    pub from: Option<Day>,
}

impl NumberRange {
    /// A number of it as it is written.
    pub fn written(&self, n: u64) -> String {
        let width = usize::from(self.width);
        format!("{}{n:0width$}", self.prefix)
    }
    /// The number that a text stands for, where it is one of this range and written as it writes.
    pub fn place(&self, text: &str) -> Option<u64> {
        let digits = text.strip_prefix(self.prefix.as_str())?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let n: u64 = digits.parse().ok()?;
        let within = self.first <= n && n <= self.last;
        (within && self.written(n) == text).then_some(n)
    }
    fn is_sound(&self) -> bool {
        let plain = self.prefix.trim() == self.prefix && self.entity.trim() == self.entity;
        let short = self.prefix.chars().count() <= LONGEST && self.width <= DIGITS;
        let rises = 0 < self.first && self.first <= self.last;
        let digits = self.last.to_string().len();
        let fits = digits <= usize::from(if self.width == 0 { DIGITS } else { self.width });
        let prints = |c: char| !c.is_control() && c != ',';
        plain && short && rises && fits && self.prefix.chars().all(prints)
    }
    /// Whether some document number could be of both: then it could be given twice.
    fn overlaps(&self, other: &NumberRange) -> bool {
        // A range of every company is also one of each.
        let both = self.entity.is_empty() || other.entity.is_empty() || self.entity == other.entity;
        let apart = self.last < other.first || other.last < self.first;
        let (a, b) = (self.prefix.as_str(), other.prefix.as_str());
        match b.strip_prefix(a).or_else(|| a.strip_prefix(b)) {
            Some("") => both && !apart,
            // A digit at the end of a prefix can make two of one text: `A` 10 and `A1` 0.
            Some(rest) => both && rest.bytes().all(|b| b.is_ascii_digit()),
            None => false,
        }
    }
}

/// The ranges that the owner of a ledger gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NumberPolicy {
    /// Ranges, in the order of the list.
    #[n(0)]
    pub ranges: Vec<NumberRange>,
}

/// Why ranges are refused; each by the place in the list, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberPolicyError {
    /// More than anybody keeps.
    TooMany,
    /// A range that ends before it begins, begins with 0, has a prefix with a comma or of more than
    /// 20 characters, or more digits than its width.
    Range(usize),
    /// It has numbers that an earlier one of the same company has.
    Overlaps(usize),
    /// An earlier one is for the same company, documents and day.
    Twice(usize),
}

impl NumberPolicy {
    /// Checks that no number can come from two ranges.
    ///
    /// # Errors
    /// The first [`NumberPolicyError`] that holds.
    pub fn validate(&self) -> Result<(), NumberPolicyError> {
        if self.ranges.len() > MOST {
            return Err(NumberPolicyError::TooMany);
        }
        for (n, range) in self.ranges.iter().enumerate() {
            if !range.is_sound() {
                return Err(NumberPolicyError::Range(n));
            }
            let before = &self.ranges[..n];
            if before.iter().any(|o| o.overlaps(range)) {
                return Err(NumberPolicyError::Overlaps(n));
            }
            let key = |r: &NumberRange| (r.entity.clone(), r.paper, r.from);
            if before.iter().any(|o| key(o) == key(range)) {
                return Err(NumberPolicyError::Twice(n));
            }
        }
        Ok(())
    }

    /// The range of a document: of its own company before that of every company, of its own kind
    /// before that of every kind, and of these the one that began last on its day.
    pub fn of(&self, entity: &str, paper: Paper, on: Day) -> Option<&NumberRange> {
        let fits = |r: &&NumberRange| {
            (r.entity.is_empty() || r.entity == entity)
                && (r.paper == Paper::Every || r.paper == paper)
                && r.from.is_none_or(|from| from <= on)
        };
        let rank = |r: &&NumberRange| (!r.entity.is_empty(), r.paper != Paper::Every, r.from);
        self.ranges.iter().filter(fits).max_by_key(rank)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(entity: &str, paper: Paper, prefix: &str, first: u64, last: u64) -> NumberRange {
        NumberRange {
            entity: entity.to_owned(),
            paper,
            prefix: prefix.to_owned(),
            width: 4,
            first,
            last,
            from: None,
        }
    }

    #[test]
    fn a_number_is_written_and_read_in_one_way() {
        let r = range("", Paper::Invoice, "IN-", 7, 9_999);
        assert_eq!(
            (r.written(7), r.place("IN-0007")),
            ("IN-0007".into(), Some(7))
        );
        for other in [
            "IN-7", "IN-0006", "IN-00007", "IN-10000", "CN-0007", "IN-", "IN-00x7",
        ] {
            assert_eq!(r.place(other), None, "{other}");
        }
        let bare = NumberRange { width: 0, ..r };
        assert_eq!(
            (bare.written(12), bare.place("IN-12")),
            ("IN-12".into(), Some(12))
        );
        assert_eq!(bare.place("IN-012"), None);
    }

    #[test]
    fn the_own_company_the_own_kind_and_the_latest_day_come_first() {
        let day = |y| Day::from_ymd(y, 1, 1).expect("a day");
        let from = |r: NumberRange, y| NumberRange {
            from: Some(day(y)),
            ..r
        };
        let p = NumberPolicy {
            ranges: vec![
                range("", Paper::Every, "D", 1, 99),
                range("", Paper::Invoice, "I", 1, 99),
                range("1000", Paper::Every, "A", 1, 99),
                from(range("1000", Paper::Invoice, "X25-", 1, 99), 2025),
                from(range("1000", Paper::Invoice, "X26-", 1, 99), 2026),
            ],
        };
        assert_eq!(p.validate(), Ok(()));
        let of = |entity: &str, paper, y| p.of(entity, paper, day(y)).map(|r| r.prefix.as_str());
        assert_eq!(of("9", Paper::Invoice, 2026), Some("I"));
        assert_eq!(of("9", Paper::CreditNote, 2026), Some("D"));
        assert_eq!(of("1000", Paper::CreditNote, 2026), Some("A"));
        assert_eq!(
            of("1000", Paper::Invoice, 2024),
            Some("A"),
            "before its ranges begin"
        );
        assert_eq!(of("1000", Paper::Invoice, 2025), Some("X25-"));
        assert_eq!(of("1000", Paper::Invoice, 2027), Some("X26-"));
        assert_eq!(
            NumberPolicy::default().of("", Paper::Invoice, day(2026)),
            None
        );
    }

    #[test]
    fn no_number_can_come_from_two_ranges() {
        use NumberPolicyError::{Overlaps, Range, Twice};
        let of = |ranges: &[NumberRange]| {
            NumberPolicy {
                ranges: ranges.to_vec(),
            }
            .validate()
        };
        let a = range("", Paper::Invoice, "A", 1, 50);
        assert_eq!(
            of(&[a.clone(), range("", Paper::CreditNote, "A", 50, 60)]),
            Err(Overlaps(1))
        );
        assert_eq!(
            of(&[a.clone(), range("", Paper::CreditNote, "A", 51, 60)]),
            Ok(())
        );
        assert_eq!(
            of(&[a.clone(), range("", Paper::CreditNote, "A0", 1, 6)]),
            Err(Overlaps(1))
        );
        assert_eq!(
            of(&[a.clone(), range("", Paper::CreditNote, "A-", 1, 50)]),
            Ok(())
        );
        let one = range("1", Paper::Invoice, "A", 1, 50);
        assert_eq!(
            of(&[one, range("2", Paper::Invoice, "A", 1, 50)]),
            Ok(()),
            "another company"
        );
        assert_eq!(
            of(&[a.clone(), range("2", Paper::Invoice, "A", 1, 50)]),
            Err(Overlaps(1))
        );
        assert_eq!(
            of(&[a.clone(), range("", Paper::Invoice, "B", 1, 50)]),
            Err(Twice(1))
        );
        for bad in [
            range("", Paper::Invoice, "A", 0, 5),
            range("", Paper::Invoice, "A", 6, 5),
            range("", Paper::Invoice, "A", 1, 10_000),
            range("", Paper::Invoice, "A,", 1, 5),
            range(" x", Paper::Invoice, "A", 1, 5),
            range("", Paper::Invoice, &"A".repeat(21), 1, 5),
        ] {
            assert_eq!(of(std::slice::from_ref(&bad)), Err(Range(0)), "{bad:?}");
        }
    }

    #[test]
    fn stored_form_keeps_everything() {
        let p = NumberPolicy {
            ranges: Paper::ALL.map(|p| range("1", p, "P", 1, 9)).to_vec(),
        };
        let bytes = minicbor::to_vec(&p).expect("encodes");
        assert_eq!(
            minicbor::decode::<NumberPolicy>(&bytes).expect("decodes"),
            p
        );
    }
}
