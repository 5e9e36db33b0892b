//! The shift that runs: what it came to so far, and its end with a hand-over and one file.

use super::paper::Paper;
use super::start::{Left, Start};
use super::wording;
use crate::platform::{clock, folder};
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{BackedUp, NewTexts, Ws, use_ws};
use duebook_insight::Live;
use duebook_insight::shift::{Figures, HandOverAsk, Span, figures, hand_over};
use duebook_ledger::Command;
use duebook_ledger::shift::{HandOver, HandOverLine, Shift, ShiftCommand, ShiftId};
use leptos::prelude::*;

/// What the lines of a hand-over would be now.
fn lines(ws: Ws, shift: &Shift) -> Vec<HandOverLine> {
    let today = ws.today();
    let ask = HandOverAsk {
        today,
        now_ms: clock::now_ms(),
        // The next shift works until the day after this one's.
        until: shift.work_date.max(today).plus(1),
    };
    ws.figures(|book, derived| {
        let list = derived.live().map(Live::worklist);
        let rows = list.into_iter().flat_map(|w| w.rows());
        hand_over(book, rows.map(|t| &t.row), ask)
    })
}

/// Either form.
#[component]
pub fn Now() -> impl IntoView {
    let ws = use_ws();
    // By its key: a commit in the shift does not make the form anew under the hands.
    let open = Memo::new(move |_| ws.my_shift().map(|(id, shift)| (id, shift.key)));
    let last = Memo::new(move |_| {
        ws.read(|b| {
            let mut ended = b.shifts().iter().rev();
            let ended = ended.find(|s| b.is_live(s.commit) && b.shift_end(s).is_some());
            ended.map(|s| s.key)
        })
    });
    let kept = RwSignal::new(None::<(Tone, String, String)>);
    let running = move || {
        let (id, _) = open.get()?;
        let shift = ws.peek(|b| b.shift(id).cloned())?;
        Some(view! { <Running id shift kept /> })
    };
    let left = move || {
        if open.get().is_some() {
            return None;
        }
        let key = last.get()?;
        let shift = ws.peek(|b| b.find_shift(key).and_then(|id| b.shift(id)).cloned())?;
        let unread = ws.peek(|b| super::start::unread(b).iter().any(|s| s.key == key));
        // One that waits to be read stands below the form already.
        (!unread).then(|| view! { <Left ws shift /> })
    };
    view! {
        <FileNote kept />
        {running}
        <Show when=move || open.get().is_none()>
            <Start />
        </Show>
        {left}
    }
}

/// How the file of the last end went; and what no file has.
#[component]
fn FileNote(kept: RwSignal<Option<(Tone, String, String)>>) -> impl IntoView {
    let ws = use_ws();
    let ended = Memo::new(move |_| {
        ws.read(|b| {
            let last = b.shifts().iter().rev().find(|s| b.is_live(s.commit))?;
            b.shift_end(last).map(|_| last.key)
        })
    });
    let missing = move || {
        let since = ws.since_file().get();
        (ended.get().is_some() && since > 0 && kept.with(Option::is_none)).then_some(since)
    };
    let save = move |()| save_file(ws, kept, "hand-over".to_owned());
    view! {
        {move || kept.get().map(|(tone, title, text)| view! { <Callout tone=tone title=title>{text}</Callout> })}
        {move || missing().map(|since| view! {
            <Callout tone=Tone::Warn title="The last hand-over is in this browser only">
                <p>{format!("{} commits are in no file yet.", format_count(since as usize, Default::default()))}</p>
                <p class="button-row"><Button label="Write the hand-over file" on_press=save /></p>
            </Callout>
        })}
    }
}

/// Writes the book with its hand-over as one proved file.
pub fn save_file(ws: Ws, kept: RwSignal<Option<(Tone, String, String)>>, what: String) {
    leptos::task::spawn_local(async move {
        let told = match ws.back_up_as(Some(what)).await {
            Ok(BackedUp::ReadBack(c)) => (
                Tone::Good,
                "The hand-over is in a file".to_owned(),
                format!(
                    "{} commits replayed, written, read back and equal. Head {}.",
                    c.commits,
                    short(&c.head)
                ),
            ),
            Ok(BackedUp::Downloaded(c)) => (
                Tone::Good,
                "The hand-over file is in your downloads".to_owned(),
                format!(
                    "{} commits replayed before it was handed over; head {}. Put it where the next shift finds it: it drops the file on Take in, or opens it as a backup.",
                    c.commits,
                    short(&c.head)
                ),
            ),
            Ok(BackedUp::Cancelled) => (
                Tone::Warn,
                "No file was written".to_owned(),
                "The shift is ended and saved in this browser only.".to_owned(),
            ),
            Err(what) => (
                Tone::Danger,
                "No file was written".to_owned(),
                format!("{what} The shift is ended and saved in this browser."),
            ),
        };
        let cancelled = told.1 == "No file was written";
        let _ = kept.try_set((!cancelled || told.0 == Tone::Danger).then_some(told));
    });
}

fn short(head: &str) -> &str {
    head.get(..16).unwrap_or(head)
}

#[component]
fn Running(
    id: ShiftId,
    shift: Shift,
    kept: RwSignal<Option<(Tone, String, String)>>,
) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let note = RwSignal::new(String::new());
    let so_far = Memo::new(move |_| {
        let today = ws.today();
        ws.read(|b| figures(b, Span::Shift(id), None, today))
            .unwrap_or_default()
    });
    let of = StoredValue::new(shift.clone());
    let left = Memo::new(move |_| of.with_value(|s| lines(ws, s)));
    let end = move |()| {
        let mut texts = NewTexts::default();
        let said = note.get_untracked();
        let note = match texts.add(&said) {
            Ok(note) => note,
            Err(e) => {
                toasts.error(format!(
                    "The note could not be kept: {e}. The shift goes on."
                ));
                return;
            }
        };
        let hand_over = HandOver {
            lines: left.get_untracked(),
            note,
        };
        let key = of.with_value(|s| s.key);
        let work_date = of.with_value(|s| s.work_date);
        let who = of.with_value(|s| s.agent.clone());
        let command = Command::Shift(ShiftCommand::End {
            shift: key,
            at: clock::now_ms(),
            hand_over,
        });
        let done = format!("Shift of {} ended", words::day(work_date));
        let what = format!("hand-over-{who}");
        ws.run(toasts, command, texts, done, move |saved| {
            if saved.is_some() {
                save_file(ws, kept, what);
            }
        });
    };
    let pick = move |()| {
        leptos::task::spawn_local(async move {
            match folder::choose().await {
                Ok(true) => toasts.done(format!(
                    "Hand-over files go to {} in this visit",
                    folder::name().unwrap_or_default()
                )),
                Ok(false) => {}
                Err(e) => toasts.error(format!("The browser gave no folder: {e}.")),
            }
        });
    };
    let title = format!(
        "What would be handed over now, work date {}",
        words::day(shift.work_date)
    );
    let paper = move || {
        let hand_over = HandOver {
            lines: left.get(),
            note: None,
        };
        view! { <Paper title=title.clone() hand_over=hand_over /> }
    };
    view! {
        <So figures=so_far />
        <section class="panel shift-form" aria-labelledby="shift-end">
            <h2 id="shift-end">"End shift"</h2>
            <p class="muted">{format!("Began {}, planned until {}.", wording::here(shift.start), wording::here(shift.planned_end))}</p>
            <TextArea label="What else the next one has to know: blockers, plan" value=note optional=true />
            <p class="button-row">
                <Button label="End shift and write the file" kind=ButtonKind::Primary on_press=end />
                {folder::is_supported().then(|| view! { <Button label="Choose the folder for hand-overs" kind=ButtonKind::Quiet on_press=pick /> })}
            </p>
        </section>
        {paper}
    }
}

/// The figures that are looked at all night.
#[component]
fn So(figures: Memo<Figures>) -> impl IntoView {
    let count = move |of: fn(&Figures) -> u32| {
        Signal::derive(move || figures.with(|f| format_count(of(f) as usize, Default::default())))
    };
    let taken = Signal::derive(move || {
        figures.with(|f| {
            let all = f.taken.iter().map(|p| {
                let sum = i64::try_from(p.promised).unwrap_or(i64::MAX);
                format!("{} · {}", p.count, words::money(sum, p.currency))
            });
            let all: Vec<String> = all.collect();
            if all.is_empty() {
                "0".to_owned()
            } else {
                all.join(", ")
            }
        })
    });
    let carried = Signal::derive(move || figures.with(|f| wording::carried(f.follow_ups)));
    let due = count(|f| f.follow_ups.due);
    view! {
        <StatRow>
            <Stat label="Contacts" value=count(|f| f.contacts) />
            <Stat label="Reached" value=count(|f| f.reached) />
            <Stat label="Right party" value=count(|f| f.right_party) />
            <Stat label="Promises taken" value=taken />
            <Stat label="Follow-ups done" value=count(|f| f.follow_ups_done) />
            <Stat label="Follow-ups due on the day" value=due />
            <Stat label="Carried forward" value=carried />
        </StatRow>
    }
}
