//! The formulas of domain.md §2 on plain figures. One function is one definition; amounts are minor
//! units of one currency, and every result is an exact fraction, `None` where it divides by zero.

use super::ratio::{Ratio, root};

/// KP-01, KP-02, KP-04: balance ÷ sales × days.
pub fn days_of_sales(balance: i128, sales: i128, days: i128) -> Option<Ratio> {
    Ratio::new(balance.checked_mul(days)?, sales)
}

/// What a countback comes to (KP-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Countback {
    /// So many days.
    Days(Ratio),
    /// The sales known do not use the balance up: at least so many. Never extrapolated.
    AtLeast(Ratio),
}

/// KP-03: takes months off the balance, latest first: sales and days of each. A month without
/// sales, or with more credited than sold, gives its days and takes nothing off.
pub fn countback(balance: i128, months: &[(i128, i128)]) -> Option<Countback> {
    let mut left = balance;
    let mut days = Ratio::ZERO;
    if left <= 0 {
        return Some(Countback::Days(days));
    }
    for (sales, of_month) in months {
        if *sales > 0 && *sales >= left {
            let part = Ratio::new(left.checked_mul(*of_month)?, *sales)?;
            return Some(Countback::Days(days.plus(part)?));
        }
        left -= (*sales).max(0);
        days = days.plus(Ratio::whole(*of_month))?;
    }
    Some(Countback::AtLeast(days))
}

/// KP-06: collected of what could be: (begin + sales − end) ÷ (begin + sales − end current). With
/// the months of the period sales count as their monthly average; 1 counts them whole.
pub fn collection_effectiveness(
    begin: i128,
    sales: i128,
    end: i128,
    end_current: i128,
    months: i128,
) -> Option<Ratio> {
    // Times months, so that nothing is divided twice.
    let base = begin.checked_mul(months)?.checked_add(sales)?;
    let less = |part: i128| base.checked_sub(part.checked_mul(months)?);
    Ratio::new(less(end)?, less(end_current)?)
}

/// KP-07: net credit sales ÷ average receivables.
pub fn turnover(sales: i128, begin: i128, end: i128) -> Option<Ratio> {
    Ratio::new(sales.checked_mul(2)?, begin.checked_add(end)?)
}

/// KP-09, KP-10: Σ(amount × days) ÷ Σ amount, of pairs of amount and days.
pub fn weighted_days(paid: &[(i128, i128)], floored: bool) -> Option<Ratio> {
    let (mut weighted, mut sum) = (0i128, 0i128);
    for (amount, days) in paid {
        let days = if floored { (*days).max(0) } else { *days };
        weighted = weighted.checked_add(amount.checked_mul(days)?)?;
        sum = sum.checked_add(*amount)?;
    }
    Ratio::new(weighted, sum)
}

/// KP-26: sums over weeks of what was expected and what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Missed {
    /// Σ|forecast − actual|.
    pub off: i128,
    /// Σ forecast.
    pub forecast: i128,
    /// Σ actual.
    pub actual: i128,
}

impl Missed {
    /// Σ|forecast − actual| ÷ Σ actual (WAPE).
    pub fn error(self) -> Option<Ratio> {
        Ratio::new(self.off, self.actual)
    }
    /// Σ(forecast − actual) ÷ Σ actual; above zero more was expected than came.
    pub fn bias(self) -> Option<Ratio> {
        Ratio::new(self.forecast.checked_sub(self.actual)?, self.actual)
    }
}

/// KP-42: open deductions ÷ average daily deductions: inflow or recoveries, as the caller names it.
pub fn deductions_outstanding(open: i128, flow: i128, days: i128) -> Option<Ratio> {
    Ratio::new(open.checked_mul(days)?, flow)
}

/// KP-40: the middle of sorted figures, and the smallest that nine in ten do not exceed.
pub fn median_and_ninetieth(sorted: &[i128]) -> Option<(Ratio, i128)> {
    let n = sorted.len();
    let (low, high) = (*sorted.get((n.checked_sub(1)?) / 2)?, *sorted.get(n / 2)?);
    let ninetieth = *sorted.get((n * 9).div_ceil(10) - 1)?;
    Some((Ratio::new(low.checked_add(high)?, 2)?, ninetieth))
}

/// 1.96², millionths: 95 % of a normal distribution.
const Z2: u128 = 3_841_459;
const MILLION: u128 = 1_000_000;

/// §2.6, 3: the Wilson 95 % interval of `errors` in `n`, per million, rounded outwards; `None`
/// where nothing was looked at.
pub fn wilson(errors: u64, n: u64) -> Option<(u64, u64)> {
    if n == 0 || errors > n {
        return None;
    }
    let (x, n) = (u128::from(errors), u128::from(n));
    // center and half width over the common divisor 2(n + z²), all in millionths.
    let below = 2 * (n * MILLION + Z2);
    let center = 2 * x * MILLION + Z2;
    // z · sqrt(z² + 4x(n − x)/n), squared in millionths of millionths.
    let inner = Z2 + 4 * x * (n - x) * MILLION / n;
    let half = root(Z2 * inner);
    let low = center.saturating_sub(half + 1) * MILLION / below;
    let high = ((center + half + 1) * MILLION).div_ceil(below);
    let fit = |v: u128| u64::try_from(v.min(MILLION)).unwrap_or(0);
    Some((if errors == 0 { 0 } else { fit(low) }, fit(high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenths(r: Option<Ratio>) -> i128 {
        r.and_then(|r| r.rounded(10)).expect("a figure")
    }
    fn hundredths(r: Option<Ratio>) -> i128 {
        r.and_then(|r| r.rounded(100)).expect("a figure")
    }

    #[test]
    fn kp_01_dso_simple() {
        assert_eq!(tenths(days_of_sales(150_000, 1_800_000, 365)), 304);
        assert_eq!(days_of_sales(15_000, 10_000, 30), Some(Ratio::whole(45)));
        assert_eq!(days_of_sales(15_000, 0, 30), None, "n/a, never 0");
    }

    #[test]
    fn kp_03_countback() {
        let months = [(100_000, 30), (80_000, 30), (70_000, 30)];
        let Some(Countback::Days(days)) = countback(212_000, &months) else {
            panic!("used up");
        };
        assert_eq!(days.rounded(100), Some(7_371));
        let more = countback(260_000, &months);
        assert_eq!(more, Some(Countback::AtLeast(Ratio::whole(90))));
        assert_eq!(countback(0, &months), Some(Countback::Days(Ratio::ZERO)));
        let gap = [(0, 30), (100, 31)];
        let half = Some(Countback::Days(Ratio::new(91, 2).expect("a fraction")));
        assert_eq!(countback(50, &gap), half);
    }

    #[test]
    fn kp_04_kp_05_best_possible_and_days_delinquent() {
        let best = days_of_sales(4_000, 10_000, 30);
        assert_eq!(best, Some(Ratio::whole(12)));
        let delinquent = |dso: Option<Ratio>, best: Option<Ratio>| dso?.minus(best?);
        let dso = days_of_sales(15_000, 10_000, 30);
        assert_eq!(delinquent(dso, best), Some(Ratio::whole(33)));
        let (dso, best) = (
            days_of_sales(25_000, 15_000, 30),
            days_of_sales(6_000, 15_000, 30),
        );
        assert_eq!(delinquent(dso, best), Some(Ratio::whole(38)));
    }

    #[test]
    fn kp_06_effectiveness_with_and_without_the_months() {
        let per_mille = |months| {
            let r = collection_effectiveness(6_200, 10_890, 6_340, 3_590, months);
            r.and_then(|r| r.rounded(1000)).expect("a figure")
        };
        assert_eq!(per_mille(3), 559);
        assert_eq!(per_mille(1), 796);
        let r = collection_effectiveness(100_000, 1_000_000, 120_000, 100_000, 1);
        assert_eq!(r, Ratio::new(98, 100));
    }

    #[test]
    fn kp_07_turnover() {
        assert_eq!(hundredths(turnover(250_000, 40_000, 40_000)), 625);
        let days = turnover(250_000, 30_000, 50_000)
            .and_then(|t| Ratio::new(365 * t.denominator(), t.numerator()));
        assert_eq!(tenths(days), 584);
    }

    #[test]
    fn kp_09_days_beyond_terms_signed_and_floored() {
        let paid = [(100, -10), (200, -5), (300, 0), (400, 5), (500, 10)];
        assert_eq!(hundredths(weighted_days(&paid, false)), 333);
        assert_eq!(hundredths(weighted_days(&paid, true)), 467);
    }

    #[test]
    fn kp_10_weighted_days_to_pay() {
        assert_eq!(hundredths(weighted_days(&[(10, 5), (100, 10)], false)), 955);
    }

    #[test]
    fn kp_24_kp_25_roll_rates() {
        assert_eq!(
            Ratio::new(200_000, 1_000_000),
            Ratio::new(1, 5),
            "KP-24: 20 %"
        );
        let january = [500_000i128, 120_000, 50_000, 30_000];
        let february = [150_000i128, 48_000, 30_000, 22_000];
        let rates: Vec<i128> = (january.iter().zip(february))
            .map(|(from, to)| tenths(Ratio::new(to * 100, *from)))
            .collect();
        assert_eq!(rates, [300, 400, 600, 733]);
        let chain = (january.iter().zip(february).take(3))
            .try_fold(Ratio::whole(1), |r, (from, to)| {
                r.times(Ratio::new(to, *from)?)
            });
        assert_eq!(chain, Ratio::new(72, 1000), "current to 61-90: 7.2 %");
    }

    #[test]
    fn kp_26_forecast_against_actual() {
        // Expected 110 and 80 where 100 and 100 came: 15 % off, 5 % too little.
        let sums = |weeks: &[(i128, i128)]| {
            weeks.iter().fold(Missed::default(), |m, (f, a)| Missed {
                off: m.off + (f - a).abs(),
                forecast: m.forecast + f,
                actual: m.actual + a,
            })
        };
        let per_mille = |r: Option<Ratio>| r.and_then(|r| r.rounded(1000));
        let table: [(&[(i128, i128)], _, _); 4] = [
            (&[(110, 100), (80, 100)], Some(150), Some(-50)),
            (&[(100, 100)], Some(0), Some(0)),
            (&[(0, 100), (200, 100)], Some(1000), Some(0)),
            (&[(10, 0)], None, None),
        ];
        for (weeks, error, bias) in table {
            let m = sums(weeks);
            assert_eq!((per_mille(m.error()), per_mille(m.bias())), (error, bias));
        }
    }

    #[test]
    fn kp_30_to_kp_34_example() {
        let share = |part, of| Ratio::new(part, of).and_then(|r| r.rounded(1000));
        assert_eq!(share(12, 60), Some(200), "right party of attempts");
        assert_eq!(share(12, 18), Some(667), "of connects");
        assert_eq!(share(7, 12), Some(583), "with a promise");
        assert_eq!(share(6, 10), Some(600), "kept");
        assert_eq!(share(65_000, 100_000), Some(650), "kept by value");
        assert_eq!(share(2, 10), Some(200), "broken");
    }

    #[test]
    fn kp_40_middle_and_ninetieth() {
        let days: Vec<i128> = (1..=10).collect();
        assert_eq!(
            median_and_ninetieth(&days),
            Some((Ratio::new(11, 2).expect("half"), 9))
        );
        assert_eq!(median_and_ninetieth(&[7]), Some((Ratio::whole(7), 7)));
        assert_eq!(median_and_ninetieth(&[]), None);
    }

    #[test]
    fn kp_42_days_deductions_outstanding() {
        assert_eq!(
            deductions_outstanding(300_000, 10_000, 1),
            Some(Ratio::whole(30))
        );
    }

    #[test]
    fn kp_50_straight_through() {
        assert_eq!(Ratio::new(5_600, 8_000), Ratio::new(7, 10));
        assert_eq!(
            Ratio::new((8_000 - 5_600) * 6, 60),
            Some(Ratio::whole(240)),
            "hours by hand"
        );
    }

    #[test]
    fn section_2_6_wilson_never_says_all_right() {
        let (low, high) = wilson(0, 50).expect("looked at");
        assert_eq!((low, (high + 500) / 1000), (0, 71), "0 of 50: up to 7.1 %");
        let (low, high) = wilson(5, 100).expect("looked at");
        // 2.15 % to 11.18 %
        assert_eq!(((low + 50) / 100, (high + 50) / 100), (215, 1118));
        assert_eq!(wilson(50, 50).map(|(_, high)| high), Some(1_000_000));
        assert_eq!(wilson(0, 0), None);
    }
}
