//! Whether a report ties out (domain.md §2.6): lines that can fail, each with both figures.

use crate::aging::{Aging, AgingQuery, CurrencyTotal, Figure, figure_of};
pub use crate::not_told::NotTold;
use crate::not_told::not_told;
use crate::rollup::Groups;
use duebook_ledger::book::Import;
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::{ImportKind, Scope};
use duebook_ledger::items::Recorded;
use duebook_ledger::open::SegmentScan;
use duebook_ledger::{Book, ItemId, OpenScan, Seq, View};
use duebook_money::{Currency, Day};
use duebook_sheet::{Control, ControlTotals, Figure as SheetFigure, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// What a line holds the report against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// The ledger's open items, added up one by one.
    LedgerItems,
    /// How many of them there are.
    LedgerCount,
    /// The control totals of every import, and every movement since.
    ImportsAndMovements,
    /// What the last whole extract of a source said, as of its day and as known when it came in.
    /// Here the book's figure of then stands in for the report's.
    LastExtract {
        /// Name of the source.
        source: String,
        /// Its as-of.
        as_of: Day,
    },
    /// The control account's balance as the user gave it.
    ControlAccount {
        /// Where it is from.
        source: String,
    },
}

/// One control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TieLine {
    /// What it is held against.
    pub against: Against,
    /// Currency of both figures; `None` for counts.
    pub currency: Option<Currency>,
    /// The report's figure: minor units or a count.
    pub report: i128,
    /// The figure it has to equal.
    pub expected: i128,
}

impl TieLine {
    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.report == self.expected
    }
    /// The report's figure less the other.
    pub fn difference(&self) -> i128 {
        self.report - self.expected
    }
}

/// Only items still open on `take_on` are known of a source: before it a report is never called
/// reconciled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BeforeTakeOn {
    /// Name of the source.
    pub source: String,
    /// As-of of its first extract.
    pub take_on: Day,
}

/// The controls of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TieOut {
    /// Count, sums and hash total of the report's items.
    pub totals: ControlTotals,
    /// The controls.
    pub lines: Vec<TieLine>,
    /// Sources whose take-on date is after the as-of day.
    pub before_take_on: Vec<BeforeTakeOn>,
    /// What sources did not tell the day of, where the as-of day is between two extracts.
    pub not_told: Vec<NotTold>,
    /// Every line holds, there is one that compares with something outside the report, and no
    /// source's take-on date is later.
    pub reconciled: bool,
}

impl TieOut {
    /// Controls that hold, of how many.
    pub fn passed(&self) -> (usize, usize) {
        let held = self.lines.iter().filter(|l| l.holds()).count();
        (held, self.lines.len())
    }
    /// The controls as a README shows them.
    pub fn controls(&self) -> Vec<Control> {
        let mut controls = self.totals.controls(None);
        controls.extend(self.lines.iter().map(control));
        controls
    }
    /// What a report on these controls says of itself, on its face (domain.md §2.6, 1).
    pub fn verdict(&self) -> Verdict {
        Verdict::of(&self.controls(), self.limitation().as_deref())
    }
    /// What keeps the report from being called reconciled although nothing failed.
    pub fn limitation(&self) -> Option<String> {
        let say = |b: &BeforeTakeOn| {
            format!(
                "only items still open on {} are known of {}",
                b.take_on, b.source
            )
        };
        let mut all: Vec<String> = self.before_take_on.iter().map(say).collect();
        all.extend(self.not_told.iter().map(NotTold::said));
        (!all.is_empty()).then(|| all.join("; "))
    }
}

fn control(line: &TieLine) -> Control {
    let figure = |value: i128| match line.currency {
        Some(currency) => SheetFigure::Money {
            minor: value,
            currency,
        },
        None => SheetFigure::Count(u64::try_from(value).unwrap_or(0)),
    };
    let of = line
        .currency
        .map_or(String::new(), |c| format!(", {}", c.code()));
    let (name, against) = match &line.against {
        Against::LedgerItems => ("Report total", "Open items of the ledger".to_owned()),
        Against::LedgerCount => ("Report items", "Open items of the ledger".to_owned()),
        Against::ImportsAndMovements => (
            "Report total",
            "Control totals of imports + movements".to_owned(),
        ),
        Against::LastExtract { source, as_of } => (
            "At source",
            format!("Last whole extract of {source}, {as_of}"),
        ),
        Against::ControlAccount { source } if source.is_empty() => {
            ("Report total", "Control account".to_owned())
        }
        Against::ControlAccount { source } => {
            ("Report total", format!("Control account ({source})"))
        }
    };
    Control {
        name: format!("{name}{of}"),
        actual: figure(line.report),
        against: Some((against, figure(line.expected))),
    }
}

type Sums = BTreeMap<&'static str, i128>;

/// Ties an aging out. A filtered one is held against the ledger's items under the same filter
/// alone: what imports and control accounts say is of everything.
pub fn tie_out(book: &Book, query: &AgingQuery, aging: &Aging) -> TieOut {
    let mut making = Making::new(book, query.clone(), aging.totals.clone());
    loop {
        if let Some(tied) = making.step(book) {
            return tied;
        }
    }
}

/// A tie-out in the making, in slices of a few milliseconds. The totals must be of the book as it
/// is: after a commit a tie-out is begun again with the totals of then ([`Making::fits`]).
pub struct Making {
    head: Seq,
    query: AgingQuery,
    aged: Vec<CurrencyTotal>,
    totals: ControlTotals,
    came_in: CameIn,
    /// Extracts to be looked at, and what the book had of them then.
    extracts: Vec<Extract>,
    lines: Vec<TieLine>,
    stage: Stage,
}

/// Segments of an extract looked at in one slice: its view may cost a scan of the settlements.
const SEGMENTS: usize = 4;

/// What is done next, with the number of the segment.
enum Stage {
    Items(usize),
    Imports(usize),
    Settlements,
    Extract(usize, usize),
    Finish,
}

/// A last whole extract of a source.
struct Extract {
    source: String,
    as_of: Day,
    commit: Seq,
    held: Sums,
}

impl Making {
    /// Of totals by currency: an aging's, or those of balances. Nothing is read yet.
    pub fn new(book: &Book, query: AgingQuery, aged: Vec<CurrencyTotal>) -> Self {
        Making {
            head: book.head(),
            query,
            aged,
            totals: ControlTotals::default(),
            came_in: CameIn::default(),
            extracts: Vec::new(),
            lines: Vec::new(),
            stage: Stage::Items(0),
        }
    }

    /// Whether the book is still the one the totals are of.
    pub fn fits(&self, book: &Book) -> bool {
        self.head == book.head()
    }

    /// One slice; answers the tie-out when it is done.
    pub fn step(&mut self, book: &Book) -> Option<TieOut> {
        let scan = OpenScan::new(book, self.query.view);
        self.stage = match self.stage {
            Stage::Items(number) => match scan.segment(number) {
                Some(segment) => {
                    let groups = Groups::new(book, &scan, &self.query);
                    ledger_totals(&mut self.totals, &groups, &segment, self.query.figure);
                    Stage::Items(number + 1)
                }
                None => {
                    self.against_items();
                    match self.query.filter.is_empty() {
                        true => Stage::Imports(0),
                        false => Stage::Finish,
                    }
                }
            },
            Stage::Imports(number) => match scan.segment(number) {
                Some(segment) => {
                    self.came_in.add(&scan, &segment, self.query.figure);
                    Stage::Imports(number + 1)
                }
                None => Stage::Settlements,
            },
            Stage::Settlements => {
                let came_in = std::mem::take(&mut self.came_in);
                let sums = came_in.less_movements(book, &scan, self.query.figure, &self.aged);
                let lines = compare(&Against::ImportsAndMovements, &self.report(), &sums);
                self.lines.extend(lines);
                self.extracts = last_extracts(book, &scan);
                Stage::Extract(0, 0)
            }
            Stage::Extract(at, number) => match self.extracts.get_mut(at) {
                Some(extract) => {
                    if extract.look(book, number) {
                        Stage::Extract(at, number + SEGMENTS)
                    } else {
                        let lines = extract.lines(book);
                        self.lines.extend(lines);
                        Stage::Extract(at + 1, 0)
                    }
                }
                None => {
                    self.against_control_accounts(book);
                    Stage::Finish
                }
            },
            Stage::Finish => return Some(self.finish(book, &scan)),
        };
        None
    }

    fn report(&self) -> Sums {
        let totals = self.aged.iter();
        totals.map(|t| (t.currency.code(), t.total)).collect()
    }

    fn against_items(&mut self) {
        let sums = &self.totals.sums;
        let ledger = sums.iter().map(|(c, s)| (c.code(), *s)).collect();
        let lines = compare(&Against::LedgerItems, &self.report(), &ledger);
        self.lines.extend(lines);
        self.lines.push(TieLine {
            against: Against::LedgerCount,
            currency: None,
            report: self.aged.iter().map(|t| i128::from(t.items)).sum(),
            expected: i128::from(self.totals.count),
        });
    }

    fn against_control_accounts(&mut self, book: &Book) {
        let report = self.report();
        for (currency, day, minor, source) in book.control_balances() {
            if day == self.query.view.as_of {
                let source = source.to_owned();
                self.lines.push(TieLine {
                    against: Against::ControlAccount { source },
                    currency: Some(currency),
                    report: report.get(currency.code()).copied().unwrap_or(0),
                    expected: i128::from(minor),
                });
            }
        }
    }

    fn finish(&mut self, book: &Book, scan: &OpenScan<'_>) -> TieOut {
        let mut tie_out = TieOut {
            totals: std::mem::take(&mut self.totals),
            lines: std::mem::take(&mut self.lines),
            before_take_on: before_take_on(book, scan),
            not_told: not_told(book, scan),
            reconciled: false,
        };
        tie_out.reconciled = matches!(tie_out.verdict(), Verdict::Reconciled { .. });
        tie_out
    }
}

/// One line per currency that either side knows and one has something in.
fn compare(against: &Against, report: &Sums, expected: &Sums) -> Vec<TieLine> {
    let codes: BTreeSet<&str> = report.keys().chain(expected.keys()).copied().collect();
    let line = |code: &str| TieLine {
        against: against.clone(),
        currency: Currency::from_code(code),
        report: report.get(code).copied().unwrap_or(0),
        expected: expected.get(code).copied().unwrap_or(0),
    };
    codes.into_iter().map(line).collect()
}

/// The second count of a report's items: one by one, through the ledger's own function.
fn ledger_totals(
    totals: &mut ControlTotals,
    groups: &Groups<'_>,
    segment: &SegmentScan<'_>,
    figure: Figure,
) {
    let data = segment.data();
    for row in 0..segment.len() {
        let Some(open) = segment.open(row) else {
            continue;
        };
        let amount = figure_of(open, figure);
        let currency = Currency::from_numeric(data.currency[row]).unwrap_or(Currency::XXX);
        if amount != 0 && groups.takes(data.customer[row], data.entity[row], currency) {
            totals.add(data.number.get(row), amount, currency);
        }
    }
}

/// What came in: by import where a whole file was adopted, else row by row.
#[derive(Default)]
struct CameIn {
    sums: Sums,
    adopted: BTreeMap<Seq, Sums>,
}

impl CameIn {
    fn add(&mut self, scan: &OpenScan<'_>, segment: &SegmentScan<'_>, figure: Figure) {
        let data = segment.data();
        let mut by_number: BTreeMap<u16, i128> = BTreeMap::new();
        for row in 0..segment.len() {
            let standing = segment.standing(row);
            let there = scan.is_live(segment.state().recorded.of(row)) && standing.counts();
            if there && !(figure == Figure::AtSource && standing.is_pending()) {
                *by_number.entry(data.currency[row]).or_default() += i128::from(data.open[row]);
            }
        }
        if by_number.is_empty() {
            return;
        }
        let to = match &segment.state().recorded {
            Recorded::Together(seq) => self.adopted.entry(*seq).or_default(),
            Recorded::Each(_) => &mut self.sums,
        };
        for (number, sum) in by_number {
            let currency = Currency::from_numeric(number).unwrap_or(Currency::XXX);
            *to.entry(currency.code()).or_default() += sum;
        }
    }

    /// What the imports' own control totals say came in, our documents, less every settlement,
    /// less what is dated later.
    fn less_movements(
        self,
        book: &Book,
        scan: &OpenScan<'_>,
        figure: Figure,
        aged: &[CurrencyTotal],
    ) -> Sums {
        let mut sums = self.sums;
        for (seq, rows) in self.adopted {
            let import = book.imports().find(|i| i.commit == seq);
            // A file of new rows alone speaks for itself; of one that also showed rows known
            // before, the rows taken in do.
            let own = import.filter(|i| i.changed == 0 && i.added == i.facts.totals.count);
            match own {
                Some(i) => {
                    for (currency, sum) in &i.facts.totals.sums {
                        *sums.entry(currency.code()).or_default() += i128::from(*sum);
                    }
                }
                None => rows
                    .into_iter()
                    .for_each(|(code, sum)| *sums.entry(code).or_default() += sum),
            }
        }
        let as_of = scan.view().as_of.0;
        book.settlements()
            .effects(as_of, scan.live(), |id, amount, pending| {
                let Some(item) = book.item(id) else { return };
                let Some(segment) = scan.segment(id.segment()) else {
                    return;
                };
                let standing = segment.standing(id.row());
                let there = scan.is_live(item.commit()) && standing.counts();
                let ours = pending || standing.is_pending();
                if there && !(figure == Figure::AtSource && ours) {
                    *sums.entry(item.currency().code()).or_default() -= i128::from(amount);
                }
            });
        for total in aged {
            *sums.entry(total.currency.code()).or_default() -= total.not_yet_issued;
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    }
}

/// The last whole extract of each source in a view.
fn last_extracts(book: &Book, scan: &OpenScan<'_>) -> Vec<Extract> {
    let mut last: BTreeMap<&str, (Day, Seq)> = BTreeMap::new();
    let in_view = |i: &&Import| scan.is_live(i.commit) && i.facts.as_of <= scan.view().as_of;
    for import in book.imports().filter(in_view) {
        let facts = &import.facts;
        if facts.kind == ImportKind::OpenItems && facts.scope == Scope::Everything {
            last.insert(&facts.source, (facts.as_of, import.commit));
        }
    }
    let extract = |(source, (as_of, commit)): (&str, (Day, Seq))| Extract {
        source: source.to_owned(),
        as_of,
        commit,
        held: Sums::new(),
    };
    last.into_iter().map(extract).collect()
}

impl Extract {
    /// Adds what the book has at source in some segments, as of the extract's day and as known when
    /// it came in; false after the last segment.
    fn look(&mut self, book: &Book, first: usize) -> bool {
        let then = View {
            as_of: self.as_of,
            known: Some(self.commit),
        };
        let scan = OpenScan::new(book, then);
        let mut by_number: BTreeMap<u16, i128> = BTreeMap::new();
        let mut any = false;
        // Postings of ours that it showed are among its rows, under keys of its own.
        let ours = book.answered_by(&self.source, |s| scan.is_live(s));
        let ours: BTreeSet<ItemId> = ours.collect();
        for number in first..first + SEGMENTS {
            let Some(segment) = scan.segment(number) else {
                continue;
            };
            any = true;
            let of_source = book.source_name(segment.state().source) == self.source;
            let is_theirs = |row: usize| of_source || ours.contains(&ItemId::new(number, row));
            if !of_source && ours.is_empty() {
                continue;
            }
            for row in (0..segment.len()).filter(|row| is_theirs(*row)) {
                let open = segment.open(row).map_or(0, |o| o.at_source);
                let number = segment.data().currency[row];
                *by_number.entry(number).or_default() += i128::from(open);
            }
        }
        for (number, sum) in by_number {
            let currency = Currency::from_numeric(number).unwrap_or(Currency::XXX);
            *self.held.entry(currency.code()).or_default() += sum;
        }
        any
    }
    /// The same against what the extract said.
    fn lines(&self, book: &Book) -> Vec<TieLine> {
        let Some(import) = book.imports().find(|i| i.commit == self.commit) else {
            return Vec::new();
        };
        let against = Against::LastExtract {
            source: self.source.clone(),
            as_of: self.as_of,
        };
        let totals = &import.facts.totals;
        let said = totals.sums.iter().map(|(c, s)| (c.code(), i128::from(*s)));
        compare(&against, &self.held, &said.collect())
    }
}

/// Sources whose history begins after the as-of: with their first open-item list, or, where a file of
/// invoices with what was paid on them came first, with the oldest document of that file.
pub(crate) fn before_take_on(book: &Book, scan: &OpenScan<'_>) -> Vec<BeforeTakeOn> {
    let mut first: BTreeMap<&str, &Import> = BTreeMap::new();
    for import in book.imports().filter(|i| scan.is_live(i.commit)) {
        if matches!(
            import.facts.kind,
            ImportKind::OpenItems | ImportKind::Invoices
        ) {
            let known = first.entry(&import.facts.source).or_insert(import);
            if import.facts.as_of < known.facts.as_of {
                *known = import;
            }
        }
    }
    let as_of = scan.view().as_of;
    let later = first.into_iter().filter(|(_, i)| i.facts.as_of > as_of);
    let begins = later.map(|(source, import)| BeforeTakeOn {
        source: source.to_owned(),
        take_on: match import.facts.kind {
            ImportKind::Invoices => oldest_document(scan, import),
            _ => import.facts.as_of,
        },
    });
    begins.filter(|b| b.take_on > as_of).collect()
}

/// The day of the oldest document that came in with a file; its as-of where none has a day.
fn oldest_document(scan: &OpenScan<'_>, import: &Import) -> Day {
    let mut oldest = import.facts.as_of;
    for (_, segment) in scan.segments() {
        for (row, day) in segment.data().doc_date.iter().enumerate() {
            let came = segment.state().recorded.of(row) == import.commit;
            if came && *day != NO_DAY {
                oldest = oldest.min(Day(*day));
            }
        }
    }
    oldest
}
