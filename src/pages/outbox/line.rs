//! One line, or several: told under a reference, asked about, sent again, withdrawn, copied.

use super::{Page, wording};
use crate::pages::account_href;
use crate::platform::clipboard;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Texts};
use duebook_insight::outbox::{Kind, Note, OutboxLine, Room, Stage, note_of};
use duebook_ledger::facts::Standing;
use duebook_ledger::outbox::{Batch, MatterKey};
use duebook_ledger::{Command, Uid};
use leptos::prelude::*;

/// The note of a line's account, in the room of its source.
pub fn note(page: Page, line: &OutboxLine) -> Option<Note> {
    let layout = page
        .ws
        .peek(|b| b.policies().outbox_of(&super::source_of(page.ws, line)));
    let room = Room {
        width: layout.note_width.into(),
        lines: layout.note_lines.into(),
    };
    let today = page.ws.today_untracked();
    page.ws.peek_all(|book, texts: &Texts| {
        let source = |id: Uid| texts.of(id).map(str::to_owned);
        note_of(book, &source, line.customer, today, room)
    })
}

/// Puts the note of a line's account on the clipboard.
pub fn copy_note(page: Page, line: &OutboxLine) {
    let Some(note) = note(page, line) else {
        page.toasts
            .error("There was no contact with this customer: there is nothing to note.");
        return;
    };
    let toasts = page.toasts;
    leptos::task::spawn_local(async move {
        match clipboard::copy(&note.text()).await {
            Ok(()) if note.cut => toasts.done(
                "Copied as ERP note. It is longer than the ERP takes and ends with “...”: Layout sets the room.",
            ),
            Ok(()) => toasts.done("Copied as ERP note"),
            Err(e) => toasts.error(format!(
                "Not copied: the browser did not allow it ({e}). Open the line and copy the text by hand."
            )),
        }
    });
}

/// Says that the source was told, or has to be told again.
pub fn submit(page: Page, lines: &[OutboxLine], reference: &str, name: &str, again: bool) {
    let key = |m| page.ws.peek(|b| b.matter_key(m));
    let matters = lines.iter().flat_map(|l| l.matters.iter().copied());
    let items: Vec<(MatterKey, String)> = matters
        .filter_map(|m| Some((key(m)?, reference.trim().to_owned())))
        .collect();
    let what = match lines {
        [one] => label(page, one),
        many => wording::lines(many.len()),
    };
    let under = match reference.trim() {
        "" => String::new(),
        reference => format!(" under {reference}"),
    };
    let done = match again {
        true => format!("{what}: to be told again"),
        false => format!("{what}: told{under}"),
    };
    let command = Command::SendBatch(Batch {
        items,
        name: name.trim().to_owned(),
        again,
    });
    page.ws
        .run(page.toasts, command, NewTexts::default(), done, |_| {});
}

fn label(page: Page, line: &OutboxLine) -> String {
    let number = line
        .item
        .and_then(|i| page.ws.peek(|b| b.item(i).map(|i| i.number().to_owned())));
    match number {
        Some(number) => format!("{} {number}", wording::kind(line.kind)),
        None => wording::kind(line.kind).to_owned(),
    }
}

/// The posting is not right: it never was, and the source is not to hear of it.
fn withdraw(page: Page, line: &OutboxLine) {
    if matches!(line.kind, Kind::TakenBack(_)) {
        // What was taken back stands again.
        page.ws.undo(page.toasts, line.commit);
        return;
    }
    let key = line
        .matters
        .first()
        .and_then(|m| page.ws.peek(|b| b.matter_key(*m)));
    let (item, settlement) = match key {
        Some(MatterKey::Item(key)) => (Some(key), None),
        Some(MatterKey::Settlement(key)) => (None, Some(key)),
        _ => return,
    };
    let command = Command::SetStanding {
        item,
        settlement,
        standing: Standing::Withdrawn,
        reference: String::new(),
    };
    let done = format!("{}: withdrawn", label(page, line));
    page.ws
        .run(page.toasts, command, NewTexts::default(), done, |_| {});
}

/// The dialog.
#[component]
pub fn LineDialog(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    let reference = RwSignal::new(String::new());
    Effect::new(move |_| {
        let any = page.asked.with(|a| !a.is_empty());
        if any {
            reference.set(String::new());
        }
        open.set(any);
    });
    let lines = Memo::new(move |_| {
        let keys = page.asked.get();
        keys.into_iter()
            .filter_map(|k| page.line(k))
            .collect::<Vec<_>>()
    });
    let title = Signal::derive(move || {
        lines.with(|l| match l.as_slice() {
            [one] => label(page, one),
            many => wording::lines(many.len()),
        })
    });
    let close = move || page.asked.set(Vec::new());
    let told = move || {
        let lines = lines.get_untracked();
        let reference = reference.get_untracked();
        close();
        submit(page, &lines, &reference, "", false);
    };
    let again = move |()| {
        let lines = lines.get_untracked();
        close();
        submit(page, &lines, "", "", true);
    };
    let take_back = move |()| {
        let lines = lines.get_untracked();
        close();
        if let [line] = lines.as_slice() {
            withdraw(page, line);
        }
    };
    let is_sent = move || {
        lines.with(|l| {
            let sent =
                |l: &OutboxLine| matches!(l.standing, Some(Standing::Sent | Standing::Differs));
            !l.is_empty() && l.iter().all(sent)
        })
    };
    let one_posting = move || lines.with(|l| l.len() == 1 && l[0].kind.is_posting());
    let primary = Signal::derive(move || match is_sent() {
        true => "Yes, the ERP has it".to_owned(),
        false => "Tick off as told".to_owned(),
    });
    let actions = move || {
        view! {
            <Show when=one_posting>
                <Button label="Not right: withdraw" kind=ButtonKind::Quiet on_press=take_back />
            </Show>
            <Show when=is_sent>
                <Button label="No, send again" on_press=again />
            </Show>
            <Button label=primary kind=ButtonKind::Primary on_press=move |()| told() />
        }
    };
    view! {
        <Dialog open=open title=title actions=actions on_close=move |()| close()>
            <form
                class="outbox-line"
                on:submit=move |event| {
                    event.prevent_default();
                    told();
                }
            >
                {move || lines.with(|l| match l.as_slice() {
                    [one] => view! { <Details page line=one.clone() /> }.into_any(),
                    many => view! { <p>{format!("{} under one reference.", wording::lines(many.len()))}</p> }.into_any(),
                })}
                <TextField
                    label="Reference in the ERP"
                    value=reference
                    optional=true
                    autofocus=true
                    hint=Some("The document number it got, or who keyed it.".to_owned())
                />
            </form>
        </Dialog>
    }
}

#[component]
fn Details(page: Page, line: OutboxLine) -> impl IntoView {
    let (customer, content) = page.ws.peek_all(|book, texts| {
        let name = book.customer_facts(line.customer).map(|f| f.name.clone());
        (
            name.unwrap_or_default(),
            wording::content(book, texts, &line),
        )
    });
    let href = account_href(page.ws, line.customer).unwrap_or_default();
    let amount = line
        .amount
        .zip(line.currency)
        .filter(|_| line.kind != Kind::Fields)
        .map(|(minor, currency)| words::money(minor, currency));
    let date = line.date.map(words::day);
    let asks = match (line.stage, line.standing) {
        (_, Some(Standing::Differs)) => Some(
            "The ERP’s last file shows this otherwise. Yes keeps it, with the number it has there; withdraw takes ours away.",
        ),
        (Stage::Asked, Some(Standing::Sent)) => Some("No file shows it yet. Does the ERP have it?"),
        _ => None,
    };
    let text = (line.kind == Kind::Note)
        .then(|| note(page, &line))
        .flatten();
    let copied = line.clone();
    let row = |what: &'static str, value: Option<String>| {
        value
            .filter(|v| !v.is_empty())
            .map(|v| view! { <dt>{what}</dt><dd>{v}</dd> })
    };
    let keyed = (line.kind != Kind::Note).then_some(content);
    view! {
        <dl class="log-facts">
            <dt>"Customer"</dt>
            <dd><a href=href>{customer}</a></dd>
            {row("Amount", amount)}
            {row("Date", date)}
            {row("To be keyed", keyed)}
            {row("Told under", Some(line.reference.clone()))}
        </dl>
        {asks.map(|text| view! { <Callout tone=Tone::Warn>{text}</Callout> })}
        {text.map(|n| view! {
            <pre class="outbox-note" tabindex="0" aria-label="ERP note">{n.text()}</pre>
            {n.cut.then(|| view! { <p class="muted">"Longer than the ERP takes: cut at the room set under Layout."</p> })}
        })}
        <p class="button-row">
            <Button label="Copy as ERP note" icon=Icon::Note on_press=move |()| copy_note(page, &copied) />
        </p>
    }
}
