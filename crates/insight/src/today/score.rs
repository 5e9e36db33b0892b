//! The figures that rules of a strategy look at (PR-02), from what is known of a customer anyway.

use super::place::{Desk, Figures, oldest};
use crate::promises::{Judged, KeptRate, PromiseState};
use crate::risk::{Settled, trend};
use duebook_ledger::facts::{Channel, ImportFacts, ImportKind, Outcome, Scope};
use duebook_ledger::{Book, CustomerId, OpenScan};
use duebook_money::{Currency, Day, Money};
use duebook_policy::Basis;
use duebook_policy::strategy::{Fact, Facts};
use std::collections::BTreeMap;

/// Attempts looked back at: more say no more.
const TRIES: usize = 99;

pub(super) fn facts(
    desk: &Desk<'_>,
    customer: CustomerId,
    rows: &[Figures],
    judged: &[Judged],
    spoken_on: Option<Day>,
) -> Facts {
    let mut facts = Facts::default();
    let sum = |figure: fn(&Figures) -> i64| sum(desk, rows, figure);
    let (outstanding, past_due) = (sum(|r| r.owed.total), sum(|r| r.owed.past_due.max(0)));
    let whole = |minor: Option<i128>| minor.map(|m| whole(m, desk.policies.rates.reporting()));
    facts.set(Fact::Outstanding, whole(outstanding));
    facts.set(Fact::PastDue, whole(past_due));
    let collectible = sum(|r| r.owed.collectible);
    facts.set(Fact::Collectible, whole(collectible));
    let days = oldest(rows);
    facts.set(Fact::OldestDays, days.map(i64::from));
    facts.set(Fact::DaysToNextBucket, days.and_then(|d| to_next(desk, d)));
    let failed = |j: &&Judged| matches!(j.state, PromiseState::Broken | PromiseState::Partial);
    let broken = judged.iter().filter(failed).count();
    facts.set(Fact::BrokenPromises, Some(broken as i64));
    let kept = KeptRate::of(judged).kept_per_mille();
    facts.set(Fact::KeptPerMille, kept.map(i64::from));
    let since = spoken_on.map(|on| i64::from(desk.as_of.since(on)));
    facts.set(Fact::DaysSinceSpoken, since);
    facts.set(Fact::FailedTries, Some(tries(desk, customer)));
    let share = |part: Option<i128>, of: Option<i128>| match (part, of) {
        (Some(part), Some(of)) if of > 0 => i64::try_from(part * 1000 / of).ok(),
        _ => None,
    };
    facts.set(Fact::DisputedPerMille, share(sum(|r| r.disputed), past_due));
    facts.set(Fact::UnappliedPerMille, share(sum(|r| r.credits), past_due));
    let limit = credit_limit(desk, customer);
    facts.set(Fact::CreditUsePerMille, share(outstanding, limit));
    let portfolio = (desk.portfolio).get_or_init(|| portfolio(desk));
    facts.set(Fact::PortfolioPerMille, share(outstanding, *portfolio));
    if desk.policies.strategy.uses_history() {
        let replaced = || crate::risk::replaced(desk.book, desk.scan);
        let replaced = desk.replaced.get_or_init(replaced);
        let settled = Settled::of_customer(desk.book, desk.scan, replaced, customer);
        add_history(&mut facts, &settled);
    }
    facts
}

/// What a customer's settled invoices say of how it pays, by day of settlement.
pub(crate) fn add_history(facts: &mut Facts, settled: &[Settled]) {
    facts.set(Fact::LateTrend, trend(settled).map(i64::from));
    let late = settled.iter().filter(|s| s.is_late()).count() as i64;
    let all = settled.len() as i64;
    facts.set(Fact::LatePerMille, (all > 0).then(|| late * 1000 / all));
}

/// What the last whole lists of the sources had open, in minor units of the reporting currency. It
/// changes with a list and not with every commit: the shares of all others stay what they were.
fn portfolio(desk: &Desk<'_>) -> Option<i128> {
    let mut lists = BTreeMap::new();
    for facts in whole_lists(desk.book, desk.scan) {
        let of = match &facts.scope {
            Scope::Entities(names) => names.as_slice(),
            _ => &[],
        };
        // A later list of the same source and extent takes the place of an earlier one.
        lists.insert((facts.source.as_str(), of), &facts.totals.sums);
    }
    let sums = lists.values().flat_map(|sums| sums.iter());
    let of = |(currency, minor): &(Currency, i64)| convert(desk, Money::new(*minor, *currency));
    let total = sums
        .map(of)
        .try_fold(0i128, |sum, minor| Some(sum + minor?))?;
    (total > 0).then_some(total)
}

fn whole_lists<'a>(
    book: &'a Book,
    scan: &'a OpenScan<'_>,
) -> impl Iterator<Item = &'a ImportFacts> + 'a {
    let known = book.imports().filter(|i| scan.is_live(i.commit));
    known.map(|i| &i.facts).filter(|f| {
        let whole = matches!(f.scope, Scope::Everything | Scope::Entities(_));
        f.kind == ImportKind::OpenItems && whole && f.as_of <= scan.view().as_of
    })
}

/// In minor units of the reporting currency; `None` where a rate is missing (AG-08).
fn sum(desk: &Desk<'_>, rows: &[Figures], figure: fn(&Figures) -> i64) -> Option<i128> {
    let amounts = rows.iter().filter(|r| figure(r) != 0);
    amounts
        .map(|r| convert(desk, Money::new(figure(r), r.owed.currency)))
        .try_fold(0i128, |sum, minor| Some(sum + minor?))
}

fn convert(desk: &Desk<'_>, money: Money) -> Option<i128> {
    let rates = &desk.policies.rates;
    let to = rates.reporting();
    if money.currency == to {
        return Some(i128::from(money.minor));
    }
    let converted = rates.convert(money, to, desk.as_of).ok()?;
    Some(i128::from(converted.minor))
}

fn whole(minor: i128, currency: Currency) -> i64 {
    let unit = 10i128.pow(u32::from(currency.exponent()));
    i64::try_from(minor / unit).unwrap_or(i64::MAX)
}

/// Days until an item so late falls into the next bucket; `None` in the last one, and where buckets
/// do not count from the due date.
fn to_next(desk: &Desk<'_>, days: i32) -> Option<i64> {
    let buckets = &desk.policies.buckets;
    if buckets.basis() != Basis::DueDate {
        return None;
    }
    let (_, last) = buckets.range(buckets.index(days))?;
    Some(i64::from(last?) - i64::from(days) + 1)
}

/// Calls since somebody was last spoken to that reached nobody.
fn tries(desk: &Desk<'_>, customer: CustomerId) -> i64 {
    let missed = desk
        .contacts(customer)
        .take_while(|a| !a.outcome.is_right_party())
        .filter(|a| a.channel == Channel::Call && a.outcome != Outcome::Language);
    missed.take(TRIES).count() as i64
}

fn credit_limit(desk: &Desk<'_>, customer: CustomerId) -> Option<i128> {
    let facts = desk.book.customer_facts(customer)?;
    let limit = facts.credit_limit.filter(|l| *l > 0)?;
    let currency = Currency::from_code(facts.currency.as_deref()?)?;
    convert(desk, Money::new(limit, currency))
}
