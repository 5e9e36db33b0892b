//! What a resolution can be of: the documents of a case, the credits that could pay them, and what was let
//! go of them and can be taken back.

use super::Page;
use crate::words;
use duebook_insight::cases::CaseRow;
use duebook_ledger::ItemId;
use duebook_ledger::cases::resolve::Adjustment;
use duebook_ledger::columns::{ItemKind, NumField};
use duebook_ledger::facts::Cause;
use duebook_ledger::keys::{FactKey, ItemKey};
use duebook_money::Currency;

/// A document of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub id: ItemId,
    pub key: ItemKey,
    pub currency: Currency,
    pub amount: i64,
    pub contested: i64,
    pub tax: i64,
}

/// The documents of a case, each once.
pub fn documents_of(page: Page, row: &CaseRow) -> Vec<Document> {
    page.ws.peek(|b| {
        let live = |s| b.is_live(s);
        let lines = b.case(row.id).map_or(&[][..], |c| c.lines_now(&live));
        let mut out: Vec<Document> = Vec::new();
        for line in lines {
            let id = b.current(line.item);
            let (Some(item), Some(key)) = (b.item(id), b.item_key(id)) else {
                continue;
            };
            if out.iter().any(|d| d.id == id) {
                continue;
            }
            out.push(Document {
                id,
                key,
                currency: item.currency(),
                amount: b.amount_of(&item),
                contested: b.disputed(id).min(item.open().max(0)),
                tax: item.num(NumField::Tax).unwrap_or(0),
            });
        }
        out
    })
}

/// What of the customer's could be set off: deposits, credits, money on account.
pub fn credits_of(page: Page, row: &CaseRow) -> Vec<(ItemKey, String)> {
    page.ws.peek(|b| {
        let of = b.items_of(row.customer);
        let of = of.filter(|i| i.open() < 0 && i.currency() == row.currency);
        of.filter_map(|i| {
            let key = b.item_key(i.id)?;
            let kind = match i.kind() {
                ItemKind::OnAccount => "on account",
                ItemKind::CreditMemo => "credit memo",
                _ => "payment",
            };
            let open = words::money(i.open().saturating_neg(), i.currency());
            Some((
                key.clone(),
                format!("{} ({kind}), {open}", words::item(&key)),
            ))
        })
        .collect()
    })
}

/// Write-offs or discounts of a document that can be taken back, for the adjustments that do so.
pub fn taken_back(page: Page, kind: &str, item: ItemId) -> Vec<(FactKey, String)> {
    let kind = kind.parse::<usize>().ok();
    let cause = match kind.and_then(|n| Adjustment::ALL.get(n)) {
        Some(Adjustment::Recovery) => Cause::WriteOff,
        Some(Adjustment::BillBack) => Cause::Discount,
        _ => return Vec::new(),
    };
    page.ws.peek(|b| {
        let currency = b.item(item).map_or(Currency::XXX, |i| i.currency());
        let of = b.settlements_of(item);
        let of = of.filter(|s| s.cause == cause && b.counts(s));
        of.filter_map(|s| {
            let key = b.posting_key(s.id)?;
            let sum = words::money(s.amount, currency);
            Some((key, format!("{sum} of {}", words::day(s.effective))))
        })
        .collect()
    })
}
