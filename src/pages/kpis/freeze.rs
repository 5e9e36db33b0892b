//! The opening list of the period: frozen at a refresh, provisional until the source closes the
//! period.

use super::{Page, wording};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_insight::kpi::opening_totals;
use duebook_ledger::book::Import;
use duebook_ledger::facts::{ControlTotals, ImportKind};
use duebook_ledger::reporting::{FrozenList, ReportingCommand};
use duebook_ledger::{Book, Command, Seq};
use duebook_money::Day;
use leptos::prelude::*;

/// Refreshes offered.
const MOST: usize = 24;

/// Whether a file shows open items: a refresh that an opening list can be named by.
fn is_refresh(import: &&Import) -> bool {
    matches!(
        import.facts.kind,
        ImportKind::OpenItems | ImportKind::Invoices
    )
}

/// The refresh that shows the opening day best: the first as of it or later, else the newest.
fn proposed(book: &Book, opening: Day) -> Seq {
    let mut shows = book.imports().filter(is_refresh);
    let shows = shows.find(|i| i.facts.as_of >= opening);
    shows.map_or(book.head(), |i| i.commit)
}

/// What the list can be named by: the refreshes about the opening day, then what is known now;
/// commit, and words.
fn refreshes(book: &Book, opening: Day) -> Vec<(Seq, String)> {
    let first = proposed(book, opening);
    let all: Vec<&Import> = book.imports().filter(is_refresh).collect();
    let at = all
        .iter()
        .position(|i| i.commit == first)
        .unwrap_or(all.len());
    let about = all.iter().skip(at.saturating_sub(MOST / 4)).take(MOST);
    let mut out: Vec<(Seq, String)> = about
        .map(|i| {
            let facts = &i.facts;
            let early = if facts.as_of < opening {
                ", before the opening day"
            } else {
                ""
            };
            let as_of = words::day(facts.as_of);
            let words = format!("{}, {}, as of {as_of}{early}", facts.source, facts.file);
            (i.commit, words)
        })
        .collect();
    let head = book.head();
    if out.iter().all(|(seq, _)| *seq != head) {
        out.push((head, format!("As known now, commit {}", head.0)));
    }
    out
}

fn totals(totals: &ControlTotals) -> String {
    let sums = totals
        .sums
        .iter()
        .map(|(c, minor)| words::money(*minor, *c));
    let sums: Vec<String> = sums.collect();
    let sums = if sums.is_empty() {
        "nothing".to_owned()
    } else {
        sums.join(" · ")
    };
    format!(
        "{} past-due items, {sums}, hash total {}",
        totals.count, totals.hash_total
    )
}

#[component]
pub fn FreezeDialog(page: Page, open: RwSignal<bool>) -> impl IntoView {
    let title = Signal::derive(move || {
        let period = page.ask.get().period;
        format!(
            "Opening list, past due on {}",
            words::day(period.from.plus(-1))
        )
    });
    let known = RwSignal::new(String::new());
    let closed = RwSignal::new(false);
    let actions = move || view! { <Freeze page open known closed /> };
    view! {
        <Dialog open=open title=title actions=actions>
            <Form page known closed />
        </Dialog>
    }
}

#[component]
fn Form(page: Page, known: RwSignal<String>, closed: RwSignal<bool>) -> impl IntoView {
    let period = page.ask.get_untracked().period;
    let opening = period.from.plus(-1);
    let (all, first, now) = page.ws.peek(|book| {
        let list = book.frozen_list((period.from, period.to), |s| book.is_live(s));
        let now = list.map(|l| l.fact.clone());
        (refreshes(book, opening), proposed(book, opening), now)
    });
    known.set(now.as_ref().map_or(first, |l| l.known).0.to_string());
    closed.set(now.as_ref().is_some_and(|l| l.closed));
    let choices: Vec<Choice> = all
        .into_iter()
        .map(|(seq, words)| Choice::new(seq.0.to_string(), words))
        .collect();
    let sums = Memo::new(move |_| {
        let seq = known.with(|k| k.parse().ok().map(Seq))?;
        Some(
            page.ws
                .peek(|book| totals(&opening_totals(book, opening, seq))),
        )
    });
    let stands = match &now {
        None => {
            "Not frozen yet: the rate divides by what is known now, which later files still change."
                .to_owned()
        }
        Some(l) if l.closed => format!(
            "Frozen at “{}”; the source has closed the period. Undo that commit to change it.",
            l.refresh
        ),
        Some(l) => format!(
            "Frozen at “{}”, provisional. {}.",
            l.refresh,
            totals(&l.totals)
        ),
    };
    view! {
        <p>{wording::period(period)} ". " {stands}</p>
        <SelectField label="As known after" value=known choices=Signal::stored(choices) />
        <p class="muted" role="status">{move || sums.get()}</p>
        <Checkbox label="The source has closed the period: this list is final" value=closed />
    }
}

#[component]
fn Freeze(
    page: Page,
    open: RwSignal<bool>,
    known: RwSignal<String>,
    closed: RwSignal<bool>,
) -> impl IntoView {
    let toasts = use_toasts();
    let freeze = move |()| {
        let period = page.ask.get_untracked().period;
        let Some(known) = known.with_untracked(|k| k.parse().ok().map(Seq)) else {
            return;
        };
        let list = page.ws.peek(|book| {
            let opening = period.from.plus(-1);
            let name = refreshes(book, opening)
                .into_iter()
                .find(|(seq, _)| *seq == known);
            FrozenList {
                from: period.from,
                to: period.to,
                known,
                refresh: name.map_or(String::new(), |(_, words)| words),
                closed: closed.get_untracked(),
                totals: opening_totals(book, opening, known),
            }
        });
        let done = format!("Opening list frozen: {}", totals(&list.totals));
        let command = Command::Reporting(ReportingCommand::FreezeList(list));
        page.ws
            .run(toasts, command, NewTexts::default(), done, closes(open));
    };
    view! { <Button label="Freeze the opening list" kind=ButtonKind::Primary on_press=freeze /> }
}
