//! When to call, and how soon to try again.

use super::calendar::{WeekdayBoxes, tick, ticked};
use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::contact::Retry;
use duebook_policy::{Attempt, ContactPolicy};
use leptos::prelude::*;

fn name(attempt: Attempt) -> &'static str {
    match attempt {
        Attempt::NoAnswer => "No answer",
        Attempt::Busy => "Busy",
        Attempt::VoicemailLeft => "Voicemail left",
        Attempt::VoicemailNotLeft => "No voicemail left",
        Attempt::Gatekeeper => "Not put through",
        Attempt::PhoneMenu => "Lost in a phone menu",
        Attempt::WrongNumber => "Wrong number",
        Attempt::Disconnected => "Number out of service",
        Attempt::EmailSent => "Mail sent",
        Attempt::EmailBounced => "Mail bounced",
        Attempt::PortalChecked => "Portal checked",
        Attempt::PaidClaim => "Says it is paid",
        Attempt::InProcess => "In their process, run not known",
        Attempt::NeedsPo => "Needs a purchase order",
        Attempt::NotReceived => "Invoice not received",
        Attempt::CashFlow => "Short of cash",
        Attempt::PlanRequest => "Asks for a plan",
        Attempt::Refused => "Refuses to pay",
        Attempt::CallBack => "Call back, no day given",
        Attempt::Escalated => "Escalated",
        Attempt::Language => "Language barrier",
        Attempt::Informed => "Informed",
    }
}

/// Hours, days off, and a wait per outcome.
#[component]
pub fn Calling() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().contact.clone()));
    let (opens, closes) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let days: [RwSignal<bool>; 7] = std::array::from_fn(|_| RwSignal::new(false));
    let waits: [RwSignal<String>; Attempt::ALL.len()] =
        std::array::from_fn(|_| RwSignal::new(String::new()));
    Effect::new(move |_| {
        let policy = in_force.get();
        opens.set(clock(policy.opens_minute));
        closes.set(clock(policy.closes_minute));
        tick(days, policy.closed_days);
        for (attempt, wait) in Attempt::ALL.into_iter().zip(waits) {
            wait.set(policy.wait(attempt).to_string());
        }
    });
    let hour_error = |text: String| {
        minute(&text)
            .is_none()
            .then(|| "A time of day, such as 09:00.".to_owned())
    };
    let opens_error = Signal::derive(move || hour_error(opens.get()));
    let closes_error = Signal::derive(move || {
        let early = minute(&opens.get())
            .zip(minute(&closes.get()))
            .is_some_and(|(o, c)| c <= o);
        hour_error(closes.get())
            .or_else(|| early.then(|| "This is not after the first minute.".to_owned()))
    });
    let wait_error = move |wait: RwSignal<String>| {
        Signal::derive(move || {
            wait.with(|w| days_of(w))
                .is_none()
                .then(|| "Days from 0 to 366.".to_owned())
        })
    };
    let refused = Signal::derive(move || {
        let bad_wait = waits.iter().find_map(|w| {
            w.with(|w| days_of(w))
                .is_none()
                .then(|| "A wait is not a number of days.".to_owned())
        });
        let all = ticked(days)
            .is_none()
            .then(|| "With seven days off nobody can be called.".to_owned());
        opens_error
            .get()
            .or_else(|| closes_error.get())
            .or(bad_wait)
            .or(all)
    });
    let save = move |()| {
        let policy = untrack(|| {
            let retries = Attempt::ALL.into_iter().zip(waits).map(|(after, wait)| {
                Some(Retry {
                    after,
                    business_days: wait.with(|w| days_of(w))?,
                })
            });
            Some(ContactPolicy {
                opens_minute: minute(&opens.get())?,
                closes_minute: minute(&closes.get())?,
                closed_days: ticked(days)?,
                retries: retries.collect::<Option<_>>()?,
                ..in_force.get()
            })
        });
        if let Some(policy) = policy {
            save::policies(
                ws,
                toasts,
                vec![PolicyChange::Contact(policy)],
                "Calling rules saved",
            );
        }
    };
    view! {
        <Section id="calling" title="Calling">
            <div class="form-row">
                <TextField label="Call from" value=opens error=opens_error hint=Some("The debtor’s own time.".to_owned()) />
                <TextField label="Until" value=closes error=closes_error />
            </div>
            <WeekdayBoxes label="Not on" days />
            <h3>"Next try or next step, in business days"</h3>
            <p class="muted">"0 is later the same day. A promise, a dispute and a query have a day of their own."</p>
            <div class="form-row settings-waits">
                {Attempt::ALL.into_iter().zip(waits).map(|(attempt, wait)| view! {
                    <TextField label=name(attempt) value=wait error=wait_error(wait) />
                }).collect_view()}
            </div>
            <p class="button-row"><Button label="Save the calling rules" refused=refused on_press=save /></p>
        </Section>
    }
}

fn days_of(text: &str) -> Option<u16> {
    text.trim().parse().ok().filter(|d| *d <= 366)
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60)
        .then_some(hour.checked_mul(60)? + minute)
        .filter(|m| *m <= 24 * 60)
}
