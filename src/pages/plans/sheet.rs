//! The calculation sheet of one claim, as a court clerk could follow it: on screen and on paper.

use super::Desk;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::late::LateItem;
use duebook_insight::reports::{counted, fine, percent};
use duebook_policy::interest::{Accrual, InterestLine, InterestSheet};
use leptos::prelude::*;

/// The sheet.
#[component]
pub fn SheetView(desk: Desk, late: LateItem, sheet: InterestSheet) -> impl IntoView {
    let item = late.item;
    let currency = sheet.currency;
    let (number, name) = desk.ws.peek(|b| {
        let known = b.item(item);
        let name = known
            .as_ref()
            .map_or(String::new(), |i| super::wording::name(b, i.customer()));
        (known.map_or(String::new(), |i| i.number().to_owned()), name)
    });
    let title = format!("Interest on {number}, {name}");
    let heading = title.clone();
    let how = match sheet.accrual {
        Accrual::Fixed => {
            "Simple interest at the rate in force when it starts to run, for the whole of the claim."
        }
        Accrual::Variable => "Simple interest at the rate of each period.",
        Accrual::Monthly => {
            "Compound interest with monthly rests, at the rate in force at each rest. A broken month is counted by days."
        }
        Accrual::MonthlyFixed => {
            "Compound interest with monthly rests, at the rate in force when it starts to run."
        }
        Accrual::ThirtyDays => "Unpaid interest is added to the principal every 30 days.",
    };
    let rounding = match sheet.daily_rounded {
        true => "The figure for a day is rounded first, then multiplied.",
        false => "Exact throughout; rounded once, half up, at the end.",
    };
    let checked = match sheet.verified_on {
        Some(day) => format!("Rules checked {}.", words::day(day)),
        None => "The rules have not been checked yet.".to_owned(),
    };
    let last_day = sheet.relevant.as_ref().and_then(super::wording::last_day);
    let plan = late
        .plan
        .map(|p| format!("{}.", super::wording::under_plan(&p)));
    let (held_back, claim) = (late.held_back(), late.chargeable());
    let lines = sheet.lines.clone();
    let of = sheet.clone();
    let row = move |l: InterestLine| {
        view! {
            <tr>
                <td>{words::day(l.from)}</td><td>{words::day(l.to)}</td><td class="num">{counted(&of, &l)}</td>
                <td class="num">{words::amount(l.principal, currency)}</td><td class="num">{format!("{} %", percent(l.rate_ppm))}</td>
                <td class="num">{fine(l.fine, currency)}</td>
                <td class="num">{if l.paid > 0 { words::amount(l.paid, currency) } else { String::new() }}</td>
                <td>{source(&l)}</td>
            </tr>
        }
    };
    let amount = |minor: i64| words::money(minor, currency);
    view! {
        <section class="panel print-alone plans-sheet" aria-label=title>
            <h2>{heading}</h2>
            <p>{format!(
                "{} owed since {}; interest from the day after to {}.",
                amount(sheet.principal), words::day(sheet.due), words::day(sheet.until)
            )}</p>
            {last_day.map(|said| view! { <p>{said}</p> })}
            <p>{format!("{} ({}). {checked}", sheet.name, sheet.source)}</p>
            <p class="muted">{format!("{how} {rounding}")}</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Periods">
                <table class="plain-table">
                    <thead><tr>
                        <th scope="col">"From"</th><th scope="col">"To"</th><th scope="col" class="num">"Part of a year"</th><th scope="col" class="num">"Principal"</th>
                        <th scope="col" class="num">"Rate"</th><th scope="col" class="num">"Interest, exact"</th><th scope="col" class="num">"Paid then"</th><th scope="col">"Rate from"</th>
                    </tr></thead>
                    <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <dl class="plans-sum">
                <dt>"Interest, rounded once"</dt><dd class="num">{amount(sheet.interest)}</dd>
                <dt>"Fixed sum"</dt><dd class="num">{amount(sheet.fixed_sum)}</dd>
                <dt>"Charged before"</dt><dd class="num">{amount(-sheet.charged_before)}</dd>
                {(held_back > 0).then(|| view! { <dt>"Held back by a plan"</dt><dd class="num">{amount(-held_back)}</dd> })}
                <dt><strong>"Claim"</strong></dt><dd class="num"><strong>{amount(claim)}</strong></dd>
            </dl>
            {plan.map(|said| view! { <p>{said}</p> })}
            <p class="button-row no-print"><Button label="Print the sheet" icon=Icon::Report on_press=move |()| crate::ui::dom::print() /></p>
        </section>
    }
}

fn source(l: &InterestLine) -> String {
    let checked = match l.verified_on {
        Some(day) => format!("checked {}", words::day(day)),
        None => "not checked yet".to_owned(),
    };
    let stale = if l.stale { ", to be checked again" } else { "" };
    match l.source.is_empty() {
        true => String::new(),
        false => format!(
            "{} %, {}: {checked}{stale}",
            percent(l.reference_ppm),
            l.source
        ),
    }
}
