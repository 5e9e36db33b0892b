//! What a line is that is no new receipt: no customer's money, a receipt that is in the book, or a
//! receipt that the bank took back.

use super::{Cash, wording};
use crate::ui::prelude::*;
use crate::words;
use duebook_ledger::Command;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::statements::{Explanation, LineUse};
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
        choice.set(REASONS[0].to_owned());
        other.set(String::new());
        money_in.set(row.rest > 0);
        receipts.set(cash.ws.peek(|b| offered(b, row.rest, sheet.facts.currency)));
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

/// Receipts of the line's amount that no line is yet; for money out, those that may have come back.
fn offered(
    book: &duebook_ledger::Book,
    rest: i64,
    currency: duebook_money::Currency,
) -> Vec<(ItemKey, String)> {
    let mut out = Vec::new();
    let amount = rest.saturating_abs();
    for id in book.items().ids() {
        let Some(item) = book.item(id) else { continue };
        // The bank shows the money, and not a part that went over.
        let fits = item.kind() == ItemKind::Receipt
            && book.brought(item.id).is_none()
            && item.currency() == currency
            && item.recorded_amount() == -amount
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
        if let Some(key) = book.item_key(id) {
            let label = wording::part(book, &LineUse::Receipt(id));
            out.push((key, label));
        }
        if out.len() == OFFERED {
            break;
        }
    }
    out
}
