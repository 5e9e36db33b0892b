//! What disputes cost and where they stay: cycle times, departments, causes, rates.

use super::Page;
use crate::pages::shared::in_address;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::cases::{CaseFigures, Spread, figures};
use duebook_money::Day;
use leptos::prelude::*;

/// The tab.
#[component]
pub fn Figures(page: Page) -> impl IntoView {
    let (asked, ask) = in_address::<String>("months", true);
    let months = move || match asked.get().as_deref() {
        Some("1") => 1,
        Some("3") => 3,
        Some("all") => 0,
        _ => 12,
    };
    let chips = [
        ("1", "1 month"),
        ("3", "3 months"),
        ("", "12 months"),
        ("all", "All"),
    ];
    let chips = chips.map(|(id, label)| {
        let on = Signal::derive(move || asked.get().unwrap_or_default() == id);
        let toggle = move |()| ask.run((!id.is_empty()).then(|| id.to_owned()));
        view! { <FilterChip label=label on=on on_toggle=toggle /> }
    });
    let all = Memo::new(move |_| {
        let today = page.ws.today();
        let from = match months() {
            0 => Day(i32::MIN / 2),
            n => today.add_months(-n).unwrap_or(today).plus(1),
        };
        page.ws.read(|b| figures(b, from, today, today))
    });
    view! {
        <div class="case-figures">
            <div class="items-chips" role="group" aria-label="Period">{chips}</div>
            {move || {
                let f = all.get();
                if f.raised == 0 && f.closed == 0 && f.open == 0 {
                    return view! {
                        <Empty icon=Icon::Bars title="No dispute in this period" text=Signal::stored("Choose a longer period, or import the disputes of your other system.".to_owned()) />
                    }.into_any();
                }
                view! { <Shown page f /> }.into_any()
            }}
        </div>
    }
}

fn days(spread: &Spread) -> String {
    if spread.count == 0 {
        return "–".to_owned();
    }
    let mean = spread.mean_hundredths();
    format!(
        "median {}, 9 in 10 within {}, mean {}.{:02}",
        spread.median,
        spread.p90,
        mean / 100,
        mean % 100
    )
}

fn of(part: u32, whole: u32) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => format!("{part} of {whole} ({} %)", part * 100 / whole),
    }
}

#[component]
fn Shown(page: Page, f: CaseFigures) -> impl IntoView {
    // Of what another system closed without saying how nobody knows who was right.
    let decided = f.closed.saturating_sub(f.not_said);
    let facts = [
        ("Raised", f.raised.to_string()),
        ("Closed", f.closed.to_string()),
        ("Open now", f.open.to_string()),
        ("Within the clock", of(f.in_time, f.closed)),
        ("Customer right", of(f.valid, decided)),
        ("Owed as billed", of(f.invalid, decided)),
        ("Right the first time", of(f.first_time_right, f.closed)),
        ("Opened again", of(f.reopened, f.closed)),
    ];
    let facts = facts.map(|(label, value)| view! { <Stat label=label value=value /> });
    let spreads = [
        ("Calendar days", &f.calendar, &f.calendar_net),
        ("Business days", &f.working, &f.working_net),
    ];
    let spreads = spreads.map(|(label, gross, net)| {
        view! { <tr><td>{label}</td><td>{days(gross)}</td><td>{days(net)}</td></tr> }
    });
    let departments = f
        .departments
        .iter()
        .map(|(name, cases, calendar, working)| {
            let name = if name.is_empty() {
                "The customer, or nobody"
            } else {
                name
            };
            view! {
                <tr>
                    <td>{name.to_owned()}</td>
                    <td class="num">{*cases}</td>
                    <td class="num">{*calendar}</td>
                    <td class="num">{*working}</td>
                </tr>
            }
        });
    let format = words::number_format();
    let causes = f.causes.iter().map(|c| {
        let name = page.ws.peek(|b| words::cases::reason(b, &c.cause));
        let exponent = c.currency.exponent();
        view! {
            <tr>
                <td>{name}</td>
                <td class="num">{c.cases}</td>
                <td class="num">{format!("{} {}", format.minor(c.disputed, exponent), c.currency.code())}</td>
                <td class="num">{format.minor(c.money_days, exponent)}</td>
                <td class="num">{format!("{}.{} %", c.cumulative / 10, c.cumulative % 10)}</td>
            </tr>
        }
    });
    let rates = f.rates.iter().map(|r| {
        let name = match r.reason.as_str() {
            "" => format!("All, {}", r.currency.code()),
            code => page.ws.peek(|b| words::cases::reason(b, code)),
        };
        let exponent = r.currency.exponent();
        let share = r.basis_points().map_or("–".to_owned(), |bp| {
            format!("{}.{:02} %", bp / 100, bp % 100)
        });
        view! {
            <tr>
                <td>{name}</td>
                <td class="num">{r.cases}</td>
                <td class="num">{format.minor(r.disputed, exponent)}</td>
                <td class="num">{format.minor(r.billed, exponent)}</td>
                <td class="num">{share}</td>
            </tr>
        }
    });
    view! {
        <StatRow>{facts}</StatRow>
        <h3>"How long they took"</h3>
        <table class="case-items">
            <thead><tr><th>"Closed in the period"</th><th>"From raised to closed"</th><th>"Without the customer’s time"</th></tr></thead>
            <tbody>{spreads}</tbody>
        </table>
        <h3>"In whose hands"</h3>
        <table class="case-items">
            <thead><tr><th>"Department"</th><th class="num">"Cases"</th><th class="num">"Days"</th><th class="num">"Business days"</th></tr></thead>
            <tbody>{departments.collect_view()}</tbody>
        </table>
        <h3>"What holds money up"</h3>
        <table class="case-items">
            <thead><tr><th>"Root cause"</th><th class="num">"Cases"</th><th class="num">"Contested"</th><th class="num">"Money-days"</th><th class="num">"Cumulative"</th></tr></thead>
            <tbody>{causes.collect_view()}</tbody>
        </table>
        <h3>"Contested of what was billed"</h3>
        <table class="case-items">
            <thead><tr><th>"Reason"</th><th class="num">"Cases"</th><th class="num">"Contested"</th><th class="num">"Billed"</th><th class="num">"Share"</th></tr></thead>
            <tbody>{rates.collect_view()}</tbody>
        </table>
    }
}
