//! Frozen forecasts against what came since, horizon by horizon and week by week (KP-26).

use crate::pages::shared::{ForecastWeeks, use_go};
use crate::platform::latest::Latest;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::kpi::{Ask, By, Gathered, Horizon, In, JudgedWeek, Period, Ratio, Whose};
use duebook_ledger::Book;
use duebook_money::{Currency, Day};
use leptos::prelude::*;
use std::sync::Arc;

/// What is asked of the key figures: everything from the first frozen forecast to today; `None`
/// where nothing was frozen.
fn ask(book: &Book, today: Day) -> Option<Ask> {
    let mut all = book.frozen_forecasts(|s| book.is_live(s));
    let first = all.next().map(|f| f.fact.as_of.plus(1))?;
    Some(Ask {
        period: Period {
            from: first.min(today),
            to: today,
        },
        known: None,
        scope: Whose::default(),
        by: By::Nothing,
    })
}

/// When forecasts were frozen: how many, the last, and the day its first week is over.
fn stands(book: &Book) -> Option<String> {
    let all: Vec<Day> = (book.frozen_forecasts(|s| book.is_live(s)))
        .map(|f| f.fact.as_of)
        .collect();
    let last = all.last()?;
    let n = plural(all.len(), "forecast", "forecasts", Default::default());
    Some(format!(
        "{n} frozen, the last as of {}: its first week ends on {}.",
        words::day(*last),
        words::day(last.plus(7))
    ))
}

fn percent(ratio: Option<Ratio>) -> String {
    let tenths = ratio.and_then(|r| r.rounded(1000));
    tenths.map_or("n/a".to_owned(), |t| {
        format!("{} %", words::number_format().minor(t, 1))
    })
}

/// The panel.
#[component]
pub fn Against() -> impl IntoView {
    let ws = use_ws();
    let go = use_go();
    let made = Latest::following(move |run| {
        let today = ws.today();
        let ask = ws.read(|b| ask(b, today));
        async move {
            match ask {
                Some(ask) => ws.gather(ask, run).await.map(|g| Some(Arc::new(g))),
                None => Some(None),
            }
        }
    });
    let made = made.answer();
    let stands = Memo::new(move |_| ws.read(stands));
    let figures = move || go.run(crate::app::href(ws, "kpis?figure=KP-26"));
    view! {
        <section class="panel" aria-label="Forecast against what came">
            <h2>"Forecast against what came"</h2>
            {move || match stands.get() {
                None => view! { <p class="muted">"No forecast is frozen yet. Freeze it once a week, or issue a pack with the cash forecast: a week later this page says how far it was off."</p> }.into_any(),
                Some(text) => view! {
                    <p>{text}</p>
                    {move || made.get().flatten().map(|g| view! { <Judged gathered=g /> })}
                    <p class="button-row"><Button label="Open the key figure" kind=ButtonKind::Quiet on_press=move |()| figures() /></p>
                }.into_any(),
            }}
        </section>
    }
}

/// A line for each currency: how far the next week was off; its horizons and weeks unfold.
#[component]
fn Judged(gathered: Arc<Gathered>) -> impl IntoView {
    let weeks = gathered.judged_weeks().unwrap_or_default();
    let mut currencies: Vec<Currency> = weeks.iter().map(|w| w.currency).collect();
    duebook_money::order::sort_by_key(&mut currencies, |c| c.code());
    currencies.dedup();
    if currencies.is_empty() {
        return view! { <p class="muted">"No week of them is over yet."</p> }.into_any();
    }
    let single = currencies.len() == 1;
    let parts = currencies.into_iter().map(|currency| {
        let horizons = gathered.horizons(In::Own(currency)).unwrap_or_default();
        let of: Vec<JudgedWeek> = weeks
            .iter()
            .filter(|w| w.currency == currency)
            .copied()
            .collect();
        view! { <One currency horizons weeks=of open=single /> }
    });
    view! {
        {parts.collect_view()}
        <p class="muted">"Error (WAPE): what each week was off, either way, of what came. Bias above zero: more was expected than came. What came is cash received and what the source shows as settled without a cause."</p>
    }
    .into_any()
}

#[component]
fn One(
    currency: Currency,
    horizons: Vec<Horizon>,
    weeks: Vec<JudgedWeek>,
    open: bool,
) -> impl IntoView {
    let amount = move |minor: i128| match i64::try_from(minor) {
        Ok(minor) => words::amount(minor, currency),
        Err(_) => "too large".to_owned(),
    };
    let summary = match horizons.first() {
        Some(next) if next.ahead == 0 => format!(
            "{}: the next week was off by {}, bias {}, over {}",
            currency.code(),
            percent(next.error()),
            percent(next.bias()),
            plural(
                usize::try_from(next.weeks).unwrap_or(usize::MAX),
                "week",
                "weeks",
                Default::default()
            )
        ),
        _ => currency.code().to_owned(),
    };
    let rows = horizons.into_iter().map(|h| {
        let ahead = plural(h.ahead + 1, "week", "weeks", Default::default());
        view! {
            <tr>
                <td>{ahead}</td><td class="num">{h.weeks}</td>
                <td class="num">{amount(h.expected)}</td><td class="num">{amount(h.came.total())}</td>
                <td class="num"><strong>{percent(h.error())}</strong></td><td class="num">{percent(h.bias())}</td>
            </tr>
        }
    });
    let label = format!("Forecast error by horizon, {}", currency.code());
    let rows = rows.collect_view();
    view! {
        <details class="plans-more" open=open>
            <summary>{summary}</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label=label>
                <table class="plain-table">
                    <thead><tr>
                        <th scope="col">"Ahead"</th><th scope="col" class="num">"Weeks judged"</th>
                        <th scope="col" class="num">"Expected"</th><th scope="col" class="num">"Came"</th>
                        <th scope="col" class="num">"Error (WAPE)"</th><th scope="col" class="num">"Bias"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <ForecastWeeks weeks label=format!("Weeks of frozen forecasts, {}", currency.code()) />
        </details>
    }
}
