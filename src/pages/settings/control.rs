//! Balances of the control account, against which the book must tie out.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_ledger::Command;
use leptos::prelude::*;

/// The balances given, and the form for another.
#[component]
pub fn Control() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let given = Memo::new(move |_| {
        ws.read(|b| {
            let mut all: Vec<_> = b
                .control_balances()
                .map(|(c, d, minor, from)| (c, d, minor, from.to_owned()))
                .collect();
            duebook_money::order::sort_by(&mut all, |a, b| (b.1, a.0).cmp(&(a.1, b.0)));
            all
        })
    });
    let reporting = ws
        .peek(|b| b.about().map_or("", |a| a.currency.code()))
        .to_owned();
    let code = RwSignal::new(reporting);
    let day = RwSignal::new(ws.today_untracked().to_string());
    let (amount, source) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let minor = move || {
        let currency = code.with(|c| save::currency(c))?;
        amount.with(|a| words::typed(a, currency))
    };
    let code_error = Signal::derive(move || {
        if tried.get() {
            code.with(|c| save::currency_error(c))
        } else {
            None
        }
    });
    let day_error = Signal::derive(move || {
        if tried.get() {
            day.with(|d| save::day_error(d))
        } else {
            None
        }
    });
    let amount_error = Signal::derive(move || {
        (tried.get() && minor().is_none()).then(|| {
            "An amount such as 1,234.56, with no more decimals than its currency has.".to_owned()
        })
    });
    let source_error = Signal::derive(move || {
        (tried.get() && source.with(|s| s.trim().is_empty()))
            .then(|| "Say where the figure is from, such as “GL 140000, trial balance”.".to_owned())
    });
    let add = move |()| {
        tried.set(true);
        let found = untrack(|| {
            (
                code.with(|c| save::currency(c)),
                day.with(|d| save::day(d)),
                minor(),
            )
        });
        let from = source.get_untracked().trim().to_owned();
        let ((Some(currency), Some(as_of), Some(minor)), false) = (found, from.is_empty()) else {
            return;
        };
        let command = Command::SetControlBalance {
            currency,
            as_of,
            minor,
            source: from,
        };
        save::commands(
            ws,
            toasts,
            vec![command],
            format!("Control balance saved: {}", words::money(minor, currency)),
        );
        tried.set(false);
        amount.set(String::new());
    };
    view! {
        <Section id="control" title="Control balances">
            <p class="muted">"What the general ledger says all receivables come to. A report of that date and currency either ties out to it or says UNRECONCILED."</p>
            <Show when=move || given.with(|g| !g.is_empty())>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Control balances">
                    <table class="plain-table">
                        <thead><tr><th scope="col">"As of"</th><th scope="col" class="num">"Balance"</th><th scope="col">"From"</th></tr></thead>
                        <tbody>
                            <For each=move || given.get() key=|g| g.clone() let:balance>
                                <tr>
                                    <td>{words::day(balance.1)}</td>
                                    <td class="num">{words::money(balance.2, balance.0)}</td>
                                    <td>{balance.3.clone()}</td>
                                </tr>
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
            <div class="form-row">
                <TextField label="Currency" value=code error=code_error />
                <DateField label="As of" value=day error=day_error />
                <AmountField label="Balance" currency=code value=amount error=amount_error />
                <TextField label="From" value=source error=source_error />
            </div>
            <p class="button-row"><Button label="Save the balance" on_press=add /></p>
        </Section>
    }
}
