//! "Write" on an account: statement, copies of documents, the page that explains how we bill; a query
//! of theirs, a mail that came in, a hold on reminders.

use super::copies::{Attached, Copy, copies_of, letter_of};
use super::dialog::LetterDialog;
use super::incoming::Incoming;
use super::make::{before_claim, other, statement};
use crate::pages::shared::account::Account;
use crate::pages::shared::{is_page_key, on_text, use_go};
use crate::platform::clock;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_ledger::Command;
use duebook_ledger::letters::LettersCommand;
use duebook_letters::words::query;
use duebook_money::{Day, date};
use duebook_policy::letters::QueryKind;
use leptos::prelude::*;

/// The menu, its key `l`, and what it opens.
#[component]
pub fn WriteMenu(account: Account) -> impl IntoView {
    let letter = RwSignal::new(None);
    let form = RwSignal::new("open".to_owned());
    let from = RwSignal::new(String::new());
    let (holding, asking, taking) = (
        RwSignal::new(false),
        RwSignal::new(false),
        RwSignal::new(false),
    );
    // What the letter is: a statement has forms, copies have attachments.
    let is_statement = RwSignal::new(true);
    let copies = RwSignal::new(Vec::<Copy>::new());
    let day = move || date::parse_iso_bytes(from.get().trim().as_bytes());
    let from_error = Signal::derive(move || match day() {
        None => Some("A date, such as 2026-03-31.".to_owned()),
        Some(d) if d > account.ws.today() => Some("A day that has been.".to_owned()),
        Some(_) => None,
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
    let open = move || {
        let today = account.ws.today_untracked();
        let (y, m, d) = today.month_start().plus(-1).month_start().ymd();
        from.set(format!("{y:04}-{m:02}-{d:02}"));
        form.set("open".to_owned());
        is_statement.set(true);
        copies.set(Vec::new());
        make(None);
    };
    let send_copies = move || {
        let (items, found) = copies_of(account);
        if found.is_empty() {
            account.toasts.error(
                "No document is linked to these items: drop the PDFs on Letters, Documents.",
            );
            return;
        }
        is_statement.set(false);
        letter.set(letter_of(account.ws, account.customer, &items, &found));
        copies.set(found);
    };
    let terms = move || {
        is_statement.set(false);
        copies.set(Vec::new());
        letter.set(other(
            account.ws,
            account.customer,
            "terms",
            Some(&[]),
            Vec::new(),
        ));
    };
    let claim = move || {
        is_statement.set(false);
        copies.set(Vec::new());
        letter.set(before_claim(account.ws, account.customer));
    };
    // Another form is another letter.
    Effect::new(move |before: Option<(bool, Option<Day>)>| {
        let forward = form.with(|f| f == "forward");
        let day = day().filter(|_| forward && from_error.with(Option::is_none));
        let now = (forward, day);
        let asked = before.is_some_and(|b| b != now) && forward == day.is_some();
        if asked && letter.with_untracked(Option::is_some) && is_statement.get_untracked() {
            make(day);
        }
        now
    });
    let refused = account.refused();
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if is_page_key(&event) && event.key() == "l" && refused.with_untracked(Option::is_none) {
            event.prevent_default();
            open();
        }
    });
    on_cleanup(move || listener.remove());
    let go = use_go();
    let beside = Callback::new(move |()| {
        if let Some(key) = account.ws.peek(|b| b.customer_key(account.customer)) {
            let of = String::from(js_sys::encode_uri_component(&on_text(&key)));
            let page = format!("reconcile?show=theirs&of={of}");
            go.run(crate::app::href(account.ws, &page));
        }
    });
    let items = Signal::derive_local(move || {
        let why = refused.get();
        let held = held(account);
        let hold = match &held {
            Some((_, until)) => MenuItem::new(
                format!(
                    "Let reminders go again (on hold until {})",
                    words::day(*until)
                ),
                Callback::new(move |()| release(account)),
            ),
            None => MenuItem::new("Hold reminders", Callback::new(move |()| holding.set(true))),
        };
        vec![
            MenuItem::new("Send a statement", Callback::new(move |()| open()))
                .keys("l")
                .refused(why.clone()),
            MenuItem::new(
                "Send copies of documents",
                Callback::new(move |()| send_copies()),
            )
            .refused(why.clone()),
            MenuItem::new("Explain how we bill", Callback::new(move |()| terms()))
                .refused(why.clone()),
            MenuItem::new("Letter before claim", Callback::new(move |()| claim()))
                .refused(why.clone()),
            MenuItem::new(
                "New query of theirs",
                Callback::new(move |()| asking.set(true)),
            )
            .refused(why.clone()),
            MenuItem::new(
                "File a mail that came in",
                Callback::new(move |()| taking.set(true)),
            )
            .refused(why.clone()),
            hold.refused(why),
            MenuItem::new("Compare with their ledger", beside).icon(Icon::Swap),
        ]
    });
    let forms = Signal::stored(vec![
        Choice::new("open", "Open items"),
        Choice::new("forward", "Balance forward"),
    ]);
    let before = move || {
        view! {
            <Show when=move || is_statement.get()>
                <div class="form-row letter-form">
                    <Segmented label="Statement of" choices=forms value=form bare=true />
                    <Show when=move || form.with(|f| f == "forward")>
                        <TextField label="From" value=from error=from_error />
                    </Show>
                </div>
            </Show>
            <Show when=move || copies.with(|c| !c.is_empty())>
                <Attached letter copies />
            </Show>
        }
    };
    view! {
        <Menu label="Write" icon=Icon::Mail kind=ButtonKind::Quiet items=items />
        <LetterDialog letter=letter before=before />
        <Hold account open=holding />
        <Query account open=asking />
        <Incoming account open=taking />
    }
}

/// The hold on a customer's reminders today, and its last day.
fn held(account: Account) -> Option<(duebook_ledger::keys::FactKey, Day)> {
    let today = account.ws.today();
    account.ws.read(|b| {
        b.hold_on(account.customer, today)
            .map(|h| (h.key, h.fact.until))
    })
}

fn release(account: Account) {
    let Some((hold, _)) = untrack(|| held(account)) else {
        return;
    };
    let command = Command::Letters(LettersCommand::EndHold { hold });
    let done = format!(
        "Reminders to {} may go again: Letters shows what would go first",
        account.name()
    );
    account
        .ws
        .run(account.toasts, command, NewTexts::default(), done, |_| {});
}

/// A hold: a reason and a last day, always.
#[component]
fn Hold(account: Account, open: RwSignal<bool>) -> impl IntoView {
    let (reason, until) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        if open.get() {
            reason.set(String::new());
            let (y, m, d) = account.ws.today_untracked().plus(14).ymd();
            until.set(format!("{y:04}-{m:02}-{d:02}"));
        }
    });
    let day = move || date::parse_iso_bytes(until.get().trim().as_bytes());
    let day_error = Signal::derive(move || match day() {
        None => Some("A date, such as 2026-03-31.".to_owned()),
        Some(d) if d < account.ws.today() => Some("Today or later.".to_owned()),
        Some(_) => None,
    });
    let refused = Signal::derive(move || {
        let no_reason = reason.with(|r| r.trim().is_empty());
        no_reason
            .then(|| "A hold has a reason.".to_owned())
            .or_else(|| day_error.get())
    });
    let save = move || {
        if refused.with_untracked(Option::is_some) {
            return;
        }
        let Some(until) = untrack(day) else { return };
        let command = Command::Letters(LettersCommand::SetHold {
            customer: account.key(),
            reason: reason.get_untracked(),
            until,
        });
        let done = format!(
            "Reminders to {} held until {}",
            account.name(),
            words::day(until)
        );
        account.ws.run(
            account.toasts,
            command,
            NewTexts::default(),
            done,
            closes(open),
        );
    };
    let actions = move || view! { <Button label="Hold reminders" kind=ButtonKind::Primary refused=refused on_press=move |()| save() /> };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Hold reminders: {}", account.name())) actions=actions>
            <form on:submit=move |event| {
                event.prevent_default();
                save();
            }>
                <TextField label="Reason" value=reason autofocus=true />
                <TextField label="Last day" value=until error=day_error hint=Some("Reminders go again the day after, by themselves.".to_owned()) />
            </form>
        </Dialog>
    }
}

/// Something they ask for, with hours to answer.
#[component]
fn Query(account: Account, open: RwSignal<bool>) -> impl IntoView {
    let kind = RwSignal::new("0".to_owned());
    let note = RwSignal::new(String::new());
    Effect::new(move |_| {
        if open.get() {
            note.set(String::new());
        }
    });
    let hours = move |k: QueryKind| account.ws.read(|b| b.policies().letters.hours(k));
    let choices = Signal::derive(move || {
        let one = |(n, k): (usize, QueryKind)| {
            Choice::new(
                n.to_string(),
                format!("{}, within {} h", query(k), hours(k)),
            )
        };
        QueryKind::ALL
            .into_iter()
            .enumerate()
            .map(one)
            .collect::<Vec<_>>()
    });
    let of = Signal::derive(move || match account.selected().len() {
        0 => "Of no document in particular: select items first to name them.".to_owned(),
        1 => format!("Of {}.", words::item(&account.selected()[0].key)),
        n => format!("Of the {n} items selected."),
    });
    let save = move || {
        let at = kind.with_untracked(|k| k.parse::<usize>().ok());
        let Some(kind) = at.and_then(|n| QueryKind::ALL.get(n).copied()) else {
            return;
        };
        let mut texts = NewTexts::default();
        let note = match texts.add(&note.get_untracked()) {
            Ok(note) => note,
            Err(e) => {
                return account
                    .toasts
                    .error(format!("Not saved: {e}. The book is as it was."));
            }
        };
        let items = untrack(|| account.selected())
            .into_iter()
            .map(|l| l.key)
            .collect();
        let command = Command::Letters(LettersCommand::OpenQuery {
            customer: account.key(),
            contact: None,
            kind,
            at: clock::now_ms(),
            items,
            note,
        });
        let done = format!(
            "Query saved: {}, {}. Letters, Queries has its clock",
            query(kind),
            account.name()
        );
        account
            .ws
            .run(account.toasts, command, texts, done, closes(open));
    };
    let actions = move || view! { <Button label="Save the query" kind=ButtonKind::Primary on_press=move |()| save() /> };
    view! {
        <Dialog open=open title=Signal::derive(move || format!("Query of {}", account.name())) actions=actions>
            <form on:submit=move |event| {
                event.prevent_default();
                save();
            }>
                <RadioGroup label="They ask for" choices=choices value=kind />
                <p class="muted">{of}</p>
                <TextField label="In words" value=note optional=true />
            </form>
        </Dialog>
    }
}
