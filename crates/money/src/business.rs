//! Business days and the roll of a due date that falls on another day (TM-14).

use crate::{Day, Weekday};
use minicbor::{Decode, Encode};

/// The days of the week on which nothing is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode)]
#[cbor(transparent)]
pub struct Weekend(#[n(0)] u8);

impl<'b, C> Decode<'b, C> for Weekend {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let bits = d.u8()?;
        if bits >= 0b111_1111 {
            return Err(minicbor::decode::Error::message("not a weekend").at(at));
        }
        Ok(Weekend(bits))
    }
}

impl Weekend {
    /// Saturday and Sunday.
    pub const SATURDAY_SUNDAY: Weekend = Weekend(0b110_0000);
    /// Friday and Saturday, as in much of the Middle East.
    pub const FRIDAY_SATURDAY: Weekend = Weekend(0b011_0000);
    /// Sunday alone.
    pub const SUNDAY: Weekend = Weekend(0b100_0000);
    /// Every day is a working day.
    pub const NONE: Weekend = Weekend(0);

    /// A weekend of the given days. Seven of them leave no working day: `None`.
    pub fn of(days: &[Weekday]) -> Option<Weekend> {
        let bits = days.iter().fold(0u8, |bits, day| bits | 1 << day.index());
        (bits != 0b111_1111).then_some(Weekend(bits))
    }

    /// Whether a day of the week belongs to it.
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 >> day.index() & 1 == 1
    }

    /// Its days, Monday first.
    pub fn days(self) -> Vec<Weekday> {
        Weekday::ALL
            .into_iter()
            .filter(|d| self.contains(*d))
            .collect()
    }
}

impl Default for Weekend {
    fn default() -> Self {
        Weekend::SATURDAY_SUNDAY
    }
}

/// Where a due date goes that is no business day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Roll {
    /// It stays: the contract says nothing.
    #[n(0)]
    #[default]
    None,
    /// To the next business day.
    #[n(1)]
    Following,
    /// To the business day before.
    #[n(2)]
    Preceding,
    /// To the next business day, or the one before if the next is in another month.
    #[n(3)]
    ModifiedFollowing,
}

/// How far a search for a business day goes. No real calendar closes for a year: a holiday list
/// that does is taken as saying nothing, and the date stays.
const LONGEST_CLOSURE: i32 = 366;

/// Working days: a weekend and a sorted list of holidays.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BusinessDays {
    weekend: Weekend,
    holidays: Vec<Day>,
}

impl BusinessDays {
    /// A calendar of a weekend and holidays in any order.
    pub fn new(weekend: Weekend, mut holidays: Vec<Day>) -> BusinessDays {
        crate::order::sort(&mut holidays);
        holidays.dedup();
        BusinessDays { weekend, holidays }
    }

    /// Whether people work on a day.
    pub fn is_business_day(&self, day: Day) -> bool {
        !self.weekend.contains(day.weekday()) && self.holidays.binary_search(&day).is_err()
    }

    fn search(&self, from: Day, step: i32) -> Option<Day> {
        (0..LONGEST_CLOSURE)
            .filter_map(|n| from.checked_add(n * step))
            .find(|day| self.is_business_day(*day))
    }

    /// The date moved as `roll` says (TM-14). For calls and lateness flags; interest follows it only
    /// where the contract or the statute says so.
    pub fn roll(&self, day: Day, roll: Roll) -> Day {
        let found = match roll {
            Roll::None => Some(day),
            Roll::Following => self.search(day, 1),
            Roll::Preceding => self.search(day, -1),
            Roll::ModifiedFollowing => self
                .search(day, 1)
                .filter(|d| d.month_start() == day.month_start())
                .or_else(|| self.search(day, -1)),
        };
        found.unwrap_or(day)
    }

    /// The day `count` business days after `day` (before it, if negative); `day` itself does not
    /// count. `None` when a closure of more than a year lies between.
    pub fn add(&self, day: Day, count: i32) -> Option<Day> {
        let step = count.signum();
        let mut at = day;
        for _ in 0..count.unsigned_abs() {
            at = self.search(at.checked_add(step)?, step)?;
        }
        Some(at)
    }

    /// Business days in `from..=to`; 0 if `to` is before `from`.
    pub fn count_between(&self, from: Day, to: Day) -> u32 {
        if to < from {
            return 0;
        }
        let days = i64::from(to.0) - i64::from(from.0) + 1;
        let (weeks, extra) = (days / 7, (days % 7) as i32);
        let per_week = 7 - i64::from(self.weekend.0.count_ones());
        let open = |day: &Day| !self.weekend.contains(day.weekday());
        let rest = (0..extra).map(|n| from.plus(n)).filter(open).count() as i64;
        let first = self.holidays.partition_point(|h| *h < from);
        let closed = self.holidays[first..]
            .iter()
            .take_while(|h| **h <= to)
            .filter(|h| open(h))
            .count() as i64;
        u32::try_from(weeks * per_week + rest - closed).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u8, d: u8) -> Day {
        Day::from_ymd(y, m, d).expect("a day")
    }

    #[test]
    fn tm_14_roll_of_a_saturday_at_the_end_of_february() {
        let b = BusinessDays::default();
        let saturday = day(2026, 2, 28);
        assert_eq!(b.roll(saturday, Roll::None), saturday);
        assert_eq!(b.roll(saturday, Roll::Following), day(2026, 3, 2));
        assert_eq!(b.roll(saturday, Roll::Preceding), day(2026, 2, 27));
        assert_eq!(b.roll(saturday, Roll::ModifiedFollowing), day(2026, 2, 27));
        assert_eq!(
            b.roll(day(2026, 3, 7), Roll::ModifiedFollowing),
            day(2026, 3, 9)
        );
    }

    #[test]
    fn tm_14_holidays_and_other_weekends() {
        let easter = BusinessDays::new(
            Weekend::SATURDAY_SUNDAY,
            vec![day(2026, 4, 6), day(2026, 4, 3)],
        );
        assert_eq!(
            easter.roll(day(2026, 4, 3), Roll::Following),
            day(2026, 4, 7)
        );
        assert_eq!(easter.add(day(2026, 4, 2), 1), Some(day(2026, 4, 7)));
        assert_eq!(easter.add(day(2026, 4, 7), -1), Some(day(2026, 4, 2)));
        assert_eq!(easter.count_between(day(2026, 4, 1), day(2026, 4, 8)), 4);
        let gulf = BusinessDays::new(Weekend::FRIDAY_SATURDAY, vec![]);
        assert_eq!(gulf.roll(day(2026, 4, 3), Roll::Following), day(2026, 4, 5));
        assert_eq!(Weekend::of(&Weekday::ALL), None);
        assert_eq!(Weekend::of(&[Weekday::Sunday]), Some(Weekend::SUNDAY));
    }

    #[test]
    fn tm_14_a_calendar_that_never_opens_moves_nothing() {
        let closed = BusinessDays::new(Weekend::SATURDAY_SUNDAY, (0..2000).map(Day).collect());
        assert_eq!(closed.roll(Day(700), Roll::Following), Day(700));
        assert_eq!(closed.add(Day(700), 1), None);
    }

    proptest! {
        #[test]
        fn tm_14_counts_as_a_day_by_day_walk(
            from in -1000i32..1000, length in 0i32..200, holidays in prop::collection::vec(-1000i32..1300, 0..40)
        ) {
            let b = BusinessDays::new(Weekend::default(), holidays.into_iter().map(Day).collect());
            let walked = (from..=from + length).filter(|n| b.is_business_day(Day(*n))).count();
            prop_assert_eq!(b.count_between(Day(from), Day(from + length)) as usize, walked);
        }
    }
}
