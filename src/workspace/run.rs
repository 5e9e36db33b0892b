//! Commands from views: saved in the background, answered by a toast with "Undo", or by an error
//! that stays until read.

use super::{NewTexts, Saved, Ws};
use crate::ui::prelude::*;
use crate::words;
use duebook_ledger::{Command, Seq};
use leptos::prelude::*;

/// What closes a dialog once its command is saved; where it is not the dialog stays, as it was filled in.
pub fn closes(open: RwSignal<bool>) -> impl FnOnce(Option<Saved>) + 'static {
    move |saved| {
        if saved.is_some() {
            // The page may be gone by then, and its dialog with it.
            let _ = open.try_set(false);
        }
    }
}

impl Ws {
    /// Submits a command; says `done` with "Undo" when it is saved, or why it is not. `then` is
    /// called with the outcome.
    pub fn run(
        self,
        toasts: Toasts,
        command: Command,
        texts: NewTexts,
        done: String,
        then: impl FnOnce(Option<Saved>) + 'static,
    ) {
        leptos::task::spawn_local(async move {
            match self.submit(command, texts).await {
                Ok(saved) => {
                    let undo = Callback::new(move |()| self.undo(toasts, saved.seq));
                    toasts.done_with(done, "Undo", undo);
                    then(Some(saved));
                }
                Err(error) => {
                    toasts.error(words::submit_error(Some(self), &error));
                    then(None);
                }
            }
        });
    }

    /// Undoes a commit (or, naming an undo, redoes), with a toast that can take it back.
    pub fn undo(self, toasts: Toasts, commit: Seq) {
        let redo = self.peek(|b| b.commit(commit).is_some_and(|c| c.label.undoes.is_some()));
        let done = if redo {
            format!("Redone: commit {}", commit.0)
        } else {
            format!("Undone: commit {}", commit.0)
        };
        let label = if redo { "Undo" } else { "Redo" };
        leptos::task::spawn_local(async move {
            match self
                .submit(Command::Undo { commit }, NewTexts::default())
                .await
            {
                Ok(saved) => {
                    let back = Callback::new(move |()| self.undo(toasts, saved.seq));
                    toasts.done_with(done, label, back);
                }
                Err(error) => toasts.error(words::submit_error(Some(self), &error)),
            }
        });
    }
}
