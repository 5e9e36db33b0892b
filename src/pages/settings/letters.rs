//! Who writes, and the rules of reminders. Templates and ladders are edited where letters are.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_letters::eml::is_address;
use duebook_policy::letters::Sender;
use leptos::prelude::*;

/// Sender, quiet days, what counts as small.
#[component]
pub fn Letters() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().letters.clone()));
    let text = || RwSignal::new(String::new());
    let (company, name, role, mailbox, phone) = (text(), text(), text(), text(), text());
    let (address, pay_to, disputes, terms, quiet) = (text(), text(), text(), text(), text());
    let keep = RwSignal::new(false);
    Effect::new(move |_| {
        let p = in_force.get();
        let s = p.sender;
        for (field, value) in [
            (company, s.company),
            (name, s.name),
            (role, s.role),
            (mailbox, s.mailbox),
            (phone, s.phone),
            (address, s.address),
            (pay_to, s.pay_to),
            (disputes, s.disputes),
            (terms, s.terms),
            (quiet, p.quiet_days.to_string()),
        ] {
            field.set(value);
        }
        keep.set(p.keep_documents);
    });
    let mailbox_error = Signal::derive(move || {
        let wrong = mailbox.with(|m| !m.trim().is_empty() && !is_address(m.trim()));
        wrong.then(|| "A mailbox, such as ar@company.example.".to_owned())
    });
    let days = move || {
        quiet
            .with(|q| q.trim().parse::<u16>().ok())
            .filter(|d| *d <= 366)
    };
    let quiet_error =
        Signal::derive(move || days().is_none().then(|| "Days from 0 to 366.".to_owned()));
    let refused = Signal::derive(move || mailbox_error.get().or_else(|| quiet_error.get()));
    let save = move |()| {
        let Some(quiet_days) = untrack(days) else {
            return;
        };
        let mut policy = in_force.get_untracked();
        let of = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        policy.sender = Sender {
            company: of(company),
            name: of(name),
            role: of(role),
            mailbox: of(mailbox),
            phone: of(phone),
            address: of(address),
            pay_to: of(pay_to),
            disputes: of(disputes),
            terms: of(terms),
        };
        policy.quiet_days = quiet_days;
        policy.keep_documents = keep.get_untracked();
        let change = PolicyChange::Letters(Box::new(policy));
        save::policies(ws, toasts, vec![change], "Letter rules saved");
    };
    let hint = |text: &str| Signal::stored(Some(text.to_owned()));
    view! {
        <Section id="letters" title="Letters">
            <div class="form-row">
                <TextField label="Creditor, as customers know it" value=company optional=true hint=hint("Empty: the name of the book.") />
                <TextField label="Who signs" value=name optional=true hint=hint("Empty: who works here.") />
                <TextField label="Role" value=role optional=true />
            </div>
            <div class="form-row">
                <TextField label="Mailbox to answer to" value=mailbox error=mailbox_error optional=true kind="email" />
                <TextField label="Telephone" value=phone optional=true kind="tel" />
                <TextField label="Quiet days" value=quiet error=quiet_error hint=hint("No reminder so many days after any contact.") />
            </div>
            <TextArea label="Postal address" value=address optional=true rows=3 />
            <TextArea label="Where to pay" value=pay_to optional=true rows=3 hint=hint("Bank and account as on your invoices. Never changed by mail or phone without a call back.") />
            <TextArea label="How to dispute an invoice" value=disputes optional=true rows=2 />
            <TextArea label="Payment terms and billing cycle, in plain words" value=terms optional=true rows=4 hint=hint("Stands on statements and on the page that explains how you bill.") />
            <Checkbox label="Keep dropped documents in this book, not only their names" value=keep hint=hint("They go into backups and hand-overs; erasing one takes it out.") />
            <p class="button-row"><Button label="Save the letter rules" refused=refused on_press=save /></p>
        </Section>
    }
}
