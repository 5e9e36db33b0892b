//! Erasing a text for good: what goes, what stays, on what ground; asked before it is done.

use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Erasable, Ws};
use duebook_ledger::Uid;
use leptos::prelude::*;

/// What is to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasing {
    /// What it is, such as "the note of 12 Nov 2026".
    pub what: String,
    /// The texts.
    pub texts: Vec<Erasable>,
}

impl Erasing {
    /// These texts, as far as they are still there; none where nothing is left to erase.
    pub fn of(ws: Ws, what: String, ids: &[Uid]) -> Option<Self> {
        let texts = ws.erasable(ids);
        (!texts.is_empty()).then_some(Erasing { what, texts })
    }
}

/// Asks, and erases. It opens when `asked` holds something.
#[component]
pub fn EraseDialog(ws: Ws, asked: RwSignal<Option<Erasing>>) -> impl IntoView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let ground = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    Effect::new(move |_| {
        let begins = asked.with(Option::is_some);
        if begins {
            ground.set(String::new());
            tried.set(false);
        }
        open.set(begins);
    });
    let title = Signal::derive(move || {
        asked.with(|a| {
            a.as_ref()
                .map_or(String::new(), |a| format!("Erase {}", a.what))
        })
    });
    let wrong = Signal::derive(move || {
        (tried.get() && ground.with(|g| g.trim().is_empty()))
            .then(|| "Say why: the log keeps the reason instead of the text.".to_owned())
    });
    let erase = move |()| {
        tried.set(true);
        let said = ground.with_untracked(|g| g.trim().to_owned());
        let Some(erasing) = asked.get_untracked().filter(|_| !said.is_empty()) else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let ids = erasing.texts.iter().map(|t| t.id).collect();
            match ws.erase(ids, said).await {
                Ok(saved) => {
                    let _ = open.try_set(false);
                    toasts.done(format!(
                        "Erased {}, commit {}. Backups and files saved before still hold it.",
                        erasing.what, saved.seq.0
                    ));
                }
                Err(error) => toasts.error(words::submit_error(Some(ws), &error)),
            }
            let _ = busy.try_set(false);
        });
    };
    let label = Signal::derive(move || {
        let count = asked.with(|a| a.as_ref().map_or(0, |a| a.texts.len()));
        match count {
            1 => "Erase it for good".to_owned(),
            n => format!("Erase {n} texts for good"),
        }
    });
    view! {
        <Dialog
            open=open
            title=title
            actions=move || view! {
                <Button label="Keep it" kind=ButtonKind::Quiet on_press=move |()| open.set(false) />
                <Button label=label kind=ButtonKind::Danger on_press=erase />
            }
            on_close=Callback::new(move |()| asked.set(None))
        >
            <h3>"What is erased"</h3>
            <ul class="erase-list">
                {move || asked.with(|a| a.as_ref().map_or(Vec::new(), |a| a.texts.clone()))
                    .into_iter()
                    .map(|t| view! { <li>{t.shown}</li> })
                    .collect_view()}
            </ul>
            <h3>"What stays"</h3>
            <p>"That it was written, when and by whom; outcomes, dates, amounts and promises. In its place stands “erased”, with the day, your name and the reason. The log still proves itself, and no figure changes."</p>
            <p>"It cannot be undone. Backups and files that were saved before still hold the text: delete those yourself."</p>
            <TextField label="Reason" value=ground error=wrong hint=Some("Such as: asked by the person on 12 Nov 2026.".to_owned()) />
        </Dialog>
    }
}

/// What stands in the place of a text that was erased.
pub fn erased(book: &duebook_ledger::Book, id: Uid) -> String {
    let by = book.erased(id).and_then(|seq| {
        let commit = book.commit(seq)?;
        let ground = book.erasure(seq).unwrap_or_default();
        Some(format!(
            "[erased on {} by {}: {ground}]",
            words::day(commit.ledger_date),
            commit.actor
        ))
    });
    by.unwrap_or_else(|| "[erased]".to_owned())
}
