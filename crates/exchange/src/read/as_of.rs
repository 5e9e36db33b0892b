//! The day a file speaks of, where it says so: a title above the header, or its name.

use duebook_money::{DateOrder, Day, date};

/// An ISO date.
pub(crate) fn iso(text: &str) -> Option<Day> {
    date::parse_iso_bytes(text.as_bytes())
}

/// `As of 30 June 2025`, `Stichtag 30.06.2025`, `Cleared until 30.06.2025` above the header.
pub(crate) fn in_titles(titles: &[String]) -> Option<Day> {
    const WORDS: [&str; 11] = [
        "as of",
        "as at",
        "key date",
        "cleared until",
        "stichtag",
        "ausgeglichen bis",
        "per ",
        "at date",
        "au ",
        "al ",
        "aging date",
    ];
    let of_title = |title: &String| {
        let lower = title.to_lowercase();
        WORDS.iter().find_map(|word| {
            let at = lower.find(word)?;
            let rest = lower.get(at + word.len()..)?;
            first_date(rest.trim_start_matches([':', ' ']))
        })
    };
    titles.iter().find_map(of_title)
}

/// The date a text begins with, if every order that reads it reads the same day.
fn first_date(text: &str) -> Option<Day> {
    let words: Vec<&str> = text.split_whitespace().collect();
    for n in (1..=words.len().min(4)).rev() {
        let part = words[..n].join(" ");
        let read = DateOrder::INFERRED.map(|o| date::parse_with(o, part.as_bytes()).ok());
        let mut days = read.into_iter().flatten();
        if let Some(first) = days.next() {
            return days.all(|d| d == first).then_some(first);
        }
    }
    None
}

/// `open_2026-11-20.csv`, `FBL5N_20261120.txt`: year, month and day in this order; the latest of
/// several (a period's end).
pub(crate) fn in_name(name: &str) -> Option<Day> {
    let bytes = name.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let starts = (0..bytes.len()).filter(|&at| digit(at) && (at == 0 || !digit(at - 1)));
    starts.filter_map(|at| date_at(&bytes[at..])).max()
}

/// A date at the beginning of a run of digits, which ends with it.
fn date_at(bytes: &[u8]) -> Option<Day> {
    let mark = *bytes.get(4)?;
    let plain = mark.is_ascii_digit();
    let (month, day, end) = if plain { (4, 6, 8) } else { (5, 8, 10) };
    let marked = matches!(mark, b'-' | b'_' | b'.') && bytes.get(7) == Some(&mark);
    let ends = !bytes.get(end).is_some_and(u8::is_ascii_digit);
    if !(plain || marked) || !ends {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i32> {
        let part = bytes.get(from..to)?;
        let all = part.iter().all(u8::is_ascii_digit);
        all.then(|| part.iter().fold(0, |n, b| n * 10 + i32::from(b - b'0')))
    };
    let year = number(0, 4).filter(|y| (1990..2100).contains(y))?;
    let (month, day) = (number(month, month + 2)?, number(day, day + 2)?);
    Day::from_ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_titles_say_their_day() {
        let day = Day::from_ymd(2026, 11, 20);
        for name in [
            "OpenTransactions2026-11-20.csv",
            "AR_PAYMENT_SCHEDULES_2026-11-20.csv",
            "FBL5N_open_20261120.txt",
            "open 2026_11_20 (1).xlsx",
            "2026.11.20.csv",
            "paid_2026-01-01_2026-11-20.csv",
        ] {
            assert_eq!(in_name(name), day, "{name}");
        }
        // Numbers that are no such date, and dates of an order that only a person knows.
        for name in [
            "open.csv",
            "report_1800000123.csv",
            "20-11-2026.csv",
            "2026-13-20.csv",
            "202611.csv",
            "é2026",
        ] {
            assert_eq!(in_name(name), None, "{name}");
        }
        let titles = |t: &str| in_titles(&["Customer list".to_owned(), t.to_owned()]);
        assert_eq!(titles("Cleared until           20.11.2026"), day);
        assert_eq!(titles("Open at key date: 20.11.2026"), day);
        assert_eq!(titles("as of 5.6.2026"), None, "5 June or 6 May");
    }
}
