//! Aging: who owes what and for how long, as of any date; every cell leads to the items behind it.

mod cell;
mod export;

use crate::pages::account_href;
use crate::pages::shared::{in_address, search_in_address};
use crate::platform::latest::Latest;
use crate::ui::aging_strip::age_step;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::aging::{
    Aging, AgingError, AgingQuery, AgingRow, Figure, GroupBy, GroupKey, Making,
};
use duebook_insight::drill::Column as AgingColumn;
use duebook_ledger::Book;
use duebook_ledger::facts::CreditMode;
use duebook_money::Currency;
use duebook_policy::Basis;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

/// What is shown: the figures, the question they answer, and the rows in the order asked for.
#[derive(Clone, Debug)]
struct Shown {
    aging: Arc<Aging>,
    query: AgingQuery,
    labels: Vec<String>,
    /// Rows of `aging`, filtered and sorted.
    order: Vec<usize>,
    names: Arc<Vec<String>>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.aging, &other.aging) && self.order == other.order
    }
}

/// An aging with what its rows are called and how its currencies compare.
#[derive(Clone)]
struct Made {
    aging: Arc<Aging>,
    query: AgingQuery,
    names: Arc<Vec<String>>,
    scales: Arc<Scales>,
}

/// The aging a question asks for, made in slices; the one before stands meanwhile.
type Figures = Latest<Result<Made, AgingError>>;

fn figures_of(ws: Ws, query: Memo<AgingQuery>) -> Figures {
    Latest::following(move |run| {
        ws.revision().track();
        let query = query.get();
        async move {
            let mut making = ws.peek(|book| Making::new(book, query.clone()));
            let step = || ws.peek(|book| making.step(book)).transpose();
            let aged = run.steps(step).await?;
            drop(making);
            run.pause().await?;
            Some(aged.map(|aged| ws.peek(|book| made_of(book, aged, query))))
        }
    })
}

fn made_of(book: &Book, aging: Aging, query: AgingQuery) -> Made {
    let names = aging.rows.iter().map(|r| name(book, &r.group)).collect();
    Made {
        names: Arc::new(names),
        scales: Arc::new(scales(book, &aging, query.view.as_of)),
        aging: Arc::new(aging),
        query,
    }
}

/// The page.
#[component]
pub fn AgingPage() -> impl IntoView {
    let ws = use_ws();
    let (by, set_by) = in_address::<String>("by", true);
    let (basis, set_basis) = in_address::<String>("basis", true);
    let (credits, set_credits) = in_address::<String>("credits", true);
    let (figure, set_figure) = in_address::<String>("figure", true);
    let field = search_in_address("q");
    let (sorted, set_sorted) = in_address::<String>("sort", false);
    let query = Memo::new(move |_| {
        let view = ws.view();
        let (by, basis, credits, figure) = (by.get(), basis.get(), credits.get(), figure.get());
        ws.read(|book| {
            let mut query = AgingQuery::new(book, view);
            query.group_by = group_by(by.as_deref());
            if let Some(asked) = basis {
                let basis = if asked == "date" {
                    Basis::InvoiceDate
                } else {
                    Basis::DueDate
                };
                if basis != query.basis {
                    query.basis = basis;
                    query.buckets = if basis == Basis::InvoiceDate {
                        duebook_policy::Buckets::by_invoice_date()
                    } else {
                        Default::default()
                    };
                }
            }
            match credits.as_deref() {
                Some("aged") => query.credits = CreditMode::Aged,
                Some("net") => query.credits = CreditMode::NetOldest,
                Some("separate") => query.credits = CreditMode::Separate,
                _ => {}
            }
            if figure.as_deref() == Some("source") {
                query.figure = Figure::AtSource;
            }
            query
        })
    });
    let figures = figures_of(ws, query);
    let shown = Memo::new(move |_| {
        let wanted = field.get().to_lowercase();
        let sort = sorted.get().unwrap_or_else(|| "total".to_owned());
        let Made {
            aging,
            query,
            names,
            scales,
        } = figures.answer().get()?.ok()?;
        let mut order: Vec<usize> = (0..aging.rows.len())
            .filter(|&r| wanted.is_empty() || names[r].to_lowercase().contains(&wanted))
            .collect();
        sort_rows(&mut order, &aging, &names, &scales, &sort);
        let labels = query.buckets.labels();
        Some(Shown {
            aging,
            query,
            labels,
            order,
            names,
        })
    });
    // Whether there is an aging; `None` before the first.
    let outcome = Memo::new(move |_| figures.answer().with(|m| m.as_ref().map(Result::is_ok)));
    let open_cell = RwSignal::new(None::<cell::Asked>);
    let navigate = use_navigate();
    let open_row = Callback::new(move |key: u64| {
        let group = shown.with_untracked(|s| {
            s.as_ref()
                .and_then(|s| s.aging.rows.get(key as usize))
                .map(|r| r.group.clone())
        });
        if let Some(GroupKey::Customer(id)) = group
            && let Some(path) = account_href(ws, id)
        {
            let path = path
                .strip_prefix(&crate::app::base())
                .unwrap_or(&path)
                .to_owned();
            navigate(&path, Default::default());
        }
    });
    let facts = Signal::derive(move || {
        let view = ws.view();
        shown.with(|s| {
            s.as_ref().map_or(String::new(), |s| {
                let basis = if s.query.basis == Basis::InvoiceDate {
                    "age of debt"
                } else {
                    "days past due"
                };
                format!(
                    "{} · {basis} · {}",
                    words::day(view.as_of),
                    crate::ui::format::plural(s.order.len(), "row", "rows", Default::default())
                )
            })
        })
    });
    let choice = move |signal: Memo<Option<String>>,
                       set: Callback<Option<String>>,
                       default: &'static str| {
        let value = RwSignal::new(signal.get_untracked().unwrap_or_else(|| default.to_owned()));
        Effect::new(move |_| {
            let chosen = value.get();
            let now = signal.get_untracked().unwrap_or_else(|| default.to_owned());
            if chosen != now {
                set.run((chosen != default).then_some(chosen));
            }
        });
        value
    };
    let (by_value, basis_value) = (
        choice(by, set_by, "customer"),
        choice(basis, set_basis, "due"),
    );
    let (credit_value, figure_value) = (
        choice(credits, set_credits, "separate"),
        choice(figure, set_figure, "working"),
    );
    view! {
        <PageHead
            title="Aging"
            facts=facts
            actions=move || view! { <export::ExportButtons /> }
            filters=move || view! {
                <SearchField label="Filter the rows" value=field keys="/".to_owned() />
                <SelectField label="By" value=by_value choices=vec![
                    Choice::new("customer", "Customer"), Choice::new("parent", "Parent"), Choice::new("collector", "Collector"),
                    Choice::new("currency", "Currency"), Choice::new("entity", "Entity"), Choice::new("country", "Country"),
                ] />
                <SelectField label="Age from" value=basis_value choices=vec![Choice::new("due", "Due date"), Choice::new("date", "Document date")] />
                <SelectField label="Credits" value=credit_value choices=vec![
                    Choice::new("separate", "In their own column"), Choice::new("aged", "By their own date"), Choice::new("net", "Against the oldest"),
                ] />
                <SelectField label="Figures" value=figure_value choices=vec![Choice::new("working", "Working"), Choice::new("source", "At source")] />
            }
        />
        <div class="page-grid" data-updating=move || figures.is_working().then_some("")>
            {move || match outcome.get() {
                Some(true) => view! { <AgingGrid shown open_cell open_row sorted set_sorted /> }.into_any(),
                Some(false) => view! { <Callout tone=Tone::Danger title="The sums are too large">"A total does not fit a ledger’s 64 bits. Check the amounts of the last import."</Callout> }.into_any(),
                None => view! { <p class="muted" role="status">"Adding up"</p> }.into_any(),
            }}
        </div>
        <cell::CellDialog asked=open_cell />
    }
}

fn group_by(id: Option<&str>) -> GroupBy {
    match id {
        Some("parent") => GroupBy::Parent,
        Some("collector") => GroupBy::Collector,
        Some("currency") => GroupBy::Currency,
        Some("entity") => GroupBy::Entity,
        Some("country") => GroupBy::Country,
        _ => GroupBy::Customer,
    }
}

fn name(book: &Book, group: &GroupKey) -> String {
    let customer = |id| {
        book.customer_facts(id)
            .map_or(String::new(), |f| f.name.clone())
    };
    match group {
        GroupKey::Customer(id) | GroupKey::Parent(id) => customer(*id),
        GroupKey::ParentNumber(key) => format!("Parent {}", key.1),
        GroupKey::Collector(name) | GroupKey::Country(name) if name.is_empty() => {
            "Not given".to_owned()
        }
        GroupKey::Collector(name) | GroupKey::Country(name) => name.to_string(),
        GroupKey::Currency => "All".to_owned(),
        GroupKey::Entity(e) => {
            let code = book
                .entities()
                .get(*e as usize)
                .cloned()
                .unwrap_or_default();
            if code.is_empty() {
                "Not given".to_owned()
            } else {
                code
            }
        }
    }
}

/// What 10^6 major units of a currency are in the reporting currency, for comparing rows; where
/// there is no rate amounts are compared as they stand.
type Scales = std::collections::BTreeMap<Currency, i128>;

fn scales(book: &Book, aging: &Aging, as_of: duebook_money::Day) -> Scales {
    let rates = &book.policies().rates;
    let to = rates.reporting();
    let scale = |currency: Currency| {
        let million = duebook_money::Money {
            minor: 1_000_000 * currency.minor_per_major(),
            currency,
        };
        let there = rates
            .convert(million, to, as_of)
            .map_or(1_000_000 * to.minor_per_major(), |m| m.minor);
        i128::from(there) * 1000 / i128::from(currency.minor_per_major())
    };
    aging
        .totals
        .iter()
        .map(|t| (t.currency, scale(t.currency)))
        .collect()
}

fn sort_rows(order: &mut [usize], aging: &Aging, names: &[String], scales: &Scales, sort: &str) {
    let (id, down) = sort
        .strip_suffix("-up")
        .map_or((sort, true), |id| (id, false));
    let key = |r: usize| -> i128 {
        let row = &aging.rows[r];
        let scale =
            |minor: i64| i128::from(minor) * scales.get(&row.currency).copied().unwrap_or(1);
        match id {
            "past" => scale(row.past_due),
            "oldest" => i128::from(row.oldest_days.unwrap_or(i32::MIN)),
            "unapplied" => scale(row.unapplied),
            "credits" => scale(row.credit_memos),
            "disputed" => scale(row.disputed),
            "promised" => scale(row.promised),
            _ => match id.strip_prefix('b').and_then(|n| n.parse::<usize>().ok()) {
                Some(bucket) => scale(aging.buckets(r).get(bucket).copied().unwrap_or(0)),
                None => scale(row.total),
            },
        }
    };
    if id == "name" {
        duebook_money::order::sort_by(order, |a, b| names[*a].cmp(&names[*b]).then(a.cmp(b)));
        if !down {
            order.reverse();
        }
    } else {
        // Once each: a row is compared with many.
        let keys: Vec<i128> = (0..aging.rows.len()).map(key).collect();
        duebook_money::order::sort_by(order, |a, b| {
            let by_key = keys[*a].cmp(&keys[*b]);
            (if down { by_key.reverse() } else { by_key }).then(a.cmp(b))
        });
    }
}

/// Columns before the buckets: name, currency, total, past due, oldest, strip.
const BEFORE: usize = 6;

/// The columns after the buckets: id, title, width, whether it needs a wide window.
const AFTER: &[(&str, &str, u16, u16)] = &[
    ("unapplied", "Unapplied", 100, 0),
    ("credits", "Credit memos", 104, 0),
    ("disputed", "Disputed", 100, 1500),
    ("promised", "Promised", 100, 1500),
];

fn bucket_id(index: usize) -> &'static str {
    const IDS: [&str; 12] = [
        "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "b10", "b11",
    ];
    IDS[index.min(IDS.len() - 1)]
}

#[component]
fn AgingGrid(
    shown: Memo<Option<Shown>>,
    open_cell: RwSignal<Option<cell::Asked>>,
    open_row: Callback<u64>,
    sorted: Memo<Option<String>>,
    set_sorted: Callback<Option<String>>,
) -> impl IntoView {
    let columns = Signal::derive(move || {
        let labels = shown.with(|s| s.as_ref().map(|s| s.labels.clone()).unwrap_or_default());
        let mut columns = vec![
            Column::text("name", "Name", 170).grow(2).sortable(),
            Column::text("currency", "", 44),
            Column::number("total", "Total", 122).sortable(),
            Column::number("past", "Past due", 112).sortable(),
            Column::number("oldest", "Oldest", 62).sortable(),
            Column::text("strip", "", 84).hide_below(1000),
        ];
        columns.extend(
            labels
                .iter()
                .enumerate()
                .map(|(i, label)| Column::number(bucket_id(i), label.clone(), 104).sortable()),
        );
        columns.extend(AFTER.iter().map(|(id, title, width, wide)| {
            Column::number(id, *title, *width)
                .sortable()
                .hide_below(*wide)
        }));
        columns
    });
    let row_of =
        move |row: usize| shown.with(|s| s.as_ref().and_then(|s| s.order.get(row).copied()));
    let source = GridSource::new(
        move || shown.with(|s| s.as_ref().map_or(0, |s| s.order.len())),
        move |row| row_of(row).unwrap_or(0) as u64,
        move |row, column| {
            shown.with(|s| {
                let Some(s) = s.as_ref() else {
                    return CellView::Empty;
                };
                let Some(&at) = s.order.get(row) else {
                    return CellView::Empty;
                };
                grid_cell(s, at, column, open_cell)
            })
        },
    )
    .with_index_of(move |key| {
        shown.with(|s| {
            s.as_ref()
                .and_then(|s| s.order.iter().position(|r| *r as u64 == key))
        })
    });
    let sort = Signal::derive(move || {
        let text = sorted.get().unwrap_or_else(|| "total".to_owned());
        let (id, dir) = text
            .strip_suffix("-up")
            .map_or((text.as_str(), SortDir::Descending), |id| {
                (id, SortDir::Ascending)
            });
        let found = columns.with(|c| c.iter().find(|c| c.id == id).map(|c| c.id));
        found.map(|id| Sort { column: id, dir })
    });
    let on_sort = Callback::new(move |sort: Sort| {
        let up = if sort.dir == SortDir::Ascending {
            "-up"
        } else {
            ""
        };
        set_sorted.run(Some(format!("{}{up}", sort.column)));
    });
    view! {
        <div class="page-grid">
            <Grid
                label="Aging"
                source=source
                columns=columns
                sort=sort
                on_sort=on_sort
                on_open=open_row
                empty=move || view! {
                    <Empty
                        icon=Icon::Bars
                        title="Nothing is open"
                        text=Signal::stored("Import a file of open items, or choose another date or filter.".to_owned())
                    />
                }
                footer=move || view! { <Totals shown /> }
            />
        </div>
    }
}

/// One cell; amounts lead to the items behind them.
fn grid_cell(
    s: &Shown,
    at: usize,
    column: usize,
    open_cell: RwSignal<Option<cell::Asked>>,
) -> CellView {
    let row: &AgingRow = &s.aging.rows[at];
    let buckets = s.aging.buckets(at);
    let first_after = BEFORE + buckets.len();
    let amount = |minor: i64, which: Option<AgingColumn>| -> CellView {
        if minor == 0 {
            return CellView::Empty;
        }
        let text = words::amount(minor, row.currency);
        match which {
            None => CellView::Text(text),
            Some(which) => {
                let asked = cell::Asked {
                    query: s.query.clone(),
                    group: row.group.clone(),
                    name: s.names[at].clone(),
                    currency: row.currency,
                    column: which,
                    amount: minor,
                };
                CellView::View(cell::amount_button(text, asked, open_cell))
            }
        }
    };
    match column {
        0 => CellView::Strong(s.names[at].clone()),
        1 => CellView::Faint(row.currency.code().to_owned()),
        2 => CellView::Strong(words::amount(row.total, row.currency)),
        3 => amount(row.past_due, None),
        4 => row
            .oldest_days
            .filter(|d| *d > 0)
            .map_or(CellView::Empty, |d| CellView::Text(format!("{d} d"))),
        5 => CellView::Strip(strip(&s.labels, buckets, row.currency)),
        c if c < first_after => amount(buckets[c - BEFORE], Some(AgingColumn::Bucket(c - BEFORE))),
        c => match AFTER.get(c - first_after).map(|a| a.0) {
            Some("unapplied") => amount(row.unapplied, Some(AgingColumn::Unapplied)),
            Some("credits") => amount(row.credit_memos, Some(AgingColumn::CreditMemos)),
            Some("disputed") => amount(row.disputed, None),
            Some("promised") => amount(row.promised, None),
            _ => CellView::Empty,
        },
    }
}

/// The strip of a row.
fn strip(labels: &[String], buckets: &[i64], currency: Currency) -> Vec<StripPart> {
    let late = labels.len().saturating_sub(1);
    labels
        .iter()
        .zip(buckets)
        .enumerate()
        .map(|(i, (label, minor))| StripPart {
            label: label.clone(),
            amount: words::amount(*minor, currency),
            weight: u64::try_from(*minor).unwrap_or(0),
            step: if i == 0 { 0 } else { age_step(i - 1, late) },
        })
        .collect()
}

/// Totals per currency, and the grand total where every rate is known.
#[component]
fn Totals(shown: Memo<Option<Shown>>) -> impl IntoView {
    view! {
        <div class="aging-totals num">
            {move || shown.with(|s| s.as_ref().map(|s| {
                let format = words::number_format();
                let sums: Vec<String> = s.aging.totals.iter()
                    .map(|t| format!("{} {} (past due {})", t.currency.code(), format.minor(t.total, t.currency.exponent()), format.minor(t.past_due, t.currency.exponent())))
                    .collect();
                let grand = match &s.aging.grand {
                    Ok(g) => format!("All in {}: {}", g.currency.code(), format.minor(g.total, g.currency.exponent())),
                    Err(missing) => words::missing_rate(missing),
                };
                let several = s.aging.totals.len() > 1;
                view! { <strong>"Totals"</strong> <span>{sums.join(" · ")}</span> {several.then(|| view! { <span class="muted">{grand}</span> })} }
            }))}
        </div>
    }
}
