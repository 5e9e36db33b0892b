//! Reports as files, written in the worker: the book is replayed from disk, so what is written is
//! what is saved. The file leaves wasm memory piece by piece as it is written.

use super::wire::{Exported, IssueFacts, Progress, Report, Response};
use crate::platform::idb::IdbStore;
use crate::workspace::{Texts, replay};
use duebook_exchange::write;
use duebook_exchange::write::xlsx;
use duebook_insight::aging::{Aging, AgingQuery, aging};
use duebook_insight::late::late_items;
use duebook_insight::outbox::{outbox, outbox_sheet};
use duebook_insight::promises::{Judged, judge_all};
use duebook_insight::recon::{Face, Span, reconcile};
use duebook_insight::reports::{
    Drawing, Making, Period, TextSource, TheirTold, activity_sheet, aging_detail, aging_summary,
    breaks_sheet, case_pack, cases_sheet, day_lines, day_sheet, interest_sheet, items_sheet,
    promises_sheet, readme, reconciliation_controls, reconciliation_sheets, report_kind,
    rows_sheet, their_controls, their_lines_sheet, their_sheets, theirs_reconciled, ties,
};
use duebook_insight::shift::{self, figures};
use duebook_insight::tie_out::{TieOut, tie_out};
use duebook_ledger::keys::TextRef;
use duebook_ledger::open::View;
use duebook_ledger::shift::ShiftId;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq, Uid};
use duebook_money::{Currency, Day};
use duebook_sheet::{Readme, ReadmeAt, Sheet, Stamp, Verdict, Workbook};
use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;

struct Beside(Texts);

impl TextSource for Beside {
    fn text(&self, id: Uid) -> Option<String> {
        self.0.of(id).map(str::to_owned)
    }
}

impl super::dossier::Kept for Beside {
    fn file(&self, at: TextRef) -> Option<std::sync::Arc<[u8]>> {
        self.0.file(at)
    }
}

/// Bytes of a piece.
const PIECE: usize = 1 << 20;

/// A file in the browser's memory, in pieces.
#[derive(Default)]
pub(super) struct Pieces {
    given: js_sys::Array,
    piece: Vec<u8>,
    hash: blake3::Hasher,
    bytes: u64,
}

impl Pieces {
    /// All of it.
    pub fn given(mut self) -> js_sys::Array {
        self.give();
        self.given
    }
    fn give(&mut self) {
        if !self.piece.is_empty() {
            self.given.push(&js_sys::Uint8Array::from(&self.piece[..]));
            self.piece.clear();
        }
    }
}

impl io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        if self.piece.len() >= PIECE {
            self.give();
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes a report of a book; the pieces of the file are beside the answer.
pub async fn export(
    book: &str,
    report: Report,
    tell: impl Fn(Progress),
) -> Result<(Response, js_sys::Array), String> {
    if report.kind == "template" {
        return super::template::fill(book, &report).await;
    }
    let store = opened(book).await?;
    let replayed = replay(&store).await;
    store.close();
    let (book, texts, head) = replayed.map_err(|e| crate::words::open_failure(&e).1)?;
    let mut pieces = Pieces::default();
    let head = head.hash.to_string();
    let mut exported = write_report(&book, &Beside(texts), &report, head, &mut pieces, tell)?;
    pieces.give();
    if let Some(issue) = &mut exported.issue {
        issue.hash = *pieces.hash.finalize().as_bytes();
        issue.bytes = pieces.bytes;
    }
    Ok((Response::Exported(exported), pieces.given))
}

/// The store of a book.
pub(super) async fn opened(book: &str) -> Result<IdbStore, String> {
    let id = book.parse().map_err(|_| "not a book's id".to_owned())?;
    let store = IdbStore::open(&id).await;
    store.map_err(|e| crate::words::store_error(&e))
}

fn write_report(
    book: &Book,
    texts: &Beside,
    report: &Report,
    head_hash: String,
    out: &mut Pieces,
    tell: impl Fn(Progress),
) -> Result<Exported, String> {
    let view = View {
        as_of: Day(report.as_of),
        known: report.known.map(Seq),
    };
    let mut query = AgingQuery::new(book, view);
    if let Some(customers) = &report.customers {
        query.filter.customers = customers.iter().copied().map(CustomerId).collect();
    }
    if report.kind == "dossier" {
        let made = making(report, head_hash);
        let (bytes, rows) = super::dossier::dossier(book, texts, report, &query, made)?;
        io::Write::write_all(out, &bytes).map_err(|e| format!("{e:?}."))?;
        return Ok(Exported {
            rows,
            reconciled: true,
            cut: 0,
            as_text: 0,
            issue: None,
        });
    }
    if let Some(id) = report.case {
        return write_case(book, texts, report, duebook_ledger::CaseId(id), out, &tell);
    }
    if let Some(ask) = &report.theirs {
        return write_theirs(book, report, ask, &query, head_hash, out, &tell);
    }
    let aged = aging(book, &query).map_err(|_| "A total is too large for a ledger.".to_owned())?;
    let tied = tie_out(book, &query, &aged);
    if !report.reports.is_empty()
        || (report_kind(&report.kind).is_some() && !is_light(&report.kind))
    {
        return write_pack(
            book,
            texts,
            report,
            (query, aged, tied),
            head_hash,
            out,
            &tell,
        );
    }
    let judged = judge_all(book, view);
    let span = Span {
        from: report.from.map_or(view.as_of, Day),
        to: view.as_of,
    };
    let period = (report.kind == "reconciliation").then(|| reconcile(book, span));
    let (title, sheets) = match &period {
        // A table of one sheet is the register.
        Some(found) if report.format == "csv" => {
            ("Reconciliation", vec![breaks_sheet(book, found)])
        }
        Some(found) => ("Reconciliation", reconciliation_sheets(book, found)),
        None => {
            let (title, sheet) = sheet_of(book, texts, report, &query, (&aged, &judged))?;
            (title, vec![sheet])
        }
    };
    let mut readme = readme(book, title, &query, &aged, &tied, making(report, head_hash));
    if let Some(found) = &period {
        readme.controls = reconciliation_controls(found);
        readme
            .filters
            .push(format!("Period: {} to {}", span.from, span.to));
    }
    readme.filters.extend(report.filters.iter().cloned());
    let reconciled = match &period {
        Some(found) => found.face() != Face::Unreconciled,
        None => tied.lines.iter().all(|l| l.holds()),
    };
    write_sheets(report, readme, sheets, reconciled, out, &tell)
}

/// One case for another department: its own sheets, and nothing of anybody else's balances.
fn write_case(
    book: &Book,
    texts: &Beside,
    report: &Report,
    id: duebook_ledger::CaseId,
    out: &mut Pieces,
    tell: &impl Fn(Progress),
) -> Result<Exported, String> {
    let sheets = case_pack(book, texts, id, Day(report.today));
    let case = book.case(id).map(|c| c.fact.number.clone());
    let case = case.filter(|_| !sheets.is_empty());
    let case = case.ok_or("There is no such case any more: it was undone.")?;
    let rows = sheets.iter().map(|s| s.rows as u64).sum();
    let workbook = Workbook {
        title: format!("Case {case}"),
        sheets,
        generated: Some(making(report, String::new()).generated),
        footer: format!("Case {case}"),
        verdict: None,
        checks: false,
        ties: Vec::new(),
    };
    let mut progress = |p: write::Progress| {
        tell(Progress {
            rows: p.done,
            done: p.done,
            of: p.total,
        });
        ControlFlow::Continue(())
    };
    let written = xlsx::write(&workbook, &xlsx::Options::default(), out, &mut progress);
    let written = written.map_err(|e| format!("{e:?}."))?;
    Ok(Exported {
        rows,
        reconciled: true,
        cut: written.truncated,
        as_text: written.exact_as_text,
        issue: None,
    })
}

/// A customer's ledger beside ours.
fn write_theirs(
    book: &Book,
    report: &Report,
    ask: &super::wire::TheirAsk,
    query: &AgingQuery,
    head_hash: String,
    out: &mut Pieces,
    tell: &impl Fn(Progress),
) -> Result<Exported, String> {
    let customer = CustomerId(ask.customer);
    let found = crate::workspace::beside(
        book,
        customer,
        ask.family,
        ask.from,
        &ask.lines,
        query.view.as_of,
    );
    let stated: Vec<(Currency, i64)> = ask
        .stated
        .iter()
        .filter_map(|(c, minor)| Some((Currency::from_numeric(*c)?, *minor)))
        .collect();
    let told = TheirTold::of(book, customer, &found);
    let sheets = match report.format.as_str() {
        "csv" => vec![their_lines_sheet(&found, &told)],
        _ => their_sheets(&found, &told, &stated),
    };
    let aged = aging(book, query).map_err(|_| "A total is too large for a ledger.".to_owned())?;
    let tied = tie_out(book, query, &aged);
    let made = making(report, head_hash);
    let mut readme = readme(book, "Their ledger beside ours", query, &aged, &tied, made);
    readme.controls = their_controls(&told.sides, &stated);
    let name = book
        .customer_facts(customer)
        .map_or("", |f| f.name.as_str());
    readme.filters.push(match ask.family {
        true => format!("Customer: {name}, with those whose parent it is"),
        false => format!("Customer: {name}"),
    });
    readme.filters.extend(report.filters.iter().cloned());
    let reconciled = theirs_reconciled(&told.sides, &stated);
    write_sheets(report, readme, sheets, reconciled, out, tell)
}

/// Reports drawn from the aging and the promises alone, as the pages save them.
fn is_light(kind: &str) -> bool {
    const LIGHT: [&str; 6] = [
        "aging",
        "aging-detail",
        "items",
        "rows",
        "promises",
        "activity",
    ];
    LIGHT.contains(&kind)
}

/// Several reports in one workbook, or one that needs the figures of a period.
fn write_pack(
    book: &Book,
    texts: &Beside,
    report: &Report,
    drawn: (AgingQuery, Aging, TieOut),
    head_hash: String,
    out: &mut Pieces,
    tell: &impl Fn(Progress),
) -> Result<Exported, String> {
    let to = Day(report.as_of);
    let from = report.from.map_or(to.month_start(), Day).min(to);
    let drawing = Drawing::new(book, texts, drawn, Period { from, to });
    let single = [report.kind.clone()];
    let kinds = if report.reports.is_empty() {
        &single[..]
    } else {
        &report.reports[..]
    };
    let (mut sheets, mut proofs) = (Vec::new(), Vec::new());
    for id in kinds {
        let kind = report_kind(id).ok_or_else(|| format!("There is no report “{id}”."))?;
        sheets.push((kind.draw)(&drawing));
        proofs.extend(kind.prove.map(|prove| prove(&drawing)));
    }
    let title = match (report.reports.is_empty(), report_kind(&report.kind)) {
        (true, Some(kind)) => kind.name,
        _ => report.title.as_str(),
    };
    let mut readme = readme(
        book,
        title,
        &drawing.query,
        &drawing.aged,
        &drawing.tied,
        making(report, head_hash),
    );
    readme.filters.extend(report.filters.iter().cloned());
    readme.notes.push(format!(
        "Period: {from} to {to}. Balances are of its last day."
    ));
    let mut reconciled = drawing.tied.lines.iter().all(|l| l.holds());
    for proof in proofs {
        reconciled &= proof.controls.iter().all(|c| c.holds() != Some(false));
        readme.controls.extend(proof.controls);
        readme.notes.extend(proof.notes);
    }
    let issue = issue_facts(book, &drawing, &readme);
    let mut exported = write_sheets(report, readme, sheets, reconciled, out, tell)?;
    exported.issue = Some(issue);
    Ok(exported)
}

/// What the log keeps of it, but for the file's own hash.
fn issue_facts(book: &Book, drawing: &Drawing<'_>, readme: &Readme) -> IssueFacts {
    let totals = &drawing.tied.totals;
    let compared = readme.controls.iter().filter_map(|c| c.holds());
    let (held, of) = (compared.clone().filter(|h| *h).count(), compared.count());
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let sum =
        |(c, s): (&duebook_money::Currency, &i128)| Some((c.numeric(), i64::try_from(*s).ok()?));
    let figure = |f: duebook_ledger::reporting::IssuedFigure| {
        (f.name, f.currency.map(|c| c.numeric()), f.value)
    };
    IssueFacts {
        head: drawing.query.view.known.unwrap_or(book.head()).0,
        from: drawing.period.from.0,
        passed: narrow(held),
        controls: narrow(of),
        stood: match readme.verdict() {
            Verdict::Reconciled { .. } => 0,
            Verdict::Unreconciled { .. } => 1,
            Verdict::NotJudged { .. } => 2,
        },
        count: totals.count,
        sums: totals.sums.iter().filter_map(sum).collect(),
        hash_total: totals.hash.value(),
        figures: drawing.figures().into_iter().map(figure).collect(),
        ..IssueFacts::default()
    }
}

/// Sheets with their README, as a workbook or the first of them as CSV.
fn write_sheets(
    report: &Report,
    mut readme: Readme,
    sheets: Vec<Sheet<'_>>,
    reconciled: bool,
    out: &mut Pieces,
    tell: &impl Fn(Progress),
) -> Result<Exported, String> {
    let options = xlsx::Options::default();
    for sheet in &sheets {
        let parts = xlsx::parts(sheet, &options).unwrap_or(1);
        if parts > 1 {
            readme.notes.push(format!(
                "{} rows of {} are more than one worksheet holds ({}): they go on over {parts} \
                 worksheets, each with the same header.",
                sheet.rows,
                sheet.name,
                xlsx::MAX_ROWS
            ));
        }
    }
    let mut exported = Exported {
        rows: sheets.iter().map(|s| s.rows as u64).sum(),
        reconciled,
        cut: 0,
        as_text: 0,
        issue: None,
    };
    let mut workbook = Workbook::report(&readme, ReadmeAt::Last, sheets);
    workbook.checks = true;
    workbook.ties = ties();
    let mut progress = |p: write::Progress| {
        tell(Progress {
            rows: p.done,
            done: p.done,
            of: p.total,
        });
        ControlFlow::Continue(())
    };
    let words = |e: write::WriteError| format!("{e:?}.");
    if report.format == "csv" {
        let sheet = workbook.sheets.first().ok_or("an empty report")?;
        let options = write::csv::Options::default();
        write::csv::write(sheet, &options, out, &mut progress).map_err(words)?;
    } else {
        let written = xlsx::write(&workbook, &options, out, &mut progress).map_err(words)?;
        exported.cut = written.truncated;
        exported.as_text = written.exact_as_text;
    }
    Ok(exported)
}

/// The lines asked for that still wait, in the layout of their source.
fn outbox_of<'a>(book: &'a Book, texts: &'a Beside, report: &Report) -> Result<Sheet<'a>, String> {
    let ask = report.outbox.as_ref().ok_or("No lines were named.")?;
    let wanted: BTreeSet<u64> = ask.lines.iter().copied().collect();
    let today = Day(report.today);
    let mut lines = outbox(book, today);
    lines.retain(|l| wanted.contains(&l.key));
    let layout = book.policies().outbox_of(&ask.source);
    Ok(outbox_sheet(book, today, lines, &layout, texts))
}

/// What a shift or some days came to.
fn day_of<'a>(book: &Book, report: &Report) -> Result<Sheet<'a>, String> {
    let ask = report.span.as_ref().ok_or("No shift or day was named.")?;
    let span = match ask.shift {
        Some(id) => shift::Span::Shift(ShiftId(id)),
        None => shift::Span::Days {
            from: Day(ask.from),
            to: Day(ask.to),
        },
    };
    let made = figures(book, span, ask.agent.as_deref(), Day(report.today));
    let made = made.ok_or("There is no such shift.")?;
    Ok(day_sheet(day_lines(&made)))
}

/// The calculation of interest asked for: a customer, a rule pack, some of its items.
fn interest_of<'a>(book: &'a Book, report: &Report, view: View) -> Result<Sheet<'a>, String> {
    let customer = report.customers.as_ref().and_then(|c| c.first().copied());
    let customer = customer.map(CustomerId).ok_or("No customer was named.")?;
    let pack = report.pack.as_deref().unwrap_or_default();
    let pack = book
        .policies()
        .recovery
        .interest
        .pack(pack)
        .ok_or("There is no such rule pack.")?;
    let scan = OpenScan::new(book, view);
    let mut late = late_items(book, &scan, customer, pack);
    if let Some(wanted) = &report.items {
        late.retain(|l| wanted.contains(&l.item.0));
    }
    Ok(interest_sheet(book, late))
}

/// Title and data of a report.
fn sheet_of<'a>(
    book: &'a Book,
    texts: &'a Beside,
    report: &Report,
    query: &AgingQuery,
    (aged, judged): (&'a Aging, &'a [Judged]),
) -> Result<(&'static str, Sheet<'a>), String> {
    Ok(match report.kind.as_str() {
        "aging" => ("Aging summary", aging_summary(book, query, aged)),
        "aging-detail" => ("Aging detail", aging_detail(book, query)),
        "items" => {
            let only = report.items.as_ref();
            let only: Option<Vec<ItemId>> =
                only.map(|ids| ids.iter().copied().map(ItemId).collect());
            ("Items", items_sheet(book, query, only.as_deref()))
        }
        "rows" => ("All rows", rows_sheet(book, query)),
        "promises" => ("Promises", promises_sheet(book, judged, texts)),
        "activity" => {
            let period = Period {
                from: Day(i32::MIN),
                to: Day(report.as_of),
            };
            ("Activity", activity_sheet(book, query.view, period, texts))
        }
        "cases" => ("Cases", cases_sheet(book, Day(report.today))),
        "outbox" => ("Outbox", outbox_of(book, texts, report)?),
        "day" => ("End of day", day_of(book, report)?),
        "interest" => (
            "Interest for late payment",
            interest_of(book, report, query.view)?,
        ),
        other => return Err(format!("There is no report “{other}”.")),
    })
}

fn making(report: &Report, head_hash: String) -> Making {
    let seconds = report.generated_at.div_euclid(1000);
    let day = i32::try_from(seconds.div_euclid(86_400)).unwrap_or(0);
    Making {
        generated: Stamp {
            day: Day(day),
            second: seconds.rem_euclid(86_400) as u32,
            zone: "UTC".to_owned(),
        },
        app_version: format!("Duebook {}, for {}", report.build, report.actor),
        head_hash,
    }
}
