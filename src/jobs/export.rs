//! Reports as files, written in the worker: the book is replayed from disk, so what is written is
//! what is saved.

use super::wire::{Exported, Progress, Report, Response};
use crate::platform::idb::IdbStore;
use crate::workspace::replay;
use duebook_exchange::write;
use duebook_insight::reports;
use duebook_ledger::open::View;
use duebook_ledger::{CustomerId, ItemId, Seq};
use duebook_money::Day;
use std::ops::ControlFlow;

type Answer = Result<(Response, Vec<Vec<u8>>), String>;

/// Writes a report of a book.
pub async fn export(book: &str, report: Report, tell: impl Fn(Progress)) -> Answer {
    let id = book.parse().map_err(|_| "not a book's id".to_owned())?;
    let store = IdbStore::open(&id).await.map_err(|e| crate::words::store_error(&e))?;
    let replayed = replay(&store).await;
    store.close();
    let (book, texts, head) = replayed.map_err(|e| crate::words::open_failure(&e).1)?;
    let texts = |id| texts.of(id).map(str::to_owned);
    let request = reports::Request {
        kind: reports::Kind::from_name(&report.kind).ok_or("no such report")?,
        view: View { as_of: Day(report.as_of), known: report.known.map(Seq) },
        today: Day(report.today),
        generated_at_ms: report.generated_at,
        actor: &report.actor,
        build: &report.build,
        head: &head.hash.to_string(),
        filters: &report.filters,
        customers: report.customers.as_ref().map(|c| c.iter().copied().map(CustomerId).collect()),
        items: report.items.as_ref().map(|i| i.iter().copied().map(ItemId).collect()),
        texts: &texts,
    };
    let made = reports::build(&book, &request).map_err(|e| format!("{e:?}"))?;
    let exported = Exported { rows: made.rows, reconciled: made.reconciled };
    let mut progress = |p: write::Progress| {
        tell(Progress { rows: p.done, done: p.done, of: p.total });
        ControlFlow::Continue(())
    };
    let bytes = if report.format == "csv" {
        let sheet = made.workbook.sheets.last().ok_or("an empty report")?;
        let mut out = Vec::new();
        let written = write::csv::write(sheet, &write::csv::Options::default(), &mut out, &mut progress);
        written.map(|()| out)
    } else {
        let options = write::xlsx::Options::default();
        write::xlsx::write(&made.workbook, &options, &mut progress).map(|w| w.bytes)
    };
    Ok((Response::Exported(exported), vec![bytes.map_err(|e| format!("{e:?}"))?]))
}
