//! Today's list: one row per customer, what is most pressing first (issue part 1, "Today";
//! domain.md PT-05, PT-07, PT-09, 9.1). A function of the book, a view and an instant.

use crate::aging::{Aging, AgingError, AgingQuery, AgingRow, GroupKey, aging_of};
use crate::balances::Balance;
use crate::promises::{Judged, PromiseState, judge_scan};
use crate::worklist::open_follow_ups;
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::people::{Activity, FollowUp};
use duebook_ledger::{Book, CustomerId, FollowUpId, OpenScan, PromiseId, Seq, View};
use duebook_money::{Currency, Day, Money};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Why a customer is on the list. Amounts are minor units, positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A promise was not kept, or only in part, and the rest is still missing.
    PromiseBroken {
        /// Which.
        promise: PromiseId,
        /// Currency of the amounts.
        currency: Currency,
        /// Promised in all.
        promised: i64,
        /// What did not come, late money counted.
        missing: i64,
        /// Promised for.
        due: Day,
        /// Promises on the same items that were broken, this one included (PT-06).
        times: u32,
    },
    /// A promise whose day is today, or whose window is still open (PT-05).
    PromiseDue {
        /// Which.
        promise: PromiseId,
        /// Currency of the amount.
        currency: Currency,
        /// Not yet come.
        missing: i64,
        /// Promised for.
        due: Day,
        /// Last day on which money counts (PT-02).
        window_end: Day,
    },
    /// The window has passed and nothing newer is in the book: no verdict without news (PT-09).
    PromiseWaiting {
        /// Which.
        promise: PromiseId,
        /// Currency of the amount.
        currency: Currency,
        /// Not known to have come.
        missing: i64,
        /// Promised for.
        due: Day,
    },
    /// A call-back was agreed for an instant.
    CallBack {
        /// Which.
        follow_up: FollowUpId,
        /// Milliseconds UTC.
        at: i64,
        /// The instant has come.
        now: bool,
    },
    /// A follow-up's day has come.
    FollowUp {
        /// Which.
        follow_up: FollowUpId,
        /// Its day.
        due: Day,
        /// A further try after nobody was reached.
        retry: bool,
    },
    /// Past due, and neither disputed nor promised (AG-07).
    Overdue {
        /// Days past due of the oldest item.
        days: i32,
        /// Nobody there was ever spoken to.
        never_reached: bool,
    },
}

/// Groups of the list, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Broken promises.
    Broken,
    /// Promises of today.
    DueToday,
    /// Promises in grace, and those waiting for news.
    InGrace,
    /// Call-backs whose instant has come.
    CallBack,
    /// Follow-ups whose day has come.
    FollowUp,
    /// Call-backs of later today.
    CallBackLater,
    /// Everything else past due.
    Overdue,
}

/// What a customer owes in one currency, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// Currency.
    pub currency: Currency,
    /// Working balance.
    pub total: i64,
    /// Past due.
    pub past_due: i64,
    /// Of which neither disputed nor promised (AG-07).
    pub collectible: i64,
}

/// The last contact with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastContact {
    /// When, milliseconds UTC.
    pub at: i64,
    /// How.
    pub channel: Channel,
    /// What came of it.
    pub outcome: Outcome,
    /// The ledger's date on which it was recorded.
    pub on: Day,
}

/// The next thing agreed or planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextStep {
    /// Which follow-up.
    pub follow_up: FollowUpId,
    /// Its day.
    pub due: Day,
    /// Its instant, for a call-back.
    pub at: Option<i64>,
    /// A further try after nobody was reached.
    pub retry: bool,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// Who.
    pub customer: CustomerId,
    /// Which group.
    pub band: Band,
    /// Why, with the facts.
    pub why: Why,
    /// Per currency, by code.
    pub owed: Vec<Owed>,
    /// Past due, neither disputed nor promised, in the reporting currency; `None` where a rate is
    /// missing: such rows stand last in their group, never as if the rate were 1 (AG-08).
    pub weight: Option<i128>,
    /// Days past due of the oldest item, negative while nothing is due.
    pub oldest_days: Option<i32>,
    /// The last contact known.
    pub last_contact: Option<LastContact>,
    /// The next open follow-up.
    pub next_step: Option<NextStep>,
    /// They asked not to be called, have a lawyer, or are insolvent (CP-04): the last such outcome.
    pub stop: Option<Outcome>,
}

/// Today's list, and who is not on it for the time being.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Today {
    /// Most pressing first.
    pub rows: Vec<TaskRow>,
    /// Customers past due who were spoken to today.
    pub done: u32,
    /// Customers past due whose next step is on a later day.
    pub waiting: u32,
    /// Customers past due, but with nothing that is neither promised nor disputed (PT-07).
    pub held: u32,
}

/// Today's list in a view; `now_ms` is the instant by which call-backs are due, milliseconds UTC.
///
/// # Errors
/// [`AgingError`] where a sum does not fit.
pub fn today(book: &Book, view: View, now_ms: i64) -> Result<Today, AgingError> {
    let scan = OpenScan::new(book, view);
    let aging = aging_of(book, &scan, &AgingQuery::new(book, view))?;
    Ok(today_of(book, &scan, &aging, now_ms))
}

/// [`today`] over an aging by customer of the same view that is there already.
pub fn today_of(book: &Book, scan: &OpenScan<'_>, aging: &Aging, now_ms: i64) -> Today {
    let rates = book.policies_known(scan.live()).rates;
    let desk = Desk {
        rates: Cow::Owned(rates),
        ..Desk::now(book, scan, now_ms)
    };
    let mut promises: BTreeMap<CustomerId, Vec<Judged>> = BTreeMap::new();
    for judged in judge_scan(book, scan) {
        promises.entry(judged.customer).or_default().push(judged);
    }
    let mut owed: BTreeMap<CustomerId, Vec<Figures>> = BTreeMap::new();
    for row in &aging.rows {
        if let GroupKey::Customer(id) = row.group {
            owed.entry(id).or_default().push(row.into());
        }
    }
    let callers = book.follow_ups().iter().map(|f| f.customer);
    for id in promises.keys().copied().chain(callers) {
        owed.entry(id).or_default();
    }
    let mut list = Today::default();
    for (customer, rows) in owed {
        let judged = promises.get(&customer).map_or(&[][..], |p| p);
        let open = open_follow_ups(book, scan, customer);
        match desk.place(customer, &rows, judged, &open) {
            Place::Row(row) => list.rows.push(*row),
            Place::Done => list.done += 1,
            Place::Waiting => list.waiting += 1,
            Place::Held => list.held += 1,
            Place::Nothing => {}
        }
    }
    list.rows.sort_by_cached_key(order);
    list
}

/// Band; then what the band is worked by: day or instant, else weight and age.
pub(crate) type Order = (
    Band,
    i64,
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
        Why::PromiseBroken { .. } | Why::Overdue { .. } => 0,
    };
    // Where a rate is missing: by currency, then amount.
    let largest = row
        .owed
        .iter()
        .max_by_key(|o| (o.collectible, Reverse(o.currency.code())));
    let unrated = largest.filter(|_| row.weight.is_none());
    (
        row.band,
        first,
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
    Nothing,
}

/// A customer's figures in one currency, from an aging or from balances.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    owed: Owed,
    oldest_days: Option<i32>,
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
            oldest_days: balance.oldest_days,
        }
    }
}

/// The view and the instant in which customers are placed.
pub(crate) struct Desk<'a> {
    pub book: &'a Book,
    pub scan: &'a OpenScan<'a>,
    as_of: Day,
    now_ms: i64,
    rates: Cow<'a, duebook_policy::RateTable>,
}

impl<'a> Desk<'a> {
    /// With the rates known now.
    pub fn now(book: &'a Book, scan: &'a OpenScan<'a>, now_ms: i64) -> Self {
        Desk {
            book,
            scan,
            as_of: scan.view().as_of,
            now_ms,
            rates: Cow::Borrowed(&book.policies().rates),
        }
    }

    fn recorded_on(&self, seq: Seq) -> Option<Day> {
        self.book.commit(seq).map(|c| c.ledger_date)
    }

    /// A customer's contacts in the view, newest first. A note alone is none.
    fn contacts(&self, customer: CustomerId) -> impl Iterator<Item = &'a Activity> + '_ {
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
        let why = match (promise, due) {
            (Some(why), _) if !done_today => why,
            (_, Some((id, f))) => self.follow_up_why(id, f),
            _ if !owes => return Place::Nothing,
            _ if done_today || (tried_today && later.is_none()) => return Place::Done,
            _ if later.is_some() => return Place::Waiting,
            _ if !collectible => return Place::Held,
            _ => Why::Overdue {
                days: oldest(rows).unwrap_or(0).max(0),
                never_reached: spoken_on.is_none(),
            },
        };
        Place::Row(Box::new(TaskRow {
            customer,
            band: self.band(&why),
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
        }))
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
            Why::Overdue { .. } => Band::Overdue,
        }
    }

    fn weight(&self, rows: &[Figures]) -> Option<i128> {
        let to = self.rates.reporting();
        rows.iter()
            .map(|r| r.owed)
            .filter(|o| o.collectible != 0)
            .try_fold(0i128, |sum, r| {
                let money = Money::new(r.collectible, r.currency);
                let converted = self.rates.convert(money, to, self.as_of).ok()?;
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
        let stops = [
            Outcome::DoNotCall,
            Outcome::LegalRepresentation,
            Outcome::Insolvency,
        ];
        self.contacts(customer)
            .map(|a| a.outcome)
            .find(|o| stops.contains(o))
    }
}

/// The last contact with a customer in a view; a note alone is none.
pub fn last_contact(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Option<LastContact> {
    let ids = &book.customer(customer)?.activities;
    let mut known = ids
        .iter()
        .rev()
        .filter_map(|id| book.activities().get(id.index()));
    let last = known.find(|a| scan.is_live(a.commit) && a.channel != Channel::Note)?;
    Some(LastContact {
        at: last.at,
        channel: last.channel,
        outcome: last.outcome,
        on: book.commit(last.commit)?.ledger_date,
    })
}

fn oldest(rows: &[Figures]) -> Option<i32> {
    rows.iter().filter_map(|r| r.oldest_days).max()
}
