//! One value of a sheet.

use core::fmt::Write as _;
use duebook_money::{Day, NumberFormat};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// One value of a sheet. Values, not text: a writer gives them the form its file format has.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Cell<'a> {
    /// Nothing. Not the same as zero, and not written.
    #[default]
    Empty,
    /// Text. Writers make it harmless where it could be read as a formula.
    Text(Cow<'a, str>),
    /// A whole number: a count, a number of days.
    Int(i64),
    /// An amount in minor units of a currency with `exponent` decimals.
    Money {
        /// Minor units; credits are negative.
        minor: i64,
        /// Decimals of the currency: JPY 0, EUR 2, KWD 3.
        exponent: u8,
    },
    /// A calendar day.
    Date(Day),
    /// A moment, in whatever zone the report says.
    DateTime {
        /// The day.
        day: Day,
        /// Seconds since its midnight, `0..=86_399`.
        second: u32,
    },
    /// An exact decimal: a rate, a percentage as a fraction (0.125 is 12.5 %).
    Number(Decimal),
    /// Yes or no.
    Flag(bool),
}

impl<'a> Cell<'a> {
    /// Borrowed or owned text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell::Text(text.into())
    }

    /// A sum of minor units: an amount where it fits 64 bits, exact text where it does not.
    pub fn sum(minor: i128, exponent: u8) -> Cell<'a> {
        match i64::try_from(minor) {
            Ok(minor) => Cell::Money { minor, exponent },
            Err(_) => Cell::Text(NumberFormat::PLAIN.minor(minor, exponent).into()),
        }
    }

    /// A cell or nothing.
    pub fn or_empty(value: Option<Cell<'a>>) -> Cell<'a> {
        value.unwrap_or(Cell::Empty)
    }

    /// Appends the value as files carry it: no digit groups, ISO dates, `true` and `false`.
    pub fn write_plain(&self, out: &mut String, decimal_mark: char) {
        // Writing to a String cannot fail, so the results carry nothing.
        match self {
            Cell::Empty => {}
            Cell::Text(text) => out.push_str(text),
            Cell::Int(n) => {
                let _ = write!(out, "{n}");
            }
            Cell::Money { minor, exponent } => write_minor(*minor, *exponent, decimal_mark, out),
            Cell::Date(day) => {
                let _ = write!(out, "{day}");
            }
            Cell::DateTime { day, second } => {
                let (h, m, s) = clock(*second);
                let _ = write!(out, "{day} {h:02}:{m:02}:{s:02}");
            }
            Cell::Number(number) => {
                let start = out.len();
                let _ = write!(out, "{number}");
                if decimal_mark != '.'
                    && let Some(at) = out[start..].find('.')
                {
                    let mut mark = [0u8; 4];
                    out.replace_range(start + at..=start + at, decimal_mark.encode_utf8(&mut mark));
                }
            }
            Cell::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        }
    }

    /// The value as files carry it, with a decimal point.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        self.write_plain(&mut out, '.');
        out
    }
}

/// Hours, minutes and seconds of a second of the day; a leap second is shown as `23:59:59`.
pub(crate) fn clock(second: u32) -> (u32, u32, u32) {
    let second = second.min(86_399);
    (second / 3_600, second / 60 % 60, second % 60)
}

fn write_minor(minor: i64, exponent: u8, decimal_mark: char, out: &mut String) {
    let Some(unit) = 10u64.checked_pow(u32::from(exponent)) else {
        // No currency has 20 decimals; should one come, the slow way is right too.
        out.push_str(
            &NumberFormat {
                decimal_mark,
                ..NumberFormat::PLAIN
            }
            .minor(i128::from(minor), exponent),
        );
        return;
    };
    if minor < 0 {
        out.push('-');
    }
    let size = minor.unsigned_abs();
    let _ = write!(out, "{}", size / unit);
    if exponent > 0 {
        let width = usize::from(exponent);
        let _ = write!(out, "{decimal_mark}{:0>width$}", size % unit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_values() {
        let day = Day::from_ymd(2026, 3, 2).expect("a day");
        for (cell, plain) in [
            (Cell::Empty, ""),
            (Cell::text("=A1"), "=A1"),
            (Cell::Int(-7), "-7"),
            (
                Cell::Money {
                    minor: -5,
                    exponent: 2,
                },
                "-0.05",
            ),
            (
                Cell::Money {
                    minor: 1500,
                    exponent: 0,
                },
                "1500",
            ),
            (
                Cell::Money {
                    minor: 1500,
                    exponent: 3,
                },
                "1.500",
            ),
            (Cell::Date(day), "2026-03-02"),
            (
                Cell::DateTime {
                    day,
                    second: 50_701,
                },
                "2026-03-02 14:05:01",
            ),
            (Cell::Number(Decimal::new(125, 3)), "0.125"),
            (Cell::Flag(true), "true"),
        ] {
            assert_eq!(cell.plain(), plain);
        }
        let mut out = String::from("a.b ");
        Cell::Number(Decimal::new(125, 3)).write_plain(&mut out, ',');
        assert_eq!(out, "a.b 0,125");
        assert_eq!(
            Cell::sum(i128::from(i64::MAX) + 1, 2).plain(),
            "92233720368547758.08"
        );
    }

    proptest! {
        #[test]
        fn fast_minor_equals_the_slow_way(minor: i64, exponent in 0u8..25) {
            prop_assert_eq!(
                Cell::Money { minor, exponent }.plain(),
                NumberFormat::PLAIN.minor(i128::from(minor), exponent)
            );
        }
    }
}
