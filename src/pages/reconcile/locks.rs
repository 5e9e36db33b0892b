//! Locked periods: what each was locked with, and unlocking on purpose.

use super::{Page, wording};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_insight::recon::{Face, Span};
use duebook_ledger::Command;
use duebook_ledger::keys::FactKey;
use duebook_ledger::recon::{LockedFigure, ReconCommand};
use leptos::prelude::*;

/// A lock as it is listed.
#[derive(Clone, PartialEq)]
struct Row {
    key: FactKey,
    span: Span,
    figures: Vec<LockedFigure>,
    note: String,
    breaks: u32,
    by: String,
    lifted: Option<String>,
}

fn rows(page: Page) -> Vec<Row> {
    page.ws.read(|b| {
        let each = b.all_locks().map(|(l, lifted)| {
            let commit = b.commit(l.commit);
            Row {
                key: l.key,
                span: Span {
                    from: l.from,
                    to: l.to,
                },
                figures: l.figures.clone(),
                note: l.note.clone(),
                breaks: l.breaks,
                by: commit.map_or(String::new(), |c| {
                    format!("{}, {}", c.actor, words::day(c.ledger_date))
                }),
                lifted: lifted.map(str::to_owned),
            }
        });
        let mut all: Vec<Row> = each.collect();
        all.reverse();
        all
    })
}

/// The tab.
#[component]
pub fn Locks(page: Page) -> impl IntoView {
    let unlocking = RwSignal::new(None::<Row>);
    let all = Memo::new(move |_| rows(page));
    view! {
        <div class="recon-part">
            {move || {
                let all = all.get();
                match all.is_empty() {
                    true => view! {
                        <Empty
                            icon=Icon::Lock
                            title="No period is locked"
                            text=Signal::stored("Lock a period once it is reconciled: nothing of ours is posted in it any more, and nothing in it undone. What the source changes in it later shows as a break.".to_owned())
                        />
                    }
                    .into_any(),
                    false => view! { {all.into_iter().map(|row| one(row, unlocking)).collect_view()} }.into_any(),
                }
            }}
        </div>
        <UnlockDialog page unlocking />
    }
}

fn one(row: Row, unlocking: RwSignal<Option<Row>>) -> impl IntoView {
    let figures = row.figures.clone();
    let (tone, state) = match &row.lifted {
        None => (Tone::Good, "Locked".to_owned()),
        Some(why) => (Tone::Warn, format!("Unlocked: {why}")),
    };
    let differs = figures
        .iter()
        .any(|f| f.difference().is_some_and(|d| d != 0));
    let face = match (differs, row.breaks) {
        (true, _) => Some("UNRECONCILED when locked".to_owned()),
        (false, 0) => None,
        (false, n) => Some(format!(
            "UNRECONCILED when locked: {} open",
            plural(n as usize, "break", "breaks", Default::default())
        )),
    };
    let stands = row.lifted.is_none();
    let label = format!("Unlock {}", wording::span(row.span));
    let for_unlock = row.clone();
    view! {
        <section class="panel" aria-label=wording::span(row.span)>
            <h2>{wording::span(row.span)} " " <Chip text=state tone=tone /> {face.map(|f| view! { " " <Chip text=f tone=Tone::Danger /> })}</h2>
            <p class="muted">{format!("By {}. {}", row.by, row.note)}</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Figures">
                <table class="plain-table">
                    <thead><tr><th scope="col">"Currency"</th><th scope="col" class="num">"Opening"</th><th scope="col" class="num">"Closing"</th><th scope="col" class="num">"At source"</th><th scope="col" class="num">"Control account"</th><th scope="col" class="num">"Difference"</th></tr></thead>
                    <tbody>
                        {figures.into_iter().map(|f| {
                            let money = |m: i64| words::amount(m, f.currency);
                            let optional = |m: Option<i64>| m.map_or("not given".to_owned(), money);
                            view! { <tr>
                                <td>{f.currency.code()}</td>
                                <td class="num">{money(f.opening)}</td>
                                <td class="num">{money(f.closing)}</td>
                                <td class="num">{money(f.at_source)}</td>
                                <td class="num">{optional(f.control)}</td>
                                <td class="num">{f.difference().map_or(String::new(), money)}</td>
                            </tr> }
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
            {stands.then(|| view! { <p class="button-row"><Button label=label on_press=move |()| unlocking.set(Some(for_unlock.clone())) /></p> })}
        </section>
    }
}

#[component]
fn UnlockDialog(page: Page, unlocking: RwSignal<Option<Row>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    Effect::new(move |_| {
        let wanted = unlocking.with(Option::is_some);
        if wanted {
            reason.set(String::new());
        }
        open.set(wanted);
    });
    let title = Signal::derive(move || {
        unlocking.with(|r| {
            r.as_ref().map_or(String::new(), |r| {
                format!("Unlock {}?", wording::span(r.span))
            })
        })
    });
    let refused = Signal::derive(move || {
        reason
            .with(|r| r.trim().is_empty())
            .then(|| "Say why: it stays on record.".to_owned())
    });
    let press = move |()| {
        let Some(row) = unlocking.get_untracked() else {
            return;
        };
        let command = ReconCommand::UnlockPeriod {
            lock: row.key,
            reason: reason.get_untracked(),
        };
        let done = format!("{} is unlocked", wording::span(row.span));
        page.ws.run(
            page.toasts,
            Command::Recon(command),
            NewTexts::default(),
            done,
            move |saved| {
                if saved.is_some() {
                    let _ = unlocking.try_set(None);
                }
            },
        );
    };
    view! {
        <Dialog
            open=open
            title=title
            on_close=Callback::new(move |()| unlocking.set(None))
            actions=move || view! { <Button label="Unlock" kind=ButtonKind::Primary refused=refused on_press=press /> }
        >
            <p>"Postings dated in it are taken again. The figures it was locked with stay on record, and so does your reason."</p>
            <TextField label="Reason" value=reason />
        </Dialog>
    }
}

/// Locks the period shown.
#[component]
pub fn LockDialog(page: Page) -> impl IntoView {
    let note = RwSignal::new(String::new());
    let state = move || {
        page.found.with(|f| {
            let f = f.as_ref()?;
            Some((f.face(), f.register.open().count(), f.span))
        })
    };
    let refused = Signal::derive(move || {
        let today = page.ws.today();
        match state() {
            None => Some("It is being worked out.".to_owned()),
            Some((_, _, span)) if span.to > today => Some(format!(
                "The period ends {}: lock it once it is over, or choose other days.",
                words::day(span.to)
            )),
            Some((Face::Unreconciled, ..)) if note.with(|n| n.trim().is_empty()) => {
                Some("It is UNRECONCILED: say why it is locked all the same.".to_owned())
            }
            Some(_) => None,
        }
    });
    let press = move |()| {
        let Some((_, breaks, span)) = untrack(state) else {
            return;
        };
        let command = ReconCommand::LockPeriod {
            from: span.from,
            to: span.to,
            note: note.get_untracked(),
            breaks: u32::try_from(breaks).unwrap_or(u32::MAX),
        };
        let done = format!("{} is locked", wording::span(span));
        page.ws.run(
            page.toasts,
            Command::Recon(command),
            NewTexts::default(),
            done,
            move |saved| {
                if saved.is_some() {
                    let _ = page.locking.try_set(false);
                    let _ = note.try_set(String::new());
                }
            },
        );
    };
    let title = Signal::derive(move || format!("Lock {}?", wording::span(page.span.get())));
    view! {
        <Dialog
            open=page.locking
            title=title
            actions=move || view! { <Button label="Lock the period" kind=ButtonKind::Primary refused=refused on_press=press /> }
        >
            {move || state().map(|(face, open, _)| match face != Face::Unreconciled {
                true => view! { <p>"Nothing of ours is posted in it any more, and nothing in it undone, until somebody unlocks it with a reason. Files of the source still come in; what they change in it shows as a break."</p> }.into_any(),
                false => view! {
                    <Callout tone=Tone::Danger title="UNRECONCILED">
                        {format!("{} open. The lock keeps that on its face.", plural(open, "break is", "breaks are", Default::default()))}
                    </Callout>
                }
                .into_any(),
            })}
            <TextField label="Remark" value=note optional=true />
        </Dialog>
    }
}
