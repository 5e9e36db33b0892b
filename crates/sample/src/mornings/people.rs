//! The customers of the mornings.

use super::{Plan, Shape};
use crate::customers::{COLLECTORS, name_at};
use crate::places::{EUR, GBP, INR, JPY, PLACES, Place, USD, currency};
use crate::rng::Rng;
use duebook_money::Currency;

/// A customer of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debtor {
    /// The source's number.
    pub number: String,
    /// Name.
    pub name: String,
    /// ISO country.
    pub country: &'static str,
    /// The company it owes, as the source writes it.
    pub entity: &'static str,
    /// The currency it is billed in.
    pub currency: Currency,
    /// Terms as the source writes them.
    pub terms: &'static str,
    /// Days of credit they mean.
    pub terms_days: i32,
    /// Its collector.
    pub collector: &'static str,
    /// Whether it still exists; a merged one does not.
    pub active: bool,
}

/// Currencies in turn, so that every one has some of the story.
const CURRENCIES: [u16; 5] = [USD, EUR, GBP, INR, JPY];

/// The companies: the one that bills dollars, rupees and yen, and the one that bills euros and pounds.
pub(crate) fn entities(shape: Shape) -> [&'static str; 2] {
    match shape {
        Shape::Sap => ["1000", "2000"],
        Shape::Oracle => ["Harbourline US", "Harbourline EU"],
        Shape::NetSuite => ["Harbourline Inc.", "Harbourline Europe"],
    }
}

/// The company whose file comes by mistake.
pub(crate) fn stranger(shape: Shape) -> &'static str {
    match shape {
        Shape::Sap => "7300",
        Shape::Oracle => "Tidewater APAC",
        Shape::NetSuite => "Tidewater Pty",
    }
}

/// Terms by days, in each system's words.
fn terms(shape: Shape, days: i32) -> &'static str {
    let words = match days {
        14 => ["ZB14", "NET 14", "Net 14"],
        45 => ["ZB45", "NET 45", "Net 45"],
        60 => ["ZB60", "NET 60", "Net 60"],
        _ => ["ZB30", "NET 30", "Net 30"],
    };
    match shape {
        Shape::Sap => words[0],
        Shape::Oracle => words[1],
        Shape::NetSuite => words[2],
    }
}

fn number(shape: Shape, at: usize) -> String {
    match shape {
        Shape::Sap => format!("{}", 100_200 + at),
        Shape::Oracle => format!("{}", 4_011 + at),
        Shape::NetSuite => format!("C{}", 10_020 + at),
    }
}

pub(crate) fn debtors(plan: &Plan, rng: &Rng) -> Vec<Debtor> {
    (0..plan.customers)
        .map(|at| {
            let mut rng = rng.part(0x0de8_0000 + at as u64);
            let numeric = CURRENCIES[at % CURRENCIES.len()];
            let here: Vec<&Place> = PLACES.iter().filter(|p| p.currency == numeric).collect();
            let place = here[rng.below(here.len() as u64) as usize];
            let days = *rng.pick(&[14, 30, 30, 30, 45, 60]);
            let [west, east] = entities(plan.shape);
            Debtor {
                number: number(plan.shape, at),
                name: name_at(&mut rng, place),
                country: place.code,
                entity: if matches!(numeric, EUR | GBP) {
                    east
                } else {
                    west
                },
                currency: currency(numeric),
                terms: terms(plan.shape, days),
                terms_days: days,
                collector: COLLECTORS[(at / 5) % 4],
                active: true,
            }
        })
        .collect()
}
