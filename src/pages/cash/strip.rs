//! Whether the statement adds up, and what became of the money in: equations in figures (RC-01,
//! CA-01).

use super::run::Sheet;
use crate::ui::prelude::*;
use crate::words;
use leptos::prelude::*;
use std::sync::Arc;

/// The strip.
#[component]
pub fn Strip(sheet: Arc<Sheet>) -> impl IntoView {
    let currency = sheet.facts.currency;
    let amount = move |minor: i64| words::amount(minor, currency);
    let sums = sheet.sums;
    let balance = |b: Option<i64>| b.map_or("not given".to_owned(), amount);
    let (opening, closing) = (balance(sheet.facts.opening), balance(sheet.facts.closing));
    let gap = sheet.sums.gap(&sheet.facts);
    let unreconciled = |by: i64| (Tone::Danger, format!("UNRECONCILED by {}", amount(by)));
    let (tone, adds_up) = match gap {
        None => (
            Tone::Warn,
            "The file gives no balances to prove it by".to_owned(),
        ),
        Some(0) => (Tone::Good, "Adds up".to_owned()),
        Some(gap) => unreconciled(gap),
    };
    let (money_tone, money) = match (sums.credit_gap(), sums.open) {
        (0, 0) => (Tone::Good, "All money in is accounted for".to_owned()),
        (0, open) => (Tone::Warn, format!("{} is still open", amount(open))),
        (gap, _) => unreconciled(gap),
    };
    let figure = |label: &'static str, value: String| {
        view! { <span class="cash-figure"><span class="muted">{label}</span>" "<strong class="num">{value}</strong></span> }
    };
    let sign = |text: &'static str| view! { <span class="cash-sign">{text}</span> };
    view! {
        <section class="cash-strip" aria-label="Reconciliation">
            <p>
                {figure("Opening", opening)} {sign("+")}
                {figure("movements", amount(sums.movements))} {sign("=")}
                {figure("closing", closing)}
                <Chip text=adds_up tone=tone />
            </p>
            <p>
                {figure("Money in", amount(sums.credits))} {sign("=")}
                {figure("receipts", amount(sums.receipts))} {sign("+")}
                {figure("explained", amount(sums.explained))} {sign("+")}
                {figure("open", amount(sums.open))}
                <Chip text=money tone=money_tone />
            </p>
        </section>
    }
}
