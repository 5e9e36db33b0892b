//! Where the book is kept, whether it holds together, and how it leaves.

use super::save::Section;
use crate::platform::persist::{self, Kept, Room};
use crate::platform::{clock, files};
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{BackedUp, use_ws};
use duebook_money::Day;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Storage, check, backup, proof, export.
#[component]
pub fn Data() -> impl IntoView {
    view! {
        <Section id="data" title="Data">
            <Storage />
            <Check />
            <Backup />
            <Everything />
        </Section>
    }
}

#[component]
fn Storage() -> impl IntoView {
    let toasts = use_toasts();
    let kept = RwSignal::new(None::<Kept>);
    let room = RwSignal::new(None::<Room>);
    leptos::task::spawn_local(async move {
        let _ = kept.try_set(Some(persist::state().await));
        let _ = room.try_set(persist::estimate().await.ok());
    });
    let ask = move |()| {
        leptos::task::spawn_local(async move {
            let answer = persist::request().await;
            let _ = kept.try_set(Some(answer));
            match answer {
                Kept::Persistent => toasts.done("The browser promised to keep your books."),
                _ => toasts.done("The browser made no promise. Save backups; it may ask or agree later, when you use this page more."),
            }
        });
    };
    let used = move || {
        room.get()
            .map_or("Not told by this browser".to_owned(), |r| {
                format!("{} of {}", size(r.used), size(r.quota))
            })
    };
    let promise = move || match kept.get() {
        None => "Asking",
        Some(Kept::Persistent) => "Yes: nothing is removed without you",
        Some(Kept::BestEffort) => "No: it may remove books when the disk is full",
        Some(Kept::Unknown) => "It does not say",
    };
    view! {
        <h3>"Storage"</h3>
        <dl class="facts">
            <dt>"Used by Duebook"</dt> <dd class="num">{used}</dd>
            <dt>"Promised to keep"</dt> <dd>{promise}</dd>
        </dl>
        <Show when=move || matches!(kept.get(), Some(Kept::BestEffort))>
            <p class="button-row"><Button label="Ask the browser to keep it" on_press=ask /></p>
        </Show>
    }
}

#[component]
fn Check() -> impl IntoView {
    let ws = use_ws();
    let last = RwSignal::new(ws.last_check());
    let busy = RwSignal::new(false);
    let result = RwSignal::new(None::<Result<crate::jobs::Checked, String>>);
    let refused = Signal::derive(move || busy.get().then(|| "It is being checked.".to_owned()));
    // The check that runs by itself may end while this is shown.
    let found = ws.check_found();
    Effect::new(move |_| {
        found.track();
        last.set(ws.last_check());
    });
    let check = move |()| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = ws.check_all().await;
            let _ = result.try_set(Some(answer));
            let _ = last.try_set(ws.last_check());
            let _ = busy.try_set(false);
        });
    };
    view! {
        <h3>"Check my book"</h3>
        <p class="muted">"It runs by itself once a day, when nobody works for some minutes or the page is hidden."</p>
        <p class="muted">
            {move || last.get().map_or("It was not checked in this browser yet.".to_owned(), |l| {
                let found = match l.violations { 0 => "all held".to_owned(), n => format!("{n} rules did not hold") };
                format!("Last checked {} at commit {}: {found}.", instant(l.at_ms), l.commits)
            })}
        </p>
        <p class="button-row">
            <Button label="Check my book" refused=refused on_press=check />
            <span role="status">{move || busy.get().then_some("Replaying the whole log")}</span>
        </p>
        {move || result.get().map(|r| match r {
            Ok(c) if c.violations.is_empty() => view! {
                <Callout tone=Tone::Good title="The book holds together">{proof(&c)}</Callout>
            }.into_any(),
            Ok(c) => view! {
                <Callout tone=Tone::Danger title="Rules of the book do not hold">
                    <p>{format!("{} Nothing was changed. Save a log export and report this defect.", proof(&c))}</p>
                    <ul>{c.violations.iter().cloned().map(|v| view! { <li>{v}</li> }).collect_view()}</ul>
                </Callout>
            }.into_any(),
            Err(what) => view! { <Callout tone=Tone::Danger title="The book was not checked">{what}</Callout> }.into_any(),
        })}
    }
}

#[component]
fn Backup() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let busy = RwSignal::new(None::<&'static str>);
    let told = RwSignal::new(None::<(Tone, String, String)>);
    let last = RwSignal::new(ws.last_backup());
    let refused = Signal::derive(move || busy.get().map(str::to_owned));
    let save = move |()| {
        busy.set(Some("Writing the backup and replaying it"));
        leptos::task::spawn_local(async move {
            match ws.back_up().await {
                Ok(BackedUp::ReadBack(c)) => {
                    _ = told.try_set(Some((
                        Tone::Good,
                        "Saved, read back and equal".to_owned(),
                        proof(&c),
                    )))
                }
                Ok(BackedUp::Downloaded(c)) => {
                    let text = format!(
                        "{} The file was proved before it was handed over; prove it again from where it lies.",
                        proof(&c)
                    );
                    _ = told.try_set(Some((
                        Tone::Warn,
                        "Downloaded, not yet verified".to_owned(),
                        text,
                    )));
                }
                Ok(BackedUp::Cancelled) => toasts.done("No backup was saved."),
                Err(what) => toasts.error(format!(
                    "No backup was saved. {what} The book is as it was."
                )),
            }
            let _ = last.try_set(ws.last_backup());
            let _ = busy.try_set(None);
        });
    };
    let prove = move |()| {
        leptos::task::spawn_local(async move {
            let file = match files::pick(".duebook", false).await {
                Ok(files) => files.into_iter().next(),
                Err(e) => return toasts.error(format!("No file was chosen: {e}")),
            };
            let Some(file) = file else { return };
            let _ = busy.try_set(Some("Proving the file"));
            match ws.prove(&file).await {
                Ok((c, last)) => {
                    let which = if last {
                        "This is your last backup; it counts as verified now."
                    } else {
                        "It is whole. Restore it from the list of books."
                    };
                    let text = format!("“{}”: {} {which}", c.name, proof(&c));
                    _ = told.try_set(Some((
                        Tone::Good,
                        format!("{} can be restored", file.name()),
                        text,
                    )));
                }
                Err(what) => {
                    let title = format!("{} is not a whole backup", file.name());
                    _ = told.try_set(Some((
                        Tone::Danger,
                        title,
                        format!("{what} Nothing was changed."),
                    )));
                }
            }
            let _ = last.try_set(ws.last_backup());
            let _ = busy.try_set(None);
        });
    };
    view! {
        <h3>"Backup"</h3>
        <p class="muted">
            "The whole book in one file, with its log. It is read back and replayed before you get it. Anyone who has the file can read it. "
            {move || last.get().map_or("No backup of this book was saved in this browser yet.".to_owned(), |b| {
                let proved = if b.verified { "verified" } else { "not yet verified where it lies" };
                format!("Last backup {} at commit {}, {proved}; {} commits since.", instant(b.at_ms), b.seq, ws.since_file().get())
            })}
        </p>
        <p class="button-row">
            <Button label="Save a backup" refused=refused on_press=save />
            <Button label="Prove a backup file" kind=ButtonKind::Quiet refused=refused on_press=prove />
            <span role="status">{move || busy.get()}</span>
        </p>
        {move || told.get().map(|(tone, title, text)| view! { <Callout tone=tone title=title>{text}</Callout> })}
    }
}

#[component]
fn Everything() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let ask = move |kind: &'static str| ws.export(toasts, kind, "xlsx", Vec::new(), None);
    view! {
        <h3>"Everything as Excel"</h3>
        <p class="button-row">
            <Button label="All items" on_press=move |()| ask("items") />
            <Button label="Activity" kind=ButtonKind::Quiet on_press=move |()| ask("activity") />
            <Button label="Promises" kind=ButtonKind::Quiet on_press=move |()| ask("promises") />
        </p>
    }
}

/// Deletion, by typing the book's name.
#[component]
pub fn DeleteBook() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let go = StoredValue::new_local(use_navigate());
    let name = ws.peek(|b| b.about().map_or(String::new(), |a| a.name.clone()));
    let (open, typed) = (RwSignal::new(false), RwSignal::new(String::new()));
    let wanted = StoredValue::new(name.clone());
    let same = move || wanted.with_value(|w| typed.with(|t| t.trim() == w.trim()));
    let refused =
        Signal::derive(move || (!same()).then(|| "Type the name of the book first.".to_owned()));
    let delete = move |()| {
        open.set(false);
        leptos::task::spawn_local(async move {
            match ws.delete().await {
                Ok(()) => {
                    toasts.done(format!(
                        "Deleted {}",
                        wanted.try_get_value().unwrap_or_default()
                    ));
                    let _ = go.try_with_value(|go| go("/", Default::default()));
                }
                Err(what) => toasts.error(format!("The book was not deleted: {what}")),
            }
        });
    };
    let hint = format!("Type “{name}”.");
    view! {
        <Section id="delete" title="Delete this book">
            <p class="muted">"It goes from this browser with its whole log. Only a backup file can bring it back; save one first."</p>
            <p class="button-row">
                <Button label="Delete this book" kind=ButtonKind::Danger on_press=move |()| { typed.set(String::new()); open.set(true); } />
            </p>
            <Dialog
                open=open
                title=format!("Delete {name}?")
                actions=move || view! {
                    <Button label="Keep it" kind=ButtonKind::Quiet on_press=move |()| open.set(false) />
                    <Button label="Delete the book" kind=ButtonKind::Danger refused=refused on_press=delete />
                }
            >
                <p>"Everything in it goes: items, notes, promises, its whole log."</p>
                <TextField label="Name of the book" value=typed hint=Some(hint.clone()) autofocus=true />
            </Dialog>
        </Section>
    }
}

fn proof(c: &crate::jobs::Checked) -> String {
    let count = |n: u64| format_count(n as usize, Default::default());
    format!(
        "{} commits and {} items replayed; head {}.",
        count(c.commits),
        count(c.items),
        c.head.get(..16).unwrap_or(&c.head)
    )
}

fn size(bytes: u64) -> String {
    match bytes {
        b if b >= 10 << 30 => format!("{} GB", b >> 30),
        b if b >= 1 << 20 => format!("{} MB", b >> 20),
        b => format!("{} KB", b >> 10),
    }
}

/// An instant in this machine's zone.
fn instant(ms: i64) -> String {
    let local = ms + clock::local_offset_minutes(ms) * 60_000;
    let minutes = local.rem_euclid(86_400_000) / 60_000;
    format!(
        "{}, {:02}:{:02}",
        words::day(Day(local.div_euclid(86_400_000) as i32)),
        minutes / 60,
        minutes % 60
    )
}
