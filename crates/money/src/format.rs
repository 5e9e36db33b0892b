//! Writing amounts: digit grouping, decimal mark, and a real minus sign on screens.

/// How the digits before the decimal mark are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Grouping {
    /// No groups: `1234567`.
    #[default]
    None,
    /// Groups of three: `1,234,567`.
    Western,
    /// A group of three, then groups of two: `12,34,567`.
    Indian,
}

/// How amounts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NumberFormat {
    /// Which digits stand together.
    pub grouping: Grouping,
    /// What stands between the groups.
    pub group_mark: char,
    /// What stands before the decimals.
    pub decimal_mark: char,
    /// What stands before a negative amount.
    pub minus: char,
}

impl NumberFormat {
    /// For files and keys: `-1234.50`.
    pub const PLAIN: NumberFormat = NumberFormat {
        grouping: Grouping::None,
        group_mark: ',',
        decimal_mark: '.',
        minus: '-',
    };
    /// English screens: `−1,234,567.50` with U+2212.
    pub const WESTERN: NumberFormat = NumberFormat {
        grouping: Grouping::Western,
        group_mark: ',',
        decimal_mark: '.',
        minus: '\u{2212}',
    };
    /// Indian screens: `−12,34,567.50` with U+2212.
    pub const INDIAN: NumberFormat = NumberFormat {
        grouping: Grouping::Indian,
        ..NumberFormat::WESTERN
    };
    /// Continental screens: `−1.234.567,50` with U+2212.
    pub const CONTINENTAL: NumberFormat = NumberFormat {
        group_mark: '.',
        decimal_mark: ',',
        ..NumberFormat::WESTERN
    };

    /// `minor` units of a currency with `exponent` decimals, written out exactly.
    pub fn minor(&self, minor: i128, exponent: u8) -> String {
        let exponent = usize::from(exponent);
        let digits = format!("{:0>width$}", minor.unsigned_abs(), width = exponent + 1);
        let (whole, decimals) = digits.split_at(digits.len() - exponent);
        let mut text = String::with_capacity(digits.len() + 16);
        if minor < 0 {
            text.push(self.minus);
        }
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && self.group_before(whole.len() - i) {
                text.push(self.group_mark);
            }
            text.push(digit);
        }
        if exponent > 0 {
            text.push(self.decimal_mark);
            text.push_str(decimals);
        }
        text
    }

    /// Whether a group ends where `left` digits are still to be written.
    fn group_before(&self, left: usize) -> bool {
        match self.grouping {
            Grouping::None => false,
            Grouping::Western => left.is_multiple_of(3),
            Grouping::Indian => left == 3 || (left > 3 && left % 2 == 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grouping_and_minus() {
        for (minor, exponent, plain, western, indian) in [
            (0, 2, "0.00", "0.00", "0.00"),
            (5, 2, "0.05", "0.05", "0.05"),
            (-5, 3, "-0.005", "−0.005", "−0.005"),
            (123_450, 2, "1234.50", "1,234.50", "1,234.50"),
            (
                -1_234_567_891,
                2,
                "-12345678.91",
                "−12,345,678.91",
                "−1,23,45,678.91",
            ),
            (1_000, 0, "1000", "1,000", "1,000"),
            (100_000, 0, "100000", "100,000", "1,00,000"),
        ] {
            assert_eq!(NumberFormat::PLAIN.minor(minor, exponent), plain);
            assert_eq!(NumberFormat::WESTERN.minor(minor, exponent), western);
            assert_eq!(NumberFormat::INDIAN.minor(minor, exponent), indian);
        }
        assert_eq!(
            NumberFormat::PLAIN.minor(i128::from(i64::MIN), 2),
            "-92233720368547758.08"
        );
        assert_eq!(
            NumberFormat::CONTINENTAL.minor(123_456_789, 2),
            "1.234.567,89"
        );
    }
}
