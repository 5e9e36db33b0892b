//! The case in hand: who has it, its clocks, its money, items, evidence, and all that was said.

use super::act::{self, Asked};
use super::join::Joining;
use super::{Page, mail, request, wording};
use crate::pages::account_href;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::cases::{CaseRow, history, wanted};
use duebook_ledger::Command;
use duebook_ledger::cases::{CaseCommand, EvidenceState};
use duebook_money::Day;
use leptos::prelude::*;

/// The panel.
#[component]
pub fn Detail(page: Page) -> impl IntoView {
    move || match page.in_hand() {
        Some(row) => view! { <One page row /> }.into_any(),
        None => ().into_any(),
    }
}

#[component]
fn One(page: Page, row: CaseRow) -> impl IntoView {
    let today = page.ws.today_untracked();
    let (name, why) = page.ws.peek(|b| {
        (
            wording::customer(b, &row),
            words::cases::reason(b, &row.reason),
        )
    });
    let href = account_href(page.ws, row.customer).unwrap_or_default();
    let who = wording::with_whom(&row);
    let held = match (row.is_over(), who.is_empty()) {
        (true, _) => format!("{}, {}", wording::stands(&row), words::day(row.since)),
        (false, true) => format!(
            "Nobody has it yet, since {}",
            words::cases::since(row.since, today)
        ),
        (false, false) => format!(
            "With {who} since {} ({})",
            words::day(row.since),
            words::cases::since(row.since, today)
        ),
    };
    let clocks = (!row.is_over()).then(|| {
        let step = row.step.map(|c| (c.level, words::cases::clock_sentence("This step", &c)));
        let whole = (row.cycle.level, words::cases::clock_sentence("In all", &row.cycle));
        step.into_iter()
            .chain([whole])
            .map(|(level, text)| {
                let tone = match level {
                    0 => Tone::Neutral,
                    1 => Tone::Warn,
                    _ => Tone::Danger,
                };
                view! { <p class="case-clock"><span class=format!("toned {}", tone.class())>{text}</span></p> }
            })
            .collect_view()
    });
    let question = row.question.as_ref().map(|q| {
        let tone = if q.overdue { Tone::Danger } else { Tone::Neutral };
        let text = wording::question(q, today);
        view! { <p class="case-clock"><span class=format!("toned {}", tone.class())>{text}</span></p> }
    });
    let due = row.due.as_ref().map(|due| {
        let text = wording::to_escalate(due);
        view! {
            <Callout tone=Tone::Warn>
                {text}" "
                <Button label="Raise escalation" refused=page.refused() on_press=move |()| page.asked.set(Some(Asked::Escalate)) />
            </Callout>
        }
    });
    let late = row.late.then(|| {
        view! {
            <Chip text="late dispute: raised after the due date".to_owned() tone=Tone::Warn />
        }
    });
    let root = act::root_cause(page, &row);
    let root = (!root.is_empty()).then(|| {
        let name = page.ws.peek(|b| words::cases::reason(b, &root));
        format!("Root cause: {name}")
    });
    let ticket = (!row.ticket.is_empty()).then(|| format!("Their ticket: {}", row.ticket));
    // On paper the case says first what is asked of whoever gets it.
    let ask = (!row.is_over()).then(|| {
        let (what, by) = wanted(&row);
        let of = match who.as_str() {
            "" => "whoever takes it",
            who => who,
        };
        format!("Asked of {of}: {what}, by {}.", words::day(by))
    });
    let ledger = (!row.query).then(|| view! { <Ledger row=row.clone() /> });
    view! {
        <section class="panel print-alone" aria-label="Case in hand">
            <h2>{format!("{} {why}", row.number)}</h2>
            {ask.map(|ask| view! { <p class="print-only">{ask}</p> })}
            <div class="case-facts">
                <p><a href=href>{name}</a>{format!(", raised {}", words::day(row.opened_on))}" "{late}</p>
                <p>{held}</p>
                {clocks}
                {due}
                {question}
                {root.map(|r| view! { <p class="muted">{r}</p> })}
                {ticket.map(|t| view! { <p class="muted">{t}</p> })}
            </div>
            <Acts page row=row.clone() />
            {ledger}
            <request::Requests page row=row.clone() />
            <Items page row=row.clone() />
            <EvidenceList page row=row.clone() />
            <Story page row=row.clone() />
        </section>
    }
}

#[component]
fn Acts(page: Page, row: CaseRow) -> impl IntoView {
    let ask = move |asked: Asked| move |()| page.asked.set(Some(asked));
    let refused = page.refused();
    let over = row.is_over();
    let mailed = row.clone();
    view! {
        <p class="button-row">
            {if over {
                view! { <Button label="Open again" keys="o" refused=refused on_press=ask(Asked::Reopen) /> }.into_any()
            } else {
                view! {
                    {(!row.query).then(|| view! {
                        <Button label="Resolve" keys="r" kind=ButtonKind::Primary refused=refused on_press=move |()| page.resolving.set(true) />
                    })}
                    <Button label="Move on" keys="m" refused=refused on_press=ask(Asked::Move) />
                    <Button label="Close" keys="x" refused=refused on_press=ask(Asked::Close) />
                }.into_any()
            }}
            <Button label="Copy as mail" keys="w" icon=Icon::Mail on_press=move |()| mail::copy(page, &mailed) />
            <Button label="Answer" keys="a" kind=ButtonKind::Quiet refused=refused on_press=ask(Asked::Answer) />
            <Button label="Note" keys="n" kind=ButtonKind::Quiet refused=refused on_press=ask(Asked::Note) />
            <Button label="Escalate" keys="e" kind=ButtonKind::Quiet refused=refused on_press=ask(Asked::Escalate) />
            <Button label="Change" kind=ButtonKind::Quiet refused=refused on_press=ask(Asked::Change) />
            {(!over).then(|| view! {
                <Button label="Merge" kind=ButtonKind::Quiet refused=refused on_press=move |()| page.joining.set(Some(Joining::Merge)) />
                {(!row.query).then(|| view! {
                    <Button label="Split" kind=ButtonKind::Quiet refused=refused on_press=move |()| page.joining.set(Some(Joining::Split)) />
                    <Button label="What is contested" kind=ButtonKind::Quiet refused=refused on_press=move |()| page.joining.set(Some(Joining::Lines)) />
                })}
            })}
            <mail::PackMenu page row />
        </p>
    }
}

/// DS-01: the parts sum to what was contested.
#[component]
fn Ledger(row: CaseRow) -> impl IntoView {
    let currency = row.currency;
    let parts = wording::ledger(&row.money);
    let parts = parts
        .into_iter()
        .filter(|(label, minor)| *minor != 0 || *label == "Contested now");
    view! {
        <h3>"Money"</h3>
        <dl class="cash-sum">
            {parts
                .map(|(label, minor)| view! {
                    <div><dt>{label}</dt><dd class="num">{words::amount(minor, currency)}</dd></div>
                })
                .collect_view()}
            <div class="total">
                <dt>"Contested when raised"</dt>
                <dd class="num">{words::money(row.money.original, currency)}</dd>
            </div>
        </dl>
    }
}

#[component]
fn Items(page: Page, row: CaseRow) -> impl IntoView {
    let lines = page.ws.peek(|b| {
        let live = |s| b.is_live(s);
        let case = b.case(row.id)?;
        let lines = case.lines_now(&live).iter().filter_map(|line| {
            let item = b.item(b.current(line.item))?;
            let shares = b.case_shares(item.id, Day(i32::MAX), &live);
            let share = shares.iter().find(|s| s.case == row.id && s.line == *line);
            let contested = share.map_or(0, |s| s.money.disputed);
            let key = b.item_key(item.id)?;
            let due = duebook_ledger::items::day(b.due_of(&item));
            Some((
                words::item(&key),
                due,
                item.open(),
                contested,
                item.currency(),
            ))
        });
        Some(lines.collect::<Vec<_>>())
    });
    let lines = lines.unwrap_or_default();
    (!lines.is_empty()).then(|| {
        let rows = lines.into_iter().map(|(number, due, open, contested, currency)| {
            let due = due.map_or("–".to_owned(), words::day);
            view! {
                <tr>
                    <td>{number}</td>
                    <td>{due}</td>
                    <td class="num">{words::amount(open, currency)}</td>
                    <td class="num">{words::amount(contested, currency)}</td>
                </tr>
            }
        });
        view! {
            <h3>"Items"</h3>
            <table class="case-items">
                <thead>
                    <tr><th>"Document"</th><th>"Due"</th><th class="num">"Open"</th><th class="num">"Contested"</th></tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
    })
}

#[component]
fn EvidenceList(page: Page, row: CaseRow) -> impl IntoView {
    let (key, list) = page.ws.peek(|b| {
        let case = b.case(row.id);
        let list = case.map(|c| c.evidence_now(&|s| b.is_live(s)));
        let list = list.unwrap_or_default().into_iter();
        let list: Vec<(String, EvidenceState)> = list.map(|(w, s, _)| (w.to_owned(), s)).collect();
        (case.map(|c| c.key), list)
    });
    let set = move |what: String, state: EvidenceState| {
        let Some(case) = key else { return };
        let done = format!("{what}: {}", words::cases::evidence(state));
        let command = Command::Case(CaseCommand::SetEvidence {
            case,
            what,
            state,
            text: None,
        });
        page.ws
            .run(page.toasts, command, Default::default(), done, |_| {});
    };
    let over = row.is_over();
    (!list.is_empty()).then(|| {
        let rows = list.into_iter().map(|(what, state)| {
            let next = match state {
                EvidenceState::Wanted | EvidenceState::NotNeeded => EvidenceState::There,
                EvidenceState::There => EvidenceState::Wanted,
            };
            let tone = match state {
                EvidenceState::There => Tone::Good,
                EvidenceState::Wanted => Tone::Warn,
                EvidenceState::NotNeeded => Tone::Muted,
            };
            let label = match next {
                EvidenceState::There => "It is there",
                _ => "Not there",
            };
            let (name, other) = (what.clone(), what.clone());
            view! {
                <li class="case-evidence">
                    <span>{what}</span>
                    <Chip text=words::cases::evidence(state).to_owned() tone=tone />
                    {(!over).then(|| view! {
                        <Button label=format!("{label}") kind=ButtonKind::Quiet refused=page.refused() on_press=move |()| set(name.clone(), next) />
                        {(state == EvidenceState::Wanted).then(|| view! {
                            <Button label="Not needed" kind=ButtonKind::Quiet refused=page.refused() on_press=move |()| set(other.clone(), EvidenceState::NotNeeded) />
                        })}
                    })}
                </li>
            }
        });
        view! { <h3>"Evidence"</h3><ul class="case-list">{rows.collect_view()}</ul> }
    })
}

#[component]
fn Story(page: Page, row: CaseRow) -> impl IntoView {
    let told = page.ws.peek_all(|b, texts| {
        let all = history(b, row.id, page.ws.today_untracked(), &words::day);
        let said = |text| texts.get(text).unwrap_or("erased").to_owned();
        let told = all.into_iter().map(|t| {
            let text = t.text.map(said).unwrap_or_default();
            (t, text)
        });
        told.collect::<Vec<_>>()
    });
    let rows = told.into_iter().map(|(t, text)| {
        let actor = page.ws.peek(|b| b.commit(t.commit).map(|c| c.actor.clone()));
        let stamp = format!("{}, {}", words::day(t.on), actor.unwrap_or_default());
        view! {
            <li>
                <p><strong>{t.head}</strong>" "<span class="faint">{stamp}</span></p>
                {(!text.is_empty()).then(|| view! { <p class="case-words">{text}</p> })}
                {t.waits.map(|key| view! {
                    <Button label="It was answered" kind=ButtonKind::Quiet refused=page.refused() on_press=move |()| page.asked.set(Some(Asked::Answered(key))) />
                })}
            </li>
        }
    });
    view! { <h3>"What happened"</h3><ol class="case-list case-story">{rows.collect_view()}</ol> }
}
