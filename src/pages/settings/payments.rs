//! What may be let go with a payment (CA-07): the stricter of the user's and the customer's limit.

use super::save::{self, Section};
use super::tolerances::CustomerLimits;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::cash::{CashPolicy, ToleranceLimit};
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Per cent as typed, in millionths; empty is nothing.
pub(super) fn ppm(text: &str) -> Option<u32> {
    let text = text.trim().replace(',', ".");
    if text.is_empty() {
        return Some(0);
    }
    let percent = Decimal::from_str_exact(&text).ok()?;
    let ppm = percent.checked_mul(Decimal::from(10_000))?.normalize();
    let whole = (ppm.scale() == 0).then_some(ppm)?.to_u32()?;
    (whole <= 1_000_000).then_some(whole)
}

pub(super) fn percent(ppm: u32) -> String {
    Decimal::new(i64::from(ppm), 4).normalize().to_string()
}

/// Tolerance, discount grace, tax withheld.
#[component]
pub fn Payments() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let own = ws.peek(|b| {
        b.about()
            .map_or(duebook_money::Currency::XXX, |a| a.currency)
    });
    let code = RwSignal::new(own.code().to_owned());
    let (absolute, share) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (grace, rates) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().cash.clone()));
    let currency = move || code.with(|c| save::currency(c));
    Effect::new(move |_| {
        let p = in_force.get();
        let limit = currency().map_or(ToleranceLimit::default(), |c| p.limit(c));
        absolute.set(currency().map_or(String::new(), |c| words::amount(limit.absolute, c)));
        share.set(percent(limit.share_ppm));
        grace.set(p.discount_grace_days.to_string());
        let all: Vec<String> = p.withholding_ppm.iter().map(|r| percent(*r)).collect();
        rates.set(all.join(", "));
    });
    let minor = move || {
        let currency = currency()?;
        let minor = absolute.with(|a| words::typed(a, currency))?;
        (minor >= 0).then_some(minor)
    };
    let withheld = move || -> Option<Vec<u32>> {
        rates.with(|r| {
            let each = r.split([',', ';', ' ']).filter(|p| !p.trim().is_empty());
            each.map(|p| ppm(p).filter(|p| *p > 0)).collect()
        })
    };
    let days = move || {
        grace
            .with(|g| g.trim().parse::<u16>().ok())
            .filter(|d| *d <= 366)
    };
    let code_error = Signal::derive(move || code.with(|c| save::currency_error(c)));
    let amount_error = Signal::derive(move || {
        minor()
            .is_none()
            .then(|| "An amount such as 5.00, not below zero.".to_owned())
    });
    let share_error = Signal::derive(move || {
        share
            .with(|s| ppm(s))
            .is_none()
            .then(|| "Per cent from 0 to 100.".to_owned())
    });
    let grace_error =
        Signal::derive(move || days().is_none().then(|| "Days from 0 to 366.".to_owned()));
    let rates_error = Signal::derive(move || {
        withheld()
            .is_none()
            .then(|| "Per cent, such as 2, 10.".to_owned())
    });
    let refused = Signal::derive(move || {
        let errors = [
            code_error,
            amount_error,
            share_error,
            grace_error,
            rates_error,
        ];
        errors.into_iter().find_map(|e| e.get())
    });
    let save = move |()| {
        let found = untrack(|| {
            (
                currency(),
                minor(),
                share.with(|s| ppm(s)),
                days(),
                withheld(),
            )
        });
        let (Some(currency), Some(absolute), Some(share_ppm), Some(grace), Some(rates)) = found
        else {
            return;
        };
        let mut policy: CashPolicy = in_force.get_untracked();
        policy.limits.retain(|(c, _)| *c != currency);
        policy.limits.push((
            currency,
            ToleranceLimit {
                absolute,
                share_ppm,
            },
        ));
        policy.discount_grace_days = grace;
        policy.withholding_ppm = rates;
        save::policies(
            ws,
            toasts,
            vec![PolicyChange::Cash(policy)],
            "Payment rules saved",
        );
    };
    view! {
        <Section id="payments" title="Payments">
            <p class="muted">"A difference within both limits may be let go with a payment, and is told as small differences of its month under Reconcile. Nothing is let go silently: it stands in the proposal before it is accepted."</p>
            <div class="form-row">
                <TextField label="Limits for currency" value=code error=code_error />
                <AmountField label="At most" currency=code value=absolute error=amount_error />
                <TextField label="And at most, per cent" value=share error=share_error hint=Some("Of the item’s open amount.".to_owned()) />
            </div>
            <div class="form-row">
                <TextField label="Days a discount is accepted late" value=grace error=grace_error />
                <TextField label="Rates of tax withheld, per cent" value=rates error=rates_error hint=Some("Such as 2, 10: payers keep it of the amount without tax.".to_owned()) />
            </div>
            <p class="button-row"><Button label="Save the payment rules" refused=refused on_press=save /></p>
            <CustomerLimits />
        </Section>
    }
}
