//! Lead: what nobody touched, cases without a person, and notes drawn for a second look.

use super::lead::name_of;
use crate::pages::shared::account::name_of as customer_name;
use crate::pages::{account_href, href};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::cases::{CaseRow, queue};
use duebook_insight::shift::{NotTouched as Gap, agent_of, not_touched, notes_drawn};
use duebook_ledger::ActivityId;
use duebook_money::Day;
use leptos::prelude::*;

/// Lines shown before more are asked for, and with each asking.
const PAGE: usize = 50;
/// Notes drawn of each agent.
const EACH: usize = 5;

/// Balances past due that nobody touched in the last `days` days, the most worth first.
#[component]
pub fn NotTouched(days: Memo<i32>) -> impl IntoView {
    let ws = use_ws();
    let most = RwSignal::new(PAGE);
    let all = Memo::new(move |_| {
        let (today, days) = (ws.today(), days.get());
        ws.figures(|book, derived| {
            let live = derived.live();
            live.map(|live| not_touched(book, live.balances(), today, days))
                .unwrap_or_default()
        })
    });
    let row = move |gap: Gap| {
        let (name, agent) =
            ws.peek(|b| (customer_name(b, gap.customer), agent_of(b, gap.customer)));
        let href = account_href(ws, gap.customer).unwrap_or_default();
        view! {
            <li>
                <span class="paper-name"><a class="link" href=href>{name}</a></span>
                <span class="paper-says num">{words::money(gap.past_due, gap.currency)}</span>
                <span class="paper-text">{name_of(&agent)}</span>
            </li>
        }
    };
    let facts = move || {
        let currency = ws.read(|b| b.policies().rates.reporting());
        all.with(|all| {
            let count = plural(all.len(), "balance", "balances", Default::default());
            let alone = all.iter().all(|g| g.currency == all[0].currency);
            let unknown = all.iter().filter(|g| g.worth.is_none()).count();
            match (alone, unknown) {
                (true, _) => format!("{count}, the largest first"),
                (false, 0) => format!("{count}, the most worth in {} first", currency.code()),
                (false, n) => format!(
                    "{count}, the most worth in {} first; {n} without a rate last",
                    currency.code()
                ),
            }
        })
    };
    let more = move || {
        let left = all.with(Vec::len).saturating_sub(most.get());
        (left > 0).then(|| {
            let label = format!("Show {} more of {left}", left.min(PAGE));
            view! { <Button label=label kind=ButtonKind::Quiet on_press=move |()| most.update(|m| *m += PAGE) /> }
        })
    };
    view! {
        <section class="panel paper" aria-labelledby="lead-gaps">
            <header class="paper-head"><h2 id="lead-gaps">"Past due and not touched"</h2><span class="muted">{facts}</span></header>
            <ul class="paper-lines">{move || all.with(|a| a.iter().take(most.get()).copied().map(row).collect_view())}</ul>
            {more}
        </section>
    }
}

/// Open cases that wait with us and name nobody.
#[component]
pub fn Unowned() -> impl IntoView {
    let ws = use_ws();
    let most = RwSignal::new(PAGE);
    let all = Memo::new(move |_| {
        let rows = ws.read(|b| queue(b, ws.today()));
        let without = rows.into_iter().filter(CaseRow::is_without_owner);
        without.collect::<Vec<_>>()
    });
    let row = move |case: &CaseRow| {
        let name = ws.peek(|b| customer_name(b, case.customer));
        let number = String::from(js_sys::encode_uri_component(&case.number));
        let to = href(ws, &format!("cases?case={number}"));
        let department = match case.department.as_str() {
            "" => "no department".to_owned(),
            department => department.to_owned(),
        };
        let reason = ws.peek(|b| words::cases::reason(b, &case.reason));
        let since = words::day(case.since);
        view! {
            <li>
                <span class="paper-name"><a class="link" href=to>{case.number.clone()}</a>" "{name}</span>
                <span class="paper-says num">{(!case.query).then(|| words::money(case.money.disputed, case.currency))}</span>
                <span class="paper-text">{format!("{reason}, {department}, since {since}")}</span>
            </li>
        }
    };
    let facts = move || {
        let n = all.with(Vec::len);
        match n {
            0 => "Every open case that waits with us names a person.".to_owned(),
            n => plural(n, "open case", "open cases", Default::default()),
        }
    };
    let more = move || {
        let left = all.with(Vec::len).saturating_sub(most.get());
        (left > 0).then(|| {
            let label = format!("Show {} more of {left}", left.min(PAGE));
            view! { <Button label=label kind=ButtonKind::Quiet on_press=move |()| most.update(|m| *m += PAGE) /> }
        })
    };
    view! {
        <section class="panel paper" aria-labelledby="lead-cases">
            <header class="paper-head"><h2 id="lead-cases">"Cases without owner"</h2><span class="muted">{facts}</span></header>
            <ul class="paper-lines">{move || all.with(|a| a.iter().take(most.get()).map(row).collect_view())}</ul>
            {more}
        </section>
    }
}

/// The month asked for, as far as it has come.
fn month(today: Day, last: bool) -> (Day, Day) {
    let first = today.month_start();
    match last {
        false => (first, today),
        true => (first.plus(-1).month_start(), first.plus(-1)),
    }
}

/// A few notes of each agent, to be read again.
#[component]
pub fn NotesSampled() -> impl IntoView {
    let ws = use_ws();
    let of = RwSignal::new("this".to_owned());
    let period = Memo::new(move |_| month(ws.today(), of.with(|o| o == "last")));
    let drawn = Memo::new(move |_| {
        let (from, to) = period.get();
        ws.read(|b| notes_drawn(b, from, to, EACH))
    });
    let choices = vec![
        Choice::new("this", "This month"),
        Choice::new("last", "Last month"),
    ];
    let facts = move || {
        let (from, to) = period.get();
        format!("{} to {}", words::day(from), words::day(to))
    };
    let note = move |id: ActivityId| {
        ws.peek_all(|book, texts| {
            let activity = book.activities().get(id.index())?;
            let on = book.commit(activity.commit)?.ledger_date;
            let text = activity.note.and_then(|n| texts.get(n));
            let text = text.unwrap_or("(erased)").to_owned();
            let name = customer_name(book, activity.customer);
            let outcome = words::outcome(activity.outcome);
            Some((activity.customer, name, words::day(on), outcome, text))
        })
        .map(|(customer, name, on, outcome, text)| {
            let to = account_href(ws, customer).unwrap_or_default();
            view! {
                <li>
                    <span class="paper-name"><a class="link" href=to>{name}</a></span>
                    <span class="paper-says">{format!("{on}, {outcome}")}</span>
                    <span class="paper-text">{text}</span>
                </li>
            }
        })
    };
    let all = move || {
        drawn.with(|all| {
            if all.is_empty() {
                return view! { <p class="faint">"No notes were written in it."</p> }.into_any();
            }
            let one = |d: &duebook_insight::shift::NotesDrawn| {
                let lines = d.drawn.iter().copied().map(note).collect_view();
                let written = plural(d.written as usize, "note", "notes", Default::default());
                let head = format!("{}: {} of {written}", name_of(&d.agent), d.drawn.len());
                view! { <h3>{head}</h3> <ul class="paper-lines">{lines}</ul> }
            };
            all.iter().map(one).collect_view().into_any()
        })
    };
    view! {
        <section class="panel paper" aria-labelledby="lead-notes">
            <header class="paper-head"><h2 id="lead-notes">"Notes to read again"</h2><span class="muted">{facts}</span></header>
            <p class="muted">{format!("Up to {EACH} notes of each agent, drawn the same way in every copy of the book: a second look finds the same ones.")}</p>
            <div class="shift-form form-row"><SelectField label="Written" value=of choices=choices /></div>
            {all}
        </section>
    }
}
