//! What customers asked for, by the hours left to answer.

use super::Page;
use crate::pages::account_href;
use crate::pages::shared::account::name_of;
use crate::pages::shared::{list_keys, use_go, use_now};
use crate::platform::clock;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Texts, Ws};
use duebook_ledger::keys::FactKey;
use duebook_ledger::letters::LettersCommand;
use duebook_ledger::{Book, Command, CustomerId};
use duebook_letters::words::query;
use leptos::prelude::*;
use std::sync::Arc;

/// A query that waits for its answer.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    id: u64,
    key: FactKey,
    customer: CustomerId,
    name: String,
    what: &'static str,
    documents: String,
    note: String,
    /// The instant until which it is to be answered.
    until: i64,
    asked: i64,
}

/// Queries that wait.
pub fn count(ws: Ws) -> usize {
    ws.read(|b| {
        b.queries()
            .iter()
            .filter(|q| b.query_answer(q) == Some(None))
            .count()
    })
}

fn rows(book: &Book, texts: &Texts) -> Vec<Row> {
    let open = book.queries().iter().enumerate();
    let open = open.filter(|(_, q)| book.query_answer(q) == Some(None));
    let row = |(id, q): (usize, &duebook_ledger::letters::Query)| {
        let fact = &q.fact;
        let numbers = fact
            .items
            .iter()
            .filter_map(|i| book.item(book.current(*i)));
        let numbers: Vec<&str> = numbers.map(|i| i.number()).collect();
        Row {
            id: id as u64,
            key: q.key,
            customer: fact.customer,
            name: name_of(book, fact.customer),
            what: query(fact.kind),
            documents: numbers.join(", "),
            note: fact
                .note
                .and_then(|n| texts.get(n))
                .unwrap_or("")
                .to_owned(),
            until: fact.at.saturating_add(i64::from(fact.hours) * 3_600_000),
            asked: fact.at,
        }
    };
    let mut all: Vec<Row> = open.map(row).collect();
    duebook_money::order::sort_by_key(&mut all, |r| (r.until, r.id));
    all
}

/// How long is left, or how long it is over.
fn left(until: i64, now: i64) -> (Tone, String) {
    let minutes = until.saturating_sub(now) / 60_000;
    let say = |m: i64| match m {
        m if m < 60 => format!("{m} min"),
        m if m < 48 * 60 => format!("{} h", m / 60),
        m => plural(
            usize::try_from(m / 1_440).unwrap_or(0),
            "day",
            "days",
            Default::default(),
        ),
    };
    match minutes {
        m if m <= 0 => (Tone::Danger, format!("{} over", say(-m))),
        m if m < 120 => (Tone::Warn, format!("{} left", say(m))),
        m => (Tone::Neutral, format!("{} left", say(m))),
    }
}

fn moment(at: i64) -> String {
    match clock::local_time_at(at, clock::local_offset_minutes(at)) {
        Some(t) => format!(
            "{}, {:02}:{:02}",
            words::day(duebook_money::Day(t.date)),
            t.hour,
            t.minute
        ),
        None => String::new(),
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("customer", "Customer", 150).grow(2),
        Column::text("what", "Asked for", 150),
        Column::text("documents", "Documents", 140)
            .grow(1)
            .hide_below(700),
        Column::text("note", "In words", 160)
            .grow(2)
            .hide_below(900),
        Column::text("asked", "Asked on", 150).hide_below(1040),
        Column::text("left", "To answer", 110),
    ]
}

/// The tab.
#[component]
pub fn Queries(page: Page) -> impl IntoView {
    let ws = page.ws;
    let now = use_now();
    let all = Memo::new(move |_| Arc::new(ws.read_all(rows)));
    let selection = RwSignal::new(Selection::default());
    let source = GridSource::new(
        move || all.with(|a| a.len()),
        move |row| all.with(|a| a.get(row).map_or(u64::MAX, |r| r.id)),
        move |row, column| {
            let Some(r) = all.with(|a| a.get(row).cloned()) else {
                return CellView::Empty;
            };
            match column {
                0 => CellView::Strong(r.name),
                1 => CellView::Text(r.what.to_owned()),
                2 => CellView::Text(r.documents),
                3 => CellView::Faint(r.note),
                4 => CellView::Text(moment(r.asked)),
                _ => {
                    let (tone, text) = left(r.until, now.get());
                    CellView::Toned(tone, text)
                }
            }
        },
    );
    let handle = GridHandle::new();
    list_keys(handle);
    super::select_key(handle);
    let go = use_go();
    let open = Callback::new(move |key: u64| {
        let customer = all.with_untracked(|a| a.iter().find(|r| r.id == key).map(|r| r.customer));
        if let Some(path) = customer.and_then(|c| account_href(ws, c)) {
            go.run(path);
        }
    });
    let chosen = move || {
        let of = |r: &&Row| selection.with(|s| s.contains(r.id));
        all.with(|a| a.iter().filter(of).cloned().collect::<Vec<_>>())
    };
    let answering = RwSignal::new(false);
    let how = RwSignal::new(String::new());
    let refused = Signal::derive(move || {
        let past = ws.chosen_view().get().is_some();
        match (past, chosen().len()) {
            (true, _) => {
                Some("These are past figures. Go back to today to change anything.".to_owned())
            }
            (_, 1) => None,
            _ => Some("Select one query: x or Space.".to_owned()),
        }
    });
    let answer = move || {
        let Some(row) = untrack(chosen).into_iter().next() else {
            return;
        };
        let mut texts = NewTexts::default();
        let note = match texts.add(&how.get_untracked()) {
            Ok(note) => note,
            Err(e) => {
                return page
                    .toasts
                    .error(format!("Not saved: {e}. The book is as it was."));
            }
        };
        let command = Command::Letters(LettersCommand::AnswerQuery {
            query: row.key,
            at: clock::now_ms(),
            note,
        });
        let done = format!("Answered: {}, {}", row.what, row.name);
        ws.run(page.toasts, command, texts, done, move |saved| {
            if saved.is_some() {
                let _ = selection.try_update(Selection::clear);
                let _ = answering.try_set(false);
            }
        });
    };
    let title = Signal::derive(move || {
        chosen().first().map_or(String::new(), |r| {
            format!("Answered: {}, {}", r.what, r.name)
        })
    });
    let actions = move || view! { <Button label="Save the answer" kind=ButtonKind::Primary on_press=move |()| answer() /> };
    view! {
        <div class="page-actions letter-confirm">
            <Button label="It is answered" kind=ButtonKind::Primary icon=Icon::Check refused=refused on_press=move |()| {
                how.set(String::new());
                answering.set(true);
            } />
        </div>
        <div class="page-grid">
            <Grid
                label="Queries"
                source=source
                columns=Signal::stored(columns())
                handle=handle
                selection=selection
                on_open=open
                empty=move || view! {
                    <Empty icon=Icon::Check title="No query waits" text=Signal::stored("What a customer asks for is recorded on the account, under Write, New query: it appears here with its hours to answer.".to_owned()) />
                }
            />
        </div>
        <Dialog open=answering title=title actions=actions>
            <form on:submit=move |event| {
                event.prevent_default();
                answer();
            }>
                <TextField label="How" value=how optional=true autofocus=true hint=Some("Sent the copy by mail, uploaded, passed on to ...".to_owned()) />
            </form>
        </Dialog>
    }
}
