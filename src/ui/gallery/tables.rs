//! The grid: a million rows, sorted, selected, with totals outside the window.

use super::super::aging_strip::age_step;
use super::super::format::{format_count, plural};
use super::super::prelude::*;
use leptos::prelude::*;
use std::sync::Arc;

const ROWS: u32 = 1_000_000;

/// A made-up but fixed figure for a row.
fn mix(row: u32) -> u32 {
    let x = row.wrapping_mul(0x9E37_79B1) ^ (row >> 7);
    (x ^ (x >> 15)).wrapping_mul(0x85EB_CA6B) >> 4
}

fn minor(row: u32) -> i128 {
    let amount = i128::from(mix(row) % 9_000_000) + 1_000;
    if row.is_multiple_of(23) {
        -amount
    } else {
        amount
    }
}

fn late(row: u32) -> i64 {
    i64::from(mix(row ^ 0x55) % 140) - 20
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("document", "Document", 110).sortable(),
        Column::text("customer", "Customer", 130).grow(2).sortable(),
        Column::text("po", "PO", 108).hide_below(900),
        Column::date("due", "Due").hide_below(640),
        Column::number("late", "Days late", 96)
            .sortable()
            .hide_below(480),
        Column::number("open", "Open, USD", 110).sortable(),
        Column::text("state", "State", 150).grow(1).hide_below(700),
        Column::text("aging", "Aging of customer", 140).hide_below(1_000),
    ]
}

fn cell(row: u32, column: usize) -> CellView {
    match column {
        0 => CellView::Text(format!("INV-{}", 100_000 + row)),
        1 => CellView::Pair(
            format!("Customer {}", mix(row) % 4_000),
            format!("C-{}", mix(row) % 4_000),
        ),
        2 => CellView::Faint(format!("45001{:05}", mix(row) % 99_999)),
        3 => CellView::Text(format_day(2026, 1 + mix(row) % 12, 1 + mix(row) % 28)),
        4 => match late(row) {
            d if d <= 0 => CellView::Faint("–".to_owned()),
            d if d > 90 => CellView::Toned(Tone::Danger, d.to_string()),
            d => CellView::Text(d.to_string()),
        },
        5 => CellView::Text(format_minor(minor(row), 2, Grouping::Western)),
        6 => match mix(row) % 9 {
            0 => CellView::Chips(vec![(Tone::Accent, "promised 30 Nov".to_owned())]),
            1 => CellView::Chips(vec![(Tone::Warn, "disputed: freight".to_owned())]),
            _ => CellView::Empty,
        },
        _ => CellView::Strip(
            (0..4)
                .map(|i| StripPart {
                    label: format!("Bucket {i}"),
                    amount: String::new(),
                    weight: u64::from(mix(row + i) % 100),
                    step: if i == 0 {
                        0
                    } else {
                        age_step(i as usize - 1, 3)
                    },
                })
                .collect(),
        ),
    }
}

#[component]
pub(super) fn Tables() -> impl IntoView {
    let sort = RwSignal::new(None::<Sort>);
    let selection = RwSignal::new(Selection::default());
    let opened = RwSignal::new(None::<u64>);
    let filter = RwSignal::new(String::new());
    let order = Memo::new(move |_| {
        let wanted = filter.get();
        let mut rows: Vec<u32> = match wanted.trim().parse::<u32>() {
            Ok(step) if step > 0 => (0..ROWS).step_by(step as usize).collect(),
            _ if wanted.is_empty() => (0..ROWS).collect(),
            _ => Vec::new(),
        };
        if let Some(Sort { column, dir }) = sort.get() {
            match column {
                "open" => rows.sort_by_cached_key(|r| minor(*r)),
                "late" => rows.sort_by_key(|r| late(*r)),
                "customer" => rows.sort_by_key(|r| mix(*r) % 4_000),
                _ => {}
            }
            if dir == SortDir::Descending {
                rows.reverse();
            }
        }
        Arc::new(rows)
    });
    let row_at = move |row: usize| order.with(|o| o.get(row).copied().unwrap_or(0));
    let source = GridSource::new(
        move || order.with(|o| o.len()),
        move |row| u64::from(row_at(row)),
        move |row, column| cell(row_at(row), column),
    )
    .with_index_of(move |key| order.with(|o| o.iter().position(|r| u64::from(*r) == key)))
    .with_tone(move |row| {
        if minor(row_at(row)) < 0 {
            Tone::Muted
        } else {
            Tone::Neutral
        }
    });
    let totals = move || {
        let len = order.with(|o| o.len());
        let chosen = selection.with(|s| s.count(len));
        view! {
            <span>{plural(len, "item", "items", Grouping::Western)}</span>
            <span>{format!("{} selected", format_count(chosen, Grouping::Western))}</span>
            <span class="num">
                "USD " {format_minor(i128::from(len as u64) * 432_117, 2, Grouping::Western)}
            </span>
        }
    };
    view! {
        <PageHead
            title="Items"
            facts="a number shows every nth row, a word shows none"
            filters=move || view! { <SearchField label="Filter the list" value=filter keys="/" /> }
        />
        <Grid
            label="Open items"
            source=source
            columns=columns()
            sort=sort
            on_sort=move |s| sort.set(Some(s))
            selection=selection
            on_open=move |key| opened.set(Some(key))
            current=opened
            empty=move || {
                view! {
                    <Empty
                        icon=Icon::Filter
                        title="No item fits these filters"
                        action=move || {
                            view! {
                                <Button
                                    label="Clear the filter"
                                    on_press=move |()| filter.set(String::new())
                                />
                            }
                        }
                    />
                }
            }
            footer=totals
        />
    }
}
