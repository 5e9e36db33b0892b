//! Instalments of a plan: down payment, frequency, exact amounts (PL-01, AG-31).

use duebook_money::{Day, split};

/// How often an instalment falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Every {
    /// Seven days.
    Week,
    /// Fourteen days.
    TwoWeeks,
    /// A month, on the day of the first.
    Month,
    /// Three months.
    Quarter,
}

impl Every {
    /// The `n`th day from a first one.
    pub fn day(self, first: Day, n: usize) -> Option<Day> {
        let n = i32::try_from(n).ok()?;
        match self {
            Every::Week => first.checked_add(n.checked_mul(7)?),
            Every::TwoWeeks => first.checked_add(n.checked_mul(14)?),
            Every::Month => first.add_months(n),
            Every::Quarter => first.add_months(n.checked_mul(3)?),
        }
    }
    /// Months between two, rounded up: for the decision aid.
    pub fn months(self, n: u32) -> u32 {
        match self {
            Every::Week => (n * 7).div_ceil(30),
            Every::TwoWeeks => (n * 14).div_ceil(30),
            Every::Month => n,
            Every::Quarter => n * 3,
        }
    }
}

/// Day and amount of each instalment: a down payment on `today` where there is one, the rest evenly
/// from `first` on, odd units with the earliest. `None` where it cannot be: nothing left to split, a
/// first day that is not after the down payment's, more than 600.
pub fn schedule(
    total: i64,
    down: i64,
    today: Day,
    (count, first, every): (usize, Day, Every),
) -> Option<Vec<(Day, i64)>> {
    let rest = total.checked_sub(down).filter(|r| *r >= 0 && down >= 0)?;
    if count > 600
        || i64::try_from(count).ok()? > rest
        || (down > 0 && first <= today)
        || first < today
    {
        return None;
    }
    let mut all = Vec::with_capacity(count + 1);
    if down > 0 {
        all.push((today, down));
    }
    for (n, amount) in split::evenly(rest, count).ok()?.into_iter().enumerate() {
        all.push((every.day(first, n)?, amount));
    }
    Some(all)
}

#[cfg(test)]
#[allow(clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod tests {
    use super::*;

    #[test]
    fn pl_01_down_payment_and_exact_instalments() {
        let day = |m, d| Day::from_ymd(2026, m, d).unwrap_or(Day(0));
        let plan = schedule(1_000_00, 100_00, day(1, 31), (7, day(2, 28), Every::Month));
        let plan = plan.unwrap_or_default();
        assert_eq!(plan.iter().map(|(_, a)| a).sum::<i64>(), 1_000_00);
        assert_eq!(
            (plan[0], plan[1], plan[2]),
            (
                (day(1, 31), 100_00),
                (day(2, 28), 128_58),
                (day(3, 28), 128_57)
            )
        );
        assert_eq!(
            schedule(100, 101, day(1, 1), (1, day(2, 1), Every::Week)),
            None
        );
        assert_eq!(
            schedule(100, 0, day(1, 1), (101, day(2, 1), Every::Week)),
            None
        );
        assert_eq!(
            schedule(100, 0, day(1, 1), (0, day(2, 1), Every::Week)),
            None
        );
        let weekly =
            schedule(100, 0, day(1, 1), (3, day(1, 1), Every::TwoWeeks)).unwrap_or_default();
        assert_eq!(
            weekly,
            [(day(1, 1), 34), (day(1, 15), 33), (day(1, 29), 33)]
        );
    }
}
