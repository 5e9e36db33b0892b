//! Expected cash by week, and last week's forecast against what came.

use super::Found;
use super::against::Against;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::risk::{CashForecast, WEEKS, forecast};
use duebook_ledger::reporting::ForecastWeek;
use leptos::prelude::*;
use std::sync::Arc;

/// The tab.
#[component]
pub fn Forecast(found: Arc<Found>) -> impl IntoView {
    let ws = use_ws();
    let all = ws.peek(|b| forecast(b, found.view, &found.portfolio.history));
    if all.is_empty() {
        return view! {
            <Against />
            <Empty icon=Icon::Calendar title="Nothing is open" text=Signal::stored("Expected cash is worked out from open items, promises and plans.".to_owned()) />
        }
        .into_any();
    }
    view! {
        <Against />
        {all.into_iter().map(|f| view! { <One forecast=f /> }).collect_view()}
    }
    .into_any()
}

#[component]
fn One(forecast: CashForecast) -> impl IntoView {
    let currency = forecast.currency;
    let heading = format!("Expected cash, {}", currency.code());
    let title = heading.clone();
    let largest = forecast
        .weeks
        .iter()
        .map(|w| w.expected().saturating_add(w.upside))
        .max()
        .unwrap_or(1)
        .max(1);
    let share =
        move |minor: i64| format!("{}%", i128::from(minor.max(0)) * 100 / i128::from(largest));
    let amount = |minor: i64| {
        if minor == 0 {
            String::new()
        } else {
            words::amount(minor, currency)
        }
    };
    let from = forecast.from;
    let rows = forecast.weeks.iter().enumerate().map(|(n, w)| {
        let label = match n {
            WEEKS => "Later, or not at all".to_owned(),
            n => format!("{} to {}", words::day(from.plus(7 * n as i32)), words::day(from.plus(7 * n as i32 + 6))),
        };
        let bars = (n < WEEKS).then(|| view! {
            <span class="risk-bar" aria-hidden="true">
                <span class="risk-committed" style:width=share(w.committed)></span>
                <span class="risk-statistical" style:width=share(w.statistical)></span>
                <span class="risk-upside" style:width=share(w.upside)></span>
            </span>
        });
        view! {
            <tr>
                <td>{label}</td>
                <td class="num">{amount(w.committed)}</td><td class="num">{amount(w.statistical)}</td>
                <td class="num"><strong>{amount(w.expected())}</strong></td><td class="num">{amount(w.upside)}</td><td>{bars}</td>
            </tr>
        }
    }).collect_view();
    let sum = |of: fn(&ForecastWeek) -> i64| {
        forecast
            .weeks
            .iter()
            .fold(0i64, |s, w| s.saturating_add(of(w)))
    };
    let (committed, statistical, upside) = (
        sum(|w| w.committed),
        sum(|w| w.statistical),
        sum(|w| w.upside),
    );
    let beside = format!(
        "Open {} = {} expected or later + {} upside + {} disputed, no date + {} placed.",
        words::amount(forecast.open, currency),
        words::amount(committed.saturating_add(statistical), currency),
        words::amount(upside, currency),
        words::amount(forecast.disputed, currency),
        words::amount(forecast.placed, currency)
    );
    view! {
        <section class="panel" aria-label=heading>
            <h2>{title}</h2>
            <p class="muted">"Committed: promises and instalments, weighted by how this customer kept them. Statistical: the rest, by how late the customer and the portfolio paid before. Upside: what more comes if every commitment is kept in full."</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Weeks">
                <table class="plain-table">
                    <thead><tr><th scope="col">"Week"</th><th scope="col" class="num">"Committed"</th><th scope="col" class="num">"Statistical"</th><th scope="col" class="num">"Expected"</th><th scope="col" class="num">"Upside"</th><th scope="col">"Share"</th></tr></thead>
                    <tbody>{rows}</tbody>
                    <tfoot><tr><td>"Together"</td><td class="num">{words::amount(committed, currency)}</td><td class="num">{words::amount(statistical, currency)}</td><td class="num">{words::amount(committed.saturating_add(statistical), currency)}</td><td class="num">{words::amount(upside, currency)}</td><td></td></tr></tfoot>
                </table>
            </div>
            <p>{beside}</p>
        </section>
    }
}
