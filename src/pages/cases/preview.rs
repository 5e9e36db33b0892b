//! What a resolution would do, before it is done: worked out by deciding it, and written nowhere.

use super::Page;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::actor;
use duebook_insight::cases::{Preview, preview};
use duebook_ledger::cases::CaseCommand;
use duebook_ledger::cases::resolve::{NewRequest, RequestCommand};
use duebook_ledger::refusal::{CaseRefusal, Refusal};
use duebook_ledger::{Command, Context, Uid};
use duebook_money::Currency;
use leptos::prelude::*;

/// What the form comes to.
#[derive(Clone, PartialEq)]
pub enum Outcome {
    /// Something cannot be read.
    Unread(String),
    /// The book refuses it.
    Refused(String),
    /// Above the limit; whether somebody may approve it, and what it would do then.
    Over(String, bool, Option<Box<Preview>>),
    /// It can be done.
    Ready(Box<Preview>),
}

/// What deciding the request comes to: nothing is written.
pub fn judge(page: Page, request: &NewRequest, currency: Option<Currency>) -> Outcome {
    let context = Context {
        command_id: Uid::default(),
        recorded_at: 0,
        ledger_date: page.ws.today_untracked(),
        actor: actor(),
    };
    let command = Command::Case(CaseCommand::Request(RequestCommand::Make(Box::new(
        request.clone(),
    ))));
    page.ws.peek(
        |b| match b.decide(&context, &command, &Default::default()) {
            Ok(decision) => Outcome::Ready(Box::new(preview(b, &decision.events))),
            Err(Refusal::Case(CaseRefusal::OverLimit { breaches, needed })) => {
                let said = words::cases::over_limit(&breaches, needed.as_deref(), currency);
                let then = b.would_post(&context, request).ok();
                let then = then.map(|events| Box::new(preview(b, &events)));
                Outcome::Over(said, needed.is_some(), then)
            }
            Err(Refusal::Case(CaseRefusal::LinesDiffer { expected, given })) => {
                let sum = |minor| currency.map_or(String::new(), |c| words::money(minor, c));
                Outcome::Refused(format!(
                    "They sum to {}, and have to sum to {}.",
                    sum(given),
                    sum(expected)
                ))
            }
            Err(other) => Outcome::Refused(words::refusal(Some(page.ws), &other)),
        },
    )
}

/// What it does, or why it cannot be done.
#[component]
pub fn Shown(outcome: Outcome, currency: Option<Currency>) -> impl IntoView {
    match outcome {
        Outcome::Unread(text) => view! { <p class="muted">{text}</p> }.into_any(),
        Outcome::Refused(text) => view! { <Callout tone=Tone::Danger>{text}</Callout> }.into_any(),
        Outcome::Over(text, _, then) => view! {
            <Callout tone=Tone::Warn>{text}</Callout>
            {then.map(|p| view! { <h3>"Once it is approved"</h3><Effects p=*p currency /> })}
        }
        .into_any(),
        Outcome::Ready(p) => view! { <Effects p=*p currency /> }.into_any(),
    }
}

/// Documents before and after, and what changes in all.
#[component]
fn Effects(p: Preview, currency: Option<Currency>) -> impl IntoView {
    let c = p.currency.or(currency).unwrap_or(Currency::XXX);
    let rows = p.lines.iter().map(|l| {
        let before = if l.is_new {
            "–".to_owned()
        } else {
            words::amount(l.before, c)
        };
        let from = l.ages_from.map_or("–".to_owned(), words::day);
        let name = if l.is_new {
            format!("{} (new)", l.number)
        } else {
            l.number.clone()
        };
        view! {
            <tr>
                <td>{name}</td>
                <td class="num">{before}</td>
                <td class="num">{words::amount(l.after, c)}</td>
                <td>{from}</td>
            </tr>
        }
    });
    let format = words::number_format();
    let sum = |minor: i128| format!("{} {}", format.minor(minor, c.exponent()), c.code());
    let tax = p
        .tax
        .iter()
        .map(|(code, minor)| format!("tax {code}: {}", sum(*minor)));
    let tax: Vec<String> = tax.collect();
    let net = (p.net != 0).then(|| format!("net billed: {}", sum(p.net)));
    let changes: Vec<String> = net.into_iter().chain(tax).collect();
    view! {
        <table class="case-items">
            <thead><tr><th>"Document"</th><th class="num">"Open before"</th><th class="num">"After"</th><th>"Ages from"</th></tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        <p>{format!("What is owed changes by {}.", sum(p.owed))}</p>
        {(!changes.is_empty()).then(|| view! { <p class="muted">{format!("Change of {}.", changes.join(", "))}</p> })}
    }
}
