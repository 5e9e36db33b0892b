//! Credits, money on account, returned money and corrections.

use crate::customers::Client;
use crate::erp::{Doc, Happening, Paid, Receipt};
use crate::rng::Rng;
use crate::trade::{Desk, amount};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_money::Day;

impl Desk<'_> {
    fn credit_doc(
        &mut self,
        client: usize,
        kind: ItemKind,
        number: String,
        day: Day,
        amount: i64,
    ) -> usize {
        self.erp.add_doc(Doc {
            client,
            kind,
            number,
            line: String::new(),
            date: day,
            due: day,
            amount: -amount,
            open: -amount,
            reference: String::new(),
            po: String::new(),
            receivable: "",
            dispute: None,
            special: true,
            cash: Vec::new(),
            born: false,
            shown: false,
            moved: false,
        })
    }

    pub fn on_account(&mut self, client: usize, number: &str, day: Day, amount: i64) -> usize {
        self.credit_doc(client, ItemKind::Receipt, number.to_owned(), day, amount)
    }

    /// A credit is set against the first document of the customer that waits for its payment; that
    /// payment is then so much less.
    fn use_up(&mut self, rng: &mut Rng, credit: usize, from: Day) {
        let (client, left) = (self.erp.docs[credit].client, -self.erp.docs[credit].amount);
        let day = self
            .schedule
            .from(from.max(self.erp.docs[credit].date.plus(8)));
        let waits = |id: &usize| {
            let d = &self.erp.docs[*id];
            paid_at_once(d) && d.amount > 2 * left && d.date.plus(8) < day && d.cash[0].0 > day
        };
        let found = self.erp.of[client].iter().copied().find(waits);
        if let Some(doc) = found.filter(|_| rng.chance(850)) {
            self.erp.docs[doc].special = true;
            self.pay_less(doc, left);
            self.erp.at(
                day,
                Happening::Offset {
                    credit,
                    doc,
                    amount: left,
                },
            );
        }
    }

    /// The one payment of a document is less than planned.
    fn pay_less(&mut self, doc: usize, by: i64) {
        let rows = self.erp.receipts.iter_mut().flat_map(|r| r.rows.iter_mut());
        if let Some(row) = rows.into_iter().find(|r| r.doc == Ok(doc)) {
            row.amount -= by;
            self.erp.docs[doc].cash[0].1 -= by;
        }
    }

    /// Credit memos, deposits, money without a reference, returned money, corrections.
    pub fn credits(&mut self, rng: &mut Rng, clients: &[Client]) {
        let first = self.schedule.first();
        let span = self.schedule.last().since(first);
        for (credit, from) in std::mem::take(&mut self.unused) {
            self.use_up(rng, credit, from);
        }
        for (i, client) in clients.iter().enumerate() {
            let day = first.plus(rng.range(10, span - 1));
            match rng.below(1_000) {
                0..=139 => {
                    let number = self.number("CM");
                    let sum = amount(rng, client) / 6 + 1;
                    let credit = self.credit_doc(i, ItemKind::CreditMemo, number, day, sum);
                    let from = day.plus(rng.range(10, 70));
                    self.use_up(rng, credit, from);
                }
                140..=169 => {
                    let number = self.number("DP");
                    let sum = amount(rng, client);
                    self.credit_doc(i, ItemKind::OnAccount, number, day, sum);
                }
                170..=229 => {
                    let number = format!("ZE{:06}", 100_000 + self.erp.receipts.len());
                    let sum = amount(rng, client) / 3 + 1;
                    let credit = self.on_account(i, &number, day, sum);
                    let rows = vec![Paid {
                        doc: Err(credit),
                        amount: sum,
                        cause: Cause::Payment,
                    }];
                    self.erp
                        .at(day, Happening::Receive(self.erp.receipts.len()));
                    self.erp.receipts.push(Receipt {
                        number,
                        day,
                        told: day,
                        rows,
                    });
                    let from = day.plus(rng.range(9, 50));
                    self.use_up(rng, credit, from);
                }
                230..=429 => self.correct(rng, i),
                _ => {}
            }
        }
    }

    /// The source corrects one of its documents: money returned by the bank, another amount, or
    /// another due date.
    fn correct(&mut self, rng: &mut Rng, client: usize) {
        let (first, last) = (self.schedule.first(), self.schedule.last());
        let kind = rng.below(10);
        let fits = |id: &usize| {
            let d = &self.erp.docs[*id];
            let gap = d.cash.first().map_or(0, |(day, _)| day.since(d.date));
            let returned = kind < 3 && d.cash.first().is_some_and(|(day, _)| *day > first);
            paid_at_once(d) && (returned || kind >= 3 && gap > 20 && d.date > first)
        };
        let docs = &self.erp.of[client];
        let from = rng.below(docs.len() as u64) as usize;
        let Some(&doc) = docs[from.min(docs.len())..].iter().find(|id| fits(id)) else {
            return;
        };
        let d = &self.erp.docs[doc];
        let (amount, due, paid, date) = (d.amount, d.due, d.cash[0].0, d.date);
        let (day, happening) = match kind {
            0..=2 => (
                paid.plus(rng.range(8, 14)),
                Happening::Reopen { doc, amount },
            ),
            3..=5 => (
                date.plus(rng.range(9, 19)),
                Happening::Amend {
                    doc,
                    by: -(amount / 10),
                },
            ),
            _ => (
                date.plus(rng.range(9, 19)),
                Happening::ReAge {
                    doc,
                    due: due.plus(30),
                },
            ),
        };
        if day > last {
            return;
        }
        if matches!(happening, Happening::Amend { .. }) {
            self.pay_less(doc, amount / 10);
        }
        self.erp.docs[doc].special = true;
        self.erp.at(day, happening);
    }
}

/// An ordinary invoice that one payment settles in full.
fn paid_at_once(d: &Doc) -> bool {
    let full = d.cash.len() == 1 && d.cash[0].1 == d.amount;
    d.kind == ItemKind::Invoice && !d.special && full && d.line.is_empty() && d.dispute.is_none()
}
