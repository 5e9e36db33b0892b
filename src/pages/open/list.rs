//! The books in this browser.

use crate::platform::idb;
use crate::platform::ids;
use crate::platform::registry::{self, BookEntry};
use crate::ui::prelude::*;
use leptos::prelude::*;

/// Books by when they were last opened, with what the witness knows of each.
#[component]
pub fn BookList() -> impl IntoView {
    let again = RwSignal::new(0u32);
    let toasts = use_toasts();
    let books = RwSignal::new(Vec::<BookEntry>::new());
    Effect::new(move |_| {
        again.track();
        let mut known = registry::books().unwrap_or_default();
        books.set(known.clone());
        leptos::task::spawn_local(async move {
            // Databases that the list does not know (its storage was cleared) are books all the same.
            let Ok(found) = idb::list_books().await else {
                return;
            };
            for id in found {
                let id = ids::uuid(&id);
                if !known.iter().any(|b| b.id == id) {
                    known.push(BookEntry {
                        id,
                        name: String::new(),
                        sample: false,
                        opened_ms: 0,
                    });
                }
            }
            let _ = books.try_set(known);
        });
    });
    let deleting = RwSignal::new(None::<BookEntry>);
    let asked = RwSignal::new(false);
    let delete = move |()| {
        asked.set(false);
        let Some(entry) = deleting.get_untracked() else {
            return;
        };
        let Some(id) = entry.book() else { return };
        leptos::task::spawn_local(async move {
            crate::app::forget();
            match idb::delete_book(&id).await {
                Ok(()) => {
                    // Its witness goes with it: the user meant it.
                    let _ = registry::forget(&id);
                    toasts.done(format!("Deleted {}", title(&entry)));
                }
                Err(e) => toasts.error(format!(
                    "{} was not deleted: {}.",
                    title(&entry),
                    crate::words::store_error(&e)
                )),
            }
            let _ = again.try_update(|n| *n += 1);
        });
    };
    view! {
        <Show when=move || books.with(|b| !b.is_empty())>
            <section class="open-books" aria-label="Books in this browser">
                <h2>"Books in this browser"</h2>
                <ul class="book-list">
                    <For each=move || books.get() key=|b| b.id.clone() let:entry>
                        <BookRow
                            entry=entry.clone()
                            on_delete=move |()| {
                                deleting.set(Some(entry.clone()));
                                asked.set(true);
                            }
                        />
                    </For>
                </ul>
            </section>
        </Show>
        <Dialog
            open=asked
            title=Signal::derive(move || format!("Delete {}?", deleting.with(|d| d.as_ref().map(title).unwrap_or_default())))
            actions=move || view! {
                <Button label="Keep it" kind=ButtonKind::Quiet on_press=move |()| asked.set(false) />
                <Button label="Delete the book" kind=ButtonKind::Danger on_press=delete />
            }
        >
            <p>"Everything in it goes: items, notes, promises, its whole log. Only a backup file can bring it back."</p>
        </Dialog>
    }
}

fn title(entry: &BookEntry) -> String {
    if entry.name.is_empty() {
        format!("Book {}", &entry.id[..8.min(entry.id.len())])
    } else {
        entry.name.clone()
    }
}

#[component]
fn BookRow(entry: BookEntry, #[prop(into)] on_delete: Callback<()>) -> impl IntoView {
    let href = format!("{}/book/{}/today", crate::app::base(), entry.id);
    let seen = entry
        .book()
        .and_then(|id| registry::seen(&id).ok().flatten());
    let commits = seen.as_ref().map_or(0, |s| s.last_seq);
    let backup = match seen.as_ref().and_then(|s| s.backup.as_ref()) {
        Some(b) => format!("last backup at commit {}", b.seq),
        None => "no backup yet".to_owned(),
    };
    view! {
        <li class="book-row">
            <a href=href class="book-name">{title(&entry)}</a>
            {entry.sample.then(|| view! { <Chip text="Sample" /> })}
            <span class="book-facts num">{format!("{commits} commits, {backup}")}</span>
            <IconButton icon=Icon::Close label=format!("Delete {}", title(&entry)) on_press=on_delete />
        </li>
    }
}
