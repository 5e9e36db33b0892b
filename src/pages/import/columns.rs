//! What each column means, to be corrected.

use super::{Import, wording};
use crate::ui::prelude::*;
use duebook_exchange::read::{ColumnPreview, Field, Preview};
use leptos::prelude::*;

/// One row a column: header, samples, meaning.
#[component]
pub fn ColumnsTable(import: Import, preview: Box<Preview>) -> impl IntoView {
    let columns = preview.columns.clone();
    let choices: Vec<Choice> = wording::FIELDS
        .iter()
        .map(|f| Choice::new(wording::field_id(*f), wording::field(*f)))
        .collect();
    let choices = Signal::stored(choices);
    view! {
        <section class="panel" aria-labelledby="import-columns">
            <h2 id="import-columns">"What the columns mean"</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Columns">
                <table class="plain-table">
                    <thead>
                        <tr><th scope="col">"Column"</th><th scope="col">"Holds"</th><th scope="col">"Is read as"</th><th scope="col">"Because"</th></tr>
                    </thead>
                    <tbody>
                        {columns.into_iter().map(|c| view! { <ColumnRow import column=c choices /> }).collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn ColumnRow(import: Import, column: ColumnPreview, choices: Signal<Vec<Choice>>) -> impl IntoView {
    let value = RwSignal::new(wording::field_id(column.field));
    let (header, now) = (column.header.clone(), column.field);
    Effect::new(move |_| {
        let chosen: Option<Field> = value.with(|v| wording::field_of(v));
        if let Some(field) = chosen.filter(|f| *f != now) {
            let header = header.clone();
            import.again(move |o| {
                o.mapping.retain(|(h, _)| *h != header);
                o.mapping.push((header, field));
            });
        }
    });
    view! {
        <tr>
            <th scope="row">{column.header.clone()}</th>
            <td class="muted">{column.samples.join(" · ")}</td>
            <td><SelectField label=format!("{} is read as", column.header) value=value choices=choices /></td>
            <td class="muted">{wording::mapped_by(column.by, column.confidence)}</td>
        </tr>
    }
}
