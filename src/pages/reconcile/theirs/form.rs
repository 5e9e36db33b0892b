//! The file, the day, and how the file is to be read.

use super::Side;
use crate::pages::shared::SheetPick;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_cash::theirs::accounts;
use duebook_exchange::read::{THEIR_FIELDS, TheirColumn, TheirField, TheirQuestion};
use leptos::prelude::*;

/// Lines named of those that are in no figure.
const NAMED: usize = 12;

fn field_name(field: TheirField) -> &'static str {
    match field {
        TheirField::Number => "Our number",
        TheirField::Own => "Their number",
        TheirField::Date => "Date",
        TheirField::Due => "Due date",
        TheirField::Open => "Open amount",
        TheirField::Amount => "Amount",
        TheirField::Debit => "Debit",
        TheirField::Credit => "Credit",
        TheirField::Side => "Debit or credit",
        TheirField::Currency => "Currency",
        TheirField::Type => "Type",
        TheirField::Text => "Text",
        TheirField::Ignore => "Not looked at",
    }
}

/// What is asked before there is anything to show.
#[component]
pub fn Form(side: Side) -> impl IntoView {
    let day_error = Signal::derive(move || {
        side.day()
            .is_none()
            .then(|| "A date up to today.".to_owned())
    });
    let echo = Signal::derive(move || side.day().map(words::day));
    let label = Signal::derive(move || {
        match side.file.with(String::is_empty) {
            true => "Choose their ledger",
            false => "Choose another file",
        }
        .to_owned()
    });
    let kinds = Signal::derive(move || {
        let account = side.read.with(|r| r.as_ref().is_some_and(|r| r.is_account));
        let looks = match account {
            true => "An account, as it looks",
            false => "Open items, as it looks",
        };
        vec![
            Choice::new("", looks),
            Choice::new("open", "A list of open items"),
            Choice::new("account", "An account with everything"),
        ]
    });
    let signs = Signal::derive(move || {
        let turned = side.made.with(|m| m.as_ref().is_some_and(|m| m.turned));
        let looks = match turned {
            true => "Below zero, as it looks",
            false => "Above zero, as it looks",
        };
        vec![
            Choice::new("", looks),
            Choice::new("plus", "Above zero"),
            Choice::new("minus", "Below zero"),
        ]
    });
    view! {
        <div class="form-row">
            <DateField label="As of" value=side.on error=day_error echo=echo />
            <FileDrop label=label hint=side.file on_files=move |files| side.take(files) />
        </div>
        <Family side />
        <SheetPick table=side.rows sheet=side.sheet on_pick=move |sheet| side.read_again(Some(sheet)) />
        {move || side.read.get().map(|read| {
            let questions = read.questions.iter().map(|q| question(q, side)).collect_view();
            let columns = read.columns.clone();
            let unread = read.unread.clone();
            let cut = side.rows.with(|r| r.as_ref().is_some_and(|r| r.cut));
            view! {
                {questions}
                {cut.then(|| view! { <Callout tone=Tone::Warn title="Not all of it">"Only the first 20,000 rows are read. Split the file."</Callout> })}
                {left(&unread, "whose date or amount cannot be read")}
                {move || side.made.with(|m| m.as_ref().map(|m| left(&m.odd, "in a currency nobody knows, or with more decimals than it has")))}
                <div class="form-row">
                    <SelectField label="Their file is" value=side.kind choices=kinds />
                    <SelectField label="What they owe is written" value=side.sign choices=signs />
                </div>
                <Columns side columns />
            }
        })}
    }
}

/// Whether the accounts of a parent's children are held against the file too.
#[component]
fn Family(side: Side) -> impl IntoView {
    let ws = side.page.ws;
    let children = Memo::new(move |_| {
        let of = side.of.get()?;
        let more = ws.read(|b| {
            let alone = accounts(b, of, false).len();
            accounts(b, of, true).len().saturating_sub(alone)
        });
        (more > 0).then_some(more)
    });
    move || {
        let count = plural(children.get()?, "account", "accounts", Default::default());
        let label = format!("With the {count} whose parent it is");
        Some(view! { <Checkbox label=label value=side.family /> })
    }
}

/// What each column means, to be corrected.
#[component]
fn Columns(side: Side, columns: Vec<TheirColumn>) -> impl IntoView {
    let count = columns.len();
    let one = move |(at, column): (usize, TheirColumn)| {
        let own = THEIR_FIELDS.iter().position(|f| *f == column.field);
        let value = RwSignal::new(own.map_or(String::new(), |n| n.to_string()));
        Effect::new(move |before: Option<String>| {
            let now = value.get();
            if before.as_ref().is_some_and(|b| *b != now) {
                let field = now
                    .parse()
                    .ok()
                    .and_then(|n: usize| THEIR_FIELDS.get(n).copied());
                side.columns.update(|all| {
                    all.resize(all.len().max(count), None);
                    // Another column of this meaning is not looked at any more.
                    let old = side.read.with_untracked(|r| {
                        let same = |c: &TheirColumn| {
                            field.is_some_and(|f| f != TheirField::Ignore && c.field == f)
                        };
                        r.as_ref().and_then(|r| r.columns.iter().position(same))
                    });
                    if let Some(old) = old.filter(|old| *old != at) {
                        all[old] = Some(TheirField::Ignore);
                    }
                    all[at] = field;
                });
            }
            now
        });
        let choices: Vec<Choice> = THEIR_FIELDS
            .iter()
            .enumerate()
            .map(|(n, f)| Choice::new(n.to_string(), field_name(*f)))
            .collect();
        let hint = (!column.sample.is_empty()).then(|| {
            let sample: String = column.sample.chars().take(40).collect();
            format!("Such as {sample}")
        });
        view! { <SelectField label=column.header value=value choices=Signal::stored(choices) hint=hint /> }
    };
    view! {
        <details>
            <summary>{format!("What the {} mean", plural(count, "column", "columns", Default::default()))}</summary>
            <div class="form-row">{columns.into_iter().enumerate().map(one).collect_view()}</div>
        </details>
    }
}

/// Lines that are in no figure.
fn left(lines: &[u32], why: &'static str) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let more = lines.len().saturating_sub(NAMED);
    let shown: Vec<String> = lines.iter().take(NAMED).map(u32::to_string).collect();
    let and = match more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let count = plural(lines.len(), "line", "lines", Default::default());
    let text = format!(
        "{count} {why}: in no figure below. In the file: {}{and}.",
        shown.join(", ")
    );
    Some(view! { <Callout tone=Tone::Warn title="Left out">{text}</Callout> }.into_any())
}

fn question(question: &TheirQuestion, side: Side) -> AnyView {
    let told = |cell: &str| cell.chars().take(40).collect::<String>();
    let text = match question {
        TheirQuestion::DateOrder(cell) => {
            let choices = vec![
                Choice::new("", "Say which"),
                Choice::new("dmy", "Day, month"),
                Choice::new("mdy", "Month, day"),
            ];
            let label = format!("“{}” is written as", told(cell));
            return view! { <SelectField label=label choices=Signal::stored(choices) value=side.order /> }.into_any();
        }
        TheirQuestion::DecimalMark(cell) => {
            let choices = vec![
                Choice::new("", "Say which"),
                Choice::new("point", "A decimal point"),
                Choice::new("comma", "A decimal comma"),
            ];
            let label = format!("“{}” is written with", told(cell));
            return view! { <SelectField label=label choices=Signal::stored(choices) value=side.decimal /> }.into_any();
        }
        TheirQuestion::NoHeader => {
            "No row names an amount and a number or a date. Name the columns, such as “Invoice”, “Date”, “Amount”, and choose the file again."
        }
        TheirQuestion::NoAmount => "No column holds an amount. Say below which it is.",
    };
    view! { <Callout tone=Tone::Warn title="To be answered">{text}</Callout> }.into_any()
}
