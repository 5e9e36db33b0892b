//! What the day asks for beside the calls: hand-overs to read, money to apply before anybody is
//! chased, cases past their clock, what is carried forward, tasks of the desk (domain.md §9.1, §9.4).

use crate::app::href;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws, use_ws};
use duebook_insight::cases;
use duebook_insight::shift::{Gates, due_tasks, gates};
use duebook_ledger::Command;
use duebook_ledger::keys::FactKey;
use duebook_ledger::shift::ShiftCommand;
use duebook_money::Day;
use leptos::prelude::*;

/// Tasks shown here; all of them stand under Shift.
const SHOWN: usize = 4;

/// A task whose day has come.
#[derive(Clone, PartialEq)]
struct Row {
    key: FactKey,
    due: Day,
    says: String,
}

fn tasks(ws: Ws) -> Vec<Row> {
    let (today, who) = (ws.today(), ws.who().get());
    ws.read_all(|book, texts| {
        let due = due_tasks(book, today, Some(&who));
        let row = |d: &duebook_insight::shift::DueTask| {
            let task = book.tasks().get(d.task.0 as usize)?;
            let what = texts.get(task.fact.what).unwrap_or("(erased)");
            let name = task.fact.customer.and_then(|c| book.customer_facts(c));
            let name = name.map_or(String::new(), |f| format!(", {}", f.name));
            let age = match d.age {
                0 => String::new(),
                n => format!(
                    ", carried {}",
                    plural(n as usize, "day", "days", Default::default())
                ),
            };
            Some(Row {
                key: task.key,
                due: d.due,
                says: format!("{what}{name}{age}"),
            })
        };
        due.iter().filter_map(row).collect()
    })
}

/// What the desk of cases asks for.
#[derive(Clone, Copy, PartialEq)]
struct Desk {
    over: usize,
    escalate: usize,
    answers: usize,
    digests: usize,
}

/// The links of what is to be done first: text and page.
fn links(gates: &Gates, desk: Desk) -> Vec<(String, &'static str)> {
    let mut out = Vec::new();
    let count = |n: usize, one: &str, many: &str| plural(n, one, many, Default::default());
    if gates.unread > 0 {
        let n = count(gates.unread as usize, "hand-over", "hand-overs");
        out.push((format!("{n} to read"), "shift"));
    }
    if gates.lines > 0 {
        let n = count(gates.lines as usize, "bank line", "bank lines");
        out.push((format!("{n} to apply"), "cash"));
    }
    match gates.unapplied.as_slice() {
        [] => {}
        [(currency, sum)] => {
            let sum = i64::try_from(*sum).unwrap_or(i64::MAX);
            out.push((
                format!("{} unapplied", words::money(sum, *currency)),
                "cash",
            ));
        }
        all => out.push((
            format!("Unapplied money in {} currencies", all.len()),
            "cash",
        )),
    }
    if desk.over > 0 {
        let n = count(desk.over, "case", "cases");
        out.push((format!("{n} over the clock"), "cases?show=late"));
    }
    if desk.escalate > 0 {
        let n = count(desk.escalate, "case", "cases");
        let says = format!("{n} due for escalation");
        out.push((says, "cases?show=escalate"));
    }
    if desk.digests > 0 {
        let n = count(desk.digests, "digest", "digests");
        out.push((format!("{n} of cases to send"), "cases?tab=digests"));
    }
    if desk.answers > 0 {
        let n = count(desk.answers, "answer", "answers");
        out.push((format!("{n} to an escalation overdue"), "cases?show=asked"));
    }
    let carried = gates.follow_ups;
    if carried.count > 0 {
        let n = count(carried.count as usize, "follow-up", "follow-ups");
        let days = count(carried.oldest.max(0) as usize, "day", "days");
        out.push((
            format!("{n} carried forward, oldest {days}"),
            "today?show=callbacks",
        ));
    }
    out
}

/// The strip above the list.
#[component]
pub fn Daily() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let found = Memo::new(move |_| {
        let today = ws.today();
        let gates = ws.figures(|book, derived| {
            let balances = derived.live().map(|l| l.balances());
            gates(book, balances, today)
        });
        let over = ws.read(|b| {
            let all = cases::queue(b, today);
            let digests = cases::digests(b, &all, today);
            Desk {
                over: all.iter().filter(|r| r.is_past_clock()).count(),
                escalate: cases::due_for_escalation(&all).count(),
                answers: all.iter().filter(|r| r.is_answer_overdue()).count(),
                digests: digests.iter().filter(|d| d.due).count(),
            }
        });
        links(&gates, over)
    });
    let all = Memo::new(move |_| tasks(ws));
    let tick = Callback::new(move |(task, due): (FactKey, Day)| {
        let command = Command::Shift(ShiftCommand::TickTask { task, due });
        ws.run(
            toasts,
            command,
            NewTexts::default(),
            "Task done".to_owned(),
            |_| {},
        );
    });
    let row = move |r: Row| {
        let (key, due) = (r.key, r.due);
        view! { <li><span>{r.says}</span> <Button label="Done" kind=ButtonKind::Quiet on_press=move |()| tick.run((key, due)) /></li> }
    };
    let more = move || {
        let n = all.with(Vec::len);
        (n > SHOWN).then(|| view! { <li><a class="link" href=href(ws, "shift?show=tasks")>{format!("{} more", n - SHOWN)}</a></li> })
    };
    let any = move || found.with(|f| !f.is_empty()) || all.with(|a| !a.is_empty());
    view! {
        <Show when=any>
            <section class="daily" aria-label="Before the calls">
                <ul class="daily-links">
                    {move || found.get().into_iter().map(|(text, page)| view! {
                        <li><a class="link" href=href(ws, page)>{text}</a></li>
                    }).collect_view()}
                </ul>
                <ul class="daily-tasks" aria-label="Tasks">
                    <For each=move || { all.with(|a| a.iter().take(SHOWN).cloned().collect::<Vec<_>>()) } key=|r| (r.key, r.due) children=row />
                    {more}
                </ul>
            </section>
        </Show>
    }
}
