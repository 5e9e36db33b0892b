//! The roll-forward, and the movements behind a line of it.

use super::{Page, wording};
use crate::pages::account_href;
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::recon::{Roll, RollKind, members};
use duebook_insight::reports::roll_name;
use leptos::prelude::*;

/// Movements shown of a line.
const SHOWN: usize = 200;

/// The tab.
#[component]
pub fn RollView(page: Page) -> impl IntoView {
    move || {
        let found = page.found.get()?;
        let currency = page.currency.get();
        let roll = found.rolls.iter().find(|r| r.currency == currency).cloned();
        let control = found
            .controls
            .iter()
            .find(|c| c.currency == currency)
            .cloned();
        Some(match roll {
            None => view! { <p class="muted recon-part">"Nothing was open and nothing moved in this period."</p> }.into_any(),
            Some(roll) => view! {
                <div class="recon-split">
                    <Table page roll control=control.map(|c| (c.given, c.source)) />
                    <Behind page />
                </div>
            }
            .into_any(),
        })
    }
}

#[component]
fn Table(page: Page, roll: Roll, control: Option<(i64, String)>) -> impl IntoView {
    let currency = roll.currency;
    let span = page.span.get_untracked();
    let money = move |minor: i64| words::amount(minor, currency);
    let off = roll.difference();
    let (tone, proof) = match off {
        0 => (Tone::Good, "Adds up".to_owned()),
        off => (Tone::Danger, format!("UNRECONCILED by {}", money(off))),
    };
    let lines = roll.lines.clone();
    let at_source = roll.at_source;
    view! {
        <section class="panel" aria-label="Roll-forward">
            <table class="plain-table recon-roll">
                <caption class="sr-only">{format!("Roll-forward in {}", currency.code())}</caption>
                <thead><tr>
                    <th scope="col">{format!("{}, {}", wording::span(span), currency.code())}</th>
                    <th scope="col" class="num">"Count"</th>
                    <th scope="col" class="num">"Amount"</th>
                </tr></thead>
                <tbody>
                    <tr><th scope="row">{format!("Opening, end of {}", words::day(span.from.plus(-1)))}</th><td></td><td class="num">{money(roll.opening)}</td></tr>
                    {lines.into_iter().map(|l| view! {
                        <tr>
                            <td><Line page kind=l.kind /></td>
                            <td class="num">{format_count(l.count as usize, Default::default())}</td>
                            <td class="num">{money(l.amount)}</td>
                        </tr>
                    }).collect_view()}
                    <tr class="total"><th scope="row">{format!("Closing, end of {}", words::day(span.to))}</th><td><Chip text=proof tone=tone /></td><td class="num"><strong>{money(roll.closing)}</strong></td></tr>
                    <tr><td>"Less ours, not confirmed by the source"</td><td></td><td class="num">{money(-roll.pending())}</td></tr>
                    <tr><th scope="row">"At source"</th><td></td><td class="num">{money(at_source)}</td></tr>
                    {control.map(|(given, source)| {
                        let off = at_source - given;
                        let (tone, text) = match off {
                            0 => (Tone::Good, "Ties out".to_owned()),
                            off => (Tone::Danger, format!("UNRECONCILED by {}", money(off))),
                        };
                        view! { <tr><td>{format!("Control account ({source})")}</td><td><Chip text=text tone=tone /></td><td class="num">{money(given)}</td></tr> }
                    })}
                </tbody>
            </table>
        </section>
    }
}

#[component]
fn Line(page: Page, kind: RollKind) -> impl IntoView {
    let on = move || page.line.get() == Some(kind);
    view! {
        <button type="button" class="link-button" aria-pressed=move || on().to_string() on:click=move |_| page.line.set(Some(kind))>
            {roll_name(kind)}
        </button>
    }
}

/// The movements behind the line chosen.
#[component]
fn Behind(page: Page) -> impl IntoView {
    move || {
        let Some(kind) = page.line.get() else {
            return view! { <p class="muted">"Choose a line to see what is behind it."</p> }
                .into_any();
        };
        let (span, currency) = (page.span.get(), page.currency.get());
        let rows = page.ws.read(|b| {
            let (found, more) = members(b, span, currency, kind, SHOWN);
            let rows: Vec<_> = found
                .into_iter()
                .map(|m| {
                    let number = b
                        .item_key(m.item)
                        .map_or(String::new(), |k| words::item(&k));
                    let name = wording::name(b, m.customer);
                    (m.day, number, name, m.customer, m.amount)
                })
                .collect();
            (rows, more)
        });
        let (rows, more) = rows;
        view! {
            <section class="panel" aria-label=roll_name(kind)>
                <h2>{roll_name(kind)}</h2>
                <div class="table-scroll recon-behind" tabindex="0" role="region" aria-label="Movements">
                    <table class="plain-table">
                        <thead><tr><th scope="col">"Date"</th><th scope="col">"Document"</th><th scope="col">"Customer"</th><th scope="col" class="num">"Amount"</th></tr></thead>
                        <tbody>
                            {rows.into_iter().map(|(day, number, name, customer, amount)| view! {
                                <tr>
                                    <td>{words::day(day)}</td>
                                    <td>{number}</td>
                                    <td>{match account_href(page.ws, customer) {
                                        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                                        None => name.into_any(),
                                    }}</td>
                                    <td class="num">{words::amount(amount, currency)}</td>
                                </tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                </div>
                {(more > 0).then(|| view! { <p class="muted">{format!("And {} more: save the workbook to see all.", format_count(more as usize, Default::default()))}</p> })}
            </section>
        }
        .into_any()
    }
}
