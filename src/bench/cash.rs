//! Payments of a file against what is open, as the Cash page matches a statement.

use crate::pages::cash::{indexed, proposed};
use crate::platform::latest::Run;
use crate::workspace::Ws;
use duebook_cash::{Receipt, receipt_of};
use duebook_ledger::{Book, LineId, View};
use duebook_money::{Currency, Day};
use futures::future::LocalBoxFuture;
use wasm_bindgen::JsValue;

/// The bank's id of a payment and the number of a document, for each pair that is proposed.
pub type Pairs = Vec<(String, String)>;

/// Proposes what every payment of the book's statements pays; the book stays as it is.
pub fn pairs(ws: Ws, as_of: Day) -> LocalBoxFuture<'static, Result<Pairs, JsValue>> {
    Box::pin(async move {
        let gone = || super::wrong("the book went stale");
        let index = indexed(ws, View::on(as_of), Run::ALONE).await;
        let index = index.ok_or_else(gone)?;
        let mut pairs = Pairs::new();
        for (currency, receipts) in ws.peek(statements) {
            let made = proposed(ws, currency, &index, &receipts, &|_, _| {}, Run::ALONE).await;
            let proposals = made.ok_or_else(gone)?;
            ws.peek(|book| {
                for (receipt, proposal) in receipts.iter().zip(&proposals) {
                    let items = proposal.lines.iter().filter_map(|l| book.item(l.item));
                    let pair = |number: &str| (receipt.bank_id.clone(), number.to_owned());
                    pairs.extend(items.map(|item| pair(item.number())));
                }
            });
        }
        Ok(pairs)
    })
}

/// The payments of each statement that are not receipts yet.
fn statements(book: &Book) -> Vec<(Currency, Vec<Receipt>)> {
    let all = book.statements().map(|(_, statement)| {
        let open = (statement.lines.iter()).filter(|line| {
            let is_money = |line: &LineId| {
                let known = book.line(*line).map(|l| &l.fact);
                known.is_some_and(|f| f.amount > 0 && f.kind.is_customer_money())
            };
            is_money(line) && book.line_rest(**line) != 0
        });
        let receipts = open.filter_map(|line| receipt_of(book, *line));
        (statement.facts.currency, receipts.collect())
    });
    all.collect()
}
