//! The app as a contestant of a benchmark, under `?bench=1`: `window.arBench` calls what the pages
//! call and answers plain numbers. Amounts are hundredths of the major unit in every currency, so
//! that sums can be compared with a file's own (whole yen count as 100).

pub mod cash;

use crate::jobs::StatementAnswers;
use crate::later;
use crate::platform::{ids, js, registry};
use crate::workspace::{self, BulkImport, NewBook, Sums, Ws, read_statements};
use duebook_exchange::read::{FileKind, Options, Preview};
use duebook_insight::aging::aging_of;
use duebook_insight::{Aging, AgingQuery, Figure, Filter, GroupBy, GroupKey};
use duebook_ledger::facts::{CreditMode, ImportFacts, ImportKind};
use duebook_ledger::{Book, OpenScan, View};
use duebook_money::{Currency, Day, date};
use duebook_policy::{Basis, Buckets};
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Blob, File};

/// What one call leaves for the next.
#[derive(Default)]
struct State {
    ws: Option<Ws>,
    staged: Option<(BulkImport, Preview)>,
}

type Shared = Rc<RefCell<State>>;
type Answer = Result<JsValue, JsValue>;

/// Marks the page as interactive and, when asked for, offers the surface.
pub fn install(wanted: bool) {
    if !wanted {
        mark_ready();
        return;
    }
    let state = Shared::default();
    let ready = {
        let state = state.clone();
        future_to_promise(async move {
            let answer = prepare(&state).await;
            crate::jobs::Worker::warm();
            mark_ready();
            answer
        })
    };
    let surface = js::options(&[
        ("ready", ready.into()),
        ("importItems", method(&state, import_items)),
        ("importPayments", method(&state, import_payments)),
        ("match", method(&state, |state, _| match_payments(state))),
        ("persist", method(&state, |state, _| persist(state))),
        ("aging", method(&state, age)),
        ("reopen", method(&state, |state, _| reopen(state))),
        ("exportXlsx", method(&state, |state, _| export_xlsx(state))),
        ("showGrid", method(&state, |state, _| show_grid(state))),
    ]);
    // A surface that cannot be set is missed by whoever waits for it.
    let _ = surface.and_then(|s| {
        Ok(js_sys::Reflect::set(
            &js_sys::global(),
            &"arBench".into(),
            &s,
        )?)
    });
}

/// `[data-ready]`: the first page is drawn and takes input.
fn mark_ready() {
    if let Some(body) = leptos::prelude::document().body() {
        // Nothing of the app reads it.
        let _ = body.set_attribute("data-ready", "");
    }
}

/// A function of one argument that answers a promise.
fn method<F: Future<Output = Answer> + 'static>(
    state: &Shared,
    call: impl Fn(Shared, JsValue) -> F + 'static,
) -> JsValue {
    let state = state.clone();
    let run = move |argument: JsValue| future_to_promise(call(state.clone(), argument));
    Closure::<dyn Fn(JsValue) -> js_sys::Promise>::new(run).into_js_value()
}

fn wrong(what: impl std::fmt::Debug) -> JsValue {
    js_sys::Error::new(&format!("{what:?}")).into()
}

/// Begins an empty book where there is none, as choosing a file on the first page does.
async fn prepare(state: &Shared) -> Answer {
    if registry::books().map_err(wrong)?.is_empty() {
        let ws = begin().await?;
        state.borrow_mut().ws = Some(ws);
    }
    Ok(JsValue::UNDEFINED)
}

async fn begin() -> Result<Ws, JsValue> {
    let new = NewBook {
        name: "Bench".to_owned(),
        currency: Currency::EUR,
        own_ledger: false,
        sample: false,
    };
    workspace::create(new).await.map_err(wrong)
}

/// Stages and checks a file in the worker; answers rows, open amounts and due dates (days since
/// 1970) of what would be committed.
async fn import_items(state: Shared, file: JsValue) -> Answer {
    let file: File = file.dyn_into()?;
    let job = BulkImport::new(file).map_err(wrong)?;
    let preview = job
        .stage(&Options::default(), |_| {})
        .await
        .map_err(wrong)?;
    if let Some(question) = preview.questions.first() {
        return Err(wrong(question));
    }
    let sums = job.sums().await.map_err(wrong)?;
    state.borrow_mut().staged = Some((job, preview));
    let answer = [
        ("rows", JsValue::from_f64(sums.rows as f64)),
        ("open", JsValue::from_f64(open_of(&sums))),
        ("due", JsValue::from_f64(sums.due as f64)),
    ];
    js::options(&answer).map_err(wrong)
}

fn open_of(sums: &Sums) -> f64 {
    let of = |(code, minor): &(u16, i64)| {
        hundredths(
            i128::from(*minor),
            Currency::from_numeric(*code).unwrap_or(Currency::XXX),
        )
    };
    sums.open.iter().map(of).sum::<i128>() as f64
}

/// Minor units in hundredths of the major unit.
fn hundredths(minor: i128, currency: Currency) -> i128 {
    minor * 100 / i128::from(currency.minor_per_major())
}

/// Commits what is staged, with the log, and applies it.
async fn persist(state: Shared) -> Answer {
    let (job, preview) = state
        .borrow_mut()
        .staged
        .take()
        .ok_or_else(|| wrong("nothing is staged"))?;
    let empty = state
        .borrow()
        .ws
        .filter(|ws| ws.peek(|b| b.items().is_empty()));
    let ws = match empty {
        Some(ws) => ws,
        None => begin().await?,
    };
    if preview.kind != FileKind::OpenItems {
        return Err(wrong(preview.kind));
    }
    let told = preview
        .as_of
        .as_ref()
        .and_then(|a| date::parse_iso_bytes(a.date.as_bytes()));
    let facts = ImportFacts {
        left_out: preview.counts.out(),
        ..ImportFacts::new(
            ImportKind::OpenItems,
            "ERP",
            &preview.name,
            told.unwrap_or_else(workspace::today),
        )
    };
    job.commit(ws, facts).await.map_err(wrong)?;
    state.borrow_mut().ws = Some(ws);
    Ok(JsValue::UNDEFINED)
}

/// Takes in a table of payments as statements, one a currency.
async fn import_payments(state: Shared, file: JsValue) -> Answer {
    let ws = state.borrow().ws.ok_or_else(|| wrong("no book is open"))?;
    let file: File = file.dyn_into()?;
    let answers = StatementAnswers::default();
    let (read, mut statements) = read_statements(&file, &answers).await.map_err(wrong)?;
    for (facts, _) in &mut statements {
        facts.account = "Bench".to_owned();
    }
    if let Some(question) = read.questions.first() {
        return Err(wrong(question));
    }
    ws.import_statements(statements).await.map_err(wrong)?;
    Ok(JsValue::UNDEFINED)
}

/// What every payment is proposed to pay: pairs of its id and a document's number.
async fn match_payments(state: Shared) -> Answer {
    let ws = state.borrow().ws.ok_or_else(|| wrong("no book is open"))?;
    let later = later::load().await.map_err(wrong)?;
    let pairs = (later.bench_match)(ws, workspace::today()).await?;
    let pair =
        |(payment, number): (String, String)| js_sys::Array::of2(&payment.into(), &number.into());
    Ok(pairs
        .into_iter()
        .map(pair)
        .collect::<js_sys::Array>()
        .into())
}

/// Ages the book by customer, currency and default bucket. The comparison ages credits by their
/// due dates; here credits stand apart (domain.md AG-05) and are put into those buckets after.
async fn age(state: Shared, as_of: JsValue) -> Answer {
    let ws = state.borrow().ws.ok_or_else(|| wrong("no book is open"))?;
    let day = as_of
        .as_string()
        .and_then(|text| date::parse_iso_bytes(text.as_bytes()));
    let query = query(day.ok_or_else(|| wrong(as_of))?);
    let (groups, hash) = ws.peek(|book| {
        let scan = OpenScan::new(book, query.view);
        let aged = aging_of(book, &scan, &query).map_err(wrong)?;
        Ok::<_, JsValue>(groups_and_hash(book, &scan, &query, &aged))
    })?;
    js::options(&[
        ("groups", groups.into()),
        ("hash", JsValue::from_f64(hash as f64)),
    ])
    .map_err(wrong)
}

fn query(as_of: Day) -> AgingQuery {
    AgingQuery {
        view: View::on(as_of),
        basis: Basis::DueDate,
        buckets: Buckets::default(),
        credits: CreditMode::Separate,
        group_by: GroupBy::Customer,
        filter: Filter::default(),
        figure: Figure::default(),
    }
}

/// How many cells have an item, and the sum of amount x (bucket + 1) over them, in hundredths.
fn groups_and_hash(
    book: &Book,
    scan: &OpenScan<'_>,
    query: &AgingQuery,
    aged: &Aging,
) -> (u32, i128) {
    let width = aged.bucket_count();
    let mut filled = vec![false; aged.rows.len() * width];
    let mut starts = vec![0usize; book.customers().len() + 1];
    let mut hash = 0;
    for (row, of) in aged.rows.iter().enumerate() {
        let weighted = aged
            .buckets(row)
            .iter()
            .zip(1..)
            .map(|(amount, weight)| i128::from(*amount) * weight);
        hash += hundredths(weighted.sum(), of.currency);
        for (cell, count) in filled[row * width..]
            .iter_mut()
            .zip(&aged.counts(row)[..width])
        {
            *cell = *count > 0;
        }
        if let GroupKey::Customer(id) = of.group {
            // Rows come by customer: what follows the last row of one is where the next begins.
            starts[id.0 as usize + 1] = row + 1;
        }
    }
    for customer in 1..starts.len() {
        starts[customer] = starts[customer].max(starts[customer - 1]);
    }
    for (_, segment) in scan.segments() {
        let data = segment.data();
        for item in (0..segment.len()).filter(|item| data.open[*item] < 0) {
            let Some(open) = segment.open(item) else {
                continue;
            };
            let customer = data.customer[item] as usize;
            let rows = starts[customer]..starts[customer + 1];
            let bucket = query
                .buckets
                .index(query.view.as_of.0.saturating_sub(data.due[item]));
            let found = rows
                .into_iter()
                .find(|row| aged.rows[*row].currency.numeric() == data.currency[item]);
            if let Some(row) = found {
                filled[row * width + bucket] = true;
                hash += hundredths(
                    i128::from(open.working()) * (bucket as i128 + 1),
                    aged.rows[row].currency,
                );
            }
        }
    }
    (filled.iter().filter(|cell| **cell).count() as u32, hash)
}

/// Opens the newest book and sums it up.
async fn reopen(state: Shared) -> Answer {
    let books = registry::books().map_err(wrong)?;
    let id = books
        .first()
        .and_then(registry::BookEntry::book)
        .ok_or_else(|| wrong("no book is on the list"))?;
    let ws = workspace::open(id, |_| {}).await.map_err(wrong)?;
    let (rows, open) = ws.peek(|book| {
        let (mut sums, mut rows) = (Sums::default(), 0);
        for segment in book.items().segments() {
            rows += segment.data.len();
            sums.add(&segment.data);
        }
        (rows, open_of(&sums))
    });
    state.borrow_mut().ws = Some(ws);
    js::options(&[
        ("rows", JsValue::from_f64(rows as f64)),
        ("open", JsValue::from_f64(open)),
    ])
    .map_err(wrong)
}

/// All rows as a workbook, as "All rows as Excel" on the Items page writes it.
async fn export_xlsx(state: Shared) -> Answer {
    let ws = state.borrow().ws.ok_or_else(|| wrong("no book is open"))?;
    let (_, parts) = ws
        .write_report(ws.report("rows", "xlsx"))
        .await
        .map_err(wrong)?;
    // Joined by the browser beside the page: a copy of 100 MB here would be felt.
    let joined = Blob::new_with_u8_array_sequence(&parts)?.array_buffer();
    let joined = JsFuture::from(joined).await?;
    Ok(js_sys::Uint8Array::new(&joined).into())
}

/// The grid's element that scrolls.
const GRID: &str = ".grid-scroll";

/// Shows the items of the book; answers the selector of the scrolling element once rows are drawn.
async fn show_grid(state: Shared) -> Answer {
    let ws = state.borrow().ws.ok_or_else(|| wrong("no book is open"))?;
    crate::app::remember(ws);
    let window = leptos::prelude::window();
    let path = format!("{}/book/{}/items", crate::app::base(), ids::uuid(&ws.id()));
    window
        .history()?
        .push_state_with_url(&JsValue::NULL, "", Some(&path))?;
    // The router listens to the browser's own buttons; this is one of them.
    window.dispatch_event(&web_sys::Event::new("popstate")?)?;
    for _ in 0..2_000 {
        let shown = leptos::prelude::document()
            .query_selector(&format!("{GRID} [role=gridcell]:not(.grid-check)"))?;
        if shown.is_some_and(|cell| cell.text_content().is_some_and(|text| !text.is_empty())) {
            return Ok(GRID.into());
        }
        crate::platform::pause::pause().await;
    }
    Err(wrong("no grid was drawn"))
}
