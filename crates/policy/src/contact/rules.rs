//! Hours, days off and how often, by the debtor's country (CP-01 to CP-03). Templates are a start
//! for whoever answers for the rules: they are not law.

use super::ContactPolicy;
use crate::calendar::{Holiday, HolidayCalendar};
use duebook_money::business::Weekend;
use duebook_money::{Day, Weekday};
use minicbor::{Decode, Encode};

/// Whose attempts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Whose {
    /// Those to one person.
    #[n(0)]
    Person,
    /// Those to the customer.
    #[n(1)]
    Customer,
}

/// No more than so many attempts in so many consecutive days, the day itself included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Limit {
    /// Most attempts.
    #[n(0)]
    pub most: u16,
    /// Consecutive days.
    #[n(1)]
    pub days: u16,
    /// Whose.
    #[n(2)]
    pub whose: Whose,
}

/// Rules of some countries; a country of none of them has the book's own hours.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CountryRules {
    /// What it is called.
    #[n(0)]
    pub name: String,
    /// ISO country codes.
    #[n(1)]
    pub countries: Vec<String>,
    /// First minute of the day to call, in the debtor's local time.
    #[n(2)]
    pub opens_minute: u16,
    /// The minute from which not to call any more.
    #[n(3)]
    pub closes_minute: u16,
    /// Days of the week on which not to call.
    #[n(4)]
    pub closed_days: Weekend,
    /// Outside of these minutes a call is blocked and not only warned of.
    #[n(5)]
    pub outer: Option<(u16, u16)>,
    /// How often (CP-03).
    #[n(6)]
    pub limits: Vec<Limit>,
    /// Calendar days after a conversation without a call, the day of the conversation being the
    /// first; 0 for none.
    #[n(7)]
    pub quiet_after_talk: u16,
}

/// Rules to start from. Labelled as templates: they are not law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// Great Britain: business to business.
    UnitedKingdom,
    /// The European Union: business to business.
    EuropeanUnion,
    /// The United States, as strict as the rules for consumers' debts (Regulation F).
    UnitedStates,
    /// India: the outer hours of regulated lenders.
    India,
}

/// Hours as one of two states of a day there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First minute.
    pub opens: u16,
    /// First minute after.
    pub closes: u16,
    /// Days of the week without calls.
    pub closed_days: Weekend,
    /// Outside of these a call is blocked.
    pub outer: Option<(u16, u16)>,
}

/// Why nobody is to be called at a minute of a day there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// A day of the week without calls.
    Weekday(Weekday),
    /// A holiday, and whether the list was checked (CP-02).
    Holiday(Holiday, bool),
    /// Outside of the hours, minutes.
    Hours {
        /// First minute.
        opens: u16,
        /// First minute after.
        closes: u16,
        /// Outside of the outer hours as well.
        outer: bool,
    },
}

/// Days looked ahead for the next window: longer than any row of holidays.
const AHEAD: i32 = 21;

impl Template {
    /// All of them, in the order shown.
    pub const ALL: [Template; 4] = [
        Template::UnitedKingdom,
        Template::EuropeanUnion,
        Template::UnitedStates,
        Template::India,
    ];
    /// The rules.
    pub fn rules(self) -> CountryRules {
        let business = vec![
            Limit {
                most: 2,
                days: 1,
                whose: Whose::Person,
            },
            Limit {
                most: 4,
                days: 7,
                whose: Whose::Customer,
            },
        ];
        let (name, countries, opens, closes, outer, limits, quiet): (_, &[&str], _, _, _, _, _) =
            match self {
                Template::UnitedKingdom => (
                    "UK (template, not law)",
                    &["GB", "UK", "IE"],
                    9 * 60,
                    17 * 60 + 30,
                    Some((8 * 60, 20 * 60)),
                    business,
                    0,
                ),
                Template::EuropeanUnion => (
                    "EU (template, not law)",
                    &[
                        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR",
                        "HR", "HU", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE",
                        "SI", "SK",
                    ],
                    9 * 60,
                    17 * 60,
                    Some((8 * 60, 20 * 60)),
                    business,
                    0,
                ),
                Template::UnitedStates => (
                    "US, as strict as for consumers (template, not law)",
                    &["US"],
                    9 * 60,
                    17 * 60 + 30,
                    Some((8 * 60, 21 * 60)),
                    vec![Limit {
                        most: 7,
                        days: 7,
                        whose: Whose::Person,
                    }],
                    7,
                ),
                Template::India => (
                    "India (template, not law)",
                    &["IN"],
                    10 * 60,
                    18 * 60 + 30,
                    Some((8 * 60, 19 * 60)),
                    business,
                    0,
                ),
            };
        CountryRules {
            name: name.to_owned(),
            countries: countries.iter().map(|c| (*c).to_owned()).collect(),
            opens_minute: opens,
            closes_minute: closes,
            closed_days: Weekend::SATURDAY_SUNDAY,
            outer,
            limits,
            quiet_after_talk: quiet,
        }
    }
}

/// Whether an area is the country or a part of it: "DE-BY" is of "DE".
fn is_of(area: &str, country: &str) -> bool {
    let (area, country) = (area.trim(), country.trim());
    let head = area.split('-').next().unwrap_or(area);
    !country.is_empty()
        && (area.eq_ignore_ascii_case(country) || head.eq_ignore_ascii_case(country))
}

impl ContactPolicy {
    /// The rules of a country, where it has its own.
    pub fn rules_of(&self, country: &str) -> Option<&CountryRules> {
        self.rules
            .iter()
            .find(|r| r.countries.iter().any(|c| is_of(c, country)))
    }
    /// The hours of a country.
    pub fn hours_of(&self, country: &str) -> Hours {
        match self.rules_of(country) {
            Some(r) => Hours {
                opens: r.opens_minute,
                closes: r.closes_minute,
                closed_days: r.closed_days,
                outer: r.outer,
            },
            None => Hours {
                opens: self.opens_minute,
                closes: self.closes_minute,
                closed_days: self.closed_days,
                outer: None,
            },
        }
    }
    /// The holidays of a country (CP-02): the lists named by it, or by a part of it.
    pub fn calendars_of<'a>(
        &'a self,
        country: &'a str,
    ) -> impl Iterator<Item = &'a HolidayCalendar> + 'a {
        self.calendars
            .iter()
            .filter(move |c| is_of(&c.name, country))
    }
    /// Why nobody is to be called there at a minute of a local day; `None` where they may be.
    pub fn closed(&self, country: &str, day: Day, minute: u16) -> Option<Closed> {
        let hours = self.hours_of(country);
        self.closed_day(country, day).or_else(|| {
            let open = (hours.opens..hours.closes).contains(&minute);
            let outer = hours.outer.is_some_and(|(o, c)| !(o..c).contains(&minute));
            (!open).then_some(Closed::Hours {
                opens: hours.opens,
                closes: hours.closes,
                outer,
            })
        })
    }
    /// Why nobody is to be called there on a day.
    pub fn closed_day(&self, country: &str, day: Day) -> Option<Closed> {
        if self.hours_of(country).closed_days.contains(day.weekday()) {
            return Some(Closed::Weekday(day.weekday()));
        }
        self.calendars_of(country).find_map(|calendar| {
            let holiday = calendar.holiday(day)?.clone();
            Some(Closed::Holiday(holiday, calendar.verified))
        })
    }
    /// The next local day and minute from which calls are open there, at or after a minute of a day;
    /// `None` where none is within three weeks.
    pub fn next_open(&self, country: &str, day: Day, minute: u16) -> Option<(Day, u16)> {
        let hours = self.hours_of(country);
        (0..=AHEAD).find_map(|n| {
            let on = day.checked_add(n)?;
            if self.closed_day(country, on).is_some() || (n == 0 && minute >= hours.closes) {
                return None;
            }
            let from = if n == 0 {
                minute.max(hours.opens)
            } else {
                hours.opens
            };
            Some((on, from))
        })
    }
}
