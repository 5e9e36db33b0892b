//! The run as a list, and the reasons of one of its letters.

use super::follow::Row;
use super::{Page, wording};
use crate::pages::shared::letter::person_for;
use crate::pages::shared::list_keys;
use crate::ui::prelude::*;
use leptos::prelude::*;

fn columns() -> Vec<Column> {
    vec![
        Column::text("customer", "Customer", 150).grow(2),
        Column::text("step", "Step", 190).hide_below(520),
        Column::number("lines", "Invoices", 76).hide_below(640),
        Column::number("asked", "Asked", 150).hide_below(380),
        Column::number("oldest", "Days late", 82).hide_below(760),
        Column::text("left", "Left out", 170).hide_below(900),
        Column::text("to", "To", 140).grow(1).hide_below(1040),
        Column::text("state", "", 190).hide_below(460),
    ]
}

fn cell(page: Page, row: &Row, column: usize) -> CellView {
    let message = row.message().or(row.plan.messages.first());
    match column {
        0 => CellView::Pair(row.name.clone(), row.number.clone()),
        1 => message.map_or(CellView::Empty, |m| {
            CellView::Text(page.ws.peek(|b| wording::step(b, m)))
        }),
        2 => message.map_or(CellView::Empty, |m| {
            CellView::Text(m.lines.len().to_string())
        }),
        3 => message.map_or(CellView::Empty, |m| {
            CellView::Text(wording::asked(&m.lines))
        }),
        4 => match row.oldest() {
            d if d > 0 => CellView::Text(d.to_string()),
            _ => CellView::Faint("–".to_owned()),
        },
        5 => CellView::Faint(wording::left_short(row)),
        6 => {
            let to = page.ws.peek_all(|b, t| person_for(b, t, row.customer));
            match to {
                Some((_, p, _)) if !p.mail.is_empty() => CellView::Text(p.name),
                Some((_, p, _)) => CellView::Pair(p.name, "no mailbox".to_owned()),
                None => CellView::Toned(Tone::Warn, "nobody known".to_owned()),
            }
        }
        _ => match &row.plan.blocked {
            Some(why) => CellView::Chips(vec![(Tone::Warn, wording::blocked(why))]),
            None => CellView::Empty,
        },
    }
}

/// The list.
#[component]
pub fn Rows(page: Page, working: Signal<bool>) -> impl IntoView {
    let at = move |row: usize| page.shown.with(|s| s.get(row).cloned());
    let source = GridSource::new(
        move || page.shown.with(|s| s.len()),
        move |row| page.shown.with(|s| s.get(row).map_or(u64::MAX, |r| r.key)),
        move |row, column| match at(row) {
            Some(row) => cell(page, &row, column),
            None => CellView::Empty,
        },
    );
    let handle = GridHandle::new();
    list_keys(handle);
    super::select_key(handle);
    let open = Callback::new(move |key: u64| page.look(key));
    let any = move || page.all.with(|a| !a.is_empty());
    view! {
        <div class="page-grid">
            <Grid
                label="Reminders"
                source=source
                columns=Signal::stored(columns())
                handle=handle
                selection=page.selection
                on_open=open
                empty=move || {
                    let (title, text) = match (working.get(), any()) {
                        (true, _) => ("Working it out", "Every customer is looked at: what is due, promised, disputed, perhaps paid."),
                        (_, true) => ("Nothing fits", "Take a filter away."),
                        _ => ("Nothing is due to be written", "Invoices past due, or soon due, appear here with the step of the ladder that fits them. Settings, Letters has the rules."),
                    };
                    view! { <Empty icon=Icon::File title=title text=Signal::stored(text.to_owned()) /> }
                }
            />
        </div>
    }
}

/// Why the letter that is shown goes, and which lines do not.
#[component]
pub fn Reasons(page: Page) -> impl IntoView {
    move || {
        page.looked.with(|r| {
            let row = r.as_ref()?;
            let message = row.message().or(row.plan.messages.first());
            let why = message.map(|m| page.ws.peek(|b| wording::why(b, m)));
            let left = page.ws.peek(|b| {
                let of = |(line, why): &(duebook_letters::lines::Line, _)| {
                    format!("{}: {}", line.number, wording::left_out(b, *why))
                };
                row.plan.left_out.iter().map(of).collect::<Vec<_>>()
            });
            Some(view! {
                <p>{why}</p>
                {(!left.is_empty()).then(|| view! {
                    <details class="letter-left">
                        <summary>{format!("{} left out", wording::invoices(left.len()))}</summary>
                        <ul>{left.into_iter().map(|l| view! { <li>{l}</li> }).collect_view()}</ul>
                    </details>
                })}
            })
        })
    }
}
