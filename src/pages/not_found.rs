//! An address that leads nowhere.

use crate::ui::prelude::*;
use leptos::prelude::*;

/// Says so, and leads to the list of books.
#[component]
pub fn NotFound() -> impl IntoView {
    let home = format!("{}/", crate::app::base());
    view! {
        <main class="lonely">
            <Empty
                icon=Icon::Info
                title="There is no such page"
                text=Signal::stored("The address may be of a book in another browser profile, or mistyped.".to_owned())
                action=move || view! { <a class="btn btn-primary" href=home.clone()>"Show my books"</a> }
            />
        </main>
    }
}

/// A page whose part of the program could not be loaded; `again` tries once more.
#[component]
pub fn NotLoaded(
    again: impl Fn(leptos::ev::MouseEvent) + Send + Sync + Copy + 'static,
) -> impl IntoView {
    view! {
        <Empty
            icon=Icon::Info
            title="This page could not be loaded"
            text=Signal::stored("Your book is as it was. The network is away, or a new version was published since this tab was opened.".to_owned())
            action=move || {
                view! {
                    <button type="button" class="btn btn-primary" on:click=again>
                        "Load it again"
                    </button>
                }
            }
        />
    }
}
