//! Reading amounts as people and programs write them (formats.md, CSV and Excel exports).
//!
//! Two doors: [`parse`] reads one cell and says all it found; [`parse_plain`] reads a million of them
//! and says only the minor units. Both follow the [`Style`] of the column, which [`infer_style`]
//! takes from all of its cells: `1.234` alone is never guessed.

use crate::Currency;
use core::fmt;
use rust_decimal::Decimal;

pub use crate::amount_style::{Inference, StyleVotes, infer_style};
pub use crate::amount_typed::typed;

/// Which mark stands before the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum DecimalMark {
    /// `1,234.56`, `1,23,456.00`, `1'234.50`, `1 234.56`.
    #[default]
    Point,
    /// `1.234,56`, `1 234,56`.
    Comma,
    /// Either, and neither ever groups: bank formats such as OFX (`1400,82`, `-12.80`).
    Either,
}

/// How the amounts of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Style {
    /// The decimal mark; of `.` and `,` the other one groups.
    pub decimal: DecimalMark,
}

impl Style {
    /// Decimal point.
    pub const POINT: Style = Style {
        decimal: DecimalMark::Point,
    };
    /// Decimal comma.
    pub const COMMA: Style = Style {
        decimal: DecimalMark::Comma,
    };
    /// Either mark, no groups.
    pub const EITHER: Style = Style {
        decimal: DecimalMark::Either,
    };

    pub(crate) fn is_decimal(self, mark: u8) -> bool {
        match self.decimal {
            DecimalMark::Point => mark == b'.',
            DecimalMark::Comma => mark == b',',
            DecimalMark::Either => mark == b'.' || mark == b',',
        }
    }
}

/// What was written beside an amount about its side of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// `DR`, `Dr.`, German `S` (Soll).
    Debit,
    /// `CR`, `Cr.`, German `H` (Haben).
    Credit,
}

/// The currency written beside an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CurrencyMark {
    /// A code: certain.
    Code(Currency),
    /// A sign, as in the table of signs; it may stand for several currencies.
    Symbol(&'static str),
}

impl CurrencyMark {
    /// The currencies it may mean, most used first.
    pub fn candidates(self) -> Vec<Currency> {
        match self {
            Self::Code(currency) => vec![currency],
            Self::Symbol(symbol) => Currency::from_symbol(symbol),
        }
    }
}

/// One amount cell, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The value in major units, with the sign written (minus, brackets), whatever `side` says.
    pub value: Decimal,
    /// `CR` or `DR` beside it. Never together with a sign: that is [`AmountError::DoubleSign`].
    pub side: Option<Side>,
    /// The currency beside it.
    pub currency: Option<CurrencyMark>,
}

/// More decimals than the currency has: the amount to take, and what taking it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounded {
    /// Minor units, rounded half up.
    pub minor: i64,
    /// The exact value written minus the rounded one, in major units. Their total is shown with the
    /// import.
    pub excess: Decimal,
}

/// Why a cell is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountError {
    /// Nothing, or a lone dash, which accountants write for nothing.
    Empty,
    /// A character that belongs to no amount, with its byte position in the cell.
    Character {
        /// Byte position.
        at: usize,
        /// The character.
        found: char,
    },
    /// A word that is no currency and no `CR` or `DR`, with its byte position.
    Word {
        /// Byte position.
        at: usize,
    },
    /// Signs, brackets or sides that contradict or double each other: `(-5)`, `-5-`, `-5 CR`.
    DoubleSign,
    /// A bracket without its other half.
    Bracket,
    /// Two different currencies beside one amount.
    TwoCurrencies,
    /// A second decimal mark, or a group mark among the decimals.
    Marks,
    /// Digits are not in groups that the column's style could mean: `1,5` where `.` is the decimal
    /// mark.
    Grouping,
    /// Too large, or with more digits than can be kept exactly.
    Overflow,
    /// Not refused by itself: more decimals than the currency has. The caller decides.
    Excess(Rounded),
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty"),
            Self::Character { at, found } => write!(f, "unexpected {found:?} at byte {at}"),
            Self::Word { at } => write!(f, "unknown word at byte {at}"),
            Self::DoubleSign => f.write_str("more than one sign"),
            Self::Bracket => f.write_str("unpaired bracket"),
            Self::TwoCurrencies => f.write_str("two currencies"),
            Self::Marks => f.write_str("more than one decimal mark"),
            Self::Grouping => f.write_str("digit groups do not fit the column"),
            Self::Overflow => f.write_str("out of range"),
            Self::Excess(r) => write!(f, "more decimals than the currency has, by {}", r.excess),
        }
    }
}

impl core::error::Error for AmountError {}

impl Amount {
    /// The value with `CR` counted negative, as a receivables ledger does.
    pub fn signed(&self) -> Decimal {
        match self.side {
            Some(Side::Credit) => -self.value,
            Some(Side::Debit) | None => self.value,
        }
    }

    /// [`Amount::signed`] in minor units of a currency with `exponent` decimals; more decimals than
    /// that are [`AmountError::Excess`].
    pub fn minor(&self, exponent: u8) -> Result<i64, AmountError> {
        let value = self.signed();
        // A double's last digits are not what was written: they do not decide how it rounds.
        let written = value
            .round_sf(15)
            .filter(|v| v.scale() > u32::from(exponent));
        let rounded = crate::Rounding::HalfUp.round(written.unwrap_or(value), exponent);
        let missing = u32::from(exponent).saturating_sub(rounded.scale());
        let minor = 10i128
            .checked_pow(missing)
            .and_then(|power| rounded.mantissa().checked_mul(power))
            .and_then(|minor| i64::try_from(minor).ok())
            .ok_or(AmountError::Overflow)?;
        let excess = value - rounded;
        if excess.is_zero() {
            Ok(minor)
        } else {
            Err(AmountError::Excess(Rounded {
                minor,
                excess: excess.normalize(),
            }))
        }
    }
}

/// One cell, in full.
pub fn parse(text: &str, style: Style) -> Result<Amount, AmountError> {
    crate::amount_cell::read(text, style)
}

/// One cell as minor units of a currency with `exponent` decimals, `CR` counted negative; a currency
/// written beside it is not looked at. The ordinary `-1234.56` costs a few nanoseconds; anything else
/// goes the way of [`parse`]. More decimals than the currency has are [`AmountError::Excess`], which
/// carries the amount to take.
#[inline]
pub fn parse_plain(bytes: &[u8], exponent: u8, style: Style) -> Result<i64, AmountError> {
    match plain(bytes, exponent, style) {
        Some(minor) => Ok(minor),
        None => parse_rest(bytes, exponent, style),
    }
}

/// Powers of ten for the decimals a currency can have and to spare.
const POWERS: [i64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

#[inline]
fn plain(bytes: &[u8], exponent: u8, style: Style) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    // 18 digits never overflow 63 bits.
    if digits.len() > 18 {
        return None;
    }
    let mut value = 0i64;
    let mut mark = digits.len();
    for (i, byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            if mark != digits.len() || !style.is_decimal(*byte) {
                return None;
            }
            mark = i;
            continue;
        }
        value = value * 10 + i64::from(digit);
    }
    let decimals = (digits.len() - mark).saturating_sub(1);
    // At least one digit before a mark and after it: the odd forms are the other door's.
    if mark == 0 || (mark != digits.len() && decimals == 0) {
        return None;
    }
    let missing = usize::from(exponent).checked_sub(decimals)?;
    let minor = value.checked_mul(*POWERS.get(missing)?)?;
    Some(if negative { -minor } else { minor })
}

/// Plain digits in groups of three, or Indian groups of two before the last: `-1,23,456.00`. Stricter
/// than the full reader, which takes what this leaves.
fn grouped(bytes: &[u8], exponent: u8, style: Style) -> Option<i64> {
    let group = match style.decimal {
        DecimalMark::Point => b',',
        DecimalMark::Comma => b'.',
        DecimalMark::Either => return None,
    };
    // 26 bytes with their groups, then decimals: as digits alone they are `plain` again.
    let mut digits = [0u8; 26];
    if bytes.len() > digits.len() {
        return None;
    }
    let (mut length, mut run, mut groups) = (0, 0, 0);
    let mut whole = true;
    for byte in bytes {
        if whole && (*byte == group || style.is_decimal(*byte)) {
            let last = *byte != group;
            let fits = match groups {
                0 => last || matches!(run, 1..=3),
                _ => run == 3 || (run == 2 && !last),
            };
            if !fits {
                return None;
            }
            whole = !last;
            groups += usize::from(!last);
            run = 0;
            if !last {
                continue;
            }
        } else {
            run += usize::from(byte.is_ascii_digit());
        }
        digits[length] = *byte;
        length += 1;
    }
    if groups == 0 || (whole && run != 3) {
        return None;
    }
    plain(&digits[..length], exponent, style)
}

#[cold]
#[inline(never)]
fn parse_rest(bytes: &[u8], exponent: u8, style: Style) -> Result<i64, AmountError> {
    if let Some(minor) = grouped(bytes, exponent, style) {
        return Ok(minor);
    }
    let text = core::str::from_utf8(bytes).map_err(|error| AmountError::Character {
        at: error.valid_up_to(),
        found: char::REPLACEMENT_CHARACTER,
    })?;
    crate::amount_cell::read_number(text, style)?.minor(exponent)
}
