//! The line in hand: what the bank wrote with what was recognised marked, what is proposed, the
//! arithmetic, what speaks against it, and what comes next.

use super::run::{Row, Sheet, State};
use super::{Cash, wording};
use crate::pages::account_href;
use crate::ui::prelude::*;
use crate::words;
use duebook_cash::{Evidence, Proposal, Receipt, Rung, TextPart, Verdict};
use duebook_insight::fx::{Paid, Quote};
use duebook_ledger::{Book, LineId};
use duebook_money::{Currency, Money};
use leptos::prelude::*;
use std::sync::Arc;

/// The panel.
#[component]
pub fn Detail(cash: Cash, sheet: Arc<Sheet>, row: Row) -> impl IntoView {
    let currency = sheet.facts.currency;
    let fact = cash.ws.peek(|b| b.line(row.line).map(|l| l.fact.clone()));
    let Some(fact) = fact else {
        return ().into_any();
    };
    let title = format!(
        "{} {}",
        words::money(row.amount, currency),
        match row.amount < 0 {
            true => "out",
            false => "in",
        }
    );
    let dates = match fact.value == fact.booked {
        true => words::day(fact.booked),
        false => format!(
            "{}, value {}",
            words::day(fact.booked),
            words::day(fact.value)
        ),
    };
    let id = match fact.bank_id.is_empty() {
        true => String::new(),
        false => format!(", bank id {}", fact.bank_id),
    };
    let who = [&fact.payer, &fact.payer_account];
    let who: Vec<&str> = who
        .into_iter()
        .map(String::as_str)
        .filter(|t| !t.is_empty())
        .collect();
    let marks = row
        .found
        .as_ref()
        .map_or(Vec::new(), |(receipt, p)| texts(receipt, p));
    let written = match marks.is_empty() {
        true => {
            let all = fact
                .references
                .iter()
                .chain([&fact.text])
                .filter(|t| !t.is_empty() && !wording::is_filler(t));
            all.map(|t| view! { <p class="cash-text">{t.clone()}</p> }.into_any())
                .collect()
        }
        false => marks,
    };
    let parts = cash.ws.peek(|b| {
        let said = b.line_parts(row.line).map(|p| {
            format!(
                "{}: {}",
                words::money(p.amount, currency),
                wording::part(b, &p.by)
            )
        });
        said.collect::<Vec<String>>()
    });
    let proposal = row.found.as_ref().map(
        |(_, proposal)| view! { <Proposed cash sheet=sheet.clone() line=row.line proposal=proposal.clone() /> },
    );
    let locked = cash.ws.peek(|b| {
        let lock = b.lock_on(fact.value).filter(|_| row.rest > 0)?;
        Some(format!(
            "{} is in a locked period ({} to {}). What is accepted is posted on {}; to post it on its own day, unlock the period under Reconcile.",
            words::day(fact.value),
            words::day(lock.from),
            words::day(lock.to),
            words::day(b.open_day(fact.value)),
        ))
    });
    let can_accept = matches!(row.state, State::Ready | State::Review);
    let money_in = row.rest > 0;
    let open = row.rest != 0;
    view! {
        <section class="panel" aria-label="Line in hand">
            <h2>{title}</h2>
            <p class="muted">{format!("{}: {dates}{id}", wording::kind(fact.kind))}</p>
            {(!who.is_empty()).then(|| view! { <p><strong>{who.join(" · ")}</strong></p> })}
            {written}
            {row.advice.clone().map(|text| view! { <p><Chip text=text tone=Tone::Info /></p> })}
            {parts.into_iter().map(|p| view! { <p><Chip text=p tone=Tone::Good /></p> }).collect_view()}
            {proposal}
            {locked.map(|text| view! { <Callout tone=Tone::Warn title="Its day is locked">{text}</Callout> })}
            {open.then(|| view! {
                <p class="button-row">
                    {can_accept.then(|| view! { <Button label="Accept" keys="y" kind=ButtonKind::Secondary on_press=move |()| cash.accept_current() /> })}
                    {money_in.then(|| view! { <Button label="Lay out by hand" keys="a" on_press=move |()| cash.open_by_hand() /> })}
                    <Button label="Explain" keys="x" kind=ButtonKind::Quiet on_press=move |()| cash.open_explain() />
                </p>
            })}
        </section>
    }
    .into_any()
}

/// What the bank wrote, with what was recognised marked.
fn texts(receipt: &Receipt, proposal: &Proposal) -> Vec<AnyView> {
    let mut parts = vec![TextPart::Text];
    parts.extend((0..receipt.references.len()).map(|n| TextPart::Reference(n as u16)));
    for n in 0..receipt.lines.len() {
        parts.push(TextPart::LineReference(n as u16));
        parts.push(TextPart::LineNote(n as u16));
    }
    let mut out = Vec::new();
    for part in parts {
        let text = receipt.part(part);
        if text.is_empty() || wording::is_filler(text) {
            continue;
        }
        let mut spans: Vec<(usize, usize)> = proposal
            .evidence
            .iter()
            .filter_map(|e| match e {
                Evidence::Named {
                    part: p,
                    start,
                    end,
                    ..
                } if *p == part => Some((*start as usize, *end as usize)),
                _ => None,
            })
            .collect();
        spans.sort_unstable();
        let mut at = 0;
        let mut pieces: Vec<AnyView> = Vec::new();
        for (start, end) in spans {
            // Evidence points into this text; what overlaps is marked once.
            let (Some(before), Some(marked)) = (text.get(at..start), text.get(start..end)) else {
                continue;
            };
            pieces.push(before.to_owned().into_any());
            pieces.push(view! { <mark>{marked.to_owned()}</mark> }.into_any());
            at = end;
        }
        pieces.push(text.get(at..).unwrap_or_default().to_owned().into_any());
        out.push(view! { <p class="cash-text">{pieces}</p> }.into_any());
    }
    out
}

#[component]
fn Proposed(cash: Cash, sheet: Arc<Sheet>, line: LineId, proposal: Proposal) -> impl IntoView {
    let currency = sheet.facts.currency;
    let ws = cash.ws;
    if let Verdict::Unmatched(why) = proposal.verdict {
        return view! { <p class="cash-why">{format!("{}.", wording::unmatched(why))}</p> }
            .into_any();
    }
    let payer = proposal
        .payer
        .or(proposal.lines.first().map(|l| l.customer));
    let (name, href) = payer.map_or((String::new(), None), |c| {
        (ws.peek(|b| wording::name(b, c)), account_href(ws, c))
    });
    let how = proposal.evidence.iter().find_map(|e| match e {
        Evidence::Payer { by, .. } => Some(format!(" {}", wording::payer(*by))),
        _ => None,
    });
    let lines = ws.peek(|b| arithmetic(b, &proposal, currency));
    let laid: Vec<_> = proposal.lines.iter().map(|l| (l.item, l.settles)).collect();
    let sum = |of: fn(&duebook_cash::Line) -> i64| proposal.lines.iter().map(of).sum::<i64>();
    let (cash_laid, settles) = (sum(|l| l.amount), sum(|l| l.settles));
    let exchange = ws.peek(|b| {
        let on = b.open_day(b.line(line)?.fact.value);
        let paid = match proposal.rung {
            Rung::OtherCurrency => Paid::Agreed {
                on,
                money: Money::new(cash_laid, currency),
                into: settles,
            },
            _ => Paid::On(on),
        };
        wording::realised_on(b, &laid, paid)
    });
    let holds: Vec<String> = match &proposal.verdict {
        Verdict::Review(holds) => {
            ws.peek(|b| holds.iter().map(|h| wording::hold(b, h, &sheet)).collect())
        }
        _ => Vec::new(),
    };
    let runner_up = proposal.runner_up().map(|other| {
        ws.peek(|b| {
            let items: Vec<String> = other
                .lines
                .iter()
                .map(|(id, amount)| {
                    format!(
                        "{} {}",
                        wording::item(b, *id),
                        words::amount(*amount, currency)
                    )
                })
                .collect();
            format!(
                "Next best, {}: {} ({}).",
                wording::per_mille(other.score),
                items.join(", "),
                wording::rung(other.rung)
            )
        })
    });
    view! {
        <div class="cash-proposal">
            <p>
                {match href {
                    Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                    None => view! { <span>{name}</span> }.into_any(),
                }}
                <span class="muted">{how}</span>
            </p>
            <p class="cash-why">{format!("{}. Evidence {}.", wording::rung(proposal.rung), wording::per_mille(proposal.score))}</p>
            <dl class="cash-sum">
                {lines.into_iter().map(|(label, figure, total)| view! {
                    <div class:total=total><dt>{label}</dt><dd class="num">{figure}</dd></div>
                }).collect_view()}
            </dl>
            {exchange.map(|text| view! { <p>{text}</p> })}
            {(!holds.is_empty()).then(|| view! {
                <h3>"Why it is not posted by itself"</h3>
                <ul>{holds.into_iter().map(|h| view! { <li>{h}</li> }).collect_view()}</ul>
            })}
            {runner_up.map(|text| view! { <p class="muted">{text}</p> })}
        </div>
    }
    .into_any()
}

/// The addends that make the payment: label, figure, whether it is the total.
fn arithmetic(book: &Book, proposal: &Proposal, currency: Currency) -> Vec<(String, String, bool)> {
    use duebook_cash::Term;
    if proposal.rung == Rung::OtherCurrency {
        return exchanged(book, proposal, currency);
    }
    let mut out: Vec<(String, String, bool)> = proposal
        .arithmetic()
        .into_iter()
        .map(|term| {
            let label = match term {
                Term::Open(id, _) => format!("{} open", wording::item(book, id)),
                Term::Less(_, kind, _) => format!(
                    "{}, {}",
                    wording::difference(kind),
                    wording::treatment(kind.treatment())
                ),
                Term::StaysOpen(id, _) => format!("stays open on {}", wording::item(book, id)),
                Term::Converted(_, _) => "into the currency of the account".to_owned(),
                Term::Rest(_) => "stays unapplied".to_owned(),
            };
            (label, words::amount(term.amount(), currency), false)
        })
        .collect();
    out.push((
        "paid".to_owned(),
        words::money(proposal.amount, currency),
        true,
    ));
    out
}

/// The same where the items are in another currency: what of them is settled, the rate that comes to, and
/// what was paid.
fn exchanged(book: &Book, proposal: &Proposal, currency: Currency) -> Vec<(String, String, bool)> {
    let item = |id| book.item(id).map_or(Currency::XXX, |i| i.currency());
    let mut out = Vec::new();
    let (mut money, mut claim) = (0i64, 0i64);
    let abroad = proposal.lines.first().map_or(currency, |l| item(l.item));
    for line in &proposal.lines {
        (money, claim) = (money + line.amount, claim + line.settles);
        let label = format!("{} settled", wording::item(book, line.item));
        out.push((label, words::money(line.settles, abroad), false));
    }
    let reporting = book.policies().rates.reporting();
    let (money, claim) = (Money::new(money, currency), Money::new(claim, abroad));
    if let Some(quote) = Quote::of_amounts(reporting, money, claim) {
        let label = format!("at 1 {} in {}", quote.of.code(), quote.in_units_of.code());
        out.push((label, quote.value.to_string(), false));
    }
    if proposal.rest.unapplied != 0 {
        let left = words::money(proposal.rest.unapplied, currency);
        out.push(("stays unapplied".to_owned(), left, false));
    }
    let paid = words::money(proposal.amount, currency);
    out.push(("paid".to_owned(), paid, true));
    out
}
