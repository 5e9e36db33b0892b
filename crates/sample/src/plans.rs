//! What negotiation left in the book: a plan under way, a settlement offered, items with an agency, a
//! risk written down, loss rates for the provision. Ordinary commands, on customers without promises.

use crate::life::LAST_EVENING;
use crate::portfolio::{Ask, Builder};
use crate::work::workday;
use duebook_ledger::keys::TextRef;
use duebook_ledger::plans::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, CustomerId, ItemId, OpenScan, View};
use duebook_money::{Currency, Day, split};
use duebook_policy::RecoveryPolicy;

/// Overdue debits of one currency of a customer who promised nothing.
struct Debtor {
    customer: CustomerId,
    currency: Currency,
    items: Vec<(ItemId, i64)>,
    total: i64,
}

/// Those who owe most first.
fn debtors(b: &Builder, day: Day) -> Vec<Debtor> {
    let scan = OpenScan::new(&b.book, View::on(day));
    let mut all: Vec<Debtor> = Vec::new();
    for customer in b.book.customer_ids() {
        if b.book
            .customer(customer)
            .is_none_or(|c| !c.promises.is_empty())
        {
            continue;
        }
        let late = |i: &duebook_ledger::items::ItemRef<'_>| {
            let open = scan.open(i.id).map_or(0, |o| o.working());
            let due = b.book.due_of(i);
            let overdue = due != duebook_ledger::columns::NO_DAY && due < day.0;
            (open > 0 && overdue).then(|| (i.id, i.currency(), open))
        };
        let items: Vec<_> = b.book.items_of(customer).filter_map(|i| late(&i)).collect();
        let Some(currency) = items.first().map(|(_, c, _)| *c) else {
            continue;
        };
        let items: Vec<(ItemId, i64)> = items
            .into_iter()
            .filter(|(_, c, _)| *c == currency)
            .map(|(id, _, open)| (id, open))
            .collect();
        let total = items.iter().fold(0i64, |s, (_, a)| s.saturating_add(*a));
        all.push(Debtor {
            customer,
            currency,
            items,
            total,
        });
    }
    duebook_money::order::sort_by_key(&mut all, |d| (std::cmp::Reverse(d.items.len()), d.customer));
    all
}

/// Adds it on the eve of today.
pub(crate) fn negotiate(b: &mut Builder) {
    let day = b
        .steps
        .last()
        .map_or(workday(b.today.plus(-1)), |s| s.ledger_date);
    let actor = b.steps.last().map_or(String::new(), |s| s.actor.clone());
    let found = debtors(b, day);
    let mut debtors = found.iter();
    let mut minute = LAST_EVENING + 42;
    let mut give = |b: &mut Builder, command: PlanCommand| {
        minute += 1;
        b.ask(Ask::new(day, minute, &actor, Command::Plan(command)));
    };
    if let Some(command) = debtors.next().and_then(|d| plan(b, d, day)) {
        give(b, command);
    }
    if let Some(command) = debtors.next().and_then(|d| placement(b, d)) {
        give(b, command);
    }
    if let Some(command) = debtors.next().and_then(|d| risk(b, d, day)) {
        give(b, command);
    }
    if let Some(d) = debtors.next() {
        // Who may let go of a fifth: otherwise the offer is refused (ST-01).
        let mut authority = b.book.policies().authority.clone();
        authority.people.push((CHIEF.to_owned(), "CFO".to_owned()));
        let command = Command::SetPolicy(PolicyChange::Authority(authority));
        b.ask(Ask::new(day, LAST_EVENING + 48, &actor, command));
        let wording = b.text(
            "In full and final settlement, provided the amount stands on our account by the day \
             named. Otherwise the whole debt is due again.",
        );
        if let Some(command) = offer(b, d, day, wording.as_ref().map(|t| t.reference)) {
            let ask = Ask::new(day, LAST_EVENING + 50, &actor, Command::Plan(command));
            b.ask(ask.with(wording.into_iter().collect()));
        }
    }
    let command = Command::SetPolicy(PolicyChange::Recovery(Box::new(loss_rates(b))));
    b.ask(Ask::new(day, LAST_EVENING + 52, &actor, command));
}

/// Who approved the settlement.
const CHIEF: &str = "Mara Lindqvist";

/// Loss rates by bucket, parts per million: not past due, then every later bucket; and what is added
/// for what is ahead.
const LOSS: [(u32, i32); 6] = [
    (4_000, 0),
    (12_000, 0),
    (35_000, 2_500),
    (80_000, 5_000),
    (180_000, 10_000),
    (350_000, 20_000),
];

fn loss_rates(b: &Builder) -> RecoveryPolicy {
    let policies = b.book.policies();
    let mut policy = policies.recovery.clone();
    let of = |bucket: usize| LOSS[bucket.min(LOSS.len() - 1)];
    let buckets = 0..policies.buckets.count();
    policy.provision.given_ppm = buckets.clone().map(|n| of(n).0).collect();
    policy.provision.overlay_ppm = buckets.map(|n| of(n).1).collect();
    policy.provision.overlay_reason =
        "orders of two trades fell for a quarter: older debts are added to".into();
    policy
}

/// Four fifths of the debt, within three weeks.
fn offer(b: &Builder, d: &Debtor, day: Day, wording: Option<TextRef>) -> Option<PlanCommand> {
    let items = d
        .items
        .iter()
        .map(|(id, open)| Some((b.book.item_key(*id)?, *open)));
    Some(PlanCommand::Offer(NewOffer {
        customer: b.book.customer_key(d.customer)?,
        currency: d.currency,
        items: items.collect::<Option<Vec<_>>>()?,
        pay: d.total / 5 * 4,
        by: day.plus(21),
        wording,
        reason: "closes its branch here; pays at once what it can".into(),
        approved: Some(Approved {
            by: CHIEF.into(),
            reference: "weekly review".into(),
        }),
    }))
}

fn plan(b: &Builder, d: &Debtor, day: Day) -> Option<PlanCommand> {
    let parts = split::evenly(d.total, 4).ok()?;
    let mut due = day;
    let mut instalments = Vec::new();
    for amount in parts {
        due = due.plus(14);
        instalments.push((due, amount));
    }
    let items = d
        .items
        .iter()
        .map(|(id, open)| Some((b.book.item_key(*id)?, *open)));
    Some(PlanCommand::Agree(NewPlan {
        customer: b.book.customer_key(d.customer)?,
        contact: None,
        currency: d.currency,
        items: items.collect::<Option<Vec<_>>>()?,
        instalments,
        interest: PlanInterest::Waived,
        charges: Vec::new(),
        triggers: trigger::USUAL,
        reason: "seasonal dip in cash; pays in four parts".into(),
        approved: Some(Approved {
            by: "Credit manager".into(),
            reference: "mail of the day".into(),
        }),
        acknowledgement: None,
    }))
}

fn placement(b: &Builder, d: &Debtor) -> Option<PlanCommand> {
    let items = d.items.iter().map(|(id, _)| b.book.item_key(*id));
    Some(PlanCommand::Place(NewPlacement {
        customer: b.book.customer_key(d.customer)?,
        with: PlacedWith::Agency,
        name: "Harbour Recoveries".into(),
        items: items.collect::<Option<Vec<_>>>()?,
        commission_ppm: 150_000,
        reference: "HR-2107".into(),
        reason: "calls and two statements went unanswered".into(),
        approved: Some(Approved {
            by: "Credit manager".into(),
            reference: "weekly review".into(),
        }),
        stage: Stage::Collecting,
    }))
}

fn risk(b: &Builder, d: &Debtor, day: Day) -> Option<PlanCommand> {
    Some(PlanCommand::SetRisk(NewRisk {
        risk: None,
        customer: b.book.customer_key(d.customer)?,
        what: "main customer of theirs is in administration".into(),
        per_mille: 250,
        impact: d.total,
        currency: d.currency,
        owner: "Credit manager".into(),
        action: "ask for a guarantee before the next delivery".into(),
        review: day.plus(21),
        closed: false,
    }))
}
