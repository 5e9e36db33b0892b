//! Where a customer is today: on the list and why, or not for the time being.

use super::{Band, Clock, LastContact, NextStep, Owed, TaskRow, Why, score};
use crate::aging::AgingRow;
use crate::balances::Balance;
use crate::promises::{Judged, PromiseState};
use duebook_ledger::desk::Pin;
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::people::{Activity, FollowUp};
use duebook_ledger::policy::Policies;
use duebook_ledger::{Book, CustomerId, FollowUpId, ItemId, OpenScan, Seq};
use duebook_money::{Day, Money};
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Pins; band; then what the band is worked by: day or instant, else points, weight and age. Where
/// a rate is missing a row stands last in its band (AG-08). The oldest, then the id, break ties
/// (PR-04).
pub(crate) type Order = (
    bool,
    Band,
    i64,
    bool,
    Reverse<i64>,
    Reverse<Option<i128>>,
    &'static str,
    Reverse<i64>,
    Reverse<i32>,
    CustomerId,
);

pub(crate) fn order(row: &TaskRow) -> Order {
    let first = match row.why {
        Why::CallBack { at, .. } => at,
        Why::FollowUp { due, .. } | Why::PromiseWaiting { due, .. } => i64::from(due.0),
        Why::PromiseDue { window_end, .. } => i64::from(window_end.0),
        Why::PromiseBroken { .. } | Why::Overdue { .. } | Why::Pinned => 0,
    };
    // Where a rate is missing: by currency, then amount.
    let largest = row
        .owed
        .iter()
        .max_by_key(|o| (o.collectible, Reverse(o.currency.code())));
    let unrated = largest.filter(|_| row.weight.is_none());
    (
        row.pinned.is_none(),
        row.band,
        first,
        row.weight.is_none(),
        Reverse(row.points),
        Reverse(row.weight),
        unrated.map_or("", |o| o.currency.code()),
        Reverse(unrated.map_or(0, |o| o.collectible)),
        Reverse(row.oldest_days.unwrap_or(i32::MIN)),
        row.customer,
    )
}

/// Where a customer is.
pub(crate) enum Place {
    Row(Box<TaskRow>),
    Done,
    Waiting,
    Held,
    Snoozed,
    Nothing,
}

/// A customer's figures in one currency, from an aging or from balances.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    pub owed: Owed,
    pub disputed: i64,
    /// Credits not applied, positive.
    pub credits: i64,
    pub oldest_days: Option<i32>,
}

impl From<&AgingRow> for Figures {
    fn from(row: &AgingRow) -> Self {
        Figures {
            owed: Owed {
                currency: row.currency,
                total: row.total,
                past_due: row.past_due,
                collectible: row.collectible,
            },
            disputed: row.disputed,
            credits: credits(row.unapplied, row.credit_memos),
            oldest_days: row.oldest_days,
        }
    }
}

impl From<&Balance> for Figures {
    fn from(balance: &Balance) -> Self {
        Figures {
            owed: Owed {
                currency: balance.currency,
                total: balance.working,
                past_due: balance.past_due,
                collectible: balance.collectible,
            },
            disputed: balance.disputed,
            credits: credits(balance.unapplied, balance.credit_memos),
            oldest_days: balance.oldest_days,
        }
    }
}

fn credits(unapplied: i64, memos: i64) -> i64 {
    unapplied.saturating_add(memos).saturating_neg().max(0)
}

/// The view and the instant in which customers are placed.
pub(crate) struct Desk<'a> {
    pub book: &'a Book,
    pub scan: &'a OpenScan<'a>,
    pub as_of: Day,
    pub now_ms: i64,
    pub policies: Cow<'a, Policies>,
    /// What the sources' last whole lists had open, once asked for.
    pub(super) portfolio: OnceCell<Option<i128>>,
    /// Items that others took the place of, once asked for.
    pub(super) replaced: OnceCell<BTreeSet<ItemId>>,
    /// Clocks of the rows made so far.
    pub(super) clocks: RefCell<BTreeSet<Arc<Clock>>>,
}

impl<'a> Desk<'a> {
    /// With the policies known now.
    pub fn now(book: &'a Book, scan: &'a OpenScan<'a>, now_ms: i64) -> Self {
        Desk {
            book,
            scan,
            as_of: scan.view().as_of,
            now_ms,
            policies: Cow::Borrowed(book.policies()),
            portfolio: OnceCell::new(),
            replaced: OnceCell::new(),
            clocks: RefCell::default(),
        }
    }

    pub fn recorded_on(&self, seq: Seq) -> Option<Day> {
        self.book.commit(seq).map(|c| c.ledger_date)
    }

    /// A customer's contacts in the view, newest first. A note alone is none.
    pub fn contacts(&self, customer: CustomerId) -> impl Iterator<Item = &'a Activity> + '_ {
        let ids = self
            .book
            .customer(customer)
            .map_or(&[][..], |c| &c.activities);
        let known = ids
            .iter()
            .rev()
            .filter_map(|id| self.book.activities().get(id.index()));
        known.filter(|a| self.scan.is_live(a.commit) && a.channel != Channel::Note)
    }

    /// Where a customer is, by what it owes, its promises as judged and its open follow-ups, the
    /// next one first.
    pub fn place(
        &self,
        customer: CustomerId,
        rows: &[Figures],
        judged: &[Judged],
        open: &[(FollowUpId, &FollowUp)],
    ) -> Place {
        let owes = rows.iter().any(|r| r.owed.past_due > 0);
        let collectible = rows.iter().any(|r| r.owed.collectible > 0);
        let last = self.contacts(customer).next();
        let spoken_on = self.contacts(customer).find(|a| a.outcome.is_right_party());
        let spoken_on = spoken_on.and_then(|a| self.recorded_on(a.commit));
        let tried_today = last.and_then(|a| self.recorded_on(a.commit)) == Some(self.as_of);
        let done_today = spoken_on == Some(self.as_of);
        let next = open.first().copied();
        let due = next.filter(|(_, f)| self.is_due(f));
        let later = next.filter(|_| due.is_none());
        let promise = self.promise_why(judged, rows, spoken_on, later);
        let pinned = self.pin(customer);
        let quiet = spoken_on
            .is_some_and(|on| self.as_of.since(on) <= i32::from(self.policies.strategy.quiet_days));
        let overdue = || Why::Overdue {
            days: oldest(rows).unwrap_or(0).max(0),
            never_reached: spoken_on.is_none(),
        };
        let why = match (promise, due) {
            (Some(why), _) if !done_today => why,
            (_, Some((id, f))) => self.follow_up_why(id, f),
            _ if done_today && (owes || pinned.is_some()) => return Place::Done,
            _ if pinned.is_some() && owes => overdue(),
            _ if pinned.is_some() => Why::Pinned,
            _ if !owes => return Place::Nothing,
            _ if tried_today && later.is_none() => return Place::Done,
            _ if later.is_some() || quiet => return Place::Waiting,
            _ if !collectible => return Place::Held,
            _ => overdue(),
        };
        if pinned.is_none() && self.is_snoozed(customer, &why, judged) {
            return Place::Snoozed;
        }
        let facts = score::facts(self, customer, rows, judged, spoken_on);
        let staged = self.book.customer_facts(customer);
        let segment = staged.and_then(|f| f.segment.as_deref()).unwrap_or("");
        Place::Row(Box::new(TaskRow {
            customer,
            band: self.band_of(&why, &facts),
            why,
            owed: rows.iter().map(|r| r.owed).collect(),
            weight: self.weight(rows),
            oldest_days: oldest(rows),
            last_contact: last.map(|a| self.last_contact(a)),
            next_step: next.map(|(follow_up, f)| NextStep {
                follow_up,
                due: f.due,
                at: f.at,
                retry: f.retry,
            }),
            stop: self.stop(customer),
            points: self.policies.strategy.points(&facts, segment),
            facts,
            pinned,
            clock: self.clock(Clock::of(self.book, customer)),
        }))
    }

    /// The one clock of all rows that have it.
    fn clock(&self, clock: Clock) -> Arc<Clock> {
        let mut clocks = self.clocks.borrow_mut();
        if let Some(shared) = clocks.get(&clock) {
            return Arc::clone(shared);
        }
        let shared = Arc::new(clock);
        clocks.insert(Arc::clone(&shared));
        shared
    }

    /// A pin that has not run out.
    pub fn pin(&self, customer: CustomerId) -> Option<(Seq, Pin)> {
        let live = |s| self.scan.is_live(s);
        let (seq, pin) = self.book.desk().pin(customer, &live)?;
        let lasts = pin.until.is_none_or(|until| until >= self.as_of);
        lasts.then_some((seq, *pin))
    }

    /// Whether a customer is put off. A call-back whose instant has come, and a promise broken since,
    /// bring it back all the same.
    fn is_snoozed(&self, customer: CustomerId, why: &Why, judged: &[Judged]) -> bool {
        let live = |s| self.scan.is_live(s);
        let Some((seq, snooze)) = self.book.desk().snooze(customer, &live) else {
            return false;
        };
        let since = self.recorded_on(seq).unwrap_or(self.as_of);
        let news = match why {
            Why::CallBack { now, .. } => *now,
            Why::PromiseBroken { promise, .. } => judged
                .iter()
                .any(|j| j.promise == *promise && j.window_end >= since),
            _ => false,
        };
        snooze.until > self.as_of && !news
    }

    fn band_of(&self, why: &Why, facts: &duebook_policy::strategy::Facts) -> Band {
        use duebook_policy::strategy::Fact;
        let band = self.band(why);
        let floor = self.policies.strategy.floor;
        let small = facts.get(Fact::Collectible).is_some_and(|c| c < floor);
        match band {
            Band::Overdue if small => Band::Small,
            band => band,
        }
    }

    fn is_due(&self, f: &FollowUp) -> bool {
        f.due <= self.as_of || f.at.is_some_and(|at| at <= self.now_ms)
    }

    fn follow_up_why(&self, follow_up: FollowUpId, f: &FollowUp) -> Why {
        match f.at {
            Some(at) => Why::CallBack {
                follow_up,
                at,
                now: at <= self.now_ms,
            },
            None => Why::FollowUp {
                follow_up,
                due: f.due,
                retry: f.retry,
            },
        }
    }

    /// The most pressing promise that is not settled. A broken one is a task until somebody there
    /// was spoken to about it, another promise stands, or a later step is planned for it.
    fn promise_why(
        &self,
        all: &[Judged],
        rows: &[Figures],
        spoken_on: Option<Day>,
        later: Option<(FollowUpId, &FollowUp)>,
    ) -> Option<Why> {
        let planned = later.and_then(|(_, f)| self.recorded_on(f.commit));
        let answered = spoken_on.max(planned);
        let renewed = |j: &Judged| {
            all.iter()
                .any(|o| o.promise > j.promise && o.state.is_open())
        };
        let mut found: Option<(Band, Why)> = None;
        for j in all {
            let missing = (j.promised - j.paid - j.paid_late).max(0);
            let (promise, currency, due) = (j.promise, j.currency, j.due);
            let answered = answered.is_some_and(|on| on > j.window_end);
            let why = match j.state {
                PromiseState::DueToday | PromiseState::InGrace => {
                    let window_end = j.window_end;
                    Why::PromiseDue {
                        promise,
                        currency,
                        missing,
                        due,
                        window_end,
                    }
                }
                PromiseState::AwaitingNews if !answered && !renewed(j) => Why::PromiseWaiting {
                    promise,
                    currency,
                    missing,
                    due,
                },
                PromiseState::Broken | PromiseState::Partial
                    if missing > 0 && !answered && !renewed(j) && self.still_owed(j, rows) =>
                {
                    let times = j.broken_before + 1;
                    let promised = j.promised;
                    Why::PromiseBroken {
                        promise,
                        currency,
                        promised,
                        missing,
                        due,
                        times,
                    }
                }
                _ => continue,
            };
            let at = (self.band(&why), why);
            // Of two that are alike the newer speaks.
            if found.is_none_or(|best| at.0 <= best.0) {
                found = Some(at);
            }
        }
        found.map(|(_, why)| why)
    }

    /// Whether anything a promise was about is still open.
    fn still_owed(&self, j: &Judged, rows: &[Figures]) -> bool {
        j.lines.iter().any(|line| match line.item {
            Some(id) => self.scan.open(id).is_some_and(|o| o.working() > 0),
            None => rows
                .iter()
                .any(|r| r.owed.currency == j.currency && r.owed.past_due > 0),
        })
    }

    fn band(&self, why: &Why) -> Band {
        match why {
            Why::PromiseBroken { .. } => Band::Broken,
            Why::PromiseDue { due, .. } if *due >= self.as_of => Band::DueToday,
            Why::PromiseDue { .. } | Why::PromiseWaiting { .. } => Band::InGrace,
            Why::CallBack { now: true, .. } => Band::CallBack,
            Why::CallBack { .. } => Band::CallBackLater,
            Why::FollowUp { .. } => Band::FollowUp,
            Why::Overdue { .. } | Why::Pinned => Band::Overdue,
        }
    }

    fn weight(&self, rows: &[Figures]) -> Option<i128> {
        let to = self.policies.rates.reporting();
        rows.iter()
            .map(|r| r.owed)
            .filter(|o| o.collectible != 0)
            .try_fold(0i128, |sum, r| {
                let money = Money::new(r.collectible, r.currency);
                let converted = self.policies.rates.convert(money, to, self.as_of).ok()?;
                Some(sum + i128::from(converted.minor))
            })
    }

    fn last_contact(&self, a: &Activity) -> LastContact {
        LastContact {
            at: a.at,
            channel: a.channel,
            outcome: a.outcome,
            on: self.recorded_on(a.commit).unwrap_or(self.as_of),
        }
    }

    fn stop(&self, customer: CustomerId) -> Option<Outcome> {
        let said = self.book.stop(customer, &|s| self.scan.is_live(s))?;
        Some(said.outcome)
    }
}

pub(super) fn oldest(rows: &[Figures]) -> Option<i32> {
    rows.iter().filter_map(|r| r.oldest_days).max()
}

/// The zone in which a customer is called: that of a person there, else its own, else that of its
/// country where it has one only (CP-01).
pub fn zone_of(book: &Book, customer: CustomerId) -> Option<String> {
    Clock::of(book, customer).zone
}

/// The zone of a person there, else its own.
pub(super) fn zone_given(book: &Book, customer: CustomerId) -> Option<String> {
    let given = |zone: &Option<String>| zone.clone().filter(|z| !z.trim().is_empty());
    let people = book.contacts_of(customer);
    let named = people.iter().find_map(|(_, f)| given(&f.zone));
    named.or_else(|| given(&book.customer_facts(customer)?.zone))
}
