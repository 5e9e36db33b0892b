//! Limits of single customers (CA-07): the stricter of the user's and the customer's wins; and what
//! was let go of late, by customer and month.

use super::payments::{percent, ppm};
use super::save;
use crate::pages::shared::CustomerPick;
use crate::pages::shared::account::name_of;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::recon::{RollKind, Span, members};
use duebook_ledger::facts::Cause;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Book, CustomerId};
use duebook_money::amount::{Style, parse};
use duebook_money::{Currency, Day};
use duebook_policy::cash::{CashPolicy, CustomerTolerance, ToleranceLimit};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Months told of what was let go.
const MONTHS: i32 = 3;

/// The list of customers with a limit, and a form for one.
#[component]
pub fn CustomerLimits() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let own = ws.peek(|b| b.about().map_or(Currency::XXX, |a| a.currency));
    let of = RwSignal::new(None::<CustomerId>);
    let (absolute, share) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().cash.clone()));
    let known = move |id: CustomerId| {
        let key = ws.peek(|b| b.customer_key(id))?;
        in_force.with_untracked(|p| p.customer(&key.source, &key.number))
    };
    let pick = move |id: CustomerId| {
        let limit = known(id).unwrap_or_default();
        absolute.set(words::amount(limit.absolute, own));
        share.set(percent(limit.share_ppm));
        of.set(Some(id));
    };
    let minor = move || {
        let minor = absolute.with(|a| {
            parse(a.trim(), Style::POINT)
                .ok()?
                .minor(own.exponent())
                .ok()
        })?;
        (minor >= 0).then_some(minor)
    };
    let amount_error = Signal::derive(move || {
        (of.get().is_some() && minor().is_none())
            .then(|| "An amount such as 5.00, not below zero.".to_owned())
    });
    let share_error = Signal::derive(move || {
        (of.get().is_some() && share.with(|s| ppm(s)).is_none())
            .then(|| "Per cent from 0 to 100.".to_owned())
    });
    let refused = Signal::derive(move || match of.get() {
        None => Some("Choose a customer first.".to_owned()),
        Some(_) => amount_error.get().or_else(|| share_error.get()),
    });
    let keep = move |key: CustomerKey, limit: Option<ToleranceLimit>, done: String| {
        let mut policy: CashPolicy = in_force.get_untracked();
        policy
            .customers
            .retain(|c| c.source != key.source || c.number != key.number);
        policy
            .customers
            .extend(limit.map(|limit| CustomerTolerance {
                source: key.source,
                number: key.number,
                limit,
            }));
        save::policies(ws, toasts, vec![PolicyChange::Cash(policy)], done);
    };
    let save = move |()| {
        let found = untrack(|| (of.get(), minor(), share.with(|s| ppm(s))));
        let (Some(id), Some(absolute), Some(share_ppm)) = found else {
            return;
        };
        let Some(key) = ws.peek(|b| b.customer_key(id)) else {
            return;
        };
        let limit = ToleranceLimit {
            absolute,
            share_ppm,
        };
        let name = ws.peek(|b| name_of(b, id));
        let done = format!(
            "{name}: at most {} and {} %",
            words::amount(absolute, own),
            percent(share_ppm)
        );
        keep(key, Some(limit), done);
        of.set(None);
    };
    let rows = move || {
        let all = in_force.with(|p| p.customers.clone());
        let one = move |c: CustomerTolerance| {
            let key = CustomerKey {
                source: c.source.clone(),
                number: c.number.clone(),
            };
            let id = ws.peek(|b| b.find_customer(&key));
            let name = id.map_or(c.number.clone(), |id| ws.peek(|b| name_of(b, id)));
            let text = format!(
                "{} and {} %",
                words::amount(c.limit.absolute, own),
                percent(c.limit.share_ppm)
            );
            let label = format!("Remove the limit of {name}");
            let done = format!("{name} has no limit of its own: yours holds");
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num">{text}</td>
                    <td><Button label=label kind=ButtonKind::Quiet on_press=move |()| keep(key.clone(), None, done.clone()) /></td>
                </tr>
            }
        };
        (!all.is_empty()).then(|| view! {
            <table class="plain-table">
                <caption class="sr-only">"Limits of single customers"</caption>
                <thead><tr><th scope="col">"Customer"</th><th scope="col" class="num">"At most"</th><th scope="col"><span class="sr-only">"Act"</span></th></tr></thead>
                <tbody>{all.into_iter().map(one).collect_view()}</tbody>
            </table>
        })
    };
    view! {
        <h3>"Limits of single customers"</h3>
        <p class="muted">"The stricter of yours and the customer’s wins; both limits of it must hold. An amount is in the currency of the payment."</p>
        {rows}
        <CustomerPick ws of=of on_pick=pick />
        <div class="form-row">
            <AmountField label="This customer at most" currency=Signal::stored(own.code().to_owned()) value=absolute error=amount_error />
            <TextField label="And at most, per cent of the item" value=share error=share_error />
        </div>
        <p class="button-row"><Button label="Save this customer’s limit" refused=refused on_press=save /></p>
        <LetGo ws />
    }
}

/// What was let go of each customer: month, currency, customer, count, minor units.
type LetGoRow = (Day, Currency, CustomerId, usize, i64);

/// By the movements of the roll-forward's line of small differences: the figures are the same.
fn let_go(book: &Book, today: Day) -> Vec<LetGoRow> {
    let mut out = Vec::new();
    let mut first = today.month_start();
    let mut last = today;
    let all = book
        .settlements()
        .iter()
        .filter(|s| s.cause == Cause::Tolerance);
    let items = all.filter_map(|s| book.item(s.debit.or(s.credit)?));
    let currencies: BTreeMap<&str, Currency> =
        items.map(|i| (i.currency().code(), i.currency())).collect();
    for _ in 0..MONTHS {
        for currency in currencies.values() {
            let span = Span {
                from: first,
                to: last,
            };
            let (found, _) = members(book, span, *currency, RollKind::Tolerance, usize::MAX);
            let mut by: BTreeMap<CustomerId, (usize, i64)> = BTreeMap::new();
            for m in found {
                let sum = by.entry(m.customer).or_default();
                *sum = (sum.0 + 1, sum.1.saturating_add(m.amount));
            }
            out.extend(
                by.into_iter()
                    .map(|(c, (n, minor))| (first, *currency, c, n, minor)),
            );
        }
        last = first.plus(-1);
        first = last.month_start();
    }
    out
}

#[component]
fn LetGo(ws: Ws) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let today = ws.today();
        ws.read(|b| let_go(b, today))
    });
    let sum = move || {
        let mut by: BTreeMap<&'static str, (Currency, i64)> = BTreeMap::new();
        rows.with(|all| {
            for (_, currency, _, _, minor) in all {
                let sum = by.entry(currency.code()).or_insert((*currency, 0));
                sum.1 = sum.1.saturating_add(*minor);
            }
        });
        let all: Vec<String> = by
            .into_values()
            .map(|(c, minor)| words::money(minor, c))
            .collect();
        all.join(", ")
    };
    view! {
        <h3>"Let go in the last three months"</h3>
        {move || match rows.with(Vec::is_empty) {
            true => view! { <p class="muted">"Nothing was let go with a payment."</p> }.into_any(),
            false => view! {
                <table class="plain-table">
                    <caption class="sr-only">"Small differences by customer and month"</caption>
                    <thead><tr><th scope="col">"Month"</th><th scope="col">"Customer"</th><th scope="col" class="num">"Payments"</th><th scope="col" class="num">"Amount"</th></tr></thead>
                    <tbody>
                        {rows.get().into_iter().map(|(month, currency, id, count, minor)| {
                            let day = words::day(month);
                            let month = day.split_once(' ').map_or(day.clone(), |(_, rest)| rest.to_owned());
                            let name = ws.peek(|b| name_of(b, id));
                            view! { <tr><td>{month}</td><th scope="row">{name}</th><td class="num">{format_count(count, Default::default())}</td><td class="num">{words::money(minor, currency)}</td></tr> }
                        }).collect_view()}
                    </tbody>
                </table>
                <p><strong>{move || format!("{} in {}", sum(), plural(rows.with(Vec::len), "line", "lines", Default::default()))}</strong></p>
            }
            .into_any(),
        }}
    }
}
