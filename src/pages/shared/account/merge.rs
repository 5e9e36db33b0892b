//! A customer that the source keeps under another number: said by a person, shown on both, undone
//! like anything else.

use super::{Account, name_of};
use crate::pages::account_href;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::{Book, Command, CustomerId};
use leptos::prelude::*;

fn named(book: &Book, id: CustomerId) -> String {
    let number = book.customer(id).map_or("", |c| &c.number);
    format!("{} ({number})", name_of(book, id))
}

/// What is said of mergers of this customer, and the act. `offer`: whether the act stands here; on a call
/// card it would be in the way.
#[component]
pub fn Merged(account: Account, offer: bool) -> impl IntoView {
    let (ws, id) = (account.ws, account.customer);
    let open = RwSignal::new(false);
    let link = move |other: CustomerId| {
        let name = ws.peek(|b| named(b, other));
        view! { <a href=account_href(ws, other).unwrap_or_default()>{name}</a> }
    };
    let said = move || {
        let (into, from) = ws.read(|b| (b.merged_into(id), b.merged_from(id)));
        let into = into.map(|other| {
            view! { <p class="faint">"Goes on as " {link(other)} "."</p> }
        });
        let from = (!from.is_empty()).then(|| {
            let all = from.into_iter().map(|o| view! { " " {link(o)} });
            view! { <p class="faint">"Has what was done with" {all.collect_view()} "."</p> }
        });
        view! { {into} {from} }
    };
    let has_source = ws.peek(|b| {
        b.customer(id)
            .is_some_and(|c| !b.source_name(c.source).is_empty())
    });
    let can = move || offer && has_source && ws.read(|b| b.merged_into(id).is_none());
    view! {
        {said}
        <Show when=can>
            <Button label="Has another number now" kind=ButtonKind::Quiet refused=account.refused() on_press=move |()| open.set(true) />
        </Show>
        <MergeDialog account open />
    }
}

#[component]
fn MergeDialog(account: Account, open: RwSignal<bool>) -> impl IntoView {
    let (ws, id) = (account.ws, account.customer);
    let number = RwSignal::new(String::new());
    let source = account.key().source;
    let to = {
        let source = source.clone();
        Memo::new(move |_| {
            let key = CustomerKey {
                source: source.clone(),
                number: number.with(|n| n.trim().to_owned()),
            };
            let found = ws.read(|b| b.find_customer(&key));
            found.filter(|c| ws.peek(|b| b.customer_facts(*c).is_some()))
        })
    };
    let refused = Signal::derive(move || match to.get() {
        _ if number.with(|n| n.trim().is_empty()) => Some("Type the number it has now.".to_owned()),
        None => Some(
            "The book has no customer of this number. Import the file that shows it first."
                .to_owned(),
        ),
        Some(other) if other == id => Some("This is the number it has here.".to_owned()),
        Some(other) if ws.read(|b| goes_on_as(b, other, id)) => {
            Some("That customer goes on as this one already.".to_owned())
        }
        Some(_) => None,
    });
    let preview = move || {
        let other = to.get().filter(|_| refused.with(Option::is_none))?;
        Some(ws.read(|b| {
            let items = account.items.with(|i| i.len());
            let left = match items {
                0 => "Nothing of it is open any more.".to_owned(),
                n => format!(
                    "{} of it stay with it until a file shows them under the new number.",
                    plural(n, "open item", "open items", Default::default())
                ),
            };
            format!(
                "{} goes on as {}. Its people, and what was said, promised and noted, show there too. {left} Nothing is posted.",
                named(b, id),
                named(b, other)
            )
        }))
    };
    let save = move |()| {
        let Some(other) = to.get_untracked() else {
            return;
        };
        let keys = ws.peek(|b| Some((b.customer_key(id)?, b.customer_key(other)?)));
        let Some((from, to)) = keys else { return };
        let done = ws.peek(|b| format!("{} goes on as {}", named(b, id), named(b, other)));
        open.set(false);
        let command = Command::MergeCustomers { from, to };
        ws.run(account.toasts, command, Default::default(), done, |_| {});
    };
    let title = move || format!("What number has {} now?", account.name());
    view! {
        <Dialog
            open=open
            title=Signal::derive(title)
            actions=move || view! {
                <Button label="Cancel" kind=ButtonKind::Quiet on_press=move |()| open.set(false) />
                <Button label="Say so" kind=ButtonKind::Primary refused=refused on_press=save />
            }
        >
            <TextField label=format!("Its number in {source} now") value=number autofocus=true />
            <p role="status">{move || preview().or_else(|| refused.get())}</p>
        </Dialog>
    }
}

/// Whether a customer goes on as another, by however many steps.
fn goes_on_as(book: &Book, from: CustomerId, to: CustomerId) -> bool {
    let mut at = from;
    // No chain is longer than there are customers.
    for _ in 0..book.customers().len() {
        match book.merged_into(at) {
            Some(next) if next == to => return true,
            Some(next) => at = next,
            None => return false,
        }
    }
    false
}
