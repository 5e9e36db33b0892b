//! Control totals (domain.md §2.6, 1): what a report is measured by, and what it says of itself.

use crate::cell::Cell;
use duebook_money::{Currency, NumberFormat};
use std::collections::BTreeMap;

/// A hash total is kept modulo this.
const HASH_MODULUS: u64 = 1_000_000_000;

/// Σ of the numeric parts of document numbers, mod 10⁹: it changes when a number is lost, doubled or
/// mistyped although count and sum agree. The numeric part is all ASCII digits of the number, read
/// as one number (`INV-2026/0042` counts as 20260042).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct HashTotal(u64);

impl HashTotal {
    /// Adds a document number; one without digits adds nothing.
    pub fn add(&mut self, number: &str) {
        let part = number
            .bytes()
            .filter(u8::is_ascii_digit)
            .fold(0, |n, digit| {
                (n * 10 + u64::from(digit - b'0')) % HASH_MODULUS
            });
        self.0 = (self.0 + part) % HASH_MODULUS;
    }

    /// The total, below 10⁹.
    pub fn value(self) -> u64 {
        self.0
    }
}

/// A figure two counts of the same thing can be compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// How many.
    Count(u64),
    /// A sum of minor units.
    Money {
        /// Minor units.
        minor: i128,
        /// Their currency.
        currency: Currency,
    },
    /// A hash total.
    Hash(u64),
}

impl Figure {
    pub(crate) fn cell(self) -> Cell<'static> {
        match self {
            Figure::Count(n) | Figure::Hash(n) => match i64::try_from(n) {
                Ok(n) => Cell::Int(n),
                Err(_) => Cell::text(n.to_string()),
            },
            Figure::Money { minor, currency } => Cell::sum(minor, currency.exponent()),
        }
    }

    /// This figure less another of its kind and currency; text, because it may be any size.
    pub(crate) fn less(self, other: Figure) -> Option<String> {
        match (self, other) {
            (Figure::Count(a), Figure::Count(b)) | (Figure::Hash(a), Figure::Hash(b)) => {
                Some((i128::from(a) - i128::from(b)).to_string())
            }
            (
                Figure::Money { minor: a, currency },
                Figure::Money {
                    minor: b,
                    currency: c,
                },
            ) if currency == c => a
                .checked_sub(b)
                .map(|d| NumberFormat::PLAIN.minor(d, currency.exponent())),
            _ => None,
        }
    }
}

/// One control: a figure of the report, and what it has to equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// What is counted: `Open items, EUR`.
    pub name: String,
    /// The report's own figure.
    pub actual: Figure,
    /// What it is held against and the figure there (`Control account`); `None` where it is only
    /// stated for the reader to compare.
    pub against: Option<(String, Figure)>,
}

impl Control {
    /// Whether it holds; `None` where nothing was compared.
    pub fn holds(&self) -> Option<bool> {
        self.against
            .as_ref()
            .map(|(_, figure)| *figure == self.actual)
    }
}

/// What a report may say of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every control that compared something held, and at least one did.
    Reconciled {
        /// How many were compared.
        controls: usize,
    },
    /// A control failed.
    Unreconciled {
        /// How many failed.
        failed: usize,
        /// How many were compared.
        controls: usize,
    },
    /// Nothing failed, but it may not be called reconciled (before take-on, nothing compared).
    NotJudged {
        /// Why, in the words the sheet shows.
        reason: String,
    },
}

impl Verdict {
    /// The verdict over some controls. `limitation` keeps a report from being called reconciled
    /// ("only items still open on 2026-01-01 are known") but never hides a failure.
    pub fn of(controls: &[Control], limitation: Option<&str>) -> Verdict {
        let compared = controls.iter().filter_map(Control::holds).count();
        let failed = controls.iter().filter(|c| c.holds() == Some(false)).count();
        if failed > 0 {
            Verdict::Unreconciled {
                failed,
                controls: compared,
            }
        } else if let Some(reason) = limitation {
            Verdict::NotJudged {
                reason: reason.to_owned(),
            }
        } else if compared == 0 {
            Verdict::NotJudged {
                reason: "nothing was compared".to_owned(),
            }
        } else {
            Verdict::Reconciled { controls: compared }
        }
    }

    /// What stands on the face of the report.
    pub fn face(&self) -> String {
        match self {
            Verdict::Reconciled { controls } => {
                format!("Reconciled: {controls} of {controls} controls hold")
            }
            Verdict::Unreconciled { failed, controls } => {
                format!("UNRECONCILED: {failed} of {controls} controls failed")
            }
            Verdict::NotJudged { reason } => format!("Not judged: {reason}"),
        }
    }
}

/// Count, sums and hash total of the records of a report, gathered in one pass.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ControlTotals {
    /// Records.
    pub count: u64,
    /// Minor units per currency.
    pub sums: BTreeMap<Currency, i128>,
    /// Over the document numbers.
    pub hash: HashTotal,
}

impl ControlTotals {
    /// Adds a record.
    pub fn add(&mut self, number: &str, minor: i64, currency: Currency) {
        self.count += 1;
        *self.sums.entry(currency).or_default() += i128::from(minor);
        self.hash.add(number);
    }

    /// As controls; `against` names another count of the same records, if there is one. A currency
    /// only one side knows is held against zero.
    pub fn controls(&self, against: Option<(&str, &ControlTotals)>) -> Vec<Control> {
        let with =
            |name: String, actual: Figure, other: &dyn Fn(&ControlTotals) -> Figure| Control {
                name,
                actual,
                against: against.map(|(what, totals)| (what.to_owned(), other(totals))),
            };
        let mut controls = vec![with(
            "Records".to_owned(),
            Figure::Count(self.count),
            &|t| Figure::Count(t.count),
        )];
        let mut currencies: Vec<Currency> = self.sums.keys().copied().collect();
        if let Some((_, totals)) = against {
            currencies.extend(totals.sums.keys().copied());
        }
        duebook_money::order::sort_by_key(&mut currencies, |c| c.code());
        currencies.dedup();
        for currency in currencies {
            let figure = |totals: &ControlTotals| Figure::Money {
                minor: totals.sums.get(&currency).copied().unwrap_or(0),
                currency,
            };
            controls.push(with(
                format!("Sum, {}", currency.code()),
                figure(self),
                &figure,
            ));
        }
        controls.push(with(
            "Hash total of document numbers".to_owned(),
            Figure::Hash(self.hash.value()),
            &|t| Figure::Hash(t.hash.value()),
        ));
        controls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_2_6_hash_total_is_modulo_and_ignores_letters() {
        let mut hash = HashTotal::default();
        for number in ["INV-2026/0042", "none", "999999999", "12345678901234567890"] {
            hash.add(number);
        }
        // 20260042 + 0 + 999999999 + 234567890, mod 10^9
        assert_eq!(
            hash.value(),
            (20_260_042 + 999_999_999 + 234_567_890) % 1_000_000_000
        );
    }

    #[test]
    fn section_2_6_one_failed_control_makes_it_unreconciled() {
        let mut ours = ControlTotals::default();
        ours.add("1", 100, Currency::EUR);
        ours.add("2", 50, Currency::JPY);
        let mut theirs = ControlTotals::default();
        theirs.add("1", 100, Currency::EUR);
        theirs.add("2", 50, Currency::JPY);
        let same = ours.controls(Some(("Subledger", &theirs)));
        assert_eq!(same.len(), 4);
        assert_eq!(
            Verdict::of(&same, None),
            Verdict::Reconciled { controls: 4 }
        );
        assert_eq!(
            Verdict::of(&same, Some("before take-on")),
            Verdict::NotJudged {
                reason: "before take-on".to_owned()
            }
        );
        theirs.add("", 1, Currency::USD);
        let differ = ours.controls(Some(("Subledger", &theirs)));
        let verdict = Verdict::of(&differ, Some("before take-on"));
        assert_eq!(
            verdict,
            Verdict::Unreconciled {
                failed: 2,
                controls: 5
            }
        );
        assert!(verdict.face().starts_with("UNRECONCILED"));
    }

    #[test]
    fn nothing_compared_is_not_reconciled() {
        let stated = ControlTotals::default().controls(None);
        assert!(matches!(
            Verdict::of(&stated, None),
            Verdict::NotJudged { .. }
        ));
    }
}
