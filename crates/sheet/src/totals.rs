//! Totals of the columns, gathered while the rows stream by.

use crate::cell::Cell;
use crate::sheet::{Column, Kind, Total, Unit};
use duebook_money::NumberFormat;
use std::collections::BTreeMap;

/// An exact decimal sum: `mantissa / 10^exponent`. It remembers an overflow rather than wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Exact {
    mantissa: i128,
    exponent: u8,
    overflow: bool,
}

impl Exact {
    /// `mantissa / 10^exponent`.
    pub const fn new(mantissa: i128, exponent: u8) -> Exact {
        Exact {
            mantissa,
            exponent,
            overflow: false,
        }
    }

    /// Adds, at the larger of the two exponents.
    pub fn add(&mut self, other: Exact) {
        let exponent = self.exponent.max(other.exponent);
        let sum = self
            .at(exponent)
            .zip(other.at(exponent))
            .and_then(|(a, b)| a.checked_add(b));
        self.exponent = exponent;
        match sum {
            Some(sum) => self.mantissa = sum,
            None => self.overflow = true,
        }
        self.overflow |= other.overflow;
    }

    fn at(self, exponent: u8) -> Option<i128> {
        if self.exponent == exponent {
            return Some(self.mantissa);
        }
        let scale = 10i128.checked_pow(u32::from(exponent - self.exponent))?;
        self.mantissa.checked_mul(scale)
    }

    /// Mantissa and exponent; `None` once a sum did not fit 128 bits.
    pub fn parts(self) -> Option<(i128, u8)> {
        (!self.overflow).then_some((self.mantissa, self.exponent))
    }

    /// Written out exactly, without digit groups; `None` after an overflow.
    pub fn plain(self, decimal_mark: char) -> Option<String> {
        let (mantissa, exponent) = self.parts()?;
        let format = NumberFormat {
            decimal_mark,
            ..NumberFormat::PLAIN
        };
        Some(format.minor(mantissa, exponent))
    }
}

/// The total of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sum {
    /// No sum: blank, or the text the column names.
    None,
    /// One sum.
    One(Exact),
    /// One sum per currency code; the empty code is rows without one. Amounts of different
    /// currencies are never added up.
    PerCurrency(BTreeMap<String, Exact>),
}

/// The totals of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// In the order of the columns.
    pub sums: Vec<Sum>,
    /// For a money column of rows in several currencies, the column that holds the code.
    currency_columns: Vec<Option<usize>>,
}

impl Totals {
    /// Empty totals for these columns.
    pub fn new(columns: &[Column]) -> Totals {
        let currency_columns: Vec<Option<usize>> = columns
            .iter()
            .map(|column| match column.kind {
                Kind::Money(Unit::PerRow { currency_column }) => Some(currency_column),
                _ => None,
            })
            .collect();
        let sums = columns
            .iter()
            .map(|column| match (&column.total, column.kind) {
                (Total::Sum, Kind::Money(Unit::PerRow { .. })) => Sum::PerCurrency(BTreeMap::new()),
                (Total::Sum, Kind::Money(Unit::Of(currency))) => {
                    Sum::One(Exact::new(0, currency.exponent()))
                }
                (Total::Sum, _) => Sum::One(Exact::default()),
                _ => Sum::None,
            })
            .collect();
        Totals {
            sums,
            currency_columns,
        }
    }

    /// Adds a row. Cells that are no numbers (a text in a money column) add nothing.
    pub fn add(&mut self, row: &[Cell<'_>]) {
        for (column, sum) in self.sums.iter_mut().enumerate() {
            match sum {
                Sum::None => {}
                Sum::One(total) => {
                    if let Some(value) = row.get(column).and_then(exact) {
                        total.add(value);
                    }
                }
                Sum::PerCurrency(totals) => {
                    let Some(value) = row.get(column).and_then(exact) else {
                        continue;
                    };
                    let code = match self.currency_columns[column].and_then(|c| row.get(c)) {
                        Some(Cell::Text(code)) => code.as_ref(),
                        _ => "",
                    };
                    // Looked up before it is copied: the code is new only a few times in a file.
                    match totals.get_mut(code) {
                        Some(total) => total.add(value),
                        None => {
                            totals.insert(code.to_owned(), value);
                        }
                    }
                }
            }
        }
    }

    /// Adds the totals of other rows of the same columns.
    pub fn merge(&mut self, other: &Totals) {
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            match (sum, more) {
                (Sum::One(sum), Sum::One(more)) => sum.add(*more),
                (Sum::PerCurrency(sums), Sum::PerCurrency(more)) => {
                    for (code, more) in more {
                        sums.entry(code.clone()).or_default().add(*more);
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether any column is summed.
    pub fn any(&self) -> bool {
        self.sums.iter().any(|sum| *sum != Sum::None)
    }

    /// Whether any column has one sum for all rows.
    pub fn any_single(&self) -> bool {
        self.sums.iter().any(|sum| matches!(sum, Sum::One(_)))
    }

    /// The currency codes of the sums per currency, in order.
    pub fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = self
            .sums
            .iter()
            .filter_map(|sum| match sum {
                Sum::PerCurrency(totals) => Some(totals.keys().cloned()),
                _ => None,
            })
            .flatten()
            .collect();
        duebook_money::order::sort(&mut codes);
        codes.dedup();
        codes
    }

    /// The columns that hold the currency codes of summed columns.
    pub fn code_columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = self
            .sums
            .iter()
            .zip(&self.currency_columns)
            .filter(|(sum, _)| matches!(sum, Sum::PerCurrency(_)))
            .filter_map(|(_, column)| *column)
            .collect();
        duebook_money::order::sort(&mut columns);
        columns.dedup();
        columns
    }

    /// The column with the codes of `column`'s rows.
    pub fn code_column(&self, column: usize) -> Option<usize> {
        self.currency_columns.get(column).copied().flatten()
    }
}

fn exact(cell: &Cell<'_>) -> Option<Exact> {
    match cell {
        Cell::Int(n) => Some(Exact::new(i128::from(*n), 0)),
        Cell::Money { minor, exponent } => Some(Exact::new(i128::from(*minor), *exponent)),
        Cell::Number(number) => Some(Exact::new(
            number.mantissa(),
            u8::try_from(number.scale()).unwrap_or(u8::MAX),
        )),
        Cell::Empty | Cell::Text(_) | Cell::Date(_) | Cell::DateTime { .. } | Cell::Flag(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use duebook_money::Currency;

    #[test]
    fn different_exponents_add_exactly() {
        let mut sum = Exact::new(1, 0);
        sum.add(Exact::new(-5, 3));
        assert_eq!(sum.plain('.').as_deref(), Some("0.995"));
        sum.add(Exact::new(i128::MAX, 0));
        assert_eq!(sum.plain('.'), None, "an overflow is said, never wrapped");
    }

    #[test]
    fn currencies_are_never_mixed() {
        let columns = [
            Column::new("Ccy", Kind::Text),
            Column::new("Open", Kind::Money(Unit::PerRow { currency_column: 0 })).sum(),
            Column::new("Base", Kind::Money(Unit::Of(Currency::EUR))).sum(),
        ];
        let mut totals = Totals::new(&columns);
        for (code, minor, exponent) in [("JPY", 500, 0), ("EUR", 250, 2), ("JPY", -100, 0)] {
            let mut part = Totals::new(&columns);
            part.add(&[
                Cell::text(code),
                Cell::Money { minor, exponent },
                Cell::Money {
                    minor: 1,
                    exponent: 2,
                },
            ]);
            totals.merge(&part);
        }
        assert_eq!(totals.codes(), ["EUR", "JPY"]);
        assert_eq!(totals.code_columns(), [0]);
        let Sum::PerCurrency(open) = &totals.sums[1] else {
            panic!("one sum per currency");
        };
        assert_eq!(open["JPY"].plain('.').as_deref(), Some("400"));
        assert_eq!(open["EUR"].plain('.').as_deref(), Some("2.50"));
        assert_eq!(totals.sums[2], Sum::One(Exact::new(3, 2)));
    }
}
