//! Templates and ladders: edited here, each change one commit; what must not stand in a letter is
//! named while it is typed (CP-07).

use super::{Page, wording};
use crate::ui::prelude::*;
use crate::workspace::NewTexts;
use duebook_ledger::Command;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::LettersPolicy;
use duebook_policy::letters::{BLOCKS, INLINE, Ladder, LetterUse, Medium, Step, Template, lint};
use leptos::prelude::*;

const USES: [(LetterUse, &str); 6] = [
    (LetterUse::Reminder, "Reminder"),
    (LetterUse::Upcoming, "Before the due date"),
    (LetterUse::Statement, "Statement"),
    (LetterUse::Documents, "Documents"),
    (LetterUse::Terms, "Terms"),
    (LetterUse::BeforeClaim, "Letter before claim"),
];

/// Name of a template in lists: id and language.
fn key(t: &Template) -> String {
    format!("{}/{}", t.id, t.language)
}

fn save(page: Page, policy: LettersPolicy, done: String) {
    let command = Command::SetPolicy(PolicyChange::Letters(Box::new(policy)));
    page.ws
        .run(page.toasts, command, NewTexts::default(), done, |_| {});
}

/// The tab.
#[component]
pub fn Templates(page: Page) -> impl IntoView {
    view! {
        <div class="letter-templates">
            <Editor page />
            <Ladders page />
        </div>
    }
}

#[component]
fn Editor(page: Page) -> impl IntoView {
    let ws = page.ws;
    let policy = Memo::new(move |_| ws.read(|b| b.policies().letters.clone()));
    let chosen = RwSignal::new(String::new());
    let text = || RwSignal::new(String::new());
    let (name, language, subject, body) = (text(), text(), text(), text());
    let (country, answer) = (text(), text());
    let offered = Memo::new(move |_| policy.with(LettersPolicy::offered));
    let found = move || {
        offered.with(|all| {
            let mut all = all.iter();
            all.find(|t| chosen.with(|c| key(t) == *c)).cloned()
        })
    };
    let is_claim =
        Memo::new(move |_| found().is_some_and(|t| t.used_for == LetterUse::BeforeClaim));
    Effect::new(move |_| {
        let first = policy.with(|p| p.templates.first().map(key));
        if chosen.with_untracked(String::is_empty) {
            chosen.set(first.unwrap_or_default());
        }
    });
    Effect::new(move |_| {
        if let Some(t) = found() {
            name.set(t.name);
            language.set(t.language);
            subject.set(t.subject);
            body.set(t.body);
            country.set(t.country);
            answer.set(t.answer_days.map_or(String::new(), |d| d.to_string()));
        }
    });
    let choices = Signal::derive(move || {
        offered.with(|all| {
            let one = |t: &Template| {
                let check = if t.is_unchecked() {
                    ", to be checked by counsel"
                } else {
                    ""
                };
                Choice::new(
                    key(t),
                    format!("{} ({}, version {}{check})", t.name, t.language, t.version),
                )
            };
            all.iter().map(one).collect::<Vec<_>>()
        })
    });
    let findings = Memo::new(move |_| {
        let all = lint(&subject.get()).into_iter().chain(lint(&body.get()));
        all.map(|l| wording::lint(&l)).collect::<Vec<_>>()
    });
    // What a letter before claim has beside the others.
    let days = move || {
        answer
            .with(|a| a.trim().parse::<u16>().ok())
            .filter(|d| (1..=365).contains(d))
    };
    let claim_error = move || {
        let code = country.with(|c| c.trim().to_owned());
        let two = code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic());
        let bad = !(code.is_empty() || two);
        match (is_claim.get(), bad, days()) {
            (false, ..) => None,
            (_, true, _) => {
                Some("The country is two letters, such as GB; empty for every other.".to_owned())
            }
            (_, _, None) => Some("Say how many days there are for an answer: 1 to 365.".to_owned()),
            _ => None,
        }
    };
    let refused = Signal::derive(move || {
        let past = ws.chosen_view().get().is_some();
        let empty = [name, language, subject, body]
            .iter()
            .any(|f| f.with(|t| t.trim().is_empty()));
        match (past, empty) {
            (true, _) => {
                Some("These are past figures. Go back to today to change anything.".to_owned())
            }
            (_, true) => {
                Some("A template has a name, a language, a subject and a body.".to_owned())
            }
            _ => findings.with(|f| f.first().cloned()).or_else(claim_error),
        }
    });
    let keep = move |()| {
        let Some(old) = untrack(found) else { return };
        let of = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        let mut now = Template {
            language: of(language),
            name: of(name),
            subject: of(subject),
            body: of(body),
            ..old.clone()
        };
        if old.used_for == LetterUse::BeforeClaim {
            // Another country is a template of its own, as another language is.
            now.country = of(country).to_ascii_uppercase();
            now.answer_days = untrack(days);
            now.id = match now.country.to_ascii_lowercase().as_str() {
                "" => "before-claim".to_owned(),
                code => format!("before-claim-{code}"),
            };
        }
        let mut all = policy.get_untracked();
        // One of a new book that this one does not have yet is its first version.
        let preset = offered.with_untracked(|o| {
            let mut o = o.iter();
            o.find(|t| t.id == now.id && t.language == now.language)
                .cloned()
        });
        if !all
            .templates
            .iter()
            .any(|t| t.id == now.id && t.language == now.language)
        {
            all.templates.extend(preset);
        }
        let same = all
            .templates
            .iter()
            .position(|t| t.id == now.id && t.language == now.language);
        match same {
            Some(at) if all.templates[at] == now => {
                return page.toasts.done("Nothing was changed.");
            }
            Some(at) => {
                now.version = all.templates[at].version.saturating_add(1);
                all.templates[at] = now.clone();
            }
            None => {
                now.version = 1;
                all.templates.push(now.clone());
            }
        }
        let done = format!("Template “{}” saved as version {}", now.name, now.version);
        save(page, all, done);
        chosen.set(key(&now));
    };
    let used = move || {
        found().map(|t| {
            USES.iter()
                .find(|(u, _)| *u == t.used_for)
                .map_or("", |(_, n)| n)
        })
    };
    let fields = INLINE
        .iter()
        .chain(&BLOCKS)
        .map(|f| format!("{{{{{f}}}}}"))
        .collect::<Vec<_>>()
        .join(" ");
    view! {
        <section class="panel letter-editor" aria-labelledby="template-title">
            <h2 id="template-title">"Templates"</h2>
            <SelectField label="Template" choices=choices value=chosen />
            <div class="form-row">
                <TextField label="Name" value=name />
                <TextField label="Language" value=language />
            </div>
            <Show when=move || is_claim.get()>
                <div class="form-row">
                    <TextField label="Country of the debtor" value=country optional=true hint=Some("Two letters; empty: every country without one of its own.".to_owned()) />
                    <TextField label="Days for an answer" value=answer />
                </div>
                <Show when=move || found().is_some_and(|t| t.is_unchecked())>
                    <Callout tone=Tone::Warn title="Template, to be checked by counsel">"It does not go out while its first line says so. Have a lawyer look at it, take the line out and save: that is the next version."</Callout>
                </Show>
            </Show>
            <p class="muted">{used} {move || if is_claim.get() {
                ". Another country is saved as a template of its own; a customer gets the one of its country."
            } else {
                ". Another language (en, de, fr ...) is saved as a template of its own; a customer gets the one of their contact’s language."
            }}</p>
            <TextField label="Subject" value=subject />
            <TextArea label="Body" value=body rows=16 hint=Some("An empty line begins a paragraph. A field of figures stands on a line of its own.".to_owned()) />
            {move || {
                let all = findings.get();
                (!all.is_empty()).then(|| view! {
                    <Callout tone=Tone::Danger title="This cannot stand in a letter">
                        <ul>{all.into_iter().map(|t| view! { <li>{t}</li> }).collect_view()}</ul>
                    </Callout>
                })
            }}
            <details><summary>"Fields"</summary><p class="muted">{fields}</p></details>
            <p class="button-row"><Button label="Save the template" kind=ButtonKind::Primary refused=refused on_press=keep /></p>
        </section>
    }
}

/// A ladder as lines: "14 second", "30 final paper".
fn ladder_text(ladder: &Ladder) -> String {
    let line = |s: &Step| match s.medium {
        Medium::Email => format!("{} {}", s.day, s.template),
        Medium::Paper => format!("{} {} paper", s.day, s.template),
    };
    ladder.steps.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Steps as typed; the first line that cannot be read.
fn read_steps(text: &str) -> Result<Vec<Step>, String> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let read = |line: &str| {
        let mut words = line.split_whitespace();
        let (day, template) = (words.next()?.parse().ok()?, words.next()?.to_owned());
        let medium = match words.next() {
            None => Medium::Email,
            Some("paper") => Medium::Paper,
            Some(_) => return None,
        };
        Some(Step {
            day,
            template,
            medium,
        })
    };
    lines.map(|l| read(l).ok_or_else(|| l.to_owned())).collect()
}

#[component]
fn Ladders(page: Page) -> impl IntoView {
    let ws = page.ws;
    let policy = Memo::new(move |_| ws.read(|b| b.policies().letters.clone()));
    let chosen = RwSignal::new("0".to_owned());
    let text = || RwSignal::new(String::new());
    let (name, segments, steps) = (text(), text(), text());
    let at = move || chosen.with(|c| c.parse::<usize>().ok());
    Effect::new(move |_| {
        let ladder = policy.with(|p| at().and_then(|n| p.ladders.get(n).cloned()));
        let empty = Ladder {
            name: String::new(),
            segments: Vec::new(),
            steps: Vec::new(),
        };
        let ladder = ladder.unwrap_or(empty);
        name.set(ladder.name.clone());
        segments.set(ladder.segments.join(", "));
        steps.set(ladder_text(&ladder));
    });
    let choices = Signal::derive(move || {
        policy.with(|p| {
            let one = |(n, l): (usize, &Ladder)| {
                let whom = match l.segments.is_empty() {
                    true => "everybody else".to_owned(),
                    false => l.segments.join(", "),
                };
                Choice::new(n.to_string(), format!("{}: {whom}", l.name))
            };
            let mut all: Vec<Choice> = p.ladders.iter().enumerate().map(one).collect();
            all.push(Choice::new("new", "A new ladder"));
            all
        })
    });
    let wanted = move || -> Result<LettersPolicy, String> {
        let mut all = policy.get();
        let ladder = Ladder {
            name: name.get().trim().to_owned(),
            segments: segments.with(|s| {
                let parts = s.split(',').map(str::trim).filter(|p| !p.is_empty());
                parts.map(str::to_owned).collect()
            }),
            steps: steps.with(|s| read_steps(s)).map_err(|l| {
                format!("“{l}” is no step: write day, template, and “paper” for a letter on paper.")
            })?,
        };
        match at().filter(|n| *n < all.ladders.len()) {
            Some(n) => all.ladders[n] = ladder,
            // The one for everybody stays the last.
            None => all.ladders.insert(0, ladder),
        }
        all.validate().map_err(|e| wording::policy_error(&e))?;
        Ok(all)
    };
    let refused = Signal::derive(move || {
        let past = ws.chosen_view().get().is_some();
        match past {
            true => Some("These are past figures. Go back to today to change anything.".to_owned()),
            false => wanted().err(),
        }
    });
    let keep = move |()| {
        if let Ok(all) = untrack(wanted) {
            let done = format!("Ladder “{}” saved", name.get_untracked().trim());
            save(page, all, done);
        }
    };
    view! {
        <section class="panel letter-editor" aria-labelledby="ladder-title">
            <h2 id="ladder-title">"Ladders"</h2>
            <SelectField label="Ladder" choices=choices value=chosen />
            <div class="form-row">
                <TextField label="Ladder’s name" value=name />
                <TextField label="For segments" value=segments optional=true />
            </div>
            <p class="muted">"Segments with commas between; empty: everybody without a ladder of their own."</p>
            <TextArea label="Steps" value=steps rows=6 hint=Some("One a line: days past due, template. Days before the due date have a minus: “-7 upcoming”. “30 final paper” goes on paper.".to_owned()) />
            {move || refused.get().map(|r| view! { <p class="error-text">{r}</p> })}
            <p class="muted">"Steps come one after another and as far apart as they stand here, so that none is skipped after a hold or a promise."</p>
            <p class="button-row"><Button label="Save the ladder" kind=ButtonKind::Primary refused=refused on_press=keep /></p>
        </section>
    }
}
