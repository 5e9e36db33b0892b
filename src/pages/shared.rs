//! What the pages of work share: strips, people, local time, the list's keys, the view in the address.

pub mod account;
mod address;
pub mod case;
mod clock;
mod erase;
mod forecast_weeks;
mod item_detail;
pub mod letter;
mod moving;
mod past;
mod pick;
mod sheet_pick;
pub mod why;
mod work_field;

pub use address::{
    change_address, customer_in_address, follow_address, in_address, leading, search_in_address,
    sort_in_address,
};
pub use clock::{There, callable, clock_of, local_judged, there};
pub use duebook_insight::today::zone_of;
pub use erase::{EraseDialog, Erasing, erased};
pub use forecast_weeks::ForecastWeeks;
pub use item_detail::ItemDialog;
pub use moving::last_moving;
pub use past::{NotInView, OnlyToday};
pub use pick::CustomerPick;
pub use sheet_pick::SheetPick;
pub use work_field::work_field;

use crate::platform::clock as machine;
use crate::ui::aging_strip::age_step;
use crate::ui::dom;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{FiguresState, Texts};
use duebook_ledger::facts::Outcome;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::people::ContactFacts;
use duebook_money::{Currency, Weekday};
use duebook_policy::Buckets;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// A key of the account that was asked for by other means than the keyboard: the account that is
/// open, or opens next, takes it.
#[derive(Clone, Copy)]
pub struct Act(RwSignal<Option<&'static str>>);

/// Puts it into context. Call once, in the frame.
pub fn provide_act() {
    provide_context(Act(RwSignal::new(None)));
}

/// What is asked for.
pub fn use_act() -> RwSignal<Option<&'static str>> {
    use_context::<Act>().map_or_else(|| RwSignal::new(None), |act| act.0)
}

/// The strip of the amounts of one customer or group by bucket.
pub fn strip(amounts: &[i64], currency: Currency, buckets: &Buckets) -> Vec<StripPart> {
    let overdue = (0..buckets.count())
        .filter(|b| buckets.is_past_due(*b))
        .count();
    let first = buckets.count() - overdue;
    let amounts = amounts.iter().take(buckets.count()).enumerate();
    amounts
        .map(|(bucket, amount)| StripPart {
            label: buckets.label(bucket),
            amount: words::amount(*amount, currency),
            weight: (*amount).max(0).unsigned_abs(),
            step: if bucket < first {
                0
            } else {
                age_step(bucket - first, overdue)
            },
        })
        .collect()
}

/// A person's name, mailbox and phone, kept together as one erasable text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Mailbox.
    pub mail: String,
    /// Phone.
    pub phone: String,
}

impl Person {
    /// From the text beside the log; `None` where it was erased.
    pub fn of(facts: &ContactFacts, texts: &Texts) -> Option<Person> {
        let mut lines = texts
            .get(facts.details)?
            .lines()
            .map(|l| l.trim().to_owned());
        let mut next = || lines.next().unwrap_or_default();
        Some(Person {
            name: next(),
            mail: next(),
            phone: next(),
        })
    }
    /// As stored.
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}",
            self.name.trim(),
            self.mail.trim(),
            self.phone.trim()
        )
    }
    /// What a telephone dials: digits and a leading plus.
    pub fn dial(&self) -> String {
        let digits: String = self.phone.chars().filter(char::is_ascii_digit).collect();
        if self.phone.trim_start().starts_with('+') {
            format!("+{digits}")
        } else {
            digits
        }
    }
}

/// A customer in an address: source and number, each with nothing in it that could be a slash.
pub fn on_text(key: &CustomerKey) -> String {
    let part = |text: &str| String::from(js_sys::encode_uri_component(text));
    format!("{}/{}", part(&key.source), part(&key.number))
}

/// The customer of such a text.
pub fn on_key(text: &str) -> Option<CustomerKey> {
    let (source, number) = text.split_once('/')?;
    let part = |text: &str| js_sys::decode_uri_component(text).ok().map(String::from);
    Some(CustomerKey {
        source: part(source)?,
        number: part(number)?,
    })
}

/// A weekday in words.
pub fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// The time of an instant in a zone, or here where none is known: "16:00".
pub fn clock_text(zone: Option<&str>, at: i64) -> String {
    let local = match zone {
        Some(zone) => machine::local_time_in(zone, at),
        None => machine::local_time_at(at, machine::local_offset_minutes(at)),
    };
    local.map_or(String::new(), |l| format!("{:02}:{:02}", l.hour, l.minute))
}

/// Whether an outcome forbids the ordinary call.
pub fn stop_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::DoNotCall => "asked not to be called",
        Outcome::LegalRepresentation => "write to their lawyer only",
        _ => "insolvency: stop and route",
    }
}

/// Why no figure is shown, where a total is beyond what a ledger holds.
pub const TOO_LARGE: &str = "A total is too large for a ledger. The items are as they were; no sum of them is shown. Check the amounts of the last import, or undo it.";

/// Said while figures are of an earlier state.
pub const UPDATING: &str = "bringing figures up to date";

/// Says so where figures are missing or of an earlier state; empty else.
#[component]
pub fn FiguresNote() -> impl IntoView {
    let ws = crate::workspace::use_ws();
    let state = ws.figures_state();
    move || {
        (state.get() == FiguresState::TooLarge).then(|| {
            view! { <Callout tone=Tone::Danger title="No figures">{TOO_LARGE}</Callout> }
        })
    }
}

/// Facts of a page head, with a quiet word while they are being brought up to date.
pub fn with_state(facts: String, state: FiguresState) -> String {
    match state {
        FiguresState::Ready => facts,
        FiguresState::TooLarge => "no figures".to_owned(),
        FiguresState::Updating if facts.is_empty() => UPDATING.to_owned(),
        FiguresState::Updating => format!("{facts}; {UPDATING}"),
    }
}

/// Now, once a minute.
pub fn use_now() -> RwSignal<i64> {
    let now = RwSignal::new(machine::now_ms());
    let tick = set_interval_with_handle(
        move || _ = now.try_set(machine::now_ms()),
        std::time::Duration::from_secs(30),
    );
    on_cleanup(move || {
        if let Ok(handle) = tick {
            handle.clear();
        }
    });
    now
}

/// Goes to an address of the app.
pub fn use_go() -> Callback<String> {
    let navigate = use_navigate();
    let navigate =
        StoredValue::new_local(move |path: &str| navigate(path, NavigateOptions::default()));
    Callback::new(move |href: String| {
        let path = href
            .strip_prefix(&crate::app::base())
            .unwrap_or(&href)
            .to_owned();
        navigate.with_value(|go| go(&path));
    })
}

/// Where it is kept, in this browser, whether single keys are wanted.
pub const SINGLE_KEYS: &str = "duebook.single-keys";

/// Whether single keys are wanted.
pub fn single_keys_wanted() -> bool {
    crate::platform::prefs::read(SINGLE_KEYS).unwrap_or(true)
}

/// Whether a key press is a single key meant for the page: not typed into a field, not in a dialog,
/// not taken by somebody else, and single keys are wanted (WCAG 2.1.4).
pub fn is_page_key(event: &web_sys::KeyboardEvent) -> bool {
    let in_dialog = || {
        document()
            .query_selector("dialog[open]")
            .ok()
            .flatten()
            .is_some()
    };
    let chorded = event.ctrl_key() || event.meta_key() || event.alt_key();
    single_keys_wanted()
        && !event.default_prevented()
        && !chorded
        && !dom::is_typing(event)
        && !in_dialog()
}

/// Shows the first rows again after what is asked for has changed: a new filter is a new list.
pub fn top_on<T: PartialEq + 'static>(grid: GridHandle, asked: impl Fn() -> T + 'static) {
    Effect::new(move |before: Option<T>| {
        let now = asked();
        if before.is_some_and(|b| b != now) {
            grid.to_top();
        }
        now
    });
}

/// j and k move, Enter opens, from anywhere on the page.
pub fn list_keys(grid: GridHandle) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if !is_page_key(&event) {
            return;
        }
        let on_control = dom::event_element(&event)
            .is_some_and(|e| e.closest("a,button,[role=grid]").ok().flatten().is_some());
        match event.key().as_str() {
            "j" => grid.move_by(1),
            "k" => grid.move_by(-1),
            "Enter" if !on_control => grid.open(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}
