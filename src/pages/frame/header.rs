//! Header: search, as-of, the source's as-of, save state, who works.

use crate::pages::shared::account::name_of;
use crate::pages::shared::{clock_text, use_go};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::ui::shell::{HeaderFact, SearchButton};
use crate::words;
use crate::workspace::{self, SaveState, draft_key, use_ws};
use duebook_ledger::desk::DeskCommand;
use duebook_ledger::facts::ImportKind;
use duebook_ledger::open::View;
use duebook_ledger::{Command, CustomerId, Seq};
use duebook_money::Day;
use leptos::prelude::*;

/// The header.
#[component]
pub fn Header(palette: RwSignal<bool>, naming: RwSignal<bool>) -> impl IntoView {
    let ws = use_ws();
    let choosing = RwSignal::new(false);
    let as_of = Signal::derive(move || match ws.chosen_view().get() {
        None => words::day(ws.today()),
        Some(View { as_of, known: None }) => format!("{}, as known now", words::day(as_of)),
        Some(View {
            as_of,
            known: Some(seq),
        }) => format!("{}, as known at commit {}", words::day(as_of), seq.0),
    });
    let source = Signal::derive(move || {
        ws.read(|book| {
            // Customers and contacts say nothing of what is open.
            let of_money = book
                .imports()
                .filter(|i| i.facts.kind != ImportKind::MasterData);
            of_money.map(|i| i.facts.as_of).max()
        })
        .map(words::day)
    });
    let save = ws.save_state();
    let who = Signal::derive(move || {
        let who = ws.who().get();
        match ws.my_shift() {
            Some((_, shift)) => format!("{who}, shift of {}", words::day(shift.work_date)),
            None => who,
        }
    });
    view! {
        <SearchButton on_press=move |()| palette.set(true) />
        <HeaderFact label="As of" value=as_of on_press=Callback::new(move |()| choosing.set(true)) />
        {move || source.get().map(|day| view! { <HeaderFact label="ERP as of" value=day /> })}
        <span class="topbar-gap"></span>
        <span class="fact save-state" role="status">
            {move || match save.get() {
                SaveState::Saved => {
                    let since = ws.since_file().get();
                    view! { <span class="save-dot save-good" aria-hidden="true"></span> "Saved" <span class="muted">{format!(", {since} since file")}</span> }.into_any()
                }
                SaveState::Saving => view! { <span class="save-dot" aria-hidden="true"></span> "Saving" }.into_any(),
                SaveState::Failed(what) => view! { <strong class="save-bad" title=what>"Not saved"</strong> }.into_any(),
            }}
        </span>
        <Parked />
        <HeaderFact label="Works here" value=who on_press=Callback::new(move |()| naming.set(true)) />
        <AsOfDialog open=choosing />
        <super::who::WhoDialog open=naming />
    }
}

/// Calls that were broken off and wait: never lost, one press away.
#[component]
fn Parked() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let go = use_go();
    let calls = Memo::new(move |_| {
        ws.read(|book| {
            let of = |p: &duebook_ledger::desk::Parked| (p.key, p.fact.customer, p.fact.began);
            book.calls_parked().map(of).collect::<Vec<_>>()
        })
    });
    let items = move || {
        let name = |c: CustomerId| ws.peek(|b| name_of(b, c));
        let mut items = Vec::new();
        for (key, customer, began) in calls.get() {
            let who = name(customer);
            let open = Callback::new(move |()| {
                if let Some(path) = crate::pages::work_href(ws, customer) {
                    go.run(path);
                }
            });
            let at = clock_text(None, began);
            items.push(MenuItem::new(format!("Go on with {who}, {at}"), open));
            let done = format!("Parked call with {who} given up");
            let drop = Callback::new(move |()| {
                let command = Command::Desk(DeskCommand::DropParked { parked: key });
                let kept = ws
                    .peek(|b| b.customer_key(customer))
                    .map(|k| draft_key(&ws.id(), &k));
                ws.run(
                    toasts,
                    command,
                    Default::default(),
                    done.clone(),
                    move |saved| {
                        if let (Some(_), Some(key)) = (saved, kept) {
                            // Where the browser keeps nothing there is nothing to forget.
                            let _ = crate::platform::prefs::remove(&key);
                        }
                    },
                );
            });
            items.push(MenuItem::new(format!("Give up the call with {who}"), drop));
        }
        items
    };
    move || {
        let count = calls.with(Vec::len);
        (count > 0).then(|| {
            let label = plural(count, "call parked", "calls parked", Default::default());
            view! { <Menu label=label items=Signal::derive_local(items) /> }
        })
    }
}

#[component]
fn AsOfDialog(open: RwSignal<bool>) -> impl IntoView {
    let ws = use_ws();
    let date = RwSignal::new(String::new());
    let commit = RwSignal::new(String::new());
    Effect::new(move |_| {
        if open.get() {
            let view = ws.chosen_view().get_untracked();
            date.set(view.map_or(ws.today_untracked(), |v| v.as_of).to_string());
            commit.set(
                view.and_then(|v| v.known)
                    .map_or(String::new(), |s| s.0.to_string()),
            );
        }
    });
    let head = move || ws.read(|b| b.head().0);
    let parsed = Signal::derive(move || {
        let bytes = date.get();
        duebook_money::date::parse_iso_bytes(bytes.trim().as_bytes())
    });
    let known = Signal::derive(move || commit.with(|c| c.trim().parse::<u32>().ok()));
    let date_error = Signal::derive(move || {
        parsed
            .get()
            .is_none()
            .then(|| "A date, such as 2026-03-31.".to_owned())
    });
    let commit_error = Signal::derive(move || {
        let asked = commit.with(|c| !c.trim().is_empty());
        let good = known.get().is_some_and(|k| k >= 1 && k <= head());
        (asked && !good).then(|| {
            format!(
                "A commit from 1 to {}, or nothing for what is known now.",
                head()
            )
        })
    });
    let show = move |()| {
        if let (Some(as_of), None, None) = (
            parsed.get_untracked(),
            date_error.get_untracked(),
            commit_error.get_untracked(),
        ) {
            let known = known.get_untracked().map(Seq);
            let today = as_of == workspace::today() && known.is_none();
            ws.choose_view((!today).then_some(View { as_of, known }));
            open.set(false);
        }
    };
    let echo = Signal::derive(move || parsed.get().map(words::day));
    view! {
        <Dialog
            open=open
            title="Show figures as of another date"
            actions=move || view! {
                <Button label="Back to today" kind=ButtonKind::Quiet on_press=move |()| { ws.choose_view(None); open.set(false); } />
                <Button label="Show these figures" kind=ButtonKind::Primary on_press=show />
            }
        >
            <DateField label="As of" value=date echo=echo error=date_error />
            <TextField
                label="As known at commit"
                value=commit
                error=commit_error
                optional=true
                hint=Some("Leave empty for what is known now. With a commit, the report reads as it did then: the activity page lists them.".to_owned())
            />
        </Dialog>
    }
}

/// When the ledger's date turns during a shift nothing re-sorts by itself: this offers it.
#[component]
pub fn NewDay() -> impl IntoView {
    let ws = use_ws();
    let now = RwSignal::new(workspace::today());
    let every_minute = set_interval_with_handle(
        move || _ = now.try_set(workspace::today()),
        std::time::Duration::from_secs(60),
    );
    on_cleanup(move || {
        if let Ok(handle) = every_minute {
            handle.clear();
        }
    });
    let turned = move || (now.get() != ws.today()).then(|| now.get());
    move || {
        turned().map(|day: Day| {
            view! {
                <div class="new-day" role="status">
                    <span>{format!("It is now {}. Lists are still drawn for {}.", words::day(day), words::day(ws.today()))}</span>
                    <Button label="Bring the lists forward" kind=ButtonKind::Quiet on_press=move |()| ws.bring_forward() />
                </div>
            }
        })
    }
}
