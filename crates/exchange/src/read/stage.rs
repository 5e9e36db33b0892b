//! From a file to what would be committed, and its preview.

use super::decide::{self, Styles};
use super::error::FileError;
use super::input::Input;
use super::items::{Finished, ItemStager};
use super::kind::FileKind;
use super::layout::{self, Layout};
use super::leave::{self, LeftOut};
use super::options::Options;
use super::parties::{PartySink, StagedContact};
use super::pass::{self, Flow, Found, ItemSink, Progress, Refused};
use super::payments::{PaymentSink, SalesSink, StagedPayment, StagedSale};
use super::plan::Plan;
use super::preview::{self, Preview};
use super::question::Question;
use super::totals::{FileTotal, Totals};
use duebook_ledger::columns::{Segment, StagedCustomer, StagedItems};

/// What a file becomes before anything is written. Which part is filled follows from the kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Open items, invoices or cleared items, with the customers they name.
    pub items: StagedItems,
    /// Customers of a file of customers.
    pub customers: Vec<StagedCustomer>,
    /// Of each, its first line in the file.
    pub customer_lines: Vec<u32>,
    /// Of each, how many rows it has.
    pub customer_rows: Vec<u32>,
    /// Contacts of a file of customers and contacts.
    pub contacts: Vec<StagedContact>,
    /// Payments.
    pub payments: Vec<StagedPayment>,
    /// Sales per customer and month.
    pub sales: Vec<StagedSale>,
}

/// A staged file.
#[derive(Debug, Clone, PartialEq)]
pub struct Staged {
    /// What the import page shows.
    pub preview: Preview,
    /// What would be committed; empty while questions are open.
    pub batch: Batch,
    /// Our control totals, exact.
    pub totals: Totals,
    /// Refused lines with their reasons, in file order.
    pub refused: Vec<(u32, super::notes::Reason)>,
    /// Rows refused because several have one key: not taken, but their items are in the file.
    pub doubled: Vec<Segment>,
}

/// Results of the passes, for the preview.
#[derive(Default)]
pub(crate) struct Outcome {
    pub found: Found,
    pub finished: Option<Finished>,
    pub file_totals: Vec<FileTotal>,
    pub totals: Totals,
    pub batch: Batch,
    pub doubled: Vec<Segment>,
    pub passes: u8,
}

/// Stages a file. `progress` is called every few thousand rows and may cancel; nothing is kept then.
pub fn stage(
    input: &dyn Input,
    options: &Options,
    progress: &mut dyn FnMut(Progress) -> Flow,
) -> Result<Staged, FileError> {
    match stage_once(input, options, progress) {
        // Bytes far down the file are not UTF-8: what looked so was only ASCII so far.
        Err(FileError::BadEncoding { .. }) if options.text.encoding.is_none() => {
            let mut sniffed = super::sniff::sniff(input, &options.text)?;
            layout::use_fallback(input, &mut sniffed)?;
            let mut options = options.clone();
            options.text.encoding = sniffed.text.map(|t| t.encoding);
            stage_once(input, &options, progress)
        }
        other => other,
    }
}

fn stage_once(
    input: &dyn Input,
    options: &Options,
    progress: &mut dyn FnMut(Progress) -> Flow,
) -> Result<Staged, FileError> {
    let layout = Layout::read(input, options)?;
    if layout.whole && layout.sample.is_empty() {
        let lines = layout.header_line.max(1);
        return Err(FileError::NoRows { lines });
    }
    let mut questions = Vec::new();
    let mut outcome = Outcome::default();
    // Its rows are read where the book is at hand: they name what is in it.
    if matches!(layout.kind, FileKind::Tracker | FileKind::Disputes) {
        let preview = preview::build(input, &layout, options, &outcome, questions);
        return Ok(Staged {
            preview,
            batch: outcome.batch,
            totals: outcome.totals,
            refused: outcome.found.notes.refused,
            doubled: Vec::new(),
        });
    }
    match decide::decide(input, &layout, options, false)? {
        Err(asked) => {
            questions = asked;
            // The currency is asked in the same breath.
            let styles = Styles {
                columns: vec![Default::default(); layout.mapping.columns.len()],
                full: true,
            };
            questions.extend(currency_question(&layout, options, styles));
        }
        Ok(styles) => {
            questions.extend(currency_question(&layout, options, styles.clone()));
            if layout.kind == FileKind::Unknown {
                questions.push(kind_question());
            }
            if questions.is_empty() {
                match passes(input, &layout, options, styles, progress)? {
                    Ok(done) => outcome = done,
                    Err(asked) => questions = asked,
                }
            }
        }
    }
    let preview = preview::build(input, &layout, options, &outcome, questions);
    let refused = outcome.found.notes.refused;
    Ok(Staged {
        preview,
        batch: outcome.batch,
        totals: outcome.totals,
        refused,
        doubled: outcome.doubled,
    })
}

fn kind_question() -> Question {
    use FileKind::*;
    Question::Kind {
        candidates: vec![
            OpenItems,
            InvoicesPaid,
            ClearedItems,
            Payments,
            Customers,
            Sales,
            Tracker,
            Disputes,
        ],
    }
}

fn currency_question(layout: &Layout, options: &Options, styles: Styles) -> Option<Question> {
    if matches!(
        layout.kind,
        FileKind::Customers
            | FileKind::Summary
            | FileKind::Tracker
            | FileKind::Disputes
            | FileKind::Unknown
    ) {
        return None;
    }
    Plan::new(layout, options, styles).err()
}

type Asked = Vec<Question>;

/// Passes over the rows until a pass is not contradicted: at most one more for the styles, one more
/// for keys that rows share.
fn passes(
    input: &dyn Input,
    layout: &Layout,
    options: &Options,
    mut styles: Styles,
    progress: &mut dyn FnMut(Progress) -> Flow,
) -> Result<Result<Outcome, Asked>, FileError> {
    match layout.kind {
        FileKind::Customers => {
            let mut sink = PartySink::new(layout, styles);
            let found = pass::run(input, layout, options, &Vec::new(), &mut sink, 1, progress)?;
            let batch = Batch {
                customers: sink.customers,
                customer_lines: sink.lines,
                customer_rows: sink.rows,
                contacts: sink.contacts,
                ..Batch::default()
            };
            return Ok(Ok(Outcome {
                found,
                batch,
                passes: 1,
                ..Outcome::default()
            }));
        }
        FileKind::Payments | FileKind::Sales => {
            return small(input, layout, options, styles, progress);
        }
        FileKind::Summary | FileKind::Tracker | FileKind::Disputes | FileKind::Unknown => {
            return Ok(Ok(Outcome::default()));
        }
        FileKind::OpenItems | FileKind::InvoicesPaid | FileKind::ClearedItems => {}
    }
    let mut doubles: Refused = Vec::new();
    let mut doubled = (Vec::new(), Vec::new());
    let mut pass_number = 0;
    loop {
        pass_number += 1;
        let plan = match Plan::new(layout, options, styles.clone()) {
            Ok(plan) => plan,
            Err(question) => return Ok(Err(vec![question])),
        };
        let mut sink = ItemSink::new(ItemStager::new(layout, plan, options), layout);
        let mut found = pass::run(
            input,
            layout,
            options,
            &doubles,
            &mut sink,
            pass_number,
            progress,
        )?;
        if found.stopped && !styles.full {
            match decide::decide(input, layout, options, true)? {
                Ok(all) => styles = Styles { full: true, ..all },
                Err(asked) => return Ok(Err(asked)),
            }
            continue;
        }
        if doubles.is_empty() {
            doubles = both_sides(&sink.stager.duplicates());
            if !doubles.is_empty() {
                let lines = doubles.iter().map(|(line, _)| *line).collect();
                let all = sink.stager.finish().items;
                doubled = (leave::left(&all, &LeftOut::new(false, lines)), all.entities);
                continue;
            }
        }
        found.notes.examples.sort_by_key(|n| n.line);
        let file_totals = std::mem::take(&mut sink.file_totals);
        let mut finished = sink.stager.finish();
        let mut batch = Batch {
            items: std::mem::take(&mut finished.items),
            ..Batch::default()
        };
        let totals = finished.totals.clone();
        let finished = Some(finished);
        let doubled = leave::with_entities(doubled, &mut batch.items.entities);
        return Ok(Ok(Outcome {
            doubled,
            found,
            finished,
            file_totals,
            totals,
            batch,
            passes: pass_number,
        }));
    }
}

fn small(
    input: &dyn Input,
    layout: &Layout,
    options: &Options,
    styles: Styles,
    progress: &mut dyn FnMut(Progress) -> Flow,
) -> Result<Result<Outcome, Asked>, FileError> {
    let plan = match Plan::new(layout, options, styles.clone()) {
        Ok(plan) => plan,
        Err(question) => return Ok(Err(vec![question])),
    };
    let none = Vec::new();
    let mut outcome = Outcome {
        passes: 1,
        ..Outcome::default()
    };
    if layout.kind == FileKind::Payments {
        let mut sink = PaymentSink::new(layout, styles, plan.currency);
        outcome.found = pass::run(input, layout, options, &none, &mut sink, 1, progress)?;
        (outcome.batch.payments, outcome.totals) = (sink.payments, sink.totals);
    } else {
        let mut sink = SalesSink::new(layout, styles, plan.currency);
        outcome.found = pass::run(input, layout, options, &none, &mut sink, 1, progress)?;
        (outcome.batch.sales, outcome.totals) = (sink.sales, sink.totals);
    }
    Ok(Ok(outcome))
}

/// Every line of a shared key with a line it equals: the first row is refused as well as the others.
fn both_sides(pairs: &[(u32, u32)]) -> Refused {
    let mut lines: Vec<(u32, u32)> = pairs.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
    lines.sort_unstable();
    lines.dedup_by_key(|(line, _)| *line);
    lines
}
