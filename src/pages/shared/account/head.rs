//! The head of an account: who, balances per currency, the strip, what to know before chasing.

use super::lines::ItemLine;
use super::{Account, name_of};
use crate::pages::shared;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::aging::{AgingError, AgingQuery, aging};
use duebook_insight::promises::KeptRate;
use duebook_insight::{Balance, Filter};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::{Book, Command, CustomerId, View};
use leptos::prelude::*;
use std::sync::Arc;

/// Balances of one currency.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    figures: Balance,
    strip: Vec<StripPart>,
}

/// As known now they are this customer's alone; as known at an earlier commit, a row of the aging.
fn balances(account: Account) -> Result<Vec<Shown>, AgingError> {
    let (ws, id) = (account.ws, account.customer);
    let view = ws.view();
    let made = match view.known {
        None => ws.balances_of(id, view),
        Some(_) => ws.read(|book| balances_then(book, id, view)),
    }?;
    Ok(ws.read(|book| {
        let buckets = &book.policies().buckets;
        let mut all: Vec<Shown> = made
            .into_iter()
            .map(|b| Shown {
                strip: shared::strip(&b.buckets, b.currency, buckets),
                figures: b,
            })
            .collect();
        duebook_money::order::sort_by_key(&mut all, |b| {
            std::cmp::Reverse((b.figures.past_due, b.figures.working))
        });
        all
    }))
}

fn balances_then(book: &Book, id: CustomerId, view: View) -> Result<Vec<Balance>, AgingError> {
    let filter = Filter {
        customers: vec![id],
        ..Filter::default()
    };
    let query = AgingQuery {
        filter,
        ..AgingQuery::new(book, view)
    };
    let made = aging(book, &query)?;
    let rows = made.rows.iter().enumerate();
    Ok(rows
        .map(|(at, row)| Balance::of(row, made.buckets(at)))
        .collect())
}

/// The head.
#[component]
pub fn Head(
    account: Account,
    /// Under a title of the page: the name is a heading of the second level.
    #[prop(optional)]
    under: bool,
) -> impl IntoView {
    let balances = Memo::new(move |_| Arc::new(balances(account)));
    let kept = Signal::derive(move || {
        let rate = account.promises.with(|p| KeptRate::of(p.iter()));
        match rate.judged() {
            0 => "none yet".to_owned(),
            n => format!("{} of {n}", rate.kept),
        }
    });
    view! {
        <Who account under />
        {move || {
            let all = balances.get();
            let Ok(all) = all.as_ref() else {
                return view! { <Callout tone=Tone::Danger title="No balance">{shared::TOO_LARGE}</Callout> }.into_any();
            };
            if all.is_empty() {
                return view! { <p class="faint">"Nothing is open."</p> }.into_any();
            }
            all.iter()
                .enumerate()
                .map(|(n, b)| {
                    let kept = (n == 0).then_some(kept);
                    view! { <OneBalance balance=b.clone() kept /> }
                })
                .collect_view()
                .into_any()
        }}
        <Before account />
    }
}

#[component]
fn Who(account: Account, under: bool) -> impl IntoView {
    let id = account.customer;
    let facts = move || {
        account.read(|book, _| {
            let number = book
                .customer(id)
                .map_or(String::new(), |c| c.number.clone());
            let mut parts = vec![number];
            if let Some(f) = book.customer_facts(id) {
                let terms = f.terms.clone().filter(|t| !t.is_empty());
                let parent = f
                    .parent
                    .clone()
                    .filter(|p| !p.is_empty())
                    .map(|p| format!("part of {p}"));
                let collector = f
                    .collector
                    .clone()
                    .filter(|c| !c.is_empty())
                    .map(|c| format!("collector {c}"));
                parts.extend(
                    [
                        f.country.clone().filter(|c| !c.is_empty()),
                        terms,
                        parent,
                        collector,
                    ]
                    .into_iter()
                    .flatten(),
                );
            }
            parts.join(" · ")
        })
    };
    let there = move || {
        account.read(|b, _| {
            let clock = shared::clock_of(b, id);
            shared::there(&clock, account.now.get(), &b.policies().contact)
        })
    };
    let name = move || account.read(|b, _| name_of(b, id));
    view! {
        <div class="account-who">
            {match under {
                true => view! { <h2>{name}</h2> }.into_any(),
                false => view! { <h1>{name}</h1> }.into_any(),
            }}
            {move || match there() {
                Some(t) if t.open => view! { <Chip text=t.text tone=Tone::Good /> }.into_any(),
                Some(t) => view! { <Chip text=t.text tone=Tone::Warn /> }.into_any(),
                None => view! { <Chip text="zone not known" tone=Tone::Muted /> }.into_any(),
            }}
            <p class="faint">{facts}</p>
            <super::merge::Merged account offer=!under />
        </div>
    }
}

#[component]
fn OneBalance(balance: Shown, kept: Option<Signal<String>>) -> impl IntoView {
    let Shown { figures, strip } = balance;
    let c = figures.currency;
    let text = move |minor: i64| words::amount(minor, c);
    let (total, pending) = (figures.working, figures.pending);
    let credits = figures.unapplied.saturating_add(figures.credit_memos);
    let lines = move |()| {
        vec![
            WhyLine::new(
                "At source, by the last file",
                text(total.saturating_sub(pending)),
            ),
            WhyLine::new("Posted here, not in the source yet", text(pending)),
            WhyLine::total("Working balance", text(total)),
        ]
    };
    let late = if figures.past_due > 0 {
        Tone::Danger
    } else {
        Tone::Neutral
    };
    view! {
        <StatRow>
            <div class="stat">
                <dt>{format!("Working balance, {}", c.code())}</dt>
                <dd class="num"><Why text=text(total) title="How the working balance is made" lines=lines /></dd>
            </div>
            <Stat label="Past due" value=text(figures.past_due) tone=late />
            <Stat label="Promised" value=text(figures.promised) />
            <Stat label="Disputed" value=text(figures.disputed) />
            <Stat label="Unapplied" value=text(credits) />
            {kept.map(|k| view! { <Stat label="Kept promises" value=k /> })}
        </StatRow>
        <AgingStrip parts=strip legend=true />
    }
}

/// What must be known before chasing: credits that are not applied, postings not in the source yet.
#[component]
fn Before(account: Account) -> impl IntoView {
    let credits = move || {
        let items = account.items.get();
        items
            .iter()
            .filter(|i| i.open < 0)
            .cloned()
            .collect::<Vec<ItemLine>>()
    };
    let pending = move || {
        let items = account.items.get();
        let of = items.iter().filter(|i| i.pending != 0 && i.open >= 0);
        of.map(|i| {
            format!(
                "{} on {}",
                words::money(i.pending, i.currency),
                words::item(&i.key)
            )
        })
        .collect::<Vec<_>>()
    };
    move || {
        let (credits, pending) = (credits(), pending());
        if credits.is_empty() && pending.is_empty() {
            return ().into_any();
        }
        let more = credits.len().saturating_sub(3);
        let shown = credits
            .into_iter()
            .take(3)
            .map(|c| view! { <Unapplied account credit=c /> })
            .collect_view();
        let posted = (!pending.is_empty()).then(|| {
            let shown = pending
                .iter()
                .take(3)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            let rest = pending.len().saturating_sub(3);
            let rest = if rest > 0 {
                format!(" and {rest} more")
            } else {
                String::new()
            };
            view! { <p>{format!("Posted here and not in the source yet: {shown}{rest}.")}</p> }
        });
        view! {
            <Callout tone=Tone::Warn title="Before you chase">
                {shown}
                {(more > 0).then(|| view! { <p>{format!("{more} more credits are in the list below.")}</p> })}
                {posted}
            </Callout>
        }
        .into_any()
    }
}

/// One credit that is not applied, and the act that applies it.
#[component]
fn Unapplied(account: Account, credit: ItemLine) -> impl IntoView {
    let kind = match credit.kind {
        ItemKind::CreditMemo => "credit memo",
        ItemKind::OnAccount => "held on account",
        _ => "payment",
    };
    let day = credit
        .issued
        .map_or(String::new(), |d| format!(" of {}", words::day(d)));
    let text = format!(
        "{} {kind} {}{day} is not applied.",
        words::money(credit.open.saturating_neg(), credit.currency),
        words::item(&credit.key),
    );
    // The first selected debit of its currency, else the oldest.
    let to = {
        let currency = credit.currency;
        move || {
            let fits = move |i: &&ItemLine| i.open > 0 && i.currency == currency;
            let chosen = account.selected();
            chosen
                .iter()
                .find(fits)
                .cloned()
                .or_else(|| account.items.get().iter().find(fits).cloned())
        }
    };
    let label = {
        Signal::derive(move || {
            to().map_or(String::new(), |i| {
                format!("Apply to {}", words::item(&i.key))
            })
        })
    };
    let apply = move |()| {
        let Some(item) = untrack(to) else { return };
        let amount = item.open.min(credit.open.saturating_neg());
        let dates = [credit.issued, item.issued].into_iter().flatten();
        let effective = dates.fold(account.ws.today_untracked(), |a, b| a.max(b));
        let done = format!(
            "{} applied to {}, {}",
            words::money(amount, item.currency),
            words::item(&item.key),
            account.name()
        );
        let command = Command::ApplyCredit {
            credit: credit.key.clone(),
            item: item.key,
            amount,
            effective,
            with: Vec::new(),
        };
        account
            .ws
            .run(account.toasts, command, Default::default(), done, |_| {});
    };
    view! {
        <p class="before-line">
            <span>{text}</span>
            {move || (!label.with(String::is_empty)).then(|| {
                let apply = apply.clone();
                view! { <Button label=label kind=ButtonKind::Quiet refused=account.refused() on_press=apply /> }
            })}
        </p>
    }
}
