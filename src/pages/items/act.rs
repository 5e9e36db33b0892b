//! One thing done with all the items that were pasted: one commit, one "Undo".

use super::paste::Pasting;
use super::typed;
use crate::platform::clock;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::workspace::NewTexts;
use duebook_exchange::read::{WorkField, WorkRow};
use duebook_insight::paste::Match;
use duebook_ledger::command::{LogContact, NewFollowUp, NewPromise, NewPromiseLine};
use duebook_ledger::facts::{Channel, CollectorField, Outcome};
use duebook_ledger::keys::{CustomerKey, ItemKey};
use duebook_ledger::work::{FieldChange, WorkPart};
use duebook_ledger::{Book, Command, ItemId};
use duebook_money::{Currency, Day};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What can be done: name, words.
const ACTIONS: [(&str, &str); 7] = [
    ("select", "Select them in the list"),
    ("columns", "Set our fields from the columns"),
    ("field", "Set one field on all"),
    ("note", "Add a note"),
    ("promise", "Take a promise"),
    ("follow", "Set a follow-up"),
    ("export", "Save them as Excel"),
];

const FIELDS: [(&str, CollectorField, &str); 6] = [
    ("status", CollectorField::Status, "Status"),
    ("reason", CollectorField::Reason, "Reason"),
    ("expected", CollectorField::ExpectedDate, "Expected date"),
    ("next", CollectorField::NextAction, "Next action"),
    ("owner", CollectorField::Owner, "Owner"),
    ("remark", CollectorField::Remark, "Remark"),
];

/// The form of the action.
#[derive(Clone, Copy)]
pub struct Form {
    pasting: Pasting,
    action: RwSignal<String>,
    field: RwSignal<String>,
    value: RwSignal<String>,
    day: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Form {
    /// An empty form.
    pub fn new(pasting: Pasting) -> Self {
        let form = Form {
            pasting,
            action: RwSignal::new("select".to_owned()),
            field: RwSignal::new("status".to_owned()),
            value: RwSignal::new(String::new()),
            day: RwSignal::new(String::new()),
            error: RwSignal::new(None),
        };
        Effect::new(move |_| {
            let _ = (
                form.action.get(),
                form.field.get(),
                form.value.get(),
                form.day.get(),
            );
            pasting.read.track();
            form.error.set(None);
        });
        form
    }

    fn day(self) -> Option<Day> {
        let today = self.pasting.page.ws.today_untracked();
        self.day.with_untracked(|d| typed::day(d, today))
    }

    fn save(self) {
        let action = self.action.get_untracked();
        match action.as_str() {
            "select" => {
                self.pasting.select();
                self.pasting.open.set(false);
            }
            "export" => {
                let page = self.pasting.page;
                let items = untrack(|| self.pasting.items());
                let ids = items.iter().map(|id| id.0).collect();
                let filters = vec!["Only the items pasted".to_owned()];
                page.ws
                    .export(page.toasts, "items", "xlsx", filters, Some(ids));
                self.pasting.open.set(false);
            }
            _ => match self.command(&action) {
                Ok((command, texts, done)) => self.run(command, texts, done),
                Err(why) => self.error.set(Some(why)),
            },
        }
    }

    fn run(self, command: Command, texts: NewTexts, done: String) {
        let page = self.pasting.page;
        page.ws
            .run(page.toasts, command, texts, done, move |saved| {
                if saved.is_some() && self.pasting.open.try_set(false).is_none() {
                    self.pasting.select();
                }
            });
    }

    fn command(self, action: &str) -> Result<(Command, NewTexts, String), String> {
        let read = self.pasting.read.get_untracked();
        let ws = self.pasting.page.ws;
        let items = &read.matched.items;
        let count = plural(items.len(), "item", "items", Default::default());
        let rows: Vec<(&WorkRow, &[ItemId])> = read
            .work
            .rows
            .iter()
            .zip(&read.matched.lines)
            .filter_map(|(row, (found, _))| match found {
                Match::Found(items) => Some((row, &items[..])),
                _ => None,
            })
            .collect();
        let text = self.value.get_untracked().trim().to_owned();
        let mut texts = NewTexts::default();
        match action {
            "columns" => {
                let changes = ws.peek(|book| from_columns(book, &rows))?;
                let done = format!("Fields set on {count}");
                Ok((Command::SetFields { changes }, texts, done))
            }
            "field" => {
                let chosen = self.field.get_untracked();
                let found = FIELDS.iter().find(|f| f.0 == chosen);
                let (_, field, name) = found.ok_or("Choose a field.")?;
                let today = ws.today_untracked();
                let changes = ws.peek(|book| {
                    let one = |id: &ItemId| {
                        let value = typed::stored(book, *id, *field, &text, today)?;
                        let item = book
                            .item_key(*id)
                            .ok_or("An item is no longer in the book.")?;
                        let field = *field;
                        Ok(FieldChange { item, field, value })
                    };
                    items.iter().map(one).collect::<Result<Vec<_>, String>>()
                })?;
                let done = format!("{name} on {count}: {text}");
                Ok((Command::SetFields { changes }, texts, done))
            }
            "note" => {
                let note = texts.add(&text)?.ok_or("Write the note.")?;
                let at = clock::now_ms();
                let part = |customer, items| {
                    WorkPart::Contact(Box::new(LogContact {
                        customer,
                        contact: None,
                        channel: Channel::Note,
                        outcome: Outcome::Informed,
                        at,
                        local_offset: None,
                        seconds: 0,
                        note: Some(note),
                        items,
                        promise: None,
                        follow_up: None,
                        closes: Vec::new(),
                    }))
                };
                let parts = ws.peek(|book| by_customer(book, items));
                let parts = parts.into_iter().map(|(c, items)| part(c, items)).collect();
                let done = format!("Note on {count}");
                Ok((Command::WorkTogether { parts }, texts, done))
            }
            "follow" => {
                let due = self
                    .day()
                    .ok_or("Give the day, such as 30 Nov 2026 or +7.")?;
                let what = texts.add(&text)?;
                let parts = ws.peek(|book| by_customer(book, items));
                let customers = parts.len();
                let part = |customer| WorkPart::FollowUp {
                    customer,
                    follow_up: NewFollowUp {
                        due,
                        at: None,
                        zone: None,
                        what,
                        retry: false,
                    },
                };
                let parts = parts.into_keys().map(part).collect();
                let of = plural(customers, "customer", "customers", Default::default());
                let done = format!("Follow-up with {of} on {}", crate::words::day(due));
                Ok((Command::WorkTogether { parts }, texts, done))
            }
            _ => {
                let evidence = texts.add(&text)?;
                let one = self.day();
                let promises = ws.peek(|book| promises(book, &rows, one))?;
                let part = |((customer, currency), lines): ((CustomerKey, Currency), _)| {
                    let promise = NewPromise {
                        currency,
                        lines,
                        method: None,
                        evidence,
                    };
                    WorkPart::Promise { customer, promise }
                };
                let parts: Vec<WorkPart> = promises.into_iter().map(part).collect();
                let made = plural(parts.len(), "promise", "promises", Default::default());
                let done = format!("{made} on {count}");
                Ok((Command::WorkTogether { parts }, texts, done))
            }
        }
    }
}

/// The items of each customer, by key.
fn by_customer(book: &Book, items: &[ItemId]) -> BTreeMap<CustomerKey, Vec<ItemKey>> {
    let mut by: BTreeMap<CustomerKey, Vec<ItemKey>> = BTreeMap::new();
    for id in items {
        let customer = book.item(*id).and_then(|i| book.customer_key(i.customer()));
        if let (Some(customer), Some(item)) = (customer, book.item_key(*id)) {
            by.entry(customer).or_default().push(item);
        }
    }
    by
}

/// Each row's status, reason, next action, owner, remark, date and disputed amount.
fn from_columns(book: &Book, rows: &[(&WorkRow, &[ItemId])]) -> Result<Vec<FieldChange>, String> {
    use CollectorField as F;
    let mut changes = Vec::new();
    for (row, items) in rows {
        let mut values: Vec<(F, String)> = Vec::new();
        for (field, value) in &row.texts {
            let field = match field {
                WorkField::Status => F::Status,
                WorkField::Reason => F::Reason,
                WorkField::NextAction => F::NextAction,
                _ => F::Owner,
            };
            values.push((field, value.clone()));
        }
        if !row.remarks.is_empty() {
            let all: Vec<&str> = row.remarks.iter().map(|r| r.text.as_str()).collect();
            values.push((F::Remark, all.join("; ")));
        }
        if let Some(day) = row.expected.or(row.promised) {
            values.push((F::ExpectedDate, day.to_string()));
        }
        for id in *items {
            let Some(key) = book.item_key(*id) else {
                continue;
            };
            let mut values = values.clone();
            if let (Some(disputed), Some(item)) = (row.disputed, book.item(*id)) {
                let minor = disputed.minor(item.currency().exponent()).ok();
                let fits = minor.filter(|m| *m > 0 && *m <= item.open());
                let minor = fits.ok_or_else(|| {
                    format!("{}: the disputed amount is above what is open.", row.number)
                })?;
                values.push((F::Disputed, minor.to_string()));
            }
            changes.extend(values.into_iter().map(|(field, value)| FieldChange {
                item: key.clone(),
                field,
                value,
            }));
        }
    }
    match changes.is_empty() {
        true => {
            Err("No column says anything of a field. Say above what the columns mean.".to_owned())
        }
        false => Ok(changes),
    }
}

type Promises = BTreeMap<(CustomerKey, Currency), Vec<NewPromiseLine>>;

/// A promise a customer and currency: for the date and amount of the row, or the one date given and
/// what is open.
fn promises(
    book: &Book,
    rows: &[(&WorkRow, &[ItemId])],
    one: Option<Day>,
) -> Result<Promises, String> {
    let mut by = Promises::new();
    let mut seen = std::collections::BTreeSet::new();
    for (row, items) in rows {
        let date = one.or(row.promised).or(row.expected);
        let date =
            date.ok_or_else(|| format!("{}: for which day? Give one for all.", row.number))?;
        if row.amount.is_some() && items.len() > 1 {
            return Err(format!(
                "{} is {} items: its amount is not split by itself.",
                row.number,
                items.len()
            ));
        }
        for id in items.iter().filter(|id| seen.insert(**id)) {
            let Some(item) = book.item(*id).filter(|i| i.open() > 0) else {
                return Err(format!(
                    "{} is a credit: nothing to be promised.",
                    row.number
                ));
            };
            let currency = item.currency();
            let given = row.amount.map(|a| a.minor(currency.exponent()));
            let amount = match given {
                Some(Ok(minor)) => minor,
                Some(Err(_)) => {
                    return Err(format!(
                        "{}: the amount has more decimals than {}.",
                        row.number,
                        currency.code()
                    ));
                }
                None => item.open(),
            };
            if let (Some(customer), Some(key)) =
                (book.customer_key(item.customer()), book.item_key(*id))
            {
                by.entry((customer, currency))
                    .or_default()
                    .push(NewPromiseLine {
                        item: Some(key),
                        amount,
                        date,
                    });
            }
        }
    }
    Ok(by)
}

/// What is to be done, and with what.
#[component]
pub fn ActForm(form: Form) -> impl IntoView {
    let actions: Vec<Choice> = ACTIONS
        .iter()
        .map(|(id, name)| Choice::new(*id, *name))
        .collect();
    let fields: Vec<Choice> = FIELDS.iter().map(|f| Choice::new(f.0, f.2)).collect();
    let action = move || form.action.get();
    let any = move || form.pasting.read.with(|r| !r.matched.items.is_empty());
    let error: Signal<Option<String>> = form.error.into();
    let day_hint = Signal::derive(move || {
        Some(match form.action.get().as_str() {
            "promise" => "30 Nov 2026 or +7; empty: each row’s own. Amounts are the rows’, else what is open.".to_owned(),
            _ => "30 Nov 2026 or +7.".to_owned(),
        })
    });
    view! {
        <Show when=any>
            <SelectField label="With all of them" choices=actions.clone() value=form.action />
            {
                let fields = fields.clone();
                move || {
                    let fields = fields.clone();
                    match action().as_str() {
                        "field" => view! {
                            <div class="form-row">
                                <SelectField label="Field" choices=fields value=form.field />
                                <TextField label="Value" value=form.value error=error />
                            </div>
                        }.into_any(),
                        "note" => view! { <TextArea label="Note" value=form.value error=error /> }.into_any(),
                        "promise" => view! {
                            <div class="form-row">
                                <TextField label="Promised for" value=form.day hint=day_hint error=error />
                                <TextField label="Wording or evidence" value=form.value optional=true />
                            </div>
                        }.into_any(),
                        "follow" => view! {
                            <div class="form-row">
                                <TextField label="On" value=form.day hint=day_hint error=error />
                                <TextField label="What to do" value=form.value optional=true />
                            </div>
                        }.into_any(),
                        _ => view! { <p class="field-error">{move || form.error.get()}</p> }.into_any(),
                    }
                }
            }
        </Show>
    }
}

/// The button at the foot.
#[component]
pub fn ActButtons(form: Form) -> impl IntoView {
    let count = move || form.pasting.read.with(|r| r.matched.items.len());
    let label = Signal::derive(move || {
        let items = plural(count(), "item", "items", Default::default());
        match form.action.get().as_str() {
            "select" => format!("Select {items}"),
            "export" => format!("Save {items} as Excel"),
            _ => format!("Save on {items}"),
        }
    });
    let refused =
        Signal::derive(move || (count() == 0).then(|| "No open item is meant yet.".to_owned()));
    view! { <Button label=label kind=ButtonKind::Primary refused=refused on_press=move |()| form.save() /> }
}
