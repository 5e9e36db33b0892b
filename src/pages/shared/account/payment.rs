//! A payment: recorded, and applied to the items selected, oldest first. In a book with a source
//! it is pending until the source shows it.

use super::Account;
use super::call::with_facts;
use super::dates;
use super::draft::{At, PaymentDraft};
use super::wording::{problem, sentence};
use crate::ui::prelude::*;
use crate::words;
use duebook_ledger::Command;
use duebook_ledger::command::RecordReceipt;
use leptos::prelude::*;

/// The dialog.
#[component]
pub fn PaymentDialog(account: Account) -> impl IntoView {
    let open = account.paying;
    let text = || RwSignal::new(String::new());
    let (number, date, amount, reference, currency) = (text(), text(), text(), text(), text());
    let tried = RwSignal::new(false);
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        tried.set(false);
        let chosen: Vec<_> = untrack(|| account.selected())
            .into_iter()
            .filter(|i| i.open > 0)
            .collect();
        let first = chosen.first().cloned().or_else(|| {
            account
                .items
                .get_untracked()
                .iter()
                .find(|i| i.open > 0)
                .cloned()
        });
        let own = account.ws.peek(|b| b.policies().rates.reporting());
        let of = first.map_or(own, |i| i.currency);
        let sum = chosen
            .iter()
            .filter(|i| i.currency == of)
            .fold(0i64, |s, i| s.saturating_add(i.open));
        number.set(String::new());
        reference.set(String::new());
        date.set("today".to_owned());
        currency.set(of.code().to_owned());
        amount.set(if sum > 0 {
            words::amount(sum, of)
        } else {
            String::new()
        });
    });
    let draft = move || PaymentDraft {
        number: number.get(),
        date: date.get(),
        currency: currency.get(),
        amount: amount.get(),
        items: account
            .selected()
            .into_iter()
            .map(|i| i.key.into())
            .collect(),
    };
    let check = move || {
        let draft = draft();
        with_facts(account.ws, account.customer, &account.items.get(), |f| {
            draft.check(f)
        })
    };
    let wrong = Memo::new(move |_| {
        if tried.get() {
            check().err().unwrap_or_default()
        } else {
            Vec::new()
        }
    });
    let error = move |at: At| {
        Signal::derive(move || {
            wrong.with(|w| w.iter().find(|(a, _)| *a == at).map(|(_, p)| problem(p)))
        })
    };
    let summary = Signal::derive(move || {
        wrong.with(|w| {
            w.iter()
                .map(|(at, p)| FieldError {
                    field: field_id(*at).to_owned(),
                    text: sentence(*at, p),
                })
                .collect::<Vec<_>>()
        })
    });
    let explain = move || match check() {
        Ok(p) => {
            let applied = p
                .applications
                .iter()
                .fold(0i64, |s, (_, a)| s.saturating_add(*a));
            let rest = p.amount - applied;
            let names: Vec<String> = p
                .applications
                .iter()
                .map(|(k, a)| format!("{} on {}", words::amount(*a, p.currency), words::item(k)))
                .collect();
            let names = if names.is_empty() {
                "Nothing is selected: it stays unapplied.".to_owned()
            } else {
                format!("{}.", names.join(", "))
            };
            let rest = if rest > 0 && applied > 0 {
                format!(" {} stays unapplied.", words::money(rest, p.currency))
            } else {
                String::new()
            };
            format!("{names}{rest}")
        }
        Err(_) => "Pays the items selected, oldest first; the rest stays unapplied.".to_owned(),
    };
    let follows = account
        .ws
        .peek(|b| !b.sources().is_empty() && b.about().is_some_and(|a| !a.own_ledger));
    let save = move |()| {
        tried.set(true);
        let Ok(p) = untrack(check) else { return };
        // The entity of what it pays; of the customer's first item where it pays nothing yet.
        let items = account.items.get_untracked();
        let paid = p.applications.first().map(|(k, _)| k.entity.clone());
        let entity = paid.or_else(|| items.first().map(|i| i.key.entity.clone()));
        let entity = entity
            .or_else(|| account.ws.peek(|b| b.entities().first().cloned()))
            .unwrap_or_default();
        let done = format!(
            "Payment of {} from {} saved",
            words::money(p.amount, p.currency),
            account.name()
        );
        let command = Command::RecordReceipt(RecordReceipt {
            customer: account.key(),
            entity,
            number: p.number,
            value_date: p.value_date,
            currency: p.currency,
            amount: p.amount,
            reference: reference.get_untracked().trim().to_owned(),
            applications: p.applications,
        });
        account.ws.run(
            account.toasts,
            command,
            Default::default(),
            done,
            move |saved| {
                if saved.is_some() {
                    let _ = open.try_set(false);
                    let _ = account.selection.try_update(Selection::clear);
                }
            },
        );
    };
    let echo = Signal::derive(move || {
        dates::day(&date.get(), account.ws.today(), super::call::date_order()).map(words::day)
    });
    view! {
        <Dialog
            open=open
            title="Record a payment"
            actions=move || view! { <Button label="Record the payment" kind=ButtonKind::Primary on_press=save /> }
        >
            <ErrorSummary errors=summary />
            <TextField label="Number" value=number id=field_id(At::Number) autofocus=true error=error(At::Number) hint=Some("The bank’s reference, or a number of ours.".to_owned()) />
            <div class="split-2">
                <AmountField label="Amount" currency=currency value=amount id=field_id(At::Amount) error=error(At::Amount) />
                <DateField label="Value date" value=date echo=echo id=field_id(At::Date) error=error(At::Date) />
            </div>
            <TextField label="Remittance text" value=reference optional=true />
            <p class="hint">{explain}</p>
            {follows.then(|| view! { <p class="hint">"It counts here at once and is shown as not in the source yet, until a file of the source confirms it."</p> })}
        </Dialog>
    }
}

/// The composer has an amount of its own: ids differ.
fn field_id(at: At) -> &'static str {
    match at {
        At::Amount => "pay-amount",
        at => at.id(),
    }
}
