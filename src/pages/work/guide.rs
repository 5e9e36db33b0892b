//! The call guide: how a call is built, what to answer, and the ladder of offers, each rung of
//! which wants the one before refused with a reason (domain.md 9.3).

use crate::pages::shared::account::Account;
use crate::ui::prelude::*;
use leptos::prelude::*;

const STEPS: [(&str, &str); 10] = [
    (
        "Prepare",
        "Balance, items, the last three contacts, promises, disputes, money not applied.",
    ),
    (
        "Open and verify",
        "Name, role, company; no amounts to anybody else.",
    ),
    ("Purpose", "One sentence: invoices, total, days."),
    ("Ask", "One open question, then silence."),
    (
        "Diagnose",
        "Received? Approved? Purchase order? Dispute? Cash? Who decides? When is the run?",
    ),
    ("Negotiate", "Down the ladder, one rung at a time."),
    ("Commitment", "Amount, date, method, reference, name."),
    (
        "Recap",
        "Say it back, and what follows if it does not come.",
    ),
    ("Confirm", "In writing, the same day."),
    (
        "Note",
        "Who, what was said, commitment, obstacle, next step.",
    ),
];

const OBJECTIONS: [(&str, &str); 12] = [
    (
        "Not received",
        "Send it now and stay on the line until it is there. The due date stays as it is until billing says otherwise.",
    ),
    (
        "No purchase order",
        "Get the number now, or who gives it, and by when.",
    ),
    (
        "Waits for approval",
        "Who approves, and when? Offer what proves the delivery.",
    ),
    (
        "In the next run",
        "Which date, and what is the cut-off? The reference of the transfer afterwards.",
    ),
    (
        "The cheque is in the post",
        "Number, date, amount, courier’s reference.",
    ),
    ("No cash", "What is possible today? Then a plan with dates."),
    (
        "It is disputed",
        "Take down the part that is disputed. The rest is due: when?",
    ),
    (
        "Already paid",
        "Value date, amount, reference, bank. Look before asking again.",
    ),
    (
        "That person left",
        "Who has the desk now? Ask to be put through.",
    ),
    (
        "Speak to somebody else",
        "Ask to be put through with a word of what it is about.",
    ),
    (
        "You owe us",
        "Which document, how much, since when? Take it down; the rest is due.",
    ),
    (
        "Insolvency, illness, distress",
        "Stop, thank them, and route it: no further call.",
    ),
];

const LADDER: [&str; 7] = [
    "All of it today",
    "All of it with the next run",
    "Part today, the rest on a date",
    "Two or three parts within 30 days",
    "A plan of up to 90 days, with a first payment and the debt acknowledged",
    "A settlement within authority",
    "Escalate",
];

/// The panels, closed until wanted.
#[component]
pub fn Guide(account: Account) -> impl IntoView {
    let objection = RwSignal::new(String::new());
    let choices: Vec<Choice> = std::iter::once(Choice::new("", "What do they say?"))
        .chain(OBJECTIONS.iter().map(|(said, _)| Choice::new(*said, *said)))
        .collect();
    let answer = move || {
        let said = objection.get();
        OBJECTIONS
            .iter()
            .find(|(o, _)| *o == said)
            .map(|(_, answer)| *answer)
    };
    let rung = RwSignal::new(0usize);
    let refused = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let next = move |()| {
        let why = refused.get_untracked().trim().to_owned();
        missing.set(why.is_empty());
        let at = rung.get_untracked();
        let Some(offer) = LADDER.get(at).filter(|_| !why.is_empty()) else {
            return;
        };
        account.typed.fields.note.update(|note| {
            let gap = if note.trim().is_empty() { "" } else { "\n" };
            *note = format!("{}{gap}{offer}: refused, {why}.", note.trim_end());
        });
        refused.set(String::new());
        rung.set((at + 1).min(LADDER.len() - 1));
    };
    let error = Signal::derive(move || {
        missing
            .get()
            .then(|| "Why was it refused? It goes into the note.".to_owned())
    });
    let last = move || rung.get() + 1 == LADDER.len();
    let steps = STEPS
        .iter()
        .map(|(name, text)| view! { <li><strong>{*name}</strong> " " <span class="faint">{*text}</span></li> })
        .collect_view();
    let rungs = LADDER
        .iter()
        .enumerate()
        .map(|(n, text)| {
            let here = move || (rung.get() == n).then_some("step");
            let done = move || rung.get() > n;
            view! { <li aria-current=here class:faint=done>{*text}</li> }
        })
        .collect_view();
    view! {
        <div class="pane-body guide">
            <details>
                <summary>"Call guide"</summary>
                <ol class="guide-steps">{steps}</ol>
            </details>
            <details>
                <summary>"Objections"</summary>
                <SelectField label="They say" choices=choices value=objection />
                {move || answer().map(|text| view! { <p>{text}</p> })}
            </details>
            <details>
                <summary>"Negotiate"</summary>
                <ol class="guide-steps ladder">{rungs}</ol>
                <Show when=move || !last()>
                    <TextField label="Refused, because" value=refused error=error />
                    <Button label="Next offer" kind=ButtonKind::Quiet on_press=next />
                </Show>
                <Show when=last><p class="faint">"Above your limits: ask who decides (e)."</p></Show>
            </details>
        </div>
    }
}
