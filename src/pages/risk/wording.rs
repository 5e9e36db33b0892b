//! Risk in words.

use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::risk::{Class, CustomerRisk, Factor, Fit, Flag, History, Portfolio, score};
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use duebook_money::{Currency, Day};

/// A customer's name.
pub fn name(book: &Book, id: CustomerId) -> String {
    let facts = book.customer_facts(id);
    facts.map_or(String::new(), |f| f.name.clone())
}

/// Per mille as a percentage: 117 is "11.7 %".
pub fn percent(per_mille: u32) -> String {
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

/// "3 of 40 customers in class D; estimate from 212 invoices".
pub fn headline(risks: &[CustomerRisk], fit: &Fit) -> String {
    let worst = risks.iter().filter(|r| r.class == Class::D).count();
    let high = risks.iter().filter(|r| r.class == Class::C).count();
    let rests = match fit {
        Fit::Own(q) => format!(
            "estimate from {} settled invoices",
            words::count(q.fitted + q.tried)
        ),
        Fit::TooFew(n) => format!(
            "{} settled: rules only",
            plural(*n, "invoice", "invoices", Default::default())
        ),
    };
    format!(
        "{worst} in class D, {high} in class C of {}; {rests}",
        plural(risks.len(), "customer", "customers", Default::default())
    )
}

/// A class.
pub fn class(class: Class) -> (Tone, &'static str) {
    match class {
        Class::A => (Tone::Good, "A"),
        Class::B => (Tone::Muted, "B"),
        Class::C => (Tone::Warn, "C"),
        Class::D => (Tone::Danger, "D"),
    }
}

/// A term of the score.
pub fn factor(factor: Factor) -> String {
    let n = |n: u32, one: &'static str, many: &'static str| {
        plural(n as usize, one, many, Default::default())
    };
    match factor {
        Factor::Late(p) => format!("{} chance to pay late", percent(u32::from(p))),
        Factor::Oldest(d) => format!("oldest {d} days past due"),
        Factor::Broken(b) => format!("{} broken in a year", n(b, "promise", "promises")),
        Factor::Limit(p) => format!("{} of the credit limit used", percent(p)),
        Factor::Trend(d) => format!("pays {d} days later than before"),
        Factor::Bounced(b) => format!("{} returned in a year", n(b, "payment", "payments")),
        Factor::PlanBroken => "a plan in default".to_owned(),
        Factor::Stop => "insolvency or a lawyer was named".to_owned(),
    }
}

/// An early-warning flag.
pub fn flag(flag: Flag, currency: Currency) -> String {
    match flag {
        Flag::Slower(d) => format!("Pays {d} days later than before: ask what changed."),
        Flag::RoundSums(n) => {
            format!("{n} payments in round sums left invoices open: cash may be short.")
        }
        Flag::Returned(n) => format!(
            "{} returned by the bank within a year.",
            plural(
                n as usize,
                "payment was",
                "payments were",
                Default::default()
            )
        ),
        Flag::PeopleChanged(n) => format!("{n} contact people left within half a year."),
        Flag::DisputedWhenChased(n) => {
            format!("{n} disputes were raised in calls within half a year.")
        }
        Flag::OverLimit(a) => format!(
            "{} over the credit limit with debts past due.",
            words::money(a, currency)
        ),
        Flag::FewerOrders(p) => format!(
            "Billed {} of the ninety days before: orders fell.",
            percent(p)
        ),
    }
}

/// The points one and three months before, as the facts known now say it.
pub fn before(book: &Book, today: Day, customer: CustomerId) -> String {
    let at = |days: i32| {
        let view = View::on(today.plus(-days));
        let portfolio = Portfolio::new(History::default());
        let scan = OpenScan::new(book, view);
        score(book, &scan, &portfolio, customer).points
    };
    format!(
        "By rules alone it had {} points a month ago and {} three months ago.",
        at(30),
        at(91)
    )
}
