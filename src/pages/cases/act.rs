//! What is done with the case in hand: moved on, closed, opened again, answered, noted, put up.

use super::{Page, wording};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_insight::cases::{CaseRow, answer_by};
use duebook_ledger::Command;
use duebook_ledger::cases::{CaseClose, CaseCommand, CaseEdit, CaseState, SaidKind};
use duebook_ledger::keys::FactKey;
use leptos::prelude::*;

/// What is asked in the dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Move,
    Close,
    Reopen,
    Note,
    Answer,
    Escalate,
    /// Its reason, root cause and ticket.
    Change,
    /// The answer to a question that was put up.
    Answered(FactKey),
}

impl Asked {
    /// The key that asks for it.
    pub fn of_key(key: &str) -> Option<Asked> {
        Some(match key {
            "m" => Asked::Move,
            "x" => Asked::Close,
            "o" => Asked::Reopen,
            "n" => Asked::Note,
            "a" => Asked::Answer,
            "e" => Asked::Escalate,
            _ => return None,
        })
    }
    /// Whether it can be done with a case as it stands.
    pub fn fits(self, row: &CaseRow) -> bool {
        match self {
            Asked::Move | Asked::Close => !row.is_over(),
            Asked::Reopen => row.is_over(),
            _ => true,
        }
    }
    fn title(self, number: &str) -> String {
        match self {
            Asked::Move => format!("Move {number} on"),
            Asked::Close => format!("Close {number}"),
            Asked::Reopen => format!("Open {number} again"),
            Asked::Note => format!("Note on {number}"),
            Asked::Answer => format!("Answer on {number}"),
            Asked::Escalate => format!("Escalate {number}"),
            Asked::Change => format!("Change {number}"),
            Asked::Answered(_) => format!("Answer to the question on {number}"),
        }
    }
    fn verb(self) -> &'static str {
        match self {
            Asked::Move => "Move it on",
            Asked::Close => "Close the case",
            Asked::Reopen => "Open it again",
            Asked::Note => "Keep the note",
            Asked::Answer | Asked::Answered(_) => "Keep the answer",
            Asked::Escalate => "Put the question",
            Asked::Change => "Save what changed",
        }
    }
}

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    state: RwSignal<String>,
    department: RwSignal<String>,
    owner: RwSignal<String>,
    close: RwSignal<String>,
    text: RwSignal<String>,
    by: RwSignal<String>,
    reason: RwSignal<String>,
    due: RwSignal<String>,
    code: RwSignal<String>,
    root: RwSignal<String>,
    ticket: RwSignal<String>,
}

const STATES: [(&str, CaseState); 6] = [
    ("triaged", CaseState::Triaged),
    ("owner", CaseState::WithOwner),
    ("waiting", CaseState::WaitingCustomer),
    ("proposed", CaseState::Proposed),
    ("approved", CaseState::Approved),
    ("executed", CaseState::Executed),
];

const CLOSES: [(&str, CaseClose); 5] = [
    ("valid", CaseClose::Valid),
    ("invalid", CaseClose::Invalid),
    ("split", CaseClose::Split),
    ("withdrawn", CaseClose::Withdrawn),
    ("answered", CaseClose::Answered),
];

/// The dialog of whatever is asked.
#[component]
pub fn Dialogs(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    let text = || RwSignal::new(String::new());
    let typed = Typed {
        state: text(),
        department: text(),
        owner: text(),
        close: text(),
        text: text(),
        by: text(),
        reason: text(),
        due: text(),
        code: text(),
        root: text(),
        ticket: text(),
    };
    let tried = RwSignal::new(false);
    // Kept while the dialog is open: the case in hand may change behind it.
    let kept = RwSignal::new(None::<(Asked, CaseRow)>);
    Effect::new(move |_| {
        let Some(asked) = page.asked.get() else {
            return;
        };
        let Some(row) = untrack(|| page.in_hand()) else {
            return;
        };
        tried.set(false);
        prepare(page, typed, asked, &row);
        kept.set(Some((asked, row)));
        open.set(true);
    });
    let title = Signal::derive(move || {
        kept.with(|k| {
            k.as_ref()
                .map_or(String::new(), |(a, r)| a.title(&r.number))
        })
    });
    let label = Signal::derive(move || {
        kept.with(|k| k.as_ref().map_or("", |(a, _)| a.verb()))
            .to_owned()
    });
    let due_error = Signal::derive(move || {
        let escalates = kept.with(|k| matches!(k, Some((Asked::Escalate, _))));
        (tried.get() && escalates && day_of(page, &typed.due.get()).is_none())
            .then(|| "A date, such as 30 nov, or +2 for two days from now.".to_owned())
    });
    let save = move |()| {
        tried.set(true);
        let Some((asked, row)) = kept.get_untracked() else {
            return;
        };
        if matches!(asked, Asked::Escalate) && day_of(page, &typed.due.get_untracked()).is_none() {
            return;
        }
        submit(page, typed, asked, &row, open);
    };
    view! {
        <Dialog
            open=open
            title=title
            on_close=move |()| page.asked.set(None)
            actions=move || view! { <Button label=label kind=ButtonKind::Primary refused=page.refused() on_press=save /> }
        >
            <form
                class="case-form"
                on:submit=move |event| {
                    event.prevent_default();
                    save(());
                }
            >
                // Enter in any field saves: a form of several fields needs a button for it.
                <button type="submit" hidden></button>
                {move || kept.get().map(|(asked, row)| view! { <Fields page typed asked row due_error /> })}
            </form>
        </Dialog>
    }
}

/// A day as people write it: a number of days, a date, "tomorrow".
fn day_of(page: Page, text: &str) -> Option<duebook_money::Day> {
    crate::pages::shared::account::typed_day(text, page.ws.today_untracked())
}

fn prepare(page: Page, typed: Typed, asked: Asked, row: &CaseRow) {
    let all = [typed.text, typed.by, typed.reason, typed.due];
    all.iter().for_each(|s| s.set(String::new()));
    typed.code.set(row.reason.clone());
    typed.root.set(root_cause(page, row));
    typed.ticket.set(row.ticket.clone());
    typed.department.set(row.department.clone());
    typed.owner.set(row.owner.clone());
    let next = match row.state {
        CaseState::New | CaseState::Reopened => "triaged",
        CaseState::Approved => "executed",
        CaseState::Triaged | CaseState::WithOwner => "owner",
        _ => "owner",
    };
    typed.state.set(next.to_owned());
    typed
        .close
        .set(if row.query { "answered" } else { "valid" }.to_owned());
    if row.department.is_empty() {
        let own = page.ws.peek(|b| {
            let reason = b.policies().cases.reason(&row.reason);
            reason.map_or(String::new(), |r| r.department.clone())
        });
        typed.department.set(own);
    }
    if asked == Asked::Escalate {
        let today = page.ws.today_untracked();
        let by = page.ws.peek(|b| answer_by(b, today));
        typed.due.set(by.to_string());
        // A level that nobody was told of: to whom, why and what stand there already.
        if let Some(due) = &row.due {
            let name = page.ws.peek(|b| wording::customer(b, row));
            typed.by.set(due.to.clone());
            typed.reason.set(wording::level_reason(due));
            typed.text.set(wording::level_question(row, &name));
        }
    }
}

/// What in truth caused a case, as it was said; empty where nobody did.
pub fn root_cause(page: Page, row: &CaseRow) -> String {
    page.ws.peek(|b| {
        let case = b.case(row.id);
        case.map_or(String::new(), |c| {
            c.root_cause_now(&|s| b.is_live(s)).to_owned()
        })
    })
}

/// What of a case was changed.
fn edits(page: Page, typed: Typed, row: &CaseRow) -> Vec<CaseEdit> {
    let get = |s: RwSignal<String>| s.get_untracked().trim().to_owned();
    let (code, root, ticket) = (get(typed.code), get(typed.root), get(typed.ticket));
    let mut out = Vec::new();
    if code != row.reason {
        out.push(CaseEdit::Reason(code));
    }
    if root != root_cause(page, row) {
        out.push(CaseEdit::RootCause(root));
    }
    if ticket != row.ticket {
        out.push(CaseEdit::Ticket(ticket));
    }
    out
}

#[component]
fn Fields(
    page: Page,
    typed: Typed,
    asked: Asked,
    row: CaseRow,
    due_error: Signal<Option<String>>,
) -> impl IntoView {
    let departments = Signal::stored(page.ws.peek(|b| {
        let all = b.policies().cases.all_departments();
        let mut list = vec![Choice::new("", "Nobody yet")];
        list.extend(all.into_iter().map(|d| Choice::new(d, d)));
        if !row.department.is_empty() && !list.iter().any(|c| c.value == row.department) {
            list.push(Choice::new(row.department.clone(), row.department.clone()));
        }
        list
    }));
    let from = row.state;
    let states = STATES.iter().filter(|(_, s)| from.may_become(*s));
    let states: Vec<Choice> = states
        .map(|(id, s)| Choice::new(*id, words::cases::state(*s)))
        .collect();
    let states = Signal::stored(states);
    let closes = CLOSES
        .iter()
        .filter(|(id, _)| (*id == "answered") == row.query);
    let closes: Vec<Choice> = closes
        .map(|(id, c)| Choice::new(*id, words::cases::close(*c)))
        .collect();
    let closes = Signal::stored(closes);
    let hint = Signal::stored((!row.query).then(|| {
        "Owed as billed: it goes back into the chase at its step, late from its first due date."
            .to_owned()
    }));
    let reasons = page.ws.peek(|b| {
        let all = b.policies().cases.reasons.iter();
        all.map(|r| Choice::new(r.code.clone(), format!("{}: {}", r.code, r.name)))
            .collect::<Vec<_>>()
    });
    match asked {
        Asked::Change => {
            let mut roots = vec![Choice::new("", "As the reason says")];
            roots.extend(reasons.iter().cloned());
            let own = typed.root.get_untracked();
            if !roots.iter().any(|c| c.value == own) {
                roots.push(Choice::new(own.clone(), own));
            }
            let hint = "What in truth caused it: the figures count it under this.".to_owned();
            view! {
                <SelectField label="Reason" value=typed.code choices=Signal::stored(reasons) />
                <SelectField label="Root cause" value=typed.root choices=Signal::stored(roots) hint=Signal::stored(Some(hint)) />
                <TextField label="Their ticket" value=typed.ticket optional=true />
            }
            .into_any()
        }
        Asked::Move => view! {
            <SelectField label="It is now" value=typed.state choices=states />
            <div class="row">
                <SelectField label="Department" value=typed.department choices=departments />
                <TextField label="Person there" value=typed.owner optional=true />
            </div>
            <TextArea label="Why" value=typed.text optional=true />
        }
        .into_any(),
        Asked::Close => view! {
            <SelectField label="How it ended" value=typed.close choices=closes hint=hint />
            <TextArea label="Why, and what proves it" value=typed.text optional=true />
        }
        .into_any(),
        Asked::Reopen => view! {
            <SelectField label="Department" value=typed.department choices=departments />
            <TextArea label="Why" value=typed.text optional=true />
        }
        .into_any(),
        Asked::Note => view! { <TextArea label="Note" value=typed.text /> }.into_any(),
        Asked::Answer => view! {
            <TextField label="Who answered" value=typed.by optional=true />
            <TextArea label="Their answer, pasted" value=typed.text rows=6 />
        }
        .into_any(),
        Asked::Answered(_) => view! {
            <TextField label="Who answered" value=typed.by />
            <TextArea label="The answer" value=typed.text />
        }
        .into_any(),
        Asked::Escalate => view! {
            <div class="row">
                <TextField label="To: a person or a level" value=typed.by />
                <TextField label="Answer wanted by" value=typed.due error=due_error />
            </div>
            <TextField label="Reason" value=typed.reason optional=true />
            <TextArea label="The question" value=typed.text />
        }
        .into_any(),
    }
}

fn submit(page: Page, typed: Typed, asked: Asked, row: &CaseRow, open: RwSignal<bool>) {
    let Some(case) = page.ws.peek(|b| b.case(row.id).map(|c| c.key)) else {
        return;
    };
    let mut texts = NewTexts::default();
    let text = match texts.add(&typed.text.get_untracked()) {
        Ok(text) => text,
        Err(e) => {
            return page
                .toasts
                .error(format!("Not saved: {e}. Nothing was lost; try again."));
        }
    };
    let get = |s: RwSignal<String>| s.get_untracked();
    let go = |state, close| CaseCommand::Move {
        case,
        state,
        department: match state {
            CaseState::WaitingCustomer | CaseState::Closed => String::new(),
            _ => get(typed.department),
        },
        owner: match state {
            CaseState::WaitingCustomer | CaseState::Closed | CaseState::Reopened => String::new(),
            _ => get(typed.owner),
        },
        close,
        note: text,
    };
    let say = |kind, by| CaseCommand::Say {
        cases: vec![case],
        kind,
        text,
        by,
    };
    let number = row.number.clone();
    let (command, done) = match asked {
        Asked::Move => {
            let id = get(typed.state);
            let Some((_, state)) = STATES.iter().find(|(s, _)| *s == id) else {
                return;
            };
            let name = words::cases::state(*state);
            (
                go(*state, None),
                format!("{number}: {}", name.to_lowercase()),
            )
        }
        Asked::Close => {
            let id = get(typed.close);
            let Some((_, close)) = CLOSES.iter().find(|(c, _)| *c == id) else {
                return;
            };
            let how = words::cases::close(*close);
            (
                go(CaseState::Closed, Some(*close)),
                format!("{number} closed: {how}"),
            )
        }
        Asked::Reopen => (
            go(CaseState::Reopened, None),
            format!("{number} is open again"),
        ),
        Asked::Note => (
            say(SaidKind::Note, String::new()),
            format!("Note kept on {number}"),
        ),
        Asked::Answer => (
            say(SaidKind::Answer, get(typed.by)),
            format!("Answer kept on {number}"),
        ),
        Asked::Answered(escalation) => (
            CaseCommand::AnswerEscalation {
                escalation,
                text,
                by: get(typed.by),
            },
            format!("Answer kept on {number}"),
        ),
        Asked::Change => (
            CaseCommand::EditAll {
                case,
                edits: edits(page, typed, row),
            },
            format!("{number} changed"),
        ),
        Asked::Escalate => {
            let Some(customer) = page.ws.peek(|b| b.customer_key(row.customer)) else {
                return;
            };
            let Some(due) = day_of(page, &get(typed.due)) else {
                return;
            };
            let to = get(typed.by);
            let done = format!("{number} put to {}", to.trim());
            let command = CaseCommand::Escalate {
                customer,
                case: Some(case),
                to,
                reason: get(typed.reason),
                question: text,
                due,
                level: row.due.as_ref().map(|d| d.level),
            };
            (command, done)
        }
    };
    page.ws.run(
        page.toasts,
        Command::Case(command),
        texts,
        done,
        closes(open),
    );
}
