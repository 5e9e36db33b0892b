//! What disputes cost and where they stay (KP-40 to KP-43): medians beside means, root causes in
//! money-days, rates against what was billed, time per department.

use super::{CaseRow, queue, times};
use duebook_ledger::cases::{CaseClose, CaseState};
use duebook_ledger::columns::{ItemKind, NO_DAY};
use duebook_ledger::{Book, OpenScan, View};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// How a number of days is spread. Percentiles are by nearest rank, so they are days that happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many.
    pub count: u32,
    /// Their sum, for the mean.
    pub sum: u64,
    /// The middle one.
    pub median: u32,
    /// Nine in ten took no longer.
    pub p90: u32,
}

impl Spread {
    /// Of some numbers of days.
    pub fn of(mut days: Vec<u32>) -> Spread {
        if days.is_empty() {
            return Spread::default();
        }
        duebook_money::order::sort(&mut days);
        let rank = |per_cent: usize| (days.len() * per_cent).div_ceil(100).max(1) - 1;
        Spread {
            count: u32::try_from(days.len()).unwrap_or(u32::MAX),
            sum: days.iter().map(|d| u64::from(*d)).sum(),
            median: days[rank(50)],
            p90: days[rank(90)],
        }
    }
    /// The mean in hundredths of a day, half up.
    pub fn mean_hundredths(&self) -> u64 {
        let count = u64::from(self.count.max(1));
        (self.sum * 200 + count) / (count * 2)
    }
}

/// A cause of disputes, by what it holds up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Root cause where somebody named it, else the code of the reason.
    pub cause: String,
    /// Currency.
    pub currency: Currency,
    /// Cases.
    pub cases: u32,
    /// Contested when raised, minor units.
    pub disputed: i128,
    /// Minor units times calendar days that they were contested: what it held up.
    pub money_days: i128,
    /// Of all of its currency with those before it, per mille.
    pub cumulative: u32,
}

/// What of the billing of a period was disputed, for one reason (KP-41).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Code of the reason; empty for all of them.
    pub reason: String,
    /// Currency.
    pub currency: Currency,
    /// Disputes raised in the period.
    pub cases: u32,
    /// Contested by them, minor units.
    pub disputed: i128,
    /// Billed in the period, minor units.
    pub billed: i128,
}

impl Rate {
    /// Hundredths of a percent; `None` where nothing was billed.
    pub fn basis_points(&self) -> Option<i128> {
        (self.billed > 0).then(|| self.disputed * 10_000 / self.billed)
    }
}

/// The figures of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFigures {
    /// Raised in the period.
    pub raised: u32,
    /// Closed in the period, merged ones aside.
    pub closed: u32,
    /// Open at its end.
    pub open: u32,
    /// Calendar days of those closed.
    pub calendar: Spread,
    /// The same without the customer's time.
    pub calendar_net: Spread,
    /// Business days of those closed.
    pub working: Spread,
    /// The same without the customer's time.
    pub working_net: Spread,
    /// Closed within the clock (KP-43).
    pub in_time: u32,
    /// Closed in favour of the customer, wholly or in part.
    pub valid: u32,
    /// Closed as owed.
    pub invalid: u32,
    /// Closed in another system that does not say how: part of no share of verdicts.
    pub not_said: u32,
    /// Of those closed: opened again at some time.
    pub reopened: u32,
    /// Of those closed: never opened again, never sent back to an earlier step (KP-43).
    pub first_time_right: u32,
    /// Department, cases that were there, calendar days, business days.
    pub departments: Vec<(String, u32, u64, u64)>,
    /// What holds up most first, by currency.
    pub causes: Vec<Cause>,
    /// By reason and currency, the sum of a currency first.
    pub rates: Vec<Rate>,
}

/// The figures of disputes from a day to another, as they stand on `today`.
pub fn figures(book: &Book, from: Day, to: Day, today: Day) -> CaseFigures {
    figures_by_currency(book, from, to, today).0
}

/// The same, and beside them how the disputes of each currency went; their causes and rates stand
/// with all of them, currency by currency.
pub fn figures_by_currency(
    book: &Book,
    from: Day,
    to: Day,
    today: Day,
) -> (CaseFigures, Vec<(Currency, CaseFigures)>) {
    let rows = queue(book, today);
    let mut all = times_of(book, rows.iter(), (from, to), today);
    all.causes = causes(book, &rows, today);
    all.rates = rates(book, &rows, (from, to));
    let mut currencies: Vec<Currency> = rows.iter().map(|r| r.currency).collect();
    duebook_money::order::sort_by_key(&mut currencies, |c| c.code());
    currencies.dedup();
    let of = currencies.into_iter().map(|one| {
        let own = rows.iter().filter(|r| r.currency == one);
        (one, times_of(book, own, (from, to), today))
    });
    let of = of.collect();
    (all, of)
}

/// What was raised, is open and was closed of some cases, and how long that took.
fn times_of<'a>(
    book: &Book,
    rows: impl Iterator<Item = &'a CaseRow>,
    (from, to): (Day, Day),
    today: Day,
) -> CaseFigures {
    let days = book.policies().calendar.business_days();
    let mut out = CaseFigures::default();
    let (mut calendar, mut calendar_net) = (Vec::new(), Vec::new());
    let (mut working, mut working_net) = (Vec::new(), Vec::new());
    let mut departments: BTreeMap<String, (u32, u64, u64)> = BTreeMap::new();
    let within = |day: Day| from <= day && day <= to;
    for row in rows.filter(|r| !r.query) {
        let Some(case) = book.case(row.id) else {
            continue;
        };
        let merged = row.close == Some(CaseClose::Merged);
        let times = times(book, &days, case, today);
        out.raised += u32::from(within(row.opened_on));
        if !row.is_over() {
            out.open += 1;
        }
        let mut seen: Vec<&str> = Vec::new();
        for stay in &times.stays {
            let slot = departments.entry(stay.department.clone()).or_default();
            if !seen.contains(&stay.department.as_str()) {
                seen.push(&stay.department);
                slot.0 += 1;
            }
            slot.1 += u64::from(stay.calendar);
            slot.2 += u64::from(stay.working);
        }
        if !row.is_over() || merged || !within(row.since) {
            continue;
        }
        out.closed += 1;
        calendar.push(times.calendar);
        calendar_net.push(times.calendar_net());
        working.push(times.working);
        working_net.push(times.working_net());
        out.in_time += u32::from(!row.cycle.is_over());
        out.valid += u32::from(matches!(
            row.close,
            Some(CaseClose::Valid | CaseClose::Split)
        ));
        out.invalid += u32::from(row.close == Some(CaseClose::Invalid));
        out.not_said += u32::from(row.close == Some(CaseClose::NotSaid));
        let states: Vec<CaseState> = times.stays.iter().map(|s| s.state).collect();
        let again = states.contains(&CaseState::Reopened);
        out.reopened += u32::from(again);
        let sent_back = states
            .windows(2)
            .any(|w| step(w[1]) < step(w[0]) && w[1] != CaseState::WaitingCustomer);
        out.first_time_right += u32::from(!again && !sent_back);
    }
    out.calendar = Spread::of(calendar);
    out.calendar_net = Spread::of(calendar_net);
    out.working = Spread::of(working);
    out.working_net = Spread::of(working_net);
    let flat = departments.into_iter();
    out.departments = flat.map(|(d, (n, c, w))| (d, n, c, w)).collect();
    duebook_money::order::sort_by(&mut out.departments, |a, b| {
        b.2.cmp(&a.2).then(a.0.cmp(&b.0))
    });
    out
}

/// How far on a state is: a lower one after a higher one is a step back.
fn step(state: CaseState) -> u8 {
    match state {
        CaseState::New | CaseState::Reopened | CaseState::WaitingCustomer => 0,
        CaseState::Triaged => 1,
        CaseState::WithOwner => 2,
        CaseState::Proposed => 3,
        CaseState::Approved => 4,
        CaseState::Executed | CaseState::Closed => 5,
    }
}

fn causes(book: &Book, rows: &[CaseRow], today: Day) -> Vec<Cause> {
    let live = |s| book.is_live(s);
    let mut by: BTreeMap<(Currency, String), (u32, i128, i128)> = BTreeMap::new();
    for row in rows.iter().filter(|r| !r.query && r.money.original > 0) {
        let named = book.case(row.id).map_or("", |c| c.root_cause_now(&live));
        let cause = if named.is_empty() { &row.reason } else { named };
        let until = if row.is_over() { row.since } else { today };
        let held = i128::from(until.since(row.opened_on).max(0));
        let original = i128::from(row.money.original);
        let slot = by.entry((row.currency, cause.to_owned())).or_default();
        slot.0 += 1;
        slot.1 += original;
        slot.2 += original * held;
    }
    let mut out: Vec<Cause> = by
        .into_iter()
        .map(|((currency, cause), (cases, disputed, money_days))| Cause {
            cause,
            currency,
            cases,
            disputed,
            money_days,
            cumulative: 0,
        })
        .collect();
    duebook_money::order::sort_by(&mut out, |a, b| {
        let by_money = b.money_days.cmp(&a.money_days);
        a.currency
            .code()
            .cmp(b.currency.code())
            .then(by_money)
            .then(a.cause.cmp(&b.cause))
    });
    let mut totals: BTreeMap<Currency, i128> = BTreeMap::new();
    for cause in &out {
        *totals.entry(cause.currency).or_default() += cause.money_days;
    }
    let mut so_far: BTreeMap<Currency, i128> = BTreeMap::new();
    for cause in &mut out {
        let sum = so_far.entry(cause.currency).or_default();
        *sum += cause.money_days;
        let total = totals.get(&cause.currency).copied().unwrap_or(0).max(1);
        cause.cumulative = u32::try_from(*sum * 1000 / total).unwrap_or(1000);
    }
    out
}

fn rates(book: &Book, rows: &[CaseRow], (from, to): (Day, Day)) -> Vec<Rate> {
    let billed = billed(book, from, to);
    let mut by: BTreeMap<(Currency, String), (u32, i128)> = BTreeMap::new();
    let raised = |r: &&CaseRow| !r.query && from <= r.opened_on && r.opened_on <= to;
    for row in rows.iter().filter(raised) {
        for reason in [String::new(), row.reason.clone()] {
            let slot = by.entry((row.currency, reason)).or_default();
            slot.0 += 1;
            slot.1 += i128::from(row.money.original);
        }
    }
    let rate = |((currency, reason), (cases, disputed))| Rate {
        reason,
        currency,
        cases,
        disputed,
        billed: billed.get(&currency).copied().unwrap_or(0),
    };
    by.into_iter().map(rate).collect()
}

/// What was billed in a period, by currency.
fn billed(book: &Book, from: Day, to: Day) -> BTreeMap<Currency, i128> {
    let mut out: BTreeMap<Currency, i128> = BTreeMap::new();
    let scan = OpenScan::new(book, View::on(Day(i32::MAX)));
    for (_, segment) in scan.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            let issued = data.doc_date[row];
            let bill = data.kind[row] == ItemKind::Invoice as u8;
            let dated = issued != NO_DAY && from.0 <= issued && issued <= to.0;
            if bill && dated && segment.exists(row) {
                let currency = Currency::from_numeric(data.currency[row]);
                let slot = out.entry(currency.unwrap_or(Currency::XXX)).or_default();
                *slot += i128::from(data.amount[row]);
            }
        }
    }
    out
}

/// Days of deductions outstanding (KP-42) in tenths of a day: what is open against what came in per
/// day over a number of days. `None` where nothing came in.
pub fn ddo_tenths(open: i128, came_in: i128, over_days: u32) -> Option<i128> {
    (came_in > 0 && over_days > 0).then(|| open * i128::from(over_days) * 10 / came_in)
}
