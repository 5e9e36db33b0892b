//! Placement with agencies and lawyers: what came, what it costs, when a claim runs out, and
//! whether a customer is ready to be placed (§8.5, §6.5).

use super::{carried, known, latest};
use crate::promises::{PromiseState, came_in, judge_customer};
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::Cause;
use duebook_ledger::plans::{PlacementEnd, Stage};
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, PlacementId, View};
use duebook_money::{Currency, Day, Rounding};
use duebook_policy::clocks::Cheque;

/// A placement, judged in a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedPlacement {
    /// Which.
    pub placement: PlacementId,
    /// Who owes.
    pub customer: CustomerId,
    /// Currency.
    pub currency: Currency,
    /// How far it is, since when.
    pub stage: (Stage, Day),
    /// How it ended, and when.
    pub ended: Option<(PlacementEnd, Day)>,
    /// Placed, minor units.
    pub placed: i64,
    /// Came in on it since: recovered.
    pub recovered: i64,
    /// Their commission on it, rounded half up.
    pub commission: i64,
    /// Open of it now.
    pub open: i64,
}

/// Every placement known in a view, in order.
pub fn placements(book: &Book, view: View) -> Vec<JudgedPlacement> {
    judge(book, &OpenScan::new(book, view), None)
}

/// The placements of one customer.
pub fn placements_of(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
) -> Vec<JudgedPlacement> {
    judge(book, scan, Some(customer))
}

fn judge(book: &Book, scan: &OpenScan<'_>, only: Option<CustomerId>) -> Vec<JudgedPlacement> {
    let view = scan.view();
    let all = book.placements().iter().enumerate();
    let asked = all.filter(|(_, p)| {
        known(scan, p.commit, p.fact.placed_on) && only.is_none_or(|c| c == p.fact.customer)
    });
    let one = |(n, p): (usize, &duebook_ledger::plans::Placement)| {
        let fact = &p.fact;
        let items = carried(book, scan, &fact.items);
        let ids: Vec<ItemId> = items.iter().map(|(id, _)| *id).collect();
        let ended = latest(book, scan, &p.ended).map(|(_, (how, day, _))| (*how, *day));
        let until = ended.map_or(view.as_of, |(_, day)| day);
        let (came, _) = came_in(book, scan, fact.customer, &ids);
        let within = came
            .iter()
            .filter(|c| c.on >= fact.placed_on && c.on <= until);
        let recovered = within
            .fold(0i64, |sum, c| sum.saturating_add(c.amount))
            .max(0);
        let ppm = i128::from(fact.commission_ppm);
        let commission = Rounding::HalfUp.mul_div(i128::from(recovered), ppm, 1_000_000);
        let stage = latest(book, scan, &p.stage).map(|(_, (stage, day, _))| (*stage, *day));
        JudgedPlacement {
            placement: PlacementId(n as u32),
            customer: fact.customer,
            currency: fact.currency,
            stage: stage.unwrap_or((Stage::Recommended, fact.placed_on)),
            ended,
            placed: fact
                .items
                .iter()
                .fold(0i64, |sum, (_, a)| sum.saturating_add(*a)),
            recovered,
            commission: commission
                .and_then(|c| i64::try_from(c).ok())
                .unwrap_or(i64::MAX),
            open: ids.iter().fold(0i64, |sum, id| {
                sum.saturating_add(scan.open(*id).map_or(0, |o| o.working()).max(0))
            }),
        }
    };
    asked.map(one).collect()
}

/// When a claim runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit {
    /// Last day on which it can be claimed before a court.
    pub on: Day,
    /// Which item.
    pub item: ItemId,
    /// It runs from here: the due date, a part payment or an acknowledgement.
    pub from: Day,
    /// Years.
    pub years: u8,
}

/// Limitation of each open debit of a customer by the rule of its country, the next to run out
/// first. Part payment and acknowledgement start it anew.
pub fn limitation_of(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<Limit> {
    let country = book
        .customer_facts(customer)
        .and_then(|f| f.country.clone());
    let policy = &book.policies().recovery;
    let Some(rule) = policy.limitation_of(country.as_deref().unwrap_or_default()) else {
        return Vec::new();
    };
    let mut limits: Vec<Limit> = Vec::new();
    for item in scan.items_of(customer) {
        let owed = scan.open(item.id).is_some_and(|o| o.working() > 0);
        let due = match book.due_of(&item) {
            NO_DAY => item.doc_date(),
            due => due,
        };
        if !owed || due == NO_DAY {
            continue;
        }
        let (came, _) = came_in(book, scan, customer, &[item.id]);
        let paid = came.iter().filter(|c| c.firm).map(|c| c.on);
        let kin = book.kin_of(item.id);
        let said = book
            .acknowledgements()
            .filter(|(seq, a)| known(scan, *seq, a.on) && a.items.iter().any(|i| kin.contains(i)));
        let from = paid
            .chain(said.map(|(_, a)| a.on))
            .max()
            .unwrap_or(Day(due))
            .max(Day(due));
        let start = match rule.year_end {
            true => Day::from_ymd(from.year(), 12, 31).unwrap_or(from),
            false => from,
        };
        if let Some(on) = start.add_months(i32::from(rule.years) * 12) {
            limits.push(Limit {
                on,
                item: item.id,
                from,
                years: rule.years,
            });
        }
    }
    duebook_money::order::sort(&mut limits);
    limits
}

/// Money of a customer that the bank returned, with the clock that runs if it was a cheque (§6.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnedMoney {
    /// The receipt.
    pub receipt: ItemId,
    /// Its currency.
    pub currency: Currency,
    /// What it was of, minor units: a notice demands exactly this.
    pub amount: i64,
    /// Returned on.
    pub on: Day,
    /// NI Act s.138: the last day for the demand notice.
    pub notice_by: Option<Day>,
}

/// Money returned by the bank to a debtor in India, the newest first: s.138 of the NI Act gives thirty
/// days from the return memo. Elsewhere the book knows no such clock, and there are none.
pub fn returned_money(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
) -> Vec<ReturnedMoney> {
    let facts = book.customer_facts(customer);
    let country = facts.and_then(|f| f.country.as_deref()).unwrap_or_default();
    if !country.eq_ignore_ascii_case("IN") {
        return Vec::new();
    }
    let mut all: Vec<ReturnedMoney> = Vec::new();
    for receipt in scan.items_of(customer) {
        let back = book.settlements_of(receipt.id).filter(|s| {
            let known = scan.is_live(s.commit) && s.effective <= scan.view().as_of;
            known && s.cause == Cause::Returned
        });
        all.extend(back.map(|s| {
            let cheque = Cheque {
                returned: Some(s.effective),
                ..Cheque::default()
            };
            ReturnedMoney {
                receipt: receipt.id,
                currency: receipt.currency(),
                amount: s.amount,
                on: s.effective,
                notice_by: cheque.clock().notice_by,
            }
        }));
    }
    duebook_money::order::sort_by_key(&mut all, |r| (std::cmp::Reverse(r.on), r.receipt));
    all
}

/// One line of the readiness checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// Past due for so many days; enough?
    Days(i32, bool),
    /// Nothing of it is disputed, or so much is (minor units).
    Disputed(i64),
    /// A plan or an open promise still runs.
    Running(bool),
    /// Promises broken.
    Broken(u32),
    /// Contacts made and tried.
    Contacts(u32),
    /// A statement, letter or mail went out.
    Written(bool),
    /// Unapplied money of the customer lies about (minor units).
    Unapplied(i64),
    /// The next claim to run out, and whether that is near.
    Limitation(Day, bool),
    /// Somebody said that they are insolvent, or have a lawyer.
    Stop(bool),
}

impl Ready {
    /// Whether the line speaks for placing.
    pub fn is_met(self) -> bool {
        match self {
            Ready::Days(_, enough) => enough,
            Ready::Disputed(amount) | Ready::Unapplied(amount) => amount == 0,
            Ready::Running(runs) => !runs,
            Ready::Broken(n) => n > 0,
            Ready::Contacts(n) => n >= 3,
            Ready::Written(done) => done,
            Ready::Limitation(_, near) => !near,
            Ready::Stop(stop) => !stop,
        }
    }
}

/// Whether a customer is ready to be placed: each line with its figure, for a person to weigh.
pub fn readiness(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    currency: Currency,
) -> Vec<Ready> {
    use duebook_ledger::facts::{Channel, Outcome};
    let policy = &book.policies().recovery;
    let view = scan.view();
    let balances = crate::balances::balances_of(book, scan, customer).unwrap_or_default();
    let of = balances.iter().find(|b| b.currency == currency);
    let days = of.and_then(|b| b.oldest_days).unwrap_or(0);
    let judged = judge_customer(book, scan, customer);
    let broken = judged
        .iter()
        .filter(|j| j.state == PromiseState::Broken)
        .count() as u32;
    let plan = super::plans_of(book, scan, customer)
        .iter()
        .any(|p| p.state.holds());
    let promised = judged.iter().any(|j| j.state.is_open());
    let ids = book.customer(customer).map_or(&[][..], |c| &c.activities);
    let said: Vec<_> = ids
        .iter()
        .filter_map(|id| book.activities().get(id.index()))
        .filter(|a| scan.is_live(a.commit))
        .collect();
    let written = said
        .iter()
        .any(|a| matches!(a.channel, Channel::Email | Channel::Letter));
    let contacts = said.iter().filter(|a| a.channel != Channel::Note).count() as u32;
    let stop = book
        .stops(customer, |s| scan.is_live(s))
        .any(|a| a.outcome != Outcome::DoNotCall);
    let mut out = vec![
        Ready::Days(days, days >= i32::from(policy.placement_days)),
        Ready::Disputed(of.map_or(0, |b| b.disputed)),
        Ready::Running(plan || promised),
        Ready::Broken(broken),
        Ready::Contacts(contacts),
        Ready::Written(written),
        Ready::Unapplied(of.map_or(0, |b| b.unapplied.saturating_neg().max(0))),
        Ready::Stop(stop),
    ];
    if let Some(limit) = limitation_of(book, scan, customer).first() {
        let near = limit.on.since(view.as_of) <= i32::from(policy.limitation_warning);
        out.push(Ready::Limitation(limit.on, near));
    }
    out
}
