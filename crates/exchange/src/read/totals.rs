//! Control totals: ours, and the file's own.

use duebook_money::Currency;
use serde::{Deserialize, Serialize};

/// Sums over the staged rows of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrencyTotal {
    /// The currency.
    pub currency: Currency,
    /// Rows.
    pub rows: u64,
    /// Sum of original amounts, minor units.
    pub amount: i128,
    /// Sum of open amounts, minor units.
    pub open: i128,
}

/// Our control totals, in order of first appearance of the currencies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Per currency.
    pub currencies: Vec<CurrencyTotal>,
    /// Sum of the digits of each document number read as one number, modulo 10^9.
    pub hash: u64,
    last: usize,
}

const HASH_MODULUS: u64 = 1_000_000_000;

impl Totals {
    #[inline]
    pub(crate) fn add(&mut self, currency: u16, amount: i64, open: i64) {
        let hit = self
            .currencies
            .get(self.last)
            .is_some_and(|t| t.currency.numeric() == currency);
        if !hit {
            self.find(currency);
        }
        if let Some(t) = self.currencies.get_mut(self.last) {
            t.rows += 1;
            t.amount += i128::from(amount);
            t.open += i128::from(open);
        }
    }
    fn find(&mut self, currency: u16) {
        match self
            .currencies
            .iter()
            .position(|t| t.currency.numeric() == currency)
        {
            Some(at) => self.last = at,
            None => {
                if let Some(currency) = Currency::from_numeric(currency) {
                    self.last = self.currencies.len();
                    self.currencies.push(CurrencyTotal {
                        currency,
                        rows: 0,
                        amount: 0,
                        open: 0,
                    });
                }
            }
        }
    }
    #[inline]
    pub(crate) fn add_number(&mut self, number: &str) {
        let mut value = 0u64;
        for b in number.bytes() {
            let digit = b.wrapping_sub(b'0');
            if digit < 10 {
                // Nine digits are kept; the division is rare.
                value = value * 10 + u64::from(digit);
                if value >= HASH_MODULUS {
                    value %= HASH_MODULUS;
                }
            }
        }
        self.hash = (self.hash + value) % HASH_MODULUS;
    }
    /// What has been added since `earlier`.
    pub(crate) fn since(&self, earlier: &Totals) -> Vec<CurrencyTotal> {
        let before = |c: Currency| earlier.currencies.iter().find(|t| t.currency == c);
        let added = self.currencies.iter().map(|t| match before(t.currency) {
            Some(b) => CurrencyTotal {
                rows: t.rows - b.rows,
                amount: t.amount - b.amount,
                open: t.open - b.open,
                ..*t
            },
            None => *t,
        });
        added.filter(|t| t.rows > 0).collect()
    }
}

/// A total that the file itself states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTotal {
    /// Its line.
    pub line: u32,
    /// What it is called there.
    pub label: String,
    /// ISO code, where known.
    pub currency: Option<String>,
    /// The amount it states, minor units: of the open column, or of the amount.
    pub stated: i64,
    /// What our rows come to.
    pub ours: Option<String>,
    /// How it compares.
    pub agrees: Agreement,
}

/// How a file's total compares with its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// With the rows since the total before it.
    Section,
    /// With all rows so far.
    Grand,
    /// With neither.
    Differs,
    /// Not comparable: several currencies.
    Unknown,
}
