//! A person at a customer: add, change, remove.

use super::Account;
use crate::pages::shared::Person;
use crate::platform::clock;
use crate::ui::prelude::*;
use crate::workspace::{NewTexts, closes};
use duebook_ledger::command::NewContact;
use duebook_ledger::{Command, ContactId};
use leptos::prelude::*;

/// The dialog; `editing` is the person to change, `None` for a new one.
#[component]
pub fn PersonDialog(
    account: Account,
    open: RwSignal<bool>,
    editing: RwSignal<Option<ContactId>>,
) -> impl IntoView {
    let text = || RwSignal::new(String::new());
    let (name, role, phone, mail, zone, language) =
        (text(), text(), text(), text(), text(), text());
    let tried = RwSignal::new(false);
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        tried.set(false);
        let known = account.ws.peek_all(|book, texts| {
            let id = editing.get_untracked()?;
            let facts = book
                .people_of(account.customer)
                .into_iter()
                .find(|(c, _)| *c == id)?
                .1
                .clone();
            Some((Person::of(&facts, texts).unwrap_or_default(), facts))
        });
        let (p, facts) = known.unzip();
        let p = p.unwrap_or_default();
        name.set(p.name);
        phone.set(p.phone);
        mail.set(p.mail);
        role.set(facts.as_ref().map_or(String::new(), |f| f.role.clone()));
        zone.set(
            facts
                .as_ref()
                .and_then(|f| f.zone.clone())
                .unwrap_or_default(),
        );
        language.set(facts.and_then(|f| f.language).unwrap_or_default());
    });
    let name_wrong = move || {
        name.with(|n| n.trim().is_empty())
            .then(|| "A name, or what the switchboard answers to.".to_owned())
    };
    let zone_wrong = move || {
        let zone = zone.get();
        let known = zone.trim().is_empty()
            || clock::offset_minutes_in(zone.trim(), clock::now_ms()).is_some();
        (!known)
            .then(|| "Not a time zone this browser knows. One is written Europe/Paris.".to_owned())
    };
    let mail_wrong = move || {
        mail.with(|m| !m.trim().is_empty() && !m.contains('@'))
            .then(|| "A mail address has an @.".to_owned())
    };
    let error = move |of: fn(Option<String>) -> Option<String>, text: Option<String>| {
        if tried.get() { of(text) } else { None }
    };
    let keep: fn(Option<String>) -> Option<String> = |t| t;
    let full = |text: RwSignal<String>| {
        let text = text.get_untracked().trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let save = move |()| {
        tried.set(true);
        if untrack(|| name_wrong().is_some() || zone_wrong().is_some() || mail_wrong().is_some()) {
            return;
        }
        let p = Person {
            name: name.get_untracked(),
            mail: mail.get_untracked(),
            phone: phone.get_untracked(),
        };
        let mut texts = NewTexts::default();
        let details = match texts.add(&p.text()) {
            Ok(Some(details)) => details,
            Ok(None) => return,
            Err(e) => {
                return account.toasts.error(format!(
                    "Not saved: the browser gives no random numbers ({e})."
                ));
            }
        };
        let contact = editing
            .get_untracked()
            .and_then(|id| account.ws.peek(|b| b.contact_key(id)));
        let facts = NewContact {
            customer: account.key(),
            role: role.get_untracked(),
            zone: full(zone),
            language: full(language),
            details,
        };
        let done = format!("Contact {} of {} saved", p.name.trim(), account.name());
        account.ws.run(
            account.toasts,
            Command::SaveContact { contact, facts },
            texts,
            done,
            closes(open),
        );
    };
    let remove = move |()| {
        let Some(contact) = editing
            .get_untracked()
            .and_then(|id| account.ws.peek(|b| b.contact_key(id)))
        else {
            return;
        };
        let done = format!(
            "Contact {} removed from {}",
            name.get_untracked(),
            account.name()
        );
        account.ws.run(
            account.toasts,
            Command::RemoveContact { contact },
            NewTexts::default(),
            done,
            closes(open),
        );
    };
    let title = Signal::derive(move || {
        if editing.get().is_some() {
            "Change a contact"
        } else {
            "Add a contact"
        }
        .to_owned()
    });
    view! {
        <Dialog
            open=open
            title=title
            actions=move || view! {
                <Show when=move || editing.get().is_some()>
                    <Button label="Remove this person" kind=ButtonKind::Danger on_press=remove />
                </Show>
                <Button label="Save the contact" kind=ButtonKind::Primary on_press=save />
            }
        >
            <TextField label="Name" value=name autofocus=true error=Signal::derive(move || error(keep, name_wrong())) />
            <div class="split-2">
                <TextField label="Role" value=role optional=true />
                <TextField label="Phone" value=phone kind="tel" optional=true />
            </div>
            <TextField label="Mail" value=mail kind="email" optional=true error=Signal::derive(move || error(keep, mail_wrong())) />
            <div class="split-2">
                <TextField label="Time zone" value=zone optional=true hint=Some("Such as America/New_York".to_owned()) error=Signal::derive(move || error(keep, zone_wrong())) />
                <TextField label="Language" value=language optional=true />
            </div>
        </Dialog>
    }
}
