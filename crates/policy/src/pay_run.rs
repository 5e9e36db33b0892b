//! When a payer pays, as people say it ("every Thursday", "10th and 25th", "last working day"), and
//! the date that "next run" is (issue part 4). What cannot be read is not guessed.

use duebook_money::business::{BusinessDays, Roll};
use duebook_money::{Day, Weekday};

/// A day of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InMonth {
    /// The nth; in a shorter month its last day.
    Nth(u8),
    /// The last calendar day.
    Last,
    /// The last business day.
    LastWorking,
}

/// Pay runs as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayRuns {
    daily: bool,
    weekdays: Vec<Weekday>,
    days: Vec<InMonth>,
}

/// Days looked ahead: every rule comes round within a month.
const AHEAD: i32 = 70;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

fn weekday(word: &str) -> Option<Weekday> {
    let word = word.strip_suffix('s').unwrap_or(word);
    let found = WEEKDAYS
        .iter()
        .find(|(name, _)| word.len() >= 3 && name.starts_with(word));
    found.map(|(_, day)| *day)
}

fn nth(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[digits.len()..];
    let ordinal = ["", "st", "nd", "rd", "th"].contains(&ending);
    let day: u8 = digits.parse().ok()?;
    (ordinal && (1..=31).contains(&day)).then_some(day)
}

impl PayRuns {
    /// Reads what a payment profile says; `None` where any of it means nothing here, and where runs
    /// are every other week: from the words alone it is not known which.
    pub fn parse(text: &str) -> Option<PayRuns> {
        let text = text.to_lowercase();
        let words: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect();
        let mut runs = PayRuns {
            daily: false,
            weekdays: Vec::new(),
            days: Vec::new(),
        };
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let rest = &words[at + 1..];
            let next = |n: usize| rest.get(n).copied().unwrap_or("");
            at += 1;
            match *word {
                "every" | "each" | "on" | "the" | "and" | "of" | "month" | "weekly" | "monthly"
                | "pays" | "run" | "runs" | "pay" | "payment" | "a" => {}
                "daily" => runs.daily = true,
                "day" | "days" if rest.is_empty() => runs.daily = true,
                "last" if matches!(next(0), "working" | "business") => {
                    runs.days.push(InMonth::LastWorking);
                    at += 2;
                }
                "last" if next(0) == "day" => {
                    runs.days.push(InMonth::Last);
                    at += 1;
                }
                "end" => runs.days.push(InMonth::Last),
                "eom" => runs.days.push(InMonth::Last),
                word => match (weekday(word), nth(word)) {
                    (Some(day), _) => runs.weekdays.push(day),
                    (_, Some(day)) => runs.days.push(InMonth::Nth(day)),
                    _ => return None,
                },
            }
        }
        let any = runs.daily || !runs.weekdays.is_empty() || !runs.days.is_empty();
        any.then_some(runs)
    }

    /// The first run on a day or after it. A run on a day nobody works is made on the business day
    /// before, where that is not before `from`, else on the one after.
    pub fn next(&self, from: Day, calendar: &BusinessDays) -> Option<Day> {
        let mut days = (0..AHEAD).filter_map(|n| from.checked_add(n));
        let nominal = days.find(|day| self.is_run(*day, calendar))?;
        if calendar.is_business_day(nominal) {
            return Some(nominal);
        }
        let before = calendar.roll(nominal, Roll::Preceding);
        Some(match before >= from {
            true => before,
            false => calendar.roll(nominal, Roll::Following),
        })
    }

    fn is_run(&self, day: Day, calendar: &BusinessDays) -> bool {
        let (_, _, of_month) = day.ymd();
        let end = day.month_end();
        let on = |rule: &InMonth| match rule {
            InMonth::Nth(n) => of_month == *n || (day == end && *n > of_month),
            InMonth::Last => day == end,
            InMonth::LastWorking => day == calendar.roll(end, Roll::Preceding),
        };
        (self.daily && calendar.is_business_day(day))
            || self.weekdays.contains(&day.weekday())
            || self.days.iter().any(on)
    }
}

/// The last day on which an invoice is in time for a run, by what a profile says of the cut-off:
/// "2 days before", "3 working days before", "noon the day before". `None` where it cannot be read.
pub fn cut_off(text: &str, run: Day, calendar: &BusinessDays) -> Option<Day> {
    let text = text.to_lowercase();
    if !text.contains("before") {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = words.iter().find_map(|w| w.parse::<i32>().ok());
    let days = match number {
        Some(n) if (1..=30).contains(&n) => n,
        None if text.contains("day before") => 1,
        _ => return None,
    };
    match words.iter().any(|w| matches!(*w, "working" | "business")) {
        true => calendar.add(run, -days),
        false => run.checked_add(-days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(m: u8, d: u8) -> Day {
        Day::from_ymd(2026, m, d).expect("a day")
    }

    #[test]
    fn runs_as_people_say_them() {
        let calendar = BusinessDays::default();
        // 20 November 2026 is a Friday; 28 and 29 are a weekend.
        let table = [
            ("Every Thursday", (11, 20), Some((11, 26))),
            ("every Friday", (11, 20), Some((11, 20))),
            ("Tuesdays and Fridays", (11, 21), Some((11, 24))),
            ("10th and 25th", (11, 20), Some((11, 25))),
            ("10 and 25", (11, 26), Some((12, 10))),
            ("20th and last working day", (11, 21), Some((11, 30))),
            ("Last working day of the month", (11, 20), Some((11, 30))),
            ("month end", (11, 20), Some((11, 30))),
            ("Daily", (11, 21), Some((11, 23))),
            // The 28th is a Saturday: the Friday before.
            ("28th", (11, 20), Some((11, 27))),
            ("28th", (11, 28), Some((11, 30))),
            ("31st", (11, 20), Some((11, 30))),
            ("every second Friday", (11, 20), None),
            ("when they can", (11, 20), None),
            ("", (11, 20), None),
        ];
        for (text, (m, d), expected) in table {
            let runs = PayRuns::parse(text);
            let next = runs.and_then(|r| r.next(day(m, d), &calendar));
            assert_eq!(next, expected.map(|(m, d)| day(m, d)), "{text}");
        }
    }

    #[test]
    fn cut_offs_as_people_say_them() {
        let calendar = BusinessDays::default();
        let run = day(11, 30);
        let table = [
            ("2 days before", Some((11, 28))),
            ("2 working days before", Some((11, 26))),
            ("Noon the day before", Some((11, 29))),
            ("Friday for the week after", None),
            ("99 days before", None),
        ];
        for (text, expected) in table {
            let found = cut_off(text, run, &calendar);
            assert_eq!(found, expected.map(|(m, d)| day(m, d)), "{text}");
        }
    }
}
