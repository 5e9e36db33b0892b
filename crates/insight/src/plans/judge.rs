//! Plans and their instalments (PL-02).

use super::{carried, known, latest};
use crate::promises::{Came, PromiseState, came_in, news_of};
use duebook_ledger::facts::Outcome;
use duebook_ledger::plans::{Plan, PlanEnd, trigger};
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, PlanId, View};
use duebook_money::{Currency, Day};

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanState {
    /// Kept so far.
    Current,
    /// An instalment is late, within its grace.
    Late,
    /// A window has passed and nothing newer than it is in the book (PT-09).
    AwaitingNews,
    /// A trigger holds: the rest is due at once, at the original due dates.
    Defaulted,
    /// Everything came.
    Completed,
    /// Ended by our own act.
    Ended(PlanEnd),
}

impl PlanState {
    /// Whether it holds calls and reminders back (DN-01).
    pub fn holds(self) -> bool {
        matches!(
            self,
            PlanState::Current | PlanState::Late | PlanState::AwaitingNews
        )
    }
}

/// Why a plan is in default: the trigger ([`trigger`]), and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Default {
    /// Since.
    pub on: Day,
    /// Which trigger.
    pub trigger: u8,
    /// The instalment, counted from 0, where one is the reason.
    pub instalment: Option<usize>,
}

/// One instalment, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedInstalment {
    /// Due.
    pub due: Day,
    /// Minor units.
    pub amount: i64,
    /// Last day on which money counts.
    pub window_end: Day,
    /// Came within the window.
    pub paid: i64,
    /// Came later.
    pub paid_late: i64,
    /// The day it was complete, whenever that was.
    pub complete_on: Option<Day>,
    /// Where it stands.
    pub state: PromiseState,
}

/// A plan, judged in a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedPlan {
    /// Which.
    pub plan: PlanId,
    /// Who owes.
    pub customer: CustomerId,
    /// Currency.
    pub currency: Currency,
    /// Ledger date of the agreement.
    pub agreed_on: Day,
    /// Where it stands.
    pub state: PlanState,
    /// The default, where there is one.
    pub default: Option<Default>,
    /// Covered in all.
    pub total: i64,
    /// Came in since.
    pub paid: i64,
    /// Of which presumed (PT-10).
    pub presumed: i64,
    /// The next instalment not complete: its day and what it lacks.
    pub next: Option<(Day, i64)>,
    /// Instalments, oldest first.
    pub instalments: Vec<JudgedInstalment>,
    /// Items as they are carried now, and how much of each.
    pub covered: Vec<(ItemId, i64)>,
}

impl JudgedPlan {
    /// Still to come, minor units.
    pub fn rest(&self) -> i64 {
        self.total.saturating_sub(self.paid).max(0)
    }
    /// Instalments complete.
    pub fn complete(&self) -> usize {
        let whole = |i: &&JudgedInstalment| i.complete_on.is_some();
        self.instalments.iter().filter(whole).count()
    }
}

/// Every plan known in a view, in the order they were agreed.
pub fn judge_plans(book: &Book, view: View) -> Vec<JudgedPlan> {
    let scan = OpenScan::new(book, view);
    judge(book, &scan, None)
}

/// The plans of one customer.
pub fn plans_of(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<JudgedPlan> {
    judge(book, scan, Some(customer))
}

fn judge(book: &Book, scan: &OpenScan<'_>, only: Option<CustomerId>) -> Vec<JudgedPlan> {
    let all = book.plans().iter().enumerate();
    let asked = all.filter(|(_, p)| {
        known(scan, p.commit, p.fact.agreed_on) && only.is_none_or(|c| c == p.fact.customer)
    });
    asked
        .map(|(n, plan)| one(book, scan, PlanId(n as u32), plan))
        .collect()
}

fn one(book: &Book, scan: &OpenScan<'_>, id: PlanId, plan: &Plan) -> JudgedPlan {
    let fact = &plan.fact;
    let covered = carried(book, scan, &fact.covered);
    let items: Vec<ItemId> = covered.iter().map(|(id, _)| *id).collect();
    let (came, returned) = came_in(book, scan, fact.customer, &items);
    let came: Vec<Came> = came
        .into_iter()
        .filter(|c| c.on >= fact.agreed_on && c.amount > 0)
        .collect();
    let news = news_of(book, scan, fact.customer);
    let mut instalments: Vec<JudgedInstalment> = fact
        .instalments
        .iter()
        .map(|i| JudgedInstalment {
            due: i.due,
            amount: i.amount,
            window_end: i.window_end,
            paid: 0,
            paid_late: 0,
            complete_on: None,
            state: PromiseState::Open,
        })
        .collect();
    let (paid, presumed) = fill(&mut instalments, &came);
    let as_of = scan.view().as_of;
    instalments
        .iter_mut()
        .for_each(|i| i.state = stands(i, as_of, news));
    let bounced = returned.into_iter().filter(|d| *d >= fact.agreed_on).min();
    let default = default_of(book, scan, plan, &instalments, (news, bounced));
    let whole = instalments.iter().all(|i| i.complete_on.is_some());
    let ended = latest(book, scan, &plan.ended);
    let state = match ended {
        Some((_, (PlanEnd::Defaulted, _))) => PlanState::Defaulted,
        Some((_, (how, _))) => PlanState::Ended(*how),
        None if whole => PlanState::Completed,
        None if default.is_some() => PlanState::Defaulted,
        None if instalments
            .iter()
            .any(|i| i.state == PromiseState::AwaitingNews) =>
        {
            PlanState::AwaitingNews
        }
        None if instalments.iter().any(|i| i.state == PromiseState::InGrace) => PlanState::Late,
        None => PlanState::Current,
    };
    let lacking = instalments.iter().find(|i| i.complete_on.is_none());
    JudgedPlan {
        plan: id,
        customer: fact.customer,
        currency: fact.currency,
        agreed_on: fact.agreed_on,
        state,
        default,
        total: fact.total(),
        paid,
        presumed,
        next: lacking.map(|i| (i.due, i.amount - i.paid - i.paid_late)),
        instalments,
        covered,
    }
}

/// Money fills the oldest instalment that lacks some; answers what came, and what of it is presumed.
fn fill(instalments: &mut [JudgedInstalment], came: &[Came]) -> (i64, i64) {
    let (mut paid, mut presumed, mut at) = (0i64, 0i64, 0);
    for piece in came {
        let mut left = piece.amount;
        while left > 0 && at < instalments.len() {
            let i = &mut instalments[at];
            let take = left.min(i.amount - i.paid - i.paid_late);
            match piece.earliest <= i.window_end {
                true => i.paid += take,
                false => i.paid_late += take,
            }
            left -= take;
            if i.paid + i.paid_late == i.amount {
                i.complete_on = Some(piece.on);
                at += 1;
            }
        }
        let taken = piece.amount - left;
        paid = paid.saturating_add(taken);
        presumed = presumed.saturating_add(if piece.firm { 0 } else { taken });
    }
    (paid, presumed)
}

fn stands(i: &JudgedInstalment, as_of: Day, news: Option<Day>) -> PromiseState {
    if i.paid >= i.amount {
        return PromiseState::Kept;
    }
    if as_of > i.window_end {
        return match news.is_none_or(|day| day <= i.window_end) {
            true => PromiseState::AwaitingNews,
            false if i.paid > 0 => PromiseState::Partial,
            false => PromiseState::Broken,
        };
    }
    match i.due.cmp(&as_of) {
        std::cmp::Ordering::Greater => PromiseState::Open,
        std::cmp::Ordering::Equal => PromiseState::DueToday,
        std::cmp::Ordering::Less => PromiseState::InGrace,
    }
}

/// PL-02: the first trigger that holds, of those agreed.
fn default_of(
    book: &Book,
    scan: &OpenScan<'_>,
    plan: &Plan,
    instalments: &[JudgedInstalment],
    (news, bounced): (Option<Day>, Option<Day>),
) -> Option<Default> {
    let fact = &plan.fact;
    let mut found: Vec<Default> = Vec::new();
    let mut add = |bit: u8, on: Option<Day>, instalment: Option<usize>| {
        if let Some(on) = on.filter(|d| fact.triggers & bit != 0 && *d <= scan.view().as_of) {
            found.push(Default {
                on,
                trigger: bit,
                instalment,
            });
        }
    };
    let missed =
        |i: &JudgedInstalment| matches!(i.state, PromiseState::Broken | PromiseState::Partial);
    if let Some(n) = instalments.iter().position(missed) {
        add(
            trigger::MISSED,
            Some(instalments[n].window_end.plus(1)),
            Some(n),
        );
    }
    // Late: not complete on its day, and the book knows that.
    let late = |i: &JudgedInstalment| {
        i.complete_on.is_none_or(|d| d > i.due)
            && news.is_some_and(|d| d > i.due)
            && scan.view().as_of > i.due
    };
    if let Some(n) = instalments.windows(2).position(|w| w.iter().all(late)) {
        add(
            trigger::TWO_LATE,
            Some(instalments[n + 1].due.plus(1)),
            Some(n + 1),
        );
    }
    add(trigger::INSOLVENCY, insolvency(book, scan, plan), None);
    add(trigger::NEW_OVERDUE, new_overdue(book, scan, plan), None);
    add(trigger::BOUNCED, bounced, None);
    found.into_iter().min()
}

fn insolvency(book: &Book, scan: &OpenScan<'_>, plan: &Plan) -> Option<Day> {
    let ids = book
        .customer(plan.fact.customer)
        .map_or(&[][..], |c| &c.activities);
    let days = ids.iter().filter_map(|id| {
        let a = book.activities().get(id.index())?;
        let on = Day(i32::try_from(a.at.div_euclid(86_400_000)).ok()?);
        let said = a.outcome == Outcome::Insolvency && on >= plan.fact.agreed_on;
        (said && scan.is_live(a.commit)).then_some(on)
    });
    days.min()
}

/// An item billed since the agreement is open longer than the plan's own grace.
fn new_overdue(book: &Book, scan: &OpenScan<'_>, plan: &Plan) -> Option<Day> {
    let fact = &plan.fact;
    let grace = fact
        .instalments
        .first()
        .map_or(7, |i| i.window_end.since(i.due));
    let late = |item: duebook_ledger::items::ItemRef<'_>| {
        let new = item.currency() == fact.currency && item.doc_date() >= fact.agreed_on.0;
        let theirs = fact
            .covered
            .iter()
            .any(|(id, _)| book.current(*id) == item.id);
        let owed = scan.open(item.id).is_some_and(|o| o.working() > 0);
        let due = duebook_ledger::items::day(book.due_of(&item))?;
        (new && !theirs && owed).then(|| due.plus(grace + 1))
    };
    scan.items_of(fact.customer).filter_map(late).min()
}
