//! Who has which accounts, how many of them were touched, and which were not.

use crate::balances::{Balance, Balances};
use crate::promises::{PromiseState, judge_customer};
use crate::today::last_contact;
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use duebook_money::{Currency, Day, Money};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// An agent's accounts in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentLine {
    /// Who; empty: nobody is assigned.
    pub agent: String,
    /// Currency.
    pub currency: Currency,
    /// Accounts with something open.
    pub accounts: u32,
    /// Past due, minor units.
    pub past_due: i128,
    /// Accounts with something past due.
    pub overdue: u32,
    /// Of which touched in the days asked for.
    pub touched: u32,
    /// Past due of those that were not, minor units.
    pub untouched: i128,
    /// Promises that are broken and still owed.
    pub broken: u32,
    /// Follow-ups past their day.
    pub carried: u32,
}

/// Coverage of a desk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// By agent, then currency code; nobody's last.
    pub lines: Vec<AgentLine>,
}

/// How well each agent's accounts are covered: touched means a contact in the last `days` days,
/// today included. `known` names the customers' agents at the source where nobody is assigned.
pub fn coverage(book: &Book, balances: &Balances, today: Day, days: i32) -> Coverage {
    let scan = OpenScan::new(book, View::on(today));
    let mut lines: BTreeMap<(bool, String, &'static str), AgentLine> = BTreeMap::new();
    for (customer, all) in balances.iter() {
        let agent = agent_of(book, customer);
        let touched = is_touched(book, &scan, customer, today, days);
        let (mut broken, mut carried) = (0, 0);
        if all.iter().any(|b| b.items > 0) {
            broken = broken_of(book, &scan, customer);
            carried = carried_of(book, &scan, customer, today);
        }
        // Counted once, with the largest balance of the account.
        let main = all.iter().max_by_key(|b| (b.past_due, b.currency.code()));
        let main = main.map(|b| b.currency);
        for balance in all.iter().filter(|b| b.items > 0) {
            let key = (agent.is_empty(), agent.clone(), balance.currency.code());
            let line = lines.entry(key).or_insert_with(|| AgentLine {
                agent: agent.clone(),
                currency: balance.currency,
                accounts: 0,
                past_due: 0,
                overdue: 0,
                touched: 0,
                untouched: 0,
                broken: 0,
                carried: 0,
            });
            line.add(balance, touched);
            if main == Some(balance.currency) {
                line.broken += broken;
                line.carried += carried;
            }
        }
    }
    Coverage {
        lines: lines.into_values().collect(),
    }
}

impl AgentLine {
    fn add(&mut self, balance: &Balance, touched: bool) {
        self.accounts += 1;
        if balance.past_due > 0 {
            self.overdue += 1;
            self.past_due += i128::from(balance.past_due);
            match touched {
                true => self.touched += 1,
                false => self.untouched += i128::from(balance.past_due),
            }
        }
    }
}

/// Who works an account: whoever is assigned, else the collector the source names.
pub fn agent_of(book: &Book, customer: CustomerId) -> String {
    match book.desk().assignment(customer, &|s| book.is_live(s)) {
        Some((_, assignment)) => assignment.collector.clone(),
        None => book
            .customer_facts(customer)
            .and_then(|f| f.collector.clone())
            .unwrap_or_default(),
    }
}

/// A balance that nobody touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotTouched {
    /// Whose.
    pub customer: CustomerId,
    /// Currency of the balance.
    pub currency: Currency,
    /// Past due, minor units of it.
    pub past_due: i64,
    /// What that is in the reporting currency, minor units; `None` where a rate is missing (AG-08).
    pub worth: Option<i64>,
}

/// Balances past due of accounts that nobody touched in the last `days` days, the most worth in the
/// reporting currency first; those without a rate last, by currency and amount.
pub fn not_touched(book: &Book, balances: &Balances, today: Day, days: i32) -> Vec<NotTouched> {
    let scan = OpenScan::new(book, View::on(today));
    let rates = &book.policies().rates;
    let worth = |money: Money| {
        let converted = rates.convert(money, rates.reporting(), today);
        converted.ok().map(|m| m.minor)
    };
    let mut out = Vec::new();
    for (customer, all) in balances.iter() {
        let owes = all.iter().filter(|b| b.past_due > 0);
        let owed: Vec<_> = owes
            .map(|b| NotTouched {
                customer,
                currency: b.currency,
                past_due: b.past_due,
                worth: worth(Money::new(b.past_due, b.currency)),
            })
            .collect();
        if !owed.is_empty() && !is_touched(book, &scan, customer, today, days) {
            out.extend(owed);
        }
    }
    let order = |n: &NotTouched| {
        let last = Reverse(n.worth);
        (last, n.currency.code(), Reverse(n.past_due), n.customer)
    };
    duebook_money::order::sort_by_key(&mut out, order);
    out
}

fn is_touched(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    today: Day,
    days: i32,
) -> bool {
    last_contact(book, scan, customer).is_some_and(|c| today.since(c.on) < days)
}

fn broken_of(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> u32 {
    let promised = book
        .customer(customer)
        .is_some_and(|c| !c.promises.is_empty());
    if !promised {
        return 0;
    }
    let judged = judge_customer(book, scan, customer);
    let broken = |state| matches!(state, PromiseState::Broken | PromiseState::Partial);
    let owed = judged
        .iter()
        .filter(|j| broken(j.state) && j.promised > j.paid + j.paid_late);
    owed.count() as u32
}

fn carried_of(book: &Book, scan: &OpenScan<'_>, customer: CustomerId, today: Day) -> u32 {
    let open = crate::worklist::open_follow_ups(book, scan, customer);
    open.iter().filter(|(_, f)| f.due < today).count() as u32
}
