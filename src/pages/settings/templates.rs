//! Client's workbooks: given once, filled each day.

use super::save::{self, Section};
use super::template_form::{Form, TemplateDialog};
use crate::platform::files;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::workspace::{Workbook, use_ws};
use duebook_ledger::Command;
use duebook_ledger::template::{TemplateCommand, TemplateFacts};
use leptos::prelude::*;

/// The workbooks kept, and the way to give another.
#[component]
pub fn Templates() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let form = Form::new(ws, toasts);
    let kept =
        Memo::new(move |_| ws.read(|b| b.templates().map(|(_, t)| t.clone()).collect::<Vec<_>>()));
    let give = move |instead: Option<TemplateFacts>| {
        leptos::task::spawn_local(async move {
            let file = match files::pick(".xlsx", false).await {
                Ok(files) => files.into_iter().next(),
                Err(e) => return toasts.error(format!("No file was chosen: {e}")),
            };
            if let Some(file) = file {
                let name = file.name();
                form.begin(Workbook::File(file), name, instead).await;
            }
        });
    };
    view! {
        <Section id="workbooks" title="Client’s workbooks">
            <p class="muted">"Give Duebook the workbook your client wants back, once. Its sheets, columns, formats and formulas stay as they are; the rows under its header are filled from the book. Fill it here, or from “Save as” on Items."</p>
            <Show when=move || kept.with(|k| !k.is_empty())>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Workbooks kept">
                    <table class="plain-table">
                        <thead><tr><th scope="col">"Name"</th><th scope="col">"Workbook"</th><th scope="col">"Filled"</th><th scope="col">"Do"</th></tr></thead>
                        <tbody>
                            <For each=move || kept.get() key=|t| format!("{t:?}") let:template>
                                <Kept form template on_give=Callback::new(move |t| give(Some(t))) />
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            <p class="button-row">
                <Button label="Give a workbook" icon=Icon::Upload on_press=move |()| give(None) />
                <span role="status">{move || form.reading.get().then_some("Looking at the workbook")}</span>
            </p>
            {move || form.told.get().map(|what| view! {
                <Callout tone=Tone::Danger title="This workbook cannot be kept">{what}</Callout>
            })}
            <TemplateDialog form />
        </Section>
    }
}

#[component]
fn Kept(form: Form, template: TemplateFacts, on_give: Callback<TemplateFacts>) -> impl IntoView {
    let (ws, toasts) = (form.ws, form.toasts);
    let sheets: Vec<String> = template
        .sheets
        .iter()
        .map(|s| {
            let columns = plural(s.columns.len(), "column", "columns", Default::default());
            format!("{}, {columns}", s.sheet)
        })
        .collect();
    let name = template.name.clone();
    let of = StoredValue::new(template.clone());
    let fill = move |()| ws.fill_template(toasts, of.with_value(|t| t.name.clone()), None);
    let change = move |()| {
        let template = of.get_value();
        leptos::task::spawn_local(async move {
            let workbook = Workbook::Kept(template.block.digest);
            form.begin(workbook, template.file.clone(), Some(template))
                .await;
        });
    };
    let remove = move |()| {
        let name = of.with_value(|t| t.name.clone());
        let command = Command::Template(TemplateCommand::Remove(name.clone()));
        save::commands(ws, toasts, vec![command], format!("“{name}” was put away"));
    };
    view! {
        <tr>
            <th scope="row">{template.name}</th>
            <td>{template.file}</td>
            <td>{sheets.join("; ")}</td>
            <td class="button-row">
                <Button label=format!("Fill “{name}”") icon=Icon::Download on_press=fill />
                <Button label="Change what goes where" kind=ButtonKind::Quiet on_press=change />
                <Button label="Give a new version" kind=ButtonKind::Quiet on_press=move |()| on_give.run(of.get_value()) />
                <Button label="Put away" kind=ButtonKind::Quiet on_press=remove />
            </td>
        </tr>
    }
}
