//! The client's workbook, looked at and filled in the worker.

use super::export::{Pieces, opened};
use super::file::FileRead;
use super::wire::{Exported, Report, Response};
use crate::platform::idb::IdbStore;
use crate::workspace::replay;
use duebook_exchange::template::{
    Filled, MAX_BYTES, Place, TemplateError, fill as fill_template, outline,
};
use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::reports::template_sheet;
use duebook_insight::tie_out::tie_out;
use duebook_journal::{Digest, EventStore};
use duebook_ledger::open::View;
use duebook_ledger::template::SheetPlan;
use duebook_ledger::{ItemId, Seq};
use duebook_money::Day;
use duebook_sheet::Sheet;
use std::io::{Read, Write};

type Answer = Result<(Response, Vec<Vec<u8>>), String>;

/// Looks at a workbook chosen by the user, or at one the book has.
pub async fn look(
    file: Option<&web_sys::File>,
    stored: Option<(String, [u8; 32])>,
    headers: &[(String, u32)],
) -> Answer {
    let bytes = match (file, stored) {
        (Some(file), _) if file.size() > MAX_BYTES as f64 => {
            let bytes = file.size() as u64;
            let error = TemplateError::TooLarge { bytes };
            return Ok((Response::NoTemplate(error), Vec::new()));
        }
        (Some(file), _) => {
            let mut bytes = Vec::with_capacity(file.size() as usize);
            let mut input = FileRead::new(file).map_err(|e| e.to_string())?;
            input.read_to_end(&mut bytes).map_err(|e| e.to_string())?;
            bytes
        }
        (None, Some((book, digest))) => {
            let store = opened(&book).await?;
            let bytes = stored_bytes(&store, digest).await;
            store.close();
            bytes?
        }
        (None, None) => return Err("no file".to_owned()),
    };
    let response = match outline(&bytes, headers) {
        Ok(outline) => Response::Template(Box::new(outline)),
        Err(error) => Response::NoTemplate(error),
    };
    // Kept beside the log once the user has said what goes where.
    let beside = if file.is_some() {
        vec![bytes]
    } else {
        Vec::new()
    };
    Ok((response, beside))
}

/// A stored workbook, checked against its digest.
async fn stored_bytes(store: &IdbStore, digest: [u8; 32]) -> Result<Vec<u8>, String> {
    let digest = Digest(digest);
    let found = store.read_blocks(&[digest]).await;
    let found = found.map_err(|e| crate::words::store_error(&e))?;
    let bytes = found.into_iter().flatten().next();
    bytes
        .filter(|b| Digest::of(b) == digest)
        .ok_or_else(|| "The workbook is not on disk as it was kept.".to_owned())
}

/// Fills a template of a book from what is on disk.
pub async fn fill(book: &str, report: &Report) -> Result<(Response, js_sys::Array), String> {
    let store = opened(book).await?;
    let replayed = replay(&store).await;
    let name = report.template.as_deref().unwrap_or_default();
    let kept = replayed
        .as_ref()
        .ok()
        .and_then(|(book, ..)| book.template(name).cloned());
    let bytes = match &kept {
        Some(kept) => Some(stored_bytes(&store, kept.block.digest).await),
        None => None,
    };
    store.close();
    let (book, ..) = replayed.map_err(|e| crate::words::open_failure(&e).1)?;
    let (Some(kept), Some(bytes)) = (kept, bytes) else {
        return Err(format!("There is no workbook “{name}” in the book."));
    };
    let bytes = bytes?;
    let view = View {
        as_of: Day(report.as_of),
        known: report.known.map(Seq),
    };
    let query = AgingQuery::new(&book, view);
    let aged = aging(&book, &query).map_err(|_| "A total is too large for a ledger.".to_owned())?;
    let tied = tie_out(&book, &query, &aged);
    let only = report.items.as_ref();
    let only: Option<Vec<ItemId>> = only.map(|ids| ids.iter().copied().map(ItemId).collect());
    let sheets: Vec<(Place, Sheet<'_>)> = kept
        .sheets
        .iter()
        .map(|plan| {
            (
                place(plan),
                template_sheet(&book, &query, plan, only.as_deref()),
            )
        })
        .collect();
    let filled: Vec<Filled<'_, '_>> = sheets
        .iter()
        .map(|(place, data)| Filled { place, data })
        .collect();
    let (out, written) =
        fill_template(&bytes, &filled).map_err(|e| crate::words::template_error(&e))?;
    let mut pieces = Pieces::default();
    pieces.write_all(&out).map_err(|e| e.to_string())?;
    let exported = Exported {
        rows: written.rows,
        reconciled: tied.lines.iter().all(|l| l.holds()),
        cut: written.cut,
        as_text: written.as_text,
        issue: None,
    };
    Ok((Response::Exported(exported), pieces.given()))
}

fn place(plan: &SheetPlan) -> Place {
    Place {
        sheet: plan.sheet.clone(),
        header: plan.header,
        first: plan.first,
        last: plan.last,
        columns: plan.columns.iter().map(|c| c.at).collect(),
    }
}
