//! Import: choose files, see what they hold, correct what was read wrongly, then one commit each.
//! Nothing is written before "Import".

mod columns;
mod disputes;
mod done;
mod doubts;
mod facts;
mod questions;
mod rows;
mod steps;
mod terms;
mod ticks;
mod totals;
mod tracker;
mod wording;

use crate::ui::prelude::*;
use crate::workspace::{
    self, BulkImport, Comparison, ImportProgress, StageError, SubmitError, Ws, use_ws,
};
use duebook_exchange::read::{ColumnPreview, Field, Figures, FileKind, Options, Preview, Reason};
use duebook_ledger::Seq;
use duebook_ledger::facts::{Confirmed, ImportFacts, ImportKind, Scope};
use duebook_ledger::keys::ItemKey;
use leptos::prelude::*;
use web_sys::File;

/// Where the file in hand stands.
#[derive(Clone)]
enum Step {
    Choose,
    Reading,
    Unreadable(String),
    Preview(Box<Preview>),
    Saving,
    Done(Done),
}

/// An import that is in the book.
#[derive(Clone)]
struct Done {
    seq: Seq,
    preview: Box<Preview>,
}

/// The page's state: copied into its parts.
#[derive(Clone, Copy)]
struct Import {
    ws: Ws,
    toasts: Toasts,
    step: RwSignal<Step>,
    queue: RwSignal<Vec<File>, LocalStorage>,
    job: RwSignal<Option<BulkImport>, LocalStorage>,
    options: RwSignal<Options>,
    /// The meanings of terms codes that were given with the file in hand.
    given_terms: RwSignal<terms::Given>,
    progress: RwSignal<Option<ImportProgress>>,
    comparison: RwSignal<Option<Comparison>>,
    source: RwSignal<String>,
    as_of: RwSignal<String>,
    scope: RwSignal<String>,
    /// What the user confirmed of the file in hand.
    confirmed: RwSignal<Vec<Confirmed>>,
    /// Receipts of ours said to be other money than the file shows.
    other_money: RwSignal<Vec<ItemKey>>,
    /// The rows of the file in hand.
    rows: ticks::Rows,
    /// Which of them are taken in, by line.
    ticks: RwSignal<Selection>,
    /// Counts and control totals of those.
    figures: RwSignal<Figures>,
    go: Callback<String>,
}

/// The page.
#[component]
pub fn ImportPage() -> impl IntoView {
    let ws = use_ws();
    let known = ws.peek(|b| b.sources().first().cloned());
    let import = Import {
        ws,
        toasts: use_toasts(),
        step: RwSignal::new(Step::Choose),
        queue: RwSignal::new_local(Vec::new()),
        job: RwSignal::new_local(None),
        options: RwSignal::new(Options::default()),
        given_terms: RwSignal::new(terms::Given::new()),
        progress: RwSignal::new(None),
        comparison: RwSignal::new(None),
        source: RwSignal::new(known.unwrap_or_else(|| "ERP".to_owned())),
        as_of: RwSignal::new(String::new()),
        scope: RwSignal::new("rows".to_owned()),
        confirmed: RwSignal::new(Vec::new()),
        other_money: RwSignal::new(Vec::new()),
        rows: ticks::Rows::new(),
        ticks: RwSignal::new(ticks::all()),
        figures: RwSignal::new(Figures::default()),
        go: crate::pages::shared::use_go(),
    };
    import.compare_on_change();
    import.read_on_day();
    import.read_on_source();
    import.leave_out_on_change();
    // The button that was pressed went with its step.
    Effect::new(move |_| {
        import.step.track();
        focus_page_if_lost();
    });
    crate::jobs::Worker::warm();
    let left = workspace::take_files();
    if !left.is_empty() {
        import.take(left);
    }
    on_cleanup(move || import.drop_job());
    view! {
        <PageHead title="Import" facts=Signal::derive(move || import.headline()) />
        <div class="import-page">
            {move || match import.step.get() {
                Step::Choose => view! { <steps::Choose import /> }.into_any(),
                Step::Reading | Step::Saving => view! { <steps::Working import /> }.into_any(),
                Step::Unreadable(what) => view! { <steps::Unreadable import what /> }.into_any(),
                Step::Preview(preview) => view! { <steps::PreviewView import preview /> }.into_any(),
                Step::Done(done) => view! { <done::DoneView import done /> }.into_any(),
            }}
        </div>
    }
}

impl Import {
    fn headline(self) -> String {
        let waiting = self.queue.with(Vec::len);
        match self.job.with(|j| j.as_ref().map(BulkImport::name)) {
            Some(name) if waiting > 0 => format!("{name}, then {waiting} more"),
            Some(name) => name,
            None => "CSV, TSV, Excel or OpenDocument; bank statements go on to Cash. You see what a file holds before anything is kept.".to_owned(),
        }
    }
    fn take(self, files: Vec<File>) {
        self.queue.update(|q| q.extend(files));
        if matches!(
            self.step.get_untracked(),
            Step::Choose | Step::Done(_) | Step::Unreadable(_)
        ) {
            self.next();
        }
    }
    /// Begins with the next file, or waits for one.
    fn next(self) {
        self.drop_job();
        let file = self
            .queue
            .try_update(|q| (!q.is_empty()).then(|| q.remove(0)))
            .flatten();
        let Some(file) = file else {
            self.step.set(Step::Choose);
            return;
        };
        self.step.set(Step::Reading);
        leptos::task::spawn_local(async move {
            if workspace::is_statement(&file).await {
                self.hand_over(file);
            } else {
                self.begin(file);
            }
        });
    }
    /// Cash takes statements; the files behind this one come along.
    fn hand_over(self, file: File) {
        let rest = self.queue.try_update(std::mem::take).unwrap_or_default();
        workspace::leave_files(std::iter::once(file).chain(rest).collect());
        self.go.run(crate::app::href(self.ws, "cash"));
    }
    /// The file in hand is a bank statement, the user says.
    fn on_to_cash(self) {
        let file = self
            .job
            .with_untracked(|j| j.as_ref().map(BulkImport::file));
        if let Some(file) = file {
            self.drop_job();
            self.hand_over(file);
        }
    }
    /// Begins with a file of rows.
    fn begin(self, file: File) {
        match BulkImport::new(file) {
            Ok(job) => {
                let _ = self.job.try_set(Some(job));
                let source = self.source.get_untracked();
                self.options.set(wording::remembered(self.ws, &source));
                self.given_terms.set(terms::Given::new());
                self.ticks.set(ticks::all());
                self.as_of.set(String::new());
                self.scope.set(self.usual_scope());
                self.confirmed.set(Vec::new());
                self.other_money.set(Vec::new());
                self.read();
            }
            Err(e) => self.step.set(Step::Unreadable(format!(
                "The browser made no worker for it ({e})."
            ))),
        }
    }
    fn drop_job(self) {
        if let Some(job) = self.job.try_update(Option::take).flatten() {
            job.cancel();
        }
    }
    /// Reads the file with the options as they are.
    fn read(self) {
        let Some(job) = self.job.get_untracked() else {
            return;
        };
        self.step.set(Step::Reading);
        self.progress.set(None);
        self.comparison.set(None);
        let options = self.options.get_untracked();
        leptos::task::spawn_local(async move {
            let tell = move |p| _ = self.progress.try_set(Some(p));
            match job.stage(&options, tell).await {
                Ok(preview) => self.staged(job, preview).await,
                Err(StageError::File(error)) => {
                    let _ = self
                        .step
                        .try_set(Step::Unreadable(crate::words::files::file_error(&error)));
                }
                Err(StageError::Job(crate::jobs::JobError::Cancelled)) => {}
                Err(StageError::Job(error)) => {
                    let what = wording::broke_off(&error);
                    let _ = self.step.try_set(Step::Unreadable(what));
                }
            }
        });
    }
    async fn staged(self, job: BulkImport, preview: Preview) {
        if self.as_of.try_with_untracked(String::is_empty) == Some(true) {
            let guess = preview.as_of.as_ref().map(|a| a.date.clone());
            let _ = self
                .as_of
                .try_set(guess.unwrap_or_else(|| workspace::today().to_string()));
        }
        let step = match self.list_rows(&job, &preview).await {
            Ok(()) => Step::Preview(Box::new(preview)),
            Err(crate::jobs::JobError::Cancelled) => return,
            Err(error) => Step::Unreadable(wording::broke_off(&error)),
        };
        let _ = self.step.try_set(step);
    }
    /// What the file said it showed last time.
    fn usual_scope(self) -> String {
        let source = self.source.get_untracked();
        let last = self.ws.peek(|b| {
            let of_source = b
                .imports()
                .filter(|i| i.facts.source == source && i.facts.kind == ImportKind::OpenItems);
            of_source.last().map(|i| i.facts.scope.clone())
        });
        match last {
            None | Some(Scope::TheseRows) => "rows",
            Some(Scope::Everything) => "all",
            Some(Scope::Debits) => "debits",
            Some(Scope::Entities(_)) => "entities",
            Some(Scope::Customers(_)) => "customers",
        }
        .to_owned()
    }
    /// Compares the preview with the book, again whenever what the import says it is changes.
    fn compare_on_change(self) {
        let asked = RwSignal::new(0u32);
        Effect::new(move |_| {
            let preview = self.step.with(|step| match step {
                Step::Preview(preview) => Some(preview.clone()),
                _ => None,
            });
            let _ = (self.source.get(), self.as_of.get(), self.scope.get());
            self.confirmed.track();
            self.other_money.track();
            let taken = self.figures.with(|f| f.counts.accepted);
            let Some(preview) = preview else { return };
            let compares = preview.kind.is_items() && preview.questions.is_empty() && taken > 0;
            // Whatever was asked before is no longer the question.
            let turn = asked.get_untracked() + 1;
            asked.set(turn);
            // In an empty book every row is new: nothing to compare.
            let compares = compares && !self.ws.peek(|b| b.items().is_empty());
            let facts = self.facts(&preview).ok().filter(|_| compares);
            let (Some(job), Some(facts)) = (self.job.get_untracked(), facts) else {
                self.comparison.set(None);
                return;
            };
            leptos::task::spawn_local(async move {
                // What is typed meanwhile asks again; only the last answer counts.
                crate::platform::pause::pause().await;
                if asked.try_get_untracked() != Some(turn) {
                    return;
                }
                match job.compare(self.ws, &facts).await {
                    Ok(comparison) if asked.try_get_untracked() == Some(turn) => {
                        let _ = self.comparison.try_set(Some(comparison));
                    }
                    Ok(_) => {}
                    Err(error) => self
                        .toasts
                        .error(crate::words::submit_error(Some(self.ws), &error)),
                }
            });
        });
    }
    /// A list with clearing dates is read as of the day it is said to be of: what is cleared later is
    /// still open on it. The file is read again once another whole day is typed.
    fn read_on_day(self) {
        Effect::new(move |_| {
            let typed = self.as_of.get();
            let day = duebook_money::date::parse_iso_bytes(typed.trim().as_bytes());
            let Some(day) = day.map(|d| d.to_string()) else {
                return;
            };
            let other = self.step.with_untracked(|step| match step {
                Step::Preview(preview) => {
                    let cleared = |c: &ColumnPreview| c.field == Field::ClearingDate;
                    let known = preview.as_of.as_ref().map(|a| a.date.clone());
                    let asked = self.options.with_untracked(|o| o.as_of.clone());
                    preview.columns.iter().any(cleared) && asked.or(known) != Some(day.clone())
                }
                _ => false,
            });
            if other {
                self.again(move |o| o.as_of = Some(day));
            }
        });
    }
    /// Changes the options and reads again.
    fn again(self, change: impl FnOnce(&mut Options)) {
        let sheet = self.options.with_untracked(|o| o.sheet.clone());
        self.options.update(change);
        if self.options.with_untracked(|o| o.sheet != sheet) {
            // Other rows stand on these lines.
            self.ticks.set(ticks::all());
        }
        self.read();
    }
    /// Commits what is previewed.
    fn commit(self, preview: Box<Preview>) {
        let Some(job) = self.job.get_untracked() else {
            return;
        };
        let mut facts = match self.facts(&preview) {
            Ok(facts) => facts,
            Err(what) => return self.toasts.error(what),
        };
        let ticks = self.ticks.get_untracked();
        self.step.set(Step::Saving);
        self.progress.set(None);
        let source = facts.source.clone();
        leptos::task::spawn_local(async move {
            // The last tick may not have been told yet.
            match ticks::told(&job, &ticks).await {
                Ok(figures) => {
                    facts.left_out = figures.counts.out();
                    let _ = self.figures.try_set(figures);
                }
                // The file was left meanwhile.
                Err(crate::jobs::JobError::Cancelled) => return,
                Err(error) => {
                    self.toasts.error(wording::broke_off(&error));
                    let _ = self.step.try_set(Step::Preview(preview));
                    return;
                }
            }
            match job.commit(self.ws, facts).await {
                Ok(saved) => {
                    let options = self.options.try_get_untracked().unwrap_or_default();
                    wording::remember(&source, &preview, &options);
                    self.keep_terms(&source).await;
                    let _ = self.step.try_set(Step::Done(Done {
                        seq: saved.seq,
                        preview,
                    }));
                }
                Err(error) => {
                    self.toasts.error(self.why_not(&error));
                    let _ = self.step.try_set(Step::Preview(preview));
                }
            }
        });
    }
    fn why_not(self, error: &SubmitError) -> String {
        crate::words::submit_error(Some(self.ws), error)
    }
    fn facts(self, preview: &Preview) -> Result<ImportFacts, String> {
        let kind = match preview.kind {
            // The status says paid and no column says what is open: a list of what was billed.
            FileKind::OpenItems if preview.notes.count(Reason::StatusSaysPaid) > 0 => ImportKind::Invoices,
            FileKind::OpenItems => ImportKind::OpenItems,
            FileKind::InvoicesPaid | FileKind::ClearedItems => ImportKind::Invoices,
            FileKind::Payments => ImportKind::Payments,
            FileKind::Customers => ImportKind::MasterData,
            FileKind::Sales => ImportKind::Sales,
            FileKind::Summary => return Err("This is a summary per customer. Export the open items behind it from the same program.".to_owned()),
            FileKind::Tracker | FileKind::Disputes => {
                return Err("This is taken in by its own button.".to_owned());
            }
            FileKind::Unknown => return Err("Say what this file is first.".to_owned()),
        };
        let as_of = self.as_of.get_untracked();
        let as_of = duebook_money::date::parse_iso_bytes(as_of.trim().as_bytes())
            .ok_or("Give the day the figures are of, such as 2026-03-31.")?;
        let source = self.source.get_untracked().trim().to_owned();
        if source.is_empty() {
            return Err("Name the source, such as the ERP or the client.".to_owned());
        }
        // Entities and customers are those of the file: the import itself fills them in.
        let scope = match self.scope.get_untracked().as_str() {
            _ if kind != ImportKind::OpenItems => Scope::TheseRows,
            "all" => Scope::Everything,
            "debits" => Scope::Debits,
            "entities" => Scope::Entities(Vec::new()),
            "customers" => Scope::Customers(Vec::new()),
            _ => Scope::TheseRows,
        };
        Ok(ImportFacts {
            scope,
            confirmed: self.confirmed.get_untracked(),
            other_money: self.other_money.get_untracked(),
            left_out: self.figures.with_untracked(|f| f.counts.out()),
            ..ImportFacts::new(kind, &source, &preview.name, as_of)
        })
    }
}
