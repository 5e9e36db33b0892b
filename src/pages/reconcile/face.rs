//! The face: reconciled or UNRECONCILED, how far the difference is from zero, the four figures.

use super::{Page, wording};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::recon::{Face as State, Reconciliation, Span, Status};
use duebook_money::Currency;
use leptos::prelude::*;

/// The difference of a currency, and how much of it is explained: minor units, positive.
fn to_zero(found: &Reconciliation, currency: Currency) -> (u64, u64) {
    let of = found
        .register
        .breaks
        .iter()
        .filter(|b| b.currency == currency);
    of.filter(|b| b.status != Status::Cleared)
        .fold((0u64, 0u64), |(open, done), b| {
            let amount = b.amount.unsigned_abs();
            match b.status {
                Status::Explained => (open, done.saturating_add(amount)),
                _ => (open.saturating_add(amount), done),
            }
        })
}

/// The strip under the head.
#[component]
pub fn Face(page: Page) -> impl IntoView {
    move || {
        let found = page.found.get()?;
        let currency = page.currency.get();
        let locked = page.ws.read(|b| {
            let span = found.span;
            let lock = b.locks().find(|l| l.from <= span.from && span.to <= l.to);
            lock.map(|l| Span {
                from: l.from,
                to: l.to,
            })
        });
        Some(view! { <Shown page found currency locked /> })
    }
}

#[component]
fn Shown(
    page: Page,
    found: std::sync::Arc<Reconciliation>,
    currency: Currency,
    locked: Option<Span>,
) -> impl IntoView {
    let money = |minor: i64| words::amount(minor, currency);
    let (open, done) = to_zero(&found, currency);
    let share = match open.saturating_add(done) {
        0 => 1000,
        all => (u128::from(done) * 1000 / u128::from(all)) as u16,
    };
    let count = found
        .register
        .open()
        .filter(|b| b.currency == currency)
        .count();
    let face = match found.face() {
        State::Reconciled => (Tone::Good, "Reconciled".to_owned()),
        State::NothingCompared => (Tone::Neutral, "Nothing to compare with yet".to_owned()),
        State::Unreconciled => (Tone::Danger, "UNRECONCILED".to_owned()),
    };
    let bar = match (open, done) {
        (0, 0) => format!("Difference 0.00 {}", currency.code()),
        (0, done) => format!(
            "Difference 0.00 {} unexplained; {} is explained",
            currency.code(),
            words::money(i64::try_from(done).unwrap_or(i64::MAX), currency)
        ),
        (open, _) => format!(
            "{} in {} to zero",
            words::money(i64::try_from(open).unwrap_or(i64::MAX), currency),
            plural(count, "break", "breaks", Default::default())
        ),
    };
    let roll = found.rolls.iter().find(|r| r.currency == currency);
    let book = found.books.iter().find(|b| b.currency == currency);
    let control = found.controls.iter().find(|c| c.currency == currency);
    let not_given = || "not given".to_owned();
    let bank = book.map_or_else(
        || "no statement".to_owned(),
        |b| money(b.money_in - b.not_customers),
    );
    let receipts = roll.map_or(0, |r| {
        let of = r
            .lines
            .iter()
            .find(|l| l.kind == duebook_insight::recon::RollKind::Receipts);
        of.map_or(0, |l| l.amount.saturating_neg())
    });
    let cash_book = book.map_or_else(|| money(receipts), |b| money(b.receipts));
    let closing = roll.map_or_else(|| money(0), |r| money(r.at_source));
    let pending = roll.map_or(0, |r| r.pending());
    let given = control.map_or_else(not_given, |c| money(c.given));
    let off = control.map(|c| c.difference());
    let note = move |text: String| Signal::stored(text);
    let closing_note = match pending {
        0 => "at source".to_owned(),
        p => format!("at source; {} more is ours, not confirmed", money(p)),
    };
    let control_note = match (off, control.map(|c| c.source.as_str())) {
        (Some(0), Some(source)) => format!("{source}: ties out"),
        (Some(off), _) => format!("differs by {}", money(off)),
        _ => format!("for {}", words::day(found.span.to)),
    };
    let tone = |bad: bool| Signal::stored(if bad { Tone::Danger } else { Tone::Neutral });
    let code = currency.code();
    let take_on = found.before_take_on.iter().map(|(source, day)| {
        format!(
            "only items still open on {} are known of {source}",
            words::day(*day)
        )
    });
    let take_on: Vec<String> = take_on.collect();
    let lock_text = locked.map(|l| format!("Locked: {}", wording::span(l)));
    let compared = found.is_compared();
    let _ = page;
    view! {
        <section class="recon-face" aria-label="State">
            <p class="recon-state">
                <Chip text=face.1 tone=face.0 />
                {lock_text.map(|text| view! { <Chip text=text tone=Tone::Neutral /> })}
                {compared.then(|| view! {
                    <span role="status" class="num">{bar.clone()}</span>
                    <meter min="0" max="1000" value=share.to_string() aria-label="Explained of the difference" title=bar></meter>
                })}
            </p>
            {(!take_on.is_empty()).then(|| view! {
                <p class="muted">{format!("Before take-on, {}: what was settled earlier in the period is not in it.", take_on.join("; "))}</p>
            })}
            <StatRow>
                <Stat label=format!("Bank, money in, {code}") value=bank note=note("of customers".to_owned()) />
                <Stat label="Cash book, receipts" value=cash_book note=note("dated in the period".to_owned()) />
                <Stat label="Subledger, closing" value=closing note=note(closing_note) />
                <Stat label="Control account" value=given tone=tone(off.is_some_and(|o| o != 0)) note=note(control_note) />
            </StatRow>
        </section>
    }
}
