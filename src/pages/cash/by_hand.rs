//! A line laid out by hand: whose it is, what it pays, in amounts that are typed; the difference
//! runs to zero, or stays unapplied with the customer.

use super::abroad::{Abroad, AbroadPart, Laying};
use super::dragging::{Dragging, ItemTarget, MoneyLeft};
use super::{Cash, wording};
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use crate::words;
use duebook_cash::Numbers;
use duebook_insight::fx::Paid;
use duebook_insight::search::customers_named;
use duebook_ledger::recon::Onward;
use duebook_ledger::{Command, CustomerId, ItemId, LineId, OpenScan, View};
use duebook_money::{Currency, Money};
use leptos::prelude::*;

/// Items shown; a customer with more is for the account's own page.
const SHOWN: usize = 60;
/// Customers found by a search.
const FOUND: usize = 8;

/// An open item with what is typed beside it.
#[derive(Clone, Copy, PartialEq)]
struct Open {
    id: ItemId,
    due: i32,
    open: i64,
    typed: RwSignal<String>,
}

/// A part of a line that is laid out for a customer, while the rest is another's.
#[derive(Clone, PartialEq)]
struct Part {
    customer: CustomerId,
    /// Minor units, positive.
    amount: i64,
    laid: Vec<(ItemId, i64)>,
    /// What of it goes over into the currency of the items, where that is another.
    onward: Option<Onward>,
    /// Reason by which what is not paid of them is contested; empty: it is not.
    contest: String,
}

/// The dialog.
#[component]
pub fn ByHandDialog(cash: Cash) -> impl IntoView {
    let open = cash.by_hand;
    let line = RwSignal::new(None::<(LineId, i64, Currency)>);
    let customer = RwSignal::new(None::<CustomerId>);
    let search = RwSignal::new(String::new());
    let items = RwSignal::new(Vec::<Open>::new());
    let more = RwSignal::new(0usize);
    // Reason by which what stays open of items paid in part is contested; empty: it is not.
    let contest = RwSignal::new(String::new());
    // Parts that are laid out already, and how much of the rest is the customer's; empty: all of it.
    let parts = RwSignal::new(Vec::<Part>::new());
    let only = RwSignal::new(String::new());
    // What of the line no part has.
    let left = move || {
        let (_, amount, _) = line.get()?;
        let apart = parts.with(|p| p.iter().map(|p| p.amount).sum::<i64>());
        Some(amount.saturating_sub(apart))
    };
    let money = Signal::derive(move || {
        let (id, _, currency) = line.get()?;
        let left = Money::new(left()?, currency);
        // A locked day takes nothing more: the money is posted on the first open one.
        let on = cash.ws.read(|b| Some(b.open_day(b.line(id)?.fact.value)))?;
        Some(Laying { left, on })
    });
    let abroad = Abroad::new(cash.ws, money, customer.into());
    let items_in = Memo::new(move |_| abroad.currency());
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        let Some((sheet, row)) = untrack(|| cash.current_row()) else {
            return;
        };
        line.set(Some((row.line, row.rest, sheet.facts.currency)));
        search.set(String::new());
        contest.set(String::new());
        parts.set(Vec::new());
        only.set(String::new());
        let proposal = row.found.map(|(_, p)| p);
        let other = proposal.as_ref().and_then(|p| in_other(cash, p));
        let other = other.map(|(cash, claim)| (Money::new(cash, sheet.facts.currency), claim));
        abroad.clear(other);
        let payer = proposal
            .as_ref()
            .and_then(|p| p.payer.or(p.lines.first().map(|l| l.customer)));
        customer.set(payer);
    });
    // The items of whoever is chosen, with the proposal's amounts typed in.
    Effect::new(move |_| {
        let (Some(customer), Some((id, ..)), Some(currency)) =
            (customer.get(), line.get(), items_in.get())
        else {
            items.set(Vec::new());
            more.set(0);
            return;
        };
        let laid = untrack(|| cash.current_row()).filter(|(_, r)| r.line == id);
        let laid = laid
            .and_then(|(_, r)| r.found)
            .map_or(Vec::new(), |(_, p)| p.lines);
        let today = cash.ws.today_untracked();
        let mut found = cash.ws.peek(|b| {
            let scan = OpenScan::new(b, View::on(today));
            let all = b.items_of(customer).filter(|i| i.currency() == currency);
            let open = all.filter_map(|i| {
                let open = scan.open(i.id).map_or(0, |o| o.working());
                (open > 0).then(|| (i.id, b.due_of(&i), open))
            });
            open.collect::<Vec<_>>()
        });
        let named = |id: ItemId| laid.iter().find(|l| l.item == id && l.amount > 0);
        duebook_money::order::sort_by_key(&mut found, |(id, due, _)| {
            (named(*id).is_none(), *due, *id)
        });
        more.set(found.len().saturating_sub(SHOWN));
        let made = found.into_iter().take(SHOWN).map(|(id, due, open)| {
            let text = named(id).map_or(String::new(), |l| {
                words::amount(l.settles.min(open), currency)
            });
            Open {
                id,
                due,
                open,
                typed: RwSignal::new(text),
            }
        });
        items.set(made.collect());
    });
    let applied = Memo::new(move |_| {
        let currency = items_in.get()?;
        items.with(|all| {
            let each = all.iter().map(|o| {
                let amount = o.typed.with(|t| wording::typed(t, currency))?;
                (0..=o.open).contains(&amount).then_some((o.id, amount))
            });
            each.collect::<Option<Vec<(ItemId, i64)>>>()
        })
    });
    let claims = move || Some(applied.get()?.iter().map(|(_, a)| *a).sum::<i64>());
    // How much of the money that takes.
    let sum = move || abroad.used(claims()?);
    let rest = move || Some(left()? - sum()?);
    // How much would be parted off for this customer.
    let parted = move || {
        let (_, _, currency) = line.get()?;
        let typed = only.with(|o| wording::typed(o, currency))?;
        let (left, sum) = (left()?, sum()?);
        let amount = if typed == 0 { sum } else { typed };
        (amount > 0 && amount < left && amount >= sum).then_some(amount)
    };
    let not_parted = Signal::derive(move || {
        match (customer.get(), parted()) {
        (None, _) => Some("Choose whose money it is.".to_owned()),
        (_, None) => Some("Lay out what is theirs, or say how much: less than the payment, and not less than what is laid out.".to_owned()),
        _ => None,
    }
    });
    let part_off = move |()| {
        let found = untrack(|| (customer.get(), parted(), applied.get()));
        let (Some(who), Some(amount), Some(laid)) = found else {
            return;
        };
        let part = part_of(cash, abroad, (who, amount, laid), contest.get_untracked());
        parts.update(|all| all.push(part));
        only.set(String::new());
        contest.set(String::new());
        customer.set(None);
    };
    let refused = Signal::derive(move || match (customer.get(), rest()) {
        (None, _) => Some("Choose whose money it is.".to_owned()),
        (_, None) if applied.get().is_some() => Some("Give the rate first.".to_owned()),
        (_, None) => Some("An amount is none, or more than is open.".to_owned()),
        (_, Some(rest)) if rest < 0 => Some("More is laid out than was paid.".to_owned()),
        _ if abroad.is_abroad() && claims() == Some(0) => Some(
            "Lay out what it pays there, or choose the items in the currency of the money."
                .to_owned(),
        ),
        _ => None,
    });
    let says = move || {
        let currency = line.get().map_or(Currency::XXX, |(_, _, c)| c);
        match rest() {
            None if applied.get().is_some() => "Give the rate first.".to_owned(),
            None => "An amount is none, or more than is open.".to_owned(),
            Some(0) => "Difference 0: all of it is laid out.".to_owned(),
            Some(rest) if rest < 0 => format!(
                "Difference {}: more is laid out than was paid.",
                words::money(rest, currency)
            ),
            Some(rest) => format!(
                "Difference {}: it stays unapplied with the customer.",
                words::money(rest, currency)
            ),
        }
    };
    let exchange = move || {
        let (laid, money) = (applied.get()?, money.get()?);
        let claims = claims()?;
        let paid = match abroad.is_abroad() {
            false => Paid::On(money.on),
            true => Paid::Agreed {
                on: money.on,
                money: Money::new(abroad.used(claims)?, money.left.currency),
                into: claims,
            },
        };
        cash.ws.read(|b| wording::realised_on(b, &laid, paid))
    };
    // As much as fits of what nothing has: what is typed there already stays.
    let lay = move |id: ItemId| {
        let found = untrack(|| {
            let (currency, laying) = (items_in.get()?, money.get()?);
            let left = Money::new(rest()?.max(0), laying.left.currency);
            Some((currency, abroad.worth(left)?))
        });
        let item = items.with_untracked(|all| all.iter().find(|o| o.id == id).copied());
        let (Some((currency, left)), Some(item)) = (found, item) else {
            return;
        };
        let typed = item.typed.with_untracked(|t| wording::typed(t, currency));
        let more = typed.unwrap_or(0).saturating_add(left).min(item.open);
        if more > 0 {
            item.typed.set(words::amount(more, currency));
        }
    };
    let dragging = Dragging::new(Callback::new(lay));
    let money_says = Signal::derive(move || {
        let currency = line.get().map_or(Currency::XXX, |(_, _, c)| c);
        let rest = rest().or_else(left).unwrap_or(0).max(0);
        format!("{} to lay out", words::money(rest, currency))
    });
    let fill = move |()| {
        let found = untrack(|| Some((abroad.currency()?, abroad.worth(money.get()?.left)?)));
        let (Some((currency, mut left)), all) = (found, items.get_untracked()) else {
            return;
        };
        for item in all {
            let part = left.min(item.open);
            left -= part;
            item.typed.set(if part > 0 {
                words::amount(part, currency)
            } else {
                String::new()
            });
        }
    };
    let save = move |()| {
        let found = untrack(|| (line.get(), customer.get(), applied.get(), left()));
        let (Some((id, whole, currency)), Some(who), Some(laid), Some(amount)) = found else {
            return;
        };
        let mut all = parts.get_untracked();
        all.push(part_of(
            cash,
            abroad,
            (who, amount, laid),
            contest.get_untracked(),
        ));
        let mut numbers = Numbers::default();
        let made = cash.ws.peek(|b| {
            let one = |p: &Part| {
                let onward: Vec<Onward> = p.onward.iter().cloned().collect();
                let here = if onward.is_empty() { &p.laid[..] } else { &[] };
                let mut made = numbers.by_hand(b, id, p.customer, p.amount, here, onward)?;
                made.contested = short(b, &p.laid, &p.contest);
                Ok(made)
            };
            all.iter().map(one).collect::<Result<Vec<_>, _>>()
        });
        match made {
            Ok(made) => {
                let names = all
                    .iter()
                    .map(|p| cash.ws.peek(|b| wording::name(b, p.customer)));
                let names: Vec<String> = names.collect();
                let done = format!(
                    "{} of {} laid out",
                    words::money(whole, currency),
                    names.join(" and ")
                );
                let at = cash.current_row();
                let of = at.as_ref().map(|(s, r)| (&**s, r));
                cash.send(Command::AcceptMatches(made), done, of);
            }
            Err(why) => cash.toasts.error(wording::not_postable(why)),
        }
    };
    let title = Signal::derive(move || {
        line.get().map_or(String::new(), |(_, amount, c)| {
            format!("Lay out {}", words::money(amount, c))
        })
    });
    view! {
        <Dialog
            open=open
            title=title
            actions=move || view! { <Button label="Apply" kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <Parts cash parts line />
            <Whose cash customer search />
            <AbroadPart abroad laid=Signal::derive(claims) />
            {move || {
                let currency = items_in.get().unwrap_or(Currency::XXX);
                let all = items.get();
                let none = all.is_empty() && customer.get().is_some();
                view! {
                    {none.then(|| view! { <p class="muted">{format!("Nothing is open in {}: all of it stays unapplied.", currency.code())}</p> })}
                    {(!all.is_empty()).then(|| view! {
                        <div class="cash-laying">
                            <MoneyLeft dragging text=money_says />
                            <Button label="Oldest first" kind=ButtonKind::Quiet on_press=fill />
                        </div>
                    })}
                    <div class="cash-items">
                        {all.into_iter().map(|o| {
                            let name = cash.ws.peek(|b| wording::item(b, o.id));
                            view! { <ItemTarget dragging id=o.id name><OneItem cash item=o currency /></ItemTarget> }
                        }).collect_view()}
                    </div>
                    {(more.get() > 0).then(|| view! { <p class="muted">{format!("And {} more, due later.", more.get())}</p> })}
                }
            }}
            <p role="status"><strong>{says}</strong></p>
            {move || exchange().map(|text| view! { <p>{text}</p> })}
            <Contest cash items applied contest />
            <details>
                <summary>"A part of it is another customer’s"</summary>
                <TextField label="Of it theirs" value=only hint=Some("Empty: what is laid out.".to_owned()) />
                <p class="button-row"><Button label="Part it off, the rest is another’s" kind=ButtonKind::Quiet refused=not_parted on_press=part_off /></p>
            </details>
        </Dialog>
    }
}

/// What a proposal lays on items of one other currency: minor units of the money, and what it settles.
fn in_other(cash: Cash, proposal: &duebook_cash::Proposal) -> Option<(i64, Money)> {
    let lines = (proposal.rung == duebook_cash::Rung::OtherCurrency).then_some(&proposal.lines)?;
    let first = lines.first()?.item;
    let currency = cash.ws.peek(|b| Some(b.item(first)?.currency()))?;
    let sum = |of: fn(&duebook_cash::Line) -> i64| lines.iter().map(of).sum::<i64>();
    Some((sum(|l| l.amount), Money::new(sum(|l| l.settles), currency)))
}

/// What is laid out, as a part of the line.
fn part_of(
    cash: Cash,
    abroad: Abroad,
    (customer, amount, laid): (CustomerId, i64, Vec<(ItemId, i64)>),
    contest: String,
) -> Part {
    let laid: Vec<(ItemId, i64)> = laid.into_iter().filter(|(_, a)| *a > 0).collect();
    let keyed = cash.ws.peek(|b| {
        let each = laid
            .iter()
            .filter_map(|(id, m)| Some((b.item_key(*id)?, *m)));
        each.collect::<Vec<_>>()
    });
    Part {
        customer,
        amount,
        laid,
        onward: untrack(|| abroad.onward(customer, &keyed)),
        contest,
    }
}

/// What is parted off already, to be taken back.
#[component]
fn Parts(
    cash: Cash,
    parts: RwSignal<Vec<Part>>,
    line: RwSignal<Option<(LineId, i64, Currency)>>,
) -> impl IntoView {
    move || {
        let currency = line.get().map_or(Currency::XXX, |(_, _, c)| c);
        let all = parts.get();
        let one = |(at, p): (usize, Part)| {
            let name = cash.ws.peek(|b| wording::name(b, p.customer));
            let amount = words::money(p.amount, currency);
            let label = format!("Take back the part of {name}");
            let gone = move |()| {
                parts.update(|all| {
                    if at < all.len() {
                        all.remove(at);
                    }
                });
            };
            view! { <li>{format!("{amount} is {name}’s ")} <Button label=label kind=ButtonKind::Quiet on_press=gone /></li> }
        };
        (!all.is_empty())
            .then(|| view! { <ul>{all.into_iter().enumerate().map(one).collect_view()}</ul> })
    }
}

/// What stays open of items paid in part, as disputes of a reason.
fn short(
    book: &duebook_ledger::Book,
    laid: &[(ItemId, i64)],
    reason: &str,
) -> Vec<(duebook_ledger::keys::ItemKey, i64, String)> {
    if reason.is_empty() {
        return Vec::new();
    }
    let parts = laid.iter().filter_map(|(id, paid)| {
        let left = book.item(*id)?.open() - paid - book.disputed(*id);
        (left > 0).then_some((book.item_key(*id)?, left, reason.to_owned()))
    });
    parts.collect()
}

/// Where items are paid in part: whether the rest is contested, and why.
#[component]
fn Contest(
    cash: Cash,
    items: RwSignal<Vec<Open>>,
    applied: Memo<Option<Vec<(ItemId, i64)>>>,
    contest: RwSignal<String>,
) -> impl IntoView {
    let any = Memo::new(move |_| {
        let laid = applied.get().unwrap_or_default();
        let partly = |(id, paid): &(ItemId, i64)| {
            let open = items.with(|i| i.iter().find(|o| o.id == *id).map(|o| o.open));
            *paid > 0 && open.is_some_and(|o| *paid < o)
        };
        laid.iter().any(partly)
    });
    let choices = Signal::stored(cash.ws.peek(|b| {
        let mut list = vec![Choice::new("", "Stays open, not contested")];
        let reasons = b.policies().cases.reasons.iter();
        list.extend(reasons.map(|r| Choice::new(r.code.clone(), format!("Disputed: {}", r.name))));
        list
    }));
    view! {
        <Show when=move || any.get()>
            <SelectField label="What is not paid of them" value=contest choices=choices />
        </Show>
    }
}

#[component]
fn OneItem(cash: Cash, item: Open, currency: Currency) -> impl IntoView {
    let name = cash.ws.peek(|b| wording::item(b, item.id));
    let due = match item.due {
        duebook_ledger::columns::NO_DAY => String::new(),
        day => format!(", due {}", words::day(duebook_money::Day(day))),
    };
    let error = Signal::derive(move || {
        let amount = item.typed.with(|t| wording::typed(t, currency));
        match amount {
            Some(a) if (0..=item.open).contains(&a) => None,
            Some(_) => Some("More than is open, or below zero.".to_owned()),
            None => Some("Not an amount.".to_owned()),
        }
    });
    let open = format!("{} open{due}", words::amount(item.open, currency));
    let hint = Signal::derive(move || {
        Some(
            item.typed
                .with(|t| wording::with_reading(open.clone(), t, currency)),
        )
    });
    view! { <TextField label=name value=item.typed hint=hint error=error /> }
}

/// Whose money it is: as proposed, or searched by name or number.
#[component]
fn Whose(
    cash: Cash,
    customer: RwSignal<Option<CustomerId>>,
    search: RwSignal<String>,
) -> impl IntoView {
    let found =
        Memo::new(move |_| search.with(|text| cash.ws.peek(|b| customers_named(b, text, FOUND))));
    let says = move || {
        let typed = search.with(|t| !t.trim().is_empty());
        found.with(|(found, more)| match (found.len(), *more) {
            (0, _) if typed => "No customer has this in name or number.".to_owned(),
            (_, 0) => String::new(),
            (shown, more) => format!(
                "{shown} of {}: type more of the name or number.",
                format_count(shown.saturating_add(more), Default::default())
            ),
        })
    };
    let name = move || match customer.get() {
        Some(id) => cash.ws.peek(|b| wording::name(b, id)),
        None => "Nobody yet".to_owned(),
    };
    view! {
        <p>"Money of " <strong>{name}</strong></p>
        <SearchField label="Another customer".to_owned() value=search />
        <p class="button-row">
            {move || found.get().0.into_iter().map(|id| {
                let name = cash.ws.peek(|b| wording::name(b, id));
                view! { <Button label=name kind=ButtonKind::Quiet on_press=move |()| { customer.set(Some(id)); search.set(String::new()); } /> }
            }).collect_view()}
        </p>
        <p class="muted" aria-live="polite">{says}</p>
    }
}
