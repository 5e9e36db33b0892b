//! Money and dates in running text.

use super::format::{Grouping, MINUS, format_minor};
use super::look::use_look;
use leptos::prelude::*;

/// An amount in minor units, grouped as the user asks, with its currency unless a column says it once.
#[component]
pub fn Money(
    #[prop(into)] minor: Signal<i64>,
    exponent: u8,
    #[prop(optional, into)] currency: Option<String>,
) -> impl IntoView {
    let grouping = use_look().grouping;
    view! {
        <span class="money num" class:negative=move || minor.get() < 0>
            {move || format_minor(i128::from(minor.get()), exponent, grouping.get())}
            {currency.map(|c| view! { <span class="money-currency">" "{c}</span> })}
        </span>
    }
}

/// `text` with a real minus instead of a hyphen, for figures typed or made elsewhere.
pub fn with_real_minus(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(rest) => format!("{MINUS}{rest}"),
        None => text.to_owned(),
    }
}

/// Both groupings of an amount, for previews in Settings.
pub fn grouping_example(grouping: Grouping) -> String {
    format_minor(124_830_000, 2, grouping)
}
