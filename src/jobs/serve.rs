//! The worker's side: one job after another, each with its answer.

use super::file::FileInput;
use super::wire::{
    ContactRow, EncodedFile, Progress, Request, Response, Sums, TableRows, bytes_of, numbers,
};
use crate::later;
use crate::platform::idb::IdbStore;
use crate::platform::js;
use duebook_exchange::read::{self, Flow, LeftOut, Staged};
use duebook_journal::{Append, AppendError, Appended, Block, EventStore, SealedCommit, StoreError};
use duebook_ledger::block;
use duebook_ledger::columns::{Segment, StagedItems};
use duebook_ledger::command::PaymentRow;
use duebook_ledger::event::BlockRef;
use duebook_ledger::facts::Cause;
use duebook_ledger::import::{Head, cbor, totals};
use duebook_ledger::reporting::SalesRow;
use futures::future::LocalBoxFuture;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

/// What the worker keeps between jobs.
#[derive(Default)]
pub struct State {
    input: Option<FileInput>,
    options: read::Options,
    staged: Option<Staged>,
    /// The rows of it that are left out.
    out: LeftOut,
    blocks: Vec<Block>,
}

/// The worker's state; jobs take it one after another.
pub type Shared = Rc<futures::lock::Mutex<State>>;

/// A job's answer and the bytes beside it.
type Answer = (Response, Vec<Vec<u8>>);

/// An answer with its bytes as the browser's own arrays.
type Reply = (Response, js_sys::Array);

/// Runs the worker: called instead of mounting the app.
pub fn serve() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    // A panic in an async task raises no error event: the page is told, and ends the worker.
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        if let Ok(message) = js::options(&[("broken", JsValue::from_str(&info.to_string()))]) {
            post(&message, &js_sys::Array::new());
        }
    }));
    let state = Shared::default();
    let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let state = state.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let data = event.data();
            match later::load().await {
                Ok(later) => (later.job)(state, data).await,
                Err(later::NotLoaded) => {
                    let what = "a part of the program could not be loaded".to_owned();
                    reply(id_of(&data), (Response::Failed(what), js_sys::Array::new()));
                }
            }
        });
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    hear.forget();
    later::ahead();
    let ready = js::options(&[("ready", JsValue::TRUE)]);
    // If the page cannot hear this, it hears nothing of the worker at all.
    let _ = ready.map(|message| scope.post_message(&message));
}

fn id_of(data: &JsValue) -> f64 {
    js::peek(data, "id").as_f64().unwrap_or(-1.0)
}

/// Does one job and answers it.
pub fn job(state: Shared, data: JsValue) -> LocalBoxFuture<'static, ()> {
    Box::pin(async move {
        let id = id_of(&data);
        let mut state = state.lock().await;
        let answer = handle(&mut state, &data, id).await;
        let failed = |what| (Response::Failed(what), js_sys::Array::new());
        reply(id, answer.unwrap_or_else(failed));
    })
}

async fn handle(state: &mut State, data: &JsValue, id: f64) -> Result<Reply, String> {
    let json = js::peek(data, "json").as_string().unwrap_or_default();
    let request: Request = serde_json::from_str(&json).map_err(|e| e.to_string())?;
    let arrays: js_sys::Array = js::peek(data, "bytes")
        .dyn_into()
        .map_err(|_| "no bytes".to_owned())?;
    let bytes = || -> Vec<Vec<u8>> {
        arrays
            .iter()
            .map(|a| js_sys::Uint8Array::new(&a).to_vec())
            .collect()
    };
    let file: Option<File> = js::peek(data, "file").dyn_into().ok();
    let answer = match request {
        Request::Stage { options } => {
            if let Some(file) = file {
                state.input = Some(FileInput::new(file));
            }
            stage(state, *options, id)
        }
        Request::Rows { sheet } => {
            if let Some(file) = file {
                *state = State {
                    input: Some(FileInput::new(file)),
                    ..State::default()
                };
            }
            rows(state, sheet.as_deref())
        }
        Request::Statements { answers } => {
            super::statement::read(file.as_ref().ok_or("no file")?, &answers)
        }
        Request::Template { stored, headers } => {
            super::template::look(file.as_ref(), stored, &headers).await
        }
        Request::Mornings { shape, start } => super::mornings::make(&shape, start),
        Request::Lines => lines(state),
        Request::Page { from, count } => page(state, from, count),
        Request::LeaveOut { all_but } => leave_out(state, all_but, &bytes()),
        Request::Sums => sums(state),
        Request::Encode => encode(state, &bytes()),
        Request::Refused => refused(state),
        Request::Write { book } => write(state, &book, bytes()).await,
        Request::Export { book, report } => {
            return super::export::export(&book, *report, move |p| tell(id, p)).await;
        }
        Request::Check { book } => super::check::check(&book).await,
        Request::Backup { book } => super::check::backup(&book).await,
        Request::Compare { book } => {
            super::check::compare(file.as_ref().ok_or("no file")?, &book).await
        }
        Request::Restore { write } => {
            let file = file.ok_or("no file")?;
            super::check::restore(&file, write).await
        }
    };
    answer.map(|(response, bytes)| {
        let arrays = bytes.iter().map(|part| js_sys::Uint8Array::from(&part[..]));
        (response, arrays.collect())
    })
}

fn stage(state: &mut State, options: read::Options, id: f64) -> Result<Answer, String> {
    state.staged = None;
    state.out = LeftOut::default();
    state.blocks.clear();
    let input = state.input.as_ref().ok_or("no file")?;
    let mut last = 0;
    let mut progress = |p: read::Progress| {
        // A few dozen messages a file, whatever its length.
        if p.done.saturating_sub(last) * 50 >= p.total || p.done >= p.total {
            last = p.done;
            tell(
                id,
                Progress {
                    rows: p.rows,
                    done: p.done,
                    of: p.total,
                },
            );
        }
        Flow::Continue
    };
    let staged = match read::stage(input, &options, &mut progress) {
        Ok(staged) => staged,
        Err(error) => return Ok((Response::Unreadable(error), Vec::new())),
    };
    let preview = Box::new(staged.preview.clone());
    state.options = options;
    state.staged = Some(staged);
    Ok((Response::Staged(preview), Vec::new()))
}

fn lines(state: &State) -> Result<Answer, String> {
    let staged = state.staged.as_ref().ok_or("nothing is staged")?;
    let both = vec![bytes_of(&staged.lines()), bytes_of(&staged.warned_lines())];
    Ok((Response::Bytes, both))
}

fn page(state: &State, from: usize, count: usize) -> Result<Answer, String> {
    let staged = state.staged.as_ref().ok_or("nothing is staged")?;
    Ok((Response::Page(staged.rows(from, count)), Vec::new()))
}

fn leave_out(state: &mut State, all_but: bool, bytes: &[Vec<u8>]) -> Result<Answer, String> {
    let staged = state.staged.as_ref().ok_or("nothing is staged")?;
    let bytes = bytes.first().map_or(&[][..], |b| b);
    let out = LeftOut::new(all_but, numbers(bytes));
    let figures = match out.is_nothing() {
        true => staged.preview.figures(),
        false => staged.figures_without(&out),
    };
    state.out = out;
    Ok((Response::Figures(figures), Vec::new()))
}

fn rows(state: &State, sheet: Option<&str>) -> Result<Answer, String> {
    let input = state.input.as_ref().ok_or("no file")?;
    let most = read::MAX_PASTE_ROWS;
    let rows = match read::grid(input, &state.options.text, sheet, most) {
        Ok(grid) => {
            let rows = grid.rows.into_iter().map(|r| (r.line, r.cells));
            Response::Rows(TableRows {
                rows: rows.collect(),
                cut: grid.cut,
                sheets: grid.sheets.into_iter().map(|s| s.name).collect(),
                sheet: grid.sheet,
            })
        }
        Err(error) => Response::Unreadable(error),
    };
    Ok((rows, Vec::new()))
}

fn sums(state: &State) -> Result<Answer, String> {
    let staged = state.staged.as_ref().ok_or("nothing is staged")?;
    let mut sums = Sums::default();
    staged
        .batch
        .items
        .segments
        .iter()
        .for_each(|segment| sums.add(segment));
    Ok((Response::Sums(sums), Vec::new()))
}

fn encode(state: &mut State, keep: &[Vec<u8>]) -> Result<Answer, String> {
    let staged = state.staged.as_ref().ok_or("nothing is staged")?;
    let kept = (!state.out.is_nothing()).then(|| staged.without(&state.out));
    let batch = kept.as_ref().map_or(&staged.batch, |k| &k.batch);
    let items: &StagedItems = &batch.items;
    let sums = totals(&items.segments);
    let mut out = EncodedFile {
        count: sums.count,
        sums: sums.sums.iter().map(|(c, s)| (c.numeric(), *s)).collect(),
        hash_total: sums.hash_total,
        contacts: batch.contacts.iter().map(contact).collect(),
        payments: !batch.payments.is_empty(),
        sales: !batch.sales.is_empty(),
        ..EncodedFile::default()
    };
    let customers = if items.customers.is_empty() {
        &batch.customers
    } else {
        &items.customers
    };
    let head = cbor(&Head {
        customers: customers.clone(),
        entities: items.entities.clone(),
    });
    out.head = (BlockRef::of(&head, 0).digest, customers.len() as u32);
    let mut parts = vec![head];
    for (n, segment) in items.segments.iter().enumerate() {
        let kept = match keep.get(n) {
            None => std::borrow::Cow::Borrowed(&**segment),
            Some(keep) => {
                std::borrow::Cow::Owned(segment.filtered(|row| keep.get(row) == Some(&1)))
            }
        };
        if kept.is_empty() {
            continue;
        }
        let bytes = block::encode(&kept);
        out.segments
            .push((BlockRef::of(&bytes, kept.len()).digest, kept.len() as u32));
        parts.push(bytes);
    }
    state.blocks = parts.iter().cloned().map(Block::new).collect();
    out.lengths = state
        .blocks
        .iter()
        .map(|b| (*b.digest().bytes(), b.bytes().len() as u64))
        .collect();
    if out.payments {
        parts.push(cbor(
            &batch.payments.iter().map(payment).collect::<Vec<_>>(),
        ));
    }
    if out.sales {
        parts.push(cbor(&batch.sales.iter().map(sale).collect::<Vec<_>>()));
    }
    // Once: where the rows are encoded again, the page has these already.
    if keep.is_empty() {
        let left = kept.iter().flat_map(|k| &k.left);
        let left: Vec<&Segment> = left.chain(&staged.doubled).collect();
        out.left = left.len();
        parts.extend(left.into_iter().map(block::encode));
    }
    Ok((Response::Encoded(Box::new(out)), parts))
}

fn contact(c: &read::StagedContact) -> ContactRow {
    ContactRow {
        customer: c.customer.clone(),
        details: format!("{}\n{}\n{}", c.name, c.mailbox, c.phone),
        role: c.role.clone(),
        zone: c.zone.clone(),
        language: c.language.clone(),
    }
}

fn sale(s: &read::StagedSale) -> SalesRow {
    SalesRow {
        customer: s.customer.clone(),
        month: s.month,
        currency: s.currency,
        minor: s.amount,
    }
}

fn payment(p: &read::StagedPayment) -> PaymentRow {
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    PaymentRow {
        customer: given(&p.customer),
        entity: None,
        item: given(&p.invoice),
        number: p.number.clone(),
        date: p.date,
        currency: p.currency,
        amount: p.amount,
        cause: Cause::Payment,
        line: p.line,
    }
}

fn refused(state: &State) -> Result<Answer, String> {
    let (Some(input), Some(staged)) = (&state.input, &state.staged) else {
        return Err("nothing is staged".to_owned());
    };
    let mut lines = staged.refused.clone();
    let left = staged.left_lines(&state.out).into_iter();
    lines.extend(left.map(|line| (line, read::Reason::LeftOut)));
    duebook_money::order::sort_by_key(&mut lines, |(line, _)| *line);
    let mut out = Vec::new();
    let written = read::refused_csv(
        input,
        &state.options,
        &lines,
        &|r| crate::words::row_reason(r).to_owned(),
        &mut out,
    );
    written.map_err(|e| format!("{e:?}"))?;
    Ok((Response::Bytes, vec![out]))
}

async fn write(state: &mut State, book: &str, mut bytes: Vec<Vec<u8>>) -> Result<Answer, String> {
    let book = book.parse().map_err(|_| "not a book's id".to_owned())?;
    let sealed = bytes.pop().ok_or("no commit")?;
    let (sealed, _) = SealedCommit::from_bytes(sealed).map_err(|e| format!("{e:?}"))?;
    let blocks = std::mem::take(&mut state.blocks);
    let append =
        Append::join(sealed, blocks, Vec::new(), |_| false).map_err(|e| format!("{e:?}"))?;
    let store = IdbStore::open(&book)
        .await
        .map_err(|e| crate::words::store_error(&e))?;
    let answer = store.append(&append).await;
    store.close();
    let head = append.commit().head();
    // Kept for another try: a conflict seals the same blocks behind another head.
    state.blocks = append.blocks().to_vec();
    let response = match answer {
        Ok(Appended::Written(_) | Appended::Already { .. }) => Response::Written {
            seq: head.seq,
            hash: *head.hash.bytes(),
        },
        Err(AppendError::Conflict) => Response::Conflict,
        Err(AppendError::Store(e)) => {
            let quota = e == StoreError::Quota;
            Response::NotWritten {
                what: crate::words::store_error(&e),
                quota,
            }
        }
        Err(other) => Response::NotWritten {
            what: format!("{other:?}"),
            quota: false,
        },
    };
    Ok((response, Vec::new()))
}

fn post(message: &JsValue, transfer: &js_sys::Array) {
    if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        // The page may have ended this worker; then nobody waits.
        let _ = scope.post_message_with_transfer(message, transfer);
    }
}

fn tell(id: f64, progress: Progress) {
    let Ok(json) = serde_json::to_string(&progress) else {
        return;
    };
    let message = js::options(&[
        ("id", JsValue::from_f64(id)),
        ("progress", JsValue::from_str(&json)),
    ]);
    if let Ok(message) = message {
        post(&message, &js_sys::Array::new());
    }
}

fn reply(id: f64, (response, arrays): Reply) {
    let json = serde_json::to_string(&response)
        .unwrap_or_else(|e| format!("{{\"Failed\":{:?}}}", e.to_string()));
    let buffers = arrays.iter().map(|array| js::peek(&array, "buffer"));
    let transfer = buffers.collect();
    let message = js::options(&[
        ("id", JsValue::from_f64(id)),
        ("json", JsValue::from_str(&json)),
        ("bytes", arrays.into()),
    ]);
    if let Ok(message) = message {
        post(&message, &transfer);
    }
}
