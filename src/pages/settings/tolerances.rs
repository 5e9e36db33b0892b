//! Limits of single customers (CA-07): the stricter of the user's and the customer's wins; and what
//! was let go of late, by customer and month.

use super::payments::{percent, ppm};
use super::save;
use crate::pages::shared::CustomerPick;
use crate::pages::shared::account::name_of;
use crate::platform::latest::Latest;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::recon::{LetGoMaking, Span};
use duebook_ledger::CustomerId;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::policy::PolicyChange;
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
    // Of the amount; empty: that of each payment.
    let in_currency = RwSignal::new(own.code().to_owned());
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().cash.clone()));
    let known = move |id: CustomerId| {
        let key = ws.peek(|b| b.customer_key(id))?;
        in_force.with_untracked(|p| p.customer(&key.source, &key.number).cloned())
    };
    let pick = move |id: CustomerId| {
        let known = known(id);
        let limit = known
            .as_ref()
            .map_or(ToleranceLimit::default(), |k| k.limit);
        // What it is billed in, where it has no limit yet.
        let billed = ws.peek(|b| b.items_of(id).next().map(|i| i.currency()));
        let currency = known.map_or(Some(billed.unwrap_or(own)), |k| k.currency);
        in_currency.set(currency.map_or(String::new(), |c| c.code().to_owned()));
        absolute.set(words::amount(limit.absolute, currency.unwrap_or(own)));
        share.set(percent(limit.share_ppm));
        of.set(Some(id));
    };
    let shown = move || in_currency.with(|c| Currency::from_code(c));
    let minor = move || {
        let minor = absolute.with(|a| words::typed(a, shown().unwrap_or(own)))?;
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
    let keep =
        move |key: CustomerKey, limit: Option<(ToleranceLimit, Option<Currency>)>, done: String| {
            let mut policy: CashPolicy = in_force.get_untracked();
            policy
                .customers
                .retain(|c| c.source != key.source || c.number != key.number);
            policy
                .customers
                .extend(limit.map(|(limit, currency)| CustomerTolerance {
                    source: key.source,
                    number: key.number,
                    limit,
                    currency,
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
        let currency = untrack(shown);
        let done = format!(
            "{name}: at most {} and {} %",
            at_most(absolute, currency, own),
            percent(share_ppm)
        );
        keep(key, Some((limit, currency)), done);
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
                at_most(c.limit.absolute, c.currency, own),
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
    let currencies = Signal::derive(move || {
        let mut all: Vec<Currency> = vec![own];
        all.extend(in_force.with(|p| p.limits.iter().map(|(c, _)| *c).collect::<Vec<_>>()));
        all.extend(ws.read(|b| {
            b.policies()
                .rates
                .rates()
                .iter()
                .map(|r| r.currency)
                .collect::<Vec<_>>()
        }));
        all.extend(shown());
        duebook_money::order::sort_by_key(&mut all, |c| c.code());
        all.dedup();
        let mut choices: Vec<Choice> = all
            .into_iter()
            .map(|c| Choice::new(c.code(), c.code()))
            .collect();
        choices.push(Choice::new("", "The currency of each payment"));
        choices
    });
    view! {
        <h3>"Limits of single customers"</h3>
        <p class="muted">"The stricter of yours and the customer’s wins; both limits of it must hold. A payment in another currency than the amount’s is measured at the rate in force; without a rate nothing is let go."</p>
        {rows}
        <CustomerPick ws of=of on_pick=pick />
        <div class="form-row">
            <AmountField label="This customer at most" currency=in_currency value=absolute error=amount_error />
            <SelectField label="In" value=in_currency choices=currencies />
            <TextField label="And at most, per cent of the item" value=share error=share_error />
        </div>
        <p class="button-row"><Button label="Save this customer’s limit" refused=refused on_press=save /></p>
        <LetGo ws />
    }
}

/// A limit's amount with its currency.
fn at_most(minor: i64, currency: Option<Currency>, own: Currency) -> String {
    match currency {
        Some(currency) => words::money(minor, currency),
        None => format!("{} of each payment’s currency", words::amount(minor, own)),
    }
}

/// The months told, up to a day.
fn months(today: Day) -> Span {
    let mut from = today.month_start();
    for _ in 1..MONTHS {
        from = from.plus(-1).month_start();
    }
    Span { from, to: today }
}

#[component]
fn LetGo(ws: Ws) -> impl IntoView {
    let made = Latest::following(move |run| {
        ws.revision().track();
        let mut making = LetGoMaking::new(months(ws.today()));
        run.steps(move || ws.peek(|b| making.step(b)))
    });
    let made = made.answer();
    let rows = Memo::new(move |_| made.get().unwrap_or_default());
    let sum = move || {
        let mut by: BTreeMap<&'static str, (Currency, i64)> = BTreeMap::new();
        rows.with(|all| {
            for row in all {
                let sum = by.entry(row.currency.code()).or_insert((row.currency, 0));
                sum.1 = sum.1.saturating_add(row.amount);
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
            _ if made.with(Option::is_none) => view! { <p class="muted">"It is being worked out."</p> }.into_any(),
            true => view! { <p class="muted">"Nothing was let go with a payment."</p> }.into_any(),
            false => view! {
                <table class="plain-table">
                    <caption class="sr-only">"Small differences by customer and month"</caption>
                    <thead><tr><th scope="col">"Month"</th><th scope="col">"Customer"</th><th scope="col" class="num">"Payments"</th><th scope="col" class="num">"Amount"</th></tr></thead>
                    <tbody>
                        {rows.get().into_iter().map(|row| {
                            let day = words::day(row.month);
                            let month = day.split_once(' ').map_or(day.clone(), |(_, rest)| rest.to_owned());
                            let name = ws.peek(|b| name_of(b, row.customer));
                            view! { <tr><td>{month}</td><th scope="row">{name}</th><td class="num">{format_count(row.count, Default::default())}</td><td class="num">{words::money(row.amount, row.currency)}</td></tr> }
                        }).collect_view()}
                    </tbody>
                </table>
                <p><strong>{move || format!("{} in {}", sum(), plural(rows.with(Vec::len), "line", "lines", Default::default()))}</strong></p>
            }
            .into_any(),
        }}
    }
}
