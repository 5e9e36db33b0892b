//! The queue, and the case in hand beside it.

use super::{Page, detail, wording};
use crate::pages::choice::choice_in_address;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::cases::CaseRow;
use duebook_ledger::cases::CaseState;
use duebook_money::Currency;
use leptos::prelude::*;

/// Whether a filter of the address lets a case through; none shows what is open.
pub fn is_shown(row: &CaseRow, filter: Option<&str>) -> bool {
    match filter {
        Some("late") => row.is_past_clock(),
        Some("asked") => row.is_answer_overdue(),
        Some("escalate") => row.due.is_some(),
        Some("waiting") => row.state == CaseState::WaitingCustomer,
        Some("disputes") => !row.is_over() && !row.query,
        Some("queries") => !row.is_over() && row.query,
        Some("closed") => row.is_over(),
        _ => !row.is_over(),
    }
}

/// Whether a case has all these words, in lower case, in what people call it by.
pub fn holds(ws: Ws, row: &CaseRow, words: &[String]) -> bool {
    let text = ws.peek(|b| {
        let case = b.case(row.id);
        let lines = case.map_or(&[][..], |c| c.lines_now(&|s| b.is_live(s)));
        let numbers = lines.iter().filter_map(|l| Some(b.item(l.item)?.number()));
        let mut all = vec![
            wording::customer(b, row),
            words::cases::reason(b, &row.reason),
        ];
        all.extend(numbers.map(str::to_owned));
        all.extend([row.number.clone(), row.ticket.clone(), row.reason.clone()]);
        all.extend([row.department.clone(), row.owner.clone()]);
        all.join(" ").to_lowercase()
    });
    words.iter().all(|w| text.contains(w.as_str()))
}

/// Whose cases.
#[component]
pub fn Holders(
    page: Page,
    who: Memo<Option<String>>,
    set_who: Callback<Option<String>>,
) -> impl IntoView {
    let value = choice_in_address(who, set_who);
    let choices = Signal::derive(move || {
        let mut list = vec![Choice::new("", "Anybody")];
        let mut names: Vec<String> = page.all.with(|a| {
            let open = a.iter().filter(|r| !r.is_over());
            open.map(|r| r.holder().to_owned())
                .filter(|h| !h.is_empty())
                .collect()
        });
        names.sort_unstable();
        names.dedup();
        list.extend(names.into_iter().map(|n| Choice::new(n.clone(), n)));
        list
    });
    view! { <SelectField label="With" value=value choices=choices /> }
}

/// The list and the panel.
#[component]
pub fn Queue(page: Page) -> impl IntoView {
    let any = Memo::new(move |_| page.all.with(|a| !a.is_empty()));
    // The row of the case in hand is the list's current one.
    Effect::new(move |_| {
        let key = page.in_hand().map(|r| u64::from(r.id.0));
        if page.current.get_untracked() != key {
            page.current.set(key);
        }
    });
    view! {
        <Show
            when=move || any.get()
            fallback=|| view! {
                <Empty
                    icon=Icon::Flag
                    title="Nothing is disputed or asked"
                    text=Signal::stored("On an account press d for a dispute or q for a query. What is contested leaves the chase and stays in the aging; here you see who has it and since when.".to_owned())
                />
            }
        >
            <div class="cases">
                <div class="cases-list"><Rows page /></div>
                <div class="cases-detail"><detail::Detail page /></div>
            </div>
        </Show>
    }
}

#[component]
fn Rows(page: Page) -> impl IntoView {
    let row = move |n: usize| page.shown.with(|s| s.get(n).cloned());
    let one = Memo::new(move |_| {
        page.shown.with(|s| {
            let mut money = s.iter().filter(|r| !r.query).map(|r| r.currency);
            let first = money.next()?;
            money.all(|c| c == first).then_some(first)
        })
    });
    let source = GridSource::new(
        move || page.shown.with(|s| s.len()),
        move |n| row(n).map_or(u64::MAX, |r| u64::from(r.id.0)),
        move |n, column| row(n).map_or(CellView::Empty, |r| cell(page, &r, column, one.get())),
    )
    .with_tone(move |n| match row(n) {
        Some(r) if r.is_over() => Tone::Muted,
        _ => Tone::Neutral,
    });
    let columns = Signal::derive(move || {
        let contested = one.get().map_or("Contested".to_owned(), |c| {
            format!("Contested, {}", c.code())
        });
        vec![
            Column::text("case", "Case", 58),
            Column::text("customer", "Customer", 104).grow(3),
            Column::text("reason", "Reason", 120)
                .grow(2)
                .hide_below(520),
            Column::text("with", "With", 110).grow(1).hide_below(640),
            Column::text("stands", "Stands", 132).hide_below(420),
            Column::number("clock", "Clock", 70),
            Column::number("contested", contested, 128),
        ]
    });
    let open = move |key: u64| {
        let number = page.all.with_untracked(|a| {
            a.iter()
                .find(|r| u64::from(r.id.0) == key)
                .map(|r| r.number.clone())
        });
        page.choose.run(number);
    };
    let foot = move || {
        let rows = page.shown.get();
        let format = words::number_format();
        let sums: Vec<String> = duebook_insight::cases::sums(rows.iter())
            .iter()
            .map(|(c, minor)| format!("{} {}", format.minor(*minor, c.exponent()), c.code()))
            .collect();
        view! {
            <span>{format!("{} shown", rows.len())}</span>
            <span class="num">{sums.join(" · ")}</span>
        }
    };
    view! {
        <Grid
            label="Cases"
            source=source
            columns=columns
            handle=page.grid
            current=page.current
            on_open=Callback::new(open)
            on_active=open
            empty=|| view! { <p class="muted">"No case stands so."</p> }
            footer=move || view! { <div class="row items-foot">{foot}</div> }
        />
    }
}

fn cell(page: Page, row: &CaseRow, column: usize, one: Option<Currency>) -> CellView {
    match column {
        0 => CellView::Strong(row.number.clone()),
        1 => CellView::Text(page.ws.peek(|b| wording::customer(b, row))),
        2 => CellView::Text(page.ws.peek(|b| words::cases::reason(b, &row.reason))),
        3 => CellView::Text(wording::with_whom(row)),
        4 => {
            let tone = match row.state {
                CaseState::Closed => Tone::Muted,
                CaseState::WaitingCustomer => Tone::Info,
                CaseState::Approved | CaseState::Executed => Tone::Good,
                _ => Tone::Neutral,
            };
            CellView::Chips(vec![(tone, words::cases::state(row.state).to_owned())])
        }
        5 if row.is_over() => CellView::Faint(row.cycle.used.to_string()),
        5 => {
            let text = words::cases::clock(&row.cycle);
            match row.level() {
                0 => CellView::Text(text),
                1 => CellView::Toned(Tone::Warn, text),
                _ => CellView::Toned(Tone::Danger, text),
            }
        }
        _ => CellView::Text(wording::contested(row, one)),
    }
}
