//! Take in: another copy of this book, from a file or the chosen folder. What it would do is shown
//! first; clashes are settled here; then all of it comes in, or nothing.

use super::wording;
use crate::platform::{files, folder};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{OtherCopy, Ws, use_ws};
use duebook_ledger::takein::{At, Choice as Pick, Clash, Plan};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::collections::BTreeMap;
use std::rc::Rc;
use web_sys::File;

/// Files of the folder that are offered.
const OFFERED: usize = 5;

type Told = (Tone, String, String);

/// What is looked at.
#[derive(Clone, Copy)]
struct State {
    ws: Ws,
    other: RwSignal<Option<Rc<OtherCopy>>, LocalStorage>,
    choices: RwSignal<BTreeMap<At, Pick>>,
    plan: RwSignal<Option<Plan>>,
    busy: RwSignal<bool>,
    told: RwSignal<Option<Told>>,
}

impl State {
    fn say(self, tone: Tone, title: impl Into<String>, text: impl Into<String>) {
        let _ = self.told.try_set(Some((tone, title.into(), text.into())));
    }

    fn look_at(self, file: File) {
        self.busy.set(true);
        self.told.set(None);
        self.other.set(None);
        self.plan.set(None);
        self.choices.set(BTreeMap::new());
        leptos::task::spawn_local(async move {
            match self.ws.read_other(&file).await {
                Ok(other) if other.is_behind() => self.say(
                    Tone::Good,
                    format!("{} has nothing new", file.name()),
                    "Every commit in it is in this book.",
                ),
                Ok(other) => {
                    let _ = self.other.try_set(Some(Rc::new(other)));
                    self.plan_again();
                }
                Err(what) => self.say(
                    Tone::Danger,
                    format!("{} was not taken in", file.name()),
                    format!("{what} Nothing was changed."),
                ),
            }
            let _ = self.busy.try_set(false);
        });
    }

    fn plan_again(self) {
        let Some(other) = self.other.try_get_untracked().flatten() else {
            return;
        };
        if other.is_ahead() {
            return;
        }
        let choices = self.choices.get_untracked();
        match self.ws.plan_other(&other, &choices) {
            Ok(plan) => _ = self.plan.try_set(Some(plan)),
            Err(what) => self.say(Tone::Danger, "It cannot be planned", what),
        }
    }

    fn choose(self, at: At, pick: Pick) {
        self.choices.update(|c| _ = c.insert(at, pick));
        self.plan_again();
    }

    fn take(self) {
        let Some(other) = self.other.get_untracked() else {
            return;
        };
        self.busy.set(true);
        leptos::task::spawn_local(async move {
            let from = other.agents().join(", ");
            let done = if other.is_ahead() {
                self.ws.go_forward(&other).await.map(|n| n as u32)
            } else {
                let choices = self.choices.get_untracked();
                let taken = self.ws.take_in(&other, &choices).await;
                taken.map(|plan| plan.taken)
            };
            match done {
                Ok(n) => {
                    let _ = self.other.try_set(None);
                    let _ = self.plan.try_set(None);
                    self.say(
                        Tone::Good,
                        format!("{} of {from} came in", commits(n as usize)),
                        "They keep their names and times. Their hand-over stands under Shift. Write a file, so that the others have what is here.",
                    );
                }
                Err(error) => {
                    self.say(
                        Tone::Danger,
                        "Nothing came in",
                        words::submit_error(Some(self.ws), &error),
                    );
                    self.plan_again();
                }
            }
            let _ = self.busy.try_set(false);
        });
    }
}

fn commits(n: usize) -> String {
    plural(n, "commit", "commits", Default::default())
}

/// The view.
#[component]
pub fn Join() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let state = State {
        ws,
        other: RwSignal::new_local(None),
        choices: RwSignal::new(BTreeMap::new()),
        plan: RwSignal::new(None),
        busy: RwSignal::new(false),
        told: RwSignal::new(None),
    };
    let given = Callback::new(move |files: Vec<File>| {
        if let Some(file) = files.into_iter().next() {
            state.look_at(file);
        }
    });
    let pick = move |()| {
        leptos::task::spawn_local(async move {
            match files::pick(".duebook", false).await {
                Ok(files) => given.run(files),
                Err(e) => toasts.error(format!("No file was opened: {e}.")),
            }
        });
    };
    view! {
        <section class="panel shift-form" aria-labelledby="shift-join">
            <h2 id="shift-join">"Take in another copy of this book"</h2>
            <p class="muted">"The file another agent wrote at the end of a shift, or a lead's portfolio file. What was done there is decided again here, in its order, with its names and times; the same commit twice is once. Clashes are shown and settled by you before anything comes in."</p>
            <FileDrop label="Drop a hand-over file" accept=".duebook" on_files=given />
            <p class="button-row">
                <Button label="Choose a file" on_press=pick />
                <span role="status">{move || state.busy.get().then_some("Proving and comparing")}</span>
            </p>
            <FromFolder state />
        </section>
        {move || state.told.get().map(|(tone, title, text)| view! { <Callout tone=tone title=title>{text}</Callout> })}
        {move || state.other.get().map(|other| view! { <Found state other /> })}
    }
}

/// The newest files of the folder chosen in this visit.
#[component]
fn FromFolder(state: State) -> impl IntoView {
    let files = RwSignal::new_local(Vec::<File>::new());
    let toasts = use_toasts();
    let look = move |first: bool| {
        leptos::task::spawn_local(async move {
            let chosen = match folder::name() {
                Some(_) => Ok(true),
                None => folder::choose().await,
            };
            let found = match chosen {
                Ok(true) => folder::list(".duebook").await,
                Ok(false) => return,
                Err(e) => Err(e),
            };
            match found {
                Ok(mut all) => {
                    all.truncate(OFFERED);
                    match all.first().cloned() {
                        Some(file) if first => state.look_at(file),
                        None => toasts.done("No hand-over file is in the folder"),
                        Some(_) => {}
                    }
                    let _ = files.try_set(all);
                }
                Err(e) => toasts.error(format!("The folder cannot be read: {e}.")),
            }
        });
    };
    // From "Start shift": the newest is looked at, the others are beside it.
    let newest = untrack(|| use_query_map().read().get("newest"));
    if newest.is_some() && folder::name().is_some() {
        look(true);
    }
    let list = move || {
        let all = files.get();
        all.into_iter()
            .map(|file| {
                let name = file.name();
                let at = wording::here(file.last_modified() as i64);
                let open = move |()| state.look_at(file.clone());
                view! { <li><Button label=name kind=ButtonKind::Quiet on_press=open /> <span class="muted">{at}</span></li> }
            })
            .collect_view()
    };
    folder::is_supported().then(|| {
        view! {
            <p class="button-row"><Button label="Newest in the folder" kind=ButtonKind::Quiet on_press=move |()| look(false) /></p>
            <ul class="shift-files">{list}</ul>
        }
    })
}

/// What it would do.
#[component]
fn Found(state: State, other: Rc<OtherCopy>) -> impl IntoView {
    let new = other.foreign.len();
    let agents = other.agents().join(", ");
    let ahead = other.is_ahead();
    let ours = other.log.ours - other.log.common;
    let title = format!("{}: {} by {agents}", other.file, commits(new));
    let how = match ahead {
        true => {
            "This book is the beginning of that one: its commits come in as they are.".to_owned()
        }
        false => format!(
            "The copies parted after commit {}: {} here that it lacks.",
            other.log.common,
            commits(usize::try_from(ours).unwrap_or(usize::MAX))
        ),
    };
    let open = move || state.plan.with(|p| p.as_ref().map_or(0, Plan::open));
    let refused = Signal::derive(move || {
        if state.busy.get() {
            return Some("It is being done.".to_owned());
        }
        if ahead {
            return None;
        }
        if state.plan.with(|p| {
            p.as_ref()
                .is_some_and(|p| p.is_empty() && p.clashes.is_empty())
        }) {
            return Some("Nothing in it is new here.".to_owned());
        }
        match open() {
            0 => state.plan.with(|p| {
                let stuck = p.as_ref().and_then(|p| p.stuck.as_ref());
                stuck.map(|refusal| wording::stuck(state.ws, refusal))
            }),
            n => Some(format!(
                "Settle {} first.",
                plural(n, "clash", "clashes", Default::default())
            )),
        }
    });
    let label = Signal::derive(move || {
        let n = match ahead {
            true => new,
            false => state
                .plan
                .with(|p| p.as_ref().map_or(0, |p| p.taken as usize)),
        };
        match n {
            0 if state.plan.with(|p| p.as_ref().is_none_or(Plan::is_empty)) => {
                "Nothing to take in".to_owned()
            }
            0 => "Record what was left out".to_owned(),
            n => format!("Take in {}", commits(n)),
        }
    });
    view! {
        <section class="panel" aria-label="What came back">
            <h2>{title}</h2>
            <p>{how}</p>
            {(!ahead).then(|| view! { <Counts state /> })}
            {(!ahead).then(|| view! { <Clashes state /> })}
            <p class="button-row">
                <Button label=label kind=ButtonKind::Primary refused=refused on_press=move |()| state.take() />
                <span class="muted" role="status">{move || refused.get()}</span>
            </p>
        </section>
    }
}

#[component]
fn Counts(state: State) -> impl IntoView {
    move || {
        state.plan.with(|plan| {
            let plan = plan.as_ref()?;
            let all = [
                (plan.taken, "come in"),
                (plan.known, "are here already"),
                (plan.already_so, "change nothing: it is so here"),
                (plan.undone_there, "were undone there"),
                (plan.left_out_before, "were left out before"),
                (plan.waiting, "wait for something that is not in"),
                (plan.eased, "come in without closing what is closed here"),
            ];
            let facts: Vec<String> = all
                .iter()
                .filter(|(n, _)| *n > 0)
                .map(|(n, what)| format!("{n} {what}"))
                .collect();
            Some(view! { <p class="num">{facts.join("; ")}</p> })
        })
    }
}

#[component]
fn Clashes(state: State) -> impl IntoView {
    let clashes = Memo::new(move |_| {
        let all = state.plan.with(|p| p.as_ref().map(|p| p.clashes.clone()));
        all.unwrap_or_default()
    });
    move || {
        let all = clashes.get();
        (!all.is_empty()).then(|| {
            let rows = all
                .into_iter()
                .map(|clash| one(state, clash))
                .collect_view();
            view! {
                <h3>"Clashes"</h3>
                <ul class="clashes">{rows}</ul>
            }
        })
    }
}

fn one(state: State, clash: Clash) -> impl IntoView {
    let says = wording::clash(state.ws, &clash);
    let by = format!("{}, {}", clash.by, wording::here(clash.recorded_at));
    let chosen = clash.chosen;
    let buttons = clash
        .choices
        .iter()
        .map(|pick| {
            let pick = *pick;
            let at = clash.at.clone();
            let label = wording::choice(&clash.what, pick);
            let pressed = Signal::stored(chosen == Some(pick));
            view! {
                <Button label=label pressed=pressed on_press=move |()| state.choose(at.clone(), pick) />
            }
        })
        .collect_view();
    view! {
        <li data-open=chosen.is_none().then_some("")>
            <p>{says}</p>
            <p class="muted">{by}</p>
            <div class="button-row">{buttons}</div>
        </li>
    }
}
