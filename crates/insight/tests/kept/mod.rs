//! What is kept from deltas against what is made at once, and that against one item after another.

mod kpis;

pub use kpis::check_kpis;

use super::support::Desk;
use duebook_insight::items::{self, Listed};
use duebook_insight::roster::{Asked, By};
use duebook_insight::*;
use duebook_ledger::desk::{DeskCommand, Pin, Snooze};
use duebook_ledger::facts::CollectorField;
use duebook_ledger::keys::{CustomerKey, TextRef};
use duebook_ledger::{Book, Command, ItemId, OpenScan, Uid, View};
use duebook_money::Day;

/// One of the questions a list of customers is asked.
pub fn some_question(n: usize) -> Asked {
    let by = [
        By::Name,
        By::Open,
        By::PastDue,
        By::Oldest,
        By::LastContact,
        By::Promised,
    ];
    Asked {
        words: if n.is_multiple_of(5) {
            vec!["b".into()]
        } else {
            Vec::new()
        },
        by: by[n % by.len()],
        down: n.is_multiple_of(2),
    }
}

/// A customer pinned, put off, brought back or assigned.
pub fn steered(customer: CustomerKey, today: Day, how: u8) -> Command {
    let reason = TextRef::of(Uid([7; 16]), &[0; 32], "why");
    let until = today.plus(1 + i32::from(how % 3));
    let pin = Pin {
        until: (how.is_multiple_of(2)).then_some(until),
        reason,
    };
    Command::Desk(match how % 5 {
        0 => DeskCommand::Pin {
            customer,
            pin: Some(pin),
        },
        1 => DeskCommand::Pin {
            customer,
            pin: None,
        },
        2 => DeskCommand::Snooze {
            customer,
            snooze: Some(Snooze { until, reason }),
        },
        3 => DeskCommand::Snooze {
            customer,
            snooze: None,
        },
        _ => DeskCommand::Assign {
            customers: vec![customer],
            collector: "Asha".to_owned(),
        },
    })
}

pub const LISTS: usize = 5;

/// One of the questions a list of items is asked.
pub fn some_items(n: usize, today: Day) -> items::Asked {
    use items::{By, Part};
    let all = [
        ("", None, "", None),
        ("1", None, "", Some((By::Open, true))),
        ("", Some(Part::Overdue), "EUR", Some((By::Document, false))),
        ("", Some(Part::Disputed), "", Some((By::Late, true))),
        ("customer", None, "", Some((By::Customer, true))),
    ];
    let (text, part, currency, by) = all[n % all.len()];
    items::Asked {
        view: View::on(today),
        filter: items::Filter {
            text: text.to_owned(),
            part,
            currency: currency.to_owned(),
        },
        by,
    }
}

/// A list against the items one by one.
pub fn check_items(book: &Book, listed: &Listed) {
    let all = listed.all();
    let asked = listed.asked();
    let scan = OpenScan::new(book, asked.view);
    let open = |id: &ItemId| scan.open(*id).map_or(0, |o| o.working());
    let fits = |id: &ItemId| {
        let item = book.item(*id).unwrap();
        let text = format!("{} customer {:?}", item.number(), item.customer());
        let word = asked.filter.text.as_str();
        let late = all.position(*id).and_then(|at| all.late(at));
        let part = match asked.filter.part {
            Some(items::Part::Overdue) => open(id) > 0 && late.is_some_and(|l| l > 0),
            Some(_) => {
                let found = book.disputed_at(*id, asked.view.as_of, &|s| scan.is_live(s));
                // The collector's own field alone makes it contested, whatever the cases say.
                let history = book.field_history(*id, CollectorField::Disputed);
                let said = history.into_iter().rfind(|(s, _)| scan.is_live(*s));
                let said = said.and_then(|(_, text)| text.parse::<i64>().ok());
                assert!(found >= said.unwrap_or(0), "{id:?}");
                found > 0
            }
            None => true,
        };
        let currency =
            asked.filter.currency.is_empty() || item.currency().code() == asked.filter.currency;
        open(id) != 0 && currency && part && (word != "customer" || text.contains(word))
    };
    let expected: Vec<ItemId> = book.items().ids().filter(fits).collect();
    let found: Vec<ItemId> = listed.found().iter().map(|at| all.id(*at)).collect();
    if asked.filter.text != "1" {
        assert_eq!(found, expected, "{asked:?}");
    }
    let mut shown: Vec<u32> = listed.shown().to_vec();
    let amounts: Vec<i64> = found.iter().map(open).collect();
    if asked.by == Some((items::By::Late, true)) {
        let late: Vec<_> = shown.iter().map(|at| all.late(*at)).collect();
        assert!(late.is_sorted_by(|a, b| a >= b), "{late:?}");
    }
    shown.sort_unstable();
    assert_eq!(shown, listed.found());
    assert_eq!(listed.totals().count, found.len());
    let sum = listed.totals().sums.iter().map(|s| s.1).sum::<i128>();
    assert_eq!(sum, amounts.iter().map(|a| i128::from(*a)).sum::<i128>());
}

/// What is kept against what is made at once, and that against the aging, the list and the lines
/// made from every item.
pub fn check_live(desk: &Desk, live: &Live, now: i64) {
    let book = &desk.book;
    let as_of = live.balances().as_of();
    let full = Live::full(book, as_of, now).unwrap();
    assert_eq!(live.balances(), full.balances());
    assert_eq!(live.worklist(), full.worklist());
    assert_eq!(*live, full);
    let view = View::on(as_of);
    let aged = aging(book, &AgingQuery::new(book, view)).unwrap();
    let kept = live.balances().iter();
    let kept: Vec<_> = kept
        .flat_map(|(c, all)| all.iter().map(move |b| (c, b)))
        .collect();
    assert_eq!(kept.len(), aged.rows.len());
    for (at, (row, (customer, b))) in aged.rows.iter().zip(kept).enumerate() {
        assert_eq!(row.group, GroupKey::Customer(customer));
        let theirs = (
            row.currency,
            row.total,
            row.pending,
            row.unapplied,
            row.credit_memos,
        );
        assert_eq!(
            theirs,
            (
                b.currency,
                b.working,
                b.pending,
                b.unapplied,
                b.credit_memos
            )
        );
        let theirs = (row.past_due, row.disputed, row.promised, row.collectible);
        assert_eq!(theirs, (b.past_due, b.disputed, b.promised, b.collectible));
        let theirs = (
            row.oldest_days,
            row.items,
            row.missing_due,
            row.not_yet_issued,
        );
        assert_eq!(
            theirs,
            (b.oldest_days, b.items, b.missing_due, b.not_yet_issued)
        );
        assert_eq!(aged.buckets(at), b.buckets);
    }
    assert_eq!(live.balances().totals(), aged.totals);
    let list = today::today(book, view, now).unwrap();
    let worklist = live.worklist();
    let rows: Vec<_> = worklist.rows().map(|t| t.row.clone()).collect();
    assert_eq!(rows, list.rows);
    assert_eq!(rows.len(), worklist.entries().len());
    for (at, (entry, row)) in worklist.entries().iter().zip(&rows).enumerate() {
        assert_eq!(worklist.place(row.customer), Some(at + 1));
        assert_eq!(worklist.clock(entry.clock), Some(&*row.clock));
        assert_eq!(
            (entry.customer, entry.band, entry.pinned),
            (row.customer, row.band, row.pinned.is_some())
        );
    }
    let away = (
        worklist.done(),
        worklist.waiting(),
        worklist.held(),
        worklist.snoozed(),
    );
    assert_eq!(away, (list.done, list.waiting, list.held, list.snoozed));
    let ids: Vec<_> = live.roster().lines().map(|l| l.customer).collect();
    assert_eq!(ids, book.customer_ids().collect::<Vec<_>>());
    assert_eq!(live.roster().len(), ids.len());
}
