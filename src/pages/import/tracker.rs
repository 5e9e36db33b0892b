//! A team's tracker: what it says that the book does not know, then one commit.

use super::{Import, Step, facts};
use crate::pages::shared;
use crate::platform::latest::{Run, Runs};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws};
use duebook_exchange::read::{
    Preview, WORK_FIELDS, Work, WorkCells, WorkField, WorkKind, WorkOptions, WorkQuestion,
    WorkReading, WorkRow,
};
use duebook_insight::paste::{Matching, Wanted};
use duebook_insight::tracker::{LeftOut, TrackerPlan, TrackerRow, plan};
use duebook_ledger::Command;
use duebook_ledger::facts::CollectorField;
use duebook_ledger::work::{ImportTracker, TrackerPart};
use duebook_money::date::parse_iso_bytes;
use duebook_money::{DateOrder, Day};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Remarks and lines shown of what was found.
const SHOWN: usize = 30;

/// Rows read at a time: a millisecond or two.
const SLICE: usize = 500;

/// What columns mean, where the user said so: by place.
type Said = BTreeMap<usize, WorkField>;

/// The file, read against the book.
#[derive(Clone)]
struct Found {
    work: Arc<Work>,
    plan: Arc<TrackerPlan>,
    cut: bool,
}

/// The preview of a tracker.
#[component]
pub fn TrackerView(import: Import, preview: Box<Preview>) -> impl IntoView {
    let rows = RwSignal::new(None::<Arc<(Vec<WorkCells>, bool)>>);
    let problem = RwSignal::new(None::<String>);
    let order = RwSignal::new(String::new());
    let said = RwSignal::new(Said::new());
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
        let (Some(rows), as_of) = (rows.get(), import.as_of.get()) else {
            return;
        };
        let order = match order.get().as_str() {
            "dmy" => Some(DateOrder::Dmy),
            "mdy" => Some(DateOrder::Mdy),
            _ => None,
        };
        let said = said.get();
        import.ws.revision().track();
        let Some(as_of) = parse_iso_bytes(as_of.trim().as_bytes()) else {
            return found.set(None);
        };
        let run = runs.begin();
        leptos::task::spawn_local(async move {
            if run.pause().await.is_none() {
                return;
            }
            if let Some(read) = look(import.ws, rows, (order, said), as_of, run).await {
                let _ = found.try_set(Some(read));
            }
        });
    });
    let refused = Signal::derive(move || {
        let asks = found.with(|f| f.as_ref().is_none_or(|f| !f.work.questions.is_empty()));
        let none = found.with(|f| f.as_ref().is_some_and(|f| f.plan.is_empty()));
        match (asks, none) {
            (true, _) => Some("Answer the questions first.".to_owned()),
            (_, true) => Some("The book knows all of it.".to_owned()),
            _ => None,
        }
    });
    let name = preview.name.clone();
    let label = Signal::derive(move || {
        let count = found.with(|f| {
            let plan = f.as_ref().map(|f| f.plan.clone());
            plan.map_or(0, |p| p.remarks.len() + p.parts.len())
        });
        format!(
            "Import {}",
            plural(count, "entry", "entries", Default::default())
        )
    });
    let save = move |()| {
        let plan = found.with_untracked(|f| f.as_ref().map(|f| f.plan.clone()));
        if let Some(plan) = plan {
            commit(import, &plan, &name);
        }
    };
    view! {
        <div class="import-preview">
            <facts::FactsForm import preview=preview.clone() />
            {move || problem.get().map(|what| view! { <Callout tone=Tone::Danger title="This file cannot be read">{what}</Callout> })}
            {move || found.get().map(|f| view! { <FoundView import found=f order /> })}
            <Columns found said />
            <div class="import-actions">
                <Button label="Leave this file" kind=ButtonKind::Quiet on_press=move |()| import.next() />
                <Button label=label kind=ButtonKind::Primary refused=refused on_press=save />
            </div>
        </div>
    }
}

/// Reads the rows and looks for them in the book, a segment at a time.
async fn look(
    ws: Ws,
    rows: Arc<(Vec<WorkCells>, bool)>,
    (order, said): (Option<DateOrder>, Said),
    as_of: Day,
    run: Run,
) -> Option<Found> {
    let options = WorkOptions {
        kind: WorkKind::Tracker,
        order,
        columns: (0..said.keys().last().map_or(0, |last| last + 1))
            .map(|at| said.get(&at).copied())
            .collect(),
        ..WorkOptions::default()
    };
    let mut reading = WorkReading::new(&rows.0, &options, as_of);
    while reading.step(SLICE) {
        run.pause().await?;
    }
    let work = reading.done();
    let wanted = work.rows.iter().map(|row| Wanted {
        number: row.number.clone(),
        customer: row.customer.clone(),
    });
    let mut matching = Matching::new(wanted.collect());
    while ws.peek(|book| matching.step(book)) {
        run.pause().await?;
    }
    let matched = ws.peek(|book| matching.finish(book));
    let tracked: Vec<TrackerRow> = work.rows.iter().map(tracked).collect();
    let plan =
        ws.peek_all(|book, texts| plan(book, &tracked, &matched, as_of, &|text| texts.get(text)));
    Some(Found {
        work: Arc::new(work),
        plan: Arc::new(plan),
        cut: rows.1,
    })
}

fn tracked(row: &WorkRow) -> TrackerRow {
    let field = |(field, value): &(WorkField, String)| {
        let field = match field {
            WorkField::Status => CollectorField::Status,
            WorkField::Reason => CollectorField::Reason,
            WorkField::NextAction => CollectorField::NextAction,
            _ => CollectorField::Owner,
        };
        (field, value.clone())
    };
    let mut fields: Vec<_> = row.texts.iter().map(field).collect();
    if let Some(day) = row.expected {
        fields.push((CollectorField::ExpectedDate, day.to_string()));
    }
    let remarks = row.remarks.iter();
    TrackerRow {
        line: row.line,
        names_item: !row.number.is_empty(),
        customer: row.customer.clone(),
        remarks: remarks
            .map(|r| (r.day, r.author.clone(), r.text.clone()))
            .collect(),
        fields,
        promised: row.promised,
        amount: row.amount,
        disputed: row.disputed,
    }
}

fn commit(import: Import, plan: &TrackerPlan, name: &str) {
    let made = import.ws.peek(|book| {
        let mut texts = NewTexts::default();
        let mut parts = Vec::new();
        for remark in &plan.remarks {
            let text = texts.add(&remark.text)?;
            if let (Some(text), Some(customer)) = (text, book.customer_key(remark.customer)) {
                parts.push(TrackerPart::Remark {
                    customer,
                    item: remark.item.and_then(|id| book.item_key(id)),
                    day: remark.day,
                    text,
                    author: remark.author.clone(),
                });
            }
        }
        Ok::<_, String>((parts, texts))
    });
    let (mut parts, texts) = match made {
        Ok(made) => made,
        Err(why) => return import.toasts.error(why),
    };
    parts.extend(plan.parts.iter().cloned());
    let entries = plural(parts.len(), "entry", "entries", Default::default());
    let done = format!("{name}: {entries} of the tracker kept");
    let file = name.to_owned();
    let command = Command::ImportTracker(ImportTracker { file, parts });
    import
        .ws
        .run(import.toasts, command, texts, done, move |saved| {
            if saved.is_some() && matches!(import.step.try_get_untracked(), Some(Step::Preview(_)))
            {
                import.next();
            }
        });
}

/// What each column means, to be corrected. Drawn once for a file: an answer does not take the list
/// from under the keyboard.
#[component]
fn Columns(found: RwSignal<Option<Found>>, said: RwSignal<Said>) -> impl IntoView {
    let columns = Memo::new(move |_| {
        found.with(|f| {
            let columns = f.iter().flat_map(|f| &f.work.columns);
            let heads = columns.map(|c| (c.header.clone(), c.sample.clone()));
            heads.collect::<Vec<(String, String)>>()
        })
    });
    let choices: Vec<Choice> = WORK_FIELDS
        .iter()
        .map(|f| Choice::new(field_id(*f), shared::work_field(*f)))
        .collect();
    let choices = Signal::stored(choices);
    let row = move |(at, (header, sample)): (usize, (String, String))| {
        let told = found.with_untracked(|f| {
            let column = f.as_ref().and_then(|f| f.work.columns.get(at));
            column.map_or(WorkField::Ignore, |c| c.field)
        });
        let value = RwSignal::new(field_id(told));
        Effect::new(move |before: Option<String>| {
            let now = value.get();
            if before.is_some_and(|b| b != now)
                && let Some(field) = WORK_FIELDS.iter().find(|f| field_id(**f) == now)
            {
                said.update(|s| _ = s.insert(at, *field));
            }
            now
        });
        let header = match header.is_empty() {
            true => format!("Column {}", at + 1),
            false => header,
        };
        view! {
            <tr>
                <th scope="row">{header.clone()}</th>
                <td class="muted">{sample}</td>
                <td><SelectField label=format!("{header} is read as") value=value choices=choices /></td>
            </tr>
        }
    };
    move || {
        let all = columns.get();
        (!all.is_empty()).then(|| view! {
            <section class="panel" aria-labelledby="import-tracker-columns">
                <h2 id="import-tracker-columns">"What the columns mean"</h2>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Columns">
                    <table class="plain-table">
                        <thead><tr><th scope="col">"Column"</th><th scope="col">"Holds"</th><th scope="col">"Is read as"</th></tr></thead>
                        <tbody>{all.into_iter().enumerate().map(row).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        })
    }
}

fn field_id(field: WorkField) -> String {
    format!("{field:?}")
}

/// What is new, what is asked, what is left out.
#[component]
fn FoundView(import: Import, found: Found, order: RwSignal<String>) -> impl IntoView {
    let plan = &found.plan;
    let count =
        |n: usize, one: &'static str, many: &'static str| plural(n, one, many, Default::default());
    let head = format!(
        "New: {}, {}, {}. Known already: {}.",
        count(plan.remarks.len(), "remark", "remarks"),
        count(plan.promises, "promise", "promises"),
        count(plan.fields, "field", "fields"),
        count(plan.known, "entry", "entries"),
    );
    let rows = import.ws.peek(|book| {
        let line = |r: &duebook_insight::tracker::NewRemark| {
            let item = r.item.and_then(|id| book.item(id));
            let customer = book.customer_facts(r.customer).map(|f| f.name.clone());
            let on = item.map_or(String::new(), |i| i.number().to_owned());
            (
                words::day(r.day),
                customer.unwrap_or_default(),
                on,
                r.text.clone(),
            )
        };
        plan.remarks
            .iter()
            .rev()
            .take(SHOWN)
            .map(line)
            .collect::<Vec<_>>()
    });
    let mut left: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (line, why) in &plan.left_out {
        left.entry(left_out(why))
            .or_default()
            .push(line.to_string());
    }
    for row in found.work.rows.iter().filter(|r| !r.unread.is_empty()) {
        left.entry("a cell that cannot be read")
            .or_default()
            .push(row.line.to_string());
    }
    let nameless = found.work.nameless.iter().map(u32::to_string);
    if !found.work.nameless.is_empty() {
        left.entry("no document and no customer")
            .or_default()
            .extend(nameless);
    }
    let questions = found
        .work
        .questions
        .iter()
        .map(|q| question(q, order))
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="import-tracker">
            <h2 id="import-tracker">"What the tracker says"</h2>
            <p><strong>{head}</strong></p>
            {questions}
            {found.cut.then(|| view! { <Callout tone=Tone::Warn title="Not all of it">"Only the first 20,000 rows are read. Split the file."</Callout> })}
            {left.into_iter().map(|(why, lines)| {
                let more = lines.len().saturating_sub(SHOWN);
                let shown = lines.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
                let and = if more > 0 { format!(" and {more} more") } else { String::new() };
                view! { <p><span class="toned tone-warn">{format!("Left out, {why}: ")}</span>{format!("lines {shown}{and}")}</p> }
            }).collect_view()}
            {(!rows.is_empty()).then(|| view! {
                <div class="table-scroll" tabindex="0" role="region" aria-label="Newest remarks">
                    <table class="plain-table">
                        <thead><tr><th scope="col">"Day"</th><th scope="col">"Customer"</th><th scope="col">"Document"</th><th scope="col">"Remark"</th></tr></thead>
                        <tbody>
                            {rows.into_iter().map(|(day, customer, on, text)| view! {
                                <tr><td>{day}</td><td>{customer}</td><td>{on}</td><td>{text}</td></tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                </div>
            })}
        </section>
    }
}

fn question(question: &WorkQuestion, order: RwSignal<String>) -> AnyView {
    let what = match question {
        WorkQuestion::DateOrder(cell) => {
            let choices = vec![
                Choice::new("", "Say which"),
                Choice::new("dmy", "Day, month"),
                Choice::new("mdy", "Month, day"),
            ];
            let cell: String = cell.chars().take(40).collect();
            let label = format!("“{cell}” is written as");
            return view! { <SelectField label=label choices=choices value=order /> }.into_any();
        }
        WorkQuestion::DecimalMark(cell) => {
            format!(
                "“{cell}” can be read with a decimal point and with a comma. Write the amounts with decimals."
            )
        }
        WorkQuestion::NoNumbers => {
            "No column is named as a document number or a customer. Name one “Invoice”.".to_owned()
        }
    };
    view! { <Callout tone=Tone::Warn title="To be answered">{what}</Callout> }.into_any()
}

fn left_out(why: &LeftOut) -> &'static str {
    match why {
        LeftOut::Unknown => "not in the book",
        LeftOut::Ambiguous => "several documents go by the number",
        LeftOut::OtherCustomer => "another customer’s document",
        LeftOut::Amount => "an amount the document cannot have",
        LeftOut::Credit => "a promise for a credit",
    }
}
