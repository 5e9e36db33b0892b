//! Rates to the currency of reports. A missing one refuses a grand total; it is never taken as 1.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::fx::rate_typed;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::{Rate, RateError};
use leptos::prelude::*;

/// The table and the form below it.
#[component]
pub fn Rates() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let table = Memo::new(move |_| ws.read(|b| b.policies().rates.clone()));
    let missing = Memo::new(move |_| {
        let today = ws.today();
        let used: Vec<_> = ws.figures(|_, derived| {
            derived
                .live()
                .map(|l| l.balances().totals().iter().map(|t| t.currency).collect())
                .unwrap_or_default()
        });
        table.with(|t| {
            used.into_iter()
                .filter(|c| *c != t.reporting() && t.rate(*c, today).is_err())
                .map(|c| c.code())
                .collect::<Vec<_>>()
        })
    });
    let reporting = move || table.with(|t| t.reporting().code());
    let code = RwSignal::new(String::new());
    let from = RwSignal::new(ws.today_untracked().to_string());
    let value = RwSignal::new(String::new());
    let source = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let code_error = Signal::derive(move || {
        let wrong = code.with(|c| save::currency_error(c));
        let own = code
            .with(|c| save::currency(c))
            .is_some_and(|c| c.code() == reporting());
        let own = own.then(|| "This is the currency of reports itself: its rate is 1.".to_owned());
        if tried.get() { wrong.or(own) } else { None }
    });
    let from_error = Signal::derive(move || {
        if tried.get() {
            from.with(|f| save::day_error(f))
        } else {
            None
        }
    });
    let value_error = Signal::derive(move || {
        (tried.get() && value.with(|v| rate_typed(v)).is_none())
            .then(|| "A number above zero, such as 1.0845.".to_owned())
    });
    let source_error = Signal::derive(move || {
        (tried.get() && source.with(|s| s.trim().is_empty())).then(|| {
            "Say where the rate is from, such as ECB. It stands beside every converted total."
                .to_owned()
        })
    });
    let add = move |()| {
        tried.set(true);
        let (currency, day) = (
            save::currency(&code.get_untracked()),
            save::day(&from.get_untracked()),
        );
        let (number, source) = (
            rate_typed(&value.get_untracked()),
            source.get_untracked().trim().to_owned(),
        );
        let (Some(currency), Some(from), Some(number), false) =
            (currency, day, number, source.is_empty())
        else {
            return;
        };
        let mut rates = table.get_untracked();
        match rates.replace(Rate {
            currency,
            from,
            value: number,
            source,
        }) {
            Ok(old) => {
                let done = if old.is_some() {
                    "Rate replaced"
                } else {
                    "Rate added"
                };
                save::policies(ws, toasts, vec![PolicyChange::Rates(rates)], done);
                tried.set(false);
                value.set(String::new());
            }
            // What the fields show already.
            Err(RateError::SameCurrency | RateError::NotPositive | RateError::Duplicate { .. }) => {
            }
        }
    };
    view! {
        <Section id="rates" title="Exchange rates">
            <p class="muted">{move || format!("One unit of a currency in {}, from a day on until a later rate. Without a rate there is no grand total.", reporting())}</p>
            <Show when=move || missing.with(|m| !m.is_empty())>
                <Callout tone=Tone::Warn title="Rates are missing">
                    {move || format!("The book has open items in {}, and no rate for today.", missing.with(|m| m.join(", ")))}
                </Callout>
            </Show>
            <Show when=move || table.with(|t| !t.rates().is_empty())>
                <div class="table-scroll settings-scroll" tabindex="0" role="region" aria-label="Rates">
                    <table class="plain-table">
                        <thead><tr>
                            <th scope="col">"Currency"</th><th scope="col">"From"</th><th scope="col" class="num">"Rate"</th><th scope="col">"Source"</th><th></th>
                        </tr></thead>
                        <tbody>
                            <For each=move || table.with(|t| t.rates().to_vec()) key=|r| format!("{r:?}") let:rate>
                                <RateRow rate on_change=move |r: Rate| {
                                    code.set(r.currency.code().to_owned());
                                    from.set(r.from.to_string());
                                    value.set(r.value.to_string());
                                    source.set(r.source);
                                } />
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            <div class="form-row">
                <TextField label="Currency" value=code error=code_error />
                <DateField label="From" value=from error=from_error />
                <TextField label="Rate" value=value error=value_error />
                <TextField label="Source" value=source error=source_error />
            </div>
            <p class="button-row">
                <Button label="Add or replace the rate" on_press=add />
            </p>
        </Section>
    }
}

#[component]
fn RateRow(rate: Rate, #[prop(into)] on_change: Callback<Rate>) -> impl IntoView {
    let (code, day) = (rate.currency.code(), words::day(rate.from));
    let (number, source) = (rate.value.to_string(), rate.source.clone());
    view! {
        <tr>
            <td>{code}</td>
            <td>{day}</td>
            <td class="num">{number}</td>
            <td>{source}</td>
            <td class="num"><Button label="Change" kind=ButtonKind::Quiet on_press=move |()| on_change.run(rate.clone()) /></td>
        </tr>
    }
}
