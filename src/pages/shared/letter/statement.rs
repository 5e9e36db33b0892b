//! "Send statement" on an account.

use super::dialog::LetterDialog;
use super::make::statement;
use crate::pages::shared::account::Account;
use crate::pages::shared::is_page_key;
use crate::ui::prelude::*;
use duebook_money::{Day, date};
use leptos::prelude::*;

/// The button, its key `t`, and the dialog.
#[component]
pub fn SendStatement(account: Account) -> impl IntoView {
    let letter = RwSignal::new(None);
    let form = RwSignal::new("open".to_owned());
    let from = RwSignal::new(String::new());
    let day = move || date::parse_iso_bytes(from.get().trim().as_bytes());
    let from_error = Signal::derive(move || {
        let today = account.ws.today();
        match day() {
            None => Some("A date, such as 2026-03-31.".to_owned()),
            Some(d) if d > today => Some("A day that has been.".to_owned()),
            Some(_) => None,
        }
    });
    let make = move |since: Option<Day>| {
        let made = statement(account.ws, account.customer, since);
        if made.is_none() {
            account
                .toasts
                .error("There is no template “statement”: add one under Letters, Templates.");
        }
        letter.set(made);
    };
    let open = move |()| {
        let (y, m, d) = account
            .ws
            .today_untracked()
            .month_start()
            .plus(-1)
            .month_start()
            .ymd();
        from.set(format!("{y:04}-{m:02}-{d:02}"));
        form.set("open".to_owned());
        make(None);
    };
    // Another form is another letter.
    Effect::new(move |before: Option<(bool, Option<Day>)>| {
        let forward = form.with(|f| f == "forward");
        let day = day().filter(|_| forward && from_error.with(Option::is_none));
        let now = (forward, day);
        if before.is_some_and(|b| b != now)
            && letter.with_untracked(Option::is_some)
            && forward == day.is_some()
        {
            make(day);
        }
        now
    });
    let refused = account.refused();
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if is_page_key(&event) && event.key() == "t" && refused.with_untracked(Option::is_none) {
            event.prevent_default();
            open(());
        }
    });
    on_cleanup(move || listener.remove());
    let forms = Signal::stored(vec![
        Choice::new("open", "Open items"),
        Choice::new("forward", "Balance forward"),
    ]);
    let before = move || {
        view! {
            <div class="form-row letter-form">
                <Segmented label="Statement of" choices=forms value=form bare=true />
                <Show when=move || form.with(|f| f == "forward")>
                    <TextField label="From" value=from error=from_error />
                </Show>
            </div>
        }
    };
    view! {
        <Button label="Send statement" keys="t" kind=ButtonKind::Quiet refused=refused on_press=open />
        <LetterDialog letter=letter before=before />
    }
}
