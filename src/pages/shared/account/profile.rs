//! How a customer pays, with who said so and when it was checked.

use super::people::PROFILE;
use super::wording::profile;
use super::{Account, call, dates};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::closes;
use duebook_ledger::Command;
use duebook_ledger::facts::{ProfileField, TAX_INVOICES};
use leptos::prelude::*;

/// The dialog.
#[component]
pub fn ProfileDialog(account: Account, open: RwSignal<bool>) -> impl IntoView {
    let values: [(ProfileField, RwSignal<String>); 11] =
        PROFILE.map(|f| (f, RwSignal::new(String::new())));
    let source = RwSignal::new(String::new());
    let checked = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let known = move |field: ProfileField| {
        account.ws.peek(|book| {
            let profile = &book.customer(account.customer)?.profile;
            profile
                .get(&field)?
                .get(&|s| book.is_live(s))
                .map(|(value, _, _)| value.clone())
        })
    };
    Effect::new(move |_| {
        if open.get() {
            tried.set(false);
            source.set(String::new());
            checked.set("today".to_owned());
            for (field, value) in values {
                value.set(known(field).unwrap_or_default());
            }
        }
    });
    let day = move || dates::day(&checked.get(), account.ws.today(), call::date_order());
    let source_wrong = move || {
        source
            .with(|s| s.trim().is_empty())
            .then(|| "Who said so: a name, a mail, their supplier guide.".to_owned())
    };
    let day_wrong = move || {
        day()
            .is_none()
            .then(|| "A date, such as today or 12 nov.".to_owned())
    };
    let save = move |()| {
        tried.set(true);
        let changed = |(field, value): (ProfileField, RwSignal<String>)| {
            let value = value.get_untracked().trim().to_owned();
            (value != known(field).unwrap_or_default()).then_some((field, value))
        };
        let changed: Vec<(ProfileField, String)> = values.into_iter().filter_map(changed).collect();
        if changed.is_empty() {
            open.set(false);
            return;
        }
        let (None, Some(checked)) = (untrack(source_wrong), untrack(day)) else {
            return;
        };
        let done = match &changed[..] {
            [(field, _)] => format!("{} of {} saved", profile(*field), account.name()),
            many => format!("{} facts on how {} pays saved", many.len(), account.name()),
        };
        let command = Command::SetProfile {
            customer: account.key(),
            values: changed,
            source: source.get_untracked().trim().to_owned(),
            checked,
        };
        account.ws.run(
            account.toasts,
            command,
            Default::default(),
            done,
            closes(open),
        );
    };
    let fields = move || {
        values.map(|(field, value)| match field {
            ProfileField::TaxInvoices => {
                let mut choices = vec![Choice::new("", "Not known")];
                choices.extend(TAX_INVOICES.map(|said| Choice::new(said, said)));
                view! { <SelectField label=profile(field) value=value choices=Signal::stored(choices) /> }
                    .into_any()
            }
            _ => view! { <TextField label=profile(field) value=value optional=true /> }.into_any(),
        })
    };
    view! {
        <Dialog
            open=open
            title="How they pay"
            wide=true
            actions=move || view! { <Button label="Save what changed" kind=ButtonKind::Primary on_press=save /> }
        >
            <div class="split-2">{fields()}</div>
            <div class="split-2">
                <TextField label="Who said so" value=source error=Signal::derive(move || tried.get().then(source_wrong).flatten()) />
                <DateField
                    label="Checked on"
                    value=checked
                    echo=Signal::derive(move || day().map(words::day))
                    error=Signal::derive(move || tried.get().then(day_wrong).flatten())
                />
            </div>
        </Dialog>
    }
}
