//! Theme, density and grouping: the user's own choices, kept by the app and obeyed by every component.

use super::format::Grouping;
use crate::platform::prefs;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// As settings keep it.
    pub fn id(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// From its id; what is not known is the system's.
    pub fn of(id: &str) -> Theme {
        match id {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    #[default]
    Compact,
    Comfortable,
}

impl Density {
    /// As settings keep it.
    pub fn id(self) -> &'static str {
        match self {
            Density::Compact => "compact",
            Density::Comfortable => "comfortable",
        }
    }

    /// From its id; what is not known is compact.
    pub fn of(id: &str) -> Density {
        if id == "comfortable" {
            Density::Comfortable
        } else {
            Density::Compact
        }
    }

    /// The height of one grid row in CSS pixels; tokens.css has the same figures.
    pub fn row_height(self) -> f64 {
        match self {
            Density::Compact => 30.0,
            Density::Comfortable => 36.0,
        }
    }
}

/// Under these names this browser keeps them.
const THEME: &str = "duebook.theme";
const DENSITY: &str = "duebook.density";

fn kept(key: &str) -> String {
    prefs::read::<String>(key).unwrap_or_default()
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
        theme: RwSignal::new(Theme::of(&kept(THEME))),
        density: RwSignal::new(Density::of(&kept(DENSITY))),
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
    Effect::new(move |before: Option<(Theme, Density)>| {
        let now = (look.theme.get(), look.density.get());
        // Where the browser keeps nothing, the look holds for this visit.
        if before.is_some_and(|b| b != now) {
            let _ = prefs::write(THEME, &now.0.id());
            let _ = prefs::write(DENSITY, &now.1.id());
        }
        now
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
