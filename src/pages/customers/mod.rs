//! Customers: everyone in the book, what they owe, how late, when spoken to last.

use super::shared;
use crate::app::href;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::aging::{Aging, GroupKey};
use duebook_insight::today::last_contact;
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use duebook_money::{Day, Money};
use leptos::prelude::*;
use std::cmp::Ordering;
use std::sync::Arc;

const COLUMNS: [&str; 10] = [
    "number",
    "name",
    "collector",
    "country",
    "terms",
    "open",
    "past",
    "days",
    "last",
    "promised",
];

/// One customer: what the list is sorted by. Names and amounts are read from the book when shown.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Line {
    customer: CustomerId,
    /// Rows of the aging, one a currency.
    first: u32,
    count: u32,
    /// In the reporting currency; `None` where a rate is missing: sorted last (AG-08).
    total: Option<i128>,
    past_due: Option<i128>,
    promised: Option<i128>,
    oldest: Option<i32>,
    last: Option<Day>,
}

/// The lines with the aging they were made from.
#[derive(Clone)]
struct Lines {
    all: Arc<Vec<Line>>,
    aging: Option<Arc<Aging>>,
    rates_missing: bool,
}

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.all, &other.all)
    }
}

fn lines(book: &Book, aging: Option<Arc<Aging>>, today: Day) -> Lines {
    let scan = OpenScan::new(book, View::on(today));
    let rates = &book.policies().rates;
    let rows = aging.as_ref().map_or(&[][..], |a| &a.rows);
    let mut at = 0;
    let mut rates_missing = false;
    let mut all = Vec::new();
    for customer in book.customer_ids() {
        let key = GroupKey::Customer(customer);
        at += rows[at..].iter().take_while(|r| r.group < key).count();
        let own = rows[at..].iter().take_while(|r| r.group == key).count();
        let mine = &rows[at..at + own];
        let mut sum = |of: fn(&duebook_insight::AgingRow) -> i64| {
            mine.iter()
                .filter(|r| of(r) != 0)
                .try_fold(0i128, |sum, r| {
                    let converted =
                        rates.convert(Money::new(of(r), r.currency), rates.reporting(), today);
                    rates_missing |= converted.is_err();
                    Some(sum + i128::from(converted.ok()?.minor))
                })
        };
        all.push(Line {
            customer,
            first: at as u32,
            count: own as u32,
            total: sum(|r| r.total),
            past_due: sum(|r| r.past_due),
            promised: sum(|r| r.promised),
            oldest: mine.iter().filter_map(|r| r.oldest_days).max(),
            last: last_contact(book, &scan, customer).map(|l| l.on),
        });
    }
    Lines {
        all: Arc::new(all),
        aging,
        rates_missing,
    }
}

/// Whether a customer fits what was typed: every word in its number, name, collector or country.
fn fits(book: &Book, customer: CustomerId, words: &[String]) -> bool {
    let (Some(known), Some(facts)) = (book.customer(customer), book.customer_facts(customer))
    else {
        return false;
    };
    let texts = [
        Some(&known.number),
        Some(&facts.name),
        facts.collector.as_ref(),
        facts.country.as_ref(),
        facts.segment.as_ref(),
    ];
    words.iter().all(|w| {
        texts
            .iter()
            .flatten()
            .any(|t| t.to_lowercase().contains(w.as_str()))
    })
}

fn text_of(book: &Book, line: &Line, column: &str) -> String {
    let facts = book.customer_facts(line.customer);
    let of = |text: Option<&String>| text.cloned().unwrap_or_default();
    match column {
        "number" => book
            .customer(line.customer)
            .map_or(String::new(), |c| c.number.clone()),
        "name" => of(facts.map(|f| &f.name)),
        "collector" => of(facts.and_then(|f| f.collector.as_ref())),
        "country" => of(facts.and_then(|f| f.country.as_ref())),
        _ => of(facts.and_then(|f| f.terms.as_ref())),
    }
}

/// The order of rows: an index of lines. Empty values stand last whichever way.
fn ordered(book: &Book, lines: &[Line], mut rows: Vec<u32>, sort: Sort) -> Vec<u32> {
    let down = sort.dir == SortDir::Descending;
    let turn = |o: Ordering| if down { o.reverse() } else { o };
    let number = |of: &dyn Fn(&Line) -> Option<i128>, rows: &mut Vec<u32>| {
        let key = |r: &u32| lines.get(*r as usize).and_then(of);
        duebook_money::order::sort_by(rows, |a, b| match (key(a), key(b)) {
            (None, None) => Ordering::Equal,
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
            (Some(a), Some(b)) => turn(a.cmp(&b)),
        });
    };
    match sort.column {
        "open" => number(&|l| l.total, &mut rows),
        "past" => number(&|l| l.past_due, &mut rows),
        "promised" => number(&|l| l.promised, &mut rows),
        "days" => number(&|l| l.oldest.map(i128::from), &mut rows),
        "last" => number(&|l| l.last.map(|d| i128::from(d.0)), &mut rows),
        column => {
            let key = |r: &u32| {
                lines
                    .get(*r as usize)
                    .map_or(String::new(), |l| text_of(book, l, column).to_lowercase())
            };
            let mut keyed: Vec<(String, u32)> = rows.iter().map(|r| (key(r), *r)).collect();
            duebook_money::order::sort_by(&mut keyed, |a, b| {
                match (a.0.is_empty(), b.0.is_empty()) {
                    (false, false) => turn(a.0.cmp(&b.0)),
                    (a, b) => a.cmp(&b),
                }
            });
            rows = keyed.into_iter().map(|(_, r)| r).collect();
        }
    }
    rows
}

/// The page.
#[component]
pub fn CustomersPage() -> impl IntoView {
    let ws = use_ws();
    let go = shared::use_go();
    let search = shared::search_in_address("q");
    let (asked, on_sort) = shared::sort_in_address(&COLUMNS);
    let sort = Signal::derive(move || {
        asked.get().or(Some(Sort {
            column: "past",
            dir: SortDir::Descending,
        }))
    });
    let lines =
        Memo::new(move |_| ws.figures(|book, derived| lines(book, derived.aging(), ws.today())));
    let order = Memo::new(move |_| {
        let wanted: Vec<String> = search.with(|s| {
            s.to_lowercase()
                .split_whitespace()
                .map(str::to_owned)
                .collect()
        });
        let lines = lines.get();
        ws.peek(|book| {
            let found = lines
                .all
                .iter()
                .enumerate()
                .filter(|(_, l)| wanted.is_empty() || fits(book, l.customer, &wanted));
            let rows: Vec<u32> = found.map(|(n, _)| n as u32).collect();
            Arc::new(match sort.get() {
                Some(sort) => ordered(book, &lines.all, rows, sort),
                None => rows,
            })
        })
    });
    let line_at = move |row: usize| {
        let at = order.with(|o| o.get(row).copied())?;
        lines.with(|l| l.all.get(at as usize).copied())
    };
    let handle = GridHandle::new();
    shared::list_keys(handle);
    Effect::new(move |_| {
        search.track();
        handle.to_top();
    });
    let source = GridSource::new(
        move || order.with(|o| o.len()),
        move |row| line_at(row).map_or(0, |l| u64::from(l.customer.0)),
        move |row, column| match line_at(row) {
            Some(line) => lines.with(|l| cell(ws, l, &line, column)),
            None => CellView::Empty,
        },
    )
    .with_index_of(move |key| {
        order.with(|o| {
            lines.with(|l| {
                o.iter().position(|r| {
                    l.all
                        .get(*r as usize)
                        .is_some_and(|l| u64::from(l.customer.0) == key)
                })
            })
        })
    });
    let columns = vec![
        Column::text("number", "Number", 96)
            .sortable()
            .hide_below(520),
        Column::text("name", "Customer", 150).grow(3).sortable(),
        Column::text("collector", "Collector", 96)
            .sortable()
            .hide_below(1000),
        Column::text("country", "Country", 76)
            .sortable()
            .hide_below(1080),
        Column::text("terms", "Terms", 84)
            .sortable()
            .hide_below(1180),
        Column::number("open", "Working balance", 150).sortable(),
        Column::number("past", "Past due", 150)
            .sortable()
            .hide_below(620),
        Column::number("days", "Oldest, days", 100)
            .sortable()
            .hide_below(460),
        Column::date("last", "Last contact")
            .sortable()
            .hide_below(860),
        Column::number("promised", "Promised", 118)
            .sortable()
            .hide_below(940),
        Column::text("aging", "Aging", 110).grow(1).hide_below(740),
    ];
    let facts = Signal::derive(move || {
        let (shown, all) = (order.with(|o| o.len()), lines.with(|l| l.all.len()));
        let rates = if lines.with(|l| l.rates_missing) {
            "; amounts without an exchange rate are sorted last"
        } else {
            ""
        };
        match shown == all {
            true => format!(
                "{}{rates}",
                plural(all, "customer", "customers", Default::default())
            ),
            false => format!(
                "{} of {}{rates}",
                format_count(shown, Default::default()),
                format_count(all, Default::default())
            ),
        }
    });
    view! {
        <PageHead
            title="Customers"
            facts=facts
            filters=move || view! { <SearchField label="Number, name, collector, country" value=search keys="/" /> }
        />
        <Grid
            label="Customers"
            source=source
            columns=columns
            handle=handle
            sort=sort
            on_sort=on_sort
            on_open=move |key: u64| {
                if let Some(path) = super::account_href(ws, CustomerId(key as u32)) {
                    go.run(path);
                }
            }
            empty=move || view! { <Nobody search lines /> }
        />
    }
}

#[component]
fn Nobody(search: RwSignal<String>, lines: Memo<Lines>) -> impl IntoView {
    let ws = use_ws();
    move || {
        if lines.with(|l| l.all.is_empty()) {
            let import = href(ws, "import");
            view! {
                <Empty
                    icon=Icon::Building
                    title="No customers yet"
                    text=Signal::stored("They come with the first file of open items.".to_owned())
                    action=move || view! { <a class="btn btn-primary" href=import.clone()>"Import a file"</a> }
                />
            }
            .into_any()
        } else {
            let clear = move || view! { <Button label="Clear the search" on_press=move |()| search.set(String::new()) /> };
            view! { <Empty icon=Icon::Search title="No customer fits" action=clear /> }.into_any()
        }
    }
}

fn cell(ws: Ws, lines: &Lines, line: &Line, column: usize) -> CellView {
    let rows = lines.aging.as_ref().map_or(&[][..], |a| {
        let first = line.first as usize;
        a.rows
            .get(first..first + line.count as usize)
            .unwrap_or(&[])
    });
    // The currency with most past due speaks; the others are counted.
    let money = |of: fn(&duebook_insight::AgingRow) -> i64| {
        let with = rows.iter().filter(|r| of(r) != 0);
        let count = with.clone().count();
        match with.max_by_key(|r| (r.past_due, r.total)) {
            None => CellView::Faint("–".to_owned()),
            Some(r) if count > 1 => {
                CellView::Pair(words::money(of(r), r.currency), format!("+{}", count - 1))
            }
            Some(r) => CellView::Text(words::money(of(r), r.currency)),
        }
    };
    match column {
        0..=4 => {
            let text = ws.peek(|b| text_of(b, line, COLUMNS[column]));
            if column == 1 {
                CellView::Strong(text)
            } else {
                CellView::Text(text)
            }
        }
        5 => money(|r| r.total),
        6 => money(|r| r.past_due),
        7 => match line.oldest {
            Some(d) if d > 90 => CellView::Toned(Tone::Danger, d.to_string()),
            Some(d) if d > 0 => CellView::Text(d.to_string()),
            _ => CellView::Faint("–".to_owned()),
        },
        8 => line.last.map_or(CellView::Faint("never".to_owned()), |d| {
            CellView::Text(words::day(d))
        }),
        9 => money(|r| r.promised),
        _ => {
            let largest = rows
                .iter()
                .enumerate()
                .max_by_key(|(_, r)| (r.past_due, r.total));
            match (largest, &lines.aging) {
                (Some((n, r)), Some(aging)) => {
                    let row = line.first as usize + n;
                    CellView::Strip(
                        ws.peek(|b| shared::strip(aging, row, r.currency, &b.policies().buckets)),
                    )
                }
                _ => CellView::Empty,
            }
        }
    }
}
