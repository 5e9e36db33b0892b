//! The work list after one action: followed, put in the order of the clock, filtered, and asked what
//! another strategy would move. The promise is 100 ms at 50,000 customers (issue 5).

use duebook_insight::Live;
use duebook_insight::queue::{self, Histories, Openings, Opens, WhatIf};
use duebook_insight::today::Clock;
use duebook_insight::worklist::Worklist;
use duebook_ledger::desk::Pool;
use duebook_ledger::facts::{Channel, Outcome as Came};
use duebook_ledger::import::Bulk;
use duebook_ledger::{Book, Command, CustomerId, Event, OpenScan, View};
use duebook_money::Day;
use duebook_policy::Strategy;
use duebook_policy::strategy::Preset;

use super::Times;
use crate::engine;
use crate::shell::{Failure, Outcome, fail};

/// Actions measured in one round.
const ACTIONS: u32 = 5;

/// Measures, and holds what was kept against what is made at once.
pub fn run(times: &mut Times, book: &mut Book, today: Day) -> Outcome {
    let now = i64::from(today.0) * 86_400_000 + 12 * 3_600_000;
    let made = times.time("work list, made once", || Live::full(book, today, now));
    let mut live = made.map_err(wrong)?;
    let listed = live.worklist().entries().len();
    if listed == 0 {
        return Ok(());
    }
    for n in 0..ACTIONS {
        let at = listed * n as usize / ACTIONS as usize;
        let customer = live.worklist().entries().get(at).map(|e| e.customer);
        let Some(customer) = customer else { continue };
        log(book, today, customer, now)?;
        let kept = times.time("one contact: re-ranked", || {
            live.update(book, &[customer], now)
        });
        kept.map_err(wrong)?;
        let list = live.worklist();
        times.time("one contact: queue by the clock", || {
            let mut ask = |clock: &Clock| match clock.country.as_deref() {
                Some("US") => Opens::From(now + 3_600_000),
                _ => Opens::Now,
            };
            let openings = Openings::of(list, &mut ask);
            queue::by_clock(list.entries(), &openings).callable
        });
    }
    let list = live.worklist();
    let pool = Pool {
        days_from: Some(31),
        ..Pool::default()
    };
    times.time("a saved filter", || {
        queue::pooled(book, list, list.entries(), &pool, &Openings::default()).len()
    });
    let other = Strategy::preset(Preset::Oldest);
    let unread = Histories::new();
    times.time("who would move", || {
        moved(book, list, other.clone(), &unread)
    });
    let looks_back = Strategy::preset(Preset::EarlyWarning);
    let view = View::on(today);
    let paid = times.time("what was paid so far, read once", || {
        queue::histories(book, &OpenScan::new(book, view), list.entries())
    });
    times.time("who would move, looking back", || {
        moved(book, list, looks_back.clone(), &paid)
    });
    let full = Live::full(book, today, now).map_err(wrong)?;
    match full.worklist() == live.worklist() {
        true => Ok(()),
        false => fail("the list that was kept is not the list made at once"),
    }
}

fn wrong(error: duebook_insight::aging::AgingError) -> Failure {
    Failure(format!("{error:?}"))
}

/// A call nobody answered.
fn log(book: &mut Book, today: Day, customer: CustomerId, at: i64) -> Outcome {
    let event = Event::ActivityLogged {
        customer,
        contact: None,
        channel: Channel::Call,
        outcome: Came::NoAnswer,
        at,
        local_offset: None,
        seconds: 20,
        note: None,
        items: Vec::new(),
    };
    // The command is only the envelope here: applying looks at the events.
    let command = Command::Undo {
        commit: book.head(),
    };
    engine::apply(book, today, command, vec![event], &mut Bulk::default())
}

/// How many the list under another strategy has.
fn moved(book: &Book, list: &Worklist, strategy: Strategy, paid: &Histories) -> usize {
    let mut making = WhatIf::new(strategy);
    let made = std::iter::from_fn(|| Some(making.step(book, list, paid)));
    made.flatten().next().map_or(0, |moves| moves.len())
}
