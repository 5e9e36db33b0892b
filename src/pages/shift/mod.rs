//! Shift: who works and since when, what is handed over, what the day came to; another copy of the
//! book is taken in; a lead spreads the work; an engagement begins and ends.

mod day;
mod engagement;
mod gaps;
mod join;
mod lead;
mod now;
mod paper;
mod start;
mod tasks;
mod wording;

use crate::pages::shared::{NotInView, in_address};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use leptos::prelude::*;

/// Views of the page: id in the address, label.
const VIEWS: [(&str, &str); 6] = [
    ("now", "Shift"),
    ("day", "End of day"),
    ("join", "Take in"),
    ("tasks", "Tasks"),
    ("lead", "Lead"),
    ("engagement", "Engagement"),
];

/// The page.
#[component]
pub fn ShiftPage() -> impl IntoView {
    let ws = use_ws();
    let (show, set_show) = in_address::<String>("show", true);
    let current = Signal::derive(move || {
        let asked = show.get().unwrap_or_default();
        let known = VIEWS.iter().find(|(id, _)| *id == asked);
        known.map_or("now", |(id, _)| id)
    });
    let facts = Signal::derive(move || match ws.my_shift() {
        Some((_, shift)) => format!(
            "{} works since {}, work date {}",
            shift.agent,
            wording::here(shift.start),
            words::day(shift.work_date)
        ),
        None => format!("{}: no shift has begun", ws.who().get()),
    });
    let tabs = Signal::derive(move || {
        let tab = |(id, label): &(&'static str, &'static str)| Tab::new(id, *label);
        VIEWS.iter().map(tab).collect::<Vec<_>>()
    });
    let change = move |id: &'static str| set_show.run((id != "now").then(|| id.to_owned()));
    view! {
        <PageHead title="Shift" facts=facts />
        <NotInView />
        <div class="shift-page">
            <Tabs name="shift" label="Views of the shift" tabs=tabs current=current on_change=change />
            <TabPanel name="shift" id="now" current=current><now::Now /></TabPanel>
            <TabPanel name="shift" id="day" current=current><day::Day /></TabPanel>
            <TabPanel name="shift" id="join" current=current><join::Join /></TabPanel>
            <TabPanel name="shift" id="tasks" current=current><tasks::Tasks /></TabPanel>
            <TabPanel name="shift" id="lead" current=current><lead::Lead /></TabPanel>
            <TabPanel name="shift" id="engagement" current=current><engagement::Engagement /></TabPanel>
        </div>
    }
}
