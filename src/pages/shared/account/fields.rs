//! The collector's own fields on the items selected: disputed amount, status, reason, remark and
//! their kind. Each change is a commit of its own.

use super::call::date_order;
use super::draft::amount;
use super::wording::{field, problem};
use super::{Account, dates};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::closes;
use duebook_ledger::Command;
use duebook_ledger::facts::CollectorField;
use leptos::prelude::*;

const FIELDS: [(&str, CollectorField); 8] = [
    ("disputed", CollectorField::Disputed),
    ("status", CollectorField::Status),
    ("reason", CollectorField::Reason),
    ("remark", CollectorField::Remark),
    ("expected", CollectorField::ExpectedDate),
    ("next", CollectorField::NextAction),
    ("owner", CollectorField::Owner),
    ("anchor", CollectorField::AgingAnchor),
];

fn chosen(name: &str) -> CollectorField {
    FIELDS
        .iter()
        .find(|(id, _)| *id == name)
        .map_or(CollectorField::Remark, |(_, f)| *f)
}

/// The dialog.
#[component]
pub fn FieldDialog(account: Account) -> impl IntoView {
    let open = account.marking;
    let which = RwSignal::new("disputed".to_owned());
    let value = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    Effect::new(move |_| {
        let field = which.with(|w| chosen(w));
        if !open.get() {
            return;
        }
        tried.set(false);
        let items = untrack(|| account.selected());
        let now: Vec<String> = account.ws.peek(|b| {
            items
                .iter()
                .map(|i| b.field(i.id, field).to_owned())
                .collect()
        });
        let same = now
            .first()
            .filter(|f| now.iter().all(|n| n == *f))
            .cloned()
            .unwrap_or_default();
        value.set(match (field, &items[..], same.parse::<i64>()) {
            (CollectorField::Disputed, [one, ..], Ok(minor)) => words::amount(minor, one.currency),
            (CollectorField::Disputed, [one], _) => words::amount(one.open.max(0), one.currency),
            _ => same,
        });
    });
    // What is stored, or why it cannot be.
    let stored = move || -> Result<String, String> {
        let text = value.get().trim().to_owned();
        if text.is_empty() {
            return Ok(text);
        }
        match chosen(&which.get()) {
            CollectorField::Disputed => {
                let items = account.selected();
                let Some(one) = items.first() else {
                    return Err("Select an item.".to_owned());
                };
                let minor = amount(&text, one.currency).map_err(|p| problem(&p))?;
                let fits =
                    |i: &super::lines::ItemLine| i.currency == one.currency && minor <= i.open;
                match items.iter().find(|i| !fits(i)) {
                    Some(i) => Err(format!(
                        "{} has {} open.",
                        words::item(&i.key),
                        words::money(i.open, i.currency)
                    )),
                    None => Ok(minor.to_string()),
                }
            }
            CollectorField::ExpectedDate | CollectorField::AgingAnchor => {
                let day = dates::day(&text, account.ws.today(), date_order());
                day.map(|d| d.to_string())
                    .ok_or("A date, such as 30 nov.".to_owned())
            }
            _ => Ok(text),
        }
    };
    let save = move |()| {
        tried.set(true);
        let Ok(stored) = untrack(stored) else { return };
        let items = untrack(|| account.selected());
        let which = chosen(&which.get_untracked());
        let on = match &items[..] {
            [one] => words::item(&one.key),
            many => plural(many.len(), "item", "items", Default::default()),
        };
        let shown = value.get_untracked();
        let shown = if shown.trim().is_empty() {
            "cleared".to_owned()
        } else {
            shown
        };
        let done = format!("{} on {on}: {shown}, {}", field(which), account.name());
        let command = Command::SetField {
            items: items.into_iter().map(|i| i.key).collect(),
            field: which,
            value: stored,
        };
        account.ws.run(
            account.toasts,
            command,
            Default::default(),
            done,
            closes(open),
        );
    };
    let title = Signal::derive(move || {
        let n = account.selected().len();
        format!("Mark {}", plural(n, "item", "items", Default::default()))
    });
    let hint = Signal::derive(move || {
        Some(
            match chosen(&which.get()) {
                CollectorField::Disputed => {
                    "Per item; not chased while it is disputed. Empty: no dispute."
                }
                CollectorField::ExpectedDate => {
                    "When the money is expected. This is not a promise."
                }
                CollectorField::AgingAnchor => {
                    "Our own date from which it ages, beside the source’s due date."
                }
                _ => "Empty clears it.",
            }
            .to_owned(),
        )
    });
    let label = Signal::derive(move || field(chosen(&which.get())).to_owned());
    let choices = FIELDS.map(|(id, f)| Choice::new(id, field(f))).to_vec();
    view! {
        <Dialog
            open=open
            title=title
            actions=move || view! { <Button label="Save on the items" kind=ButtonKind::Primary on_press=save /> }
        >
            <SelectField label="Field" choices=choices.clone() value=which />
            <TextField label=label value=value autofocus=true hint=hint error=Signal::derive(move || tried.get().then(|| stored().err()).flatten()) />
        </Dialog>
    }
}
