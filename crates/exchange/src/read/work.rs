//! Rows of a collector's own work: pasted from Excel or a mail, or a team's tracker. Columns are
//! told by their headers, or by what stands in them; the user can say otherwise.

use super::kind::is_bucket;
use super::mapping::Field;
use super::remarks::{OrderSeen, RemarkEntry, split_remarks};
use super::synonyms::{SYNONYMS, fold};
use duebook_money::amount::{Amount, Inference, Style, StyleVotes, parse};
use duebook_money::date::{OrderInference, OrderVotes, parse_around};
use duebook_money::{DateOrder, Day};

/// A row as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkCells {
    /// Line of the file or of what was pasted, from 1.
    pub line: u32,
    /// Its cells, without the blanks around them.
    pub cells: Vec<String>,
}

impl WorkCells {
    pub(super) fn at(line: u32) -> Self {
        let cells = Vec::new();
        WorkCells { line, cells }
    }
    pub(super) fn of(line: u32, cells: impl Iterator<Item = String>) -> Self {
        let cells = cells.collect();
        WorkCells { line, cells }
    }
}

/// What a column of work can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // named as they are
pub enum WorkField {
    /// Document number, reference or PO.
    Number,
    /// Customer's number or name.
    Customer,
    Status,
    Reason,
    NextAction,
    Owner,
    /// What was written, in one cell or many; several columns may be.
    Remark,
    /// The day of the remark.
    RemarkDate,
    ExpectedDate,
    PromiseDate,
    PromiseAmount,
    Disputed,
    /// Not looked at.
    Ignore,
}

use WorkField as W;

/// Every field one can choose.
pub const WORK_FIELDS: [WorkField; 13] = [
    W::Number,
    W::Customer,
    W::Status,
    W::Reason,
    W::NextAction,
    W::Owner,
    W::Remark,
    W::RemarkDate,
    W::ExpectedDate,
    W::PromiseDate,
    W::PromiseAmount,
    W::Disputed,
    W::Ignore,
];

/// The names that trackers use, in the folded form of [`fold`], beside those of ledgers.
const NAMES: &[(WorkField, &str)] = &[
    (
        W::Status,
        "collection status|collector status|coll status|ptp status|status update|current status|collections status|follow up status|bearbeitungsstatus",
    ),
    (
        W::Reason,
        "code|root cause|delay reason|reason for delay|reason for non payment|non payment reason|collection code|result code|disposition|outcome|category code|mahnsperrgrund",
    ),
    (
        W::NextAction,
        "next action|next step|next steps|action|action required|action plan|nachste aktion|nachster schritt|prochaine action|proxima accion|to do|todo|action item|follow up action",
    ),
    (
        W::Owner,
        "owner|action owner|responsible|handled by|pic|zustandig|verantwortlich|responsable",
    ),
    (
        W::Remark,
        "remark|remarks|comment|comments|note|notes|collector comment|collector comments|collector notes|collector remarks|latest comment|latest comments|last comment|call notes|collection notes|follow up remarks|history|bemerkung|bemerkungen|kommentar|notiz|notizen|commentaire|commentaires|remarque|observaciones|comentarios|feedback|customer feedback|customer response|status remarks|remarks history|update|updates|latest update",
    ),
    (
        W::RemarkDate,
        "remark date|comment date|note date|last contact|last contact date|last call|last call date|date of call|call date|contact date|last follow up|last follow up date|follow up date|last action date|datum der bemerkung|letzter kontakt|updated on|update date",
    ),
    (
        W::ExpectedDate,
        "expected date|expected payment date|exp payment date|expected pay date|epd|eta|expected|expected on|erwartet|erwartetes datum|forecast date|expected payment|expected receipt date|expected date of payment|tentative payment date",
    ),
    (
        W::PromiseDate,
        "promise date|promised date|promise to pay date|ptp date|ptp|date promised|commitment date|committed date|promise to pay|zusage datum|zusagedatum|zugesagt am|zugesagt|date promesse|fecha promesa|promised on|promised for|payment promise date",
    ),
    (
        W::PromiseAmount,
        "promise amount|promised amount|ptp amount|amount promised|commitment amount|committed amount|zusage betrag|zusagebetrag|zugesagter betrag|montant promis|monto prometido|importe prometido|promised amt|ptp amt|promise amt",
    ),
    (
        W::Disputed,
        "disputed amount|dispute amount|amount disputed|dispute value|strittiger betrag|montant litige|importe disputado|disputed value|amount in dispute",
    ),
];

/// Whether these rows are the clipboard's, or a tracker's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WorkKind {
    /// Pasted: a bare "date" is when the money is expected, a bare "amount" what was promised.
    #[default]
    Paste,
    /// A tracker: it repeats the ledger's columns, which are not read.
    Tracker,
}

/// What the user said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkOptions {
    /// What the rows are.
    pub kind: WorkKind,
    /// What columns mean, where it was said; the others are told.
    pub columns: Vec<Option<WorkField>>,
    /// The order of day and month, where it was said.
    pub order: Option<DateOrder>,
    /// How amounts are written, where it was said.
    pub style: Option<Style>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkColumn {
    /// Its header; empty where there is none.
    pub header: String,
    /// What it means.
    pub field: WorkField,
    /// The first cell under it that holds something.
    pub sample: String,
}

/// A row, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkRow {
    /// Line of the file or of what was pasted.
    pub line: u32,
    /// Document number, reference or PO; empty for a row about a customer.
    pub number: String,
    /// Customer's number or name; empty where not given.
    pub customer: String,
    /// Status, reason, next action and owner, where given.
    pub texts: Vec<(WorkField, String)>,
    /// What was written.
    pub remarks: Vec<RemarkEntry>,
    /// When money is expected.
    pub expected: Option<Day>,
    /// The day promised.
    pub promised: Option<Day>,
    /// The amount promised.
    pub amount: Option<Amount>,
    /// The amount disputed.
    pub disputed: Option<Amount>,
    /// Cells that cannot be read as what their column is.
    pub unread: Vec<(WorkField, String)>,
}

/// What is to be asked before all cells can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkQuestion {
    /// Day before month, or month before day; a cell that both read.
    DateOrder(String),
    /// Decimal point, or comma; a cell that both read.
    DecimalMark(String),
    /// No column holds a document number.
    NoNumbers,
}

/// Rows of work, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// The columns in order.
    pub columns: Vec<WorkColumn>,
    /// The rows that name an item or a customer.
    pub rows: Vec<WorkRow>,
    /// Lines that name neither.
    pub nameless: Vec<u32>,
    /// What is to be asked; dates and amounts in question are left out meanwhile.
    pub questions: Vec<WorkQuestion>,
}

/// The most rows above a tracker's header.
const MAX_ABOVE: usize = 30;

/// Reads rows of work. `as_of` is the day they are of: a day without a year is the last one not
/// after it.
pub fn read_work(rows: &[WorkCells], options: &WorkOptions, as_of: Day) -> Work {
    let mut reading = WorkReading::new(rows, options, as_of);
    while reading.step(usize::MAX) {}
    reading.work
}

fn begun<'a>(rows: &'a [WorkCells], options: &WorkOptions, as_of: Day) -> WorkReading<'a> {
    let header = header_at(rows, options.kind);
    let (headers, body) = match header {
        Some(at) => (&rows[at].cells[..], &rows[at + 1..]),
        None => (&[][..], rows),
    };
    let width = body.iter().map(|r| r.cells.len()).max().unwrap_or(0);
    let width = width.max(headers.len()).min(super::limits::MAX_COLUMNS);
    let mut columns: Vec<WorkColumn> = (0..width)
        .map(|at| WorkColumn {
            header: headers.get(at).cloned().unwrap_or_default(),
            field: headers
                .get(at)
                .map_or(W::Ignore, |h| by_name(h, options.kind)),
            sample: cells(body, at).next().unwrap_or_default().to_owned(),
        })
        .collect();
    if header.is_none() {
        by_values(body, &mut columns);
    }
    first_only(&mut columns);
    for (column, said) in columns.iter_mut().zip(&options.columns) {
        column.field = said.unwrap_or(column.field);
    }
    WorkReading::of(body, columns, options, as_of)
}

fn cells(rows: &[WorkCells], at: usize) -> impl Iterator<Item = &str> {
    let all = rows.iter().filter_map(move |r| r.cells.get(at));
    all.map(String::as_str).filter(|c| !c.is_empty())
}

/// A field but the remark stands in one column; a second one is not read.
fn first_only(columns: &mut [WorkColumn]) {
    for at in 1..columns.len() {
        let field = columns[at].field;
        if !matches!(field, W::Remark | W::Ignore) && columns[..at].iter().any(|c| c.field == field)
        {
            columns[at].field = W::Ignore;
        }
    }
}

/// The header's row: names of columns, and no number where numbers stand.
fn header_at(rows: &[WorkCells], kind: WorkKind) -> Option<usize> {
    let look = match kind {
        WorkKind::Paste => 1,
        WorkKind::Tracker => MAX_ABOVE,
    };
    rows.iter().take(look).position(|row| {
        let known = |c: &&String| by_name(c, kind) != W::Ignore;
        let named = row.cells.iter().filter(known).count();
        let holds = |f| row.cells.iter().any(|c| by_name(c, kind) == f);
        let enough = match kind {
            WorkKind::Paste => named > 0 && !row.cells.iter().any(|c| is_number(c)),
            WorkKind::Tracker => named > 1,
        };
        enough && (kind == WorkKind::Paste || holds(W::Number) || holds(W::Customer))
    })
}

/// Whether a file's headers are those of a tracker: promises or next actions beside documents or
/// customers, or remarks with their day.
pub(super) fn is_tracker<'a>(headers: impl Iterator<Item = &'a str> + Clone) -> bool {
    let has = |field| {
        let mut all = headers.clone();
        all.any(|h| by_name(h, WorkKind::Tracker) == field)
    };
    let named = has(W::Number) || has(W::Customer);
    let promise = has(W::PromiseDate) || has(W::PromiseAmount);
    let talk = has(W::Remark) || has(W::NextAction);
    named && ((promise && talk) || (has(W::Remark) && (has(W::NextAction) || has(W::RemarkDate))))
}

pub(crate) fn by_name(header: &str, kind: WorkKind) -> WorkField {
    if header.len() > 80 || is_bucket(header) {
        return W::Ignore;
    }
    let name = fold(header);
    if name.is_empty() {
        return W::Ignore;
    }
    let is = |names: &str| names.split('|').any(|n| n == name);
    if let Some((field, _)) = NAMES.iter().find(|(_, names)| is(names)) {
        return *field;
    }
    let paste = kind == WorkKind::Paste;
    match SYNONYMS
        .iter()
        .find(|(_, names)| is(names))
        .map(|(f, _)| *f)
    {
        Some(Field::Number) => W::Number,
        Some(Field::Reference | Field::Po) if paste => W::Number,
        Some(Field::CustomerNumber) => W::Customer,
        Some(Field::CustomerName) if paste => W::Customer,
        Some(Field::Status) => W::Status,
        Some(Field::Reason) => W::Reason,
        Some(Field::Text) if paste => W::Remark,
        Some(Field::Collector | Field::AccountManager) if !paste => W::Ignore,
        Some(Field::DocDate | Field::PaymentDate) if paste => W::ExpectedDate,
        Some(Field::Amount | Field::PaymentAmount) if paste => W::PromiseAmount,
        _ => W::Ignore,
    }
}

/// Columns without a header, by what stands in them.
fn by_values(rows: &[WorkCells], columns: &mut [WorkColumn]) {
    let mut taken: Vec<WorkField> = Vec::new();
    for (at, column) in columns.iter_mut().enumerate() {
        let all: Vec<&str> = cells(rows, at).take(500).collect();
        let most = |f: &dyn Fn(&&&str) -> bool| {
            !all.is_empty() && all.iter().filter(|c| f(c)).count() * 4 >= all.len() * 3
        };
        let wordy = most(&|c| c.contains(' ') || c.len() > 24);
        let wanted = if most(&|c| is_day(c)) {
            W::ExpectedDate
        } else if !taken.contains(&W::Number) && (most(&|c| is_number(c)) || columns_one(at, &all))
        {
            W::Number
        } else if most(&|c| parse(c, Style::POINT).is_ok() || parse(c, Style::COMMA).is_ok()) {
            W::PromiseAmount
        } else if wordy || taken.contains(&W::Status) {
            W::Remark
        } else {
            W::Status
        };
        if wanted == W::Remark || !taken.contains(&wanted) {
            column.field = wanted;
            taken.push(wanted);
        }
    }
}

/// The first column names items, whatever it looks like, as long as it has figures in it.
fn columns_one(at: usize, cells: &[&str]) -> bool {
    at == 0 && cells.iter().any(|c| c.bytes().any(|b| b.is_ascii_digit()))
}

/// One word with a figure in it, and no day.
fn is_number(cell: &str) -> bool {
    let figures = cell.bytes().filter(u8::is_ascii_digit).count();
    figures > 0 && cell.len() <= 60 && !cell.contains(' ') && !is_day(cell) && !is_money(cell)
}

/// Figures with two decimals behind a mark: an amount, not a number.
fn is_money(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    let decimals = bytes.len() > 3 && matches!(bytes[bytes.len() - 3], b'.' | b',');
    decimals && (parse(cell, Style::POINT).is_ok() || parse(cell, Style::COMMA).is_ok())
}

/// A day with its marks; eight figures together are a number rather than a day.
fn is_day(cell: &str) -> bool {
    let figures_only = cell.bytes().all(|b| b.is_ascii_digit());
    let reads = |order| parse_around(order, cell.as_bytes(), 2026).is_ok();
    !figures_only
        && cell.len() <= 30
        && [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy]
            .into_iter()
            .any(reads)
}

/// Rows on their way of being read, some at a time.
pub struct WorkReading<'a> {
    rows: &'a [WorkCells],
    as_of: Day,
    order: Option<DateOrder>,
    style: Option<Style>,
    work: Work,
}

impl<'a> WorkReading<'a> {
    fn of(
        rows: &'a [WorkCells],
        columns: Vec<WorkColumn>,
        options: &WorkOptions,
        as_of: Day,
    ) -> Self {
        let of = |fields: &[WorkField]| -> Vec<usize> {
            let all = columns.iter().enumerate();
            let fits = all.filter(|(_, c)| fields.contains(&c.field));
            fits.map(|(at, _)| at).collect()
        };
        let mut questions = Vec::new();
        if of(&[W::Number, W::Customer]).is_empty() {
            questions.push(WorkQuestion::NoNumbers);
        }
        let dates = of(&[W::ExpectedDate, W::PromiseDate, W::RemarkDate]);
        let (order, example) = order_of(rows, &dates, &of(&[W::Remark]));
        let order = options.order.or(order);
        if let (None, Some(example)) = (order, example) {
            questions.push(WorkQuestion::DateOrder(example));
        }
        let (style, example) = style_of(rows, &of(&[W::PromiseAmount, W::Disputed]));
        let style = options.style.or(style);
        if let (None, Some(example)) = (style, example) {
            questions.push(WorkQuestion::DecimalMark(example));
        }
        let work = Work {
            columns,
            questions,
            ..Work::default()
        };
        WorkReading {
            rows,
            as_of,
            order,
            style,
            work,
        }
    }

    /// Begins to read: columns are told, no row is read yet.
    pub fn new(rows: &'a [WorkCells], options: &WorkOptions, as_of: Day) -> Self {
        begun(rows, options, as_of)
    }

    /// Reads some rows more; answers whether there are others.
    pub fn step(&mut self, most: usize) -> bool {
        let rows = self.rows;
        let (now, later) = rows.split_at(most.min(rows.len()));
        self.rows = later;
        let filled = |r: &&WorkCells| r.cells.iter().any(|c| !c.is_empty());
        for cells in now.iter().filter(filled) {
            let row = self.row(cells);
            if row.number.is_empty() && row.customer.is_empty() {
                self.work.nameless.push(cells.line);
            } else {
                self.work.rows.push(row);
            }
        }
        !later.is_empty()
    }

    /// What was read.
    pub fn done(self) -> Work {
        self.work
    }

    fn row(&self, cells: &WorkCells) -> WorkRow {
        let mut row = WorkRow {
            line: cells.line,
            ..WorkRow::default()
        };
        let mut written: Vec<&str> = Vec::new();
        let mut said_on = None;
        for (column, cell) in self.work.columns.iter().zip(&cells.cells) {
            let cell = cell.trim();
            if cell.is_empty() {
                continue;
            }
            match column.field {
                W::Number => row.number = cell.to_owned(),
                W::Customer => row.customer = cell.to_owned(),
                W::Status | W::Reason | W::NextAction | W::Owner => {
                    row.texts.push((column.field, cell.to_owned()));
                }
                W::Remark => written.push(cell),
                W::RemarkDate => said_on = self.day(cell, column.field, &mut row),
                W::ExpectedDate => row.expected = self.day(cell, column.field, &mut row),
                W::PromiseDate => row.promised = self.day(cell, column.field, &mut row),
                W::PromiseAmount => row.amount = self.amount(cell, column.field, &mut row),
                W::Disputed => row.disputed = self.amount(cell, column.field, &mut row),
                W::Ignore => {}
            }
        }
        let order = self.order.unwrap_or(DateOrder::Dmy);
        for cell in written {
            // While the order is asked, a remark is one undated text and no day is guessed.
            match self.order {
                None => row.remarks.push(RemarkEntry {
                    day: None,
                    author: String::new(),
                    text: cell.to_owned(),
                }),
                Some(_) => row.remarks.extend(split_remarks(cell, order, self.as_of)),
            }
        }
        for remark in &mut row.remarks {
            remark.day = remark.day.or(said_on);
        }
        row
    }

    fn day(&self, cell: &str, field: WorkField, row: &mut WorkRow) -> Option<Day> {
        let (year, _, _) = self.as_of.ymd();
        let order = self.order?;
        let read = parse_around(order, cell.as_bytes(), year).ok();
        // ISO reads in every order.
        let read = read.or_else(|| duebook_money::date::parse_iso_bytes(cell.as_bytes()));
        if read.is_none() {
            row.unread.push((field, cell.to_owned()));
        }
        read
    }

    fn amount(&self, cell: &str, field: WorkField, row: &mut WorkRow) -> Option<Amount> {
        let read = parse(cell, self.style?).ok();
        if read.is_none() {
            row.unread.push((field, cell.to_owned()));
        }
        read
    }
}

/// The order of day and month that columns and remarks are written in; where it is to be asked, a
/// cell.
pub(super) fn order_of(
    rows: &[WorkCells],
    dates: &[usize],
    remarks: &[usize],
) -> (Option<DateOrder>, Option<String>) {
    let mut votes = OrderVotes::new();
    let mut seen_cells: Vec<&str> = Vec::new();
    for cell in dates.iter().flat_map(|at| cells(rows, *at)) {
        votes.push(cell.as_bytes());
        seen_cells.push(cell);
    }
    let mut seen = OrderSeen::default();
    let mut dated: Option<&str> = None;
    for cell in remarks.iter().flat_map(|at| cells(rows, *at)) {
        let before = seen.either;
        seen.look_at(cell);
        if seen.either > before {
            dated = dated.or(Some(cell));
        }
    }
    let said = seen.order();
    match votes.finish() {
        OrderInference::NoDates => match said {
            Some(order) => (Some(order), None),
            None => (None, dated.map(str::to_owned)),
        },
        // A certain order of the dates is that of the remarks too; ISO dates say nothing of them.
        OrderInference::Certain(order) if said.is_some() || order != DateOrder::Ymd => {
            let order = if order == DateOrder::Ymd {
                said
            } else {
                Some(order)
            };
            (order, None)
        }
        OrderInference::Certain(_) => (None, dated.map(str::to_owned)),
        OrderInference::Ambiguous { orders, example } => {
            let certain = (seen.day_first > 0 || seen.month_first > 0)
                .then_some(said)
                .flatten();
            match certain.filter(|order| orders.contains(order)) {
                Some(order) => (Some(order), None),
                None => (None, seen_cells.get(example).map(|c| (*c).to_owned())),
            }
        }
        OrderInference::Mixed { examples } => {
            let first = examples.first().and_then(|(_, at)| seen_cells.get(*at));
            (None, first.map(|c| (*c).to_owned()))
        }
    }
}

pub(super) fn style_of(rows: &[WorkCells], amounts: &[usize]) -> (Option<Style>, Option<String>) {
    let mut votes = StyleVotes::new();
    let all: Vec<&str> = amounts.iter().flat_map(|at| cells(rows, *at)).collect();
    all.iter().for_each(|c| votes.push(c.as_bytes()));
    match votes.finish() {
        Inference::Certain(style) => (Some(style), None),
        Inference::Ambiguous { example } => (None, all.get(example).map(|c| (*c).to_owned())),
        Inference::Mixed { comma, .. } => (None, all.get(comma).map(|c| (*c).to_owned())),
    }
}
