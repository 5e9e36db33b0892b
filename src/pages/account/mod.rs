//! Account: one customer. People on the left, balances, open items and everything that happened in
//! the middle, the composer on the right; on a telephone three steps.

mod call;
mod composer;
mod dates;
mod draft;
mod fields;
mod head;
mod items;
mod lines;
mod payment;
mod people;
mod person;
mod profile;
mod story;
mod wording;

use super::shared::{in_address, is_page_key, use_now};
use crate::ui::dom;
use crate::ui::prelude::*;
use crate::workspace::{Texts, Ws, use_ws};
use call::Composer as Typed;
use duebook_insight::Judged;
use duebook_insight::promises::judge_customer;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::{Book, CustomerId, OpenScan};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use lines::ItemLine;
use std::sync::Arc;

/// What the parts of one account share. Handles only.
#[derive(Clone, Copy)]
struct Account {
    ws: Ws,
    toasts: Toasts,
    customer: CustomerId,
    /// Open items of the view.
    items: Memo<Arc<Vec<ItemLine>>>,
    /// Its promises as judged in the view, oldest first.
    promises: Memo<Arc<Vec<Judged>>>,
    selection: RwSignal<Selection>,
    now: RwSignal<i64>,
    typed: Typed,
    /// The dialog that is open.
    paying: RwSignal<bool>,
    marking: RwSignal<bool>,
}

impl Account {
    fn new(ws: Ws, customer: CustomerId) -> Self {
        let items = Memo::new(move |_| Arc::new(ws.read(|b| lines::read(b, ws.view(), customer))));
        let promises = Memo::new(move |_| {
            ws.read(|book| {
                Arc::new(judge_customer(
                    book,
                    &OpenScan::new(book, ws.view()),
                    customer,
                ))
            })
        });
        let selection = RwSignal::new(Selection::default());
        Account {
            ws,
            toasts: use_toasts(),
            customer,
            items,
            promises,
            selection,
            now: use_now(),
            typed: Typed::new(ws, customer, items, selection),
            paying: RwSignal::new(false),
            marking: RwSignal::new(false),
        }
    }
    /// Its natural key.
    fn key(&self) -> CustomerKey {
        let key = self.ws.peek(|b| b.customer_key(self.customer));
        key.unwrap_or(CustomerKey {
            source: String::new(),
            number: String::new(),
        })
    }
    /// Its name, or its number where it has none.
    fn name(&self) -> String {
        self.ws.peek(|b| name_of(b, self.customer))
    }
    /// The items selected, as shown.
    fn selected(&self) -> Vec<ItemLine> {
        let items = self.items.get();
        self.selection.with(|s| {
            items
                .iter()
                .filter(|i| s.contains(u64::from(i.id.0)))
                .cloned()
                .collect()
        })
    }
    /// Nothing is posted from a past view.
    fn past(&self) -> bool {
        self.ws.chosen_view().get().is_some()
    }
    /// Why a change cannot be made now.
    fn refused(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.past()
                .then(|| "These are past figures. Go back to today to change anything.".to_owned())
        })
    }
    /// Reads the book with its texts, following commits.
    fn read<R>(&self, f: impl FnOnce(&Book, &Texts) -> R) -> R {
        self.ws.read_all(f)
    }
}

fn name_of(book: &Book, id: CustomerId) -> String {
    let name = book
        .customer_facts(id)
        .map(|f| f.name.clone())
        .filter(|n| !n.is_empty());
    name.or_else(|| book.customer(id).map(|c| c.number.clone()))
        .unwrap_or_default()
}

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let ws = use_ws();
    let params = use_params_map();
    let customer = Memo::new(move |_| {
        let part = |name: &str| params.read().get(name).unwrap_or_default();
        let source = part("source");
        let source = if source == "-" { String::new() } else { source };
        ws.read(|book| {
            book.find_customer(&CustomerKey {
                source,
                number: part("number"),
            })
        })
    });
    move || {
        match customer.get() {
        Some(id) => view! { <OneAccount id /> }.into_any(),
        None => view! {
            <PageHead title="Account" />
            <Empty
                icon=Icon::Search
                title="This customer is not in the book"
                text=Signal::stored("It was undone, or the address is of another book. Press Ctrl K to find it.".to_owned())
            />
        }
        .into_any(),
    }
    }
}

#[component]
fn OneAccount(id: CustomerId) -> impl IntoView {
    let account = Account::new(use_ws(), id);
    let (step, set_step) = in_address::<String>("step", true);
    let at = move |name: &'static str| {
        let step = step.get().unwrap_or_default();
        let is = if name == "card" {
            step.is_empty() || step == "card"
        } else {
            step == name
        };
        is.then_some("")
    };
    let grid = GridHandle::new();
    keys(
        account,
        grid,
        Callback::new(move |step: &'static str| set_step.run(Some(step.to_owned()))),
    );
    let steps = [("card", "Account"), ("call", "Call"), ("people", "People")].map(|(name, label)| {
        let on = Signal::derive(move || at(name).is_some());
        view! { <FilterChip label=label on=on on_toggle=move |()| set_step.run((name != "card").then(|| name.to_owned())) /> }
    });
    view! {
        <nav class="steps" aria-label="Parts of the account">{steps}</nav>
        <div class="panes panes-3 account" data-step="">
            <section class="pane account-people" aria-label="People and promises" data-current=move || at("people")>
                <people::People account />
            </section>
            <section class="pane account-card" aria-label="Account" data-current=move || at("card")>
                <div class="pane-body">
                    <head::Head account />
                    <items::Items account grid />
                    <story::Story account />
                </div>
            </section>
            <section class="pane account-call" aria-label="Log a contact" data-current=move || at("call")>
                <composer::Composer account />
            </section>
        </div>
        <payment::PaymentDialog account />
        <fields::FieldDialog account />
    }
}

/// The keys of an account: `c` goes to the composer, a letter or digit chooses an outcome, Ctrl
/// Enter saves from anywhere on the page.
fn keys(account: Account, grid: GridHandle, step: Callback<&'static str>) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        let typed = account.typed;
        let in_dialog = || {
            document()
                .query_selector("dialog[open]")
                .ok()
                .flatten()
                .is_some()
        };
        if (event.ctrl_key() || event.meta_key())
            && event.key() == "Enter"
            && !event.default_prevented()
            && !in_dialog()
        {
            event.prevent_default();
            typed.save.run(());
            return;
        }
        if !is_page_key(&event) {
            return;
        }
        let go = |id: &'static str| {
            step.run("call");
            request_animation_frame(move || dom::focus_id(id));
        };
        let key = event.key();
        match key.as_str() {
            "j" => grid.move_by(1),
            "k" => grid.move_by(-1),
            "c" => go("call-outcome"),
            "n" => {
                typed.choose_note();
                go("call-note");
            }
            "f" => go("call-next"),
            "a" => account.paying.set(!account.past()),
            "s" => account
                .marking
                .set(!account.past() && !account.selection.with_untracked(Selection::is_empty)),
            _ => match call::TILES.iter().find(|t| t.keys == key) {
                Some(tile) => {
                    typed.fields.outcome.set(tile.outcome.code().to_owned());
                    go(if tile.outcome == duebook_ledger::facts::Outcome::Promise {
                        "call-amount"
                    } else {
                        "call-note"
                    });
                }
                None => return,
            },
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}
