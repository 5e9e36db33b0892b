//! From what the file says to both sides: currency by currency, turned to our sign, as of the day.

use super::Side;
use crate::jobs::{TheirAsk, TheirWire};
use crate::words;
use crate::workspace::{beside, their_lines};
use duebook_cash::theirs::{TwoSides, accounts, is_turned, open_lines};
use duebook_exchange::read::{TheirLedger, TheirRowKind};
use duebook_insight::reports::TheirTold;
use duebook_ledger::{Book, CustomerId};
use duebook_money::amount::Amount;
use duebook_money::{Currency, Day};
use leptos::prelude::*;

/// A comparison.
#[derive(Clone, PartialEq)]
pub struct Made {
    pub customer: CustomerId,
    pub on: Day,
    /// With the accounts whose parent the customer is.
    family: bool,
    /// Its first day, where it is an account.
    from: Option<i32>,
    file: String,
    /// Their lines, for a file of the same.
    lines: Vec<TheirWire>,
    pub found: TwoSides,
    /// What the register has of it, and what that makes of the two balances.
    pub told: TheirTold,
    /// What they state by the file, by currency.
    pub stated: Vec<(Currency, i64)>,
    /// Their signs were turned to ours.
    pub turned: bool,
    /// Lines of a currency nobody knows, or of more decimals than it has: in no figure.
    pub odd: Vec<u32>,
}

impl Made {
    /// What a file of it is made of.
    pub fn ask(&self, stated: &[(Currency, i64)]) -> TheirAsk {
        TheirAsk {
            customer: self.customer.0,
            family: self.family,
            from: self.from,
            file: self.file.clone(),
            lines: self.lines.clone(),
            stated: stated.iter().map(|(c, m)| (c.numeric(), *m)).collect(),
        }
    }
}

/// The currency of lines that name none: that of the account, else of the book.
fn own_currency(book: &Book, accounts: &[CustomerId]) -> Currency {
    let items = accounts.iter().flat_map(|id| book.items_of(*id));
    let mut all = items.map(|i| i.currency());
    let first = all.next();
    let one = first.filter(|first| all.all(|c| c == *first));
    one.unwrap_or_else(|| book.policies().rates.reporting())
}

struct Minor {
    own: Currency,
    turned: bool,
}

impl Minor {
    fn of(&self, code: &str, amount: &Amount) -> Option<(Currency, i64)> {
        let currency = match code.trim() {
            "" => self.own,
            code => Currency::from_code(&code.to_uppercase())?,
        };
        let minor = amount.minor(currency.exponent()).ok()?;
        let turned = |m: i64| if self.turned { m.saturating_neg() } else { m };
        Some((currency, turned(minor)))
    }
    /// Their lines for the worker, and the lines that are in none.
    fn lines(&self, read: &TheirLedger) -> (Vec<TheirWire>, Vec<u32>) {
        let mut odd = Vec::new();
        let mut lines = Vec::with_capacity(read.rows.len());
        for row in &read.rows {
            let Some((currency, minor)) = self.of(&row.currency, &row.amount) else {
                odd.push(row.line);
                continue;
            };
            let kind = match row.kind {
                TheirRowKind::Unknown => 0,
                TheirRowKind::Document => 1,
                TheirRowKind::Payment => 2,
                TheirRowKind::Opening => 3,
            };
            let day = |d: Option<Day>| d.map(|d| d.0);
            lines.push((
                row.line,
                kind,
                row.number.clone(),
                row.own.clone(),
                row.text.clone(),
                day(row.date),
                day(row.due),
                currency.numeric(),
                minor,
            ));
        }
        (lines, odd)
    }
}

/// What they state, with what was typed of their balance in a currency, which says more than the file.
pub fn with_typed(
    mut stated: Vec<(Currency, i64)>,
    typed: &str,
    currency: Currency,
) -> Vec<(Currency, i64)> {
    if let Some(minor) = words::typed(typed, currency) {
        stated.retain(|(c, _)| *c != currency);
        stated.push((currency, minor));
    }
    stated
}

/// The comparison, where customer, day and file allow one.
pub fn make(side: Side) -> Option<Made> {
    let ws = side.page.ws;
    let (customer, on) = (side.of.get()?, side.day()?);
    let read = side.read.get()?;
    if !read.questions.is_empty() {
        return None;
    }
    let (kind, sign) = (side.kind.get(), side.sign.get());
    let file = side.file.get();
    let family = side.family.get();
    ws.read(|book| {
        let accounts = accounts(book, customer, family);
        let mut minor = Minor {
            own: own_currency(book, &accounts),
            turned: false,
        };
        let (lines, _) = minor.lines(&read);
        minor.turned = match sign.as_str() {
            "plus" => false,
            "minus" => true,
            _ => is_turned(&open_lines(book, &accounts, on), &their_lines(&lines)),
        };
        let (lines, odd) = minor.lines(&read);
        let account = match kind.as_str() {
            "open" => false,
            "account" => true,
            _ => read.is_account,
        };
        let first = lines.iter().filter_map(|l| l.5).min();
        let from = account.then(|| first.unwrap_or(on.month_start().0).min(on.0));
        let totals = read.totals.iter();
        let totals = totals.filter_map(|t| minor.of(&t.currency, &t.amount));
        let mut stated: Vec<(Currency, i64)> = Vec::new();
        // The last total of a currency is the one of all.
        for (currency, minor) in totals {
            stated.retain(|(c, _)| *c != currency);
            stated.push((currency, minor));
        }
        let found = beside(book, customer, family, from, &lines, on);
        let told = TheirTold::of(book, customer, &found);
        Some(Made {
            customer,
            on,
            family,
            from,
            file,
            lines,
            found,
            told,
            stated,
            turned: minor.turned,
            odd,
        })
    })
}
