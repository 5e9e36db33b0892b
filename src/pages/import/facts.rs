//! What the import says it is: kind, source, as-of date, scope.

use super::{Import, wording};
use crate::ui::prelude::*;
use crate::words;
use duebook_exchange::read::{FileKind, Preview};
use leptos::prelude::*;

/// The form over the preview.
#[component]
pub fn FactsForm(import: Import, preview: Box<Preview>) -> impl IntoView {
    let kind = RwSignal::new(wording::kind_id(preview.kind).to_owned());
    let now = preview.kind;
    Effect::new(move |_| {
        let chosen = kind.with(|k| wording::kind_of(k));
        if kind.with(|k| k == wording::STATEMENT_ID) {
            import.on_to_cash();
        } else if let Some(chosen) = chosen.filter(|k| *k != now) {
            import.again(move |o| o.kind = Some(chosen));
        }
    });
    let kinds = [
        FileKind::OpenItems,
        FileKind::InvoicesPaid,
        FileKind::ClearedItems,
        FileKind::Payments,
        FileKind::Customers,
        FileKind::Sales,
        FileKind::Tracker,
        FileKind::Disputes,
        FileKind::Unknown,
    ];
    let kinds: Vec<Choice> = kinds
        .iter()
        .map(|k| Choice::new(wording::kind_id(*k), wording::kind(*k)))
        .chain([Choice::new(wording::STATEMENT_ID, wording::STATEMENT)])
        .collect();
    let echo = Signal::derive(move || {
        let date = import.as_of.get();
        duebook_money::date::parse_iso_bytes(date.trim().as_bytes()).map(words::day)
    });
    let guess = preview
        .as_of
        .as_ref()
        .map(|a| wording::as_of_from(a.from).to_owned());
    let scopes = vec![
        Choice::new("rows", "Only these rows"),
        Choice::new("all", "Everything open in the source"),
        Choice::new("debits", "Everything owed, no credits"),
        Choice::new("entities", "Everything of the companies in it"),
        Choice::new("customers", "Everything of the customers in it"),
    ];
    view! {
        <section class="panel" aria-labelledby="import-what">
            <h2 id="import-what">"What this file is"</h2>
            <p class="muted">{wording::shape(&preview)}</p>
            <div class="form-row">
                <SelectField label="Kind" value=kind choices=kinds />
                <TextField label="Source" value=import.source hint=Some("The system the rows belong to. Tomorrow’s file of the same source lands on this one.".to_owned()) />
                <DateField label="Figures as of" value=import.as_of echo=echo hint=guess />
                <SelectField
                    label="The file shows"
                    value=import.scope
                    choices=scopes
                    hint=Some("“Only these rows” says nothing of items it does not show.".to_owned())
                />
            </div>
            {(!preview.assumptions.is_empty()).then(|| view! {
                <ul class="assumptions">
                    {preview.assumptions.iter().map(|a| view! { <li>{wording::assumption(*a)}</li> }).collect_view()}
                </ul>
            })}
        </section>
    }
}
