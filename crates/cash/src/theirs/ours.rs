//! Our side: what is open on the customer's account on a day, and what was settled by then, so that
//! what they still show is known again.

use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::items::day;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, View};
use duebook_money::{Currency, Day};

/// What a line of ours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OurWhat {
    /// A bill, charge or credit note.
    Document,
    /// Money received.
    Payment,
    /// Discount, write-off and the like, without a document of its own.
    Adjustment,
    /// What was open when the period began.
    Opening,
}

/// A line of our account of the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurLine {
    /// The item; `None` for what was brought forward.
    pub item: Option<ItemId>,
    /// What it is.
    pub what: OurWhat,
    /// Document number.
    pub number: String,
    /// The number the customer knows.
    pub reference: String,
    /// Document date, or the day it moved.
    pub date: Option<Day>,
    /// Due date.
    pub due: Option<Day>,
    /// Currency.
    pub currency: Currency,
    /// What it makes the balance, minor units, signed: 0 where all of it was settled by the day.
    pub open: i64,
    /// With what it began, signed like it.
    pub amount: i64,
}

/// What a kind of item is here.
pub fn what_of(kind: ItemKind) -> OurWhat {
    match kind {
        ItemKind::Receipt | ItemKind::OnAccount => OurWhat::Payment,
        _ => OurWhat::Document,
    }
}

/// A customer with those merged into it; with `family`, and those whose parent it is, as known now.
pub fn accounts(book: &Book, customer: CustomerId, family: bool) -> Vec<CustomerId> {
    let mut all = book.with_merged(customer);
    if !family {
        return all;
    }
    let parents: Vec<(u16, &str)> = (all.iter())
        .filter_map(|id| book.customer(*id))
        .map(|c| (c.source, c.number.as_str()))
        .collect();
    // A parent is named by its number in the child's own source.
    let is_child = |id: &CustomerId| {
        let source = book.customer(*id).map(|c| c.source);
        let parent = book.customer_facts(*id).and_then(|f| f.parent.as_deref());
        let is = source.zip(parent);
        is.is_some_and(|of| parents.contains(&of))
    };
    let children: Vec<CustomerId> = book.customer_ids().filter(is_child).collect();
    for id in children.into_iter().flat_map(|id| book.with_merged(id)) {
        if !all.contains(&id) {
            all.push(id);
        }
    }
    all
}

/// Accounts on a day as known now: every item that is there, open by the working figure.
pub fn open_lines(book: &Book, accounts: &[CustomerId], on: Day) -> Vec<OurLine> {
    let scan = OpenScan::new(book, View::on(on));
    let mut out = Vec::new();
    for id in accounts {
        for item in scan.items_of(*id) {
            let Some(open) = scan.open(item.id) else {
                continue;
            };
            out.push(OurLine {
                item: Some(item.id),
                what: what_of(item.kind()),
                number: item.number().to_owned(),
                reference: item.text(&TextField::Reference).to_owned(),
                date: day(item.doc_date()),
                due: day(book.due_of(&item)),
                currency: item.currency(),
                open: open.working(),
                amount: book.amount_of(&item),
            });
        }
    }
    out
}
