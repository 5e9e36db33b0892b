//! Interest and compensation for late payment: claims of a customer by a rule, charges raised and
//! let go.

use super::{Desk, Pick, approved, sheet, wording};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_insight::late::{LateItem, charges_for, late_items};
use duebook_ledger::plans::PlanCommand;
use duebook_ledger::{Command, CustomerId, ItemId, OpenScan, View};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days a charge is given to be paid.
const CHARGE_DAYS: i32 = 14;

/// The tab.
#[component]
pub fn Interest(desk: Desk) -> impl IntoView {
    let ws = desk.ws;
    let pack = RwSignal::new(String::new());
    let until = RwSignal::new(desk.today().to_string());
    let ticked = RwSignal::new(BTreeMap::<ItemId, bool>::new());
    let shown = RwSignal::new(None::<ItemId>);
    // The rule proposed for the customer's country.
    Effect::new(move |_| {
        let id = desk.of.get();
        let proposed = ws.peek(|b| {
            let country = id
                .and_then(|c| b.customer_facts(c))
                .and_then(|f| f.country.clone());
            let policy = &b.policies().recovery.interest;
            policy
                .proposed(&country.unwrap_or_default(), desk.today())
                .map(|p| p.id.clone())
        });
        pack.set(proposed.unwrap_or_default());
        ticked.set(BTreeMap::new());
        shown.set(None);
    });
    let packs = Signal::derive(move || {
        ws.read(|b| {
            let all = b.policies().recovery.interest.packs.iter();
            all.map(|p| Choice::new(p.id.clone(), p.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let late = Memo::new(move |_| {
        let (Some(id), Some(day)) = (desk.of.get(), desk.day(&until.get())) else {
            return Arc::default();
        };
        let pack = pack.get();
        Arc::new(ws.read(|b| {
            let scan = OpenScan::new(b, View::on(day));
            let policy = &b.policies().recovery.interest;
            policy
                .pack(&pack)
                .map_or(Vec::new(), |p| late_items(b, &scan, id, p))
        }))
    });
    let on = move |l: &LateItem| {
        // What was settled long ago is charged only where somebody ticks it.
        let usual = l.open > 0 && l.chargeable() > 0;
        ticked.with(|t| t.get(&l.item).copied()).unwrap_or(usual)
    };
    let chosen = Memo::new(move |_| {
        late.with(|all| {
            all.iter()
                .filter(|l| on(l))
                .cloned()
                .collect::<Vec<LateItem>>()
        })
    });
    let notes = move || {
        let pack = pack.get();
        ws.read(|b| {
            b.policies()
                .recovery
                .interest
                .pack(&pack)
                .map(|p| p.notes.clone())
        })
        .unwrap_or_default()
    };
    let stale = move || {
        late.with(|all| {
            all.iter()
                .any(|l| l.sheet.as_ref().is_ok_and(|s| s.is_stale()))
        })
    };
    view! {
        <Pick desk />
        <Show when=move || desk.of.get().is_some() fallback=|| view! {
            <Empty icon=Icon::Coins title="Whose debt is late?"
                text=Signal::stored("Choose a customer: every item paid late is worked out by the rule of its country, line by line.".to_owned()) />
        }>
            <div class="form-row">
                <SelectField label="Rule" value=pack choices=packs />
                <DateField label="To" value=until echo=desk.echo(until) />
            </div>
            {move || notes().into_iter().map(|n| view! { <p class="muted plans-note">{n}</p> }).collect_view()}
            <Show when=stale>
                <Callout tone=Tone::Warn title="To be checked">"A rate or rule here was not verified lately. Check it and record the day in Settings before it is asserted."</Callout>
            </Show>
            {move || view! { <Table desk late=late.get() on=Callback::new(move |l: LateItem| on(&l)) ticked shown /> }}
            <Acts desk chosen pack />
            {move || {
                let id = shown.get()?;
                let found = late.with(|all| all.iter().find(|l| l.item == id).cloned())?;
                let sheet = found.sheet.clone().ok()?;
                Some(view! { <sheet::SheetView desk late=found sheet=sheet /> })
            }}
            <Charges desk />
        </Show>
    }
}

#[component]
fn Table(
    desk: Desk,
    late: Arc<Vec<LateItem>>,
    on: Callback<LateItem, bool>,
    ticked: RwSignal<BTreeMap<ItemId, bool>>,
    shown: RwSignal<Option<ItemId>>,
) -> impl IntoView {
    if late.is_empty() {
        return view! { <p class="muted">"Nothing of this customer is or was paid late."</p> }
            .into_any();
    }
    let rows = late
        .iter()
        .cloned()
        .map(|l| view! { <Row desk late=l on ticked shown /> })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Items paid late">
            <table class="plain-table">
                <thead><tr>
                    <th scope="col">"Charge"</th><th scope="col">"Item"</th><th scope="col">"Due"</th><th scope="col" class="num">"Days"</th><th scope="col" class="num">"Open"</th>
                    <th scope="col" class="num">"Interest"</th><th scope="col" class="num">"Fixed sum"</th><th scope="col" class="num">"Charged before"</th><th scope="col" class="num">"Claim"</th><th></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(
    desk: Desk,
    late: LateItem,
    on: Callback<LateItem, bool>,
    ticked: RwSignal<BTreeMap<ItemId, bool>>,
    shown: RwSignal<Option<ItemId>>,
) -> impl IntoView {
    let number = desk.ws.peek(|b| {
        b.item(late.item)
            .map_or(String::new(), |i| i.number().to_owned())
    });
    let amount = |minor: i64| words::amount(minor, late.currency);
    let days = late.until.since(late.due);
    let (open, due, id) = (
        words::money(late.open, late.currency),
        words::day(late.due),
        late.item,
    );
    let label = format!("Charge {number}");
    let figures = match &late.sheet {
        Ok(s) => view! {
            <td class="num">{amount(s.interest)}</td>
            <td class="num">{amount(s.fixed_sum)}</td>
            <td class="num">{amount(s.charged_before)}</td>
            <td class="num"><strong>{amount(late.chargeable())}</strong></td>
            <td><Button label="Sheet" kind=ButtonKind::Quiet on_press=move |()| shown.set(Some(id)) /></td>
        }
        .into_any(),
        Err(e) => view! { <td colspan="5">{wording::interest_error(e)}</td> }.into_any(),
    };
    // Why the day or the claim is another than one would expect.
    let relevant = late.sheet.as_ref().ok().and_then(|s| s.relevant);
    let last_day = relevant.as_ref().and_then(wording::last_day);
    let plan = late.plan.map(|p| wording::under_plan(&p));
    let barred = late.barred().is_some();
    let of = late.clone();
    let checked = move || on.run(of.clone());
    view! {
        <tr>
            <td><input type="checkbox" aria-label=label prop:checked=checked disabled=barred
                on:change=move |e| ticked.update(|t| _ = t.insert(id, event_target_checked(&e))) /></td>
            <td>
                {number}
                {plan.map(|p| view! { <span class="plans-why">{p}</span> })}
                {last_day.map(|p| view! { <span class="plans-why">{p}</span> })}
            </td>
            <td>{due}</td><td class="num">{days}</td><td class="num">{open}</td>
            {figures}
        </tr>
    }
}

/// Raise, print, file.
#[component]
fn Acts(desk: Desk, chosen: Memo<Vec<LateItem>>, pack: RwSignal<String>) -> impl IntoView {
    let charges = Memo::new(move |_| chosen.with(|c| desk.ws.read(|b| charges_for(b, c))));
    let sum = move || {
        let mut by = BTreeMap::new();
        charges.with(|all| {
            for c in all {
                let sum: &mut i64 = by.entry(c.sheet.currency).or_default();
                *sum = sum.saturating_add(c.sheet.total());
            }
        });
        wording::sums(&by)
    };
    let label = Signal::derive(move || match charges.with(Vec::len) {
        0 => "Raise charges".to_owned(),
        n => format!(
            "Raise {} of {}",
            plural(n, "charge", "charges", Default::default()),
            sum()
        ),
    });
    let refused = Signal::derive(move || {
        charges
            .with(Vec::is_empty)
            .then(|| "Tick an item that has something to charge.".to_owned())
    });
    let raise = move |()| {
        let all = charges.get_untracked();
        let (today, n, sum) = (desk.today(), all.len(), untrack(sum));
        let command = Command::Plan(PlanCommand::RaiseCharges {
            charges: all,
            date: today,
            due: today.plus(CHARGE_DAYS),
        });
        let done = format!(
            "{} raised: {sum}",
            plural(n, "charge", "charges", Default::default())
        );
        desk.run(command, NewTexts::default(), done, |_| {});
    };
    let file = move |()| {
        let Some(id) = desk.of.get_untracked() else {
            return;
        };
        let items = chosen.with_untracked(|c| c.iter().map(|l| l.item.0).collect());
        desk.ws
            .export_interest(desk.toasts, id.0, pack.get_untracked(), items);
    };
    view! {
        <p class="button-row no-print">
            <Button label=label kind=ButtonKind::Primary refused=refused on_press=raise />
            <Button label="Workbook of the calculation" icon=Icon::Download on_press=file />
        </p>
    }
}

/// Charges raised for the customer, and letting go of them.
#[component]
fn Charges(desk: Desk) -> impl IntoView {
    let waiving = RwSignal::new(None::<ItemId>);
    let list = Memo::new(move |_| {
        let id = desk.of.get();
        desk.ws.read(|b| {
            let scan = OpenScan::new(b, desk.ws.view());
            let of = |c: &CustomerId| Some(*c) == id;
            let all = b.charges().filter_map(|(item, _, fact)| {
                let known = b.item(item).filter(|i| of(&i.customer()))?;
                let open = scan.open(item).map_or(0, |o| o.working());
                let on = b
                    .item(fact.of)
                    .map_or(String::new(), |i| i.number().to_owned());
                Some((
                    item,
                    known.number().to_owned(),
                    on,
                    fact.sheet.total(),
                    open,
                    fact.sheet.currency,
                ))
            });
            all.collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || list.with(|l| !l.is_empty())>
            <h2>"Charges raised"</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Charges raised">
                <table class="plain-table">
                    <thead><tr><th scope="col">"Charge"</th><th scope="col">"For"</th><th scope="col" class="num">"Amount"</th><th scope="col" class="num">"Open"</th><th></th></tr></thead>
                    <tbody>
                        {move || list.get().into_iter().map(|(item, number, of, amount, open, currency)| view! {
                            <tr>
                                <td>{number}</td><td>{of}</td><td class="num">{words::money(amount, currency)}</td><td class="num">{words::money(open, currency)}</td>
                                <td>{(open > 0).then(|| view! { <Button label="Let go" kind=ButtonKind::Quiet on_press=move |()| waiving.set(Some(item)) /> })}</td>
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
        </Show>
        <WaiveDialog desk waiving />
    }
}

#[component]
fn WaiveDialog(desk: Desk, waiving: RwSignal<Option<ItemId>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let text = || RwSignal::new(String::new());
    let (amount, reason, by, reference) = (text(), text(), text(), text());
    let of = Memo::new(move |_| {
        let id = waiving.get()?;
        desk.ws.peek(|b| {
            let item = b.item(id)?;
            Some((b.item_key(id)?, item.currency(), item.open()))
        })
    });
    Effect::new(move |_| {
        if let Some((_, currency, left)) = of.get() {
            amount.set(words::amount(left, currency));
            [reason, by, reference]
                .iter()
                .for_each(|s| s.set(String::new()));
        }
        open.set(of.with(Option::is_some));
    });
    let refused = Signal::derive(move || {
        reason
            .with(|r| r.trim().is_empty())
            .then(|| "Say why: it stands in the audit trail.".to_owned())
    });
    let currency = Signal::derive(move || {
        of.get()
            .map_or(String::new(), |(_, c, _)| c.code().to_owned())
    });
    let title = Signal::derive(move || {
        of.get().map_or(String::new(), |(k, ..)| {
            format!("Let go of {}", words::item(&k))
        })
    });
    let save = move |()| {
        let Some((charge, currency, _)) = of.get_untracked() else {
            return;
        };
        let Some(minor) = wording::typed(&amount.get_untracked(), currency).filter(|a| *a > 0)
        else {
            return desk.toasts.error("Not an amount.".to_owned());
        };
        let done = format!(
            "{} of {} let go",
            words::money(minor, currency),
            words::item(&charge)
        );
        let command = Command::Plan(PlanCommand::WaiveCharge {
            charge,
            amount: minor,
            effective: desk.today(),
            reason: reason.get_untracked(),
            approved: approved(by, reference),
        });
        desk.run(command, NewTexts::default(), done, closes(open));
    };
    view! {
        <Dialog open=open title=title on_close=move |()| waiving.set(None)
            actions=move || view! { <Button label="Let it go" kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <AmountField label="Amount" currency=currency value=amount />
            <TextField label="Why" value=reason />
            <TextField label="Approved by" value=by optional=true hint=Some("Needed above your own limit; never yourself.".to_owned()) />
            <TextField label="Where that stands" value=reference optional=true />
        </Dialog>
    }
}
