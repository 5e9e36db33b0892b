//! Our own standing as a supplier in India (IN-01): by it the interest of the MSMED Act can be asserted
//! or not.

use super::save;
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_money::amount::{Style, parse_plain};
use duebook_policy::msme::{Size, Supplier, size_on};
use leptos::prelude::*;

/// The form.
#[component]
pub fn OwnStanding() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let policy = Memo::new(move |_| ws.read(|b| b.policies().recovery.clone()));
    let text = || RwSignal::new(String::new());
    let (investment, turnover, udyam, on) = (text(), text(), text(), text());
    Effect::new(move |_| {
        if let Some(s) = policy.with(|p| p.supplier.clone()) {
            // Whole rupees: the limits are in crores.
            investment.set((s.investment / 100).to_string());
            turnover.set((s.turnover / 100).to_string());
            udyam.set(s.udyam);
            on.set(s.registered_on.map_or(String::new(), |d| d.to_string()));
        }
    });
    let rupees = |text: RwSignal<String>| {
        let typed = text.get();
        let paise = parse_plain(typed.trim().as_bytes(), 2, Style::POINT).ok();
        paise.filter(|p| *p >= 0)
    };
    let typed = move || {
        let day = on.get();
        let registered_on = match day.trim().is_empty() {
            true => None,
            false => Some(save::day(&day).ok_or("The day of registration cannot be read.")?),
        };
        Ok::<Supplier, &str>(Supplier {
            investment: rupees(investment).ok_or("Say the investment in rupees.")?,
            turnover: rupees(turnover).ok_or("Say the turnover in rupees.")?,
            udyam: udyam.get().trim().to_owned(),
            registered_on,
        })
    };
    let size = move || {
        let of = typed().ok()?;
        let size = size_on(ws.today(), of.investment, of.turnover)?;
        let name = match size {
            Size::Micro => "a micro enterprise",
            Size::Small => "a small enterprise",
            Size::Medium => "a medium enterprise: the Act’s interest is not for you",
            Size::Large => "larger than a medium enterprise: the Act’s interest is not for you",
        };
        Some(format!("By these figures you are {name}."))
    };
    let refused = Signal::derive(move || typed().err().map(str::to_owned));
    let keep = move |()| {
        if let Ok(supplier) = untrack(typed) {
            let mut next = policy.get_untracked();
            next.supplier = Some(supplier);
            let change = vec![PolicyChange::Recovery(Box::new(next))];
            save::policies(ws, toasts, change, "Your standing in India saved");
        }
    };
    let hint = |text: &str| Signal::stored(Some(text.to_owned()));
    view! {
        <details class="settings-more">
            <summary>"Your own standing in India"</summary>
            <p class="muted">"Interest under the MSMED Act is for micro and small enterprises with a Udyam registration. Limits from 1 April 2025: investment 2.5 and turnover 10 crore, 25 and 100 crore; both must hold. Check it before it is asserted."</p>
            <div class="form-row">
                <TextField label="Investment, rupees" value=investment />
                <TextField label="Turnover a year, rupees" value=turnover />
                <TextField label="Udyam registration" value=udyam optional=true />
                <DateField label="Registered on" value=on optional=true hint=hint("Documents before that day are not asserted under the Act.") />
            </div>
            {move || size().map(|s| view! { <p role="status">{s}</p> })}
            <p class="button-row"><Button label="Save your standing" refused=refused on_press=keep /></p>
        </details>
    }
}
