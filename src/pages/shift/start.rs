//! Start shift: who, for which day, from when to when; what the last ones left is read first.

use super::paper::Paper;
use super::wording;
use crate::app::href;
use crate::pages::shared::use_go;
use crate::platform::{clock, folder};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws, local_day, use_ws};
use duebook_ledger::shift::{Shift, ShiftCommand};
use duebook_ledger::{Book, Command};
use duebook_money::Day;
use leptos::prelude::*;

/// Hours of a shift, where nothing else is said.
const HOURS: i64 = 9;
/// Before this hour a shift that begins counts for the day before: a night shift resumed.
const NIGHT_ENDS: u8 = 4;
const MINUTE: i64 = 60_000;

/// A time of day as typed: "18:30", "1830", "9".
fn minutes(text: &str) -> Option<i64> {
    let text = text.trim();
    let (hours, minutes) = match text.split_once(':') {
        Some((h, m)) => (h.parse::<i64>().ok()?, m.parse::<i64>().ok()?),
        None if text.len() == 4 => (text.get(..2)?.parse().ok()?, text.get(2..)?.parse().ok()?),
        None => (text.parse::<i64>().ok()?, 0),
    };
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

/// The instant of a time on a day of this machine's calendar.
fn instant(day: Day, minutes: i64) -> i64 {
    let as_utc = i64::from(day.0) * 86_400_000 + minutes * MINUTE;
    // The offset at the instant itself, also on the night the clocks change.
    let near = as_utc - clock::local_offset_minutes(as_utc) * MINUTE;
    as_utc - clock::local_offset_minutes(near) * MINUTE
}

fn text_of(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes.div_euclid(60) % 24, minutes % 60)
}

/// Shifts that ended and whose hand-over nobody has read yet, the newest first.
pub fn unread(book: &Book) -> Vec<Shift> {
    let live = |s: &&Shift| book.is_live(s.commit);
    let all: Vec<&Shift> = book.shifts().iter().filter(live).collect();
    let is_read = |s: &Shift| {
        let id = book.find_shift(s.key);
        all.iter()
            .any(|other| id.is_some_and(|id| other.read.contains(&id)))
    };
    let waits = |s: &&&Shift| book.shift_end(s).is_some() && !is_read(s);
    let mut out: Vec<Shift> = all.iter().filter(waits).map(|s| (*s).clone()).collect();
    out.reverse();
    out
}

#[derive(Clone, Copy)]
struct Draft {
    day: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
}

impl Draft {
    fn new() -> Self {
        let now = clock::now_ms();
        let local = clock::local_time_at(now, clock::local_offset_minutes(now));
        let (hour, minute) = local.map_or((9, 0), |l| (l.hour, l.minute));
        let begins = i64::from(hour) * 60 + i64::from(minute);
        let day = match hour < NIGHT_ENDS {
            true => local_day(now).plus(-1),
            false => local_day(now),
        };
        Draft {
            day: RwSignal::new(day.to_string()),
            from: RwSignal::new(text_of(begins)),
            to: RwSignal::new(text_of(begins + HOURS * 60)),
        }
    }
    fn work_date(self) -> Option<Day> {
        let text = self.day.get();
        duebook_money::date::parse_iso_bytes(text.trim().as_bytes())
    }
    /// Start and planned end. A time before the hour at which night ends is of the day after.
    fn times(self) -> Option<(i64, i64)> {
        let day = self.work_date()?;
        let (from, to) = (minutes(&self.from.get())?, minutes(&self.to.get())?);
        let night = i64::from(NIGHT_ENDS) * 60;
        let first = match from < night && day < local_day(clock::now_ms()) {
            true => day.plus(1),
            false => day,
        };
        let start = instant(first, from);
        let last = if to <= from { first.plus(1) } else { first };
        Some((start, instant(last, to)))
    }
}

/// The form, and the hand-overs to read.
#[component]
pub fn Start() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let draft = Draft::new();
    let waiting = Memo::new(move |_| ws.read(unread));
    let echo = Signal::derive(move || draft.work_date().map(words::day));
    let planned = Signal::derive(move || {
        let (start, end) = untrack_if(draft);
        Some(format!(
            "From {} to {}",
            wording::here(start?),
            wording::here(end?)
        ))
    });
    let refused = Signal::derive(move || {
        draft
            .times()
            .is_none()
            .then(|| "Give a work date as 2026-11-30 and times as 18:30.".to_owned())
    });
    let begin = move |()| {
        let Some((day, (start, planned_end))) =
            untrack(|| Some((draft.work_date()?, draft.times()?)))
        else {
            return;
        };
        let command = Command::Shift(ShiftCommand::Start {
            work_date: day,
            start,
            planned_end,
            zone: clock::local_zone().unwrap_or_default(),
            read: waiting.with_untracked(|w| w.iter().map(|s| s.key).collect()),
        });
        let who = ws.who().get_untracked();
        let done = format!("{who} works, work date {}", words::day(day));
        ws.run(toasts, command, NewTexts::default(), done, |_| {});
    };
    let go = use_go();
    let from_folder = move |()| {
        leptos::task::spawn_local(async move {
            let chosen = match folder::name() {
                Some(_) => Ok(true),
                None => folder::choose().await,
            };
            match chosen {
                Ok(true) => go.run(href(ws, "shift?show=join&newest=1")),
                Ok(false) => {}
                Err(e) => toasts.error(format!("The browser gave no folder: {e}.")),
            }
        });
    };
    let label = Signal::derive(move || match waiting.with(Vec::len) {
        0 => "Start shift".to_owned(),
        1 => "Hand-over read, start shift".to_owned(),
        n => format!("{n} hand-overs read, start shift"),
    });
    view! {
        <section class="panel shift-form" aria-labelledby="shift-start">
            <h2 id="shift-start">"Start shift"</h2>
            <p class="muted">{move || format!("{} works here; W and a digit changes that. A shift across midnight counts for the evening it began.", ws.who().get())}</p>
            <div class="form-row">
                <DateField label="Work date" value=draft.day echo=echo />
                <TextField label="Begins" value=draft.from />
                <TextField label="Planned end" value=draft.to hint=planned />
            </div>
            <p class="button-row">
                <Button label=label kind=ButtonKind::Primary refused=refused on_press=begin />
                {folder::is_supported().then(|| view! { <Button label="Read the newest from the folder" on_press=from_folder /> })}
                <a class="btn" href=href(ws, "shift?show=join")>"Take in a hand-over file"</a>
            </p>
        </section>
        {move || waiting.get().into_iter().map(|shift| view! { <Left ws shift /> }).collect_view()}
    }
}

/// Times as typed so far.
fn untrack_if(draft: Draft) -> (Option<i64>, Option<i64>) {
    draft.times().unzip()
}

/// What a shift left.
#[component]
pub fn Left(ws: Ws, shift: Shift) -> impl IntoView {
    let ended = ws.peek(|b| b.shift_end(&shift).map(|(at, h)| (at, h.clone())));
    ended.map(|(at, hand_over)| {
        let title = format!(
            "Hand-over of {}, work date {}, ended {}",
            shift.agent,
            words::day(shift.work_date),
            wording::here(at)
        );
        view! { <Paper title=title hand_over=hand_over /> }
    })
}
