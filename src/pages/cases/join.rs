//! Two cases become one, or one becomes two: what is contested moves with its case, and no amount is
//! contested twice or lost.

use super::Page;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_insight::cases::CaseRow;
use duebook_ledger::Command;
use duebook_ledger::cases::CaseCommand;
use duebook_ledger::keys::ItemKey;
use duebook_money::Day;
use leptos::prelude::*;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joining {
    Merge,
    Split,
}

/// A line of the case in hand: the document, what is contested of it, and how much of that goes.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    key: ItemKey,
    contested: i64,
    goes: RwSignal<String>,
}

/// What the dialog works on, while it is open.
#[derive(Clone, Copy)]
struct Typed {
    /// Number of the case that another becomes a part of.
    into: RwSignal<String>,
    /// The cases it could be.
    others: RwSignal<Vec<CaseRow>>,
    parts: RwSignal<Vec<Part>>,
    reason: RwSignal<String>,
}

/// The dialog of either.
#[component]
pub fn JoinDialog(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    let kept = RwSignal::new(None::<(Joining, CaseRow)>);
    let typed = Typed {
        into: RwSignal::new(String::new()),
        others: RwSignal::new(Vec::new()),
        parts: RwSignal::new(Vec::new()),
        reason: RwSignal::new(String::new()),
    };
    Effect::new(move |_| {
        let Some(joining) = page.joining.get() else {
            return;
        };
        if let Some(row) = untrack(|| page.in_hand()) {
            let list = others(page, &row);
            let first = list.first().map_or(String::new(), |r| r.number.clone());
            typed.into.set(first);
            typed.others.set(list);
            typed.parts.set(parts_of(page, &row));
            typed.reason.set(row.reason.clone());
            kept.set(Some((joining, row)));
            open.set(true);
        }
    });
    let title = Signal::derive(move || match kept.get() {
        Some((Joining::Merge, row)) => format!("Merge {} into another case", row.number),
        Some((Joining::Split, row)) => format!("Split {}", row.number),
        None => String::new(),
    });
    let label = Signal::derive(move || {
        match kept.get() {
            Some((Joining::Split, _)) => "Split the case",
            _ => "Merge them",
        }
        .to_owned()
    });
    let refused = Signal::derive(move || {
        page.refused().get().or_else(|| match kept.get()? {
            (Joining::Merge, _) => typed.others.with(Vec::is_empty).then(|| {
                "The customer has no other open case of its kind and currency.".to_owned()
            }),
            (Joining::Split, row) => going(typed, &row).err(),
        })
    });
    let save = move |()| {
        // Enter in a field comes here too: what the button refuses is not tried; why stands beside it.
        if untrack(|| refused.get()).is_some() {
            return;
        }
        match kept.get_untracked() {
            Some((Joining::Merge, row)) => merge(page, typed, &row, open),
            Some((Joining::Split, row)) => split(page, typed, &row, open),
            None => {}
        }
    };
    view! {
        <Dialog
            open=open
            title=title
            on_close=move |()| page.joining.set(None)
            actions=move || view! { <Button label=label kind=ButtonKind::Primary refused=refused on_press=save /> }
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
                {move || kept.get().map(|(joining, row)| match joining {
                    Joining::Merge => view! { <MergeFields page typed row /> }.into_any(),
                    Joining::Split => view! { <SplitFields page typed row /> }.into_any(),
                })}
                <p class="muted" role="status">{move || refused.get()}</p>
            </form>
        </Dialog>
    }
}

/// The open cases that one could be part of: of the same customer, currency and kind.
fn others(page: Page, row: &CaseRow) -> Vec<CaseRow> {
    page.all.with_untracked(|all| {
        let fits = |r: &&CaseRow| {
            r.id != row.id
                && !r.is_over()
                && (r.customer, r.currency, r.query) == (row.customer, row.currency, row.query)
        };
        all.iter().filter(fits).cloned().collect()
    })
}

/// `then`: the case in hand once it is done.
fn run(page: Page, command: CaseCommand, done: String, open: RwSignal<bool>, then: Option<String>) {
    page.ws.run(
        page.toasts,
        Command::Case(command),
        NewTexts::default(),
        done,
        move |saved| {
            if saved.is_some() && open.try_set(false).is_none() && then.is_some() {
                page.choose.run(then);
            }
        },
    );
}

#[component]
fn MergeFields(page: Page, typed: Typed, row: CaseRow) -> impl IntoView {
    let choices = typed.others.with_untracked(|all| {
        let of = |r: &CaseRow| {
            let reason = page.ws.peek(|b| words::cases::reason(b, &r.reason));
            let sum = match r.query {
                true => String::new(),
                false => format!(", {}", words::money(r.money.disputed, r.currency)),
            };
            Choice::new(r.number.clone(), format!("{} {reason}{sum}", r.number))
        };
        all.iter().map(of).collect::<Vec<_>>()
    });
    let hint = format!(
        "What {} contests goes over to it, with its day; {} is closed as a part of it.",
        row.number, row.number
    );
    view! {
        <SelectField label="Into" value=typed.into choices=Signal::stored(choices) hint=Signal::stored(Some(hint)) />
    }
}

fn merge(page: Page, typed: Typed, row: &CaseRow, open: RwSignal<bool>) {
    let number = typed.into.get_untracked();
    let other = typed
        .others
        .with_untracked(|l| l.iter().find(|r| r.number == number).map(|r| r.id));
    let keys = page.ws.peek(|b| {
        let from = b.case(row.id).map(|c| c.key);
        from.zip(other.and_then(|id| b.case(id).map(|c| c.key)))
    });
    if let Some((from, into)) = keys {
        let done = format!("{} is a part of {number} now", row.number);
        let command = CaseCommand::Merge { from, into };
        run(page, command, done, open, Some(number));
    }
}

fn parts_of(page: Page, row: &CaseRow) -> Vec<Part> {
    page.ws.peek(|b| {
        let live = |s| b.is_live(s);
        let mut out: Vec<Part> = Vec::new();
        for line in b.case(row.id).map_or(&[][..], |c| c.lines_now(&live)) {
            let id = b.current(line.item);
            let Some(key) = b.item_key(id).filter(|k| out.iter().all(|p| p.key != *k)) else {
                continue;
            };
            let shares = b.case_shares(id, Day(i32::MAX), &live);
            let ours = shares.iter().filter(|s| s.case == row.id);
            let contested = ours.fold(0i64, |sum, s| sum.saturating_add(s.money.disputed));
            if contested > 0 {
                out.push(Part {
                    key,
                    contested,
                    goes: RwSignal::new(String::new()),
                });
            }
        }
        out
    })
}

#[component]
fn SplitFields(page: Page, typed: Typed, row: CaseRow) -> impl IntoView {
    let currency = row.currency;
    let reasons = page.ws.peek(|b| {
        let all = b.policies().cases.reasons.iter();
        all.map(|r| Choice::new(r.code.clone(), format!("{}: {}", r.code, r.name)))
            .collect::<Vec<_>>()
    });
    let fields = typed.parts.with_untracked(|parts| {
        let of = parts.iter().map(|p| {
            let label = format!(
                "Of {}, {} contested",
                words::item(&p.key),
                words::money(p.contested, currency)
            );
            view! { <AmountField label=label currency=currency.code().to_owned() value=p.goes /> }
        });
        of.collect_view()
    });
    view! {
        <p class="muted">"What goes is contested in a new case from today, raised on the day of this one."</p>
        {fields}
        <SelectField label="Reason of the new case" value=typed.reason choices=Signal::stored(reasons) />
    }
}

/// What goes into the new case, or why it cannot.
fn going(typed: Typed, row: &CaseRow) -> Result<Vec<(ItemKey, i64)>, String> {
    let currency = row.currency;
    let mut out = Vec::new();
    let all = typed.parts.get();
    let whole = all.iter().map(|p| i128::from(p.contested)).sum::<i128>();
    for p in all {
        let text = p.goes.get();
        if text.trim().is_empty() {
            continue;
        }
        let name = words::item(&p.key);
        let minor = words::typed(&text, currency).filter(|m| *m > 0);
        let minor = minor.ok_or(format!("{name}: an amount above zero, such as 100.00."))?;
        if minor > p.contested {
            return Err(format!(
                "{name}: only {} is contested.",
                words::money(p.contested, currency)
            ));
        }
        out.push((p.key, minor));
    }
    let sum: i128 = out.iter().map(|(_, m)| i128::from(*m)).sum();
    match sum {
        0 => Err("Say what goes into the new case.".to_owned()),
        _ if sum == whole => Err(format!(
            "Nothing would be left in {}: change its reason instead.",
            row.number
        )),
        _ => Ok(out),
    }
}

fn split(page: Page, typed: Typed, row: &CaseRow, open: RwSignal<bool>) {
    let Ok(lines) = untrack(|| going(typed, row)) else {
        return;
    };
    let Some(case) = page.ws.peek(|b| b.case(row.id).map(|c| c.key)) else {
        return;
    };
    let sum = lines.iter().fold(0i64, |s, (_, m)| s.saturating_add(*m));
    let command = CaseCommand::Split {
        case,
        lines,
        reason: typed.reason.get_untracked(),
        department: String::new(),
    };
    let done = format!(
        "{} of {} is a case of its own now",
        words::money(sum, row.currency),
        row.number
    );
    run(page, command, done, open, None);
}
