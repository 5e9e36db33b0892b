//! Which customer: searched by name or number.

use super::account::name_of;
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use crate::workspace::Ws;
use duebook_insight::search::customers_named;
use duebook_ledger::CustomerId;
use leptos::prelude::*;

/// Customers found by a search.
const FOUND: usize = 8;

/// The customer chosen, and a search for another.
#[component]
pub fn CustomerPick(
    ws: Ws,
    #[prop(into)] of: Signal<Option<CustomerId>>,
    #[prop(into)] on_pick: Callback<CustomerId>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        search.with(|text| {
            ws.peek(|b| {
                let (found, more) = customers_named(b, text, FOUND);
                let named = found.into_iter().map(|id| (id, name_of(b, id)));
                (named.collect::<Vec<_>>(), more)
            })
        })
    });
    let says = move || {
        let typed = search.with(|t| !t.trim().is_empty());
        found.with(|(found, more)| match (found.len(), *more) {
            (0, _) if typed => "No customer has this in name or number.".to_owned(),
            (_, 0) => String::new(),
            (shown, more) => format!(
                "{shown} of {}: type more of the name or number.",
                format_count(shown.saturating_add(more), Default::default())
            ),
        })
    };
    let name = move || {
        let id = of.get();
        id.map_or("Nobody yet".to_owned(), |id| ws.peek(|b| name_of(b, id)))
    };
    view! {
        <div class="plans-pick">
            <p>"Customer: " <strong>{name}</strong></p>
            <SearchField label="Customer by name or number" value=search />
            <p class="button-row">
                {move || found.get().0.into_iter().map(|(id, name)| view! {
                    <Button label=name kind=ButtonKind::Quiet on_press=move |()| { on_pick.run(id); search.set(String::new()); } />
                }).collect_view()}
            </p>
            <p class="muted" aria-live="polite">{says}</p>
        </div>
    }
}
