//! What is asked before a file is believed: is it the whole list, did these dates change, is this
//! money the same as ours.

use super::{Import, wording};
use crate::ui::prelude::*;
use crate::words;
use duebook_exchange::read::{Field, Order, Preview};
use duebook_ledger::ItemId;
use duebook_ledger::facts::{Confirmed, Doubt};
use leptos::prelude::*;

impl Import {
    /// Doubts that what was confirmed does not settle.
    pub(super) fn open_doubts(self) -> Vec<Doubt> {
        let confirmed = self.confirmed.get();
        let doubts = self
            .comparison
            .with(|c| c.as_ref().map(|c| c.doubts.clone()));
        let mut doubts = doubts.unwrap_or_default();
        doubts.retain(|d| !d.is_settled_by(&confirmed));
        doubts
    }
    fn confirm(self, what: Confirmed) {
        self.confirmed.update(|c| c.push(what));
    }
}

/// The panel; nothing where nothing is doubtful.
#[component]
pub fn Doubts(import: Import, preview: Box<Preview>) -> impl IntoView {
    let preview = StoredValue::new(preview);
    let lists = move || {
        let doubts = import.open_doubts();
        let dates: Vec<Doubt> = doubts
            .iter()
            .filter(|d| matches!(d, Doubt::DueDates { .. }))
            .cloned()
            .collect();
        let gone: Vec<Doubt> = doubts
            .into_iter()
            .filter(|d| !matches!(d, Doubt::DueDates { .. }))
            .collect();
        (gone, dates)
    };
    view! {
        {move || {
            let (gone, dates) = lists();
            (!gone.is_empty() || !dates.is_empty()).then(|| view! {
                <section class="panel panel-ask" aria-labelledby="import-doubts">
                    <h2 id="import-doubts">"Before this is believed"</h2>
                    {(!gone.is_empty()).then(|| view! { <WholeList import gone /> })}
                    {dates.into_iter().map(|d| view! { <DueDates import preview doubt=d /> }).collect_view()}
                </section>
            })
        }}
        <SameMoney import />
    }
}

#[component]
fn WholeList(import: Import, gone: Vec<Doubt>) -> impl IntoView {
    let credits = gone.iter().any(|d| matches!(d, Doubt::CreditsGone { .. }));
    let entities = gone.iter().any(|d| matches!(d, Doubt::EntityGone { .. }));
    let customers = gone.iter().any(|d| matches!(d, Doubt::CustomerGone { .. }));
    let lines: Vec<String> = gone.iter().map(|d| words::doubt(import.ws, d)).collect();
    let scope = move |to: &'static str| move |()| import.scope.set(to.to_owned());
    view! {
        <div class="ask">
            <p>"Is this the whole list? What it lacks leaves the chase, with its cause unknown."</p>
            <ul>{lines.into_iter().map(|l| view! { <li>{l}</li> }).collect_view()}</ul>
            <div class="button-row">
                <Button label="Yes, it is the whole list" on_press=move |()| import.confirm(Confirmed::WholeList) />
                {credits.then(|| view! { <Button label="The list has no credits" on_press=scope("debits") /> })}
                {entities.then(|| view! { <Button label="Only the companies in it" on_press=scope("entities") /> })}
                {customers.then(|| view! { <Button label="Only the customers in it" on_press=scope("customers") /> })}
                <Button label="No, take only these rows" on_press=scope("rows") />
            </div>
        </div>
    }
}

#[component]
fn DueDates(import: Import, preview: StoredValue<Box<Preview>>, doubt: Doubt) -> impl IntoView {
    let text = words::doubt(import.ws, &doubt);
    let swapped =
        matches!(doubt, Doubt::DueDates { changed, swapped, .. } if swapped * 2 > changed);
    let column = preview.with_value(|p| {
        let due = p.columns.iter().find(|c| c.field == Field::DueDate);
        due.map(|c| c.header.clone())
    });
    let other_way = column.filter(|_| swapped);
    view! {
        <div class="ask">
            <p>{text}</p>
            <div class="button-row">
                {other_way.map(|header| {
                    let now = import.options.with_untracked(|o| o.date_orders.get(&header).copied());
                    let orders = [Order::Dmy, Order::Mdy].into_iter().filter(move |o| Some(*o) != now);
                    orders.map(|order| {
                        let header = header.clone();
                        view! {
                            <Button
                                label=format!("Read as {}", wording::order(order))
                                on_press=move |()| {
                                    let header = header.clone();
                                    import.again(move |o| _ = o.date_orders.insert(header, order));
                                }
                            />
                        }
                    }).collect_view()
                })}
                <Button label="Keep the dates in the book" on_press=move |()| import.confirm(Confirmed::KeepDueDates) />
                <Button label="The dates did change" on_press=move |()| import.confirm(Confirmed::DueDates) />
            </div>
        </div>
    }
}

/// Receipts of ours that the file shows as documents of its own: taken as the same money, so that
/// no total moves twice, unless the user says that it is other money.
#[component]
fn SameMoney(import: Import) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let shown = import
            .comparison
            .with(|c| c.as_ref().map(|c| c.shown.clone()));
        shown.unwrap_or_default()
    });
    let line = move |id: ItemId| {
        import.ws.peek(|b| {
            let item = b.item(id)?;
            let name = b.customer_facts(item.customer()).map(|f| f.name.clone());
            let amount = words::money(item.recorded_amount().saturating_neg(), item.currency());
            let text = format!(
                "{} of {}, {amount}",
                item.number(),
                name.unwrap_or_default()
            );
            Some((text, b.item_key(id)?))
        })
    };
    move || {
        let lines: Vec<_> = shown.get().into_iter().filter_map(line).collect();
        (!lines.is_empty()).then(|| view! {
            <section class="panel" aria-labelledby="import-same-money">
                <h2 id="import-same-money">"The same money as you recorded"</h2>
                <p class="muted">"These rows look like receipts of yours and will not be counted again."</p>
                <ul class="same-money">
                    {lines.into_iter().map(|(text, key)| view! {
                        <li>
                            <span>{text}</span>
                            " "
                            <Button
                                label="It is other money"
                                kind=ButtonKind::Quiet
                                on_press=move |()| import.other_money.update(|o| o.push(key.clone()))
                            />
                        </li>
                    }).collect_view()}
                </ul>
            </section>
        })
    }
}
