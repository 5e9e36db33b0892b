//! Interest for late payment, item by item (§6): the claim as the book has it, its sheet by a rule
//! pack, what was charged before, and what a payment plan makes of it (PL-01, PL-02).

use crate::plans::{JudgedPlan, PlanState, plans_of};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_ledger::plans::{NewCharge, PlanInterest};
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, PlanId};
use duebook_money::{Currency, Day};
use duebook_policy::interest::{Claim, InterestError, InterestSheet, RulePack};
use duebook_policy::msme;
use std::collections::BTreeMap;

/// The plan that stands for an item's interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderPlan {
    /// Which.
    pub plan: PlanId,
    /// Ledger date of its agreement.
    pub agreed_on: Day,
    /// What becomes of interest (PL-01).
    pub interest: PlanInterest,
}

/// An item that was or is paid late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateItem {
    /// Which.
    pub item: ItemId,
    /// Currency.
    pub currency: Currency,
    /// Last day for payment.
    pub due: Day,
    /// The day to which interest runs: the as-of day, or that of the last payment.
    pub until: Day,
    /// Open in the view, minor units.
    pub open: i64,
    /// The calculation, or why there is none.
    pub sheet: Result<InterestSheet, InterestError>,
    /// Charged for it before, minor units.
    pub charged: i64,
    /// The plan that stands for its interest, if one does.
    pub plan: Option<UnderPlan>,
}

impl LateItem {
    /// The plan because of which nothing may be charged: its interest is let go, or is in its
    /// instalments already.
    pub fn barred(&self) -> Option<UnderPlan> {
        self.plan.filter(|p| p.interest != PlanInterest::Accrues)
    }
    /// What is left of the claim, whether or not it may be charged now, minor units; 0 without a figure.
    pub fn left(&self) -> i64 {
        self.sheet.as_ref().map_or(0, |s| s.total())
    }
    /// What may be charged now, minor units: [`LateItem::left`], and nothing while a plan bars it.
    pub fn chargeable(&self) -> i64 {
        match self.barred() {
            Some(_) => self.left().min(0),
            None => self.left(),
        }
    }
    /// Left and not to be charged because of a plan, minor units.
    pub fn held_back(&self) -> i64 {
        self.left().saturating_sub(self.chargeable())
    }
}

/// Whether a plan stands for the interest of what it covers: kept, or kept to its end (PL-02).
fn stands(plan: &JudgedPlan) -> bool {
    plan.state.holds() || (plan.state == PlanState::Completed && plan.default.is_none())
}

/// The plans that stand for the interest of a customer's items. A plan stands while it is kept, and
/// for good once it was kept to its end; from its default on it never does (PL-02): interest is then
/// claimed again from the original due dates.
pub fn plans_for_interest(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
) -> BTreeMap<ItemId, UnderPlan> {
    let mut all = BTreeMap::new();
    if book.plans().is_empty() {
        return all;
    }
    for plan in plans_of(book, scan, customer).iter().filter(|p| stands(p)) {
        let Some(fact) = book.plans().get(plan.plan.index()).map(|p| &p.fact) else {
            continue;
        };
        // A later plan on what an earlier one left says more.
        all.extend(plan.covered.iter().map(|(id, _)| {
            let under = UnderPlan {
                plan: plan.plan,
                agreed_on: plan.agreed_on,
                interest: fact.interest,
            };
            (*id, under)
        }));
    }
    all
}

/// The claim that an item makes in a view by a pack: what was owed on the last day for payment (UK-03,
/// IN-01), and what came after it. `None` for a credit, a charge, and what was not late.
pub fn claim_of(book: &Book, scan: &OpenScan<'_>, id: ItemId, pack: &RulePack) -> Option<Claim> {
    let item = book.item(id)?;
    let bears = item.recorded_amount() > 0 && item.kind() != ItemKind::LateCharge;
    let agreed = duebook_ledger::items::day(book.due_of(&item));
    let document = duebook_ledger::items::day(item.doc_date());
    let relevant = pack.relevant(agreed, document).filter(|_| bears)?;
    let due = relevant.day;
    let as_of = scan.view().as_of;
    if due >= as_of {
        return None;
    }
    let mut moved: Vec<(Day, i64)> = Vec::new();
    let table = book.settlements();
    let live = |seq| scan.is_live(seq);
    for s in book.settlements_of(id).filter(|s| s.debit == Some(id)) {
        let reversal = table.reversal(s.id, &live).filter(|r| r.effective <= as_of);
        let counts = scan.is_live(s.commit) && s.effective <= as_of && reversal.is_none();
        if !counts || !table.standing(s.id, &live).counts() || s.cause == Cause::TakeOn {
            continue;
        }
        let credit = s
            .credit
            .and_then(|c| book.item(c))
            .map(|c| Day(c.doc_date()));
        moved.push((credit.unwrap_or(s.effective), s.amount));
    }
    duebook_money::order::sort(&mut moved);
    let before = moved.iter().filter(|(day, _)| *day <= due);
    let open_then = before.fold(item.recorded_open(), |o, (_, a)| o.saturating_sub(*a));
    let mut payments: Vec<(Day, i64)> = Vec::new();
    for (day, amount) in moved.into_iter().filter(|(day, _)| *day > due) {
        if amount > 0 {
            payments.push((day, amount));
            continue;
        }
        // A figure that rose again takes back what had come last.
        let mut back = amount.saturating_neg();
        while let Some(last) = payments.last_mut().filter(|_| back > 0) {
            let take = back.min(last.1);
            (last.1, back) = (last.1 - take, back - take);
            if last.1 == 0 {
                payments.pop();
            }
        }
    }
    let open = scan.open(id).map_or(0, |o| o.working());
    let until = match open > 0 {
        true => as_of,
        false => payments.last().map_or(due, |(day, _)| *day),
    };
    (open_then > 0 && until > due).then_some(Claim {
        principal: open_then,
        currency: item.currency(),
        due,
        until,
        payments,
        relevant: Some(relevant),
    })
}

/// The items of a customer that are or were late, by due date, worked out by a pack.
pub fn late_items(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    pack: &RulePack,
) -> Vec<LateItem> {
    let recovery = &book.policies().recovery;
    let plans = plans_for_interest(book, scan, customer);
    let protected = |document| {
        let supplier = recovery.supplier.as_ref();
        let asked = msme::protected(supplier, document, scan.view().as_of);
        match pack.small_supplier {
            true => asked.map_err(InterestError::NotProtected),
            false => Ok(()),
        }
    };
    let mut late: Vec<LateItem> = Vec::new();
    for item in scan.items_of(customer).filter(|i| book.is_item_live(i.id)) {
        let Some(claim) = claim_of(book, scan, item.id, pack) else {
            continue;
        };
        let charged = book.charged_for(item.id);
        let document = duebook_ledger::items::day(item.doc_date());
        let calculated = || recovery.interest.calculate(pack, &claim);
        let mut sheet = protected(document).and_then(|()| calculated());
        if let Ok(sheet) = &mut sheet {
            sheet.charged_before = charged;
        }
        late.push(LateItem {
            item: item.id,
            currency: claim.currency,
            due: claim.due,
            until: claim.until,
            open: scan.open(item.id).map_or(0, |o| o.working()),
            sheet,
            charged,
            plan: plans.get(&item.id).copied(),
        });
    }
    duebook_money::order::sort_by_key(&mut late, |l| (l.due, l.item));
    late
}

/// The charges that some late items ask for: those with something left that no plan bars, numbered
/// after the item and how many were raised for it before.
pub fn charges_for(book: &Book, late: &[LateItem]) -> Vec<NewCharge> {
    let one = |l: &LateItem| {
        let sheet = l.sheet.as_ref().ok().filter(|_| l.chargeable() > 0)?;
        let before = book
            .charges()
            .filter(|(_, _, c)| book.current(c.of) == l.item)
            .count();
        let key = book.item_key(l.item)?;
        let part = if key.line.is_empty() {
            String::new()
        } else {
            format!("-{}", key.line)
        };
        Some(NewCharge {
            number: format!("LI-{}{part}-{}", key.number, before + 1),
            item: key,
            sheet: sheet.clone(),
        })
    };
    late.iter().filter_map(one).collect()
}

/// Interest on what a plan covers, whatever the plan makes of it (PL-01).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterestOfPlan {
    /// What was agreed of it.
    pub interest: PlanInterest,
    /// Whether the plan stands for it in the view: kept, or kept to its end.
    pub stands: bool,
    /// Name of the rule pack: the one proposed for the customer's country.
    pub pack: String,
    /// Interest and fixed sums not charged yet, minor units.
    pub left: i64,
    /// Items without a figure.
    pub unknown: usize,
}

/// Interest on what a plan covers to the day of the view. `None` where no rule is proposed.
pub fn interest_of_plan(
    book: &Book,
    scan: &OpenScan<'_>,
    plan: &JudgedPlan,
) -> Option<InterestOfPlan> {
    let fact = &book.plans().get(plan.plan.index())?.fact;
    let facts = book.customer_facts(plan.customer)?;
    let country = facts.country.as_deref().unwrap_or_default();
    let policy = &book.policies().recovery.interest;
    let pack = policy.proposed(country, scan.view().as_of)?;
    let mut late = late_items(book, scan, plan.customer, pack);
    late.retain(|l| plan.covered.iter().any(|(id, _)| *id == l.item));
    Some(InterestOfPlan {
        interest: fact.interest,
        stands: stands(plan),
        pack: pack.name.clone(),
        left: late.iter().fold(0i64, |s, l| s.saturating_add(l.left())),
        unknown: late.iter().filter(|l| l.sheet.is_err()).count(),
    })
}
