//! The design system: every control, table and message the pages are made of. No domain logic.
//!
//! Words and figures come in ready-made; what leaves is a callback. Styles live in `style/`; dynamic
//! geometry goes through the CSSOM (`style:`), never an inline `style` attribute: the CSP forbids those.
#![allow(
    dead_code,
    unused_imports,
    reason = "a component library offers more variants than the pages use on a given day"
)]

pub mod aging_strip;
pub mod button;
pub mod callout;
pub mod chart;
pub mod chip;
pub mod dialog;
pub mod dom;
pub mod empty;
pub mod file_drop;
pub mod form;
pub mod format;
#[cfg(feature = "test-pages")]
pub mod gallery;
pub mod grid;
pub mod icon;
pub mod kbd;
pub mod look;
pub mod menu;
pub mod money_cell;
pub mod palette;
pub mod progress;
pub mod shell;
pub mod stat;
pub mod tabs;
pub mod toast;
pub mod tone;
pub mod why;

/// What a page usually needs, in one import.
pub mod prelude {
    pub use super::aging_strip::{AgingStrip, StripPart};
    pub use super::button::{Button, ButtonKind, IconButton};
    pub use super::callout::Callout;
    pub use super::chart::{Chart, ChartData, Form, Series};
    pub use super::chip::{Chip, FilterChip};
    pub use super::dialog::Dialog;
    pub use super::empty::Empty;
    pub use super::file_drop::FileDrop;
    pub use super::form::*;
    pub use super::format::{Grouping, days_late_text, format_day, format_minor};
    pub use super::grid::{
        CellEdit, CellView, Column, EditHow, Grid, GridHandle, GridSource, Selection, Sort, SortDir,
    };
    pub use super::icon::{Icon, IconView};
    pub use super::kbd::Kbd;
    pub use super::look::{Density, Look, Theme, use_look};
    pub use super::menu::{Menu, MenuItem};
    pub use super::money_cell::Money;
    pub use super::palette::{Palette, PaletteGroup, PaletteItem};
    pub use super::progress::Progress;
    pub use super::shell::{PageHead, RailItem, RailLink, Shell, focus_page_if_lost};
    pub use super::stat::{Stat, StatRow, TieBadge, TieState};
    pub use super::tabs::{Tab, TabPanel, Tabs};
    pub use super::toast::{ToastAction, Toasts, provide_toasts, use_toasts};
    pub use super::tone::Tone;
    pub use super::why::{Why, WhyLine};
}
