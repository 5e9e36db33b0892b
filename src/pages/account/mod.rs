//! Account: one customer. People on the left, balances, open items and everything that happened in
//! the middle, the composer on the right; on a telephone three steps.

use super::shared::account::{self, Account};
use super::shared::case::NewCaseDialog;
use super::shared::{in_address, use_go};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::CustomerId;
use duebook_ledger::facts::Outcome;
use duebook_ledger::keys::CustomerKey;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

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
    let next = Signal::stored(next_of(account));
    let go = use_go();
    let ws = account.ws;
    let then = Callback::new(move |next: CustomerId| {
        if let Some(path) = super::account_href(ws, next) {
            go.run(format!("{path}?from=today"));
        }
    });
    let grid = GridHandle::new();
    account::call_keys(
        account,
        Callback::new(move |step: &'static str| set_step.run(Some(step.to_owned()))),
        false,
        Callback::new(move |key: String| {
            match key.as_str() {
                "j" => grid.move_by(1),
                "k" => grid.move_by(-1),
                _ => return false,
            }
            true
        }),
    );
    // What was taken down is what the call came to: logging it is one key more.
    let said = move |outcome: Outcome| {
        Callback::new(move |()| account.typed.fields.outcome.set(outcome.code().to_owned()))
    };
    let steps = [("card", "Account"), ("call", "Call"), ("people", "People")].map(|(name, label)| {
        let on = Signal::derive(move || at(name).is_some());
        view! { <FilterChip label=label on=on on_toggle=move |()| set_step.run((name != "card").then(|| name.to_owned())) /> }
    });
    view! {
        <nav class="steps" aria-label="Parts of the account">{steps}</nav>
        <div class="panes panes-3 account" data-step="">
            <section class="pane account-people" aria-label="People and promises" data-current=move || at("people")>
                <account::People account />
            </section>
            <section class="pane account-card" aria-label="Account" data-current=move || at("card")>
                <div class="pane-body">
                    <account::Head account />
                    <account::Escalated account />
                    <account::Items account grid />
                    <account::Story account />
                </div>
            </section>
            <section class="pane account-call" aria-label="Log a contact" data-current=move || at("call")>
                <account::Composer account next then />
            </section>
        </div>
        <account::PaymentDialog account />
        <account::FieldDialog account />
        <NewCaseDialog account open=account.disputing query=false on_saved=said(Outcome::Dispute) />
        <NewCaseDialog account open=account.asking query=true on_saved=said(Outcome::Query) />
    }
}

/// The customer after this one on today's list, where the account was opened from it.
fn next_of(account: Account) -> Option<CustomerId> {
    let from = untrack(|| use_query_map().read().get("from"));
    if from.as_deref() != Some("today") {
        return None;
    }
    let rows = untrack(|| {
        let list = |live: &duebook_insight::Live| live.worklist().entries().clone();
        account.ws.figures(|_, derived| derived.live().map(list))
    })?;
    let at = rows.iter().position(|e| e.customer == account.customer);
    rows.get(at.map_or(0, |at| at + 1))
        .map(|e| e.customer)
        .filter(|c| *c != account.customer)
}
