//! Line icons on a 24 px grid. Decoration only: every icon stands beside a word or an accessible name.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Today,
    Coins,
    Phone,
    Building,
    List,
    Swap,
    Flag,
    Clock,
    Bars,
    Report,
    Gear,
    Search,
    Plus,
    Minus,
    Close,
    Check,
    ChevronDown,
    ChevronRight,
    ChevronLeft,
    ArrowUp,
    ArrowDown,
    Dots,
    Upload,
    Download,
    File,
    Warning,
    Info,
    Calendar,
    Undo,
    Note,
    Mail,
    Filter,
    Columns,
    Lock,
    Sun,
    Moon,
    History,
    People,
    Gauge,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Today => {
                "M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6l1.5 1.5M16.9 16.9l1.5 1.5M5.6 18.4l1.5-1.5M16.9 7.1l1.5-1.5M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"
            }
            Icon::Coins => {
                "M3 7h18v10H3zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM6 12h.01M18 12h.01"
            }
            Icon::Phone => {
                "M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z"
            }
            Icon::Building => {
                "M4 21V5a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v16M15 9h3a2 2 0 0 1 2 2v10M2 21h20M8 7h3M8 11h3M8 15h3"
            }
            Icon::List => "M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01",
            Icon::Swap => "M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4",
            Icon::Flag => "M5 21V4M5 4h13l-3 4.5L18 13H5",
            Icon::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
            Icon::Bars => "M4 20V11M10 20V4M16 20v-6M22 20H2M21 20v-3",
            Icon::Report => {
                "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5M9 13h6M9 17h6"
            }
            Icon::Gear => "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
            Icon::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20 20l-4-4",
            Icon::Plus => "M12 5v14M5 12h14",
            Icon::Minus => "M5 12h14",
            Icon::Close => "M6 6l12 12M18 6L6 18",
            Icon::Check => "M5 12.5l4.5 4.5L19 7.5",
            Icon::ChevronDown => "M6 9l6 6 6-6",
            Icon::ChevronRight => "M9 6l6 6-6 6",
            Icon::ChevronLeft => "M15 6l-6 6 6 6",
            Icon::ArrowUp => "M12 19V5M6 11l6-6 6 6",
            Icon::ArrowDown => "M12 5v14M6 13l6 6 6-6",
            Icon::Dots => {
                "M5 11.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6zM12 11.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6zM19 11.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6z"
            }
            Icon::Upload => "M12 16V4M7 9l5-5 5 5M4 20h16",
            Icon::Download => "M12 4v12M7 11l5 5 5-5M4 20h16",
            Icon::File => "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5",
            Icon::Warning => "M12 4L2.5 20h19zM12 10v4M12 17h.01",
            Icon::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.01",
            Icon::Calendar => {
                "M5 5h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM4 10h16M8 3v4M16 3v4"
            }
            Icon::Undo => "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6v1",
            Icon::Note => "M5 4h14v11l-5 5H5zM14 20v-5h5M9 9h6",
            Icon::Mail => "M4 6h16v12H4zM4 7l8 6 8-6",
            Icon::Filter => "M4 6h16M7 12h10M10 18h4",
            Icon::Columns => "M4 5h16v14H4zM10 5v14M15 5v14",
            Icon::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Icon::Sun => "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2",
            Icon::Moon => "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
            Icon::History => "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.5",
            Icon::Gauge => {
                "M4 18a9 9 0 1 1 16 0M12 14l4-5M12 13a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8z"
            }
            Icon::People => {
                "M9 4a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6M18 14.5a6.5 6.5 0 0 1 3.5 5.5"
            }
        }
    }
}

/// An icon at the text's size and colour.
#[component]
pub fn IconView(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}
