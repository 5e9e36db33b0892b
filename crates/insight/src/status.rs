//! What moved in a period and why, for one page to a manager: the roll-forward of each currency, who
//! moved most, what is at risk, and what is open on our side.

use crate::kpi::{Base, Gathered, In, Sum};
use crate::promises::{PromiseState, judge_all};
use duebook_ledger::{Book, CustomerId, View};
use duebook_money::Currency;

/// Lines of a list.
const MOST: usize = 5;

/// Somebody whose balance moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mover {
    /// Who.
    pub customer: CustomerId,
    /// Name.
    pub name: String,
    /// Balance before and after, minor units.
    pub from: i128,
    /// After.
    pub to: i128,
}

/// Somebody who may not pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtRisk {
    /// Who.
    pub customer: CustomerId,
    /// Name.
    pub name: String,
    /// More than 90 days past due, minor units.
    pub over_90: i128,
    /// Open debits.
    pub open: i128,
}

/// One currency's part of the page, or that of all of them in the reporting currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrencyStatus {
    /// Of what.
    pub of: In,
    /// In which currency it is told.
    pub currency: Currency,
    /// Opening, movements, closing; signed as they go into the closing.
    pub steps: Vec<(Sum, i128)>,
    /// What the movements lack of the closing because each sum is converted and rounded by itself; 0
    /// in a currency of its own.
    pub rounding: i128,
    /// Re-aged out of past due: in no movement, said beside them.
    pub reaged: i128,
    /// Past due at the beginning and at the end.
    pub past_due: (i128, i128),
    /// Who moved most, the largest move first.
    pub movers: Vec<Mover>,
    /// Who is most at risk.
    pub risks: Vec<AtRisk>,
}

/// What waits for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Promises broken, of windows that ended in the period (KP-34).
    pub broken: u64,
    /// Promises due, without news of their source.
    pub awaiting_news: u64,
    /// Disputed items without reason or owner.
    pub disputes_incomplete: u64,
    /// Whether the opening list is not frozen.
    pub list_open: bool,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusUpdate {
    /// All of them in the reporting currency first, where they are several and every rate is known;
    /// then currency by currency, by code.
    pub currencies: Vec<CurrencyStatus>,
    /// What waits.
    pub waiting: Waiting,
}

fn late(gathered: &Gathered, of: &[i128]) -> i128 {
    let late = of
        .iter()
        .enumerate()
        .filter(|(b, _)| gathered.buckets.is_past_due(*b));
    late.map(|(_, minor)| minor).sum()
}

/// Draws the page from the period all in one and by customer.
pub fn status(book: &Book, all: &Gathered, by_customer: &Gathered) -> StatusUpdate {
    let mut currencies = Vec::new();
    let own = all.currencies();
    let total = (own.len() > 1).then_some(In::Reporting);
    for of in total.into_iter().chain(own.into_iter().map(In::Own)) {
        // No total over currencies without its rates (AG-08).
        let Ok(base) = all.base(0, of) else {
            continue;
        };
        let list = base.rolls.past_due(|b| all.buckets.is_past_due(b));
        let (movers, risks) = people(by_customer, of);
        currencies.push(CurrencyStatus {
            of,
            currency: all.unit_of(of),
            rounding: base.of(Sum::EndNet) - base.rolled(),
            steps: base.roll_forward().to_vec(),
            reaged: list.of(crate::kpi::Became::ReAged) - base.reaged_late,
            past_due: (late(all, &base.begin), late(all, &base.end)),
            movers,
            risks,
        });
    }
    let counts = all.counts(0);
    let view = View {
        as_of: all.ask.period.to,
        known: all.ask.known,
    };
    let judged = judge_all(book, view);
    let awaiting = judged
        .iter()
        .filter(|j| j.state == PromiseState::AwaitingNews);
    StatusUpdate {
        currencies,
        waiting: Waiting {
            broken: counts.broken,
            awaiting_news: awaiting.count() as u64,
            disputes_incomplete: counts.disputes - counts.disputes_complete,
            list_open: all.list.is_none(),
        },
    }
}

fn people(by_customer: &Gathered, in_what: In) -> (Vec<Mover>, Vec<AtRisk>) {
    let mut movers = Vec::new();
    let mut risks = Vec::new();
    for (group, name) in by_customer.names.iter().enumerate() {
        let Some(customer) = by_customer.members.get(group).copied().flatten() else {
            continue;
        };
        let Ok(base) = by_customer.base(group, in_what) else {
            continue;
        };
        let of = |base: &Base, sum| base.of(sum);
        let (from, to) = (of(&base, Sum::BeginNet), of(&base, Sum::EndNet));
        if from != to {
            movers.push(Mover {
                customer,
                name: name.clone(),
                from,
                to,
            });
        }
        let over_90 = of(&base, Sum::EndOver90);
        if over_90 > 0 {
            risks.push(AtRisk {
                customer,
                name: name.clone(),
                over_90,
                open: of(&base, Sum::EndDebits),
            });
        }
    }
    duebook_money::order::sort_by_key(&mut movers, |m| (-(m.to - m.from).abs(), m.customer));
    duebook_money::order::sort_by_key(&mut risks, |r| (-r.over_90, r.customer));
    movers.truncate(MOST);
    risks.truncate(MOST);
    (movers, risks)
}
