//! Figures and dates as they stand on screen. Pure text; no locale is guessed here.

/// Where the digits are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// 1,234,567.00
    #[default]
    Western,
    /// 12,34,567.00
    Indian,
}

/// The real minus sign; it is as wide as a digit and does not break at a line end.
pub const MINUS: char = '\u{2212}';

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `minor` units with `exponent` decimals: `format_minor(-123456, 2, Western)` is `−1,234.56`.
pub fn format_minor(minor: i128, exponent: u8, grouping: Grouping) -> String {
    let digits = minor.unsigned_abs().to_string();
    let places = usize::from(exponent);
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let mut text = String::with_capacity(digits.len() + 8);
    if minor < 0 {
        text.push(MINUS);
    }
    push_grouped(&mut text, whole, grouping);
    if places > 0 {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A count with grouped digits: `1,284`.
pub fn format_count(count: usize, grouping: Grouping) -> String {
    let mut text = String::new();
    push_grouped(&mut text, &count.to_string(), grouping);
    text
}

fn push_grouped(text: &mut String, whole: &str, grouping: Grouping) {
    let len = whole.len();
    for (i, digit) in whole.chars().enumerate() {
        let left = len - i;
        let boundary = match grouping {
            Grouping::Western => left.is_multiple_of(3),
            Grouping::Indian => left == 3 || (left > 3 && (left - 3).is_multiple_of(2)),
        };
        if i > 0 && boundary {
            text.push(',');
        }
        text.push(digit);
    }
}

/// `21 Nov 2026`. A month outside 1..=12 is shown as its number, so that a wrong date is seen.
pub fn format_day(year: i32, month: u32, day: u32) -> String {
    format!("{day} {} {year}", month_name(month))
}

/// `21 Nov`, where the year is clear from the context.
pub fn format_day_short(month: u32, day: u32) -> String {
    format!("{day} {}", month_name(month))
}

fn month_name(month: u32) -> String {
    usize::try_from(month)
        .ok()
        .and_then(|m| m.checked_sub(1))
        .and_then(|m| MONTHS.get(m))
        .map_or_else(|| month.to_string(), |name| (*name).to_owned())
}

/// How far past due, in words; negative is not yet due.
pub fn days_late_text(days: i64) -> String {
    match days {
        0 => "due today".to_owned(),
        1 => "1 day late".to_owned(),
        -1 => "due tomorrow".to_owned(),
        d if d > 1 => format!("{d} days late"),
        d => format!("due in {} days", d.unsigned_abs()),
    }
}

/// `3 invoices`, `1 invoice`.
pub fn plural(count: usize, one: &str, many: &str, grouping: Grouping) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{} {noun}", format_count(count, grouping))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_are_grouped_the_western_way() {
        let text = |m, e| format_minor(m, e, Grouping::Western);
        assert_eq!(text(0, 2), "0.00");
        assert_eq!(text(5, 2), "0.05");
        assert_eq!(text(-5, 3), "\u{2212}0.005");
        assert_eq!(text(18_421_055, 2), "184,210.55");
        assert_eq!(text(100_000, 0), "100,000");
        assert_eq!(text(-123_456, 2), "\u{2212}1,234.56");
        assert_eq!(
            text(i128::MIN, 0).matches(',').count(),
            12,
            "the extreme value is shown, not a panic"
        );
    }

    #[test]
    fn minor_units_are_grouped_the_indian_way() {
        let text = |m| format_minor(m, 2, Grouping::Indian);
        assert_eq!(text(124_830_000), "12,48,300.00");
        assert_eq!(text(99_900), "999.00");
        assert_eq!(text(100_000), "1,000.00");
        assert_eq!(text(10_000_000), "1,00,000.00");
        assert_eq!(text(1_000_000_000), "1,00,00,000.00");
    }

    #[test]
    fn dates_and_lateness_read_as_words() {
        assert_eq!(format_day(2026, 11, 21), "21 Nov 2026");
        assert_eq!(format_day(2026, 13, 1), "1 13 2026");
        assert_eq!(days_late_text(12), "12 days late");
        assert_eq!(days_late_text(1), "1 day late");
        assert_eq!(days_late_text(0), "due today");
        assert_eq!(days_late_text(-1), "due tomorrow");
        assert_eq!(days_late_text(-6), "due in 6 days");
        assert_eq!(
            plural(1_284, "item", "items", Grouping::Western),
            "1,284 items"
        );
    }
}
