//! Whom to ask for: names with telephone and mail, and how they pay.

use crate::pages::shared::account::{Account, profile_text};
use crate::pages::shared::{self, Person};
use crate::words;
use duebook_ledger::facts::ProfileField;
use leptos::prelude::*;

/// People shown; the account page has all.
const SHOWN: usize = 3;

#[derive(Clone)]
struct Asked {
    /// As the composer names the person.
    key: String,
    person: Person,
    role: String,
    there: Option<shared::There>,
}

/// Who answers for payments comes first, then who has a telephone.
fn rank(asked: &Asked) -> (bool, bool) {
    let role = asked.role.to_lowercase();
    let pays = ["ap", "payable", "account", "finance", "treasur"];
    let is = role.split(|c: char| !c.is_alphanumeric()).any(|word| {
        pays.iter()
            .any(|p| word == *p || (p.len() > 2 && word.starts_with(p)))
    });
    (!is, asked.person.phone.is_empty())
}

fn people(account: Account) -> Vec<Asked> {
    let now = account.now.get();
    account.read(|book, texts| {
        let own = shared::clock_of(book, account.customer);
        let mut all: Vec<Asked> = book
            .people_of(account.customer)
            .into_iter()
            .filter_map(|(id, facts)| {
                let clock = match facts.zone.clone().filter(|z| !z.trim().is_empty()) {
                    None => own.clone(),
                    zone => duebook_insight::today::Clock {
                        zone,
                        by_country: false,
                        ..own.clone()
                    },
                };
                Some(Asked {
                    key: book
                        .contact_key(id)
                        .map_or(String::new(), |k| k.to_string()),
                    person: Person::of(facts, texts)?,
                    role: facts.role.clone(),
                    // Where it is the customer's own clock the head tells it.
                    there: (clock != own)
                        .then(|| shared::there(&clock, now, &book.policies().contact))
                        .flatten(),
                })
            })
            .collect();
        duebook_money::order::sort_by_key(&mut all, rank);
        all
    })
}

/// The lines.
#[component]
pub fn Ask(account: Account) -> impl IntoView {
    let profile = move || {
        account.read(|book, _| {
            let shown = [
                ProfileField::PayRun,
                ProfileField::CutOff,
                ProfileField::Portal,
                ProfileField::PoRule,
                ProfileField::Approvers,
            ];
            profile_text(book, account.customer, &shown)
        })
    };
    let rows = move || {
        let all = people(account);
        if all.is_empty() {
            return view! { <p class="faint">"Nobody is known here yet: ask who answers for payments, and add them on the account."</p> }.into_any();
        }
        let more = all.len().saturating_sub(SHOWN);
        let rows = all
            .into_iter()
            .take(SHOWN)
            .map(|asked| {
                let Asked { key, person, role, there } = asked;
                let call = move |_| {
                    account.typed.pick_up(false);
                    account.typed.fields.who.set(key.clone());
                };
                let dial = person.dial();
                let subject = account.read(|book, _| {
                    let number = book.customer(account.customer).map_or(String::new(), |c| c.number.clone());
                    format!("Account {number}")
                });
                let subject = String::from(js_sys::encode_uri_component(&subject));
                let closed = there.filter(|t| !t.open).map(|t| view! { <span class="toned tone-warn">{t.text}</span> });
                view! {
                    <li class="ask-row">
                        <strong>{person.name.clone()}</strong>
                        <span class="faint">{role}</span>
                        {(!dial.is_empty()).then(|| view! { <a class="num" href=format!("tel:{dial}") on:click=call>{person.phone.clone()}</a> })}
                        {(!person.mail.is_empty()).then(|| view! { <a href=format!("mailto:{}?subject={subject}", person.mail)>{person.mail.clone()}</a> })}
                        {closed}
                    </li>
                }
            })
            .collect_view();
        let more = (more > 0).then(|| view! { <p class="faint">{format!("{} more on the account.", words::count(more))}</p> });
        view! { <ul class="plain-list">{rows}</ul> {more} }.into_any()
    };
    view! {
        <div class="work-ask" role="group" aria-label="Whom to ask for">
            {rows}
            {move || profile().map(|text| view! { <p class="faint">{text}</p> })}
        </div>
    }
}
