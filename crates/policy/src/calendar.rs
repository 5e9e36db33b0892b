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
}
