//! Which customer: searched by name or number.

use super::account::name_of;
use crate::ui::prelude::*;
use crate::workspace::Ws;
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
        let text = search.with(|t| t.trim().to_lowercase());
        if text.len() < 2 {
            return Vec::new();
        }
        ws.peek(|b| {
            let fits = |id: &CustomerId| {
                b.customer_facts(*id).is_some_and(|f| {
                    f.name.to_lowercase().contains(&text) || f.number.to_lowercase().contains(&text)
                })
            };
            let all = b.customer_ids().filter(fits).take(FOUND);
            all.map(|id| (id, name_of(b, id))).collect::<Vec<_>>()
        })
    });
    let name = move || {
        let id = of.get();
        id.map_or("Nobody yet".to_owned(), |id| ws.peek(|b| name_of(b, id)))
    };
    view! {
        <div class="plans-pick">
            <p>"Customer: " <strong>{name}</strong></p>
            <SearchField label="Customer by name or number" value=search />
            <p class="button-row">
                {move || found.get().into_iter().map(|(id, name)| view! {
                    <Button label=name kind=ButtonKind::Quiet on_press=move |()| { on_pick.run(id); search.set(String::new()); } />
                }).collect_view()}
            </p>
        </div>
    }
}
