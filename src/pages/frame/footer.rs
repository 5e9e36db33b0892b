//! Footer: how much is in the book and its totals per currency.

use crate::ui::format::format_count;
use crate::workspace::use_ws;
use leptos::prelude::*;

/// The footer. Working figures of today, from the same function as every page.
#[component]
pub fn Footer() -> impl IntoView {
    let ws = use_ws();
    let facts = Memo::new(move |_| {
        ws.figures(|book, derived| {
            let aging = derived.aging();
            let totals = aging.as_ref().map(|a| &a.totals[..]).unwrap_or_default();
            let format = crate::words::number_format();
            let sums: Vec<String> = totals
                .iter()
                .map(|t| format!("{} {}", format.minor(t.total, t.currency.exponent()), t.currency.code()))
                .collect();
            (book.customer_ids().count(), totals.iter().map(|t| t.items).sum::<u64>(), sums)
        })
    });
    view! {
        <span class="num">
            {move || facts.with(|(customers, items, _)| format!(
                "{} customers · {} open items",
                format_count(*customers, Default::default()),
                format_count(*items as usize, Default::default()),
            ))}
        </span>
        <span class="num status-sums">{move || facts.with(|(_, _, sums)| sums.join(" · "))}</span>
    }
}
