//! Open items: what the customer owes line by line, and what can be done with the lines selected.

use super::Account;
use super::lines::ItemLine;
use super::wording::expected_day;
use crate::pages::shared::{ItemDialog, is_page_key};
use crate::ui::format::{format_day_short, plural};
use crate::ui::prelude::*;
use crate::words;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::{Command, ItemId};
use duebook_money::{Currency, Day};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The grid with its actions.
#[component]
pub fn Items(account: Account, grid: GridHandle) -> impl IntoView {
    let items = account.items;
    let one_currency = Memo::new(move |_| {
        items.with(|i| {
            i.first()
                .map(|f| f.currency)
                .filter(|c| i.iter().all(|l| l.currency == *c))
        })
    });
    let at = move |row: usize| items.with(|i| i.get(row).cloned());
    let source = GridSource::new(
        move || items.with(|i| i.len()),
        move |row| at(row).map_or(0, |i| u64::from(i.id.0)),
        move |row, column| {
            at(row).map_or(CellView::Empty, |i| cell(&i, column, one_currency.get()))
        },
    )
    .with_tone(move |row| {
        if at(row).is_some_and(|i| i.open < 0) {
            Tone::Muted
        } else {
            Tone::Neutral
        }
    });
    let columns = Signal::derive(move || {
        let open = one_currency
            .get()
            .map_or("Open".to_owned(), |c| format!("Open, {}", c.code()));
        vec![
            Column::text("document", "Document", 118).grow(1),
            Column::text("po", "PO or ref.", 102).hide_below(660),
            Column::text("due", "Due", 100).hide_below(420),
            Column::number("late", "Days late", 86),
            Column::number("open", open, 104),
            Column::text("state", "State", 150).grow(2).hide_below(520),
        ]
    });
    let foot = move || {
        let chosen = account.selected();
        let shown = if chosen.is_empty() {
            items.get().to_vec()
        } else {
            chosen.clone()
        };
        let mut sums: BTreeMap<&'static str, (Currency, i128)> = BTreeMap::new();
        for line in &shown {
            sums.entry(line.currency.code())
                .or_insert((line.currency, 0))
                .1 += i128::from(line.open);
        }
        let format = words::number_format();
        let sums = sums
            .values()
            .map(|(c, s)| format!("{} {}", format.minor(*s, c.exponent()), c.code()))
            .collect::<Vec<_>>();
        let what = if chosen.is_empty() { "" } else { " selected" };
        view! {
            <span>{format!("{}{what}", plural(shown.len(), "item", "items", Default::default()))}</span>
            <span class="num">{sums.join(" · ")}</span>
        }
    };
    let none = Signal::derive(move || {
        let nothing = account.selection.with(Selection::is_empty);
        account
            .refused()
            .get()
            .or_else(|| nothing.then(|| "Select the items it is about first (Space).".to_owned()))
    });
    // Of the row the keyboard is on, or of the one that is selected.
    let here = move || {
        let active = grid.active_key().and_then(|key| u32::try_from(key).ok());
        let known = active
            .map(ItemId)
            .filter(|id| items.with(|i| i.iter().any(|l| l.id == *id)));
        known.or_else(|| account.selected().first().map(|l| l.id))
    };
    let nowhere = Signal::derive(move || {
        let none = here().is_none();
        none.then(|| "Go to an item first: arrows, or a click.".to_owned())
    });
    let detail = move || {
        if let Some(id) = untrack(here) {
            account.detailing.set(Some(id));
        }
    };
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "v" && is_page_key(&event) {
            event.prevent_default();
            detail();
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        <ItemDialog ws=account.ws asked=account.detailing />
        <div class="section-head">
            <h2>"Open items"</h2>
            <div class="row">
                <Button label="Details" keys="v" kind=ButtonKind::Quiet refused=nowhere on_press=move |()| detail() />
                <Button label="Dispute" keys="d" kind=ButtonKind::Quiet refused=account.refused() on_press=move |()| account.disputing.set(true) />
                <Button label="Mark items" keys="s" kind=ButtonKind::Quiet refused=none on_press=move |()| account.marking.set(true) />
                <Button label="Record a payment" keys="a" kind=ButtonKind::Quiet refused=account.refused() on_press=move |()| account.paying.set(true) />
                <crate::pages::shared::letter::WriteMenu account />
                <Returned account />
            </div>
        </div>
        <Grid
            label="Open items"
            source=source
            columns=columns
            handle=grid
            selection=account.selection
            max_rows=12
            on_open=move |key| account.selection.update(|s| s.toggle(key))
            open_on_click=false
            empty=|| view! { <p class="faint">"Nothing is open."</p> }
            footer=move || view! { <div class="row items-foot">{foot}</div> }
        />
    }
}

/// Takes a selected payment back: the bank returned it (CA-30).
#[component]
fn Returned(account: Account) -> impl IntoView {
    let receipt = move || {
        let chosen = account.selected();
        (chosen.len() == 1)
            .then(|| chosen.into_iter().next())
            .flatten()
            .filter(|i| i.kind == ItemKind::Receipt)
    };
    move || {
        receipt().map(|r| {
            let take_back = move |()| {
                let done = format!("Payment {} of {} taken back, {}", words::item(&r.key), words::money(r.amount.saturating_neg(), r.currency), account.name());
                let command = Command::ReturnReceipt { receipt: r.key.clone(), effective: account.ws.today_untracked() };
                account.ws.run(account.toasts, command, Default::default(), done, |_| {});
            };
            view! { <Button label="Returned by the bank" kind=ButtonKind::Quiet refused=account.refused() on_press=take_back /> }
        })
    }
}

fn cell(line: &ItemLine, column: usize, one: Option<Currency>) -> CellView {
    match column {
        0 => CellView::Strong(words::item(&line.key)),
        // What the customer knows it by.
        1 if line.po.is_empty() => CellView::Faint(line.reference.clone()),
        1 => CellView::Faint(line.po.clone()),
        2 => line
            .due
            .map_or(CellView::Faint("no due date".to_owned()), |d| {
                CellView::Text(words::day(d))
            }),
        3 => match line.late {
            _ if line.open < 0 => CellView::Faint("–".to_owned()),
            d if d > 90 => CellView::Toned(Tone::Danger, d.to_string()),
            d if d > 0 => CellView::Text(d.to_string()),
            _ => CellView::Faint("–".to_owned()),
        },
        4 => CellView::Text(match one {
            Some(c) => words::amount(line.open, c),
            None => words::money(line.open, line.currency),
        }),
        _ => CellView::Chips(chips(line)),
    }
}

/// A day near today, without its year.
fn short_day(day: Day) -> String {
    let (_, month, day) = day.ymd();
    format_day_short(u32::from(month), u32::from(day))
}

fn chips(line: &ItemLine) -> Vec<(Tone, String)> {
    let mut chips = Vec::new();
    let part = |minor: i64| {
        if minor >= line.open {
            String::new()
        } else {
            format!(" {}", words::amount(minor, line.currency))
        }
    };
    match line.kind {
        ItemKind::CreditMemo => chips.push((Tone::Info, "credit memo".to_owned())),
        ItemKind::Receipt => chips.push((Tone::Info, "payment, not applied".to_owned())),
        ItemKind::OnAccount => chips.push((Tone::Info, "held on account".to_owned())),
        ItemKind::DebitMemo => chips.push((Tone::Neutral, "debit memo".to_owned())),
        ItemKind::LateCharge => chips.push((Tone::Neutral, "late charge".to_owned())),
        ItemKind::Invoice => {}
    }
    if let Some(day) = line.promised_for {
        chips.push((
            Tone::Accent,
            format!("promised{} {}", part(line.promised), short_day(day)),
        ));
    }
    if line.disputed > 0 {
        let reason = if line.reason.is_empty() {
            String::new()
        } else {
            format!(": {}", line.reason)
        };
        chips.push((
            Tone::Warn,
            format!("disputed{}{reason}", part(line.disputed)),
        ));
    } else if !line.reason.is_empty() {
        chips.push((Tone::Neutral, line.reason.clone()));
    }
    if line.pending != 0 {
        chips.push((
            Tone::Info,
            format!(
                "{} not in source yet",
                words::amount(line.pending, line.currency)
            ),
        ));
    }
    for text in [&line.status, &line.source_status] {
        if !text.is_empty() {
            chips.push((Tone::Neutral, text.clone()));
        }
    }
    if let Some(day) = expected_day(&line.expected) {
        chips.push((Tone::Neutral, format!("expected {}", short_day(day))));
    }
    if !line.remark.is_empty() {
        chips.push((Tone::Muted, line.remark.clone()));
    }
    chips
}
