//! Named holiday calendars: data that is imported or typed in, never built in.

use duebook_money::Day;
use duebook_money::business::{BusinessDays, Weekend};
use minicbor::{Decode, Encode};

/// A day on which a place does not work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Holiday {
    /// The day.
    #[n(0)]
    pub day: Day,
    /// What it is called.
    #[n(1)]
    pub name: String,
}

/// The working calendar of a place or a company (CP-02).
#[derive(Clone, Debug, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct HolidayCalendar {
    /// Its name, such as "DE-BY" or "Acme shutdowns".
    #[n(0)]
    pub name: String,
    /// The days of the week nobody works.
    #[n(1)]
    pub weekend: Weekend,
    /// The holidays, in any order.
    #[n(2)]
    pub holidays: Vec<Holiday>,
    /// Where the list comes from.
    #[n(3)]
    #[cbor(default)]
    pub source: String,
    /// False for computed or untested lists: shown as "unverified" (CP-02).
    #[n(4)]
    #[cbor(default)]
    pub verified: bool,
    /// First and last day the list speaks about. Outside of it the absence of a holiday means
    /// nothing.
    #[n(5)]
    pub covers: Option<(Day, Day)>,
}

impl HolidayCalendar {
    /// The days as the roll and the counts of `duebook-money` read them.
    pub fn business_days(&self) -> BusinessDays {
        BusinessDays::new(self.weekend, self.holidays.iter().map(|h| h.day).collect())
    }

    /// The holiday on a day, if it is one.
    pub fn holiday(&self, day: Day) -> Option<&Holiday> {
        self.holidays.iter().find(|h| h.day == day)
    }

    /// Whether the list speaks about a day at all.
    pub fn knows(&self, day: Day) -> bool {
        self.covers
            .is_none_or(|(first, last)| first <= day && day <= last)
    }
}

/// One calendar out of several (the debtor's country and its own shutdowns): a day is worked only if
/// all of them work, and its weekend is that of the first.
pub fn joined(calendars: &[&HolidayCalendar]) -> BusinessDays {
    let weekend = calendars
        .first()
        .map_or_else(Weekend::default, |c| c.weekend);
    let holidays = calendars
        .iter()
        .flat_map(|c| c.holidays.iter().map(|h| h.day))
        .collect();
    BusinessDays::new(weekend, holidays)
}

/// Most days that one event of an imported calendar may last: longer ones are no shutdown.
const LONGEST: i32 = 62;

/// Holidays of an iCalendar file (RFC 5545): whole-day events, each day of those that last several.
/// What repeats by a rule is taken once, on its first day: computed holidays are not guessed. By
/// day; of two on one day the later name counts.
pub fn from_ics(text: &str) -> Vec<Holiday> {
    // A line that begins with a blank goes on with the one before.
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest.trim_end_matches('\r')),
            _ => lines.push(line.trim_end_matches('\r').to_owned()),
        }
    }
    let mut days = std::collections::BTreeMap::new();
    let (mut from, mut to, mut name) = (None, None, String::new());
    for line in &lines {
        let Some((head, value)) = line.split_once(':') else {
            continue;
        };
        let head = head.split(';').next().unwrap_or(head);
        match head.to_ascii_uppercase().as_str() {
            "BEGIN" if value.trim().eq_ignore_ascii_case("VEVENT") => {
                (from, to, name) = (None, None, String::new());
            }
            "DTSTART" => from = ics_day(value),
            "DTEND" => to = ics_day(value),
            "SUMMARY" => name = unescaped(value.trim()),
            "END" if value.trim().eq_ignore_ascii_case("VEVENT") => {
                let Some(first) = from else { continue };
                // The end of a whole-day event is the day after it.
                let last = to.map_or(first, |to: Day| to.plus(-1).max(first));
                for n in 0..=last.since(first).min(LONGEST) {
                    days.insert(first.plus(n), name.clone());
                }
            }
            _ => {}
        }
    }
    days.into_iter()
        .map(|(day, name)| Holiday { day, name })
        .collect()
}

fn ics_day(value: &str) -> Option<Day> {
    let digits = value.trim().get(..8)?;
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i32>().ok();
    let (month, day) = (
        u8::try_from(part(4, 6)?).ok()?,
        u8::try_from(part(6, 8)?).ok()?,
    );
    Day::from_ymd(part(0, 4)?, month, day)
}

fn unescaped(text: &str) -> String {
    let text = text.replace("\\n", " ").replace("\\,", ",");
    text.replace("\\;", ";").replace("\\\\", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;
    use duebook_money::business::Roll;

    #[test]
    fn cp_02_country_and_shutdown_together() {
        let day = |d| Day::from_ymd(2026, 12, d).expect("a day");
        let holiday = |d, name: &str| Holiday {
            day: day(d),
            name: name.into(),
        };
        let country = HolidayCalendar {
            name: "DE".into(),
            holidays: vec![holiday(25, "Christmas Day"), holiday(26, "Second day")],
            covers: Some((day(1), day(31))),
            ..HolidayCalendar::default()
        };
        let shutdown = HolidayCalendar {
            name: "Acme".into(),
            holidays: vec![holiday(28, "Shutdown"), holiday(29, "Shutdown")],
            ..HolidayCalendar::default()
        };
        assert_eq!(
            country.business_days().roll(day(25), Roll::Following),
            day(28)
        );
        assert_eq!(
            joined(&[&country, &shutdown]).roll(day(25), Roll::Following),
            day(30)
        );
        assert_eq!(
            country.holiday(day(25)).map(|h| h.name.as_str()),
            Some("Christmas Day")
        );
        assert!(country.knows(day(1)) && !country.knows(day(31).plus(1)) && shutdown.knows(day(1)));
        let bytes = minicbor::to_vec(&country).expect("encodes");
        assert_eq!(
            minicbor::decode::<HolidayCalendar>(&bytes).expect("decodes"),
            country
        );
    }

    #[test]
    fn cp_02_an_imported_calendar() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Christ\r\n mas\\, both\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Broken\r\nDTSTART:2026\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260101\r\nSUMMARY:New Year\r\nEND:VEVENT\r\n";
        let found: Vec<String> = from_ics(text)
            .iter()
            .map(|h| format!("{} {}", h.day, h.name))
            .collect();
        assert_eq!(
            found,
            [
                "2026-01-01 New Year",
                "2026-12-25 Christmas, both",
                "2026-12-26 Christmas, both"
            ]
        );
        assert!(from_ics("no calendar").is_empty());
        let long = "BEGIN:VEVENT\nDTSTART:20260101\nDTEND:20990101\nEND:VEVENT";
        assert_eq!(from_ics(long).len(), 63);
    }
}
