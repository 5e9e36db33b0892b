//! The risk register: what may happen, how likely, what it would cost, who does what until when.

use super::wording;
use crate::pages::shared::account::typed_day;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes, use_ws};
use duebook_ledger::keys::FactKey;
use duebook_ledger::plans::{NewRisk, PlanCommand, RiskFact};
use duebook_ledger::{Command, CustomerId};
use duebook_money::Currency;
use leptos::prelude::*;

/// The tab.
#[component]
pub fn Register(new_risk: RwSignal<bool>) -> impl IntoView {
    let ws = use_ws();
    let editing = RwSignal::new(None::<(FactKey, RiskFact)>);
    let all = Memo::new(move |_| {
        ws.read(|b| {
            let live = |s| b.is_live(s);
            let known = b.risks().iter().filter(|r| live(r.commit));
            let mut all: Vec<(FactKey, RiskFact)> = known
                .filter_map(|r| Some((r.key, r.facts.get(&live)?.clone())))
                .collect();
            duebook_money::order::sort_by_key(&mut all, |(key, f)| (f.closed, f.review, *key));
            all
        })
    });
    let today = move || ws.today();
    view! {
        <Show when=move || all.with(|a| !a.is_empty()) fallback=move || view! {
            <Empty icon=Icon::Flag title="The register is empty"
                text=Signal::stored("Write down what may happen with a customer, what it would cost, and who does what until when.".to_owned())
                action=move || view! { <Button label="New entry" on_press=move |()| new_risk.set(true) /> } />
        }>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Risk register">
                <table class="plain-table">
                    <thead><tr>
                        <th scope="col">"Customer"</th><th scope="col">"What may happen"</th><th scope="col" class="num">"Chance"</th><th scope="col" class="num">"Impact"</th>
                        <th scope="col" class="num">"Weighted"</th><th scope="col">"Owner"</th><th scope="col">"Action"</th><th scope="col">"Review"</th><th></th>
                    </tr></thead>
                    <tbody>
                        {move || all.get().into_iter().map(|(key, f)| {
                            let weighted = f.weighted();
                            let due = !f.closed && f.review <= today();
                            let review = match (f.closed, due) {
                                (true, _) => (Tone::Muted, "closed".to_owned()),
                                (false, true) => (Tone::Danger, format!("due {}", words::day(f.review))),
                                (false, false) => (Tone::Muted, words::day(f.review)),
                            };
                            let of = f.clone();
                            view! {
                                <tr>
                                    <td>{ws.peek(|b| wording::name(b, f.customer))}</td><td>{f.what.clone()}</td>
                                    <td class="num">{wording::percent(u32::from(f.per_mille))}</td><td class="num">{words::money(f.impact, f.currency)}</td>
                                    <td class="num">{words::amount(weighted, f.currency)}</td><td>{f.owner.clone()}</td><td>{f.action.clone()}</td>
                                    <td><span class=format!("chip {}", review.0.class())>{review.1}</span></td>
                                    <td><Button label="Change" kind=ButtonKind::Quiet on_press=move |()| editing.set(Some((key, of.clone()))) /></td>
                                </tr>
                            }
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
        </Show>
        <EntryDialog new_risk editing />
    }
}

#[component]
fn EntryDialog(
    new_risk: RwSignal<bool>,
    editing: RwSignal<Option<(FactKey, RiskFact)>>,
) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let text = || RwSignal::new(String::new());
    let (who, what, chance, impact, code, owner, action, review) = (
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
        text(),
    );
    let closed = RwSignal::new(false);
    Effect::new(move |_| {
        let (new, known) = (new_risk.get(), editing.get());
        if let Some((_, f)) = &known {
            who.set(ws.peek(|b| {
                b.customer(f.customer)
                    .map_or(String::new(), |c| c.number.clone())
            }));
            what.set(f.what.clone());
            chance.set(format!("{}.{}", f.per_mille / 10, f.per_mille % 10));
            impact.set(words::amount(f.impact, f.currency));
            code.set(f.currency.code().to_owned());
            owner.set(f.owner.clone());
            action.set(f.action.clone());
            review.set(f.review.to_string());
            closed.set(f.closed);
        } else if new {
            [who, what, chance, impact, action]
                .iter()
                .for_each(|s| s.set(String::new()));
            code.set(ws.peek(|b| {
                b.about()
                    .map_or(String::new(), |a| a.currency.code().to_owned())
            }));
            owner.set(crate::workspace::actor());
            review.set(ws.today_untracked().plus(30).to_string());
            closed.set(false);
        }
        open.set(new || known.is_some());
    });
    let customer = move |text: &str| -> Option<CustomerId> {
        let text = text.trim().to_lowercase();
        ws.peek(|b| {
            let exact = |id: &CustomerId| {
                b.customer(*id)
                    .is_some_and(|c| c.number.to_lowercase() == text)
            };
            let like = |id: &CustomerId| {
                b.customer_facts(*id)
                    .is_some_and(|f| !text.is_empty() && f.name.to_lowercase().contains(&text))
            };
            b.customer_ids()
                .find(exact)
                .or_else(|| b.customer_ids().find(like))
        })
    };
    let found = Signal::derive(move || {
        let id = who.with(|w| customer(w));
        Some(id.map_or("Number, or part of the name".to_owned(), |id| {
            ws.peek(|b| wording::name(b, id))
        }))
    });
    let entry = move || -> Result<NewRisk, String> {
        let today = ws.today_untracked();
        let id = customer(&who.get()).ok_or("Say which customer.")?;
        let currency = Currency::from_code(code.get().trim().to_ascii_uppercase().as_str())
            .ok_or("Three letters of a currency.")?;
        let style = duebook_money::amount::Style::POINT;
        let per_mille =
            duebook_money::amount::parse_plain(chance.get().trim().as_bytes(), 1, style).ok();
        let per_mille = per_mille
            .and_then(|p| u16::try_from(p).ok())
            .filter(|p| *p <= 1000)
            .ok_or("The chance is a percentage from 0 to 100.")?;
        let minor = duebook_money::amount::parse_plain(
            impact.get().trim().as_bytes(),
            currency.exponent(),
            style,
        )
        .ok();
        let entry = NewRisk {
            risk: editing.get().map(|(key, _)| key),
            customer: ws
                .peek(|b| b.customer_key(id))
                .ok_or("Say which customer.")?,
            what: what.get(),
            per_mille,
            impact: minor
                .filter(|m| *m >= 0)
                .ok_or("The impact is not an amount.")?,
            currency,
            owner: owner.get(),
            action: action.get(),
            review: typed_day(&review.get(), today).ok_or("The day of review cannot be read.")?,
            closed: closed.get(),
        };
        match [&entry.what, &entry.owner, &entry.action]
            .iter()
            .all(|t| !t.trim().is_empty())
        {
            true => Ok(entry),
            false => {
                Err("What may happen, who looks after it, what is done: all three.".to_owned())
            }
        }
    };
    let refused = Signal::derive(move || entry().err());
    let save = move |()| {
        let Ok(entry) = untrack(entry) else { return };
        ws.run(
            toasts,
            Command::Plan(PlanCommand::SetRisk(entry)),
            NewTexts::default(),
            "Risk register saved".to_owned(),
            closes(open),
        );
    };
    view! {
        <Dialog open=open title="Entry of the risk register" on_close=move |()| { new_risk.set(false); editing.set(None); }
            actions=move || view! { <Button label="Save the entry" kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <TextField label="Customer" value=who hint=found />
            <TextField label="What may happen" value=what />
            <div class="form-row">
                <TextField label="Chance, %" value=chance />
                <AmountField label="What it would cost" currency=code value=impact />
                <TextField label="Currency" value=code />
            </div>
            <div class="form-row">
                <TextField label="Who looks after it" value=owner />
                <TextField label="What is done" value=action />
                <DateField label="Review on" value=review />
            </div>
            <Checkbox label="It is over" value=closed />
        </Dialog>
    }
}
