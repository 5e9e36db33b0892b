//! Lump sum against plan (ST-03): present value by discount and hazard, with its sensitivity.
//! Nothing is recommended: the figures are shown, a person decides.
#![allow(
    clippy::float_arithmetic,
    reason = "a present value is an estimate shown beside a decision; nothing is posted from it"
)]

/// The comparison at one monthly hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aid {
    /// Monthly chance that the payer stops, parts per million.
    pub hazard_ppm: u32,
    /// Value today of the instalments, minor units.
    pub value: i64,
}

/// Value today of instalments (months from now, minor units) at a monthly discount and a monthly
/// hazard in parts per million, rounded to a minor unit.
pub fn present_value(instalments: &[(u32, i64)], discount_ppm: u32, hazard_ppm: u32) -> i64 {
    let each =
        (1.0 - f64::from(hazard_ppm.min(1_000_000)) / 1e6) / (1.0 + f64::from(discount_ppm) / 1e6);
    let value: f64 = instalments
        .iter()
        // Amounts of a ledger are below 2^53: exact as floats.
        .map(|(months, amount)| *amount as f64 * power(each, *months))
        .sum();
    value.round() as i64
}

/// Repeated multiplication: the same in every browser, unlike a library's `powi`.
fn power(base: f64, times: u32) -> f64 {
    (0..times.min(1_200)).fold(1.0, |p, _| p * base)
}

/// The value at hazards from nothing to ten percent a month.
pub fn sensitivity(instalments: &[(u32, i64)], discount_ppm: u32) -> Vec<Aid> {
    let hazards = [0, 10_000, 20_000, 30_000, 40_000, 50_000, 75_000, 100_000];
    let of = |hazard_ppm| Aid {
        hazard_ppm,
        value: present_value(instalments, discount_ppm, hazard_ppm),
    };
    hazards.into_iter().map(of).collect()
}

/// The least hazard, to a hundredth of a percent, from which a lump sum is worth as much as the
/// plan; `None` where the plan is worth more even at half a month's chance.
pub fn break_even(instalments: &[(u32, i64)], discount_ppm: u32, lump: i64) -> Option<u32> {
    let (mut low, mut high) = (0u32, 5_000u32);
    if present_value(instalments, discount_ppm, high * 100) > lump {
        return None;
    }
    while low < high {
        let middle = (low + high) / 2;
        match present_value(instalments, discount_ppm, middle * 100) <= lump {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    Some(low * 100)
}

#[cfg(test)]
#[allow(clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod tests {
    use super::*;

    #[test]
    fn st_03_oracles() {
        let plan: Vec<(u32, i64)> = (1..=10).map(|m| (m, 1_000_00)).collect();
        for (hazard, value) in [(0, 9_471_30), (30_000, 8_061_17), (50_000, 7_251_21)] {
            assert_eq!(present_value(&plan, 10_000, hazard), value);
        }
        // 8,000 today beats the plan from about 3.1 % a month on.
        let even = break_even(&plan, 10_000, 8_000_00).unwrap_or(0);
        assert_eq!(even / 1_000, 31);
        assert_eq!(break_even(&plan, 10_000, 1_00), None);
        assert_eq!(break_even(&plan, 10_000, 9_999_00), Some(0));
    }
}
