//! The one table of pages and actions: label, keys, what it leads to. Rail, palette, tooltips and
//! help read it.

use crate::ui::icon::Icon;

/// A page of an open book.
pub struct Page {
    /// Path below the book.
    pub path: &'static str,
    /// Name.
    pub label: &'static str,
    /// Icon.
    pub icon: Icon,
    /// Keys: `g` then a letter.
    pub keys: &'static str,
}

/// Pages in the order of the rail.
pub const PAGES: &[Page] = &[
    Page {
        path: "today",
        label: "Today",
        icon: Icon::Today,
        keys: "g t",
    },
    Page {
        path: "work",
        label: "Work",
        icon: Icon::Phone,
        keys: "g k",
    },
    Page {
        path: "customers",
        label: "Customers",
        icon: Icon::Building,
        keys: "g c",
    },
    Page {
        path: "items",
        label: "Items",
        icon: Icon::List,
        keys: "g i",
    },
    Page {
        path: "aging",
        label: "Aging",
        icon: Icon::Bars,
        keys: "g a",
    },
    Page {
        path: "kpis",
        label: "Key figures",
        icon: Icon::Gauge,
        keys: "g y",
    },
    Page {
        path: "reports",
        label: "Reports",
        icon: Icon::Report,
        keys: "g e",
    },
    Page {
        path: "cash",
        label: "Cash",
        icon: Icon::Coins,
        keys: "g p",
    },
    Page {
        path: "cases",
        label: "Cases",
        icon: Icon::Flag,
        keys: "g d",
    },
    Page {
        path: "reconcile",
        label: "Reconcile",
        icon: Icon::Check,
        keys: "g b",
    },
    Page {
        path: "letters",
        label: "Letters",
        icon: Icon::File,
        keys: "g r",
    },
    Page {
        path: "plans",
        label: "Plans",
        icon: Icon::Calendar,
        keys: "g n",
    },
    Page {
        path: "risk",
        label: "Risk",
        icon: Icon::Warning,
        keys: "g x",
    },
    Page {
        path: "import",
        label: "Import",
        icon: Icon::Upload,
        keys: "g m",
    },
    Page {
        path: "changes",
        label: "Changes",
        icon: Icon::Swap,
        keys: "g w",
    },
    Page {
        path: "outbox",
        label: "Outbox",
        icon: Icon::Mail,
        keys: "g o",
    },
    Page {
        path: "shift",
        label: "Shift",
        icon: Icon::People,
        keys: "g f",
    },
    Page {
        path: "activity",
        label: "Activity",
        icon: Icon::History,
        keys: "g l",
    },
    Page {
        path: "settings",
        label: "Settings",
        icon: Icon::Gear,
        keys: "g s",
    },
    Page {
        path: "help",
        label: "Help",
        icon: Icon::Info,
        keys: "g h",
    },
];

/// A key that works on a page, for the list of keys.
pub struct Key {
    /// As pressed.
    pub keys: &'static str,
    /// What it does.
    pub does: &'static str,
}

/// Keys that work on every page of a book.
pub const EVERYWHERE: &[Key] = &[
    Key {
        keys: "Ctrl K",
        does: "Find anything a caller says, or a command",
    },
    Key {
        keys: "/",
        does: "Filter the list",
    },
    Key {
        keys: "j k",
        does: "Next and previous row",
    },
    Key {
        keys: "Enter",
        does: "Open the row",
    },
    Key {
        keys: "Ctrl Enter",
        does: "Save the contact, or what the open dialog is for",
    },
    Key {
        keys: "W",
        does: "Who works here: then 1 to 9",
    },
    Key {
        keys: "z",
        does: "Undo the last commit of yours",
    },
    Key {
        keys: "?",
        does: "Show the keys",
    },
];

/// Keys on an account.
pub const ACCOUNT: &[Key] = &[
    Key {
        keys: "c",
        does: "Log a call",
    },
    Key {
        keys: "p",
        does: "Record a promise",
    },
    Key {
        keys: "d",
        does: "Take down a dispute",
    },
    Key {
        keys: "q",
        does: "Take down a query",
    },
    Key {
        keys: "n",
        does: "Write a note",
    },
    Key {
        keys: "f",
        does: "Set a follow-up",
    },
    Key {
        keys: "l",
        does: "Send a statement",
    },
];

/// Keys on Work beside those of an account.
pub const WORK: &[Key] = &[
    Key {
        keys: "j k",
        does: "Next and previous in the queue; the card follows",
    },
    Key {
        keys: "Enter",
        does: "Take up the call",
    },
    Key {
        keys: "Esc",
        does: "Back to the queue",
    },
    Key {
        keys: "1 2 3 4",
        does: "No answer, voicemail left, busy, no voicemail: saved at once, next try by policy, next row",
    },
    Key {
        keys: "o",
        does: "They ring: what was open is parked",
    },
    Key {
        keys: "y",
        does: "Why this account, in points",
    },
    Key {
        keys: "m",
        does: "Snooze until a day, with a reason",
    },
    Key {
        keys: "t",
        does: "Put first, with a reason",
    },
];
