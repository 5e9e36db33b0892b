//! The control account's balance of the last day, and other days than a month.

use super::Page;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_ledger::Command;
use duebook_money::Day;
use duebook_money::amount::{Style, parse};
use leptos::prelude::*;

/// Gives the control account's balance.
#[component]
pub fn ControlDialog(page: Page) -> impl IntoView {
    let (amount, source) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        if !page.giving.get() {
            return;
        }
        let (currency, to) = untrack(|| (page.currency.get(), page.span.get().to));
        let known = page.ws.peek(|b| {
            let mut all = b.control_balances().filter(|(c, ..)| *c == currency);
            let given = all.find(|(_, day, ..)| *day == to);
            given
                .map(|(_, _, minor, from)| (Some(minor), from.to_owned()))
                .or_else(|| {
                    let last = b.control_balances().filter(|(c, ..)| *c == currency).last();
                    last.map(|(_, _, _, from)| (None, from.to_owned()))
                })
        });
        let (minor, from) = known.unwrap_or_default();
        amount.set(minor.map_or(String::new(), |m| words::amount(m, currency)));
        source.set(from);
    });
    let code = Signal::derive(move || page.currency.get().code().to_owned());
    let minor = move || {
        let currency = page.currency.get();
        amount.with(|a| {
            parse(a.trim(), Style::POINT)
                .ok()?
                .minor(currency.exponent())
                .ok()
        })
    };
    let refused = Signal::derive(move || {
        if minor().is_none() {
            Some("An amount such as 1,234.56.".to_owned())
        } else if source.with(|s| s.trim().is_empty()) {
            Some("Say where the figure is from, such as “GL 140000, trial balance”.".to_owned())
        } else {
            None
        }
    });
    let save = move |()| {
        let Some(minor) = untrack(minor) else { return };
        let (currency, as_of) = (page.currency.get_untracked(), page.span.get_untracked().to);
        let command = Command::SetControlBalance {
            currency,
            as_of,
            minor,
            source: source.get_untracked(),
        };
        let done = format!(
            "Control balance of {}: {}",
            words::day(as_of),
            words::money(minor, currency)
        );
        page.ws.run(
            page.toasts,
            command,
            NewTexts::default(),
            done,
            move |saved| {
                if saved.is_some() {
                    let _ = page.giving.try_set(false);
                }
            },
        );
    };
    let title =
        Signal::derive(move || format!("Control account on {}", words::day(page.span.get().to)));
    view! {
        <Dialog
            open=page.giving
            title=title
            actions=move || view! { <Button label="Save the balance" kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <p class="muted">"What the general ledger says all receivables of this currency come to at the end of that day."</p>
            <div class="form-row">
                <AmountField label="Balance" currency=code value=amount />
                <TextField label="From" value=source hint=Some("Such as “GL 140000, trial balance”.".to_owned()) />
            </div>
        </Dialog>
    }
}

/// Other days than a month.
#[component]
pub fn DaysDialog(page: Page, ask: Callback<Option<String>>) -> impl IntoView {
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        if page.days.get() {
            let span = page.span.get_untracked();
            from.set(span.from.to_string());
            to.set(span.to.to_string());
        }
    });
    let day = |text: RwSignal<String>| -> Option<Day> {
        text.with(|t| duebook_money::date::parse_iso_bytes(t.trim().as_bytes()))
    };
    let refused = Signal::derive(move || match (day(from), day(to)) {
        (Some(a), Some(b)) if a <= b => None,
        (Some(_), Some(_)) => Some("The first day is after the last.".to_owned()),
        _ => Some("Two dates, such as 2026-03-01 and 2026-03-31.".to_owned()),
    });
    let show = move |()| {
        if let (Some(a), Some(b)) = untrack(|| (day(from), day(to))) {
            ask.run(Some(format!("{a}..{b}")));
            page.days.set(false);
        }
    };
    view! {
        <Dialog
            open=page.days
            title="Other days"
            actions=move || view! { <Button label="Show" kind=ButtonKind::Primary refused=refused on_press=show /> }
        >
            <div class="form-row">
                <DateField label="First day" value=from />
                <DateField label="Last day" value=to />
            </div>
        </Dialog>
    }
}
