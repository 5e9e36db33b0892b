//! Days and times as people type them: "30 nov", "fri", "+7", "tomorrow", "10:30". Pure.

use duebook_money::date::parse_around;
use duebook_money::{DateOrder, Day, Weekday};

const NAMES: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// A day as typed, read around today; `None` where it cannot be read. A weekday is the next one
/// after today; a day without a year is the next such day. `order` says how 3/4 is read.
pub fn day(text: &str, today: Day, order: DateOrder) -> Option<Day> {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "" => return None,
        "today" | "tod" => return Some(today),
        "tomorrow" | "tom" | "tmr" => return today.checked_add(1),
        _ => {}
    }
    if let Some(days) = text.strip_prefix('+') {
        let days = days.trim().trim_end_matches(" days").trim_end_matches('d');
        return days
            .parse::<u16>()
            .ok()
            .and_then(|n| today.checked_add(i32::from(n)));
    }
    let weekday = NAMES
        .iter()
        .find(|(name, _)| text.len() >= 2 && name.starts_with(&text));
    if let Some((_, weekday)) = weekday {
        return (1..=7)
            .map(|n| today.plus(n))
            .find(|d| d.weekday() == *weekday);
    }
    let (year, _, _) = today.ymd();
    if let Ok(day) = parse_around(order, text.as_bytes(), year) {
        return Some(day);
    }
    let text = text.trim_end_matches(['.', '/', '-']);
    let mark = text
        .chars()
        .find(|c| matches!(c, '.' | '/' | '-'))
        .unwrap_or(' ');
    let order = if order == DateOrder::Ymd {
        DateOrder::Dmy
    } else {
        order
    };
    let in_year =
        |year: i32| parse_around(order, format!("{text}{mark}{year}").as_bytes(), year).ok();
    in_year(year)
        .filter(|d| *d >= today)
        .or_else(|| in_year(year + 1))
}

/// A time of day as typed, in minutes: "10:30", "10.30", "1030", "9", "2pm".
pub fn minute(text: &str) -> Option<u16> {
    let text = text.trim().to_lowercase();
    let (text, noon) = match (text.strip_suffix("pm"), text.strip_suffix("am")) {
        (Some(rest), _) => (rest.trim().to_owned(), Some(true)),
        (_, Some(rest)) => (rest.trim().to_owned(), Some(false)),
        _ => (text, None),
    };
    let (hour, minute) = match text.split_once([':', '.', 'h']) {
        Some((hour, "")) => (hour.to_owned(), "0".to_owned()),
        Some((hour, minute)) => (hour.to_owned(), minute.to_owned()),
        None if text.len() > 2 && text.is_ascii() => {
            let (hour, minute) = text.split_at(text.len() - 2);
            (hour.to_owned(), minute.to_owned())
        }
        None => (text, "0".to_owned()),
    };
    let (hour, minute) = (hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?);
    let hour = match noon {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(true) => hour % 12 + 12,
        Some(false) => hour % 12,
        None => hour,
    };
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// The instant at which clocks under `offset_at` (minutes east of UTC at an instant) show a day
/// and minute. Where a clock is put back, the earlier; where it skips the time, the later side.
pub fn instant(day: Day, minute: u16, offset_at: &dyn Fn(i64) -> Option<i64>) -> Option<i64> {
    let wall = i64::from(day.0) * 86_400_000 + i64::from(minute) * 60_000;
    let first = wall - offset_at(wall)? * 60_000;
    Some(wall - offset_at(first)? * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(y: i32, m: u8, day: u8) -> Day {
        Day::from_ymd(y, m, day).expect("a day")
    }

    #[test]
    fn days_are_read_as_they_are_said() {
        let today = d(2026, 11, 20); // a Friday
        let read = |text: &str| day(text, today, DateOrder::Dmy);
        assert_eq!(read("today"), Some(today));
        assert_eq!(read("Tomorrow"), Some(d(2026, 11, 21)));
        assert_eq!(read("+7"), Some(d(2026, 11, 27)));
        assert_eq!(read("fri"), Some(d(2026, 11, 27)));
        assert_eq!(read("mo"), Some(d(2026, 11, 23)));
        assert_eq!(read("30 nov"), Some(d(2026, 11, 30)));
        assert_eq!(read("nov 30"), Some(d(2026, 11, 30)));
        assert_eq!(read("5 jan"), Some(d(2027, 1, 5)));
        assert_eq!(read("30/11"), Some(d(2026, 11, 30)));
        assert_eq!(read("3.12."), Some(d(2026, 12, 3)));
        assert_eq!(day("12/3", today, DateOrder::Mdy), Some(d(2026, 12, 3)));
        assert_eq!(read("2026-11-30"), Some(d(2026, 11, 30)));
        assert_eq!(read("30 Nov 2026"), Some(d(2026, 11, 30)));
        for bad in ["", "x", "soon", "31 feb", "+", "99/99"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_are_read_as_they_are_said() {
        for (text, minutes) in [
            ("10:30", 630),
            ("9", 540),
            ("0930", 570),
            ("2pm", 840),
            ("12am", 0),
            ("14.05", 845),
            ("9h", 540),
        ] {
            assert_eq!(minute(text), Some(minutes), "{text}");
        }
        for bad in ["", "25", "10:61", "13pm", "ten"] {
            assert_eq!(minute(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_instant_follows_the_clock_there() {
        // New York leaves summer time on 1 Nov 2026 at 06:00 UTC.
        let change = i64::from(d(2026, 11, 1).0) * 86_400_000 + 6 * 3_600_000;
        let offset = move |at: i64| Some(if at < change { -240 } else { -300 });
        let noon =
            |day: Day| instant(day, 720, &offset).map(|ms| ms - i64::from(day.0) * 86_400_000);
        assert_eq!(noon(d(2026, 10, 31)), Some(16 * 3_600_000));
        assert_eq!(noon(d(2026, 11, 1)), Some(17 * 3_600_000));
        assert_eq!(instant(d(2026, 11, 1), 0, &|_| None), None);
    }
}
