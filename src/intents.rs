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

/// What an action of the palette does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// What a key does on the open account, or on Work where none is open.
    OnAccount(&'static str),
    /// Opens a page.
    Goes(&'static str),
    /// Saves a report of the whole book, as a format.
    Saves(&'static str, &'static str),
    /// Undoes the last commit.
    Undo,
    /// Says who works here.
    Who,
    /// Light, dark, or as the system says: by id.
    Theme(&'static str),
    /// Close or comfortable rows: by id.
    Density(&'static str),
    /// Replays the log and checks every rule.
    Check,
}

/// An action that the palette offers.
pub struct Action {
    /// What it does, in words.
    pub label: &'static str,
    /// The key that does the same; empty where there is none.
    pub keys: &'static str,
    /// Other words it is looked for by.
    pub also: &'static str,
    /// What.
    pub does: Does,
}

const fn action(label: &'static str, keys: &'static str, also: &'static str, does: Does) -> Action {
    Action {
        label,
        keys,
        also,
        does,
    }
}

/// Actions of the palette, the most used first.
pub const ACTIONS: &[Action] = &[
    action(
        "Log a call",
        "c",
        "phone contact outcome",
        Does::OnAccount("c"),
    ),
    action(
        "They ring",
        "o",
        "inbound call answer",
        Does::OnAccount("o"),
    ),
    action(
        "Record a promise",
        "p",
        "promise to pay ptp",
        Does::OnAccount("p"),
    ),
    action(
        "Record a payment",
        "a",
        "apply cash receipt",
        Does::OnAccount("a"),
    ),
    action(
        "Take down a dispute",
        "d",
        "complaint",
        Does::OnAccount("d"),
    ),
    action(
        "Take down a query",
        "q",
        "question copy request",
        Does::OnAccount("q"),
    ),
    action("Write a note", "n", "remark comment", Does::OnAccount("n")),
    action(
        "Set a follow-up",
        "f",
        "next step reminder",
        Does::OnAccount("f"),
    ),
    action(
        "Import a file",
        "g m",
        "new upload open items",
        Does::Goes("import"),
    ),
    action("Undo the last commit", "z", "take back", Does::Undo),
    action(
        "Save the aging as Excel",
        "",
        "export report download",
        Does::Saves("aging", "xlsx"),
    ),
    action(
        "Save the open items as Excel",
        "",
        "export download list",
        Does::Saves("items", "xlsx"),
    ),
    action(
        "Save the open items as CSV",
        "",
        "export download list",
        Does::Saves("items", "csv"),
    ),
    action(
        "Save the contacts made as Excel",
        "",
        "export activity calls",
        Does::Saves("activity", "xlsx"),
    ),
    action(
        "Save a backup",
        "",
        "export whole book data",
        Does::Goes("settings#data"),
    ),
    action("Check my book", "", "verify proof log chain", Does::Check),
    action("Say who works here", "W", "name user actor", Does::Who),
    action(
        "Light theme",
        "",
        "switch look colour",
        Does::Theme("light"),
    ),
    action("Dark theme", "", "switch look colour", Does::Theme("dark")),
    action(
        "Theme as the system says",
        "",
        "switch look colour",
        Does::Theme("system"),
    ),
    action(
        "Close rows",
        "",
        "density compact look",
        Does::Density("compact"),
    ),
    action(
        "Comfortable rows",
        "",
        "density look",
        Does::Density("comfortable"),
    ),
    action(
        "All keys, and the guide",
        "?",
        "help shortcuts keyboard",
        Does::Goes("help"),
    ),
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
    Key {
        keys: "v",
        does: "All the source says of an item: local and group amounts, dates, texts",
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
