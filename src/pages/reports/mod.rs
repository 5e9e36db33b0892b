//! Reports: packs issued with one action, every report as a sheet, what was issued and what is known
//! of it now, and a status update on one page.

mod issued;
mod make;
mod packs;
mod status;
mod status_text;

use crate::pages::shared::in_address;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use leptos::prelude::*;

/// The page.
#[component]
pub fn ReportsPage() -> impl IntoView {
    let ws = use_ws();
    let (part, set_part) = in_address::<String>("part", true);
    let current = Signal::derive(move || match part.get().as_deref() {
        Some("issued") => "issued",
        Some("status") => "status",
        _ => "make",
    });
    let change = Callback::new(move |id: &'static str| {
        set_part.run((id != "make").then(|| id.to_owned()));
    });
    let count = Memo::new(move |_| ws.read(|book| book.issued_reports().count()));
    let tabs = Signal::derive(move || {
        vec![
            Tab::new("make", "Reports and packs"),
            Tab::new("issued", "Issued").count(count.get().to_string()),
            Tab::new("status", "Status update"),
        ]
    });
    let facts = Signal::derive(move || {
        let view = ws.view();
        let known = match view.known {
            Some(seq) => format!(", as known after commit {}", seq.0),
            None => String::new(),
        };
        format!("As of {}{known}", words::day(view.as_of))
    });
    view! {
        <PageHead title="Reports" facts=facts />
        <Tabs name="reports" label="Views of reports" tabs=tabs current=current on_change=change />
        <TabPanel name="reports" id="make" current=current>
            <make::Make />
        </TabPanel>
        <TabPanel name="reports" id="issued" current=current>
            <issued::Issued />
        </TabPanel>
        <TabPanel name="reports" id="status" current=current>
            <status::Status />
        </TabPanel>
    }
}
