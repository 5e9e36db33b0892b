//! Aging: bucket edges, basis, credits.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::facts::CreditMode;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::{Basis, BucketError, Buckets};
use leptos::prelude::*;

/// The form.
#[component]
pub fn AgingRules() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| {
        ws.read(|b| {
            (
                b.policies().buckets.clone(),
                b.policies().basis,
                b.policies().credits,
            )
        })
    });
    let (edges, basis, credits) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    Effect::new(move |_| {
        let (b, from, mode) = in_force.get();
        edges.set(text_of(&b));
        basis.set(
            if from == Basis::InvoiceDate {
                "date"
            } else {
                "due"
            }
            .to_owned(),
        );
        credits.set(
            match mode {
                CreditMode::Separate => "separate",
                CreditMode::Aged => "aged",
                CreditMode::NetOldest => "net",
            }
            .to_owned(),
        );
    });
    let from = move || {
        if basis.with(|b| b == "date") {
            Basis::InvoiceDate
        } else {
            Basis::DueDate
        }
    };
    let read = Memo::new(move |_| edges.with(|e| buckets(e, from())));
    let error = Signal::derive(move || read.with(|r| r.as_ref().err().cloned()));
    let save = move |()| {
        let Ok(buckets) = read.get_untracked() else {
            return;
        };
        let mode = match credits.get_untracked().as_str() {
            "aged" => CreditMode::Aged,
            "net" => CreditMode::NetOldest,
            _ => CreditMode::Separate,
        };
        let basis = buckets.basis();
        let changes = vec![
            PolicyChange::Buckets(buckets),
            PolicyChange::Basis(basis),
            PolicyChange::Credits(mode),
        ];
        save::policies(ws, toasts, changes, "Aging rules saved");
    };
    view! {
        <Section id="aging" title="Aging">
            <div class="form-row">
                <TextField
                    label="Last day of each bucket"
                    value=edges
                    error=error
                    hint=Some("Days, rising, with a comma between them. One open bucket follows the last.".to_owned())
                />
                <SelectField label="Age counts from" value=basis choices=vec![
                    Choice::new("due", "Due date: days past due"), Choice::new("date", "Document date: age of the debt"),
                ] />
                <SelectField label="Credits" value=credits choices=vec![
                    Choice::new("separate", "In columns of their own"), Choice::new("aged", "By their own date"), Choice::new("net", "Against the oldest debt"),
                ] />
            </div>
            <p class="bucket-preview">
                {move || read.with(|r| r.as_ref().map(Buckets::labels).unwrap_or_default())
                    .into_iter().map(|l| view! { <Chip text=l /> }).collect_view()}
            </p>
            <p class="button-row"><Button label="Save the aging rules" refused=error on_press=save /></p>
        </Section>
    }
}

fn text_of(buckets: &Buckets) -> String {
    buckets
        .edges()
        .iter()
        .map(i32::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The edges as typed.
fn buckets(text: &str, basis: Basis) -> Result<Buckets, String> {
    let parts = text
        .split([',', ';', ' '])
        .map(str::trim)
        .filter(|p| !p.is_empty());
    let edges: Vec<i32> = parts
        .map(|p| {
            p.parse()
                .map_err(|_| format!("“{p}” is not a number of days."))
        })
        .collect::<Result<_, String>>()?;
    Buckets::new(basis, edges).map_err(|e| match e {
        BucketError::NoEdges => "Give at least one day, such as 0, 30, 60, 90, 120.".to_owned(),
        BucketError::TooMany { edges } => format!("{edges} edges do not fit a report: 24 at most."),
        BucketError::NotRising { previous, edge, .. } => {
            format!("{edge} does not come after {previous}: the buckets would overlap or be empty.")
        }
        BucketError::SpansDueDay { .. } => {
            "One bucket must end on day 0: without it one would mix what is due with what is late."
                .to_owned()
        }
        BucketError::NegativeAge { edge } => {
            format!("By document date ages begin at 0: {edge} comes before that.")
        }
    })
}
