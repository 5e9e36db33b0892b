//! `:61:` and the balances.

use duebook_money::Day;

/// A statement line, taken apart but not yet read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// YYMMDD.
    pub value: &'a str,
    /// MMDD, where there is one.
    pub booked: Option<(u8, u8)>,
    /// Whether the amount adds to the account: C and RD do (a reversed debit is money in).
    pub adds: bool,
    pub reversal: bool,
    pub amount: &'a str,
    /// Type with its letter, `NTRF`.
    pub code: &'a str,
    pub reference: &'a str,
    pub bank_reference: &'a str,
}

/// Takes a `:61:` apart.
pub(super) fn read(text: &str) -> Option<Line<'_>> {
    let text = text.trim();
    let (value, rest) = text.split_at_checked(6)?;
    if !value.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let rest = rest.trim_start();
    let (booked, rest) = match rest.as_bytes() {
        [a, b, c, d, ..] if [a, b, c, d].iter().all(|x| x.is_ascii_digit()) => {
            let two = |x: &u8, y: &u8| (x - b'0') * 10 + (y - b'0');
            (Some((two(a, b), two(c, d))), &rest[4..])
        }
        _ => (None, rest),
    };
    let rest = rest.trim_start();
    // C, D, RC, RD, EC, ED; an R behind C or D is a funds code.
    let (adds, reversal, rest) = match rest.as_bytes() {
        [b'R', b'C', ..] => (false, true, &rest[2..]),
        [b'R', b'D', ..] => (true, true, &rest[2..]),
        [b'E', b'C', ..] => (true, false, &rest[2..]),
        [b'E', b'D', ..] => (false, false, &rest[2..]),
        [b'C', ..] => (true, false, &rest[1..]),
        [b'D', ..] => (false, false, &rest[1..]),
        _ => return None,
    };
    let rest = match rest.as_bytes() {
        [funds, ..] if funds.is_ascii_alphabetic() => &rest[1..],
        _ => rest,
    };
    let rest = rest.trim_start();
    let amount = rest
        .bytes()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'))
        .count();
    let (amount, rest) = rest.split_at(amount);
    if !amount.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let (code, rest) = match rest.split_at_checked(4) {
        Some((code, rest))
            if code.starts_with(['N', 'F', 'S'])
                && code.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            (code, rest)
        }
        _ => ("", rest),
    };
    let (reference, bank_reference) = rest.split_once("//").unwrap_or((rest, ""));
    Some(Line {
        value,
        booked,
        adds,
        reversal,
        amount,
        code,
        reference,
        bank_reference,
    })
}

/// The day of that month and day nearest to the value date: the year before, the same, the next.
pub(super) fn nearest((month, day): (u8, u8), value: Day) -> Option<Day> {
    (-1..=1)
        .filter_map(|by| Day::from_ymd(value.year() + by, month, day))
        .min_by_key(|d| d.since(value).abs())
}

/// `C100318EUR380115,77`: credit, YYMMDD, currency where there is one, amount.
pub(super) fn balance(text: &str) -> Option<(bool, &str, Option<&str>, &str)> {
    let text = text.trim();
    let (credit, rest) = match text.as_bytes().first()? {
        b'C' => (true, &text[1..]),
        b'D' => (false, &text[1..]),
        _ => return None,
    };
    let (date, rest) = rest.split_at_checked(6)?;
    let (code, amount) = match rest.split_at_checked(3) {
        Some((code, amount)) if code.bytes().all(|b| b.is_ascii_alphabetic()) => {
            (Some(code), amount)
        }
        _ => (None, rest),
    };
    Some((credit, date, code, amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::day_6;

    #[test]
    fn lines_of_the_public_bug_reports() {
        let line = read("2101011230CR0,00NCHGNONREF").expect("a line");
        assert_eq!(
            (line.adds, line.reversal, line.amount, line.code),
            (true, false, "0,00", "NCHG")
        );
        let line = read("2101071231C2,NSECNONREF//O/427544477").expect("a line");
        assert_eq!((line.amount, line.bank_reference), ("2,", "O/427544477"));
        let value = day_6(line.value).expect("a day");
        assert_eq!(
            nearest(line.booked.expect("booked"), value).map(|d| d.to_string()),
            Some("2020-12-31".into())
        );
        let line = read("0709031001RCN5,3FMSC01916//NONREF").expect("a line");
        assert_eq!(
            (line.adds, line.reversal, line.amount, line.code),
            (false, true, "5,3", "FMSC")
        );
    }

    #[test]
    fn other_shapes() {
        let line = read("200101    D65,00NOVBNL47INGB9999999999").expect("a line");
        assert_eq!((line.booked, line.reference), (None, "NL47INGB9999999999"));
        assert!(read("2001D5,00").is_none());
        assert!(read("200101X5,00").is_none());
        assert_eq!(
            nearest((2, 29), day_6("250301").expect("a day")).map(|d| d.to_string()),
            Some("2024-02-29".into())
        );
        assert_eq!(
            balance("C02032495000,00"),
            Some((true, "020324", None, "95000,00"))
        );
    }
}
