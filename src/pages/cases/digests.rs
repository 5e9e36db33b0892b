//! Digests: one mail for everything that somebody has, daily or weekly, with the day the last one went.
//! A digest that was made is not one that was sent: that is kept when it is said (A5).

use super::{Page, mail};
use crate::platform::clipboard;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_insight::cases::{CaseRow, DigestRow, HandOff, digest, digests};
use duebook_ledger::Command;
use duebook_ledger::cases::CaseCommand;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::cases::DigestRhythm;
use leptos::prelude::*;

/// How often: id of the choice, label. Weekly from a day of the week on.
const RHYTHMS: [(&str, &str, Option<DigestRhythm>); 9] = [
    ("", "Never by itself", None),
    ("daily", "Every business day", Some(DigestRhythm::Daily)),
    ("0", "Weekly, from Monday", Some(DigestRhythm::Weekly(0))),
    ("1", "Weekly, from Tuesday", Some(DigestRhythm::Weekly(1))),
    ("2", "Weekly, from Wednesday", Some(DigestRhythm::Weekly(2))),
    ("3", "Weekly, from Thursday", Some(DigestRhythm::Weekly(3))),
    ("4", "Weekly, from Friday", Some(DigestRhythm::Weekly(4))),
    ("5", "Weekly, from Saturday", Some(DigestRhythm::Weekly(5))),
    ("6", "Weekly, from Sunday", Some(DigestRhythm::Weekly(6))),
];

/// The tab.
#[component]
pub fn Digests(page: Page) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let today = page.ws.today();
        page.all
            .with(|all| page.ws.read(|b| digests(b, all, today)))
    });
    let any = move || rows.with(|r| !r.is_empty());
    view! {
        <Show
            when=any
            fallback=|| view! {
                <Empty
                    icon=Icon::Mail
                    title="Nobody has an open case"
                    text=Signal::stored("A digest tells an owner or department of all it has. It is made here once a case is with somebody.".to_owned())
                />
            }
        >
            <div class="case-figures">
            <p class="muted">"One mail an owner with all that he has. Copy it or save it, send it from your mail program, then say that it went: only then it counts."</p>
            <ul class="case-list" aria-label="Digests">
                <For each=move || rows.get() key=key children=move |row| view! { <One page row /> } />
            </ul>
            </div>
        </Show>
    }
}

/// A row is made anew where anything of it changed.
fn key(row: &DigestRow) -> String {
    format!("{row:?}")
}

fn theirs(page: Page, who: &str) -> Vec<CaseRow> {
    page.all.with_untracked(|all| {
        let of = all.iter().filter(|r| !r.is_over() && r.holder() == who);
        of.cloned().collect()
    })
}

fn made(page: Page, who: &str) -> HandOff {
    let rows = theirs(page, who);
    let rows: Vec<&CaseRow> = rows.iter().collect();
    let today = page.ws.today_untracked();
    page.ws
        .peek(|b| digest(b, &rows, who, today, &words::number_format()))
}

fn copy(page: Page, who: &str) {
    let mail = made(page, who);
    let toasts = page.toasts;
    leptos::task::spawn_local(async move {
        match clipboard::copy(&mail::whole(&mail)).await {
            Ok(()) => toasts.done(format!("Copied: {}", mail.subject)),
            Err(e) => toasts.error(format!(
                "Not copied: the browser did not allow it ({e}). Save it as a mail file instead."
            )),
        }
    });
}

fn sent(page: Page, who: &str) {
    let rows = theirs(page, who);
    let cases = page.ws.peek(|b| {
        let keys = rows.iter().filter_map(|r| Some(b.case(r.id)?.key));
        keys.collect::<Vec<_>>()
    });
    let count = plural(cases.len(), "case", "cases", Default::default());
    let command = Command::Case(CaseCommand::DigestSent {
        who: who.to_owned(),
        cases,
    });
    let done = format!("Digest of {count} sent to {who}");
    page.ws
        .run(page.toasts, command, NewTexts::default(), done, |_| {});
}

fn set_rhythm(page: Page, who: &str, rhythm: Option<DigestRhythm>) {
    let mut policy = page.ws.peek(|b| b.policies().cases.clone());
    let same = |w: &str| w.trim().to_lowercase() == who.trim().to_lowercase();
    policy.digests.retain(|(w, _)| !same(w));
    policy
        .digests
        .extend(rhythm.map(|rhythm| (who.to_owned(), rhythm)));
    let named = RHYTHMS.iter().find(|(.., r)| *r == rhythm);
    let named = named.map_or("", |(_, label, _)| label);
    let command = Command::SetPolicy(PolicyChange::Cases(policy));
    let done = format!("Digest of {who}: {named}");
    page.ws
        .run(page.toasts, command, NewTexts::default(), done, |_| {});
}

/// What somebody has, in a line.
fn says(row: &DigestRow) -> String {
    let format = words::number_format();
    let sums = row.sums.iter().filter(|(_, minor)| *minor != 0);
    let sums: Vec<String> = sums
        .map(|(c, minor)| format!("{} {}", format.minor(*minor, c.exponent()), c.code()))
        .collect();
    let cases = plural(row.cases, "open case", "open cases", Default::default());
    let days = plural(
        row.oldest.max(0) as usize,
        "day",
        "days",
        Default::default(),
    );
    let money = match sums.is_empty() {
        true => String::new(),
        false => format!(", {}", sums.join(" and ")),
    };
    let last = match row.last {
        Some(day) => format!("last sent {}", words::day(day)),
        None => "none sent yet".to_owned(),
    };
    format!("{cases}{money}, oldest {days}; {last}")
}

#[component]
fn One(page: Page, row: DigestRow) -> impl IntoView {
    let who = StoredValue::new(row.who.clone());
    let rhythm = RHYTHMS.iter().find(|(.., r)| *r == row.rhythm);
    let value = RwSignal::new(rhythm.map_or("", |(id, ..)| *id).to_owned());
    let before = row.rhythm;
    Effect::new(move |_| {
        let chosen = value.get();
        let found = RHYTHMS.iter().find(|(id, ..)| *id == chosen);
        let Some((_, _, rhythm)) = found.filter(|(.., r)| *r != before) else {
            return;
        };
        who.with_value(|w| set_rhythm(page, w, *rhythm));
    });
    let choices = RHYTHMS
        .map(|(id, label, _)| Choice::new(id, label))
        .to_vec();
    let label = format!("Digest of {}", row.who);
    let due = row
        .due
        .then(|| view! { " "<Chip text="due today".to_owned() tone=Tone::Warn /> });
    let save = move |()| {
        who.with_value(|w| {
            let name: String = w
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                .collect();
            mail::save(page, &format!("digest-{name}.eml"), &made(page, w));
        });
    };
    view! {
        <li class="case-request" aria-label=row.who.clone()>
            <p><strong>{row.who.clone()}</strong>{due}" "<span>{says(&row)}</span></p>
            <div class="row">
                <SelectField label=label value=value choices=Signal::stored(choices) />
                <Button label="Copy the digest" icon=Icon::Mail on_press=move |()| who.with_value(|w| copy(page, w)) />
                <Button label="Save as a mail file" kind=ButtonKind::Quiet on_press=save />
                <Button label="It was sent" refused=page.refused() on_press=move |()| who.with_value(|w| sent(page, w)) />
            </div>
        </li>
    }
}
