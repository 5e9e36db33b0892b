//! Today's list: one row per customer, what is most pressing first (issue part 1, "Today";
//! domain.md PT-05, PT-07, PT-09, 9.1). A function of the book, a view and an instant.

mod place;
mod score;

pub use place::zone_of;
pub(crate) use place::{Desk, Figures, Order, Place, order};
pub(crate) use score::add_history;

use crate::aging::{Aging, AgingError, AgingQuery, GroupKey, aging_of};
use crate::promises::{Judged, judge_scan};
use crate::worklist::open_follow_ups;
use duebook_ledger::desk::Pin;
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::{Book, CustomerId, FollowUpId, OpenScan, PromiseId, Seq, View};
use duebook_money::{Currency, Day};
use duebook_policy::strategy::Facts;
use duebook_policy::zones::{zone_of_country, zones_of};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// For no other reason than that somebody put it first (PR-03).
    Pinned,
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
    /// Past due, with less to be collected than the strategy's floor.
    Small,
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
    /// What rules look at.
    pub facts: Facts,
    /// By the strategy in force (PR-02).
    pub points: i64,
    /// Put before all others, and by which commit (PR-03).
    pub pinned: Option<(Seq, Pin)>,
    /// Where its clock is.
    pub clock: Arc<Clock>,
}

/// Where a customer's clock is and whose holidays it keeps (CP-01, CP-02).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Clock {
    /// IANA zone: that of a person there, else its own, else the one of its country; `None` where none
    /// is known, and where its country has several.
    pub zone: Option<String>,
    /// The zone is only that of the country.
    pub by_country: bool,
    /// Country as the source writes it.
    pub country: Option<String>,
}

impl Clock {
    /// Of a customer.
    pub fn of(book: &Book, customer: CustomerId) -> Clock {
        let facts = book.customer_facts(customer);
        let country = facts.and_then(|f| f.country.clone());
        let (zone, by_country) = match place::zone_given(book, customer) {
            Some(zone) => (Some(zone), false),
            None => {
                let of = country.as_deref().and_then(zone_of_country);
                (of.map(str::to_owned), of.is_some())
            }
        };
        Clock {
            zone,
            by_country,
            country,
        }
    }
    /// The zones of its country where it has several and none is known to be its own.
    pub fn several(&self) -> &'static [&'static str] {
        match (&self.zone, self.country.as_deref()) {
            (None, Some(country)) => zones_of(country),
            _ => &[],
        }
    }
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
    /// Customers put off to a later day (PR-03).
    pub snoozed: u32,
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
    let desk = Desk {
        policies: Cow::Owned(book.policies_known(scan.live())),
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
    let pinned = book.desk().pinned();
    for id in promises.keys().copied().chain(callers).chain(pinned) {
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
            Place::Snoozed => list.snoozed += 1,
            Place::Nothing => {}
        }
    }
    list.rows.sort_by_cached_key(order);
    list
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
