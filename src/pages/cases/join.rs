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
    /// What it contests is said anew, and another document may come to it.
    Lines,
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
    /// Documents that could come to it: name, key, free of other cases, minor units.
    more: RwSignal<Vec<(String, ItemKey, i64)>>,
    /// The one that does, and with how much.
    document: RwSignal<String>,
    amount: RwSignal<String>,
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
        more: RwSignal::new(Vec::new()),
        document: RwSignal::new(String::new()),
        amount: RwSignal::new(String::new()),
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
            let parts = parts_of(page, &row);
            if joining == Joining::Lines {
                for p in &parts {
                    p.goes.set(words::amount(p.contested, row.currency));
                }
                typed.more.set(more_of(page, &row, &parts));
                [typed.document, typed.amount]
                    .iter()
                    .for_each(|s| s.set(String::new()));
            }
            typed.parts.set(parts);
            typed.reason.set(row.reason.clone());
            kept.set(Some((joining, row)));
            open.set(true);
        }
    });
    let title = Signal::derive(move || match kept.get() {
        Some((Joining::Merge, row)) => format!("Merge {} into another case", row.number),
        Some((Joining::Split, row)) => format!("Split {}", row.number),
        Some((Joining::Lines, row)) => format!("What {} contests", row.number),
        None => String::new(),
    });
    let label = Signal::derive(move || {
        match kept.get() {
            Some((Joining::Split, _)) => "Split the case",
            Some((Joining::Lines, _)) => "Save what it contests",
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
            (Joining::Lines, row) => contests(typed, &row).err(),
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
            Some((Joining::Lines, row)) => set_lines(page, typed, &row, open),
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
                    Joining::Lines => view! { <LinesFields typed row /> }.into_any(),
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

/// Open documents of the customer that could come to a case: what is free of other cases in them.
fn more_of(page: Page, row: &CaseRow, parts: &[Part]) -> Vec<(String, ItemKey, i64)> {
    page.ws.peek(|b| {
        let of = b.items_of(row.customer);
        let of = of.filter(|i| i.open() > 0 && i.currency() == row.currency);
        let free = of.filter_map(|i| {
            let key = b.item_key(i.id)?;
            let free = i.open().saturating_sub(b.disputed(i.id));
            let known = parts.iter().any(|p| p.key == key);
            (free > 0 && !known).then(|| {
                let name = format!(
                    "{}, {} free",
                    words::item(&key),
                    words::money(free, row.currency)
                );
                (name, key, free)
            })
        });
        free.collect()
    })
}

#[component]
fn LinesFields(typed: Typed, row: CaseRow) -> impl IntoView {
    let currency = row.currency;
    let fields = typed.parts.with_untracked(|parts| {
        let of = parts.iter().map(|p| {
            let label = format!("Of {}", words::item(&p.key));
            view! { <AmountField label=label currency=currency.code().to_owned() value=p.goes /> }
        });
        of.collect_view()
    });
    let choices = typed.more.with_untracked(|all| {
        let mut list = vec![Choice::new("", "None")];
        list.extend(
            all.iter()
                .map(|(name, ..)| Choice::new(name.clone(), name.clone())),
        );
        list
    });
    let any = choices.len() > 1;
    let more = typed.more;
    Effect::new(move |before: Option<String>| {
        let now = typed.document.get();
        let found = more.with_untracked(|m| m.iter().find(|(n, ..)| *n == now).map(|m| m.2));
        if let (Some(free), true) = (found, before.is_some_and(|b| b != now)) {
            typed.amount.set(words::amount(free, currency));
        }
        now
    });
    view! {
        <p class="muted">"What it contests of each document now; 0 takes one out."</p>
        {fields}
        {any.then(|| view! {
            <SelectField label="Another document" value=typed.document choices=Signal::stored(choices) />
            <Show when=move || typed.document.with(|d| !d.is_empty())>
                <AmountField label="Contested of it" currency=currency.code().to_owned() value=typed.amount />
            </Show>
        })}
    }
}

/// All that a case is to contest, or why it cannot.
fn contests(typed: Typed, row: &CaseRow) -> Result<Vec<(ItemKey, i64)>, String> {
    let currency = row.currency;
    let read = |text: &str, name: &str| {
        let minor = words::typed(text, currency).filter(|m| *m >= 0);
        minor.ok_or(format!(
            "{name}: an amount such as 100.00, or 0 to take it out."
        ))
    };
    let mut out = Vec::new();
    let mut same = true;
    for p in typed.parts.get() {
        let minor = p.goes.with(|t| read(t, &words::item(&p.key)))?;
        same &= minor == p.contested;
        out.push((p.key, minor));
    }
    let document = typed.document.get();
    let more = typed
        .more
        .with(|m| m.iter().find(|(n, ..)| *n == document).cloned());
    if let Some((_, key, free)) = more {
        let name = words::item(&key);
        let minor = typed.amount.with(|t| read(t, &name))?;
        if minor == 0 || minor > free {
            return Err(format!(
                "{name}: {} is open and not contested elsewhere.",
                words::money(free, currency)
            ));
        }
        same = false;
        out.push((key, minor));
    }
    match out.iter().all(|(_, minor)| *minor == 0) {
        true => Err("Nothing would be contested. Close the case instead.".to_owned()),
        false if same => Err("Nothing is changed yet.".to_owned()),
        false => Ok(out),
    }
}

fn set_lines(page: Page, typed: Typed, row: &CaseRow, open: RwSignal<bool>) {
    let Ok(lines) = untrack(|| contests(typed, row)) else {
        return;
    };
    let Some(case) = page.ws.peek(|b| b.case(row.id).map(|c| c.key)) else {
        return;
    };
    let sum = lines.iter().fold(0i64, |s, (_, m)| s.saturating_add(*m));
    let command = CaseCommand::SetLines { case, lines };
    let done = format!(
        "{} contests {} now",
        row.number,
        words::money(sum, row.currency)
    );
    run(page, command, done, open, None);
}
