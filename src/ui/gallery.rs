//! Every component on one page (`?gallery=1`), for screenshots, axe and the eye.
use leptos::prelude::*;
/// Stub while compiling the parts.
#[component]
pub fn Gallery() -> impl IntoView {
    view! { <p>"Gallery"</p> }
}
