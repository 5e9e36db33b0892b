//! One commit: everything the log says of it, and what can be done about it.

use super::story::{Facts, import_kind, scope, sums};
use super::{Act, act_of, local_time};
use crate::pages::account_href;
use crate::pages::shared::{EraseDialog, Erasing};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Erasable, Ws};
use duebook_ledger::open::View;
use duebook_ledger::{Book, Seq};
use leptos::prelude::*;

/// Shows every page's figures as they were known after a commit.
pub fn show_as_known(ws: Ws, toasts: Toasts, seq: Seq) {
    let date = ws.peek(|b| b.commit(seq).map(|c| c.ledger_date));
    if let Some(as_of) = date {
        ws.choose_view(Some(View {
            as_of,
            known: Some(seq),
        }));
        let back = Callback::new(move |()| ws.choose_view(None));
        let said = format!(
            "Figures are of {}, as known after commit {}",
            words::day(as_of),
            seq.0
        );
        toasts.done_with(said, "Back to now", back);
    }
}

fn facts_of(book: &Book, facts: &Facts, seq: Seq) -> Vec<(&'static str, String)> {
    let Some(commit) = book.commit(seq) else {
        return Vec::new();
    };
    let mut said = vec![
        ("Recorded", local_time(commit.recorded_at)),
        ("Ledger date", words::day(commit.ledger_date)),
        ("By", commit.actor.clone()),
    ];
    if let Some(import) = facts.import(seq) {
        let of = &import.facts;
        said.push(("File", of.file.clone()));
        said.push(("Source", of.source.clone()));
        said.push((
            "Holds",
            format!(
                "{}, figures of {}",
                import_kind(of.kind),
                words::day(of.as_of)
            ),
        ));
        said.push(("Scope", scope(&of.scope)));
        said.push((
            "Rows",
            format!("{}, {} left out", of.totals.count, of.left_out),
        ));
        if !of.totals.sums.is_empty() {
            said.push(("Control totals", sums(&of.totals.sums)));
        }
    }
    if let Some(target) = commit.label.undoes {
        said.push(("Undoes", format!("commit {}", target.0)));
    }
    if let Some(by) = book.voided_by(seq) {
        let (when, who) = book.commit(by).map_or((String::new(), String::new()), |c| {
            (local_time(c.recorded_at), c.actor.clone())
        });
        said.push(("Undone by", format!("commit {}, {when}, {who}", by.0)));
    }
    said
}

/// The dialog.
#[component]
pub fn CommitDialog(
    ws: Ws,
    facts: Memo<super::Gathered>,
    asked: RwSignal<Option<Seq>>,
) -> impl IntoView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.with(Option::is_some)));
    let title = Signal::derive(move || {
        asked
            .get()
            .map_or(String::new(), |seq| format!("Commit {}", seq.0))
    });
    let act = move || {
        asked
            .get()
            .and_then(|seq| ws.read(|b| b.commit(seq).and_then(|c| act_of(b, c))))
    };
    let run = move |act: Act| {
        open.set(false);
        ws.undo(toasts, act.commit);
    };
    // What was written with it, read from its record when the dialog opens.
    let erasable = RwSignal::new(Vec::<Erasable>::new());
    let erasing = RwSignal::new(None::<Erasing>);
    Effect::new(move |_| {
        erasable.set(Vec::new());
        let Some(seq) = asked.get() else { return };
        leptos::task::spawn_local(async move {
            // What cannot be read has nothing to offer; "Check my book" says why.
            let texts = ws.texts_of_commit(seq).await.unwrap_or_default();
            if asked.try_get_untracked() == Some(Some(seq)) {
                let _ = erasable.try_set(texts);
            }
        });
    });
    let ask_to_erase = move |()| {
        let seq = asked.get_untracked();
        let what = seq.map_or(String::new(), |s| {
            format!("what was written with commit {}", s.0)
        });
        let texts = erasable.get_untracked();
        open.set(false);
        erasing.set(Some(Erasing { what, texts }));
    };
    let actions = move || {
        view! {
            {move || asked.get().map(|seq| view! {
                <Button
                    label="Show figures as known then"
                    icon=Icon::History
                    on_press=move |()| {
                        open.set(false);
                        show_as_known(ws, toasts, seq);
                    }
                />
            })}
            {move || (!erasable.with(Vec::is_empty)).then(|| view! {
                <Button label="Erase its texts" kind=ButtonKind::Quiet on_press=move |()| ask_to_erase(()) />
            })}
            {move || act().map(|act| view! {
                <Button label=act.label icon=Icon::Undo on_press=move |()| run(act) />
            })}
        }
    };
    view! {
        <EraseDialog ws asked=erasing />
        <Dialog open=open title=title actions=actions on_close=Callback::new(move |()| asked.set(None))>
            {move || asked.get().map(|seq| facts.with(|facts| ws.read(|book| {
                let sentence = book.commit(seq).map(|c| facts.0.sentence(book, c));
                let account = book.commit(seq).and_then(|c| c.label.customer).and_then(|c| {
                    let name = book.customer_facts(c)?.name.clone();
                    Some(view! { <dt>"Account"</dt> <dd><a href=account_href(ws, c)?>{name}</a></dd> })
                });
                let rows = facts_of(book, &facts.0, seq).into_iter()
                    .map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> })
                    .collect_view();
                view! {
                    <p><strong>{sentence}</strong></p>
                    <dl class="log-facts">{rows} {account}</dl>
                }
            })))}
        </Dialog>
    }
}
