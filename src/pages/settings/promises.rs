//! How promises are judged.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::PromisePolicy;
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Grace, threshold, unapplied money.
#[component]
pub fn Promises() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().promises));
    let (grace, share) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let unapplied = RwSignal::new(false);
    Effect::new(move |_| {
        let p = in_force.get();
        grace.set(p.grace_days.to_string());
        share.set(
            Decimal::new(i64::from(p.threshold_per_mille), 1)
                .normalize()
                .to_string(),
        );
        unapplied.set(p.count_unapplied);
    });
    let days = move || {
        grace
            .with(|g| g.trim().parse::<u16>().ok())
            .filter(|d| *d <= 366)
    };
    let grace_error = Signal::derive(move || {
        days()
            .is_none()
            .then(|| "Days from 0 to 366: more than a year of grace is no promise.".to_owned())
    });
    let per_mille = move || share.with(|s| per_mille(s));
    let share_error = Signal::derive(move || {
        per_mille()
            .is_none()
            .then(|| "Per cent from 0.1 to 100, with one decimal at most.".to_owned())
    });
    let refused = Signal::derive(move || grace_error.get().or_else(|| share_error.get()));
    let save = move |()| {
        let (Some(grace_days), Some(threshold_per_mille)) = untrack(|| (days(), per_mille()))
        else {
            return;
        };
        let policy = PromisePolicy {
            grace_days,
            threshold_per_mille,
            count_unapplied: unapplied.get_untracked(),
        };
        save::policies(
            ws,
            toasts,
            vec![PolicyChange::Promises(policy)],
            "Promise rules saved",
        );
    };
    view! {
        <Section id="promises" title="Promises">
            <div class="form-row">
                <TextField label="Days of grace" value=grace error=grace_error hint=Some("Calendar days after the promised day on which money still counts.".to_owned()) />
                <TextField label="Kept from, per cent" value=share error=share_error hint=Some("Paid at least this share of the promise keeps it.".to_owned()) />
            </div>
            <Checkbox label="Count money that is not applied yet" value=unapplied />
            <p class="muted">"A promise is judged by the rules in force when it was made."</p>
            <p class="button-row"><Button label="Save the promise rules" refused=refused on_press=save /></p>
        </Section>
    }
}

fn per_mille(text: &str) -> Option<u16> {
    let percent = Decimal::from_str_exact(&text.trim().replace(',', ".")).ok()?;
    let per_mille = percent.checked_mul(Decimal::TEN)?.normalize();
    let whole = (per_mille.scale() == 0).then_some(per_mille)?.to_u16()?;
    (1..=1000).contains(&whole).then_some(whole)
}
