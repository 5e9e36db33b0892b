//! The reader behind [`crate::amount::parse`]: what stands around the digits is peeled off from both
//! ends, then the digits are read.

use crate::Currency;
use crate::amount::{Amount, AmountError, CurrencyMark, DecimalMark, Rounded, Side, Style};
use crate::currency::SYMBOLS;
use rust_decimal::Decimal;

/// A cell before its digits became a `Decimal`.
#[derive(Clone, Copy)]
pub(crate) struct Number {
    /// All digits, as one integer.
    mantissa: u128,
    /// How many of them are decimals; negative when an exponent says so.
    scale: i32,
    negative: bool,
    side: Option<Side>,
    currency: Option<CurrencyMark>,
}

impl Number {
    /// Minor units with `CR` negative. Integers all the way unless there is something to round.
    pub(crate) fn minor(self, exponent: u8) -> Result<i64, AmountError> {
        let missing = i32::from(exponent) - self.scale;
        let negative = self.negative != (self.side == Some(Side::Credit));
        if let Ok(missing) = u32::try_from(missing) {
            return 10u128
                .checked_pow(missing)
                .and_then(|power| self.mantissa.checked_mul(power))
                .and_then(|minor| signed(minor, negative))
                .ok_or(AmountError::Overflow);
        }
        let over = 10u128
            .checked_pow(missing.unsigned_abs())
            .ok_or(AmountError::Overflow)?;
        let (whole, rest) = (self.mantissa / over, self.mantissa % over);
        if rest == 0 {
            return signed(whole, negative).ok_or(AmountError::Overflow);
        }
        let up = match without_float_dust(self.mantissa, over) {
            Some(snapped) => snapped / over - whole == 1 || snapped % over >= over - snapped % over,
            None => rest >= over - rest,
        };
        let minor = signed(whole + u128::from(up), negative);
        let minor = minor.ok_or(AmountError::Overflow)?;
        let (value, scale) = (self.amount()?.signed(), u32::from(exponent));
        let excess = (value - Decimal::new(minor, scale)).normalize();
        Err(AmountError::Excess(Rounded { minor, excess }))
    }

    fn amount(self) -> Result<Amount, AmountError> {
        let (mantissa, scale) = match u32::try_from(self.scale) {
            Ok(scale) => (self.mantissa, scale),
            Err(_) => {
                let power = 10u128.checked_pow(self.scale.unsigned_abs());
                let mantissa = power.and_then(|power| self.mantissa.checked_mul(power));
                (mantissa.ok_or(AmountError::Overflow)?, 0)
            }
        };
        let mantissa = i128::try_from(mantissa).map_err(|_| AmountError::Overflow)?;
        let mut value = Decimal::try_from_i128_with_scale(mantissa, scale)
            .map_err(|_| AmountError::Overflow)?;
        if self.negative && !value.is_zero() {
            value.set_sign_negative(true);
        }
        Ok(Amount {
            value,
            side: self.side,
            currency: self.currency,
        })
    }
}

fn signed(minor: u128, negative: bool) -> Option<i64> {
    let minor = i128::try_from(minor).ok()?;
    i64::try_from(if negative { -minor } else { minor }).ok()
}

pub(crate) fn read(text: &str, style: Style) -> Result<Amount, AmountError> {
    read_number(text, style)?.amount()
}

pub(crate) fn read_number(text: &str, style: Style) -> Result<Number, AmountError> {
    let mut frame = Frame::new(text);
    frame.peel_front()?;
    frame.peel_back()?;
    frame.finish(style)
}

/// What has been found around the digits so far.
struct Frame<'a> {
    text: &'a str,
    /// What is left between the peeled ends, as byte positions in `text`.
    start: usize,
    end: usize,
    signs: u8,
    negative: bool,
    opened: u8,
    closed: u8,
    side: Option<Side>,
    currency: Option<CurrencyMark>,
}

impl<'a> Frame<'a> {
    fn new(text: &'a str) -> Self {
        Frame {
            text,
            start: 0,
            end: text.len(),
            signs: 0,
            negative: false,
            opened: 0,
            closed: 0,
            side: None,
            currency: None,
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.start..self.end]
    }

    fn sign(&mut self, negative: bool) {
        self.signs = self.signs.saturating_add(1);
        self.negative |= negative;
    }

    fn peel_front(&mut self) -> Result<(), AmountError> {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '0'..='9' | '.' | ',' => break,
                _ if is_blank(c) => {}
                '-' | '\u{2212}' | '\u{2013}' | '\u{2014}' | '\u{ff0d}' => self.sign(true),
                '+' => self.sign(false),
                '(' => self.opened = self.opened.saturating_add(1),
                // What a spreadsheet puts before text.
                '\'' if self.start == 0 => {}
                _ => {
                    let length = self.word(front_word(self.rest()))?;
                    self.start += length;
                    continue;
                }
            }
            self.start += c.len_utf8();
        }
        Ok(())
    }

    fn peel_back(&mut self) -> Result<(), AmountError> {
        while let Some(c) = self.rest().chars().next_back() {
            match c {
                '0'..='9' => break,
                // A point after a letter belongs to its word (`Rs.`), else to the number.
                '.' | ',' if !ends_in_dotted_word(self.rest()) => break,
                _ if is_blank(c) => {}
                '-' | '\u{2212}' | '\u{2013}' | '\u{2014}' | '\u{ff0d}' => self.sign(true),
                '+' => self.sign(false),
                ')' => self.closed = self.closed.saturating_add(1),
                _ => {
                    let length = self.word(back_word(self.rest()))?;
                    self.end -= length;
                    continue;
                }
            }
            self.end -= c.len_utf8();
        }
        Ok(())
    }

    /// Takes a word beside the digits for what it is; returns how many bytes it has.
    fn word(&mut self, word: &str) -> Result<usize, AmountError> {
        let at = word.as_ptr() as usize - self.text.as_ptr() as usize;
        let Some(first) = word.chars().next() else {
            return Err(AmountError::Word { at });
        };
        if let Some(mark) = currency_mark(word) {
            self.add_currency(mark)?;
        } else if let Some(side) = side(word) {
            if self.side.replace(side).is_some() {
                return Err(AmountError::DoubleSign);
            }
        } else if first.is_alphabetic() {
            return Err(AmountError::Word { at });
        } else {
            return Err(AmountError::Character { at, found: first });
        }
        Ok(word.len())
    }

    /// `$ 5 USD` says the same twice; `EUR $5` does not.
    fn add_currency(&mut self, mark: CurrencyMark) -> Result<(), AmountError> {
        self.currency = Some(match (self.currency, mark) {
            (None, mark) => mark,
            (Some(old), new) if old == new => old,
            (Some(CurrencyMark::Code(code)), symbol) | (Some(symbol), CurrencyMark::Code(code)) => {
                if !symbol.candidates().contains(&code) {
                    return Err(AmountError::TwoCurrencies);
                }
                CurrencyMark::Code(code)
            }
            _ => return Err(AmountError::TwoCurrencies),
        });
        Ok(())
    }

    fn finish(mut self, style: Style) -> Result<Number, AmountError> {
        let core = self.rest();
        if core.is_empty() {
            // A dash, even with a currency, is nothing; brackets, words or a plus alone are not.
            let dash = self.negative;
            return match self.text.chars().find(|c| !is_blank(*c)) {
                None => Err(AmountError::Empty),
                Some(_) if dash && self.opened == 0 && self.closed == 0 && self.side.is_none() => {
                    Err(AmountError::Empty)
                }
                Some(found) => Err(AmountError::Character { at: 0, found }),
            };
        }
        if self.opened != self.closed {
            return Err(AmountError::Bracket);
        }
        self.signs = self.signs.saturating_add(self.opened);
        if self.signs > 1 || (self.side.is_some() && self.signs > 0) {
            return Err(AmountError::DoubleSign);
        }
        let (mantissa, scale) = digits(core, self.start, style)?;
        Ok(Number {
            mantissa,
            scale,
            negative: self.negative || self.opened > 0,
            side: self.side,
            currency: self.currency,
        })
    }
}

/// Blanks in and around amounts: space, tab, no-break, thin, narrow no-break and their like, the
/// byte order mark and direction marks.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{2060}'
        )
}

fn is_word_char(c: char) -> bool {
    c.is_alphabetic() || c == '/'
}

/// Whether the cell ends in a word and its point, such as `Rs.`.
fn ends_in_dotted_word(text: &str) -> bool {
    text.ends_with('.')
        && text[..text.len() - 1]
            .chars()
            .next_back()
            .is_some_and(char::is_alphabetic)
}

/// The word at the front: a known sign, or else all letters, or else one character.
fn front_word(text: &str) -> &str {
    let known = SYMBOLS.iter().map(|(symbol, _)| *symbol).find(|symbol| {
        starts_with(text, symbol) && {
            let after = text[symbol.len()..].chars().next();
            !(symbol.chars().next_back().is_some_and(char::is_alphabetic)
                && after.is_some_and(|c| c.is_alphabetic() || c == '$'))
        }
    });
    let length = known.map(str::len).unwrap_or_else(|| {
        let letters = text.find(|c| !is_word_char(c)).unwrap_or(text.len());
        let first = text.chars().next().map_or(0, char::len_utf8);
        // `Cr.100`: the point goes with the word.
        let dotted = side(&text[..letters]).is_some() && text[letters..].starts_with('.');
        if letters == 0 {
            first
        } else {
            letters + usize::from(dotted)
        }
    });
    &text[..length]
}

/// The word at the back: a known sign, or else all letters with a point after them, or else one
/// character.
fn back_word(text: &str) -> &str {
    let known = SYMBOLS.iter().map(|(symbol, _)| *symbol).find(|symbol| {
        ends_with(text, symbol) && {
            let before = text[..text.len() - symbol.len()].chars().next_back();
            !(symbol.chars().next().is_some_and(char::is_alphabetic)
                && before.is_some_and(char::is_alphabetic))
        }
    });
    let start = known.map_or_else(
        || {
            let letters = text.trim_end_matches('.');
            let start = letters.trim_end_matches(is_word_char).len();
            let last = text.chars().next_back().map_or(0, char::len_utf8);
            if start == letters.len() {
                text.len() - last
            } else {
                start
            }
        },
        |symbol| text.len() - symbol.len(),
    );
    &text[start..]
}

fn starts_with(text: &str, symbol: &str) -> bool {
    text.get(..symbol.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(symbol))
}

fn ends_with(text: &str, symbol: &str) -> bool {
    let start = text.len().checked_sub(symbol.len());
    start
        .and_then(|start| text.get(start..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(symbol))
}

fn currency_mark(word: &str) -> Option<CurrencyMark> {
    let symbol = SYMBOLS
        .iter()
        .find(|(symbol, _)| symbol.eq_ignore_ascii_case(word));
    symbol
        .map(|(symbol, _)| CurrencyMark::Symbol(symbol))
        .or_else(|| Currency::from_code(word.trim_end_matches('.')).map(CurrencyMark::Code))
}

fn side(word: &str) -> Option<Side> {
    let word = word.trim_end_matches('.');
    let is = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    if is(&["CR", "C", "H"]) {
        Some(Side::Credit)
    } else if is(&["DR", "D", "S", "DB"]) {
        Some(Side::Debit)
    } else {
        None
    }
}

/// A mark between digits, by what it does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Decimal,
    /// `,` or `.` as the other mark: the groups before a decimal mark may be odd (`12,34.56`).
    Group,
    /// A blank or an apostrophe: groups must be 2 or 3 long, or these are two numbers.
    Gap,
}

/// Reads digits with group and decimal marks and an exponent. `at` is where they begin in the cell.
fn digits(core: &str, at: usize, style: Style) -> Result<(u128, i32), AmountError> {
    let (core, exponent) = match core.find(['e', 'E']) {
        Some(e) => (&core[..e], power_of_ten(&core[e + 1..], at + e + 1)?),
        None => (core, 0),
    };
    let (mut mantissa, mut count, mut scale) = (0u128, 0u32, 0i32);
    let mut decimal = false;
    let mut grouped: Option<(Mark, char)> = None;
    let mut run = 0u32; // digits since the last mark
    for (i, c) in core.char_indices() {
        if let Some(digit) = c.to_digit(10) {
            mantissa = mantissa
                .checked_mul(10)
                .and_then(|m| m.checked_add(u128::from(digit)))
                .ok_or(AmountError::Overflow)?;
            scale += i32::from(decimal);
            count += 1;
            run += 1;
            continue;
        }
        let mark = mark(c, style).ok_or(AmountError::Character {
            at: at + i,
            found: c,
        })?;
        match mark {
            _ if decimal => return Err(AmountError::Marks),
            Mark::Decimal => decimal = true,
            // A group mark comes after digits, and one kind of it is used.
            Mark::Group | Mark::Gap => {
                if run == 0 || grouped.is_some_and(|(_, other)| other != c && !both_gaps(other, c))
                {
                    return Err(AmountError::Grouping);
                }
            }
        }
        check_group(grouped, run, mark == Mark::Decimal)?;
        if mark != Mark::Decimal {
            grouped = Some((mark, c));
        }
        run = 0;
    }
    if count == 0 {
        return Err(AmountError::Character {
            at,
            found: core.chars().next().unwrap_or('.'),
        });
    }
    if !decimal && grouped.is_some() && run != 3 {
        return Err(AmountError::Grouping);
    }
    Ok((mantissa, scale - exponent))
}

/// The group that ends here, when one was begun.
fn check_group(grouped: Option<(Mark, char)>, run: u32, last: bool) -> Result<(), AmountError> {
    match grouped {
        Some((Mark::Gap, _)) if last && run != 3 => Err(AmountError::Grouping),
        Some(_) if !last && !(2..=3).contains(&run) => Err(AmountError::Grouping),
        Some(_) if run == 0 => Err(AmountError::Grouping),
        _ => Ok(()),
    }
}

fn both_gaps(a: char, b: char) -> bool {
    is_blank(a) && is_blank(b)
}

fn mark(c: char, style: Style) -> Option<Mark> {
    match c {
        '.' | ',' if style.is_decimal(c as u8) => Some(Mark::Decimal),
        '.' | ',' => Some(Mark::Group),
        '\'' | '\u{2019}' if style.decimal != DecimalMark::Either => Some(Mark::Gap),
        _ if is_blank(c) && style.decimal != DecimalMark::Either => Some(Mark::Gap),
        _ => None,
    }
}

/// The part after the E. No amount needs more than 30 places.
fn power_of_ten(text: &str, at: usize) -> Result<i32, AmountError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some((i, found)) = digits.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
        return Err(AmountError::Character {
            at: at + (text.len() - digits.len()) + i,
            found,
        });
    }
    match text.parse::<i32>() {
        Ok(power) if (-30..=30).contains(&power) => Ok(power),
        Ok(_) => Err(AmountError::Overflow),
        Err(_) if digits.is_empty() => Err(AmountError::Word { at }),
        Err(_) => Err(AmountError::Overflow),
    }
}

/// A double shows as 16 or 17 digits what was written with 15 or fewer: `5791.484999999999` is
/// `5791.485`, and rounds as that does. None where the digits are fewer, or in doubt are ours.
fn without_float_dust(mantissa: u128, over: u128) -> Option<u128> {
    const DIGITS: u32 = 15;
    let digits = mantissa.checked_ilog10()? + 1;
    let cut = 10u128.checked_pow(digits.checked_sub(DIGITS).filter(|n| *n > 0)?)?;
    let snapped = mantissa.checked_add(cut / 2)? / cut * cut;
    (cut < over).then_some(snapped)
}

#[cfg(test)]
mod tests {
    use crate::Style;
    use crate::amount::{AmountError, parse_plain};

    #[test]
    fn float_dust_rounds_as_what_it_is_dust_of() {
        let minor = |cell: &str| match parse_plain(cell.as_bytes(), 2, Style::POINT) {
            Ok(minor) => minor,
            Err(AmountError::Excess(rounded)) => rounded.minor,
            Err(other) => panic!("{cell}: {other}"),
        };
        for (clean, dust) in [
            ("5791.485", "5791.484999999999"),
            ("6536.705", "6536.7049999999999"),
            ("-0.125", "-0.12499999999999999"),
            ("19.99", "19.989999999999998"),
            ("100", "99.99999999999999"),
            ("0.12", "0.12000000000000001"),
        ] {
            assert_eq!(minor(dust), minor(clean), "{dust}");
        }
        // Fifteen digits are written, not left over.
        assert_eq!(minor("123456789.124999"), 12_345_678_912);
        assert_eq!(minor("1.00499999999999"), 100);
    }
}
