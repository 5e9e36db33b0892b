//! Activity: the log of the book, newest first: who did what, when; undo, redo, and the figures as
//! they were known then.

mod detail;
mod story;

use super::choice::choice_in_address;
use super::shared::{in_address, list_keys, search_in_address};
use crate::platform::clock;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use detail::{CommitDialog, show_as_known};
use duebook_ledger::book::CommitMeta;
use duebook_ledger::command::CommandKind;
use duebook_ledger::plans::PlanKind;
use duebook_ledger::{Book, Seq};
use duebook_money::Day;
use leptos::prelude::*;
use std::sync::Arc;
use story::Facts;

/// The facts behind the sentences, gathered anew after each commit.
#[derive(Clone)]
pub struct Gathered(Arc<Facts>);

impl PartialEq for Gathered {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The kinds one can ask for: value in the address, words.
const KINDS: [(&str, &str); 10] = [
    ("", "Everything"),
    ("imports", "Imports"),
    ("contacts", "Contacts and promises"),
    ("items", "Fields of items"),
    ("postings", "Documents and payments"),
    ("customers", "Customers and people"),
    ("shift", "Shift and tasks"),
    ("reports", "Reports"),
    ("settings", "Settings"),
    ("undone", "Undone and undoing"),
];

fn group(kind: CommandKind) -> &'static str {
    use CommandKind as K;
    match kind {
        K::ImportItems | K::ImportPayments | K::ImportMasterData | K::ImportStatements => "imports",
        K::Letters(_) => "contacts",
        K::LogContact | K::TakePromise | K::EndPromise | K::SetFollowUp | K::CloseFollowUps => {
            "contacts"
        }
        K::Desk(_) => "contacts",
        K::SetField | K::SetFields | K::WorkTogether => "items",
        K::ImportTracker | K::ImportCases => "imports",
        K::OpenCases | K::WorkCase | K::Escalate => "contacts",
        K::ImportSales => "imports",
        K::FreezeList | K::FreezeForecast | K::IssueReport => "reports",
        K::Resolve => "postings",
        K::ConfirmSuccession => "items",
        K::MergeCustomers => "customers",
        K::IssueDocument
        | K::RecordReceipt
        | K::ApplyCredit
        | K::AcceptMatches
        | K::ExplainLines
        | K::Recon => "postings",
        K::ReverseSettlement | K::ReturnReceipt | K::SetStanding | K::SendBatch => "postings",
        K::SaveCustomer | K::SaveContact | K::RemoveContact | K::SetProfile | K::EraseTexts => {
            "customers"
        }
        K::StartShift | K::EndShift | K::TakeIn | K::SetTasks | K::TickTask | K::DropTask => {
            "shift"
        }
        K::SignOff | K::HandPack | K::AcknowledgePack => "shift",
        K::Plan(PlanKind::RaiseCharges | PlanKind::WaiveCharge | PlanKind::WriteOffRest) => {
            "postings"
        }
        K::Plan(_) => "contacts",
        K::OpenBook | K::SetPolicy | K::SetControlBalance | K::SetTemplate | K::RemoveTemplate => {
            "settings"
        }
        K::Undo => "undone",
    }
}

/// When, on this machine's clock: "21 Nov 2026, 16:05".
fn local_time(at: i64) -> String {
    match clock::local_time_at(at, clock::local_offset_minutes(at)) {
        Some(t) => format!("{}, {:02}:{:02}", words::day(Day(t.date)), t.hour, t.minute),
        None => String::new(),
    }
}

/// What can be done about a commit: the commit to void, and the verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    commit: Seq,
    label: &'static str,
}

/// Undo, or redo by undoing the undo. The beginning of a book and an erasure cannot be undone.
fn act_of(book: &Book, commit: &CommitMeta) -> Option<Act> {
    if matches!(
        commit.label.kind,
        CommandKind::OpenBook | CommandKind::EraseTexts
    ) {
        return None;
    }
    let voided = book.voided_by(commit.seq);
    let undoes = commit.label.undoes.is_some();
    let label = if voided.is_some() == undoes {
        "Undo"
    } else {
        "Redo"
    };
    Some(Act {
        commit: voided.unwrap_or(commit.seq),
        label,
    })
}

/// The page.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let ws = use_ws();
    let text = search_in_address("q");
    let (kind, set_kind) = in_address::<String>("kind", true);
    let gathered = Memo::new(move |_| Gathered(Arc::new(ws.read(Facts::new))));
    let shown = Memo::new(move |_| {
        let wanted: Vec<String> = text
            .get()
            .to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let kind = kind.get().unwrap_or_default();
        let facts = gathered.get();
        ws.peek(|book| {
            let fits = |c: &&CommitMeta| {
                is_kind(book, c, &kind) && (wanted.is_empty() || holds(book, &facts.0, c, &wanted))
            };
            Arc::new(
                book.commits()
                    .iter()
                    .rev()
                    .filter(fits)
                    .map(|c| c.seq)
                    .collect::<Vec<Seq>>(),
            )
        })
    });
    let chosen = choice_in_address(kind, set_kind);
    let asked = RwSignal::new(None::<Seq>);
    let facts = Signal::derive(move || {
        let count = plural(
            shown.with(|s| s.len()),
            "commit",
            "commits",
            Default::default(),
        );
        format!("{count} · nothing is ever removed: an undo is a commit of its own")
    });
    let choices: Vec<Choice> = KINDS
        .iter()
        .map(|(id, label)| Choice::new(*id, *label))
        .collect();
    view! {
        <PageHead
            title="Activity"
            facts=facts
            actions=move || view! { <SaveMenu ws /> }
            filters=move || view! {
                <SearchField label="Customer, amount, file or person" value=text keys="/".to_owned() />
                <SelectField label="Show" value=chosen choices=choices.clone() />
            }
        />
        <Log ws gathered shown asked />
        <CommitDialog ws facts=gathered asked />
    }
}

fn is_kind(book: &Book, commit: &CommitMeta, kind: &str) -> bool {
    match kind {
        "" => true,
        "undone" => commit.label.undoes.is_some() || book.voided_by(commit.seq).is_some(),
        kind => group(commit.label.kind) == kind,
    }
}

fn holds(book: &Book, facts: &Facts, commit: &CommitMeta, words: &[String]) -> bool {
    let file = facts
        .import(commit.seq)
        .map_or("", |i| i.facts.file.as_str());
    let source = facts
        .import(commit.seq)
        .map_or("", |i| i.facts.source.as_str());
    let sentence = facts.sentence(book, commit);
    let text = format!(
        "{} {sentence} {} {file} {source}",
        commit.seq.0, commit.actor
    )
    .to_lowercase();
    words.iter().all(|w| text.contains(w.as_str()))
}

/// The report of contacts as a file.
#[component]
fn SaveMenu(ws: Ws) -> impl IntoView {
    let toasts = use_toasts();
    let ask = move |format: &'static str| {
        Callback::new(move |()| ws.export(toasts, "activity", format, Vec::new(), None))
    };
    let items = Signal::stored_local(vec![
        MenuItem::new("Contacts made, as Excel", ask("xlsx")),
        MenuItem::new("Contacts made, as CSV", ask("csv")),
    ]);
    view! { <Menu label="Save as" items=items /> }
}

fn columns() -> Vec<Column> {
    vec![
        Column::number("seq", "No.", 66).hide_below(640),
        Column::text("when", "When", 168),
        Column::text("who", "Who", 124).hide_below(820),
        Column::text("what", "What", 180).grow(4),
        Column::text("file", "From file", 120)
            .grow(1)
            .hide_below(1100),
        Column::text("state", "", 134).hide_below(960),
        Column::text("act", "", 196).hide_below(640),
    ]
}

#[component]
fn Log(
    ws: Ws,
    gathered: Memo<Gathered>,
    shown: Memo<Arc<Vec<Seq>>>,
    asked: RwSignal<Option<Seq>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let seq_of = move |row: usize| shown.with(|s| s.get(row).copied());
    let source = GridSource::new(
        move || shown.with(|s| s.len()),
        move |row| seq_of(row).map_or(0, |s| u64::from(s.0)),
        move |row, column| {
            let Some(seq) = seq_of(row) else {
                return CellView::Empty;
            };
            gathered.with(|facts| {
                ws.read(|book| match book.commit(seq) {
                    Some(commit) => cell(ws, toasts, book, &facts.0, commit, column),
                    None => CellView::Empty,
                })
            })
        },
    )
    .with_index_of(move |key| {
        // Newest first: numbers fall.
        let wanted = u32::try_from(key).ok()?;
        shown.with(|s| s.binary_search_by(|at| wanted.cmp(&at.0)).ok())
    })
    .with_tone(move |row| {
        let undone = seq_of(row).is_some_and(|seq| ws.read(|b| !b.is_live(seq)));
        if undone { Tone::Muted } else { Tone::Neutral }
    });
    let handle = GridHandle::new();
    list_keys(handle);
    let open = Callback::new(move |key: u64| asked.set(u32::try_from(key).ok().map(Seq)));
    view! {
        <div class="page-grid">
            <Grid
                label="Activity"
                source=source
                columns=Signal::stored(columns())
                handle=handle
                on_open=open
                empty=move || view! {
                    <Empty
                        icon=Icon::History
                        title="Nothing fits"
                        text=Signal::stored("Choose everything, or look for fewer words.".to_owned())
                    />
                }
            />
        </div>
    }
}

fn cell(
    ws: Ws,
    toasts: Toasts,
    book: &Book,
    facts: &Facts,
    commit: &CommitMeta,
    column: usize,
) -> CellView {
    let undone = book.voided_by(commit.seq);
    match column {
        0 => CellView::Faint(commit.seq.0.to_string()),
        1 => CellView::Text(local_time(commit.recorded_at)),
        2 => CellView::Text(commit.actor.clone()),
        3 => {
            let (hint, sentence) = (facts.sentence(book, commit), facts.sentence(book, commit));
            CellView::View(match undone {
                Some(_) => view! { <s class="log-undone" title=hint>{sentence}<span class="sr-only">" (undone)"</span></s> }.into_any(),
                None => view! { <span title=hint>{sentence}</span> }.into_any(),
            })
        }
        4 => match facts.import(commit.seq) {
            Some(import) => CellView::Faint(import.facts.file.clone()),
            None => CellView::Empty,
        },
        5 => match (undone, commit.label.undoes) {
            (Some(by), _) => CellView::Chips(vec![(Tone::Muted, format!("Undone by {}", by.0))]),
            (None, Some(target)) => {
                CellView::Chips(vec![(Tone::Info, format!("Undoes {}", target.0))])
            }
            _ => CellView::Empty,
        },
        6 => CellView::View(actions(ws, toasts, commit.seq, act_of(book, commit))),
        _ => CellView::Empty,
    }
}

/// The same acts as in the dialog that Enter opens, for the mouse.
fn actions(ws: Ws, toasts: Toasts, seq: Seq, act: Option<Act>) -> AnyView {
    view! {
        <span class="log-act">
            <button
                type="button"
                class="btn btn-quiet log-button"
                tabindex="-1"
                title="Show every page's figures as they were known after this commit"
                on:click=move |_| show_as_known(ws, toasts, seq)
            >
                "As known then"
            </button>
            {act.map(|act| view! {
                <button type="button" class="btn btn-quiet log-button" tabindex="-1" on:click=move |_| ws.undo(toasts, act.commit)>
                    {act.label}
                </button>
            })}
        </span>
    }
    .into_any()
}
