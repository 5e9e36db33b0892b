//! What the address asks for: period, whose figures, in which currency.

use crate::workspace::Ws;
use duebook_insight::kpi::{Ask, By, In, Period, Whose};
use duebook_ledger::Book;
use duebook_ledger::keys::CustomerKey;
use duebook_money::{Currency, Day};

/// Periods to choose from: value in the address, words.
pub const PERIODS: [(&str, &str); 6] = [
    ("", "This month to date"),
    ("last", "Last month"),
    ("3m", "Last three months"),
    ("12m", "Last twelve months"),
    ("7d", "Last seven days"),
    ("dates", "From a day to a day"),
];

/// The period of an address as of a day; `2026-03-01..2026-03-31` for dates of the user's own.
pub fn period(asked: &str, as_of: Day) -> Period {
    let last = as_of.month_start().plus(-1);
    let months = |n: i32| Period {
        from: last.month_start().add_months(1 - n).unwrap_or(last),
        to: last,
    };
    let to_date = Period {
        from: as_of.month_start(),
        to: as_of,
    };
    match asked {
        "last" => months(1),
        "3m" => months(3),
        "12m" => months(12),
        "7d" => Period {
            from: as_of.plus(-6),
            to: as_of,
        },
        other => own_dates(other).unwrap_or(to_date),
    }
}

/// The dates of an address, where it has some and they are in order.
pub fn own_dates(asked: &str) -> Option<Period> {
    let (from, to) = asked.split_once("..")?;
    let day = |text: &str| duebook_money::date::parse_iso_bytes(text.trim().as_bytes());
    let period = Period {
        from: day(from)?,
        to: day(to)?,
    };
    (period.from <= period.to).then_some(period)
}

/// Whose figures: `c:Asha`, or `k:ERP|4711` for a customer.
pub fn whose(book: &Book, asked: &str) -> Whose {
    if let Some(name) = asked.strip_prefix("c:") {
        return Whose {
            collector: Some(name.to_owned()),
            ..Whose::default()
        };
    }
    let key = asked.strip_prefix("k:").and_then(|k| k.split_once('|'));
    let found = key.and_then(|(source, number)| {
        book.find_customer(&CustomerKey {
            source: source.to_owned(),
            number: number.to_owned(),
        })
    });
    Whose {
        customer: found,
        ..Whose::default()
    }
}

/// The collectors of a book, by name.
pub fn collectors(book: &Book) -> Vec<String> {
    let named = |id| book.customer_facts(id)?.collector.clone();
    let mut all: Vec<String> = book.customer_ids().filter_map(named).collect();
    all.retain(|c| !c.is_empty());
    duebook_money::order::sort(&mut all);
    all.dedup();
    all
}

/// The question of an address.
pub fn ask(ws: Ws, asked_period: &str, who: &str) -> Ask {
    let view = ws.view();
    Ask {
        period: period(asked_period, view.as_of),
        known: view.known,
        scope: ws.read(|book| whose(book, who)),
        by: By::Nothing,
    }
}

/// In which currency: the one asked for, else the only one there is, else the reporting currency.
pub fn currency(asked: &str, there: &[Currency]) -> In {
    let wanted = Currency::from_code(asked);
    match (wanted, there) {
        (Some(currency), _) => In::Own(currency),
        (None, [only]) => In::Own(*only),
        (None, _) => In::Reporting,
    }
}
