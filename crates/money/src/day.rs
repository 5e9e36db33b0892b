//! Calendar days, as a count.

use core::fmt;
use minicbor::{Decode, Encode};

/// A calendar day: days since 1970-01-01 in the proleptic Gregorian calendar. It has no time and no
/// zone. Stored as the number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Day(#[n(0)] pub i32);

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
#[allow(missing_docs)]
pub enum Weekday {
    #[n(0)]
    Monday,
    #[n(1)]
    Tuesday,
    #[n(2)]
    Wednesday,
    #[n(3)]
    Thursday,
    #[n(4)]
    Friday,
    #[n(5)]
    Saturday,
    #[n(6)]
    Sunday,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// 0 for Monday to 6 for Sunday.
    pub const fn index(self) -> u8 {
        self as u8
    }
}

/// Which day a spreadsheet calls number one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ExcelSystem {
    /// Serial 1 is 1900-01-01 and serial 60 the day that never was, 29 February 1900.
    #[default]
    Windows1900,
    /// Serial 0 is 1904-01-01 (old Macintosh workbooks).
    Mac1904,
}

/// Days of a month; 0 for a month that does not exist.
pub const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Whether a year has a 29 February.
pub const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days since 1970-01-01 of a date known to exist. Counts from 1 March of year 0, so that the leap
/// day is the last of its year.
const fn count(year: i64, month: u8, day: u8) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let month_from_march = (month as i64 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i64 - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Like [`count`] for the years 1 to 9999, in 32 bits: WebAssembly divides 64-bit numbers slowly, and
/// every date cell of an import comes here.
const fn count_common(year: u32, month: u32, day: u32) -> i32 {
    let y = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    (365 * y + y / 4 - y / 100 + y / 400 + day_of_year) as i32 - 719_468
}

impl Day {
    /// 1970-01-01.
    pub const EPOCH: Day = Day(0);

    /// The day of a date, if that date exists and can be counted.
    pub const fn from_ymd(year: i32, month: u8, day: u8) -> Option<Day> {
        if day == 0 || day > days_in_month(year, month) {
            return None;
        }
        if year >= 1 && year <= 9999 {
            return Some(Day(count_common(year as u32, month as u32, day as u32)));
        }
        let n = count(year as i64, month, day);
        if n < i32::MIN as i64 || n > i32::MAX as i64 {
            return None;
        }
        Some(Day(n as i32))
    }

    /// The date with a day that the month may lack moved to the month's last day (TM-11). A month
    /// outside 1..=12 is carried into the year. `None` beyond the countable range.
    pub fn clamped(year: i64, month: i64, day: u8) -> Option<Day> {
        let months = year.checked_mul(12)?.checked_add(month.checked_sub(1)?)?;
        let year = i32::try_from(months.div_euclid(12)).ok()?;
        let month = months.rem_euclid(12) as u8 + 1;
        Day::from_ymd(year, month, day.clamp(1, days_in_month(year, month)))
    }

    /// Year, month (1..=12) and day of the month.
    pub const fn ymd(self) -> (i32, u8, u8) {
        let z = self.0 as i64 + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 {
            month_from_march + 3
        } else {
            month_from_march - 9
        };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year as i32, month as u8, day as u8)
    }

    /// The year.
    pub const fn year(self) -> i32 {
        self.ymd().0
    }

    /// The month, 1..=12.
    pub const fn month(self) -> u8 {
        self.ymd().1
    }

    /// The day of the month, 1..=31.
    pub const fn day_of_month(self) -> u8 {
        self.ymd().2
    }

    /// The day of the week.
    pub const fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[(self.0 as i64 + 3).rem_euclid(7) as usize]
    }

    /// This day and `days` more (fewer if negative).
    pub const fn checked_add(self, days: i32) -> Option<Day> {
        match self.0.checked_add(days) {
            Some(n) => Some(Day(n)),
            None => None,
        }
    }

    /// This day and `days` more, stopping at the ends of the countable range.
    pub const fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }

    /// Whole days from `earlier` to this day; negative if it is later. This is days past due when
    /// `earlier` is the due date and `self` the as-of date (AG-01).
    pub const fn since(self, earlier: Day) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// The same day of the month `months` later, or that month's last day (TM-11).
    pub fn add_months(self, months: i32) -> Option<Day> {
        let (year, month, day) = self.ymd();
        Day::clamped(i64::from(year), i64::from(month) + i64::from(months), day)
    }

    /// The first day of this month.
    pub const fn month_start(self) -> Day {
        let day = self.day_of_month() as i32;
        Day(self.0.saturating_sub(day - 1))
    }

    /// The last day of this month.
    pub const fn month_end(self) -> Day {
        let (year, month, day) = self.ymd();
        Day(self
            .0
            .saturating_add((days_in_month(year, month) - day) as i32))
    }

    /// The calendar quarter, 1..=4.
    pub const fn quarter(self) -> u8 {
        (self.month() - 1) / 3 + 1
    }

    /// The first day of this calendar quarter.
    pub fn quarter_start(self) -> Day {
        let (year, month, _) = self.ymd();
        Day::from_ymd(year, (month - 1) / 3 * 3 + 1, 1).unwrap_or(self)
    }

    /// The last day of this calendar quarter.
    pub fn quarter_end(self) -> Day {
        let (year, month, _) = self.ymd();
        Day::from_ymd(year, (month - 1) / 3 * 3 + 3, 1).map_or(self, Day::month_end)
    }

    /// The Monday of this week.
    pub const fn week_start(self) -> Day {
        Day(self.0.saturating_sub(self.weekday().index() as i32))
    }

    /// The day of a spreadsheet serial (its whole part). In the 1900 system serial 60 is the false
    /// 29 February 1900 and is no day; nor is anything before the system's first day.
    pub const fn from_excel_serial(serial: i32, system: ExcelSystem) -> Option<Day> {
        match system {
            // 25569 and 24107 are the serials of 1970-01-01.
            ExcelSystem::Windows1900 => match serial {
                1..=59 => Some(Day(serial - 25_568)),
                61..=2_958_465 => Some(Day(serial - 25_569)),
                _ => None,
            },
            ExcelSystem::Mac1904 => match serial {
                0..=2_957_003 => Some(Day(serial - 24_107)),
                _ => None,
            },
        }
    }

    /// The spreadsheet serial of this day, if the system can show it.
    pub const fn excel_serial(self, system: ExcelSystem) -> Option<i32> {
        let offset = match system {
            ExcelSystem::Windows1900 if self.0 < 61 - 25_569 => 25_568,
            ExcelSystem::Windows1900 => 25_569,
            ExcelSystem::Mac1904 => 24_107,
        };
        match self.0.checked_add(offset) {
            Some(n) if Day::from_excel_serial(n, system).is_some() => Some(n),
            _ => None,
        }
    }
}

/// ISO 8601: `2026-03-02`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        if (0..=9999).contains(&year) {
            f.pad(&format!("{year:04}-{month:02}-{day:02}"))
        } else {
            f.pad(&format!("{year:+}-{month:02}-{day:02}"))
        }
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::*;

    fn day(y: i32, m: u8, d: u8) -> Day {
        Day::from_ymd(y, m, d).expect("a date")
    }

    #[test]
    fn dates_that_exist_and_dates_that_do_not() {
        assert_eq!(day(1970, 1, 1), Day(0));
        assert_eq!(day(2026, 3, 2).to_string(), "2026-03-02");
        assert_eq!(day(2026, 3, 2).weekday(), Weekday::Monday);
        for (y, m, d) in [
            (2026, 2, 29),
            (2026, 13, 1),
            (2026, 0, 1),
            (2026, 4, 31),
            (2026, 1, 0),
            (1900, 2, 29),
        ] {
            assert_eq!(Day::from_ymd(y, m, d), None);
        }
        assert_eq!(Day::from_ymd(i32::MAX, 1, 1), None);
    }

    #[test]
    fn tm_01_months_are_not_thirty_days() {
        assert_eq!(day(2026, 1, 30).plus(30), day(2026, 3, 1));
        assert_eq!(day(2026, 1, 30).add_months(1), Some(day(2026, 2, 28)));
        assert_eq!(day(2026, 1, 31).add_months(-2), Some(day(2025, 11, 30)));
        assert_eq!(day(2024, 1, 31).add_months(1), Some(day(2024, 2, 29)));
    }

    #[test]
    fn months_and_quarters() {
        let d = day(2026, 5, 17);
        assert_eq!(
            (d.month_start(), d.month_end()),
            (day(2026, 5, 1), day(2026, 5, 31))
        );
        assert_eq!(d.quarter(), 2);
        assert_eq!(
            (d.quarter_start(), d.quarter_end()),
            (day(2026, 4, 1), day(2026, 6, 30))
        );
        assert_eq!(d.week_start(), day(2026, 5, 11));
    }

    #[test]
    fn excel_serials_of_both_systems() {
        use ExcelSystem::{Mac1904, Windows1900};
        assert_eq!(
            Day::from_excel_serial(1, Windows1900),
            Some(day(1900, 1, 1))
        );
        assert_eq!(
            Day::from_excel_serial(59, Windows1900),
            Some(day(1900, 2, 28))
        );
        assert_eq!(Day::from_excel_serial(60, Windows1900), None);
        assert_eq!(
            Day::from_excel_serial(61, Windows1900),
            Some(day(1900, 3, 1))
        );
        assert_eq!(
            Day::from_excel_serial(43_920, Windows1900),
            Some(day(2020, 3, 30))
        );
        assert_eq!(
            Day::from_excel_serial(42_458, Mac1904),
            Some(day(2020, 3, 30))
        );
        assert_eq!(Day::from_excel_serial(0, Mac1904), Some(day(1904, 1, 1)));
        assert_eq!(Day::from_excel_serial(0, Windows1900), None);
        for (serial, system) in [
            (1, Windows1900),
            (59, Windows1900),
            (61, Windows1900),
            (46_000, Windows1900),
            (0, Mac1904),
            (46_000, Mac1904),
        ] {
            let d = Day::from_excel_serial(serial, system).expect("a day");
            assert_eq!(d.excel_serial(system), Some(serial));
        }
        assert_eq!(day(1800, 1, 1).excel_serial(Windows1900), None);
    }

    #[test]
    fn cbor_is_the_number() {
        let bytes = minicbor::to_vec(Day(20_514)).expect("encodes");
        assert_eq!(bytes, minicbor::to_vec(20_514i32).expect("encodes"));
        assert_eq!(
            minicbor::decode::<Day>(&bytes).expect("decodes"),
            Day(20_514)
        );
    }

    proptest! {
        #[test]
        fn agrees_with_chrono(n in -80_000_000i32..80_000_000) {
            let theirs = NaiveDate::from_num_days_from_ce_opt(n + 719_163).expect("in range");
            let (y, m, d) = Day(n).ymd();
            prop_assert_eq!((y, u32::from(m), u32::from(d)), (theirs.year(), theirs.month(), theirs.day()));
            prop_assert_eq!(u32::from(Day(n).weekday().index()), theirs.weekday().num_days_from_monday());
            prop_assert_eq!(Day::from_ymd(y, m, d), Some(Day(n)));
        }

        #[test]
        fn both_counts_agree(year in 1i32..=9999, month in 1u8..=12, day in 1u8..=28) {
            let day_count = count(i64::from(year), month, day);
            prop_assert_eq!(day_count, i64::from(count_common(year as u32, u32::from(month), u32::from(day))));
        }

        #[test]
        fn total_over_all_numbers(n: i32, months: i32) {
            let d = Day(n);
            let (y, m, dom) = d.ymd();
            prop_assert_eq!(Day::from_ymd(y, m, dom), Some(d));
            let _ = (d.weekday(), d.month_start(), d.month_end(), d.quarter_start(), d.quarter_end(), d.week_start(), d.add_months(months), d.to_string());
        }
    }
}
