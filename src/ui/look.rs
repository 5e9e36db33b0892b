//! Theme, density and grouping: the user's own choices, kept by the app and obeyed by every component.

use super::format::Grouping;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    #[default]
    Compact,
    Comfortable,
}

impl Density {
    /// The height of one grid row in CSS pixels; tokens.css has the same figures.
    pub fn row_height(self) -> f64 {
        match self {
            Density::Compact => 30.0,
            Density::Comfortable => 36.0,
        }
    }
}

/// The look in force; get it with [`use_look`].
#[derive(Clone, Copy)]
pub struct Look {
    pub theme: RwSignal<Theme>,
    pub density: RwSignal<Density>,
    pub grouping: RwSignal<Grouping>,
}

/// Puts the look into context and mirrors it onto `<html>`, where the tokens read it. Call once, at the root.
pub fn provide_look() -> Look {
    let look = Look {
        theme: RwSignal::new(Theme::default()),
        density: RwSignal::new(Density::default()),
        grouping: RwSignal::new(Grouping::default()),
    };
    provide_context(look);
    Effect::new(move |_| {
        let theme = match look.theme.get() {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        };
        let density = match look.density.get() {
            Density::Compact => None,
            Density::Comfortable => Some("comfortable"),
        };
        set_root_attribute("data-theme", theme);
        set_root_attribute("data-density", density);
    });
    look
}

/// The look in force.
pub fn use_look() -> Look {
    use_context().expect("provide_look() must be called at the root of the app")
}

fn set_root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        super::dom::report(match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        });
    }
}
