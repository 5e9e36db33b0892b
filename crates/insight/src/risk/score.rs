//! The risk score of a customer: ranges give points, points a class; every term is shown, and so
//! are the early-warning flags of §8.5. No personal attribute is in it (PR-04).

use super::history::{History, Settled};
use super::model::Model;
use crate::balances::{Balance, balances_of};
use crate::plans::{PlanState, plans_of};
use crate::promises::{PromiseState, came_in, judge_customer};
use duebook_ledger::facts::{Cause, Outcome};
use duebook_ledger::people::Activity;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan};
use duebook_money::{Currency, Day};

/// One term of the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// Chance that the next invoice is paid late, per mille.
    Late(u16),
    /// Most days past due.
    Oldest(i32),
    /// Promises broken within twelve months.
    Broken(u32),
    /// Exposure of the credit limit, per mille.
    Limit(u32),
    /// Mean days late of the last three invoices paid less that of the six before.
    Trend(i32),
    /// Payments returned within twelve months.
    Bounced(u32),
    /// A plan in default.
    PlanBroken,
    /// Insolvency or a lawyer was named last.
    Stop,
}

impl Factor {
    /// Points by range.
    pub fn points(self) -> u32 {
        let by = |value: i64, ranges: &[(i64, u32)]| {
            let found = ranges.iter().rev().find(|(from, _)| value >= *from);
            found.map_or(0, |(_, points)| *points)
        };
        match self {
            Factor::Late(p) => by(i64::from(p), &[(100, 5), (300, 15), (600, 25), (800, 35)]),
            Factor::Oldest(d) => by(i64::from(d), &[(1, 5), (31, 15), (61, 25), (91, 35)]),
            Factor::Broken(n) => by(i64::from(n), &[(1, 10), (2, 20), (3, 30)]),
            Factor::Limit(p) => by(i64::from(p), &[(800, 5), (1_000, 15), (1_200, 25)]),
            Factor::Trend(d) => by(i64::from(d), &[(1, 5), (8, 10), (16, 20)]),
            Factor::Bounced(n) => by(i64::from(n), &[(1, 20), (2, 30)]),
            Factor::PlanBroken => 25,
            Factor::Stop => 60,
        }
    }
}

/// Class by points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Fewer than 20.
    A,
    /// Fewer than 45.
    B,
    /// Fewer than 75.
    C,
    /// 75 and more.
    D,
}

impl Class {
    /// The class of points.
    pub fn of(points: u32) -> Class {
        match points {
            0..20 => Class::A,
            20..45 => Class::B,
            45..75 => Class::C,
            _ => Class::D,
        }
    }
}

/// An early-warning flag (§8.5): a thing to look into, not a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Pays later and later: days more than before.
    Slower(i32),
    /// Payments in round sums that leave an invoice open, within ninety days.
    RoundSums(u32),
    /// Returned payments within a year.
    Returned(u32),
    /// People who left or came within half a year.
    PeopleChanged(u32),
    /// Disputes raised when chased, within half a year.
    DisputedWhenChased(u32),
    /// Over the credit limit with debts past due, minor units above.
    OverLimit(i64),
    /// Billed in the last ninety days, per mille of the ninety before.
    FewerOrders(u32),
}

/// A customer's risk in a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRisk {
    /// Who.
    pub customer: CustomerId,
    /// Points in all.
    pub points: u32,
    /// Class.
    pub class: Class,
    /// Terms with points, most first.
    pub factors: Vec<(Factor, u32)>,
    /// Flags.
    pub flags: Vec<Flag>,
    /// Chance that the next invoice is paid late, per mille, where the book's history allows.
    pub late_per_mille: Option<u16>,
    /// Late and settled invoices.
    pub ratio: (u32, u32),
    /// Exposure in the currency of the limit, else the largest: minor units.
    pub exposure: (Currency, i64),
    /// Past due in that currency.
    pub past_due: i64,
    /// Credit limit, minor units of that currency.
    pub limit: Option<i64>,
}

/// What every customer's score shares: the history and the estimate.
pub struct Portfolio {
    /// History.
    pub history: History,
    /// Estimate.
    pub model: Model,
    by_customer: std::collections::BTreeMap<CustomerId, Vec<Settled>>,
}

impl Portfolio {
    /// From a history.
    pub fn new(history: History) -> Self {
        let mut by_customer: std::collections::BTreeMap<CustomerId, Vec<Settled>> =
            Default::default();
        for row in history.rows() {
            by_customer.entry(row.customer).or_default().push(*row);
        }
        Portfolio {
            model: Model::new(history.rows()),
            history,
            by_customer,
        }
    }
    /// A customer's settled invoices by day of settlement.
    pub fn of(&self, customer: CustomerId) -> &[Settled] {
        self.by_customer.get(&customer).map_or(&[], |v| v)
    }
}

/// The score of a customer in a view.
pub fn score(
    book: &Book,
    scan: &OpenScan<'_>,
    portfolio: &Portfolio,
    customer: CustomerId,
) -> CustomerRisk {
    let balances = balances_of(book, scan, customer).unwrap_or_default();
    let facts = book.customer_facts(customer);
    let limited = facts.and_then(|f| {
        let limit = f.credit_limit.filter(|l| *l > 0)?;
        Some((Currency::from_code(f.currency.as_deref()?)?, limit))
    });
    let largest = balances
        .iter()
        .max_by_key(|b| (b.working, b.currency.code()));
    let currency = limited
        .map(|(c, _)| c)
        .or(largest.map(|b| b.currency))
        .unwrap_or(Currency::XXX);
    let of = balances.iter().find(|b| b.currency == currency);
    let exposure = of.map_or(0, |b| b.working);
    let past_due = of.map_or(0, |b| b.past_due);
    let limit = limited.map(|(_, l)| l);
    let year = scan.view().as_of.plus(-365);
    let promises = judge_customer(book, scan, customer);
    let broken = promises
        .iter()
        .filter(|j| j.state == PromiseState::Broken && j.window_end >= year)
        .count() as u32;
    let bounced = returned(book, scan, customer, year);
    let disputed = of.is_some_and(|b| b.disputed > 0);
    let late = portfolio.model.late_per_mille(customer, disputed);
    let trend = trend(portfolio.of(customer));
    let said = activities(book, scan, customer);
    let as_of = scan.view().as_of;
    let stop = book
        .stops(customer, |s| scan.is_live(s))
        .any(|a| a.outcome != Outcome::DoNotCall && day_of(a) <= as_of);
    let defaulted = plans_of(book, scan, customer)
        .iter()
        .any(|p| p.state == PlanState::Defaulted);
    let oldest = balances
        .iter()
        .filter_map(|b| b.oldest_days)
        .max()
        .unwrap_or(0);
    let mut terms = vec![
        Factor::Oldest(oldest),
        Factor::Broken(broken),
        Factor::Bounced(bounced),
    ];
    terms.extend(late.map(Factor::Late));
    terms.extend(limit.map(|l| Factor::Limit(share(exposure, l))));
    terms.extend(trend.map(Factor::Trend));
    terms.extend(defaulted.then_some(Factor::PlanBroken));
    terms.extend(stop.then_some(Factor::Stop));
    let mut factors: Vec<(Factor, u32)> = terms
        .into_iter()
        .map(|f| (f, f.points()))
        .filter(|(_, p)| *p > 0)
        .collect();
    duebook_money::order::sort_by_key(&mut factors, |(_, p)| std::cmp::Reverse(*p));
    let points = factors.iter().map(|(_, p)| *p).sum();
    let seen = Seen {
        book,
        scan,
        customer,
        balance: of,
        limit,
    };
    CustomerRisk {
        customer,
        points,
        class: Class::of(points),
        factors,
        flags: seen.flags(trend, bounced, &said),
        late_per_mille: late,
        ratio: portfolio.model.ratio(customer),
        exposure: (currency, exposure),
        past_due,
        limit,
    }
}

/// `part` of `whole`, per mille; never beyond 32 bits.
fn share(part: i64, whole: i64) -> u32 {
    let per_mille = i128::from(part.max(0)) * 1000 / i128::from(whole.max(1));
    u32::try_from(per_mille).unwrap_or(u32::MAX)
}

/// Mean days late of the last three less that of up to six before; `None` below six invoices.
pub(crate) fn trend(settled: &[Settled]) -> Option<i32> {
    if settled.len() < 6 {
        return None;
    }
    let (before, last) = settled.split_at(settled.len() - 3);
    let before = &before[before.len().saturating_sub(6)..];
    let mean = |rows: &[Settled]| {
        let sum: i64 = rows.iter().map(|r| i64::from(r.days_late())).sum();
        sum.div_euclid(rows.len() as i64)
    };
    i32::try_from(mean(last) - mean(before)).ok()
}

fn activities<'a>(book: &'a Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<&'a Activity> {
    let ids = book.customer(customer).map_or(&[][..], |c| &c.activities);
    let known = ids
        .iter()
        .filter_map(|id| book.activities().get(id.index()));
    known
        .filter(|a| scan.is_live(a.commit) && day_of(a) <= scan.view().as_of)
        .collect()
}

fn day_of(a: &Activity) -> Day {
    Day(i32::try_from(a.at.div_euclid(86_400_000)).unwrap_or(i32::MAX))
}

/// Receipts that the bank took back since a day.
fn returned(book: &Book, scan: &OpenScan<'_>, customer: CustomerId, since: Day) -> u32 {
    let back = |id: ItemId| {
        let mut all = book.settlements_of(id);
        all.any(|s| {
            s.cause == Cause::Returned
                && scan.is_live(s.commit)
                && s.effective >= since
                && s.effective <= scan.view().as_of
        })
    };
    let receipts = scan
        .items_of(customer)
        .filter(|i| crate::scan::is_cash(i.kind() as u8));
    receipts.filter(|i| back(i.id)).count() as u32
}

struct Seen<'a> {
    book: &'a Book,
    scan: &'a OpenScan<'a>,
    customer: CustomerId,
    balance: Option<&'a Balance>,
    limit: Option<i64>,
}

impl Seen<'_> {
    fn flags(&self, trend: Option<i32>, bounced: u32, said: &[&Activity]) -> Vec<Flag> {
        let as_of = self.scan.view().as_of;
        let half_year = as_of.plus(-182);
        let mut flags = Vec::new();
        flags.extend(trend.filter(|d| *d >= 5).map(Flag::Slower));
        let round = self.round_sums(as_of.plus(-90));
        flags.extend((round >= 2).then_some(Flag::RoundSums(round)));
        flags.extend((bounced > 0).then_some(Flag::Returned(bounced)));
        let people = self.people_changed(half_year);
        flags.extend((people >= 2).then_some(Flag::PeopleChanged(people)));
        let chased = said
            .iter()
            .filter(|a| a.outcome == Outcome::Dispute && day_of(a) >= half_year)
            .count() as u32;
        flags.extend((chased >= 2).then_some(Flag::DisputedWhenChased(chased)));
        if let (Some(limit), Some(b)) = (self.limit, self.balance) {
            let over = b.working.saturating_sub(limit);
            flags.extend((over > 0 && b.past_due > 0).then_some(Flag::OverLimit(over)));
        }
        flags.extend(self.fewer_orders());
        flags
    }

    /// Payments in whole hundreds of the currency that left an item open.
    fn round_sums(&self, since: Day) -> u32 {
        let items: Vec<ItemId> = self.scan.items_of(self.customer).map(|i| i.id).collect();
        let open: Vec<ItemId> = items
            .into_iter()
            .filter(|id| self.scan.open(*id).is_some_and(|o| o.working() > 0))
            .collect();
        if open.is_empty() {
            return 0;
        }
        let (came, _) = came_in(self.book, self.scan, self.customer, &open);
        let round = |c: &&crate::promises::Came| {
            let unit = self
                .book
                .item(c.item)
                .map_or(1, |i| i.currency().minor_per_major())
                .saturating_mul(100);
            c.on >= since && c.amount > 0 && c.amount % unit == 0
        };
        came.iter().filter(round).count() as u32
    }

    fn people_changed(&self, since: Day) -> u32 {
        let Some(customer) = self.book.customer(self.customer) else {
            return 0;
        };
        let on = |seq| self.book.commit(seq).map(|c| c.ledger_date);
        let recent = |seq| self.scan.is_live(seq) && on(seq).is_some_and(|d| d >= since);
        let gone = |c: &duebook_ledger::people::Contact| {
            c.removed.history().iter().any(|(seq, ())| recent(*seq))
        };
        let people = customer
            .contacts
            .iter()
            .filter_map(|id| self.book.contact(*id));
        people.filter(|c| gone(c)).count() as u32
    }

    /// Billed in the last ninety days against the ninety before, where that halved.
    fn fewer_orders(&self) -> Option<Flag> {
        let as_of = self.scan.view().as_of;
        let (mut last, mut before) = (0i64, 0i64);
        for item in self
            .scan
            .items_of(self.customer)
            .filter(|i| i.recorded_amount() > 0)
        {
            let age = as_of.0.saturating_sub(item.doc_date());
            match age {
                0..=89 => last = last.saturating_add(item.recorded_amount()),
                90..=179 => before = before.saturating_add(item.recorded_amount()),
                _ => {}
            }
        }
        let per_mille = share(last, before);
        (before > 0 && per_mille < 500).then_some(Flag::FewerOrders(per_mille))
    }
}
