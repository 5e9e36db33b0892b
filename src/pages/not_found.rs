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
