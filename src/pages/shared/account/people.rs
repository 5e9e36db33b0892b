//! Who is there and how they pay: contacts, payment profile, promises, follow-ups.

use super::Account;
use super::person::PersonDialog;
use super::profile::ProfileDialog;
use super::wording::{end, person, profile, verdict};
use crate::pages::shared::{self, EraseDialog, Erasing, Person, clock_text};
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::Judged;
use duebook_ledger::facts::{ProfileField, PromiseEnd};
use duebook_ledger::keys::FactKey;
use duebook_ledger::{Command, ContactId};
use leptos::prelude::*;

/// Every field of a profile, in the order shown.
pub const PROFILE: [ProfileField; 11] = [
    ProfileField::PayRun,
    ProfileField::CutOff,
    ProfileField::Portal,
    ProfileField::VendorNumber,
    ProfileField::DeliveryRoute,
    ProfileField::PoRule,
    ProfileField::GrnRule,
    ProfileField::Approvers,
    ProfileField::Statement,
    ProfileField::Shutdowns,
    ProfileField::TaxInvoices,
];

/// The pane.
#[component]
pub fn People(account: Account) -> impl IntoView {
    view! {
        <div class="pane-body">
            <Contacts account />
            <Promises account />
            <FollowUps account />
            <Profile account />
        </div>
    }
}

#[component]
fn Contacts(account: Account) -> impl IntoView {
    let open = RwSignal::new(false);
    let editing = RwSignal::new(None::<ContactId>);
    let erasing = RwSignal::new(None::<Erasing>);
    let edit = Callback::new(move |id: Option<ContactId>| {
        editing.set(id);
        open.set(true);
    });
    let list = move || {
        account.read(|book, texts| {
            let of = |(id, f): (ContactId, &duebook_ledger::people::ContactFacts)| {
                let own = shared::clock_of(book, account.customer);
                let there = f.zone.clone().and_then(|zone| {
                    let clock = duebook_insight::today::Clock {
                        zone: Some(zone),
                        by_country: false,
                        ..own
                    };
                    shared::there(&clock, account.now.get(), &book.policies().contact)
                });
                (
                    id,
                    f.role.clone(),
                    f.language.clone().unwrap_or_default(),
                    Person::of(f, texts),
                    there,
                )
            };
            book.people_of(account.customer)
                .into_iter()
                .map(of)
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="section-head">
            <h2>"People"</h2>
            <Button label="Add" kind=ButtonKind::Quiet icon=Icon::Plus refused=account.refused() on_press=move |()| edit.run(None) />
        </div>
        {move || {
            let all = list();
            if all.is_empty() {
                return view! { <p class="faint">"Nobody is known here yet. Add who answers for payments."</p> }.into_any();
            }
            let rows = all
                .into_iter()
                .map(|(id, role, language, known, there)| {
                    let erased = known.is_none();
                    let p = known.unwrap_or_default();
                    let dial = p.dial();
                    let name = if erased { "Erased".to_owned() } else { p.name };
                    let quiet = [role, language].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ");
                    view! {
                        <li class="person">
                            <div class="person-head">
                                <strong>{name.clone()}</strong>
                                <button type="button" class="link" aria-label=format!("Change {name}") on:click=move |_| edit.run(Some(id))>"Change"</button>
                                {(!erased).then(|| {
                                    let what = format!("what is known of {name}");
                                    let ask = move |_| erasing.set(Erasing::of(account.ws, what.clone(), &versions(account, id)));
                                    view! { <button type="button" class="link" aria-label=format!("Erase {name}") on:click=ask>"Erase"</button> }
                                })}
                            </div>
                            {(!quiet.is_empty()).then(|| view! { <span class="faint">{quiet}</span> })}
                            {(!p.phone.is_empty()).then(|| view! { <a href=format!("tel:{dial}")>{p.phone}</a> })}
                            {(!p.mail.is_empty()).then(|| view! { <a href=format!("mailto:{}", p.mail)>{p.mail.clone()}</a> })}
                            {there.map(|t| {
                                let class = if t.open { "faint" } else { "toned tone-warn" };
                                view! { <span class=class>{t.text}</span> }
                            })}
                        </li>
                    }
                })
                .collect_view();
            view! { <ul class="plain-list">{rows}</ul> }.into_any()
        }}
        <PersonDialog account open editing />
        <EraseDialog ws=account.ws asked=erasing />
    }
}

/// Every text that was ever kept of a person: an earlier mailbox names them as well.
fn versions(account: Account, id: ContactId) -> Vec<duebook_ledger::Uid> {
    account.ws.peek(|book| {
        let known = book.contact(id);
        let of = |c: &duebook_ledger::people::Contact| {
            let all = c.facts.history().iter();
            all.map(|(_, f)| f.details.id).collect()
        };
        known.map_or(Vec::new(), of)
    })
}

#[component]
fn Promises(account: Account) -> impl IntoView {
    let shown = move || {
        let all = account.promises.get();
        all.iter().rev().take(6).cloned().collect::<Vec<Judged>>()
    };
    view! {
        <div class="section-head"><h2>"Promises"</h2></div>
        {move || {
            let all = shown();
            if all.is_empty() {
                return view! { <p class="faint">"None taken yet. Press p to record one."</p> }.into_any();
            }
            let rows = all.into_iter().map(|j| view! { <OnePromise account judged=j /> }).collect_view();
            view! { <ul class="plain-list">{rows}</ul> }.into_any()
        }}
    }
}

#[component]
fn OnePromise(account: Account, judged: Judged) -> impl IntoView {
    let (tone, state) = verdict(&judged);
    let who = judged
        .contact
        .and_then(|c| account.ws.peek_all(|b, t| person(b, t, c)));
    let key = account
        .ws
        .peek(|b| b.promise(judged.promise).map(|p| p.key));
    let amount = words::money(judged.promised, judged.currency);
    let taken = format!(
        "{}, taken {}",
        who.unwrap_or_else(|| "Nobody named".to_owned()),
        words::day(judged.taken_on)
    );
    let paid = (judged.paid > 0 && judged.paid < judged.promised)
        .then(|| format!("{} came", words::amount(judged.paid, judged.currency)));
    let level = (judged.level > 1).then(|| format!("level {}", judged.level));
    let due = format!("For {}", words::day(judged.due));
    let quiet = [paid, Some(taken), level]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let can_end =
        judged.state.is_open() || judged.state == duebook_insight::PromiseState::AwaitingNews;
    let ends = {
        let amount = amount.clone();
        move || {
            let one = |label: &'static str, how: PromiseEnd| {
                let done = format!("Promise of {amount} {}, {}", end(how), account.name());
                let run = Callback::new(move |()| {
                    if let Some(promise) = key {
                        account.ws.run(
                            account.toasts,
                            Command::EndPromise { promise, how },
                            Default::default(),
                            done.clone(),
                            |_| {},
                        );
                    }
                });
                MenuItem::new(label, run).refused(account.refused().get())
            };
            vec![
                one("Taken back by the customer", PromiseEnd::Withdrawn),
                one("Replaced by another", PromiseEnd::Superseded),
                one("Entered by mistake", PromiseEnd::EntryError),
            ]
        }
    };
    view! {
        <li class="person">
            <div class="person-head">
                <strong class="num">{amount}</strong>
                <Chip text=state tone=tone />
                {can_end.then(|| view! {
                    <Menu label="End this promise" icon=Icon::Dots icon_only=true kind=ButtonKind::Quiet items=Signal::derive_local(ends) />
                })}
            </div>
            <span>{due}</span>
            <span class="faint">{quiet}</span>
        </li>
    }
}

#[component]
fn FollowUps(account: Account) -> impl IntoView {
    let list = move || {
        let today = account.ws.today();
        account.read(|book, texts| {
            let live = |s| book.is_live(s);
            let ids = book
                .customer(account.customer)
                .map_or(&[][..], |c| &c.follow_ups);
            let mut all: Vec<(duebook_money::Day, FactKey, String, String)> = ids
                .iter()
                .filter_map(|id| book.follow_ups().get(id.index()))
                .filter(|f| live(f.commit) && f.closed.get(&live).is_none())
                .map(|f| {
                    let at = f.at.map_or(String::new(), |at| {
                        format!(" {}", clock_text(f.zone.as_deref(), at))
                    });
                    let what = f.what.and_then(|t| texts.get(t)).map(str::to_owned);
                    let what = what.unwrap_or_else(|| {
                        if f.retry {
                            "Try again".to_owned()
                        } else {
                            "Follow up".to_owned()
                        }
                    });
                    let late = if f.due < today { ", overdue" } else { "" };
                    (
                        f.due,
                        f.key,
                        format!("{}{at}{late}", words::day(f.due)),
                        what,
                    )
                })
                .collect();
            duebook_money::order::sort_by_key(&mut all, |f| f.0);
            all
        })
    };
    move || {
        let all = list();
        if all.is_empty() {
            return ().into_any();
        }
        let rows = all
            .into_iter()
            .map(|(_, key, when, what)| {
                let done = format!("Follow-up of {when} closed, {}", account.name());
                let close = move |()| {
                    let command = Command::CloseFollowUps { follow_ups: vec![key] };
                    account.ws.run(account.toasts, command, Default::default(), done.clone(), |_| {});
                };
                view! {
                    <li class="person">
                        <div class="person-head">
                            <span>{when}</span>
                            <Button label="Close" kind=ButtonKind::Quiet refused=account.refused() on_press=close />
                        </div>
                        <span class="faint">{what}</span>
                    </li>
                }
            })
            .collect_view();
        view! {
            <div class="section-head"><h2>"Next steps"</h2></div>
            <ul class="plain-list">{rows}</ul>
        }
        .into_any()
    }
}

#[component]
fn Profile(account: Account) -> impl IntoView {
    let open = RwSignal::new(false);
    let known = move || {
        account.read(|book, _| {
            let live = |s| book.is_live(s);
            let Some(c) = book.customer(account.customer) else {
                return Vec::new();
            };
            let of = |field: ProfileField| {
                let (value, source, checked) = c.profile.get(&field)?.get(&live)?;
                (!value.is_empty()).then(|| {
                    (
                        profile(field),
                        value.clone(),
                        format!("{source}, {}", words::day(*checked)),
                    )
                })
            };
            PROFILE.into_iter().filter_map(of).collect::<Vec<_>>()
        })
    };
    view! {
        <div class="section-head">
            <h2>"How they pay"</h2>
            <Button label="Change" kind=ButtonKind::Quiet refused=account.refused() on_press=move |()| open.set(true) />
        </div>
        {move || {
            let all = known();
            if all.is_empty() {
                return view! { <p class="faint">"Pay runs, portal, purchase orders: nothing is known yet."</p> }.into_any();
            }
            let rows = all
                .into_iter()
                .map(|(label, value, checked)| view! {
                    <div>
                        <dt>{label}</dt>
                        <dd>{value} <small class="faint">{checked}</small></dd>
                    </div>
                })
                .collect_view();
            view! { <dl class="facts-list">{rows}</dl> }.into_any()
        }}
        <ProfileDialog account open />
    }
}
