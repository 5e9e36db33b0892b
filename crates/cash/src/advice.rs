//! Remittance advices that come apart from the money: which payment each is of.

use duebook_money::{Currency, Day};

use crate::receipt::{Receipt, RemittanceLine};

/// What a payer says a payment pays. Texts are empty where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Who pays.
    pub payer: String,
    /// Trace number, cheque or payment number: what the bank will show.
    pub reference: String,
    /// Currency.
    pub currency: Currency,
    /// What is paid in all, minor units; the sum of the lines where it is not said.
    pub amount: Option<i64>,
    /// Day of the payment.
    pub day: Option<Day>,
    /// What it pays.
    pub lines: Vec<RemittanceLine>,
}

/// Days between the advice and the money.
const DAYS: i32 = 21;
/// Letters and digits that a reference needs to be looked for in a text.
const LEAST: usize = 4;

impl Advice {
    /// What is paid in all, as said or as the lines sum to.
    pub fn total(&self) -> Option<i64> {
        self.amount.or_else(|| {
            let paid = self.lines.iter().map(|l| l.paid);
            let sum = paid.sum::<Option<i64>>()?;
            (!self.lines.is_empty()).then_some(sum)
        })
    }
    /// Whether the money may be what it tells of.
    fn fits(&self, receipt: &Receipt) -> bool {
        let near =
            |day: Day| (i64::from(receipt.value_date.0) - i64::from(day.0)).abs() <= DAYS.into();
        self.currency == receipt.currency
            && self.total() == Some(receipt.amount)
            && self.day.is_none_or(near)
    }
    /// Whether the bank shows its reference.
    fn is_named_in(&self, receipt: &Receipt) -> bool {
        let wanted = plain(&self.reference);
        if wanted.len() < LEAST {
            return false;
        }
        let own = [&receipt.bank_id, &receipt.text].into_iter();
        own.chain(&receipt.references)
            .any(|t| plain(t).contains(&wanted))
    }
    fn is_by(&self, receipt: &Receipt) -> bool {
        let payer = plain(&self.payer);
        !payer.is_empty() && payer == plain(&receipt.payer_name)
    }
}

fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_uppercase).collect()
}

/// Finds the payment of each advice and tells it what it pays. An advice belongs to the one payment
/// of its amount that shows its reference; else to the one of its payer; else to the only one, where
/// no other advice wants it. Where several fit, none is taken. Answers, per receipt, its advice.
pub fn attach(receipts: &mut [Receipt], advices: &[Advice]) -> Vec<Option<usize>> {
    let mut of: Vec<Option<usize>> = vec![None; receipts.len()];
    let mut used = vec![false; advices.len()];
    type Test = fn(&Advice, &Receipt) -> bool;
    let tests: [Test; 3] = [Advice::is_named_in, Advice::is_by, |_, _| true];
    for test in tests {
        let wanted =
            |a: usize, r: usize| advices[a].fits(&receipts[r]) && test(&advices[a], &receipts[r]);
        let mut pairs = Vec::new();
        for a in (0..advices.len()).filter(|a| !used[*a]) {
            let mut fits = (0..receipts.len()).filter(|r| of[*r].is_none() && wanted(a, *r));
            if let (Some(r), None) = (fits.next(), fits.next()) {
                pairs.push((a, r));
            }
        }
        for (a, r) in &pairs {
            let rivals = pairs.iter().filter(|(_, other)| other == r).count();
            if rivals == 1 {
                of[*r] = Some(*a);
                used[*a] = true;
            }
        }
    }
    for (receipt, advice) in receipts.iter_mut().zip(&of) {
        if let Some(advice) = advice.and_then(|a| advices.get(a)) {
            // What the bank brought itself stays beside the money.
            if receipt.lines.is_empty() {
                receipt.lines.clone_from(&advice.lines);
            }
            if receipt.payer_name.is_empty() {
                receipt.payer_name.clone_from(&advice.payer);
            }
        }
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;

    const EUR: Currency = Currency::EUR;

    fn advice(payer: &str, reference: &str, amount: i64, number: &str) -> Advice {
        Advice {
            payer: payer.to_owned(),
            reference: reference.to_owned(),
            currency: EUR,
            amount: Some(amount),
            day: Some(Day(20_000)),
            lines: vec![RemittanceLine {
                reference: number.to_owned(),
                gross: None,
                discount: 0,
                adjustment: 0,
                paid: Some(amount),
                note: String::new(),
            }],
        }
    }

    fn paid(payer: &str, text: &str, amount: i64) -> Receipt {
        Receipt {
            payer_name: payer.to_owned(),
            text: text.to_owned(),
            ..Receipt::of(amount, EUR, Day(20_003))
        }
    }

    #[test]
    fn an_advice_goes_to_the_payment_that_shows_its_reference_then_to_its_payer() {
        let mut money = [
            paid("ACME", "", 500),
            paid("", "TRN 00-771", 500),
            paid("BOR", "", 700),
        ];
        let told = [
            advice("", "TRN00771", 500, "A"),
            advice("Acme", "", 500, "B"),
            advice("", "", 700, "C"),
        ];
        assert_eq!(attach(&mut money, &told), [Some(1), Some(0), Some(2)]);
        let first = |n: usize| money[n].lines[0].reference.as_str();
        assert_eq!([first(0), first(1), first(2)], ["B", "A", "C"]);
    }

    #[test]
    fn where_several_fit_none_is_taken() {
        let mut money = [paid("X", "", 500), paid("Y", "", 500)];
        assert_eq!(
            attach(&mut money, &[advice("", "", 500, "A")]),
            [None, None]
        );
        let told = [advice("", "", 500, "A"), advice("", "", 500, "B")];
        assert_eq!(attach(&mut money[..1], &told), [None]);
        let late = [Advice {
            day: Some(Day(19_000)),
            ..advice("X", "", 500, "A")
        }];
        assert_eq!(attach(&mut money, &late), [None, None]);
    }

    #[test]
    fn the_sum_of_the_lines_is_the_amount_where_none_is_said() {
        let mut told = advice("X", "", 500, "A");
        told.amount = None;
        assert_eq!(told.total(), Some(500));
        told.lines[0].paid = None;
        assert_eq!(told.total(), None);
        told.lines.clear();
        assert_eq!(told.total(), None);
    }
}
