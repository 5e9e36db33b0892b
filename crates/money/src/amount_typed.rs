//! Amounts as people type them: the mark that an amount itself gives away decides, and where it gives
//! none away the user's own way.

use crate::amount::{Amount, AmountError, Style, parse};

/// One amount as typed, in minor units of a currency with `exponent` decimals; `CR` counts negative.
/// `1.234,56`, `1,234.56`, `1 234,56` and `1234,5` say their marks themselves. `1.234` may be either:
/// `own` is how the user writes. Where the currency has no decimals it can only be groups.
///
/// # Errors
/// [`AmountError`]; more decimals than the currency has are [`AmountError::Excess`].
pub fn typed(text: &str, exponent: u8, own: Style) -> Result<i64, AmountError> {
    let text = text.trim();
    if let Some(at) = power(text) {
        return Err(AmountError::Word { at });
    }
    let amount: Amount = parse(text, style_of(text, exponent, own))?;
    amount.minor(exponent)
}

/// Where a digit is followed by the `e` of a power: a slip of a key, and never meant by a person.
fn power(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let digit = |b: Option<&u8>| b.is_some_and(|b| matches!(b, b'0'..=b'9' | b'+' | b'-'));
    (1..bytes.len()).find(|i| {
        matches!(bytes[*i], b'e' | b'E') && bytes[i - 1].is_ascii_digit() && digit(bytes.get(i + 1))
    })
}

fn style_of(text: &str, exponent: u8, own: Style) -> Style {
    let marks: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, c)| matches!(c, '.' | ','))
        .collect();
    // A point that no digit follows belongs to a word: `Rs.`.
    let digit = |at: usize| text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
    let marks: Vec<(usize, char)> = marks.into_iter().filter(|(at, _)| digit(*at)).collect();
    let decimal = |mark: char| {
        if mark == ',' {
            Style::COMMA
        } else {
            Style::POINT
        }
    };
    let groups = |mark: char| {
        if mark == ',' {
            Style::POINT
        } else {
            Style::COMMA
        }
    };
    let Some((last, mark)) = marks.last().copied() else {
        return own;
    };
    if marks.iter().any(|m| m.1 != mark) {
        return decimal(mark);
    }
    let behind = text[last + 1..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    match (marks.len(), behind) {
        (1, 3) if exponent == 0 => groups(mark),
        (1, 3) => own,
        (1, _) => decimal(mark),
        _ => groups(mark),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_say_their_marks_themselves() {
        for own in [Style::POINT, Style::COMMA] {
            for (text, minor) in [
                ("1.234,56", 123_456),
                ("1,234.56", 123_456),
                ("1234,56", 123_456),
                ("1234.56", 123_456),
                ("1 234,56", 123_456),
                ("1 234.5", 123_450),
                ("1,18,000", 11_800_000),
                ("1.234.567", 123_456_700),
                ("-0,05", -5),
                ("1250", 125_000),
                ("Rs. 1,250.00", 125_000),
                ("12.50 EUR", 1_250),
            ] {
                assert_eq!(typed(text, 2, own), Ok(minor), "{text}");
            }
            assert_eq!(typed("1.234", 0, own), Ok(1_234));
            assert_eq!(typed("1,234", 0, own), Ok(1_234));
        }
    }

    #[test]
    fn three_digits_behind_one_mark_are_read_as_the_user_writes() {
        assert_eq!(typed("1.234", 2, Style::COMMA), Ok(123_400));
        assert_eq!(typed("1,234", 2, Style::POINT), Ok(123_400));
        assert!(matches!(
            typed("1.234", 2, Style::POINT),
            Err(AmountError::Excess(_))
        ));
        assert_eq!(typed("1.234", 3, Style::POINT), Ok(1_234));
        assert_eq!(typed("1.234", 3, Style::COMMA), Ok(1_234_000));
    }

    #[test]
    fn powers_and_words_are_no_amounts() {
        for text in ["1e3", "1E+3", "2e-1", "", "abc", "1.2.3", "1,2,3,4.5.6"] {
            assert!(typed(text, 2, Style::POINT).is_err(), "{text}");
        }
    }
}
