//! Whether the statement adds up, and what became of the money in: equations in figures (RC-01,
//! CA-01).

use super::Cash;
use super::run::Sheet;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::cashlog::{Rates, per_mille, rates};
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
        None => {
            let missing = match (sheet.facts.opening, sheet.facts.closing) {
                (None, Some(_)) => "The file gives no opening balance to prove it by",
                (Some(_), None) => "The file gives no closing balance to prove it by",
                _ => "The file gives no balances to prove it by",
            };
            (Tone::Warn, missing.to_owned())
        }
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

/// How much needed nobody, by count, by application and by value, and how much of it turned out
/// wrong so far (KP-50, KP-51).
#[component]
pub fn RatesLine(cash: Cash, sheet: Arc<Sheet>) -> impl IntoView {
    let (own, all) = cash.ws.peek(|b| {
        let own = rates(b, sheet.rows.iter().map(|r| r.line));
        let mut lines: Vec<_> = b.statements().flat_map(|(_, s)| s.lines.clone()).collect();
        duebook_money::order::sort(&mut lines);
        lines.dedup();
        (own, rates(b, lines))
    });
    let currency = sheet.facts.currency;
    let text = move || {
        let value = format!(
            "{} of {}",
            words::amount(own.auto_value, currency),
            words::amount(own.value, currency)
        );
        format!(
            "Matched by itself: {} of {} payments ({}), {} of {} applications ({}), {value} ({})",
            own.auto,
            own.payments,
            share(u128::from(own.auto), u128::from(own.payments)),
            own.auto_applications,
            own.applications,
            share(
                u128::from(own.auto_applications),
                u128::from(own.applications)
            ),
            share(
                own.auto_value.unsigned_abs().into(),
                own.value.unsigned_abs().into()
            ),
        )
    };
    (own.payments > 0).then(|| {
        view! { <p class="muted cash-rates">{text()} " · " {wrong(&all)}</p> }
    })
}

fn share(part: u128, whole: u128) -> String {
    per_mille(part, whole).map_or("none".to_owned(), super::wording::per_mille)
}

/// Of all statements: what posted by itself and was taken back or settled otherwise since.
fn wrong(all: &Rates) -> String {
    match all.ever_auto {
        0 => "nothing has posted by itself yet".to_owned(),
        n => format!(
            "wrong so far: {} of {n} ({})",
            all.wrong,
            share(u128::from(all.wrong), u128::from(n))
        ),
    }
}
