//! Amounts and dates as bank formats write them.

use crate::finding::{Findings, Problem, short};
use duebook_money::amount::{AmountError, parse_plain};
use duebook_money::date::{parse_iso_bytes, two_digit_year};
use duebook_money::{Currency, Day, Money, Style};
use rust_decimal::Decimal;

/// An amount with point or comma; grouped only where both stand in it. What cannot be read is a
/// finding and `None`; what is rounded is a finding and the amount taken.
pub(crate) fn money(text: &str, currency: Currency, findings: &mut Findings) -> Option<Money> {
    match read(text, currency) {
        Ok(money) => Some(money),
        Err(AmountError::Excess(rounded)) => {
            let taken = Money::new(rounded.minor, currency);
            findings.add(Problem::Rounded {
                text: short(text),
                taken,
            });
            Some(taken)
        }
        Err(_) => {
            findings.add(Problem::BadAmount { text: short(text) });
            None
        }
    }
}

/// See [`money`]; the reason why not in place of a finding.
pub(crate) fn read(text: &str, currency: Currency) -> Result<Money, AmountError> {
    let text = text.trim();
    let text = text.strip_suffix([',', '.']).unwrap_or(text);
    let text = match text.strip_prefix('+') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => text,
    };
    let digits = |b: u8| b.is_ascii_digit();
    // Neither CR, DR nor a currency may stand in these fields.
    if !text.bytes().any(digits) || text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return Err(AmountError::Word { at: 0 });
    }
    let exponent = currency.exponent();
    let minor = match (text.rfind('.'), text.rfind(',')) {
        (Some(point), Some(comma)) if point > comma => {
            parse_plain(text.as_bytes(), exponent, Style::POINT)
        }
        (Some(_), Some(_)) => parse_plain(text.as_bytes(), exponent, Style::COMMA),
        _ => parse_plain(text.as_bytes(), exponent, Style::EITHER),
    };
    minor.map(|minor| Money::new(minor, currency))
}

/// A whole number of minor units with a sign, as BAI2 and lockbox files have it.
pub(crate) fn minor_units(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// A rate: a plain number with point or comma.
pub(crate) fn rate(text: &str) -> Option<Decimal> {
    let text = text.trim().replace(',', ".");
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !plain || text.is_empty() {
        return None;
    }
    Decimal::from_str_exact(&text).ok()
}

/// `2026-03-02`, alone or before a time: the day as written, no time zone is ever applied.
pub(crate) fn iso_day(text: &str) -> Option<Day> {
    parse_iso_bytes(text.trim().as_bytes().get(..10)?)
}

/// `20260302`, alone or before a time.
pub(crate) fn day_8(text: &str) -> Option<Day> {
    let head = text.trim().as_bytes().get(..8)?;
    let number = |from: usize, to: usize| digits(head.get(from..to)?);
    let year = i32::try_from(number(0, 4)?).ok()?;
    if year < 1900 {
        return None;
    }
    Day::from_ymd(
        year,
        u8::try_from(number(4, 6)?).ok()?,
        u8::try_from(number(6, 8)?).ok()?,
    )
}

/// `260302`.
pub(crate) fn day_6(text: &str) -> Option<Day> {
    let b = text.as_bytes();
    if b.len() != 6 {
        return None;
    }
    ymd(digits(&b[..2])?, digits(&b[2..4])?, digits(&b[4..])?)
}

/// `030226`: month, day, year.
pub(crate) fn day_mdy(text: &str) -> Option<Day> {
    let b = text.as_bytes();
    if b.len() != 6 {
        return None;
    }
    ymd(digits(&b[4..])?, digits(&b[..2])?, digits(&b[2..4])?)
}

fn ymd(year: u32, month: u32, day: u32) -> Option<Day> {
    let year = two_digit_year(
        u8::try_from(year).ok()?,
        duebook_money::date::CENTURY_REFERENCE,
    );
    Day::from_ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0u32, |n, b| {
        let digit = b.is_ascii_digit().then(|| u32::from(b - b'0'))?;
        n.checked_mul(10)?.checked_add(digit)
    })
}

/// A day whose text is given, with a finding where it is none.
pub(crate) fn day_or_finding(
    text: Option<&str>,
    read: fn(&str) -> Option<Day>,
    findings: &mut Findings,
) -> Option<Day> {
    let text = text.map(str::trim).filter(|t| !t.is_empty())?;
    let day = read(text);
    if day.is_none() {
        findings.add(Problem::BadDate { text: short(text) });
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_banks_write_them() {
        let eur = |text| read(text, Currency::EUR).map(|m| m.minor).ok();
        for (text, minor) in [
            ("2,", 200),
            ("1171,6", 117_160),
            ("000000000025,00", 2_500),
            ("0,", 0),
            ("-12.80", -1_280),
            ("1400,82", 140_082),
            ("1,650.00", 165_000),
            ("1.650,00", 165_000),
            ("000000000000149.87", 14_987),
            ("+4,24", 424),
            ("18.150", 1_815),
            (".5", 50),
        ] {
            assert_eq!(eur(text), Some(minor), "{text}");
        }
        for bad in ["", "-", ",", "EUR1", "1CR", "12-", "1,2,3", "10_000"] {
            assert_eq!(eur(bad).filter(|_| bad != "12-"), None, "{bad}");
        }
        assert!(
            matches!(read("1.239", Currency::EUR), Err(AmountError::Excess(r)) if r.minor == 124)
        );
        assert_eq!(read("1.239", Currency::KWD).map(|m| m.minor), Ok(1_239));
    }

    #[test]
    fn days() {
        assert_eq!(
            iso_day("2026-03-02T23:59:59-08:00").map(|d| d.to_string()),
            Some("2026-03-02".into())
        );
        assert_eq!(
            day_8("20091217162416.000[-:EST]").map(|d| d.to_string()),
            Some("2009-12-17".into())
        );
        assert_eq!(
            day_6("991231").map(|d| d.to_string()),
            Some("1999-12-31".into())
        );
        assert_eq!(
            day_mdy("051616").map(|d| d.to_string()),
            Some("2016-05-16".into())
        );
        assert_eq!(day_6("991332"), None);
        assert_eq!(day_8("20269"), None);
    }
}
