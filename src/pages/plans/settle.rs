//! Settlement offers: a lump sum against the debt, with its expiry; nothing is written off before
//! the money is in (ST-04). Beside it what the same debt is worth as a plan (ST-03).

use super::{Debit, Debits, Desk, Pick, approved, currencies, wording};
use crate::pages::account_href;
use crate::pages::shared::{list_keys, use_go};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_insight::plans::{JudgedOffer, OfferState, break_even, judge_offers, sensitivity};
use duebook_ledger::Command;
use duebook_ledger::plans::{NewOffer, OfferEnd, PlanCommand};
use duebook_money::{Currency, split};
use leptos::prelude::*;
use std::sync::Arc;

/// The offers of the book.
#[component]
pub fn Offers(desk: Desk, new_offer: RwSignal<bool>) -> impl IntoView {
    let ws = desk.ws;
    let shown = RwSignal::new(None::<u32>);
    let offers = Memo::new(move |_| {
        let mut all = ws.read(|b| judge_offers(b, ws.view()));
        duebook_money::order::sort_by_key(&mut all, |o| {
            (
                !matches!(o.state, OfferState::Open | OfferState::Paid),
                std::cmp::Reverse(o.offer),
            )
        });
        Arc::new(all)
    });
    let row = move |n: usize| offers.with(|o| o.get(n).cloned());
    let source = GridSource::new(
        move || offers.with(|o| o.len()),
        move |n| row(n).map_or(0, |o| u64::from(o.offer.0)),
        move |n, column| {
            let Some(o) = row(n) else {
                return CellView::Empty;
            };
            let money = |minor| CellView::Text(words::money(minor, o.currency));
            match column {
                0 => CellView::Strong(desk.name(o.customer)),
                1 => {
                    let (tone, text) = wording::offer_state(o.state);
                    CellView::Chips(vec![(tone, text.to_owned())])
                }
                2 => money(o.debt),
                3 => money(o.pay),
                4 => money(o.debt - o.pay),
                5 => CellView::Text(words::day(o.by)),
                6 => money(o.paid),
                _ => CellView::Empty,
            }
        },
    );
    let handle = GridHandle::new();
    list_keys(handle);
    let columns = vec![
        Column::text("customer", "Customer", 130).grow(3),
        Column::text("state", "State", 130),
        Column::number("debt", "Debt", 130).hide_below(560),
        Column::number("pay", "To be paid", 130).hide_below(480),
        Column::number("waived", "Let go", 120).hide_below(700),
        Column::date("by", "By"),
        Column::number("paid", "Cleared in time", 130).hide_below(620),
    ];
    let open = Callback::new(move |key: u64| shown.set(u32::try_from(key).ok()));
    let empty = move || {
        view! {
            <Empty
                icon=Icon::Coins
                title="No settlement was offered yet"
                text=Signal::stored("An offer says how much by which day in full and final settlement. If the money does not come, it lapses by itself and the full debt is owed.".to_owned())
                action=move || view! { <Button label="New offer" on_press=move |()| new_offer.set(true) /> }
            />
        }
    };
    let opened = Memo::new(move |_| {
        let id = shown.get()?;
        offers.with(|o| o.iter().find(|o| o.offer.0 == id).cloned())
    });
    view! {
        <Grid label="Settlement offers" source=source columns=columns handle=handle on_open=open
            current=Signal::derive(move || shown.get().map(u64::from)) max_rows=12 empty=empty />
        {move || opened.get().map(|offer| view! { <Detail desk offer /> })}
    }
}

#[component]
fn Detail(desk: Desk, offer: JudgedOffer) -> impl IntoView {
    let ws = desk.ws;
    let known = ws.peek(|b| {
        b.offers()
            .get(offer.offer.index())
            .map(|o| (o.key, o.fact.clone()))
    });
    let Some((key, fact)) = known else {
        return ().into_any();
    };
    let go = use_go();
    let text = fact
        .wording
        .and_then(|t| ws.peek_all(|_, texts| texts.get(t).map(str::to_owned)));
    let money = |minor: i64| words::money(minor, offer.currency);
    let approved = fact.approved.as_ref().map_or(String::new(), |a| {
        format!(" Approved by {} ({}).", a.by, a.reference)
    });
    let said = format!(
        "{} by {} settles {}; {} is let go. {}.{approved}",
        money(offer.pay),
        words::day(offer.by),
        money(offer.debt),
        money(offer.debt - offer.pay),
        fact.reason
    );
    let presumed = (offer.presumed > 0).then(|| format!(
        "{} went at the source without a cause: not enough to write off. Import its payments or cleared items.",
        money(offer.presumed)
    ));
    let today = desk.today();
    let end = move |how: OfferEnd, reason: &'static str| {
        let command = Command::Plan(PlanCommand::EndOffer {
            offer: key,
            how,
            reason: reason.to_owned(),
        });
        desk.run(
            command,
            NewTexts::default(),
            "Offer ended; the full debt is owed".to_owned(),
            |_| {},
        );
    };
    let write_off = move |()| {
        let command = Command::Plan(PlanCommand::WriteOffRest {
            offer: key,
            effective: today,
        });
        desk.run(
            command,
            NewTexts::default(),
            "The rest is written off".to_owned(),
            |_| {},
        );
    };
    let href = account_href(ws, offer.customer);
    let standing = matches!(
        offer.state,
        OfferState::Open | OfferState::Paid | OfferState::AwaitingNews | OfferState::Lapsed
    );
    let paid = offer.state == OfferState::Paid;
    let title = format!("Offer to {}", desk.name(offer.customer));
    let heading = title.clone();
    view! {
        <section class="panel plans-detail print-alone" aria-label=title>
            <h2>{heading}</h2>
            <p>{said}</p>
            {text.map(|t| view! { <p class="plans-wording">{t}</p> })}
            {presumed.map(|p| view! { <p class="muted">{p}</p> })}
            <p class="button-row no-print">
                {paid.then(|| view! { <Button label="Write off the rest" kind=ButtonKind::Primary on_press=write_off /> })}
                <Button label="Print the offer" icon=Icon::Report on_press=move |()| crate::ui::dom::print() />
                {href.map(|href| view! { <Button label="Open the account" kind=ButtonKind::Quiet on_press=move |()| go.run(href.clone()) /> })}
                {standing.then(|| view! {
                    <Button label="They refused" kind=ButtonKind::Quiet on_press=move |()| end(OfferEnd::Refused, "refused by the customer") />
                    <Button label="Withdraw it" kind=ButtonKind::Quiet on_press=move |()| end(OfferEnd::Withdrawn, "withdrawn by us") />
                })}
            </p>
        </section>
    }
    .into_any()
}

/// A new offer.
#[component]
pub fn OfferDialog(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let debits = RwSignal::new(Vec::<(Debit, RwSignal<bool>)>::new());
    let text = || RwSignal::new(String::new());
    let (code, pay, by, reason, who, reference, clause) =
        (text(), text(), text(), text(), text(), text(), text());
    let months = RwSignal::new("10".to_owned());
    Effect::new(move |_| {
        let id = desk.of.get();
        if !open.get() {
            return;
        }
        let all = id.map_or(Vec::new(), |id| desk.debits(id));
        let first = all.first().map(|d| d.currency);
        code.set(first.map_or(String::new(), |c| c.code().to_owned()));
        debits.set(
            all.into_iter()
                .map(|d| (d.clone(), RwSignal::new(Some(d.currency) == first)))
                .collect(),
        );
        by.set(desk.today().plus(14).to_string());
        [pay, reason, who, reference]
            .iter()
            .for_each(|s| s.set(String::new()));
        clause.set("The amount stated, received by the date stated, is accepted in full and final settlement. If it is not received by then, this offer lapses and the full balance is owed.".to_owned());
    });
    let shown = Signal::derive(move || {
        let code = code.get();
        debits.with(|all| {
            all.iter()
                .filter(|(d, _)| d.currency.code() == code)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let several = Signal::derive(move || debits.with(|d| currencies(d)));
    let asked = Memo::new(move |_| {
        let currency = Currency::from_code(&code.get()).ok_or("Choose whose debt it is.")?;
        let on: Vec<Debit> = shown.with(|all| {
            all.iter()
                .filter(|(_, on)| on.get())
                .map(|(d, _)| d.clone())
                .collect()
        });
        let debt = on.iter().fold(0i64, |s, d| s.saturating_add(d.open));
        if debt == 0 {
            return Err("Tick what is settled.");
        }
        let pay = pay
            .with(|t| wording::typed(t, currency))
            .filter(|p| *p > 0)
            .ok_or("Say what is to be paid.")?;
        match pay < debt {
            true => Ok((currency, on, debt, pay)),
            false => Err("That is no less than the debt: nothing is let go."),
        }
    });
    let refused = Signal::derive(move || {
        let wrong = asked.with(|a| a.as_ref().err().map(|e| (*e).to_owned()));
        let day = desk
            .day(&by.get())
            .is_none()
            .then(|| "The day cannot be read.".to_owned());
        let why = reason
            .with(|r| r.trim().is_empty())
            .then(|| "Say why.".to_owned());
        wrong.or(day).or(why)
    });
    let save = move |()| {
        let (Ok((currency, on, debt, pay)), Some(id), Some(by)) = (
            asked.get_untracked(),
            desk.of.get_untracked(),
            desk.day(&by.get_untracked()),
        ) else {
            return;
        };
        let mut texts = NewTexts::default();
        let wording = match texts.add(&clause.get_untracked()) {
            Ok(text) => text,
            Err(e) => return desk.toasts.error(format!("Not saved: {e}")),
        };
        let keys = desk.ws.peek(|b| {
            let items = on
                .iter()
                .map(|d| Some((b.item_key(d.id)?, d.open)))
                .collect::<Option<Vec<_>>>()?;
            Some((b.customer_key(id)?, items))
        });
        let Some((customer, items)) = keys else {
            return;
        };
        let done = format!(
            "Offer to {}: {} for {}",
            desk.name(id),
            words::money(pay, currency),
            words::money(debt, currency)
        );
        let command = Command::Plan(PlanCommand::Offer(NewOffer {
            customer,
            currency,
            items,
            pay,
            by,
            wording,
            reason: reason.get_untracked(),
            approved: approved(who, reference),
        }));
        desk.run(command, texts, done, closes(open));
    };
    view! {
        <Dialog open=open title="New settlement offer" wide=true
            actions=move || view! { <Button label="Record the offer" kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <Pick desk />
            <Show when=move || several.with(|s| s.len() > 1)>
                <SelectField label="Currency" value=code choices=several />
            </Show>
            <Debits debits=shown />
            <div class="form-row">
                <AmountField label="To be paid" currency=code value=pay />
                <DateField label="By" value=by echo=desk.echo(by) />
                <TextField label="Why" value=reason />
            </div>
            <TextArea label="Conditional wording" value=clause />
            <div class="form-row">
                <TextField label="Approved by" value=who optional=true hint=Some("Needed above your own limit; never yourself.".to_owned()) />
                <TextField label="Where that stands" value=reference optional=true />
            </div>
            <Aid desk asked months />
        </Dialog>
    }
}

/// What is asked: currency, items, debt, to be paid.
type Asked = Result<(Currency, Vec<Debit>, i64, i64), &'static str>;

/// The same debt as a plan: its value today by how likely the payer stops. Nothing is recommended.
#[component]
fn Aid(desk: Desk, asked: Memo<Asked>, months: RwSignal<String>) -> impl IntoView {
    let discount = desk.ws.peek(|b| b.policies().recovery.discount_ppm);
    let percent = |ppm: u32| format!("{} %", duebook_insight::reports::percent(ppm));
    view! {
        <details class="plans-more">
            <summary>"Against a plan: what the debt is worth in instalments"</summary>
            <TextField label="Monthly instalments" value=months />
            {move || {
                let Ok((currency, _, debt, pay)) = asked.get() else {
                    return view! { <p class="muted">"Fill in the offer first."</p> }.into_any();
                };
                let count = months.get().trim().parse::<usize>().unwrap_or(0).clamp(1, 120);
                let parts = split::evenly(debt, count).unwrap_or_default();
                let plan: Vec<(u32, i64)> = parts.into_iter().enumerate().map(|(n, a)| (n as u32 + 1, a)).collect();
                let even = match break_even(&plan, discount, pay) {
                    Some(ppm) => format!("The lump sum of {} is worth as much as the plan where the payer stops with a chance of {} a month.", words::money(pay, currency), percent(ppm)),
                    None => "The plan is worth more than the lump sum even where the payer stops with a chance of 50 % a month.".to_owned(),
                };
                view! {
                    <p>{even}</p>
                    <table class="plain-table">
                        <thead><tr><th scope="col" class="num">"Chance a month that the payer stops"</th><th scope="col" class="num">"Plan is worth today"</th><th scope="col" class="num">"Lump sum less plan"</th></tr></thead>
                        <tbody>
                            {sensitivity(&plan, discount).into_iter().map(|a| view! {
                                <tr><td class="num">{percent(a.hazard_ppm)}</td><td class="num">{words::amount(a.value, currency)}</td><td class="num">{words::amount(pay - a.value, currency)}</td></tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                    <p class="muted">{format!("Discounted at {} a month (Settings). A comparison, not a recommendation: costs, tax and the relation are not in it.", percent(discount))}</p>
                }
                .into_any()
            }}
        </details>
    }
}
