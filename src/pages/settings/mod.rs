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

use crate::platform::pause::pause;
use crate::ui::prelude::*;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// A section: id, title for the list at the side, and what makes it.
type SectionEntry = (&'static str, &'static str, fn() -> AnyView);

const SECTIONS: &[SectionEntry] = &[
    ("company", "Company", || company::Company().into_any()),
    ("aging", "Aging", || buckets::AgingRules().into_any()),
    ("rates", "Exchange rates", || rates::Rates().into_any()),
    ("terms", "Terms codes", || terms::TermsCodes().into_any()),
    ("interest", "Late interest", || {
        interest::Interest().into_any()
    }),
    ("promises", "Promises", || promises::Promises().into_any()),
    ("letters", "Letters", || letters::Letters().into_any()),
    ("disputes", "Disputes and queries", || {
        disputes::DisputeRules().into_any()
    }),
    ("limits", "Limits", || limits::Limits().into_any()),
    ("numbers", "Document numbers", || {
        numbers::DocumentNumbers().into_any()
    }),
    ("payments", "Payments", || payments::Payments().into_any()),
    ("accounts", "Ledger accounts", || {
        accounts::LedgerAccounts().into_any()
    }),
    ("calendar", "Calendar", || calendar::Calendar().into_any()),
    ("strategy", "Work list", || {
        strategy::WorkStrategy().into_any()
    }),
    ("calling", "Calling", || calling::Calling().into_any()),
    ("contact", "Rules of contact", || {
        contact_rules::ContactRules().into_any()
    }),
    ("control", "Control balances", || {
        control::Control().into_any()
    }),
    ("workbooks", "Client’s workbooks", || {
        templates::Templates().into_any()
    }),
    ("look", "Look and keys", || {
        appearance::Appearance().into_any()
    }),
    ("data", "Data", || data::Data().into_any()),
    ("delete", "Delete this book", || {
        data::DeleteBook().into_any()
    }),
];
/// What is there at once: what a window shows at first.
const AT_ONCE: usize = 2;

/// The page. Its sections come one after another, from the top, with the browser's turn between
/// them: all at once they would hold up input.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let there = RwSignal::new(AT_ONCE);
    leptos::task::spawn_local(async move {
        for _ in AT_ONCE..SECTIONS.len() {
            pause().await;
            if there.try_update(|n| *n += 1).is_none() {
                return;
            }
        }
    });
    let wanted = RwSignal::new(None::<usize>);
    // `#data` in the address: that section.
    let hash = use_location().hash;
    Effect::new(move |_| {
        let id = hash.get().trim_start_matches('#').to_owned();
        wanted.set(SECTIONS.iter().position(|(known, ..)| *known == id));
    });
    Effect::new(move |_| {
        let Some(place) = wanted.get().filter(|place| *place < there.get()) else {
            return;
        };
        wanted.set(None);
        let (id, ..) = SECTIONS[place];
        request_animation_frame(move || show(id));
    });
    let coming = move || there.get() < SECTIONS.len();
    view! {
        <PageHead title="Settings" facts=Signal::stored("Each change of a rule is a commit: Activity shows it and can undo it.".to_owned()) />
        <div class="settings-page" data-updating=move || coming().then_some("")>
            <nav class="settings-nav" aria-label="Sections">
                {SECTIONS.iter().enumerate().map(|(place, (_, title, _))| view! {
                    <button type="button" class="link" on:click=move |_| wanted.set(Some(place))>{*title}</button>
                }).collect_view()}
            </nav>
            <div class="settings-sections">
                <For each=move || 0..there.get() key=|place| *place children=|place| SECTIONS[place].2() />
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
