//! Every customer with what a list of them is ordered by, kept up to date from the deltas of
//! commits.

use crate::balances::{Balance, Balances};
use crate::today::last_contact;
use duebook_ledger::{Book, CustomerId, OpenScan};
use duebook_money::{Day, Money};

/// One customer, in the reporting currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub customer: CustomerId,
    /// Working balance; `None` where a rate is missing (AG-08).
    pub total: Option<i128>,
    /// Past due; `None` where a rate is missing.
    pub past_due: Option<i128>,
    /// Of the open debits: under an open promise; `None` where a rate is missing.
    pub promised: Option<i128>,
    /// Days past due of the oldest item, negative while nothing is due.
    pub oldest: Option<i32>,
    /// The ledger's date on which the last contact was recorded.
    pub last: Option<Day>,
}

impl Line {
    /// Whether an amount of it has no rate.
    pub fn is_unrated(&self) -> bool {
        [self.total, self.past_due, self.promised].contains(&None)
    }
}

/// The customers known now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    /// By id; `None` where every commit that named it is undone.
    lines: Vec<Option<Line>>,
    known: usize,
    unrated: usize,
}

impl Roster {
    /// Looks at one customer again, or for the first time.
    pub(crate) fn look(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        balances: &Balances,
        customer: CustomerId,
    ) {
        let at = customer.index();
        if at >= self.lines.len() {
            self.lines.resize(at + 1, None);
        }
        let line = line(book, scan, balances, customer);
        let before = std::mem::replace(&mut self.lines[at], line);
        for (of, sign) in [(before, -1isize), (line, 1)] {
            if let Some(of) = of {
                self.known = self.known.saturating_add_signed(sign);
                if of.is_unrated() {
                    self.unrated = self.unrated.saturating_add_signed(sign);
                }
            }
        }
    }
    /// A customer's line.
    pub fn line(&self, customer: CustomerId) -> Option<&Line> {
        self.lines.get(customer.index())?.as_ref()
    }
    /// All of them, by id.
    pub fn lines(&self) -> impl Iterator<Item = &Line> + '_ {
        self.lines.iter().flatten()
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.known
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.known == 0
    }
    /// How many have an amount without a rate.
    pub fn unrated(&self) -> usize {
        self.unrated
    }
}

fn line(
    book: &Book,
    scan: &OpenScan<'_>,
    balances: &Balances,
    customer: CustomerId,
) -> Option<Line> {
    book.customer_facts(customer)?;
    let rates = &book.policies().rates;
    let of = balances.of(customer);
    let sum = |figure: fn(&Balance) -> i64| {
        of.iter()
            .filter(|b| figure(b) != 0)
            .try_fold(0i128, |sum, b| {
                let money = Money::new(figure(b), b.currency);
                let converted = rates.convert(money, rates.reporting(), balances.as_of());
                Some(sum + i128::from(converted.ok()?.minor))
            })
    };
    Some(Line {
        customer,
        total: sum(|b| b.working),
        past_due: sum(|b| b.past_due),
        promised: sum(|b| b.promised),
        oldest: of.iter().filter_map(|b| b.oldest_days).max(),
        last: last_contact(book, scan, customer).map(|l| l.on),
    })
}
