//! One customer of the queue: the card to read in ten seconds, and the composer.

use super::Work;
use super::ask::Ask;
use super::guide::Guide;
use super::opening::Opening;
use super::promises::Promises;
use super::steer::{Steer, Why};
use crate::pages::shared::account::{self, Account};
use crate::pages::shared::case::NewCaseDialog;
use crate::ui::prelude::*;
use duebook_ledger::CustomerId;
use duebook_ledger::facts::Outcome;
use leptos::prelude::*;

/// Card and composer.
#[component]
pub fn OneCustomer(work: Work, id: CustomerId, step: Memo<Option<String>>) -> impl IntoView {
    let account = Account::new(work.ws, id);
    let next = Signal::derive(move || work.after(id));
    let then = work.open;
    let grid = GridHandle::new();
    let (steering, explained) = (RwSignal::new(None), RwSignal::new(false));
    account::call_keys(
        account,
        work.step,
        true,
        Callback::new(move |key: String| {
            match key.as_str() {
                "j" => work.grid.move_by(1),
                "k" => work.grid.move_by(-1),
                "Enter" => {
                    account.typed.pick_up(false);
                    work.step.run("call");
                    crate::ui::dom::focus_when_drawn("call-outcome");
                }
                "Escape" => {
                    work.step.run("queue");
                    work.grid.focus();
                }
                "y" => explained.update(|on| *on = !*on),
                "m" => steering.set(Some(super::steer::What::Snooze)),
                "t" => steering.set(Some(super::steer::What::Pin)),
                _ => return false,
            }
            true
        }),
    );
    // What was taken down is what the call came to.
    let said = move |outcome: Outcome| {
        Callback::new(move |()| account.typed.fields.outcome.set(outcome.code().to_owned()))
    };
    let at = move |name: &'static str| (step.get().as_deref() == Some(name)).then_some("");
    view! {
        <section class="pane work-card" aria-label="Card" data-current=move || at("card")>
            <div class="pane-body">
                <Steer work account steering />
                <account::Head account under=true />
                <Why account explained />
                <Ask account />
                <Opening account />
                <Promises account />
                <account::Items account grid />
                <account::Story account />
            </div>
        </section>
        <section class="pane account-call work-call" aria-label="Log a contact" data-current=move || at("call")>
            <account::Composer account next then />
            <Guide account />
        </section>
        <account::PaymentDialog account />
        <account::FieldDialog account />
        <NewCaseDialog account open=account.disputing query=false on_saved=said(Outcome::Dispute) />
        <NewCaseDialog account open=account.asking query=true on_saved=said(Outcome::Query) />
    }
}
