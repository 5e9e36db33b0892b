//! Tasks of the desk: ad hoc and recurring, whose and for when; ticked off here and on Today.

use super::wording;
use crate::pages::account_href;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws, use_ws};
use duebook_ledger::keys::{CustomerKey, FactKey};
use duebook_ledger::shift::{NewTask, Recurrence, ShiftCommand};
use duebook_ledger::{Book, Command};
use duebook_money::Day;
use leptos::prelude::*;

const EVERY: [(&str, &str); 4] = [
    ("once", "Once"),
    ("daily", "Every business day"),
    ("weekly", "Every week on that weekday"),
    ("monthly", "Every month on that day"),
];

/// A task as listed.
#[derive(Clone, PartialEq)]
struct Row {
    key: FactKey,
    due: Day,
    what: String,
    agent: String,
    account: Option<(String, String)>,
    every: String,
}

fn rows(ws: Ws) -> Vec<Row> {
    let mut out: Vec<Row> = ws.read_all(|book, texts| {
        let due = book
            .tasks()
            .iter()
            .filter_map(|t| Some((t, book.task_due(t)?)));
        due.map(|(task, due)| Row {
            key: task.key,
            due,
            what: texts.get(task.fact.what).unwrap_or("(erased)").to_owned(),
            agent: task.fact.agent.clone(),
            account: task.fact.customer.and_then(|c| {
                let name = book.customer_facts(c)?.name.clone();
                Some((name, account_href(ws, c)?))
            }),
            every: wording::recurrence(task.fact.every),
        })
        .collect()
    });
    duebook_money::order::sort_by_key(&mut out, |r| (r.due, r.key));
    out
}

/// Finds an account by number, or by a name that only one has.
fn account(book: &Book, typed: &str) -> Option<CustomerKey> {
    let typed = typed.trim();
    let mut by_name = Vec::new();
    for id in book.customer_ids() {
        let key = book.customer_key(id)?;
        if key.number == typed {
            return Some(key);
        }
        let facts = book.customer_facts(id);
        if facts.is_some_and(|f| f.name.eq_ignore_ascii_case(typed)) {
            by_name.push(key);
        }
    }
    (by_name.len() == 1).then(|| by_name.swap_remove(0))
}

/// The view.
#[component]
pub fn Tasks() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let all = Memo::new(move |_| rows(ws));
    let tick = Callback::new(move |(key, due): (FactKey, Day)| {
        let command = Command::Shift(ShiftCommand::TickTask { task: key, due });
        ws.run(
            toasts,
            command,
            NewTexts::default(),
            "Task done".to_owned(),
            |_| {},
        );
    });
    let drop = Callback::new(move |key: FactKey| {
        let command = Command::Shift(ShiftCommand::DropTask { task: key });
        ws.run(
            toasts,
            command,
            NewTexts::default(),
            "Task taken off".to_owned(),
            |_| {},
        );
    });
    let row = move |r: Row| {
        let (key, due) = (r.key, r.due);
        let late = ws.today_untracked().since(due);
        let age = match late {
            n if n > 0 => plural(n as usize, "day late", "days late", Default::default()),
            0 => "today".to_owned(),
            _ => String::new(),
        };
        let account = r
            .account
            .map(|(name, href)| view! { <a class="link" href=href>{name}</a> });
        let agent = if r.agent.is_empty() {
            "whoever works".to_owned()
        } else {
            r.agent
        };
        view! {
            <li>
                <span class="paper-name">{r.what} " " {account}</span>
                <span class="paper-says num">{format!("{}, {agent}, {}", words::day(due), r.every)} " " <span class="muted">{age}</span></span>
                <span class="button-row">
                    <Button label="Done" on_press=move |()| tick.run((key, due)) />
                    <Button label="Take off" kind=ButtonKind::Quiet on_press=move |()| drop.run(key) />
                </span>
            </li>
        }
    };
    view! {
        <NewTaskForm />
        <section class="panel paper" aria-label="Tasks">
            <Show
                when=move || all.with(|a| !a.is_empty())
                fallback=|| view! { <Empty icon=Icon::Check title="No task" text=Signal::stored("Give one above: a portal to check, a list to send, a reconciliation on the first of the month.".to_owned()) /> }
            >
                <ul class="paper-lines"><For each=move || all.get() key=|r| (r.key, r.due) children=row /></ul>
            </Show>
        </section>
    }
}

#[component]
fn NewTaskForm() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let what = RwSignal::new(String::new());
    let agent = RwSignal::new(String::new());
    let about = RwSignal::new(String::new());
    let due = RwSignal::new(ws.today_untracked().to_string());
    let every = RwSignal::new("once".to_owned());
    let day = Signal::derive(move || {
        let text = due.get();
        duebook_money::date::parse_iso_bytes(text.trim().as_bytes())
    });
    let unknown = Signal::derive(move || {
        let typed = about.get();
        if typed.trim().is_empty() {
            return None;
        }
        let found = ws.peek(|b| account(b, &typed));
        found
            .is_none()
            .then(|| "No account has this number or name alone.".to_owned())
    });
    let refused = Signal::derive(move || {
        if what.with(|w| w.trim().is_empty()) {
            return Some("Say what is to be done.".to_owned());
        }
        match day.get() {
            None => Some("Give a day as 2026-11-30.".to_owned()),
            Some(_) => unknown.get(),
        }
    });
    let save = move |()| {
        let Some(day) = day.get_untracked() else {
            return;
        };
        let recurrence = match every.get_untracked().as_str() {
            "daily" => Recurrence::Daily,
            "weekly" => Recurrence::Weekly(day.weekday().index() + 1),
            "monthly" => Recurrence::Monthly(day.day_of_month()),
            _ => Recurrence::Once,
        };
        let mut texts = NewTexts::default();
        let text = match texts.add(&what.get_untracked()) {
            Ok(Some(text)) => text,
            Ok(None) => return,
            Err(e) => {
                toasts.error(format!("The task could not be kept: {e}."));
                return;
            }
        };
        let typed = about.get_untracked();
        let task = NewTask {
            what: text,
            agent: agent.get_untracked(),
            customer: ws
                .peek(|b| account(b, &typed))
                .filter(|_| !typed.trim().is_empty()),
            due: day,
            every: recurrence,
        };
        let command = Command::Shift(ShiftCommand::SetTasks(vec![task]));
        ws.run(
            toasts,
            command,
            texts,
            "Task given".to_owned(),
            move |saved| {
                if saved.is_some() {
                    what.set(String::new());
                    about.set(String::new());
                }
            },
        );
    };
    let choices = Signal::stored(EVERY.map(|(id, label)| Choice::new(id, label)).to_vec());
    let echo = Signal::derive(move || day.get().map(words::day));
    view! {
        <section class="panel shift-form" aria-labelledby="shift-task">
            <h2 id="shift-task">"Give a task"</h2>
            <TextField label="What" value=what />
            <div class="form-row">
                <TextField label="Whose" value=agent optional=true hint=Some("Empty: whoever works.".to_owned()) />
                <TextField label="Account" value=about optional=true error=unknown hint=Some("Number or name; empty: of the desk.".to_owned()) />
                <DateField label="Due" value=due echo=echo />
                <SelectField label="How often" value=every choices=choices />
            </div>
            <p class="button-row"><Button label="Give the task" kind=ButtonKind::Primary refused=refused on_press=save /></p>
        </section>
    }
}
