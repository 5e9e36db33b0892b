//! What a resolution would do, before it is done: worked out by deciding it, and written nowhere.

use super::Page;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::actor;
use duebook_insight::cases::{Preview, preview};
use duebook_ledger::cases::CaseCommand;
use duebook_ledger::cases::resolve::{NewRequest, RequestCommand};
use duebook_ledger::refusal::{CaseRefusal, Refusal};
use duebook_ledger::{Command, Context, CustomerId, Uid};
use duebook_letters::before_after::Account;
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

fn context(page: Page) -> Context {
    Context {
        command_id: Uid::default(),
        recorded_at: 0,
        ledger_date: page.ws.today_untracked(),
        actor: actor(),
    }
}

fn made(request: &NewRequest) -> Command {
    let make = RequestCommand::Make(Box::new(request.clone()));
    Command::Case(CaseCommand::Request(make))
}

/// What deciding the request comes to: nothing is written.
pub fn judge(page: Page, request: &NewRequest, currency: Option<Currency>) -> Outcome {
    let context = context(page);
    let command = made(request);
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
        let part = p.proposed.iter().find(|d| l.is_new && d.number == l.number);
        let part = part.and_then(|d| words::cases::part_of(p.what.as_ref()?, d));
        let part = part.map_or(String::new(), |part| format!(", {part}"));
        let name = if l.is_new {
            format!("{} (new){part}", l.number)
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

/// The customer's whole statement and aging before the request and after it, once it is asked for: the
/// book is copied for it.
#[component]
pub fn BeforeAfter(
    page: Page,
    request: Signal<Option<NewRequest>>,
    of: Signal<Option<(CustomerId, Currency)>>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let request = settled(request);
    let both = Memo::new(move |_| {
        if !shown.get() {
            return None;
        }
        let (request, (customer, currency)) = (request.get()?, of.get()?);
        sides(page, &request, customer, currency)
    });
    let hint = Signal::stored(Some(
        "As it is once the source has made it: until then no statement tells the customer."
            .to_owned(),
    ));
    view! {
        <div class="case-before-after">
        <Checkbox label="Show the account and the aging, before and after" hint=hint value=shown />
        {move || shown.get().then(|| match both.get() {
            None => view! { <p class="muted">"They stand here once it can be done."</p> }.into_any(),
            Some((before, after)) => {
                let currency = of.get_untracked().map_or(Currency::XXX, |(_, c)| c);
                let labels = page.ws.peek(|b| b.policies().buckets.labels());
                view! { <Sides before after currency labels /> }.into_any()
            }
        })}
        </div>
    }
}

/// A value once nothing was typed for a moment: what hangs on it is too much for every key.
fn settled(of: Signal<Option<NewRequest>>) -> Signal<Option<NewRequest>> {
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);
    let out = RwSignal::new(None);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(handle) = timer.try_get_value().flatten() {
            handle.clear();
        }
    };
    Effect::new(move |before: Option<()>| {
        let now = of.get();
        stop();
        if before.is_none() {
            return out.set(now);
        }
        // A page that is gone by then is not told.
        let tell = move || drop(out.try_set(now));
        timer.set_value(set_timeout_with_handle(tell, PAUSE).ok());
    });
    on_cleanup(stop);
    out.into()
}

/// Both sides; `None` where it cannot be done.
fn sides(
    page: Page,
    request: &NewRequest,
    customer: CustomerId,
    currency: Currency,
) -> Option<(Account, Account)> {
    let context = context(page);
    let command = made(request);
    page.ws.peek(|b| {
        let decided = b.decide(&context, &command, &Default::default());
        let events = match decided {
            Ok(decision) => decision.events,
            Err(Refusal::Case(CaseRefusal::OverLimit { .. })) => {
                b.would_post(&context, request).ok()?
            }
            Err(_) => return None,
        };
        let view = duebook_ledger::View::on(context.ledger_date);
        let before = Account::of(b, customer, currency, view).ok()?;
        let after = Account::after(b, &context, (command, events), customer, currency);
        Some((before, after.ok()??))
    })
}

#[component]
fn Sides(
    before: Account,
    after: Account,
    currency: Currency,
    labels: Vec<String>,
) -> impl IntoView {
    let format = words::number_format();
    let sum = move |minor: i128| format.minor(minor, currency.exponent());
    let bucket = |of: &Account, n: usize| {
        let of = of.balance.as_ref().and_then(|b| b.buckets.get(n).copied());
        i128::from(of.unwrap_or(0))
    };
    let pairs: Vec<(String, i128, i128)> = labels
        .into_iter()
        .enumerate()
        .map(|(n, label)| (label, bucket(&before, n), bucket(&after, n)))
        .collect();
    let aging = pairs
        .into_iter()
        .filter(|(_, b, a)| (*b, *a) != (0, 0))
        .map(|(label, b, a)| view! {
            <tr><th scope="row">{label}</th><td class="num">{sum(b)}</td><td class="num">{sum(a)}</td></tr>
        })
        .collect_view();
    let code = currency.code();
    view! {
        <div class="split-2">
            <StatementTable title="Statement before" account=before currency />
            <StatementTable title="Statement after" account=after currency />
        </div>
        <table class="case-items">
            <caption>{format!("Aging in {code}")}</caption>
            <thead><tr><th scope="col">"Bucket"</th><th scope="col" class="num">"Before"</th><th scope="col" class="num">"After"</th></tr></thead>
            <tbody>{aging}</tbody>
        </table>
    }
}

#[component]
fn StatementTable(title: &'static str, account: Account, currency: Currency) -> impl IntoView {
    let total = words::number_format().minor(account.open(), currency.exponent());
    let rows = account
        .lines
        .iter()
        .map(|l| {
            let due = l.due.map_or("–".to_owned(), words::day);
            let open = words::amount(l.open, currency);
            let contested = match l.disputed {
                0 => String::new(),
                minor => words::amount(minor, currency),
            };
            view! {
                <tr>
                    <td>{l.number.clone()}</td>
                    <td>{due}</td>
                    <td class="num">{contested}</td>
                    <td class="num">{open}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="case-items">
            <caption>{title}</caption>
            <thead><tr><th scope="col">"Document"</th><th scope="col">"Late from"</th><th scope="col" class="num">"Contested"</th><th scope="col" class="num">"Open"</th></tr></thead>
            <tbody>{rows}</tbody>
            <tfoot><tr><th scope="row" colspan="3">{format!("Total in {}", currency.code())}</th><td class="num">{total}</td></tr></tfoot>
        </table>
    }
}
