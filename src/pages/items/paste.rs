//! Paste anything: a column of numbers, or rows from Excel or a mail. Says which items they mean and
//! what they do not, and does one thing with all of them.

use super::Page;
use super::act::{ActForm, Form};
use crate::pages::shared::work_field;
use crate::platform::pause::pause;
use crate::ui::dom;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_exchange::read::{
    WORK_FIELDS, Work, WorkField, WorkOptions, WorkQuestion, paste_rows, read_work,
};
use duebook_insight::paste::{Match, Matched, Matching, Wanted};
use duebook_ledger::ItemId;
use duebook_money::DateOrder;
use duebook_money::amount::Style;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// Lines of one sort that are listed; the others are counted.
const LISTED: usize = 50;

/// What was pasted, and what it means.
#[derive(Clone, Default)]
pub struct Read {
    /// The rows.
    pub work: Arc<Work>,
    /// What they mean in the book.
    pub matched: Arc<Matched>,
    /// There was more than is read.
    pub cut: bool,
}

impl PartialEq for Read {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.work, &other.work) && Arc::ptr_eq(&self.matched, &other.matched)
    }
}

/// The state of the dialog.
#[derive(Clone, Copy)]
pub struct Pasting {
    pub page: Page,
    pub open: RwSignal<bool>,
    text: RwSignal<String>,
    /// What columns mean, where the user said it.
    columns: RwSignal<BTreeMap<usize, WorkField>>,
    order: RwSignal<String>,
    mark: RwSignal<String>,
    pub read: RwSignal<Read>,
    working: RwSignal<bool>,
}

impl Pasting {
    /// Nothing is pasted yet; Ctrl V anywhere on the page begins.
    pub fn new(page: Page) -> Self {
        let pasting = Pasting {
            page,
            open: RwSignal::new(false),
            text: RwSignal::new(String::new()),
            columns: RwSignal::new(BTreeMap::new()),
            order: RwSignal::new(String::new()),
            mark: RwSignal::new(String::new()),
            read: RwSignal::new(Read::default()),
            working: RwSignal::new(false),
        };
        let listener = window_event_listener_untyped("paste", move |event| {
            let Some(event) = event.dyn_ref::<web_sys::ClipboardEvent>() else {
                return;
            };
            let in_field = dom::event_element(event).is_some_and(|e| {
                let field = e.closest("input,textarea,select,[contenteditable]");
                field.ok().flatten().is_some()
            });
            let in_dialog = document().query_selector("dialog[open]").ok().flatten();
            if in_field || in_dialog.is_some() {
                return;
            }
            let text = event.clipboard_data().and_then(|d| d.get_data("text").ok());
            if let Some(text) = text.filter(|t| !t.trim().is_empty()) {
                event.prevent_default();
                pasting.begin(Some(text));
            }
        });
        on_cleanup(move || listener.remove());
        Effect::new(move |turn: Option<u32>| {
            let turn = turn.unwrap_or(0).wrapping_add(1);
            pasting.look(turn);
            turn
        });
        pasting
    }

    /// Opens the dialog.
    pub fn begin(self, text: Option<String>) {
        self.text.set(text.unwrap_or_default());
        self.columns.set(BTreeMap::new());
        self.order.set(String::new());
        self.mark.set(String::new());
        self.open.set(true);
    }

    /// Reads what is pasted and looks for it in the book, a segment at a time.
    fn look(self, turn: u32) {
        thread_local!(static LAST: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
        LAST.set(turn);
        let options = WorkOptions {
            columns: self.columns.with(|c| {
                let width = c.keys().max().map_or(0, |last| last + 1);
                (0..width).map(|at| c.get(&at).copied()).collect()
            }),
            order: match self.order.get().as_str() {
                "dmy" => Some(DateOrder::Dmy),
                "mdy" => Some(DateOrder::Mdy),
                _ => None,
            },
            style: match self.mark.get().as_str() {
                "point" => Some(Style::POINT),
                "comma" => Some(Style::COMMA),
                _ => None,
            },
            ..WorkOptions::default()
        };
        let (open, text) = (self.open.get(), self.text.get());
        let ws = self.page.ws;
        ws.revision().track();
        if !open || text.trim().is_empty() {
            return self.read.set(Read::default());
        }
        self.working.set(true);
        leptos::task::spawn_local(async move {
            // What is typed meanwhile asks again; only the last answer counts.
            pause().await;
            if LAST.get() != turn {
                return;
            }
            let pasted = paste_rows(&text);
            let work = read_work(&pasted.rows, &options, ws.today_untracked());
            let wanted = work.rows.iter().map(|row| Wanted {
                number: row.number.clone(),
                customer: row.customer.clone(),
            });
            let mut matching = Matching::new(wanted.collect());
            while ws.peek(|book| matching.step(book)) {
                pause().await;
                if LAST.get() != turn {
                    return;
                }
            }
            let matched = ws.peek(|book| matching.finish(book));
            let _ = self.working.try_set(false);
            let _ = self.read.try_set(Read {
                work: Arc::new(work),
                matched: Arc::new(matched),
                cut: pasted.cut,
            });
        });
    }

    /// The items found.
    pub fn items(self) -> Vec<ItemId> {
        self.read.with(|r| r.matched.items.clone())
    }

    /// Selects the items found, and shows them.
    pub fn select(self) {
        let mut selection = Selection::default();
        for id in self.items() {
            selection.set(u64::from(id.0), true);
        }
        self.page.selection.set(selection);
    }
}

/// The dialog.
#[component]
pub fn PasteDialog(pasting: Pasting) -> impl IntoView {
    let form = Form::new(pasting);
    view! {
        <Dialog
            open=pasting.open
            title="Paste items"
            wide=true
            actions=move || view! { <super::act::ActButtons form /> }
        >
            <div class="form paste">
                <TextArea
                    label="Numbers, or rows from Excel or a mail"
                    value=pasting.text
                    rows=5
                    hint=Signal::stored(Some(
                        "Document numbers, references or POs, one a line; or rows with status, date, amount, remark.".to_owned(),
                    ))
                />
                <Columns pasting />
                <Questions pasting />
                <Summary pasting />
                <ActForm form />
            </div>
        </Dialog>
    }
}

/// What each column means, to be corrected.
#[component]
fn Columns(pasting: Pasting) -> impl IntoView {
    let columns = Memo::new(move |_| pasting.read.with(|r| r.work.columns.clone()));
    let choices: Vec<Choice> = WORK_FIELDS
        .iter()
        .map(|f| Choice::new(work_field(*f), work_field(*f)))
        .collect();
    let one = move |at: usize, column: duebook_exchange::read::WorkColumn| {
        let value = RwSignal::new(work_field(column.field).to_owned());
        let now = column.field;
        Effect::new(move |_| {
            let chosen = value.get();
            let field = WORK_FIELDS.iter().find(|f| work_field(**f) == chosen);
            if let Some(field) = field.filter(|f| **f != now) {
                pasting.columns.update(|c| _ = c.insert(at, *field));
            }
        });
        let label = match column.header.as_str() {
            "" => format!("Column {}", at + 1),
            header => header.to_owned(),
        };
        let sample: String = column.sample.chars().take(40).collect();
        view! { <SelectField label=label choices=choices.clone() value=value hint=Signal::stored(Some(sample)) /> }
    };
    move || {
        let columns = columns.get();
        (columns.len() > 1).then(|| {
            let all = columns.into_iter().enumerate().map(|(at, c)| one(at, c));
            view! { <div class="form-row" role="group" aria-label="Columns">{all.collect_view()}</div> }
        })
    }
}

/// What is to be said before dates and amounts can be read.
#[component]
fn Questions(pasting: Pasting) -> impl IntoView {
    let questions = Memo::new(move |_| pasting.read.with(|r| r.work.questions.clone()));
    let one = move |question: WorkQuestion| match question {
        WorkQuestion::DateOrder(cell) => {
            let choices = vec![
                Choice::new("", "Say which"),
                Choice::new("dmy", "Day, month"),
                Choice::new("mdy", "Month, day"),
            ];
            let label = format!("{cell} is written as");
            view! { <SelectField label=label choices=choices value=pasting.order /> }.into_any()
        }
        WorkQuestion::DecimalMark(cell) => {
            let choices = vec![
                Choice::new("", "Say which"),
                Choice::new("point", "Point before the decimals"),
                Choice::new("comma", "Comma before the decimals"),
            ];
            let label = format!("{cell} is written with a");
            view! { <SelectField label=label choices=choices value=pasting.mark /> }.into_any()
        }
        WorkQuestion::NoNumbers => view! {
            <Callout tone=Tone::Warn title="No column of numbers">
                "Say which column holds document numbers, references or POs."
            </Callout>
        }
        .into_any(),
    };
    move || {
        let all = questions.get();
        view! { <div class="form-row">{all.into_iter().map(one).collect_view()}</div> }
    }
}

/// What was found, whose it is, and what was not.
#[component]
fn Summary(pasting: Pasting) -> impl IntoView {
    move || {
        let read = pasting.read.get();
        if read.work.rows.is_empty() && read.work.nameless.is_empty() {
            return ().into_any();
        }
        let ws = pasting.page.ws;
        let head = headline(pasting, &read);
        let customers = ws.peek(|book| {
            let name = |id| {
                book.customer_facts(id)
                    .map_or(String::new(), |f| f.name.clone())
            };
            let all = read.matched.customers.iter().take(LISTED);
            all.map(|(id, n)| format!("{} ({n})", name(*id)))
                .collect::<Vec<_>>()
        });
        let more = read.matched.customers.len().saturating_sub(LISTED);
        let several = (read.matched.customers.len() > 1).then(|| {
            let and = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            view! { <p class="muted">"Of " {customers.join(", ")} {and}</p> }
        });
        let trouble = troubles(&read);
        view! {
            <div class="paste-found" role="status">
                <p><strong>{head}</strong></p>
                {several}
                {trouble.into_iter().map(|(what, lines)| view! {
                    <p><span class="toned tone-warn">{what}": "</span>{lines}</p>
                }).collect_view()}
            </div>
        }
        .into_any()
    }
}

fn headline(pasting: Pasting, read: &Read) -> String {
    let items = &read.matched.items;
    let mut sums: BTreeMap<duebook_money::Currency, i64> = BTreeMap::new();
    pasting.page.ws.peek(|book| {
        for item in items.iter().filter_map(|id| book.item(*id)) {
            let sum = sums.entry(item.currency()).or_default();
            *sum = sum.saturating_add(item.open());
        }
    });
    let sums: Vec<String> = sums.iter().map(|(c, m)| words::money(*m, *c)).collect();
    let found = plural(items.len(), "open item", "open items", Default::default());
    let customers = read.matched.customers.len();
    let of = plural(customers, "customer", "customers", Default::default());
    match items.is_empty() {
        true => "No open item is meant".to_owned(),
        false => format!("{found} of {of}: {}", sums.join(" · ")),
    }
}

/// What is not found, in words and numbers.
fn troubles(read: &Read) -> Vec<(String, String)> {
    let mut by: BTreeMap<u8, (&str, Vec<String>)> = BTreeMap::new();
    let mut add = |at, what, line: String| {
        by.entry(at)
            .or_insert_with(|| (what, Vec::new()))
            .1
            .push(line);
    };
    for (row, (found, how)) in read.work.rows.iter().zip(&read.matched.lines) {
        let number = || match row.number.as_str() {
            "" => format!("line {}", row.line),
            number => number.chars().take(60).collect(),
        };
        match found {
            Match::Unknown => add(0, "Not in the book", number()),
            Match::Closed(_) => add(1, "Closed already", number()),
            Match::Ambiguous(_) => add(2, "Several documents go by it", number()),
            Match::OtherCustomer(_) => add(3, "Another customer’s", number()),
            Match::Found(_) if how.is_some_and(|h| h.loosely) => {
                add(6, "Found without zeros and separators", number());
            }
            Match::Found(_) => {}
        }
        for (field, cell) in &row.unread {
            add(
                4,
                "Cannot be read",
                format!("{cell} ({})", work_field(*field)),
            );
        }
    }
    for line in &read.matched.twice {
        if let Some(row) = read.work.rows.get(*line) {
            add(5, "Named before", row.number.clone());
        }
    }
    for line in &read.work.nameless {
        add(7, "Without a number", format!("line {line}"));
    }
    if read.cut {
        add(
            8,
            "Left out",
            "what is beyond 20,000 rows or 4 MB".to_owned(),
        );
    }
    let text = |lines: Vec<String>| {
        let more = lines.len().saturating_sub(LISTED);
        let shown: Vec<String> = lines.into_iter().take(LISTED).collect();
        match more {
            0 => shown.join(", "),
            n => format!("{} and {n} more", shown.join(", ")),
        }
    };
    by.into_values()
        .map(|(what, lines)| (format!("{what} ({})", lines.len()), text(lines)))
        .collect()
}
