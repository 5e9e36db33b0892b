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
use duebook_money::amount::{Style, parse};
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

/// The dialog of either.
#[component]
pub fn JoinDialog(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    let kept = RwSignal::new(None::<(Joining, CaseRow)>);
    Effect::new(move |_| {
        let Some(joining) = page.joining.get() else {
            return;
        };
        if let Some(row) = untrack(|| page.in_hand()) {
            kept.set(Some((joining, row)));
            open.set(true);
        }
    });
    let title = Signal::derive(move || match kept.get() {
        Some((Joining::Merge, row)) => format!("Merge {} into another case", row.number),
        Some((Joining::Split, row)) => format!("Split {}", row.number),
        None => String::new(),
    });
    view! {
        <Dialog open=open title=title on_close=move |()| page.joining.set(None)>
            {move || kept.get().map(|(joining, row)| match joining {
                Joining::Merge => view! { <Merge page row open /> }.into_any(),
                Joining::Split => view! { <Split page row open /> }.into_any(),
            })}
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
fn Merge(page: Page, row: CaseRow, open: RwSignal<bool>) -> impl IntoView {
    let list = others(page, &row);
    let choices: Vec<Choice> = list
        .iter()
        .map(|r| {
            let reason = page.ws.peek(|b| words::cases::reason(b, &r.reason));
            let sum = match r.query {
                true => String::new(),
                false => format!(", {}", words::money(r.money.disputed, r.currency)),
            };
            Choice::new(r.number.clone(), format!("{} {reason}{sum}", r.number))
        })
        .collect();
    let into = RwSignal::new(list.first().map_or(String::new(), |r| r.number.clone()));
    let none = list.is_empty();
    let refused = Signal::derive(move || {
        page.refused().get().or_else(|| {
            none.then(|| "The customer has no other open case of its kind and currency.".to_owned())
        })
    });
    let list = StoredValue::new(list);
    let hint = format!(
        "What {} contests goes over to it, with its day; {} is closed as a part of it.",
        row.number, row.number
    );
    let save = move |()| {
        let number = into.get_untracked();
        let other = list.with_value(|l| l.iter().find(|r| r.number == number).map(|r| r.id));
        let keys = page.ws.peek(|b| {
            let from = b.case(row.id).map(|c| c.key);
            from.zip(other.and_then(|id| b.case(id).map(|c| c.key)))
        });
        if let Some((from, into)) = keys {
            let done = format!("{} is a part of {number} now", row.number);
            run(
                page,
                CaseCommand::Merge { from, into },
                done,
                open,
                Some(number),
            );
        }
    };
    view! {
        <div class="case-form">
            <SelectField label="Into" value=into choices=Signal::stored(choices) hint=Signal::stored(Some(hint)) />
            <p class="button-row"><Button label="Merge them" kind=ButtonKind::Primary refused=refused on_press=save /></p>
        </div>
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
fn Split(page: Page, row: CaseRow, open: RwSignal<bool>) -> impl IntoView {
    let currency = row.currency;
    let parts = parts_of(page, &row);
    let reason = RwSignal::new(row.reason.clone());
    let reasons = page.ws.peek(|b| {
        let all = b.policies().cases.reasons.iter();
        all.map(|r| Choice::new(r.code.clone(), format!("{}: {}", r.code, r.name)))
            .collect::<Vec<_>>()
    });
    let fields = parts
        .iter()
        .map(|p| {
            let label = format!(
                "Of {}, {} contested",
                words::item(&p.key),
                words::money(p.contested, currency)
            );
            view! { <AmountField label=label currency=currency.code().to_owned() value=p.goes /> }
        })
        .collect_view();
    let typed = StoredValue::new(parts);
    let (id, number) = (row.id, row.number.clone());
    let goes = move || -> Result<Vec<(ItemKey, i64)>, String> {
        let mut out = Vec::new();
        let all = typed.get_value();
        let whole = all.iter().map(|p| i128::from(p.contested)).sum::<i128>();
        for p in all {
            let text = p.goes.get();
            if text.trim().is_empty() {
                continue;
            }
            let read = parse(text.trim(), Style::POINT).ok();
            let minor = read.and_then(|a| a.minor(currency.exponent()).ok());
            let name = words::item(&p.key);
            let minor = minor.filter(|m| *m > 0);
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
    };
    let goes = StoredValue::new(goes);
    let refused = Signal::derive(move || {
        let past = page.refused().get();
        past.or_else(|| goes.with_value(|g| g().err()))
    });
    let save = move |()| {
        let Ok(lines) = untrack(|| goes.with_value(|g| g())) else {
            return;
        };
        let Some(case) = page.ws.peek(|b| b.case(id).map(|c| c.key)) else {
            return;
        };
        let sum = lines.iter().fold(0i64, |s, (_, m)| s.saturating_add(*m));
        let command = CaseCommand::Split {
            case,
            lines,
            reason: reason.get_untracked(),
            department: String::new(),
        };
        let done = format!(
            "{} of {number} is a case of its own now",
            words::money(sum, currency)
        );
        run(page, command, done, open, None);
    };
    view! {
        <div class="case-form">
            <p class="muted">"What goes is contested in a new case from today, raised on the day of this one."</p>
            {fields}
            <SelectField label="Reason of the new case" value=reason choices=Signal::stored(reasons) />
            <p class="muted" role="status">{move || refused.get()}</p>
            <p class="button-row"><Button label="Split the case" kind=ButtonKind::Primary refused=refused on_press=save /></p>
        </div>
    }
}
