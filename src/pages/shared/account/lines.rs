//! The open items of a customer as the account shows them. Pure.

use super::draft::OpenItem;
use duebook_insight::PromiseState;
use duebook_insight::promises::{judge_customer, open_promised_of};
use duebook_ledger::columns::{ItemKind, NO_DAY, NumField, TextField};
use duebook_ledger::facts::CollectorField;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, View};
use duebook_money::{Currency, Day, date};

/// One open item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemLine {
    pub id: ItemId,
    pub key: ItemKey,
    pub kind: ItemKind,
    pub currency: Currency,
    /// Working figure, signed.
    pub open: i64,
    /// Of which ours and not confirmed by the source.
    pub pending: i64,
    /// What it was issued for.
    pub amount: i64,
    pub issued: Option<Day>,
    /// The day it ages from: our anchor, the source's, the due date.
    pub due: Option<Day>,
    /// Days late in the view; negative while not due.
    pub late: i32,
    pub po: String,
    pub reference: String,
    /// Of which disputed.
    pub disputed: i64,
    /// Covered by open promises, and the first day one of them is for.
    pub promised: i64,
    pub promised_for: Option<Day>,
    pub status: String,
    pub reason: String,
    pub remark: String,
    pub expected: String,
    pub source_status: String,
}

impl ItemLine {
    /// As forms need it.
    pub fn open_item(&self) -> OpenItem {
        OpenItem {
            key: self.key.clone(),
            currency: self.currency,
            open: self.open,
            due: self.due.map_or(NO_DAY, |d| d.0),
        }
    }
}

/// A customer's open items in a view, oldest first, credits last.
pub fn read(book: &Book, view: View, customer: CustomerId) -> Vec<ItemLine> {
    let scan = OpenScan::new(book, view);
    let judged = judge_customer(book, &scan, customer);
    let covered = open_promised_of(book, &scan, customer, &judged);
    let promised_for = |id: ItemId| {
        let open = judged.iter().filter(|j| j.state.is_open());
        let lines = open
            .flat_map(|j| &j.lines)
            .filter(|l| l.state != PromiseState::Kept);
        lines
            .filter(|l| l.item.is_none_or(|i| i == id))
            .map(|l| l.date)
            .min()
    };
    let mut lines: Vec<ItemLine> = scan
        .items_of(customer)
        .filter_map(|item| {
            let id = item.id;
            let open = scan
                .open(id)
                .filter(|o| o.working() != 0 || o.pending != 0)?;
            let field = |f| book.field(id, f);
            let anchor = date::parse_iso_bytes(field(CollectorField::AgingAnchor).as_bytes());
            let given = item
                .num(NumField::AgingAnchor)
                .and_then(|d| i32::try_from(d).ok());
            let due = scan
                .segment(id.segment())
                .map_or(NO_DAY, |s| s.due(id.row()));
            let due = anchor.or_else(|| duebook_ledger::items::day(given.unwrap_or(due)));
            let issued = duebook_ledger::items::day(item.doc_date());
            let from = due.or(issued);
            let promised = covered.get(&id).copied().unwrap_or(0);
            let disputed = book.disputed_at(id, view.as_of, &|s| scan.is_live(s));
            Some(ItemLine {
                id,
                key: book.item_key(id)?,
                kind: item.kind(),
                currency: item.currency(),
                open: open.working(),
                pending: open.pending,
                amount: book.amount_of(&item),
                issued,
                due,
                late: from.map_or(0, |d| view.as_of.since(d)),
                po: item.text(&TextField::Po).to_owned(),
                reference: item.text(&TextField::Reference).to_owned(),
                disputed: disputed.clamp(0, open.working().max(0)),
                promised,
                promised_for: promised_for(id).filter(|_| promised > 0),
                status: field(CollectorField::Status).to_owned(),
                reason: field(CollectorField::Reason).to_owned(),
                remark: field(CollectorField::Remark).to_owned(),
                expected: field(CollectorField::ExpectedDate).to_owned(),
                source_status: item.text(&TextField::SourceStatus).to_owned(),
            })
        })
        .collect();
    duebook_money::order::sort_by(&mut lines, |a, b| {
        (a.open < 0, a.due.or(a.issued), &a.key).cmp(&(b.open < 0, b.due.or(b.issued), &b.key))
    });
    lines
}
