//! What one cell shows.

use super::super::aging_strip::{StripPart, strip_bar};
use super::super::tone::Tone;
use leptos::prelude::*;

/// A cell's content, ready-made: formatting is the page's business, looks are the grid's.
pub enum CellView {
    Empty,
    Text(String),
    /// The row's name.
    Strong(String),
    /// Something quieter than the rest.
    Faint(String),
    /// Text that carries a meaning.
    Toned(Tone, String),
    /// A name with a quieter word behind it.
    Pair(String, String),
    /// Small facts, each with its tone.
    Chips(Vec<(Tone, String)>),
    /// The aging strip.
    Strip(Vec<StripPart>),
    /// A link to a view of its own.
    Link {
        text: String,
        href: String,
    },
    /// Anything else; made anew whenever the row's element is re-used.
    View(AnyView),
}

impl CellView {
    pub fn text(text: impl Into<String>) -> Self {
        CellView::Text(text.into())
    }

    pub(super) fn render(self) -> AnyView {
        match self {
            CellView::Empty => ().into_any(),
            CellView::Text(text) => text.into_any(),
            CellView::Strong(text) => view! { <strong>{text}</strong> }.into_any(),
            CellView::Faint(text) => view! { <span class="faint">{text}</span> }.into_any(),
            CellView::Toned(tone, text) => {
                view! { <span class=format!("toned {}", tone.class())>{text}</span> }.into_any()
            }
            CellView::Pair(main, sub) => view! {
                {main}
                <span class="faint pair">{sub}</span>
            }
            .into_any(),
            CellView::Chips(chips) => chips
                .into_iter()
                .map(|(tone, text)| {
                    view! { <span class=format!("chip {}", tone.class())>{text}</span> }
                })
                .collect_view()
                .into_any(),
            CellView::Strip(parts) => strip_bar(&parts).into_any(),
            CellView::Link { text, href } => {
                view! { <a href=href tabindex="-1">{text}</a> }.into_any()
            }
            CellView::View(view) => view,
        }
    }
}

impl From<String> for CellView {
    fn from(text: String) -> Self {
        CellView::Text(text)
    }
}

impl From<&str> for CellView {
    fn from(text: &str) -> Self {
        CellView::Text(text.to_owned())
    }
}
