//! The items behind a cell: their sum is the cell.

use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::aging::{AgingQuery, GroupKey};
use duebook_insight::drill::{Column as AgingColumn, cell_items};
use duebook_ledger::items::day;
use duebook_money::Currency;
use leptos::prelude::*;

/// Which cell is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The question its report answers.
    pub query: AgingQuery,
    /// Its row.
    pub group: GroupKey,
    /// The row's name.
    pub name: String,
    /// Currency.
    pub currency: Currency,
    /// Its column.
    pub column: AgingColumn,
    /// What stands in it, minor units.
    pub amount: i64,
}

/// A cell's amount that leads to its items.
pub fn amount_button(text: String, asked: Asked, open: RwSignal<Option<Asked>>) -> AnyView {
    view! {
        <button
            type="button"
            class="cell-link num"
            tabindex="-1"
            title="Show the items behind this figure"
            on:click=move |event| {
                event.stop_propagation();
                open.set(Some(asked.clone()));
            }
        >
            {text}
        </button>
    }
    .into_any()
}

/// Rows shown at most; the sum is over all of them.
const MOST: usize = 500;

/// The items of the open cell, with their sum beside the cell's own figure.
#[component]
pub fn CellDialog(asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let ws = use_ws();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.with(Option::is_some)));
    let title = Signal::derive(move || {
        asked.with(|a| {
            a.as_ref().map_or(String::new(), |a| {
                format!("{}: {}", a.name, words::money(a.amount, a.currency))
            })
        })
    });
    view! {
        <Dialog open=open title=title wide=true on_close=Callback::new(move |()| asked.set(None))>
            {move || asked.get().map(|a| ws.read(|book| {
                let items = cell_items(book, &a.query, &a.group, a.currency, a.column);
                let sum: i128 = items.iter().map(|i| i128::from(i.amount)).sum();
                let all = items.len();
                let format = words::number_format();
                let rows = items.iter().take(MOST).filter_map(|c| {
                    let item = book.item(c.item)?;
                    let due = day(book.due_of(&item));
                    let late = due.map(|d| a.query.view.as_of.0 - d.0);
                    Some(view! {
                        <tr>
                            <td>{item.number().to_owned()}</td>
                            <td>{day(item.doc_date()).map(words::day).unwrap_or_default()}</td>
                            <td>{due.map(words::day).unwrap_or_default()}</td>
                            <td class="num">{late.filter(|d| *d > 0).map(|d| d.to_string()).unwrap_or_default()}</td>
                            <td class="num">{words::amount(book.amount_of(&item), a.currency)}</td>
                            <td class="num">{words::amount(c.amount, a.currency)}</td>
                        </tr>
                    })
                }).collect_view();
                let more = (all > MOST).then(|| format!("The first {MOST} of {all} items; the sum is over all."));
                view! {
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Items behind the figure">
                        <table class="plain-table">
                            <thead><tr>
                                <th scope="col">"Document"</th><th scope="col">"Date"</th><th scope="col">"Due"</th>
                                <th scope="col" class="num">"Days late"</th><th scope="col" class="num">"Original"</th><th scope="col" class="num">"In this figure"</th>
                            </tr></thead>
                            <tbody>{rows}</tbody>
                            <tfoot><tr>
                                <th scope="row" colspan="5">{crate::ui::format::plural(all, "item", "items", Default::default())}</th>
                                <td class="num"><strong>{format.minor(sum, a.currency.exponent())}</strong></td>
                            </tr></tfoot>
                        </table>
                    </div>
                    {more.map(|m| view! { <p class="muted">{m}</p> })}
                }
            }))}
        </Dialog>
    }
}
