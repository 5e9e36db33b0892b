//! The working calendar: weekend and holidays. A list is typed or pasted, never built in.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_money::business::Weekend;
use duebook_money::{Day, Weekday};
use duebook_policy::HolidayCalendar;
use duebook_policy::calendar::Holiday;
use leptos::prelude::*;

/// Days of the week in words, Monday first.
pub const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Seven boxes.
#[component]
pub fn WeekdayBoxes(label: &'static str, days: [RwSignal<bool>; 7]) -> impl IntoView {
    view! {
        <fieldset class="field weekday-boxes">
            <legend class="field-label">{label}</legend>
            <div class="weekday-row">
                {WEEKDAYS.iter().zip(days).map(|(name, on)| view! { <Checkbox label=*name value=on /> }).collect_view()}
            </div>
        </fieldset>
    }
}

/// The days that are ticked; `None` for all seven.
pub fn ticked(days: [RwSignal<bool>; 7]) -> Option<Weekend> {
    let on: Vec<Weekday> = Weekday::ALL
        .into_iter()
        .zip(days)
        .filter(|(_, d)| d.get())
        .map(|(w, _)| w)
        .collect();
    Weekend::of(&on)
}

/// Ticks the days of a weekend.
pub fn tick(days: [RwSignal<bool>; 7], weekend: Weekend) {
    for (day, on) in Weekday::ALL.into_iter().zip(days) {
        on.set(weekend.contains(day));
    }
}

/// The form.
#[component]
pub fn Calendar() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().calendar.clone()));
    let days: [RwSignal<bool>; 7] = std::array::from_fn(|_| RwSignal::new(false));
    let (name, source, list) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    let verified = RwSignal::new(false);
    Effect::new(move |_| {
        let calendar = in_force.get();
        tick(days, calendar.weekend);
        list.set(text_of(&calendar.holidays));
        name.set(calendar.name);
        source.set(calendar.source);
        verified.set(calendar.verified);
    });
    let read = Memo::new(move |_| list.with(|l| holidays(l)));
    let list_error = Signal::derive(move || read.with(|r| r.as_ref().err().cloned()));
    let refused = Signal::derive(move || {
        let none = ticked(days)
            .is_none()
            .then(|| "With seven days off there is no working day.".to_owned());
        list_error.get().or(none)
    });
    let echo = Signal::derive(move || {
        read.with(|r| {
            r.as_ref().ok().map(|h| match h.as_slice() {
                [] => "One holiday a line: the date, then its name. Paste a list here.".to_owned(),
                [first, .., last] => format!(
                    "{} holidays, years {} to {}",
                    h.len(),
                    first.day.year(),
                    last.day.year()
                ),
                [one] => format!("One holiday, in {}", one.day.year()),
            })
        })
    });
    let save = move |()| {
        let (Some(weekend), Ok(holidays)) = untrack(|| (ticked(days), read.get())) else {
            return;
        };
        let covers = match (holidays.first(), holidays.last()) {
            // A list of holidays speaks about whole years.
            (Some(a), Some(z)) => {
                Day::from_ymd(a.day.year(), 1, 1).zip(Day::from_ymd(z.day.year(), 12, 31))
            }
            _ => None,
        };
        let calendar = HolidayCalendar {
            name: name.get_untracked().trim().to_owned(),
            weekend,
            holidays,
            source: source.get_untracked().trim().to_owned(),
            verified: verified.get_untracked(),
            covers,
        };
        save::policies(
            ws,
            toasts,
            vec![PolicyChange::Calendar(calendar)],
            "Calendar saved",
        );
    };
    view! {
        <Section id="calendar" title="Calendar">
            <WeekdayBoxes label="Weekend" days />
            <TextArea label="Holidays" value=list error=list_error hint=echo rows=6 />
            <div class="form-row">
                <TextField label="Name of the calendar" value=name optional=true />
                <TextField label="Where the list is from" value=source optional=true />
            </div>
            <Checkbox label="The list was checked" value=verified hint=Some("Unchecked lists are shown as unverified.".to_owned()) />
            <p class="button-row"><Button label="Save the calendar" refused=refused on_press=save /></p>
        </Section>
    }
}

fn text_of(holidays: &[Holiday]) -> String {
    let lines: Vec<String> = holidays
        .iter()
        .map(|h| format!("{} {}", h.day, h.name).trim_end().to_owned())
        .collect();
    lines.join("\n")
}

/// Holidays as typed, by day; of two lines with one day the later name counts.
pub fn holidays(text: &str) -> Result<Vec<Holiday>, String> {
    let mut days = std::collections::BTreeMap::new();
    for (n, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        let line = line.trim();
        let (date, name) = line
            .split_once(|c: char| c.is_whitespace() || c == ',' || c == ';')
            .unwrap_or((line, ""));
        let day = save::day(date).ok_or_else(|| {
            format!(
                "Line {}: “{date}” is not a date such as 2026-12-25. Put the date first.",
                n + 1
            )
        })?;
        let name = name.trim_matches(|c: char| c.is_whitespace() || c == ',' || c == ';');
        days.insert(day, name.to_owned());
    }
    Ok(days
        .into_iter()
        .map(|(day, name)| Holiday { day, name })
        .collect())
}
