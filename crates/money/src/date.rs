//! Reading dates as people and programs write them (formats.md, CSV and Excel exports).
//!
//! Two doors: [`parse_iso_bytes`] for the one form that needs no thought, and [`parse_with`] for all
//! others, in the [`DateOrder`] of the column. [`infer_order`] takes that from all cells of the
//! column: a part above 12 settles it; what nothing settles is asked.

use crate::Day;
use crate::day::days_in_month;
use core::fmt;
use minicbor::{Decode, Encode};

pub use crate::date_order::{OrderInference, OrderVotes, infer_order};

/// Which part of a numeric date comes first. A part with four digits is the year wherever it stands,
/// and a month's name is the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum DateOrder {
    /// 2026-03-02, 26/03/02.
    #[n(0)]
    Ymd,
    /// 02.03.2026, 2/3/26.
    #[n(1)]
    Dmy,
    /// 03/02/2026, 3/2/26.
    #[n(2)]
    Mdy,
    /// 02/2026/03: rare, never inferred, only chosen.
    #[n(3)]
    Dym,
}

impl DateOrder {
    /// The orders that a column is tried against.
    pub const INFERRED: [DateOrder; 3] = [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy];
}

/// Why a cell is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// Nothing, or one of the ways programs write no date (`00.00.0000`, `-`).
    Empty,
    /// This does not look like a date.
    NotADate,
    /// It looks like one, but there is no such day (31 April, month 13) in this order.
    NoSuchDay,
    /// Its parts do not stand in the column's order.
    WrongOrder,
    /// A year before 1900 or after 9999.
    Year {
        /// The year read.
        year: i32,
    },
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty"),
            Self::NotADate => f.write_str("not a date"),
            Self::NoSuchDay => f.write_str("no such day"),
            Self::WrongOrder => f.write_str("not in the column's order"),
            Self::Year { year } => write!(f, "year {year} is out of range"),
        }
    }
}

impl core::error::Error for DateError {}

/// The year that two-digit years are read around when no other is given: 80 years back and 20
/// forward from it. A constant, so that a file reads the same in every year.
pub const CENTURY_REFERENCE: i32 = 2026;

/// The year that `year` (0..=99) means: at most 20 years after `reference`, else before it.
pub fn two_digit_year(year: u8, reference: i32) -> i32 {
    let last = reference.saturating_add(20);
    last - (last - i32::from(year)).rem_euclid(100)
}

/// A date written `2026-03-02`, and nothing else.
#[inline]
pub fn parse_iso_bytes(bytes: &[u8]) -> Option<Day> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = bytes else {
        return None;
    };
    let n = |byte: u8| u32::from(byte.wrapping_sub(b'0'));
    let [a, b, c, d, e, f, g, h] = [n(a), n(b), n(c), n(d), n(e), n(f), n(g), n(h)];
    if (a > 9) | (b > 9) | (c > 9) | (d > 9) | (e > 9) | (f > 9) | (g > 9) | (h > 9) {
        return None;
    }
    let year = a * 1000 + b * 100 + c * 10 + d;
    if year < 1900 {
        return None;
    }
    Day::from_ymd(year as i32, (e * 10 + f) as u8, (g * 10 + h) as u8)
}

/// A date in the given order, with any separators, month names, or a time after it (which is
/// dropped). Two-digit years are read around [`CENTURY_REFERENCE`].
pub fn parse_with(order: DateOrder, bytes: &[u8]) -> Result<Day, DateError> {
    if let Some(day) = parse_iso_bytes(bytes) {
        return Ok(day);
    }
    if let Some((a, b, year)) = two_two_four(bytes)
        && let (day, month, true) = match order {
            DateOrder::Dmy => (a, b, true),
            DateOrder::Mdy => (b, a, true),
            DateOrder::Ymd | DateOrder::Dym => (a, b, false),
        }
        && let Some(day) = Day::from_ymd(year, month, day)
    {
        return Ok(day);
    }
    parse_around(order, bytes, CENTURY_REFERENCE)
}

/// The numbers of `02.03.2026`, with any one separator twice; years from 1900.
#[inline]
pub(crate) fn two_two_four(bytes: &[u8]) -> Option<(u8, u8, i32)> {
    let &[a, b, s, c, d, t, e, f, g, h] = bytes else {
        return None;
    };
    let n = |byte: u8| u32::from(byte.wrapping_sub(b'0'));
    let [a, b, c, d, e, f, g, h] = [n(a), n(b), n(c), n(d), n(e), n(f), n(g), n(h)];
    let digits =
        (a <= 9) & (b <= 9) & (c <= 9) & (d <= 9) & (e <= 9) & (f <= 9) & (g <= 9) & (h <= 9);
    let year = e * 1000 + f * 100 + g * 10 + h;
    if !digits || s != t || !matches!(s, b'.' | b'/' | b'-') || year < 1900 {
        return None;
    }
    Some(((a * 10 + b) as u8, (c * 10 + d) as u8, year as i32))
}

/// Like [`parse_with`], with two-digit years read around another year.
pub fn parse_around(order: DateOrder, bytes: &[u8], reference: i32) -> Result<Day, DateError> {
    Parts::read(bytes)?.day(order, reference)
}

/// A number in a date: its value and how many digits it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Part {
    pub value: u32,
    pub digits: u8,
}

/// The parts of a date, before their order is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parts {
    /// Eight digits together, maybe with more after them (a time).
    Block(u32),
    /// Six digits together.
    ShortBlock(u32),
    /// Three numbers.
    Numbers([Part; 3]),
    /// A month's name, and the two numbers around it in their order.
    Named { month: u8, numbers: [Part; 2] },
}

impl Parts {
    pub(crate) fn read(bytes: &[u8]) -> Result<Parts, DateError> {
        let mut rest = trim(bytes);
        if rest.is_empty() || matches!(rest, b"-" | b"--" | b"/") {
            return Err(DateError::Empty);
        }
        let mut numbers = [Part::default(); 3];
        let (mut count, mut month, mut words) = (0, None, 0u8);
        while count + usize::from(month.is_some()) < 3 {
            rest = skip_separators(rest);
            let Some(first) = rest.first() else {
                break;
            };
            if first.is_ascii_digit() {
                let (part, after) = number(rest).ok_or(DateError::NotADate)?;
                if count == 0 && month.is_none() && part.digits >= 6 {
                    return block(part, after);
                }
                numbers[count] = part;
                count += 1;
                rest = skip_ordinal(after);
            } else {
                words += 1;
                let (word, after) = word(rest).ok_or(DateError::NotADate)?;
                match month_number(word) {
                    Some(number) if month.is_none() => month = Some(number),
                    _ if words <= 5 && is_filler(word) => {}
                    _ => return Err(DateError::NotADate),
                }
                rest = after;
            }
        }
        if !is_time(rest) {
            return Err(DateError::NotADate);
        }
        match (month, count) {
            (None, 3) if numbers.iter().all(|n| n.value == 0) => Err(DateError::Empty),
            (None, 3) => Ok(Parts::Numbers(numbers)),
            (Some(month), 2) => Ok(Parts::Named {
                month,
                numbers: [numbers[0], numbers[1]],
            }),
            _ => Err(DateError::NotADate),
        }
    }

    pub(crate) fn day(self, order: DateOrder, reference: i32) -> Result<Day, DateError> {
        match self {
            Parts::Block(block) => block_day(block, order),
            Parts::ShortBlock(block) => {
                let (a, b, c) = (block / 10_000, block / 100 % 100, block % 100);
                let part = |value| Part { value, digits: 2 };
                numbers_day([part(a), part(b), part(c)], order, reference)
            }
            Parts::Numbers(numbers) => numbers_day(numbers, order, reference),
            Parts::Named {
                month,
                numbers: [a, b],
            } => {
                // `2-Mar-26` is day first everywhere, unless the first number can be no day.
                let year_first = is_year(a) || (!is_year(b) && a.value > 31);
                let (day, year) = if year_first { (b, a) } else { (a, b) };
                checked(year, u32::from(month), day, reference)
            }
        }
    }
}

fn is_year(part: Part) -> bool {
    part.digits >= 3
}

fn numbers_day([a, b, c]: [Part; 3], order: DateOrder, reference: i32) -> Result<Day, DateError> {
    let (year, month, day) = match order {
        // A year of four digits in front is a year in any column; no one writes year, day, month.
        _ if is_year(a) => (a, b, c),
        DateOrder::Ymd => (a, b, c),
        DateOrder::Dmy => (c, b, a),
        DateOrder::Mdy => (c, a, b),
        DateOrder::Dym => (b, c, a),
    };
    if is_year(month) || is_year(day) {
        return Err(DateError::WrongOrder);
    }
    checked(year, month.value, day, reference)
}

/// Eight digits: year first if that makes a year of our time, else as the column says.
fn block_day(block: u32, order: DateOrder) -> Result<Day, DateError> {
    if block == 0 {
        return Err(DateError::Empty);
    }
    let (front, back) = (block / 10_000, block % 10_000);
    let date = |year, month, day| {
        checked(
            Part {
                value: year,
                digits: 4,
            },
            month,
            Part {
                value: day,
                digits: 2,
            },
            0,
        )
    };
    date(front, back / 100, back % 100).or_else(|error| match order {
        DateOrder::Dmy => date(back, front % 100, front / 100),
        DateOrder::Mdy => date(back, front / 100, front % 100),
        DateOrder::Ymd | DateOrder::Dym => Err(error),
    })
}

fn checked(year: Part, month: u32, day: Part, reference: i32) -> Result<Day, DateError> {
    let full = match year.digits {
        // One or two digits mean a year of this century or the last.
        0..=2 => two_digit_year(u8::try_from(year.value).unwrap_or(0), reference),
        _ => i32::try_from(year.value).unwrap_or(i32::MAX),
    };
    if !(1900..=9999).contains(&full) {
        return Err(DateError::Year { year: full });
    }
    let (month, day) = (
        u8::try_from(month).unwrap_or(0),
        u8::try_from(day.value).unwrap_or(0),
    );
    if days_in_month(full, month) == 0 {
        return Err(DateError::NoSuchDay);
    }
    Day::from_ymd(full, month, day).ok_or(DateError::NoSuchDay)
}

fn trim(bytes: &[u8]) -> &[u8] {
    let mut bytes = bytes.trim_ascii();
    // No-break spaces and the byte order mark, as UTF-8; an apostrophe is a spreadsheet's text mark.
    for edge in [&b"\xef\xbb\xbf"[..], b"\xc2\xa0", b"'", b"\""] {
        bytes = bytes.strip_prefix(edge).unwrap_or(bytes);
        bytes = bytes.strip_suffix(edge).unwrap_or(bytes);
    }
    bytes.trim_ascii()
}

fn skip_separators(bytes: &[u8]) -> &[u8] {
    let is_separator = |b: &u8| matches!(b, b'-' | b'/' | b'.' | b',' | b'\'' | b' ' | b'\t');
    let mut rest = bytes;
    // At most a few: `2. March, 2026`.
    for _ in 0..3 {
        match rest.split_first() {
            Some((first, after)) if is_separator(first) => rest = after,
            _ => break,
        }
    }
    rest
}

/// Digits at the front. More than 17 are no date and no time stamp.
fn number(bytes: &[u8]) -> Option<(Part, &[u8])> {
    let length = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if !(1..=17).contains(&length) {
        return None;
    }
    // A block of eight digits may be followed by a time without a gap.
    let kept = length.min(8);
    let value = bytes[..kept]
        .iter()
        .fold(0u32, |n, b| n * 10 + u32::from(b - b'0'));
    Some((
        Part {
            value,
            digits: length as u8,
        },
        &bytes[length..],
    ))
}

/// Six or eight digits, or a time stamp that begins with eight; `.0` after it is what a float
/// column left behind.
fn block(part: Part, after: &[u8]) -> Result<Parts, DateError> {
    let fraction = after.strip_prefix(b".").unwrap_or(&[]);
    let only_zeros = !fraction.is_empty() && fraction.iter().all(|b| *b == b'0');
    if !(only_zeros || is_time(after) || (part.digits >= 12 && is_stamp_tail(after))) {
        return Err(DateError::NotADate);
    }
    match part.digits {
        6 => Ok(Parts::ShortBlock(part.value)),
        8 | 12 | 14 | 17 => Ok(Parts::Block(part.value)),
        _ => Err(DateError::NotADate),
    }
}

/// `.123[-5:EST]` after a bank's time stamp.
fn is_stamp_tail(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b".").unwrap_or(bytes);
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = &rest[digits..];
    rest.is_empty() || (rest.starts_with(b"[") && rest.ends_with(b"]")) || matches!(rest, b"Z")
}

/// Nothing, or a time after a `T` or a blank: digits and colons, a fraction, a zone, AM or PM.
fn is_time(bytes: &[u8]) -> bool {
    let Some((first, rest)) = bytes.split_first() else {
        return true;
    };
    if !matches!(first, b' ' | b'T' | b't' | b',' | b':') {
        return matches!(bytes, b"." | b"Z");
    }
    let rest = rest.trim_ascii();
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let clock =
        matches!(digits, 1 | 2) && matches!(rest.get(digits), Some(b':' | b'.' | b'h' | b' '));
    let compact = matches!(digits, 4 | 6);
    let known = |b: &u8| b.is_ascii_digit() || b":.+-, []/_".contains(b) || b.is_ascii_alphabetic();
    rest.is_empty() || ((clock || compact) && rest.len() <= 40 && rest.iter().all(known))
}

/// Letters at the front, ASCII or not, with the point of an abbreviation left behind.
fn word(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = bytes
        .iter()
        .take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80)
        .count();
    (1..=16).contains(&length).then(|| bytes.split_at(length))
}

/// `2nd`, `1er`.
fn skip_ordinal(bytes: &[u8]) -> &[u8] {
    for suffix in [&b"st"[..], b"nd", b"rd", b"th", b"er"] {
        if let Some(rest) = bytes.get(suffix.len()..)
            && bytes[..suffix.len()].eq_ignore_ascii_case(suffix)
            && !rest.first().is_some_and(u8::is_ascii_alphabetic)
        {
            return rest;
        }
    }
    bytes
}

/// Words that stand in dates and say nothing: of, de, and the days of the week.
fn is_filler(word: &[u8]) -> bool {
    const FILLERS: [&str; 20] = [
        "of", "de", "del", "the", "le", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri",
        "sat", "sun", "mo", "di", "mi", "do", "fr",
    ];
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    FILLERS
        .iter()
        .chain(&DAYS)
        .any(|f| word.eq_ignore_ascii_case(f.as_bytes()))
}

/// Month names by their beginnings: English, German, French and Spanish. A word is a month if it
/// begins with one of these and goes on as the full name does.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "januar", "jänner", "jan", "janvier", "janv", "enero", "ene",
    ],
    &[
        "february", "februar", "feb", "février", "fevrier", "févr", "fevr", "fév", "fev", "febrero",
    ],
    &[
        "march", "mar", "märz", "maerz", "mrz", "mär", "mars", "marzo",
    ],
    &["april", "apr", "avril", "avr", "abril", "abr"],
    &["may", "mai", "mayo"],
    &["june", "jun", "juni", "juin", "junio"],
    &["july", "jul", "juli", "juillet", "juil", "julio"],
    &["august", "aug", "août", "aout", "agosto", "ago"],
    &[
        "september",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "setiembre",
    ],
    &["october", "oct", "oktober", "okt", "octobre", "octubre"],
    &["november", "nov", "novembre", "noviembre"],
    &[
        "december",
        "dec",
        "dezember",
        "dez",
        "décembre",
        "decembre",
        "déc",
        "diciembre",
        "dic",
    ],
];

fn month_number(word: &[u8]) -> Option<u8> {
    let same = |name: &str| {
        word.eq_ignore_ascii_case(name.as_bytes())
            // Capitals beyond ASCII: É, Û, Ä.
            || (!word.is_ascii()
                && core::str::from_utf8(word).is_ok_and(|word| word.to_lowercase() == name))
    };
    let at = MONTHS
        .iter()
        .position(|names| names.iter().any(|name| same(name)))?;
    u8::try_from(at + 1).ok()
}
