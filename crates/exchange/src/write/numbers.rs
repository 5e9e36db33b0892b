//! The one place where figures become the doubles a workbook holds.

use duebook_money::Day;
use duebook_money::day::ExcelSystem;
use duebook_sheet::Exact;
use rust_decimal::Decimal;

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

/// A rate or percentage as the nearest double. These are shown rounded, so digits beyond a
/// double's are not worth making text of them.
pub(super) fn nearest(number: Decimal) -> f64 {
    let number = number.normalize();
    u8::try_from(number.scale())
        .ok()
        .and_then(|scale| double(number.mantissa(), scale))
        // The text of a decimal is always the text of a double.
        .unwrap_or_else(|| number.to_string().parse().unwrap_or(f64::NAN))
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
    }

    #[test]
    fn beyond_fifteen_digits_is_no_double() {
        assert_eq!(double(LARGEST + 1, 2), None);
        assert_eq!(double(i128::MIN, 2), None);
        assert!(nearest(Decimal::MAX) > 7e28);
        assert_eq!(nearest(Decimal::new(1_250, 4)), 0.125);
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
