//! A collector's field on every item selected, in one commit.

use super::{Page, typed};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::closes;
use duebook_ledger::facts::CollectorField;
use duebook_ledger::{Command, ItemId};
use duebook_money::Currency;
use duebook_money::amount::{Style, parse};
use leptos::prelude::*;

const FIELDS: [(&str, CollectorField, &str); 7] = [
    ("status", CollectorField::Status, "Status"),
    ("reason", CollectorField::Reason, "Reason"),
    ("expected", CollectorField::ExpectedDate, "Expected date"),
    ("next", CollectorField::NextAction, "Next action"),
    ("remark", CollectorField::Remark, "Remark"),
    ("disputed", CollectorField::Disputed, "Disputed amount"),
    ("owner", CollectorField::Owner, "Owner"),
];

fn chosen(id: &str) -> (CollectorField, &'static str) {
    FIELDS
        .iter()
        .find(|f| f.0 == id)
        .map_or((CollectorField::Remark, "Remark"), |f| (f.1, f.2))
}

/// What is stored for a text typed, or why it cannot be.
fn stored(page: Page, field: CollectorField, text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    match field {
        CollectorField::ExpectedDate => {
            let day = typed::day(text, page.ws.today_untracked());
            day.map(|d| d.to_string())
                .ok_or_else(|| "Not a date. Such as 30 Nov 2026, or +7.".to_owned())
        }
        CollectorField::Disputed => disputed(page, text),
        _ => Ok(text.to_owned()),
    }
}

/// One amount for every item: in their one currency, and no more than any of them has open.
fn disputed(page: Page, text: &str) -> Result<String, String> {
    let totals = page.selected_totals.get_untracked();
    let [(currency, _)] = &totals.sums[..] else {
        return Err("The items are in several currencies. Select those of one.".to_owned());
    };
    let figure =
        parse(text, Style::POINT).map_err(|_| "Not an amount. Such as 1250.00.".to_owned())?;
    let minor = figure
        .minor(currency.exponent())
        .map_err(|_| format!("{} has {} decimals.", currency.code(), currency.exponent()))?;
    if minor <= 0 {
        return Err("Above zero; empty for no dispute.".to_owned());
    }
    let positions = page.selected_positions();
    let short = page.list.peek(|l| {
        let all = l?.all();
        let short = positions.iter().find(|at| all.open[**at as usize] < minor);
        short.map(|at| (all.id(*at), all.open[*at as usize]))
    });
    match short {
        None => Ok(minor.to_string()),
        Some((id, open)) => {
            let number = page.ws.peek(|b| b.item(id).map(|i| i.number().to_owned()));
            Err(format!(
                "{} has {} open.",
                number.unwrap_or_default(),
                words::money(open, *currency)
            ))
        }
    }
}

/// What the selected items have in the field, where all have the same.
fn in_common(page: Page, field: CollectorField) -> String {
    let items = page.selected_items();
    let one_currency: Option<Currency> = match &page.selected_totals.get_untracked().sums[..] {
        [(currency, _)] => Some(*currency),
        _ => None,
    };
    page.ws.peek(|book| {
        let mut values = items.iter().map(|id| book.field(ItemId(*id), field));
        let Some(first) = values.next().filter(|first| values.all(|v| v == *first)) else {
            return String::new();
        };
        match (field, first.parse::<i64>(), one_currency) {
            (CollectorField::Disputed, Ok(minor), Some(currency)) => words::amount(minor, currency),
            _ => first.to_owned(),
        }
    })
}

/// The dialog.
#[component]
pub fn FieldsDialog(page: Page, open: RwSignal<bool>) -> impl IntoView {
    let which = RwSignal::new("status".to_owned());
    let value = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let (field, _) = which.with(|w| chosen(w));
        if open.get() {
            error.set(None);
            value.set(untrack(|| in_common(page, field)));
        }
    });
    let count = move || {
        plural(
            page.selected_totals.with(|t| t.count),
            "item",
            "items",
            Default::default(),
        )
    };
    let save = move |()| {
        let (field, name) = which.with_untracked(|w| chosen(w));
        let typed = value.get_untracked().trim().to_owned();
        let set = match stored(page, field, &typed) {
            Ok(set) => set,
            Err(why) => return error.set(Some(why)),
        };
        let items = page.selected_items();
        let keys = page.ws.peek(|b| {
            items
                .iter()
                .filter_map(|id| b.item_key(ItemId(*id)))
                .collect()
        });
        let shown = if typed.is_empty() {
            "cleared".to_owned()
        } else {
            typed
        };
        let done = format!("{name} on {}: {shown}", untrack(count));
        let command = Command::SetField {
            items: keys,
            field,
            value: set,
        };
        page.ws
            .run(page.toasts, command, Default::default(), done, closes(open));
    };
    let hint = Signal::derive(move || {
        Some(match which.with(|w| chosen(w)).0 {
            CollectorField::Disputed => {
                "Per item; not chased while it is disputed. Empty: no dispute.".to_owned()
            }
            CollectorField::ExpectedDate => {
                "When the money is expected; this is not a promise. 30 Nov 2026, or +7.".to_owned()
            }
            _ => "Empty clears it.".to_owned(),
        })
    });
    let choices: Vec<Choice> = FIELDS.iter().map(|f| Choice::new(f.0, f.2)).collect();
    let label = Signal::derive(move || which.with(|w| chosen(w)).1.to_owned());
    let title = Signal::derive(move || format!("Set a field on {}", count()));
    let problem: Signal<Option<String>> = error.into();
    view! {
        <Dialog
            open=open
            title=title
            actions=move || view! { <Button label="Save on the items" kind=ButtonKind::Primary on_press=save /> }
        >
            <form
                class="form"
                on:submit=move |event| {
                    event.prevent_default();
                    save(());
                }
            >
                <SelectField label="Field" choices=choices.clone() value=which />
                <TextField label=label value=value autofocus=true hint=hint error=problem />
            </form>
        </Dialog>
    }
}
