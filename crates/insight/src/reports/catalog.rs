//! Every report there is: one row of a table each. A report of another part of the book is added by
//! its row in [`REPORTS`] and its function from [`Drawing`] to a sheet.

use super::{
    Period, TextSource, activity_sheet, aging_detail, aging_summary, applications, cases_sheet,
    cash_log_sheet, forecast, items_sheet, journal, kpis, logs, moves, promises_sheet, recovery,
    rows_sheet, unapplied_sheet,
};
use crate::aging::{Aging, AgingQuery};
use crate::cashlog::{LogRow, UnappliedRow, cash_log, unapplied};
use crate::kpi::accuracy::{self, Sampled};
use crate::kpi::{Ask, By, Gathered, In, Kpi, Whose, period_before};
use crate::postings::{Journal, journal};
use crate::promises::{Judged, judge_all};
use crate::tie_out::TieOut;
use duebook_ledger::Book;
use duebook_ledger::reporting::IssuedFigure;
use duebook_money::Currency;
use duebook_sheet::{Control, Sheet, Tie};

/// A report.
pub struct ReportKind {
    /// Its name in files and addresses.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What is in it.
    pub says: &'static str,
    /// Plain data for who pivots elsewhere: no titles, no totals.
    pub data: bool,
    /// Draws it.
    pub draw: for<'a> fn(&'a Drawing<'a>) -> Sheet<'a>,
    /// What it is held against beside the aging, where it has figures of its own to prove.
    pub prove: Option<fn(&Drawing<'_>) -> Proof>,
}

/// What a report says of itself in the README beside the book's own controls.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// Controls; one that fails makes the report UNRECONCILED.
    pub controls: Vec<Control>,
    /// What a reader has to know.
    pub notes: Vec<String>,
}

/// Every report, in the order offered.
pub const REPORTS: &[ReportKind] = &[
    ReportKind {
        id: "aging",
        name: "Aging summary",
        says: "Who owes what, by bucket, with credits, disputes and promises",
        data: false,
        draw: |d| aging_summary(d.book, &d.query, &d.aged),
        prove: None,
    },
    ReportKind {
        id: "aging-detail",
        name: "Aging detail",
        says: "Every open item behind the aging",
        data: false,
        draw: |d| aging_detail(d.book, &d.query),
        prove: None,
    },
    ReportKind {
        id: "items",
        name: "Items",
        says: "Open items with the collector’s fields",
        data: false,
        draw: |d| items_sheet(d.book, &d.query, None),
        prove: None,
    },
    ReportKind {
        id: "kpis",
        name: "Key figures",
        says: "Every key figure with what was divided by what, target and period before",
        data: false,
        draw: kpis::kpi_sheet,
        prove: None,
    },
    ReportKind {
        id: "variance",
        name: "Variance",
        says: "Opening, invoiced, cash, credits, write-offs, closing, by customer",
        data: false,
        draw: moves::variance_sheet,
        prove: None,
    },
    ReportKind {
        id: "roll-rate",
        name: "Roll rate",
        says: "From bucket to bucket; each row adds up to its opening",
        data: false,
        draw: moves::roll_sheet,
        prove: None,
    },
    ReportKind {
        id: "promises",
        name: "Promises",
        says: "Every promise with its verdict",
        data: false,
        draw: |d| promises_sheet(d.book, &d.judged, d.texts),
        prove: None,
    },
    ReportKind {
        id: "activity",
        name: "Collector activity",
        says: "Contacts of the period",
        data: false,
        draw: |d| activity_sheet(d.book, d.query.view, d.period, d.texts),
        prove: None,
    },
    ReportKind {
        id: "cash-log",
        name: "Cash application log",
        says: "Receipts of the period and what they paid",
        data: false,
        draw: |d| cash_log_sheet(d.book, &d.receipts),
        prove: None,
    },
    ReportKind {
        id: "unapplied",
        name: "Unapplied cash",
        says: "Money that pays nothing yet, and how long it has lain",
        data: false,
        draw: |d| unapplied_sheet(d.book, &d.unapplied),
        prove: None,
    },
    ReportKind {
        id: "dispute-log",
        name: "Dispute log",
        says: "Every dispute and query with its money, its clocks and how long it took",
        data: false,
        draw: |d| cases_sheet(d.book, d.query.view.as_of),
        prove: None,
    },
    ReportKind {
        id: "agreements",
        name: "Plans and settlements",
        says: "What was agreed and offered, and what came of it",
        data: false,
        draw: recovery::agreements_sheet,
        prove: None,
    },
    ReportKind {
        id: "placements",
        name: "Agency and legal",
        says: "What is with others, recovered, their commission, when claims run out",
        data: false,
        draw: recovery::placements_sheet,
        prove: None,
    },
    ReportKind {
        id: "forecast",
        name: "Cash forecast",
        says: "Expected cash by week: committed, statistical, upside",
        data: false,
        draw: forecast::forecast_sheet,
        prove: None,
    },
    ReportKind {
        id: "forecast-actual",
        name: "Forecast against actual",
        says: "Weeks of frozen forecasts that ended in the period, with what came",
        data: false,
        draw: forecast::forecast_actual_sheet,
        prove: None,
    },
    ReportKind {
        id: "risks",
        name: "Risk register",
        says: "What may happen, its chance and impact, owner, review",
        data: false,
        draw: recovery::risks_sheet,
        prove: None,
    },
    ReportKind {
        id: "authority",
        name: "Authority log",
        says: "Who let go of how much in the period, and who approved it",
        data: false,
        draw: recovery::authority_sheet,
        prove: None,
    },
    ReportKind {
        id: "postings",
        name: "Proposed postings",
        says: "Journal entries of everything of ours, by account, balanced by company and currency",
        data: false,
        draw: journal::journal_sheet,
        prove: Some(journal::proof),
    },
    ReportKind {
        id: "withheld",
        name: "Tax withheld",
        says: "Tax that customers kept back in the period, by quarter",
        data: false,
        draw: recovery::withheld_sheet,
        prove: None,
    },
    ReportKind {
        id: "imports",
        name: "Import log",
        says: "Files with their control totals",
        data: false,
        draw: logs::imports_sheet,
        prove: None,
    },
    ReportKind {
        id: "issued",
        name: "Issued reports",
        says: "What was issued, with control totals and hash",
        data: false,
        draw: logs::issued_sheet,
        prove: None,
    },
    ReportKind {
        id: "audit",
        name: "Audit trail",
        says: "Every commit of the period: who, when, what",
        data: false,
        draw: logs::audit_sheet,
        prove: None,
    },
    ReportKind {
        id: "rows",
        name: "Data: items",
        says: "Every item as its file had it, a row each",
        data: true,
        draw: |d| rows_sheet(d.book, &d.query),
        prove: None,
    },
    ReportKind {
        id: "data-cash",
        name: "Data: applications",
        says: "Every application of the period, a row each",
        data: true,
        draw: applications::applications_data,
        prove: None,
    },
];

/// The report of a name.
pub fn report_kind(id: &str) -> Option<&'static ReportKind> {
    REPORTS.iter().find(|r| r.id == id)
}

/// What reports are drawn from, gathered once for all of a pack.
pub struct Drawing<'a> {
    /// The book.
    pub book: &'a Book,
    /// Texts beside the log.
    pub texts: &'a dyn TextSource,
    /// As of, as known at, buckets, filters.
    pub query: AgingQuery,
    /// The aging of the query.
    pub aged: Aging,
    /// Its controls.
    pub tied: TieOut,
    /// The period, ending on the as-of day.
    pub period: Period,
    /// Promises as judged in the view.
    pub judged: Vec<Judged>,
    /// The period, all in one.
    pub now: Gathered,
    /// The period before.
    pub before: Gathered,
    /// The period by customer.
    pub by_customer: Gathered,
    /// Receipts of the period.
    pub receipts: Vec<LogRow>,
    /// Money that pays nothing on the last day.
    pub unapplied: Vec<UnappliedRow>,
    /// Figures sampled.
    pub sampled: Sampled,
    /// Proposed postings of the period.
    pub journal: Journal,
}

impl<'a> Drawing<'a> {
    /// Gathers everything. The period ends on the query's day.
    pub fn new(
        book: &'a Book,
        texts: &'a dyn TextSource,
        (query, aged, tied): (AgingQuery, Aging, TieOut),
        period: Period,
    ) -> Self {
        let ask = |period, by| Ask {
            period,
            known: query.view.known,
            scope: Whose::default(),
            by,
        };
        let seed = u64::from(book.head().0);
        Drawing {
            receipts: cash_log(book, period.from, period.to),
            unapplied: unapplied(book, period.to),
            judged: judge_all(book, query.view),
            now: Gathered::new(book, ask(period, By::Nothing)),
            before: Gathered::new(book, ask(period_before(period), By::Nothing)),
            by_customer: Gathered::new(book, ask(period, By::Customer)),
            sampled: accuracy::sample(book, &query, &aged, seed),
            journal: journal(book, query.view, period.from),
            book,
            texts,
            query,
            aged,
            tied,
            period,
        }
    }

    /// The figures of a currency: those of the book's facts, then those of reporting accuracy.
    pub fn kpis(&self, currency: In) -> Vec<Kpi> {
        let mut all = self.now.kpis(0, currency);
        all.extend(accuracy::kpis(
            self.book,
            &self.now,
            &self.tied,
            self.sampled,
            currency,
        ));
        all
    }

    /// The currencies figures are told in: each that has any, then all together where they are
    /// several.
    pub fn currencies(&self) -> Vec<In> {
        let own = self.now.currencies();
        let mut out: Vec<In> = own.iter().copied().map(In::Own).collect();
        if own.len() > 1 {
            out.push(In::Reporting);
        }
        out
    }

    /// The main figures as issued, for the restatement (§2.6, 5).
    pub fn figures(&self) -> Vec<IssuedFigure> {
        crate::kpi::restate::figures(&self.now)
    }

    /// The code of the currency a figure is told in.
    pub(super) fn code(&self, currency: In) -> Currency {
        self.now.unit_of(currency)
    }
}

/// Columns that have to agree where both sheets are in a workbook.
pub fn ties() -> Vec<Tie> {
    vec![
        Tie::new(("Aging", "Net"), ("Aging detail", "Open")),
        Tie::new(("Aging", "Net"), ("Items", "Open")),
        Tie::new(("Aging", "Net"), ("Variance", "Closing")),
        Tie::new(
            ("Variance", "Closing by movements"),
            ("Variance", "Closing"),
        ),
        Tie::new(("Journal", "Debit"), ("Journal", "Credit")),
        Tie::new(("Roll rate", "Opening"), ("Roll rate", "Sum of the row")),
    ]
}
