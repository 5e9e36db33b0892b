//! Weeks of frozen forecasts with what came: one table for the forecast and for its key figure.

use crate::words;
use duebook_insight::kpi::JudgedWeek;
use leptos::prelude::*;

/// Weeks shown at most, the newest.
const MOST: usize = 60;

fn ahead(weeks: usize) -> String {
    match weeks {
        0 => "the next week".to_owned(),
        n => format!("{} weeks ahead", n + 1),
    }
}

/// The weeks, the newest first.
#[component]
pub fn ForecastWeeks(mut weeks: Vec<JudgedWeek>, #[prop(into)] label: String) -> impl IntoView {
    duebook_money::order::sort_by_key(&mut weeks, |w| {
        (std::cmp::Reverse(w.to), w.ahead, w.currency.code())
    });
    let all = weeks.len();
    let rows = weeks.into_iter().take(MOST).map(|w| {
        let amount = |minor: i128| match i64::try_from(minor) {
            Ok(minor) => words::amount(minor, w.currency),
            Err(_) => "too large".to_owned(),
        };
        view! {
            <tr>
                <td>{words::day(w.from)} " to " {words::day(w.to)}</td>
                <td>{words::day(w.as_of)} ", " {ahead(w.ahead)}</td>
                <td>{w.currency.code()}</td>
                <td class="num">{amount(w.said.expected().into())}</td>
                <td class="num">{amount(w.came.cash)}</td>
                <td class="num">{amount(w.came.presumed)}</td>
                <td class="num"><strong>{amount(w.off())}</strong></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let cut = (all > MOST).then(|| format!("The newest {MOST} of {all} lines."));
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="plain-table">
                <thead><tr>
                    <th scope="col">"Week"</th><th scope="col">"Frozen as of"</th><th scope="col">"Currency"</th>
                    <th scope="col" class="num">"Expected"</th><th scope="col" class="num">"Cash received"</th>
                    <th scope="col" class="num">"Presumed paid"</th><th scope="col" class="num">"Expected less came"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {cut.map(|c| view! { <p class="muted">{c}</p> })}
    }
}
