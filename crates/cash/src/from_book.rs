//! The index of a book: one pass over its open items.

use std::collections::BTreeSet;

use duebook_ledger::columns::{ItemKind, NumField, TextField};
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::{Book, ItemId, OpenScan, View};
use duebook_money::Currency;

use crate::index::{Alias, IndexBuilder, OpenIndex, OpenItem};

impl OpenIndex {
    /// What is open in a view of a book (working figures), with the aliases learnt from confirmed
    /// matches. Open receipts and money on account are not offered: money does not pay money.
    pub fn of(book: &Book, view: View, aliases: &[Alias]) -> OpenIndex {
        let mut builder = IndexBuilder::new();
        for id in book.customer_ids() {
            let (Some(facts), Some(key)) = (book.customer_facts(id), book.customer_key(id)) else {
                continue;
            };
            let parent = facts.parent.as_ref().and_then(|number| {
                book.find_customer(&CustomerKey {
                    source: key.source.clone(),
                    number: number.clone(),
                })
            });
            builder.customer(id, &facts.number, &facts.name, parent.filter(|p| *p != id));
        }
        for alias in aliases {
            builder.alias(alias);
        }
        let disputed: BTreeSet<ItemId> = book
            .items_with_fields()
            .chain(book.items_with_cases())
            .map(|id| book.current(id))
            .filter(|id| book.disputed(*id) > 0)
            .collect();
        let scan = OpenScan::new(book, view);
        for (number, segment) in scan.segments() {
            let data = segment.data();
            let texts = |field: TextField| data.texts.iter().find(|(f, _)| *f == field);
            let columns = [
                TextField::Reference,
                TextField::Po,
                TextField::Contract,
                TextField::Terms,
                TextField::SourceStatus,
            ]
            .map(|field| texts(field).map(|(_, column)| column));
            for row in 0..segment.len() {
                let Some(open) = segment.open(row).map(|o| o.working()).filter(|o| *o != 0) else {
                    continue;
                };
                let kind = ItemKind::from_u8(data.kind[row]).unwrap_or(if open < 0 {
                    ItemKind::CreditMemo
                } else {
                    ItemKind::Invoice
                });
                if matches!(kind, ItemKind::Receipt | ItemKind::OnAccount) {
                    continue;
                }
                let id = ItemId::new(number, row);
                let [reference, po, contract, terms, status] =
                    columns.map(|column| column.map_or("", |c| c.get(row)));
                let says = status
                    .get(..6)
                    .is_some_and(|s| s.eq_ignore_ascii_case("DISPUT"));
                builder.item(&OpenItem {
                    id,
                    customer: duebook_ledger::CustomerId(data.customer[row]),
                    currency: Currency::from_numeric(data.currency[row]).unwrap_or(Currency::XXX),
                    kind,
                    doc_date: data.doc_date[row],
                    due: segment.due(row),
                    amount: data.amount[row],
                    open,
                    tax: data.num(NumField::Tax, row),
                    number: data.number.get(row),
                    reference,
                    po,
                    contract,
                    terms,
                    disputed: says || disputed.contains(&id),
                });
            }
        }
        builder.finish()
    }
}
