//! What a source takes: the columns of its upload files and the room of its notes. A policy of the
//! book: it goes with a backup, and its change can be undone.

use super::Page;
use crate::ui::prelude::*;
use crate::workspace::NewTexts;
use duebook_ledger::Command;
use duebook_ledger::policy::PolicyChange;
use duebook_money::Day;
use duebook_policy::outbox::{
    LayoutError, MAX_COLUMNS, MAX_HEADER, OutboxColumn, OutboxField, OutboxLayout, Preset,
};
use leptos::prelude::*;

const PRESETS: [(&str, &str, Preset); 4] = [
    ("all", "Every column", Preset::All),
    ("sap", "SAP (FB05, F-32)", Preset::Sap),
    ("oracle", "Oracle (AutoLockbox)", Preset::Oracle),
    ("netsuite", "NetSuite (CSV import)", Preset::NetSuite),
];

/// "Document = BELNR" a line; the field alone where the header is its name.
fn written(columns: &[OutboxColumn]) -> String {
    let line = |c: &OutboxColumn| match c.field.name() == c.header {
        true => c.header.clone(),
        false => format!("{} = {}", c.field.name(), c.header),
    };
    columns.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The same read; the line that cannot be read, from 1.
fn read(text: &str) -> Result<Vec<OutboxColumn>, (usize, String)> {
    let lines = text.lines().enumerate();
    let filled = lines.filter(|(_, l)| !l.trim().is_empty());
    filled
        .map(|(n, line)| {
            let (field, header) = line.split_once('=').unwrap_or((line, line));
            let field = OutboxField::named(field).ok_or((n + 1, field.trim().to_owned()))?;
            let header = header.trim().to_owned();
            Ok(OutboxColumn { field, header })
        })
        .collect()
}

fn read_error(text: &str) -> Option<String> {
    match read(text) {
        Err((line, field)) => Some(format!("Line {line}: there is no “{field}”.")),
        Ok(columns) if columns.is_empty() => Some("At least one column.".to_owned()),
        Ok(_) => None,
    }
}

fn day(text: &str) -> Option<Day> {
    duebook_money::date::parse_iso_bytes(text.trim().as_bytes())
}

fn error_text(error: LayoutError) -> String {
    match error {
        LayoutError::Columns { count } => {
            format!("{count} columns: from 1 to {MAX_COLUMNS} can be written.")
        }
        LayoutError::Header { column } => format!(
            "Column {}: a header of 1 to {MAX_HEADER} characters.",
            column + 1
        ),
        LayoutError::Width(_) => "Characters a line: from 20 to 4000.".to_owned(),
        LayoutError::Lines(_) => "Lines: from 1 to 400.".to_owned(),
    }
}

/// The dialog.
#[component]
pub fn LayoutDialog(page: Page, open: RwSignal<bool>) -> impl IntoView {
    let preset = RwSignal::new(String::new());
    let (postings, facts) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (width, lines) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let from = RwSignal::new(String::new());
    let show = move |layout: &OutboxLayout| {
        postings.set(written(&layout.postings));
        facts.set(written(&layout.facts));
        width.set(layout.note_width.to_string());
        lines.set(layout.note_lines.to_string());
    };
    Effect::new(move |_| {
        if open.get() {
            let source = page.source.get_untracked();
            preset.set(String::new());
            let layout = page.ws.peek(|b| b.policies().outbox_of(&source));
            from.set(layout.notes_from.map_or(String::new(), |d| d.to_string()));
            show(&layout);
        }
    });
    Effect::new(move |_| {
        let chosen = preset.get();
        if let Some((_, _, p)) = PRESETS.iter().find(|(id, ..)| *id == chosen) {
            show(&OutboxLayout::preset(&page.source.get_untracked(), *p));
        }
    });
    let choices: Vec<Choice> = std::iter::once(Choice::new("", "As set"))
        .chain(
            PRESETS
                .iter()
                .map(|(id, label, _)| Choice::new(*id, *label)),
        )
        .collect();
    let layout = move || {
        let number = |text: &str| text.trim().parse::<u16>().unwrap_or(0);
        let layout = OutboxLayout {
            source: page.source.get(),
            postings: postings.with(|t| read(t)).ok()?,
            facts: facts.with(|t| read(t)).ok()?,
            note_width: width.with(|w| number(w)),
            note_lines: lines.with(|l| number(l)),
            notes_from: from.with(|d| day(d)),
        };
        Some(layout)
    };
    let postings_error = Signal::derive(move || postings.with(|t| read_error(t)));
    let facts_error = Signal::derive(move || facts.with(|t| read_error(t)));
    let from_error = Signal::derive(move || {
        from.with(|d| !d.trim().is_empty() && day(d).is_none())
            .then(|| "A date, such as 2026-03-31.".to_owned())
    });
    let refused = Signal::derive(move || {
        let first = postings_error.get().or_else(|| facts_error.get());
        let first = first.or_else(|| from_error.get());
        first.or_else(|| layout()?.validate().err().map(error_text))
    });
    let save = move |()| {
        let Some(layout) = untrack(layout) else {
            return;
        };
        let mut all = page.ws.peek(|b| b.policies().outbox.clone());
        let done = format!("Layout of {} saved", layout.source);
        all.retain(|l| l.source != layout.source);
        all.push(layout);
        open.set(false);
        let command = Command::SetPolicy(PolicyChange::Outbox(all));
        page.ws
            .run(page.toasts, command, NewTexts::default(), done, |_| {});
    };
    let title = Signal::derive(move || format!("Layout for {}", page.source.get()));
    let names: Vec<&str> = OutboxField::ALL.iter().map(|f| f.name()).collect();
    let names = format!(
        "One column a line, in the order of the file: a field, or “field = header”. Fields: {}.",
        names.join(", ")
    );
    let actions = move || {
        view! {
            <Button label="Cancel" on_press=move |()| open.set(false) />
            <Button label="Save the layout" kind=ButtonKind::Primary refused=refused on_press=save />
        }
    };
    view! {
        <Dialog open=open title=title actions=actions wide=true>
            <SelectField label="Start from" value=preset choices=Signal::stored(choices.clone()) hint=Some("Names as these programs have them; every site maps them anew.".to_owned()) />
            <div class="form-row">
                <TextArea label="Columns for postings" value=postings error=postings_error rows=10 />
                <TextArea label="Columns for fields, promises, notes" value=facts error=facts_error rows=10 />
            </div>
            <p class="muted">{names.clone()}</p>
            <div class="form-row">
                <TextField label="Characters in a line of a note" value=width />
                <TextField label="Lines of a note" value=lines />
                <DateField label="Notes from" value=from error=from_error optional=true hint=Some("Older ones are not asked for: they were keyed before.".to_owned()) />
            </div>
            <p class="muted" role="status">{move || refused.get()}</p>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_as_they_are_written() {
        for (_, _, preset) in PRESETS {
            let layout = OutboxLayout::preset("ERP", preset);
            assert_eq!(read(&written(&layout.postings)), Ok(layout.postings));
            assert_eq!(read(&written(&layout.facts)), Ok(layout.facts));
        }
        let found = read("document = BELNR\n\nNo such").map_err(|e| e.0);
        assert_eq!(found, Err(3));
    }
}
