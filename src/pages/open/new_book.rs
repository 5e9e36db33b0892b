//! A new, empty book.

use crate::ui::prelude::*;
use crate::workspace::NewBook;
use duebook_money::Currency;
use leptos::prelude::*;

/// Asks for name and currency.
#[component]
pub fn NewBookDialog(
    open: RwSignal<bool>,
    #[prop(into)] on_make: Callback<NewBook>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let currency = RwSignal::new("USD".to_owned());
    let own = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let name_error = Signal::derive(move || {
        (tried.get() && name.with(|n| n.trim().is_empty()))
            .then(|| "Give the book a name, such as the client’s.".to_owned())
    });
    let currency_error = Signal::derive(move || {
        let unknown = currency.with(|c| Currency::from_code(c).is_none());
        (tried.get() && unknown)
            .then(|| "Three letters of a currency, such as USD, EUR or INR.".to_owned())
    });
    let make = move |()| {
        tried.set(true);
        let code = Currency::from_code(&currency.get_untracked());
        if let (Some(currency), false) = (code, name.with_untracked(|n| n.trim().is_empty())) {
            open.set(false);
            let name = name.get_untracked();
            on_make.run(NewBook {
                name,
                currency,
                own_ledger: own.get_untracked(),
                sample: false,
            });
        }
    };
    view! {
        <Dialog
            open=open
            title="Begin an empty book"
            actions=move || view! {
                <Button label="Cancel" kind=ButtonKind::Quiet on_press=move |()| open.set(false) />
                <Button label="Begin the book" kind=ButtonKind::Primary on_press=make />
            }
        >
            <TextField label="Name" value=name error=name_error autofocus=true />
            <TextField label="Currency of reports" value=currency error=currency_error />
            <Checkbox
                label="We post this ledger ourselves"
                value=own
                hint=Some("Off: the book follows a client’s ERP, which issues the documents. On: you issue invoices and credit memos here.".to_owned())
            />
        </Dialog>
    }
}
