//! Settings: the rules of the book, each a commit that can be undone; the look; the data.

mod accounts;
mod appearance;
mod buckets;
mod calendar;
mod calling;
mod company;
mod contact_rules;
mod control;
mod data;
mod disputes;
mod interest;
mod interest_pack;
mod letters;
mod limits;
mod numbers;
mod payments;
mod promises;
mod rates;
mod save;
mod strategy;
mod supplier;
mod template_form;
mod templates;
mod terms;
mod tolerances;

use crate::ui::prelude::*;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Sections: id and title, for the list at the side.
const SECTIONS: &[(&str, &str)] = &[
    ("company", "Company"),
    ("aging", "Aging"),
    ("rates", "Exchange rates"),
    ("terms", "Terms codes"),
    ("interest", "Late interest"),
    ("promises", "Promises"),
    ("letters", "Letters"),
    ("disputes", "Disputes and queries"),
    ("limits", "Limits"),
    ("numbers", "Document numbers"),
    ("payments", "Payments"),
    ("accounts", "Ledger accounts"),
    ("calendar", "Calendar"),
    ("strategy", "Work list"),
    ("calling", "Calling"),
    ("contact", "Rules of contact"),
    ("control", "Control balances"),
    ("workbooks", "Client’s workbooks"),
    ("look", "Look and keys"),
    ("data", "Data"),
    ("delete", "Delete this book"),
];

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    // `#data` in the address: that section.
    let hash = use_location().hash;
    Effect::new(move |_| {
        let id = hash.get().trim_start_matches('#').to_owned();
        let known = SECTIONS.iter().find(|(known, _)| *known == id);
        if let Some((id, _)) = known {
            request_animation_frame(move || show(id));
        }
    });
    view! {
        <PageHead title="Settings" facts=Signal::stored("Each change of a rule is a commit: Activity shows it and can undo it.".to_owned()) />
        <div class="settings-page">
            <nav class="settings-nav" aria-label="Sections">
                {SECTIONS.iter().map(|(id, title)| view! {
                    <button type="button" class="link" on:click=move |_| show(id)>{*title}</button>
                }).collect_view()}
            </nav>
            <div class="settings-sections">
                <company::Company />
                <buckets::AgingRules />
                <rates::Rates />
                <terms::TermsCodes />
                <interest::Interest />
                <promises::Promises />
                <letters::Letters />
                <disputes::DisputeRules />
                <limits::Limits />
                <numbers::DocumentNumbers />
                <payments::Payments />
                <accounts::LedgerAccounts />
                <calendar::Calendar />
                <strategy::WorkStrategy />
                <calling::Calling />
                <contact_rules::ContactRules />
                <control::Control />
                <templates::Templates />
                <appearance::Appearance />
                <data::Data />
                <data::DeleteBook />
            </div>
        </div>
    }
}

/// Brings a section into view and puts the focus on its title.
fn show(id: &str) {
    if let Some(section) = document().get_element_by_id(id) {
        section.scroll_into_view();
    }
    crate::ui::dom::focus_id(&format!("{id}-title"));
}
