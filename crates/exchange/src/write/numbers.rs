//! The one place where figures become the doubles a workbook holds.

use duebook_money::Day;
use duebook_money::day::ExcelSystem;
use duebook_sheet::{Cell, Exact};

/// Excel shows and keeps 15 significant digits; every whole number up to here, divided by a power
/// of ten, comes back from the file as the decimal it was.
const LARGEST: i128 = 999_999_999_999_999;

/// The powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// `mantissa / 10^exponent` as the nearest double, where Excel keeps all its digits; else `None`.
#[expect(
    clippy::float_arithmetic,
    reason = "a workbook holds doubles; both operands are exact, so the one division rounds once"
)]
#[expect(clippy::cast_precision_loss, reason = "15 digits fit 53 bits")]
pub(super) fn double(mantissa: i128, exponent: u8) -> Option<f64> {
    if mantissa.unsigned_abs() > LARGEST.unsigned_abs() {
        return None;
    }
    let power = POWERS.get(usize::from(exponent))?;
    Some(mantissa as f64 / power)
}

/// Whether Excel keeps all digits of a figure; what is no exact figure fits.
pub(crate) fn fits(cell: &Cell<'_>) -> bool {
    let (mantissa, exponent) = match cell {
        Cell::Int(n) => (*n, 0),
        Cell::Money { minor, exponent } => (*minor, *exponent),
        _ => return true,
    };
    i128::from(mantissa).unsigned_abs() <= LARGEST.unsigned_abs()
        && usize::from(exponent) < POWERS.len()
}

/// Appends `mantissa / 10^exponent` from its digits, without zeros at the end of its decimals.
pub(crate) fn push_decimal(out: &mut Vec<u8>, mantissa: i64, exponent: u8) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(mantissa.unsigned_abs()).as_bytes();
    if mantissa < 0 {
        out.push(b'-');
    }
    let decimals = usize::from(exponent);
    if decimals == 0 {
        out.extend_from_slice(digits);
        return;
    }
    match digits.len().checked_sub(decimals) {
        Some(whole) if whole > 0 => {
            out.extend_from_slice(&digits[..whole]);
            out.push(b'.');
            out.extend_from_slice(&digits[whole..]);
        }
        _ => {
            out.extend_from_slice(b"0.");
            out.resize(out.len() + decimals - digits.len(), b'0');
            out.extend_from_slice(digits);
        }
    }
    while out.last() == Some(&b'0') {
        out.pop();
    }
    if out.last() == Some(&b'.') {
        out.pop();
    }
}

/// A sum as a double and as the text of its cached value.
pub(super) fn cached(sum: Exact) -> Option<(f64, String)> {
    let (mantissa, exponent) = sum.parts()?;
    Some((double(mantissa, exponent)?, sum.plain('.')?))
}

/// The serial of a day. Before 1 March 1900 Excel and everyone else disagree by a day: no serial.
pub(super) fn serial(day: Day) -> Option<i32> {
    day.excel_serial(ExcelSystem::Windows1900)
        .filter(|serial| *serial > 60)
}

/// The serial of a moment.
#[expect(
    clippy::float_arithmetic,
    reason = "a workbook holds moments as fractions of a day; no money here"
)]
pub(super) fn moment(day: Day, second: u32) -> Option<f64> {
    Some(f64::from(serial(day)?) + f64::from(second.min(86_399)) / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_double_is_the_decimal_it_came_from(
            mantissa in -LARGEST..=LARGEST, exponent in 0u8..5
        ) {
            let text = Exact::new(mantissa, exponent).plain('.').expect("no overflow");
            let double = double(mantissa, exponent).expect("15 digits");
            prop_assert_eq!(double, text.parse::<f64>().expect("a number"));
            let back = format!("{double:.*}", usize::from(exponent));
            prop_assert_eq!(back.trim_start_matches("-0"), text.trim_start_matches("-0"));
        }

        #[test]
        fn digits_are_the_decimal_they_came_from(mantissa: i64, exponent in 0u8..23) {
            let mut digits = Vec::new();
            push_decimal(&mut digits, mantissa, exponent);
            let text = Exact::new(i128::from(mantissa), exponent).plain('.').expect("no overflow");
            let text = match text.contains('.') {
                true => text.trim_end_matches('0').trim_end_matches('.'),
                false => &text,
            };
            prop_assert_eq!(String::from_utf8(digits).expect("ASCII"), text);
        }
    }

    #[test]
    fn beyond_fifteen_digits_is_no_double() {
        assert_eq!(double(LARGEST + 1, 2), None);
        assert_eq!(double(i128::MIN, 2), None);
        let money = |minor| Cell::Money { minor, exponent: 2 };
        assert!(fits(&money(999_999_999_999_999)) && fits(&money(-1)));
        assert!(!fits(&money(-1_000_000_000_000_000)) && !fits(&money(i64::MIN)));
    }

    #[test]
    fn days_before_march_1900_are_not_serials() {
        let day = |y, m, d| Day::from_ymd(y, m, d).expect("a day");
        assert_eq!(serial(day(1900, 3, 1)), Some(61));
        assert_eq!(serial(day(1900, 2, 28)), None);
        assert_eq!(serial(day(2026, 1, 1)), Some(46_023));
        assert_eq!(moment(day(2026, 1, 1), 43_200), Some(46_023.5));
    }
}
