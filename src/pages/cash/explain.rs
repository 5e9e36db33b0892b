//! What a line is that is no new receipt: no customer's money, a receipt that is in the book, or a
//! receipt that the bank took back.

use super::{Cash, wording};
use crate::ui::prelude::*;
use crate::words;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::statements::{Explanation, LineKind, LineUse};
use duebook_ledger::{Command, ItemId};
use leptos::prelude::*;

/// Why it is no customer's money.
const REASONS: [&str; 8] = [
    "Bank charges",
    "Interest",
    "Own transfer",
    "Payment to a supplier",
    "Payroll or tax",
    "Refund to a customer",
    "Not ours: to be sent back",
    "Other",
];

/// Receipts offered.
const OFFERED: usize = 20;

/// The dialog.
#[component]
pub fn ExplainDialog(cash: Cash) -> impl IntoView {
    let open = cash.explaining;
    let choice = RwSignal::new(String::new());
    let other = RwSignal::new(String::new());
    let receipts = RwSignal::new(Vec::<(ItemKey, String)>::new());
    let money_in = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        let Some((sheet, row)) = untrack(|| cash.current_row()) else {
            return;
        };
        other.set(String::new());
        money_in.set(row.rest > 0);
        let list = cash.ws.peek(|b| offered(b, row.rest, sheet.facts.currency));
        let kind = cash.ws.peek(|b| b.line(row.line).map(|l| l.fact.kind));
        choice.set(recognised(kind, !list.is_empty()));
        receipts.set(list);
    });
    let choices =
        Signal::derive(move || {
            let mut all: Vec<Choice> = REASONS.iter().map(|r| Choice::new(*r, *r)).collect();
            let says = if money_in.get() {
                "In the book already"
            } else {
                "The bank took back"
            };
            receipts.with(|list| {
                let each = list.iter().enumerate();
                all.extend(each.map(|(n, (_, label))| {
                    Choice::new(format!("#{n}"), format!("{says}: {label}"))
                }));
            });
            all
        });
    let save = move |()| {
        let Some((sheet, row)) = cash.current_row() else {
            return;
        };
        let Some(key) = cash.ws.peek(|b| b.line_key(row.line)) else {
            return;
        };
        let chosen = choice.get_untracked();
        let receipt = chosen
            .strip_prefix('#')
            .and_then(|n| n.parse::<usize>().ok());
        let receipt = receipt.and_then(|n| receipts.with_untracked(|r| r.get(n).cloned()));
        let booked = cash.ws.peek(|b| b.line(row.line).map(|l| l.fact.booked));
        let how = match (receipt, booked) {
            (Some((receipt, _)), Some(effective)) if row.rest < 0 => {
                Explanation::Returned { receipt, effective }
            }
            (Some((receipt, _)), _) => Explanation::Receipt(receipt),
            _ if chosen == "Other" => Explanation::NotCustomerMoney(other.get_untracked()),
            _ => Explanation::NotCustomerMoney(chosen),
        };
        let done = format!("{} explained", words::money(row.rest, sheet.facts.currency));
        let command = Command::ExplainLines {
            lines: vec![key],
            how,
        };
        cash.send(command, done, Some((&sheet, &row)));
    };
    view! {
        <Dialog
            open=open
            title="What is this line?"
            actions=move || view! { <Button label="Say so" kind=ButtonKind::Primary on_press=save /> }
        >
            <SelectField label="It is" value=choice choices=choices />
            <Show when=move || choice.with(|c| c == "Other")>
                <TextField label="What it is" value=other />
            </Show>
        </Dialog>
    }
}

/// What the bank says it is: a receipt that came back is the nearest of those offered. Where the bank
/// does not say, nothing is proposed.
fn recognised(kind: Option<LineKind>, offered: bool) -> String {
    let reason = match kind {
        Some(LineKind::ReceiptReturned) if offered => return "#0".to_owned(),
        Some(LineKind::Charges) => "Bank charges",
        Some(LineKind::Interest) => "Interest",
        Some(LineKind::Transfer) => "Own transfer",
        Some(LineKind::Payment) => "Payment to a supplier",
        Some(LineKind::Tax) => "Payroll or tax",
        _ => "Other",
    };
    reason.to_owned()
}

/// Receipts of the line's amount that no line is yet; for money out, those that may have come back:
/// also of less, where the rest is the bank's fee. The nearest in amount come first, then the latest.
fn offered(
    book: &duebook_ledger::Book,
    rest: i64,
    currency: duebook_money::Currency,
) -> Vec<(ItemKey, String)> {
    let mut found = Vec::new();
    let amount = rest.saturating_abs();
    for id in book.items().ids() {
        let Some(item) = book.item(id) else { continue };
        // The bank shows the money, and not a part that went over.
        let fits = item.kind() == ItemKind::Receipt
            && book.brought(item.id).is_none()
            && item.currency() == currency
            && match item.recorded_amount().saturating_neg() {
                whole if rest > 0 => whole == amount,
                whole => 0 < whole && whole <= amount,
            }
            && book.is_live(item.commit());
        if !fits {
            continue;
        }
        let known = book.lines_of_receipt(id).any(|p| match p.by {
            LineUse::Receipt(_) => rest > 0,
            _ => rest < 0,
        });
        if known {
            continue;
        }
        let fee = amount.saturating_add(item.recorded_amount());
        found.push((fee, std::cmp::Reverse(item.doc_date()), id));
    }
    duebook_money::order::sort(&mut found);
    let label = |(fee, _, id): (i64, std::cmp::Reverse<i32>, ItemId)| {
        let receipt = wording::part(book, &LineUse::Receipt(id));
        let label = match fee {
            0 => receipt,
            fee => format!(
                "{receipt}, and {} of bank charges",
                words::money(fee, currency)
            ),
        };
        Some((book.item_key(id)?, label))
    };
    found.into_iter().take(OFFERED).filter_map(label).collect()
}
