//! Ledger accounts: the client's numbers for the accounts of proposed postings (§4.7).

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::PostingPolicy;
use duebook_policy::postings::{PostingPolicyError, Role};
use leptos::prelude::*;

/// The section.
#[component]
pub fn LedgerAccounts() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().postings.clone()));
    let numbers = Role::ALL.map(|role| (role, RwSignal::new(String::new())));
    let direct = RwSignal::new(false);
    Effect::new(move |_| {
        let p = in_force.get();
        direct.set(p.direct_write_off);
        for (role, value) in numbers {
            value.set(p.account(role).unwrap_or_default().to_owned());
        }
    });
    let typed = move |value: RwSignal<String>| value.with(|v| v.trim().to_owned());
    let policy = move || PostingPolicy {
        accounts: (numbers.iter())
            .map(|(role, value)| (*role, typed(*value)))
            .filter(|(_, number)| !number.is_empty())
            .collect(),
        direct_write_off: direct.get(),
    };
    let refused = Signal::derive(move || {
        policy().validate().err().map(|e| match e {
            PostingPolicyError::Account(role) | PostingPolicyError::Twice(role) => {
                format!("{}: a number of up to 40 characters.", role.name())
            }
        })
    });
    let save = move |()| {
        let change = PolicyChange::Postings(untrack(policy));
        save::policies(ws, toasts, vec![change], "Ledger accounts saved");
    };
    let fields = numbers
        .map(|(role, value)| view! { <TextField label=role.name() value=value optional=true /> });
    view! {
        <Section id="accounts" title="Ledger accounts">
            <p class="muted">"The numbers of the client’s general ledger. A journal of proposed postings (Reports, Cases) shows them; without a number it shows what the account is for."</p>
            <div class="split-2">{fields}</div>
            <Checkbox label="Bad debt is an expense when it is written off, and not taken from the allowance" value=direct />
            <p class="muted" role="status">{move || refused.get()}</p>
            <p class="button-row"><Button label="Save the ledger accounts" refused=refused on_press=save /></p>
        </Section>
    }
}
