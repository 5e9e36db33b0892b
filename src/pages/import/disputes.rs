//! Disputes of another system: which are new, which were closed there since, and which name what the
//! book does not have; then one commit.

use super::{Import, Step, facts};
use crate::platform::latest::{Run, Runs};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws};
use duebook_exchange::read::{
    DisputeEnd, DisputeQuestion, DisputeRow, Disputes, Preview, WorkCells, read_disputes,
};
use duebook_insight::paste::{Match, Matching, Wanted};
use duebook_ledger::cases::{CaseClose, CaseCommand, CaseState, NewCase, PastCase};
use duebook_ledger::{Book, Command};
use duebook_money::date::parse_iso_bytes;
use duebook_money::{DateOrder, Day};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Lines named of each reason to leave something out.
const SHOWN: usize = 20;

/// The list read against the book.
#[derive(Clone)]
struct Found {
    read: Arc<Disputes>,
    /// New ones, and those that were closed there since: the row and the case.
    cases: Arc<Vec<(DisputeRow, PastCase)>>,
    /// Known, and as they were.
    same: usize,
    /// Reason -> lines.
    left_out: BTreeMap<&'static str, Vec<u32>>,
    /// Words of reasons that no reason of ours is known by: taken as the chosen one.
    unknown_reasons: Vec<String>,
    cut: bool,
}

/// The preview.
#[component]
pub fn DisputesView(import: Import, preview: Box<Preview>) -> impl IntoView {
    let rows = RwSignal::new(None::<Arc<(Vec<WorkCells>, bool)>>);
    let problem = RwSignal::new(None::<String>);
    let order = RwSignal::new(String::new());
    let other = RwSignal::new("SPD".to_owned());
    let found = RwSignal::new(None::<Found>);
    let sheet = preview
        .sheet
        .and_then(|at| preview.sheets.get(at).map(|s| s.name.clone()));
    leptos::task::spawn_local(async move {
        let Some(job) = import.job.try_get_untracked().flatten() else {
            return;
        };
        match job.rows(sheet).await {
            Ok(read) => _ = rows.try_set(Some(Arc::new(read))),
            Err(error) => _ = problem.try_set(Some(format!("It cannot be read ({error:?})."))),
        }
    });
    let runs = Runs::new();
    Effect::new(move |_| {
        let Some(rows) = rows.get() else { return };
        let order = match order.get().as_str() {
            "dmy" => Some(DateOrder::Dmy),
            "mdy" => Some(DateOrder::Mdy),
            _ => None,
        };
        let other = other.get();
        import.ws.revision().track();
        let as_of = parse_iso_bytes(import.as_of.get().trim().as_bytes());
        let as_of = as_of.unwrap_or_else(|| import.ws.today_untracked());
        let run = runs.begin();
        leptos::task::spawn_local(async move {
            if run.pause().await.is_none() {
                return;
            }
            if let Some(read) = look(import.ws, rows, order, &other, as_of, run).await {
                let _ = found.try_set(Some(read));
            }
        });
    });
    let refused = Signal::derive(move || {
        found.with(|f| match f {
            None => Some("Looking for the documents.".to_owned()),
            Some(f) if !f.read.questions.is_empty() => {
                Some("Answer the questions first.".to_owned())
            }
            Some(f) if f.cases.is_empty() => Some("The book knows all of it.".to_owned()),
            Some(_) => None,
        })
    });
    let name = preview.name.clone();
    let label = Signal::derive(move || {
        let count = found.with(|f| f.as_ref().map_or(0, |f| f.cases.len()));
        format!(
            "Import {}",
            plural(count, "case", "cases", Default::default())
        )
    });
    let save = move |()| {
        if let Some(found) = found.get_untracked() {
            commit(import, &found, &name);
        }
    };
    view! {
        <div class="import-preview">
            <facts::FactsForm import preview=preview.clone() />
            {move || problem.get().map(|what| view! { <Callout tone=Tone::Danger title="This file cannot be read">{what}</Callout> })}
            {move || found.get().map(|f| view! { <FoundView import found=f order other /> })}
            <div class="import-actions">
                <Button label="Leave this file" kind=ButtonKind::Quiet on_press=move |()| import.next() />
                <Button label=label kind=ButtonKind::Primary refused=refused on_press=save />
            </div>
        </div>
    }
}

async fn look(
    ws: Ws,
    rows: Arc<(Vec<WorkCells>, bool)>,
    order: Option<DateOrder>,
    other: &str,
    as_of: Day,
    run: Run,
) -> Option<Found> {
    let read = read_disputes(&rows.0, order, as_of);
    let wanted = read.rows.iter().map(|row| Wanted {
        number: row.number.clone(),
        customer: String::new(),
    });
    let mut matching = Matching::new(wanted.collect());
    while ws.peek(|book| matching.step(book)) {
        run.pause().await?;
    }
    let matched = ws.peek(|book| matching.finish(book));
    let lines: Vec<Match> = matched.lines.into_iter().map(|(m, _)| m).collect();
    let today = ws.today_untracked();
    Some(ws.peek(|book| plan(book, read, &lines, other, today, rows.1)))
}

/// Which of the rows make a case.
fn plan(
    book: &Book,
    read: Disputes,
    matched: &[Match],
    other: &str,
    today: Day,
    cut: bool,
) -> Found {
    let live = |s| book.is_live(s);
    let known: BTreeMap<String, bool> = book
        .cases()
        .map(|(id, c)| {
            let open = book.case_state(id) != Some(CaseState::Closed);
            (c.ticket_now(&live).to_owned(), open)
        })
        .collect();
    let mut found = Found {
        read: Arc::new(Disputes::default()),
        cases: Arc::default(),
        same: 0,
        left_out: BTreeMap::new(),
        unknown_reasons: Vec::new(),
        cut,
    };
    let mut cases = Vec::new();
    for (row, matched) in read.rows.iter().zip(matched) {
        let mut leave = |why| found.left_out.entry(why).or_default().push(row.line);
        let (Match::Found(items) | Match::Closed(items)) = matched else {
            match matched {
                Match::Ambiguous(_) => leave("several documents go by the number"),
                _ => leave("the document is not in the book"),
            }
            continue;
        };
        let item = items
            .first()
            .and_then(|id| Some((book.item(*id)?, book.item_key(*id)?)));
        let Some((item, key)) = item.filter(|(i, _)| i.recorded_amount() > 0) else {
            leave("the document is a credit");
            continue;
        };
        let Some(opened_on) = row.opened.filter(|d| *d <= today) else {
            leave("no day on which it was raised, or one to come");
            continue;
        };
        let closed = match row.end {
            DisputeEnd::Open => None,
            end => Some((
                row.closed.unwrap_or(opened_on).min(today),
                match end {
                    DisputeEnd::Invalid => CaseClose::Invalid,
                    DisputeEnd::Withdrawn => CaseClose::Withdrawn,
                    DisputeEnd::Valid => CaseClose::Valid,
                    DisputeEnd::Closed | DisputeEnd::Open => CaseClose::NotSaid,
                },
            )),
        };
        match known.get(&row.ticket) {
            Some(open) if !(*open && closed.is_some()) => {
                found.same += 1;
                continue;
            }
            _ => {}
        }
        let policy = &book.policies().cases;
        let reason = policy.crosswalk(&row.reason).map(|r| r.code.clone());
        if reason.is_none() && !found.unknown_reasons.contains(&row.reason) {
            found.unknown_reasons.push(row.reason.clone());
        }
        let exponent = item.currency().exponent();
        let amount = row.amount.and_then(|a| a.minor(exponent).ok());
        cases.push((
            row.clone(),
            PastCase {
                case: NewCase {
                    lines: vec![(key, amount.unwrap_or(0).max(0))],
                    reason: reason.unwrap_or_else(|| other.to_owned()),
                    department: row.department.clone(),
                    owner: row.owner.clone(),
                    ticket: row.ticket.clone(),
                    ..NewCase::default()
                },
                opened_on,
                closed,
                whole: amount.is_none_or(|a| a <= 0),
            },
        ));
    }
    found.cases = Arc::new(cases);
    found.read = Arc::new(read);
    found
}

fn commit(import: Import, found: &Found, name: &str) {
    let mut texts = NewTexts::default();
    let mut cases = Vec::with_capacity(found.cases.len());
    for (row, past) in found.cases.iter() {
        let mut past = past.clone();
        match texts.add(&row.text) {
            Ok(text) => past.case.text = text,
            Err(why) => return import.toasts.error(why),
        }
        cases.push(past);
    }
    let count = plural(cases.len(), "case", "cases", Default::default());
    let done = format!("{name}: {count} taken in");
    let file = name.to_owned();
    let command = Command::Case(CaseCommand::Import { file, cases });
    import
        .ws
        .run(import.toasts, command, texts, done, move |saved| {
            if saved.is_some() && matches!(import.step.try_get_untracked(), Some(Step::Preview(_)))
            {
                import.next();
            }
        });
}

#[component]
fn FoundView(
    import: Import,
    found: Found,
    order: RwSignal<String>,
    other: RwSignal<String>,
) -> impl IntoView {
    let open = found
        .cases
        .iter()
        .filter(|(_, p)| p.closed.is_none())
        .count();
    let head = format!(
        "{}: {open} open, {} closed. Known already: {}.",
        plural(found.cases.len(), "case", "cases", Default::default()),
        found.cases.len() - open,
        found.same,
    );
    let whole = found.cases.iter().filter(|(_, p)| p.whole).count();
    let whole = (whole > 0).then(|| {
        format!(
            "{} without an amount: what was open of the document on the day is taken.",
            plural(whole, "case", "cases", Default::default())
        )
    });
    let mut by: BTreeMap<String, usize> = BTreeMap::new();
    for (_, past) in found.cases.iter() {
        *by.entry(past.case.reason.clone()).or_default() += 1;
    }
    let by: Vec<String> = import.ws.peek(|b| {
        let each = by
            .iter()
            .map(|(code, n)| format!("{} {n}", words::cases::reason(b, code)));
        each.collect()
    });
    let mut left = found.left_out.clone();
    if !found.read.nameless.is_empty() {
        left.entry("no number of its own or no document")
            .or_default()
            .extend(&found.read.nameless);
    }
    let reasons = Signal::stored(import.ws.peek(|b| {
        let list = b.policies().cases.reasons.iter();
        list.map(|r| Choice::new(r.code.clone(), format!("{}: {}", r.code, r.name)))
            .collect::<Vec<_>>()
    }));
    let questions = found
        .read
        .questions
        .iter()
        .map(|q| question(q, order))
        .collect_view();
    let unknown = (!found.unknown_reasons.is_empty()).then(|| {
        let words = found
            .unknown_reasons
            .iter()
            .take(SHOWN)
            .map(|w| match w.as_str() {
                "" => "(none)".to_owned(),
                word => format!("“{word}”"),
            });
        let label = format!("{} is taken as", words.collect::<Vec<_>>().join(", "));
        view! { <SelectField label=label value=other choices=reasons /> }
    });
    view! {
        <section class="panel" aria-labelledby="import-disputes">
            <h2 id="import-disputes">"What the list says"</h2>
            <p><strong>{head}</strong></p>
            <p class="muted">{by.join(" · ")}</p>
            {whole.map(|w| view! { <p>{w}</p> })}
            {questions}
            {unknown}
            {found.cut.then(|| view! { <Callout tone=Tone::Warn title="Not all of it">"Only the first 20,000 rows are read. Split the file."</Callout> })}
            {left.into_iter().map(|(why, lines)| {
                let more = lines.len().saturating_sub(SHOWN);
                let shown: Vec<String> = lines.iter().take(SHOWN).map(u32::to_string).collect();
                let and = if more > 0 { format!(" and {more} more") } else { String::new() };
                view! { <p><span class="toned tone-warn">{format!("Left out, {why}: ")}</span>{format!("lines {}{and}", shown.join(", "))}</p> }
            }).collect_view()}
        </section>
    }
}

fn question(question: &DisputeQuestion, order: RwSignal<String>) -> AnyView {
    let what = match question {
        DisputeQuestion::DateOrder(cell) => {
            let choices = vec![
                Choice::new("", "Say which"),
                Choice::new("dmy", "Day, month"),
                Choice::new("mdy", "Month, day"),
            ];
            let cell: String = cell.chars().take(40).collect();
            let label = format!("“{cell}” is written as");
            return view! { <SelectField label=label choices=choices value=order /> }.into_any();
        }
        DisputeQuestion::DecimalMark(cell) => format!(
            "“{cell}” can be read with a decimal point and with a comma. Write the amounts with decimals."
        ),
        DisputeQuestion::NoHeader => {
            "No row names a dispute’s number, its document and the day it was raised. Name the columns “Dispute ID”, “Invoice”, “Opened on”.".to_owned()
        }
    };
    view! { <Callout tone=Tone::Warn title="To be answered">{what}</Callout> }.into_any()
}
