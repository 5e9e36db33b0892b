//! What the contact policy says of the contact in hand, in words (domain.md 7.2): before it is made,
//! and on what is logged.

use super::Account;
use crate::pages::shared::{self, clock_of, weekday_name};
use crate::platform::clock;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_insight::contact::{Plan, judge};
use duebook_ledger::Command;
use duebook_ledger::book::FactId;
use duebook_ledger::desk::{DeskCommand, Flag, Severity};
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::keys::FactKey;
use duebook_policy::contact::{Closed, Finding, Reason, Stop, Verdict, Whose, judge_verdict};
use leptos::prelude::*;

/// What rules say of a contact now. Reactive in the account's items and promises.
pub fn findings(
    account: Account,
    channel: Channel,
    outcome: Option<Outcome>,
    who: Option<FactKey>,
    now_ms: i64,
) -> Vec<Finding> {
    let late = account.items.with(|items| {
        let late: Vec<_> = items.iter().filter(|i| i.open > 0 && i.late > 0).collect();
        !late.is_empty() && late.iter().all(|i| i.disputed >= i.open)
    });
    let today = account.ws.today();
    account.promises.with(|promises| {
        account.read(|book, _| {
            let contact = match who.and_then(|key| book.find_fact(key)) {
                Some(FactId::Contact(id)) => Some(id),
                _ => None,
            };
            let plan = Plan {
                customer: account.customer,
                contact,
                channel,
                outcome,
                local: shared::local_judged(
                    &clock_of(book, account.customer),
                    now_ms,
                    &book.policies().contact,
                ),
                today,
                now_ms,
                disputed_in_full: late,
            };
            judge(book, &plan, promises)
        })
    })
}

/// As they are recorded with the contact.
pub fn flags(findings: &[Finding]) -> Vec<Flag> {
    findings
        .iter()
        .map(|f| Flag {
            rule: f.rule.code().to_owned(),
            severity: match f.verdict {
                Verdict::Block => Severity::Block,
                _ => Severity::Warn,
            },
        })
        .collect()
}

/// A rule in words.
pub fn text(finding: &Finding) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let said = match &finding.reason {
        Reason::Closed(Closed::Weekday(day)) => {
            format!("{} is no day to call there", weekday_name(*day))
        }
        Reason::Closed(Closed::Holiday(holiday, checked)) => {
            let name = if holiday.name.is_empty() {
                "a holiday"
            } else {
                &holiday.name
            };
            let checked = if *checked { "" } else { " (unverified list)" };
            format!("{name} there{checked}")
        }
        Reason::Closed(Closed::Hours { opens, closes, .. }) => {
            format!("calls there are from {} to {}", time(*opens), time(*closes))
        }
        Reason::ZoneUnknown => "it is not known what time it is there".to_owned(),
        Reason::TooMany { made, limit, next } => {
            let whose = match limit.whose {
                Whose::Person => "to this person",
                Whose::Customer => "to this customer",
            };
            let days = if limit.days == 1 {
                "today".to_owned()
            } else {
                format!("in {} days", limit.days)
            };
            format!(
                "{made} attempts {whose} {days}, {} allowed; the next from {}",
                limit.most,
                words::day(*next)
            )
        }
        Reason::TooSoon { talked, next } => {
            format!(
                "spoken to on {}; the next call from {}",
                words::day(*talked),
                words::day(*next)
            )
        }
        Reason::Stop(stop, since) => {
            let stop = match stop {
                Stop::DoNotCall => "they asked not to be called",
                Stop::Lawyer => "write to their lawyer only",
                Stop::Insolvency => "insolvency: stop and route",
            };
            format!("{stop}, {}", words::day(*since))
        }
        Reason::DisputedInFull => {
            "all that is past due is disputed: the owner of the dispute first".to_owned()
        }
        Reason::NobodyNamed => "nobody is named: name, role and company before amounts".to_owned(),
    };
    format!("{}: {said}", finding.rule.code())
}

/// The verdict on the contact in hand, and what to say where it is made all the same.
#[component]
pub fn Rules(account: Account) -> impl IntoView {
    let typed = account.typed;
    let found = Memo::new(move |_| {
        let draft = typed.draft();
        let now = account.now.get();
        let who = super::draft::fact_key(&draft.who);
        let all = findings(account, draft.channel(), draft.outcome(), who, now);
        let lines: Vec<(bool, String)> = all
            .iter()
            .map(|f| (f.verdict == Verdict::Block, text(f)))
            .collect();
        let stopped = all.iter().any(|f| matches!(f.reason, Reason::Stop(..)));
        (judge_verdict(&all), lines, stopped)
    });
    let lifting = RwSignal::new(false);
    let verdict = Memo::new(move |_| found.with(|f| f.0));
    let there = move || {
        account
            .read(|book, _| {
                let clock = clock_of(book, account.customer);
                let zone = clock.zone.as_deref()?;
                clock::local_time_in(zone, account.now.get())
                    .map(|t| format!(", {:02}:{:02} there", t.hour, t.minute))
            })
            .unwrap_or_default()
    };
    let asked = Signal::derive(move || {
        let empty = typed.fields.why.with(|w| w.trim().is_empty());
        (typed.why_asked.get() && empty).then(|| {
            "Say why in a word. Saved again without, it is recorded as made against the rule."
                .to_owned()
        })
    });
    view! {
        <div class="call-rules" role="group" aria-label="Rules of contact">
            {move || match verdict.get() {
                Verdict::Allow => view! { <Chip text=format!("allowed{}", there()) tone=Tone::Good /> }.into_any(),
                Verdict::Warn => view! { <Chip text=format!("mind{}", there()) tone=Tone::Warn /> }.into_any(),
                Verdict::Block => view! { <Chip text=format!("blocked{}", there()) tone=Tone::Danger /> }.into_any(),
            }}
            {move || found.get().1.into_iter().map(|(block, text)| {
                let class = if block { "toned tone-danger" } else { "toned tone-warn" };
                view! { <p class=class>{text}</p> }
            }).collect_view()}
            <Show when=move || found.with(|f| f.2)>
                <Button label="They may be contacted again" kind=ButtonKind::Quiet refused=account.refused() on_press=move |()| lifting.set(true) />
            </Show>
        </div>
        <LiftDialog account open=lifting />
        <Show when=move || verdict.get() == Verdict::Block>
            <TextField label="Why all the same" value=typed.fields.why id="call-why" error=asked optional=true />
        </Show>
    }
}

/// Lifts a stop, with who said so (CP-04).
#[component]
fn LiftDialog(account: Account, open: RwSignal<bool>) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let error = Signal::derive(move || {
        let empty = reason.with(|r| r.trim().is_empty());
        (tried.get() && empty).then(|| "Who said so, and how? It is kept for audit.".to_owned())
    });
    Effect::new(move |_| {
        if open.get() {
            reason.set(String::new());
            tried.set(false);
        }
    });
    let save = move |()| {
        tried.set(true);
        let mut texts = NewTexts::default();
        let reason = match texts.add(&reason.get_untracked()) {
            Ok(Some(reason)) => reason,
            Ok(None) => return,
            Err(e) => {
                return account.toasts.error(format!(
                    "Not saved: the browser gives no random numbers ({e})."
                ));
            }
        };
        let customer = account.key();
        // For what is known here; what another copy hears meanwhile stands.
        let said = account
            .ws
            .peek(|b| b.stop(account.customer, &|s| b.is_live(s)).map(|a| a.key));
        let command = Command::Desk(DeskCommand::LiftStop {
            customer,
            reason,
            said,
        });
        let done = format!("{} may be contacted again", account.name());
        account
            .ws
            .run(account.toasts, command, texts, done, closes(open));
    };
    let title = Signal::derive(move || format!("Contact {} again", account.name()));
    view! {
        <Dialog open=open title=title actions=move || view! { <Button label="Allow contact" kind=ButtonKind::Primary on_press=save /> }>
            <p>"They asked not to be called, named a lawyer or are insolvent. What was said stays on the timeline; from now on the rules of contact treat them as anybody else."</p>
            <TextField label="Who said so, and how" value=reason error=error />
        </Dialog>
    }
}
