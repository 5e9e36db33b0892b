//! The lines of a statement, and what is proposed for the one in hand beside them.

use super::run::{Row, Sheet, State};
use super::{Cash, detail, strip, wording};
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use leptos::prelude::*;
use std::sync::Arc;

/// A statement.
#[component]
pub fn SheetView(cash: Cash, sheet: Arc<Sheet>) -> impl IntoView {
    let kept = StoredValue::new(sheet.clone());
    let shown = Memo::new(move |_| {
        let show = cash.show.get();
        kept.with_value(|s| s.shown(show))
    });
    let known = cash
        .current
        .get_untracked()
        .is_some_and(|key| sheet.row(key).is_some());
    if !known {
        let waits = sheet.rows.iter().find(|r| r.state != State::Done);
        let first = waits.or(sheet.rows.first());
        cash.current.set(first.map(|r| u64::from(r.line.0)));
    }
    let (ready, sum) = sheet.count(State::Ready);
    let all = match ready {
        0 => String::new(),
        n => format!(
            "Accept {}, {}",
            plural(n, "ready payment", "ready payments", Default::default()),
            words::money(sum, sheet.facts.currency)
        ),
    };
    let chips = std::iter::once(None).chain(State::ALL.into_iter().map(Some));
    let chips = chips.map(|state| {
        let count = state.map_or(sheet.rows.len(), |s| sheet.count(s).0);
        let label = state.map_or("All", wording::state);
        let on = Signal::derive(move || cash.show.get() == state);
        let toggle = move |()| {
            let wanted = state.filter(|_| !on.get_untracked());
            cash.set_show.run(wanted.map(|s| s.id().to_owned()));
        };
        let count = Signal::stored(format_count(count, Default::default()));
        view! { <FilterChip label=label on=on on_toggle=toggle count=count /> }
    });
    let chips = chips.collect_view();
    let for_detail = sheet.clone();
    view! {
        <strip::Strip sheet=sheet.clone() />
        <strip::RatesLine cash sheet=sheet.clone() />
        <div class="cash-bar">
            <div class="cash-chips" role="group" aria-label="Lines shown">{chips}</div>
            {(!all.is_empty()).then(|| view! {
                <Button label=all kind=ButtonKind::Primary on_press=move |()| cash.accept_ready() />
            })}
        </div>
        <div class="cash">
            <div class="cash-lines"><Lines cash kept shown /></div>
            <div class="cash-detail">
                {move || {
                    let row = cash.current.get().and_then(|key| for_detail.row(key).cloned());
                    row.map(|row| view! { <detail::Detail cash sheet=for_detail.clone() row /> })
                }}
            </div>
        </div>
    }
}

#[component]
fn Lines(cash: Cash, kept: StoredValue<Arc<Sheet>>, shown: Memo<Vec<u32>>) -> impl IntoView {
    let row = move |n: usize| -> Option<Row> {
        let at = shown.with(|s| s.get(n).copied())?;
        kept.with_value(|s| s.rows.get(at as usize).cloned())
    };
    let key = move |n: usize| row(n).map_or(u64::MAX, |r| u64::from(r.line.0));
    let source = GridSource::new(
        move || shown.with(Vec::len),
        key,
        move |n, column| {
            let Some(row) = row(n) else {
                return CellView::Empty;
            };
            let currency = kept.with_value(|s| s.facts.currency);
            cash.ws.peek(|b| {
                let fact = b.line(row.line).map(|l| &l.fact);
                match column {
                    0 => CellView::Faint(fact.map_or(String::new(), |f| words::day(f.booked))),
                    1 => CellView::Text(fact.map_or(String::new(), wording::who)),
                    2 => CellView::Text(words::amount(row.amount, currency)),
                    3 => CellView::Chips(vec![(
                        wording::tone(row.state),
                        wording::state(row.state).to_owned(),
                    )]),
                    _ => CellView::Text(wording::what(b, &row)),
                }
            })
        },
    );
    let columns = vec![
        Column::text("booked", "Booked", 128).hide_below(560),
        Column::text("payer", "Payer or text", 160).grow(2),
        Column::number("amount", "Amount", 116),
        Column::text("state", "Stands", 104),
        Column::text("what", "Pays", 170).grow(3).hide_below(640),
    ];
    let accept = Callback::new(move |key: u64| {
        cash.current.set(Some(key));
        cash.accept_current();
    });
    view! {
        <Grid
            label="Lines of the statement"
            source=source
            columns=Signal::stored(columns)
            handle=cash.grid
            current=cash.current
            open_on_click=false
            on_open=accept
            on_active=move |key: u64| cash.current.set(Some(key))
            empty=|| view! { <p class="muted">"No line stands so."</p> }
        />
    }
}
