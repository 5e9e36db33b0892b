//! When a customer pays, as its payment profile says in words: pay-run days, and the cut-off before
//! them. What cannot be read is no date; nothing is guessed.

use duebook_money::business::{BusinessDays, Roll};
use duebook_money::{Day, Weekday};

/// The days on which a customer pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayRun {
    /// On these days of the week.
    Weekly(Vec<Weekday>),
    /// On these days of the month; one that a month lacks is its last.
    Monthly(Vec<u8>),
    /// On the last working day of the month.
    MonthEnd,
}

const NAMES: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

fn weekdays(words: &[&str]) -> Vec<Weekday> {
    let named = |w: &&str| {
        let name = NAMES.iter().find(|(n, _)| w.starts_with(n))?;
        // "month" is no Monday.
        (!w.starts_with("month")).then_some(name.1)
    };
    words.iter().filter_map(named).collect()
}

fn number(word: &str) -> Option<u8> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let rest = &word[digits.len()..];
    let ordinal = matches!(rest, "" | "st" | "nd" | "rd" | "th");
    digits.parse().ok().filter(|_| ordinal)
}

impl PayRun {
    /// From the words of a profile: "every Thursday", "10th and 25th", "last working day of the
    /// month". Daily runs are no days to count back from.
    pub fn read(text: &str) -> Option<PayRun> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect();
        let days = weekdays(&words);
        let odd = [
            "other",
            "second",
            "third",
            "fourth",
            "2nd",
            "3rd",
            "biweekly",
            "fortnight",
        ];
        if !days.is_empty() {
            let plain = !words
                .iter()
                .any(|w| odd.iter().any(|o| w.starts_with(o)) || number(w).is_some());
            return (plain && !lower.contains("first") && !lower.contains("last"))
                .then_some(PayRun::Weekly(days));
        }
        let mut dates: Vec<u8> = words.iter().filter_map(|w| number(w)).collect();
        if dates.iter().any(|d| !(1..=31).contains(d)) {
            return None;
        }
        duebook_money::order::sort(&mut dates);
        dates.dedup();
        if !dates.is_empty() {
            return Some(PayRun::Monthly(dates));
        }
        let end = lower.contains("month") && (lower.contains("last") || lower.contains("end"));
        end.then_some(PayRun::MonthEnd)
    }

    /// Whether it runs on a day.
    pub fn is_on(&self, day: Day, calendar: &BusinessDays) -> bool {
        match self {
            PayRun::Weekly(days) => days.contains(&day.weekday()),
            PayRun::Monthly(dates) => {
                let last = day.month_end().day_of_month();
                dates.iter().any(|d| (*d).min(last) == day.day_of_month())
            }
            PayRun::MonthEnd => calendar.roll(day.month_end(), Roll::Preceding) == day,
        }
    }

    /// The last run not after a day, within two months.
    pub fn last_until(&self, day: Day, calendar: &BusinessDays) -> Option<Day> {
        (0..=62)
            .map(|n| day.plus(-n))
            .find(|d| self.is_on(*d, calendar))
    }

    /// The first run not before a day, within two months.
    pub fn first_from(&self, day: Day, calendar: &BusinessDays) -> Option<Day> {
        (0..=62)
            .map(|n| day.plus(n))
            .find(|d| self.is_on(*d, calendar))
    }
}

/// The day until which an invoice has to be approved to be in a run: "2 working days before", "noon
/// the day before", "Friday for the week after". The run itself where the words say nothing.
pub fn cutoff(text: &str, run: Day, calendar: &BusinessDays) -> Day {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let working = words
        .iter()
        .any(|w| matches!(*w, "working" | "business" | "workdays"));
    let days = words.iter().find_map(|w| number(w)).filter(|n| *n <= 31);
    let before = words.contains(&"before") || words.contains(&"prior");
    match (days, weekdays(&words).first()) {
        (Some(n), None) if working => calendar.add(run, -i32::from(n)).unwrap_or(run),
        (Some(n), None) if before || words.iter().any(|w| w.starts_with("day")) => {
            run.plus(-i32::from(n))
        }
        (None, None) if before && words.contains(&"day") => run.plus(-1),
        (None, Some(weekday)) => {
            let week = run.week_start();
            let in_week_before = |n: &i32| week.plus(*n - 7).weekday() == *weekday;
            let earlier = (0..7).find(in_week_before).map(|n| week.plus(n - 7));
            let same_week = earlier.map(|d| d.plus(7)).filter(|d| *d < run);
            let after = lower.contains("week after")
                || lower.contains("next week")
                || lower.contains("following week");
            match after {
                true => earlier.unwrap_or(run),
                false => same_week.or(earlier).unwrap_or(run),
            }
        }
        _ => run,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(m: u8, day: u8) -> Day {
        Day::from_ymd(2026, m, day).expect("a day")
    }

    #[test]
    fn runs_are_read_as_they_are_said() {
        let c = BusinessDays::default();
        let run = |t: &str| PayRun::read(t);
        assert_eq!(
            run("Every Thursday"),
            Some(PayRun::Weekly(vec![Weekday::Thursday]))
        );
        assert_eq!(run("10th and 25th"), Some(PayRun::Monthly(vec![10, 25])));
        assert_eq!(run("Last working day of the month"), Some(PayRun::MonthEnd));
        for unknown in [
            "Daily",
            "",
            "every second Friday",
            "2nd Monday",
            "first Tuesday of the month",
            "when asked",
        ] {
            assert_eq!(run(unknown), None, "{unknown}");
        }
        let month_end = PayRun::MonthEnd;
        // 31 May 2026 is a Sunday.
        assert_eq!(month_end.first_from(d(5, 20), &c), Some(d(5, 29)));
        let twice = PayRun::Monthly(vec![10, 31]);
        assert_eq!(twice.last_until(d(3, 9), &c), Some(d(2, 28)));
        assert_eq!(
            PayRun::Weekly(vec![Weekday::Thursday]).last_until(d(11, 25), &c),
            Some(d(11, 19))
        );
    }

    #[test]
    fn cut_offs_are_before_the_run() {
        let c = BusinessDays::default();
        let run = d(11, 23); // a Monday
        assert_eq!(cutoff("2 working days before", run, &c), d(11, 19));
        assert_eq!(cutoff("3 days before", run, &c), d(11, 20));
        assert_eq!(cutoff("Noon the day before", run, &c), d(11, 22));
        assert_eq!(cutoff("Friday for the week after", run, &c), d(11, 20));
        assert_eq!(cutoff("", run, &c), run);
        assert_eq!(cutoff("Tuesday", d(11, 26), &c), d(11, 24));
    }
}
