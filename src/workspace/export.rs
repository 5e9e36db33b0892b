//! Reports as files: written in the worker from what is on disk.

use super::{Ws, actor, today};
use crate::jobs::{
    Exported, JobError, OutboxAsk, Progress, Report, Request, Response, SpanAsk, TheirAsk, Worker,
};
use crate::platform::{clock, files, ids};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use duebook_money::Day;
use leptos::prelude::{Callback, Set};
use std::cell::RefCell;
use std::collections::BTreeMap;

thread_local! {
    /// Files being written, each with its worker: ending the worker cancels it.
    static WRITING: RefCell<BTreeMap<u64, Worker>> = const { RefCell::new(BTreeMap::new()) };
}

/// Takes up a file that is being written, and gives it a number.
fn begun(worker: &Worker) -> u64 {
    WRITING.with_borrow_mut(|all| {
        let id = all.last_key_value().map_or(0, |(last, _)| last + 1);
        all.insert(id, worker.clone());
        id
    })
}

/// Forgets it.
fn ended(id: u64) -> Option<Worker> {
    WRITING.with_borrow_mut(|all| all.remove(&id))
}

impl Ws {
    /// Writes a report and hands it over as a download; says what it holds, or why it failed.
    /// `filters` are said in its README; `items` restricts an items report.
    pub fn export(
        self,
        toasts: Toasts,
        kind: &str,
        format: &str,
        filters: Vec<String>,
        items: Option<Vec<u32>>,
    ) {
        let mut report = self.report(kind, format);
        report.filters = filters;
        report.items = items;
        let name = format!("duebook-{kind}-{}.{format}", Day(report.as_of));
        self.deliver(toasts, report, name, |_| {});
    }

    /// Writes a report of a period, both days inside, and hands it over.
    pub fn export_period(self, toasts: Toasts, kind: &str, format: &str, (from, to): (Day, Day)) {
        let mut report = self.report(kind, format);
        report.from = Some(from.0);
        report.as_of = to.0;
        let name = format!("duebook-{kind}-{from}-{to}.{format}");
        self.deliver(toasts, report, name, |_| {});
    }

    /// Writes a customer's ledger beside ours, as of the report's last day.
    pub fn export_theirs(self, toasts: Toasts, ask: TheirAsk, on: Day, format: &str, number: &str) {
        let mut report = self.report("their-ledger", format);
        (report.as_of, report.known) = (on.0, None);
        report.customers = Some(vec![ask.customer]);
        report.filters = vec![format!("Their ledger: {}", ask.file)];
        report.theirs = Some(Box::new(ask));
        let name = format!("their-ledger-{}-{on}.{format}", stem(number));
        self.deliver(toasts, report, name, |_| {});
    }

    /// Writes the calculation of interest of a customer's late items by a rule pack.
    pub fn export_interest(self, toasts: Toasts, customer: u32, pack: String, items: Vec<u32>) {
        let mut report = self.report("interest", "xlsx");
        (report.customers, report.items) = (Some(vec![customer]), Some(items));
        report.pack = Some(pack);
        let name = format!("interest-{}.xlsx", Day(report.as_of));
        self.deliver(toasts, report, name, |_| {});
    }

    /// Writes one case as a workbook for whoever has it.
    pub fn export_case(self, toasts: Toasts, case: u32, number: &str) {
        let mut report = self.report("case", "xlsx");
        report.case = Some(case);
        let name = format!("case-{}.xlsx", stem(number));
        self.deliver(toasts, report, name, |_| {});
    }

    /// Writes the dossier of a customer for counsel or an agency: a ZIP with its manifest.
    pub fn export_dossier(self, toasts: Toasts, customer: u32, number: &str) {
        let mut report = self.report("dossier", "zip");
        report.customers = Some(vec![customer]);
        let name = format!("dossier-{}-{}.zip", stem(number), Day(report.as_of));
        self.deliver(toasts, report, name, |_| {});
    }

    /// Writes the upload file of a source: these lines of the outbox, in its layout. `then` is
    /// called with the file's name and rows once it is handed over.
    pub fn export_outbox(
        self,
        toasts: Toasts,
        ask: OutboxAsk,
        format: &str,
        then: impl FnOnce(String, u64) + 'static,
    ) {
        let mut report = self.report("outbox", format);
        let name = format!(
            "outbox-{}-{}.{format}",
            stem(&ask.source),
            Day(report.today)
        );
        report.outbox = Some(ask);
        let file = name.clone();
        self.deliver(toasts, report, name, move |exported| {
            then(file, exported.rows);
        });
    }

    /// Writes an agent's accounts as an aging.
    pub fn export_portfolio(self, toasts: Toasts, agent: &str, customers: Vec<u32>) {
        let mut report = self.report("aging", "xlsx");
        report.customers = Some(customers);
        report.filters = vec![format!("Accounts of {agent}")];
        let name = format!("portfolio-{}-{}.xlsx", stem(agent), Day(report.as_of));
        self.deliver(toasts, report, name, |_| {});
    }

    /// Writes the end-of-day report of a shift or some days; `title` says which in its README.
    pub fn export_day(self, toasts: Toasts, span: SpanAsk, title: String) {
        let mut report = self.report("day", "xlsx");
        let of = stem(&title);
        report.span = Some(span);
        report.filters = vec![title];
        self.deliver(toasts, report, format!("end-of-day-{of}.xlsx"), |_| {});
    }

    /// Fills a template and hands it over; `items` are the rows instead of those of its plan.
    pub fn fill_template(self, toasts: Toasts, template: String, items: Option<Vec<u32>>) {
        let mut report = self.report("template", "xlsx");
        let file = self.peek(|b| b.template(&template).map(|t| t.file.clone()));
        let file = file.unwrap_or_else(|| template.clone());
        let name = file.strip_suffix(".xlsx").unwrap_or(&file);
        let name = format!("{name} {}.xlsx", Day(report.as_of));
        report.template = Some(template);
        report.items = items;
        self.deliver(toasts, report, name, |_| {});
    }

    pub(super) fn deliver(
        self,
        toasts: Toasts,
        report: Report,
        name: String,
        then: impl FnOnce(&Exported) + 'static,
    ) {
        let into_template = report.template.is_some();
        let bare = report.format == "csv" && report.outbox.is_none();
        let mime = if report.format == "csv" {
            "text/csv"
        } else if report.format == "zip" {
            "application/zip"
        } else {
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        };
        let worker = match Worker::take() {
            Ok(worker) => worker,
            Err(e) => {
                let why = format!("{name} was not written: the browser made no worker ({e}).");
                return toasts.error(why);
            }
        };
        leptos::task::spawn_local(async move {
            // Made here, where no view owns it: the palette that asked is gone before the file is there.
            let id = begun(&worker);
            let cancel = Callback::new(move |()| {
                if let Some(worker) = ended(id) {
                    worker.cancel();
                }
            });
            let working = toasts.working(format!("Writing {name}"), Some(cancel));
            let detail = working.detail();
            let tell = move |p: Progress| detail.set(how_far(p));
            let written = self.write_by(&worker, report, tell).await;
            let _ = ended(id);
            working.end();
            let written = match written {
                Err(WriteError::Cancelled) => {
                    return toasts.done(format!("{name} was cancelled. Nothing was written."));
                }
                Err(WriteError::Failed(what)) => Err(what),
                Ok(written) => Ok(written),
            };
            match written {
                Ok((exported, parts)) => {
                    let name = faced(name, &exported, bare);
                    match files::download_arrays(&name, mime, &parts) {
                        Ok(()) => {
                            toasts.done(done(&name, &exported, into_template));
                            then(&exported);
                        }
                        Err(e) => toasts.error(format!(
                            "{name} was not handed over: {e}. Nothing in the book changed."
                        )),
                    }
                }
                Err(what) => toasts.error(format!(
                    "{name} was not written: {what} Nothing in the book changed."
                )),
            }
        });
    }

    /// A report of the whole book as it is shown now.
    pub fn report(self, kind: &str, format: &str) -> Report {
        let view = leptos::prelude::untrack(|| self.view());
        Report {
            kind: kind.to_owned(),
            format: format.to_owned(),
            as_of: view.as_of.0,
            known: view.known.map(|s| s.0),
            generated_at: clock::now_ms(),
            today: today().0,
            actor: actor(),
            build: crate::build_id(),
            customers: None,
            filters: Vec::new(),
            items: None,
            template: None,
            outbox: None,
            from: None,
            span: None,
            theirs: None,
            case: None,
            pack: None,
            reports: Vec::new(),
            title: String::new(),
        }
    }

    /// Writes a report in the worker; the file comes in pieces that are the browser's own.
    ///
    /// # Errors
    /// Why not, in words.
    pub async fn write_report(self, report: Report) -> Result<(Exported, js_sys::Array), String> {
        let worker = Worker::take().map_err(|e| format!("the browser made no worker ({e})."))?;
        let written = self.write_by(&worker, report, |_| {}).await;
        written.map_err(|e| match e {
            WriteError::Cancelled => "it was cancelled.".to_owned(),
            WriteError::Failed(what) => what,
        })
    }

    async fn write_by(
        self,
        worker: &Worker,
        report: Report,
        tell: impl Fn(Progress) + 'static,
    ) -> Result<(Exported, js_sys::Array), WriteError> {
        let book = ids::uuid(&self.id());
        let request = Request::Export {
            book,
            report: Box::new(report),
        };
        let failed = |what: String| Err(WriteError::Failed(what));
        match worker.call_for_parts(&request, None, &[], tell).await {
            Err(JobError::Cancelled) => Err(WriteError::Cancelled),
            Err(e) => failed(format!("the work broke off ({e}).")),
            Ok((Response::Exported(exported), parts)) => Ok((exported, parts)),
            Ok((Response::Failed(what), _)) => failed(what),
            Ok((other, _)) => failed(format!("the worker answered {other:?}.")),
        }
    }
}

/// Why there is no file.
enum WriteError {
    Cancelled,
    Failed(String),
}

/// How far an export is, for its toast.
fn how_far(p: Progress) -> String {
    let share = (p.done.min(p.of) * 100).checked_div(p.of).unwrap_or(0);
    format!(": {}, {share} %", rows(p.rows))
}

/// "1 row", "12,345 rows".
fn rows(n: u64) -> String {
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    plural(n, "row", "rows", Default::default())
}

/// A source's name as a part of a file's name.
fn stem(source: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    source.chars().map(safe).collect()
}

/// A table has no face but its name: what does not tie out says so there. A file for a source keeps the
/// name under which it is kept as told.
fn faced(name: String, exported: &Exported, bare: bool) -> String {
    match name.strip_suffix(".csv") {
        Some(stem) if bare && !exported.reconciled => format!("{stem}-UNRECONCILED.csv"),
        _ => name,
    }
}

/// What is said of a file that was handed over.
fn done(name: &str, exported: &Exported, into_template: bool) -> String {
    let mut said = format!("{name}: {}, in your downloads.", rows(exported.rows));
    if !exported.reconciled {
        said.push_str(match into_template {
            // Nothing of ours is written into the client's workbook but its rows.
            true => " The book does not tie out: look at Aging before you send it.",
            false => " It is marked: it does not tie out.",
        });
    }
    if exported.cut > 0 {
        said.push_str(&match exported.cut {
            1 => " One text is longer than a cell holds and ends with “…”.".to_owned(),
            n => format!(" {n} texts are longer than a cell holds and end with “…”."),
        });
    }
    if exported.as_text > 0 {
        said.push_str(&match exported.as_text {
            1 => " One figure has more digits than Excel keeps and is text.".to_owned(),
            n => format!(" {n} figures have more digits than Excel keeps and are text."),
        });
    }
    said
}
