//! Every field, at rest and refused.

use super::super::prelude::*;
use leptos::prelude::*;

fn text(value: &str) -> RwSignal<String> {
    RwSignal::new(value.to_owned())
}

fn note(text: &str) -> Signal<Option<String>> {
    Signal::stored(Some(text.to_owned()))
}

#[component]
pub(super) fn Forms() -> impl IntoView {
    let toasts = use_toasts();
    let checked = RwSignal::new(false);
    let errors = Memo::new(move |_| {
        if !checked.get() {
            return Vec::new();
        }
        let error = |field: &str, text: &str| FieldError {
            field: field.to_owned(),
            text: text.to_owned(),
        };
        vec![
            error("promise-amount", "More than is open: 48,200.00 at most."),
            error(
                "promise-date",
                "28 Nov 2026 is a Saturday: take Fri 27 or Mon 30.",
            ),
        ]
    });
    let error_of = move |field: &'static str| {
        Signal::derive(move || {
            errors.with(|e| e.iter().find(|e| e.field == field).map(|e| e.text.clone()))
        })
    };
    let (basis, kind, outcome) = (text("due"), text("open"), text("promise"));
    let date = text("28 nov");
    let echo = Signal::derive(move || {
        date.with(|d| (d == "28 nov").then(|| "Sat 28 Nov 2026".to_owned()))
    });
    let on_files = move |files: Vec<web_sys::File>| {
        let names: Vec<String> = files.iter().map(web_sys::File::name).collect();
        toasts.done(format!("Read {}", names.join(", ")));
    };
    view! {
        <PageHead title="Forms" facts="errors all at once, each at its field" />
        <div class="page-body page-narrow">
            <ErrorSummary errors=errors />
            <Segmented
                label="Outcome"
                tiles=true
                value=outcome
                choices=vec![
                    Choice::new("promise", "Promise").keys("p"),
                    Choice::new("paid", "Paid claim").keys("i"),
                    Choice::new("dispute", "Dispute").keys("d"),
                    Choice::new("query", "Query").keys("q"),
                    Choice::new("none", "No answer").keys("1"),
                    Choice::new("voicemail", "Voicemail").keys("2"),
                ]
            />
            <div class="split-2">
                <AmountField
                    id="promise-amount"
                    label="Amount"
                    currency="USD"
                    value=text("57,060.00")
                    error=error_of("promise-amount")
                />
                <DateField
                    id="promise-date"
                    label="By"
                    value=date
                    echo=echo
                    error=error_of("promise-date")
                />
                <TextField label="Who" value=text("Maria Delgado, AP") />
                <SelectField
                    label="How"
                    value=text("ach")
                    choices=vec![
                        Choice::new("wire", "Wire"),
                        Choice::new("ach", "ACH"),
                        Choice::new("cheque", "Cheque"),
                    ]
                />
            </div>
            <TextArea
                label="Note"
                value=text("20,000 confirmed in today's run.")
                hint=note("Kept with the call; can be erased later without touching the figures.")
                optional=true
            />
            <Segmented
                label="Age by"
                value=basis
                choices=vec![Choice::new("due", "Due date"), Choice::new("invoice", "Invoice date")]
            />
            <RadioGroup
                label="What this file holds"
                value=kind
                choices=vec![
                    Choice::new("open", "Open items"),
                    Choice::new("customers", "Customers and contacts"),
                    Choice::new("cleared", "Cleared items or payments"),
                ]
                hint=note("Only these rows are touched.")
            />
            <Checkbox label="Single keys act on the row" value=RwSignal::new(true) />
            <SearchField label="Filter the list" value=text("") keys="/" />
            <FileDrop
                label="Choose files…"
                hint=Signal::stored("or drop them anywhere on this page".to_owned())
                on_files=on_files
            />
            <div class="row">
                <Button
                    label="Record promise of 57,060.00"
                    kind=ButtonKind::Primary
                    on_press=move |()| checked.set(true)
                />
                <Button label="Clear errors" on_press=move |()| checked.set(false) />
            </div>
        </div>
    }
}
