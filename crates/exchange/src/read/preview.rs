//! Everything the import page shows.

use super::dialect::Recognised;
use super::due::UnknownTerms;
use super::error::Family;
use super::input::Input;
use super::kind::FileKind;
use super::layout::Layout;
use super::limits::PREVIEW_ROWS;
use super::mapping::{Field, MappedBy};
use super::notes::{Notes, Reason};
use super::options::{Identity, Options};
use super::pass::Counts;
use super::plan::Assumption;
use super::question::Question;
use super::rows::first_items;
use super::sniff::TextShape;
use super::stage::Outcome;
use super::totals::{FileTotal, Totals};
use super::workbook::SheetInfo;
use duebook_ledger::columns::NO_DAY;
use duebook_money::{Currency, Day, MinorUnits, NumberFormat};
use serde::{Deserialize, Serialize};

/// One column of the file as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnPreview {
    /// Header as the file has it (made unique).
    pub header: String,
    /// What it means.
    pub field: Field,
    /// How sure, per mille.
    pub confidence: u16,
    /// Why.
    pub by: MappedBy,
    /// Up to five different values.
    pub samples: Vec<String>,
    /// Sampled rows in which it is filled.
    pub filled: u32,
}

/// Our control totals of one currency, ready to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalLine {
    /// ISO code.
    pub currency: String,
    /// Rows.
    pub rows: u64,
    /// Sum of original amounts, plain decimal.
    pub amount: String,
    /// Sum of open amounts, plain decimal.
    pub open: String,
}

/// What rounding changed in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundingTotal {
    /// ISO code.
    pub currency: String,
    /// Cells rounded.
    pub cells: u64,
    /// Sum of what was written minus what was taken, major units.
    pub difference: String,
}

/// A row of the file as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRow {
    /// Its line.
    pub line: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A staged item, ready to show: ISO dates, plain decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct PreviewItem {
    pub line: u32,
    pub entity: String,
    pub customer: String,
    pub name: String,
    pub number: String,
    pub kind: String,
    pub doc_date: Option<String>,
    pub due: Option<String>,
    pub currency: String,
    pub amount: String,
    pub open: String,
    /// The amount in the entity's currency, with its code; never in a total.
    #[serde(default)]
    pub local: Option<(String, String)>,
    /// The amount in the group's currency, with its code; never in a total.
    #[serde(default)]
    pub group: Option<(String, String)>,
    /// The first warning of the row.
    #[serde(default)]
    pub warning: Option<Reason>,
    /// Further texts by name.
    pub texts: Vec<(String, String)>,
}

/// The figures of a preview that follow what is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Rows by what becomes of them.
    pub counts: Counts,
    /// Distinct customers.
    pub customers: u64,
    /// Control totals per currency.
    pub totals: Vec<TotalLine>,
    /// Sum of document numbers' digits modulo 10^9.
    pub hash_total: u64,
}

/// Where the guess at the as-of date comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AsOfFrom {
    /// The user, a title row or the file's name says so.
    Title,
    /// The latest document date (of settled invoices: clearing date): the extract is not older.
    LatestDate,
}

/// A guess at the date the file speaks of, to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsOf {
    /// ISO date.
    pub date: String,
    /// Where it comes from.
    pub from: AsOfFrom,
}

/// What the work needs and this file does not have, and the kind of file that would supply it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
#[allow(missing_docs)]
pub enum Missing {
    CustomerNames {
        supplied_by: FileKind,
    },
    Phones {
        supplied_by: FileKind,
    },
    Mailboxes {
        supplied_by: FileKind,
    },
    Zones {
        supplied_by: FileKind,
    },
    Terms {
        supplied_by: FileKind,
    },
    CreditLimits {
        supplied_by: FileKind,
    },
    Collectors {
        supplied_by: FileKind,
    },
    Sales {
        supplied_by: FileKind,
    },
    /// Payments and settled invoices, for as-of dates before the import and for payment habits.
    History {
        supplied_by: FileKind,
    },
    OpenItems {
        supplied_by: FileKind,
    },
}

/// What an import page needs to know of a file before it is committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Name of the file.
    pub name: String,
    /// Size, bytes.
    pub bytes: u64,
    /// Family.
    pub family: Family,
    /// Encoding, delimiter, line ends; text files only.
    pub text: Option<TextShape>,
    /// Sheets of a workbook.
    pub sheets: Vec<SheetInfo>,
    /// Index of the sheet read.
    pub sheet: Option<usize>,
    /// Line of the header; 0: none.
    pub header_line: u32,
    /// What stands above the header.
    pub titles: Vec<String>,
    /// Program that wrote it, and why that is thought.
    pub dialect: Recognised,
    /// What the file is.
    pub kind: FileKind,
    /// The columns.
    pub columns: Vec<ColumnPreview>,
    /// Rules that stand in for what the file does not say.
    pub assumptions: Vec<Assumption>,
    /// To be answered before anything is staged.
    pub questions: Vec<Question>,
    /// What makes a row unique.
    pub identity: Identity,
    /// Rows by what became of them.
    pub counts: Counts,
    /// Distinct customers.
    pub customers: u64,
    /// Companies.
    pub entities: Vec<String>,
    /// What was said about rows.
    pub notes: Notes,
    /// Our control totals.
    pub totals: Vec<TotalLine>,
    /// Sum of document numbers' digits modulo 10^9.
    pub hash_total: u64,
    /// The file's own totals, compared.
    pub file_totals: Vec<FileTotal>,
    /// What rounding changed.
    pub rounding: Vec<RoundingTotal>,
    /// Guess at the as-of date.
    pub as_of: Option<AsOf>,
    /// First staged items.
    pub items: Vec<PreviewItem>,
    /// First rows as the file has them.
    pub raw: Vec<RawRow>,
    /// Terms codes that rows without a due date have, and that mean nothing yet.
    #[serde(default)]
    pub unknown_terms: Vec<UnknownTerms>,
    /// What is missing for the work.
    pub missing: Vec<Missing>,
    /// How often the rows were read.
    pub passes: u8,
}

impl Preview {
    /// The figures with nothing left out.
    pub fn figures(&self) -> Figures {
        Figures {
            counts: self.counts,
            customers: self.customers,
            totals: self.totals.clone(),
            hash_total: self.hash_total,
        }
    }
}

pub(crate) fn build(
    input: &dyn Input,
    layout: &Layout,
    options: &Options,
    outcome: &Outcome,
    questions: Vec<Question>,
) -> Preview {
    let items = &outcome.batch.items;
    let finished = outcome.finished.as_ref();
    let customers = items.customers.len().max(outcome.batch.customers.len()) as u64;
    Preview {
        name: input.name().to_owned(),
        bytes: input.size(),
        family: layout.sniffed.family,
        text: layout.sniffed.text.clone(),
        sheets: layout.sheets().to_vec(),
        sheet: layout.book.as_ref().map(|b| b.chosen),
        header_line: layout.header_line,
        titles: layout.titles.clone(),
        dialect: layout.recognised.clone(),
        kind: layout.kind,
        columns: columns(layout),
        assumptions: finished.map(|f| f.assumptions.clone()).unwrap_or_default(),
        questions,
        identity: options.identity,
        counts: outcome.found.counts,
        customers,
        entities: items.entities.clone(),
        notes: outcome.found.notes.clone(),
        totals: totals(&outcome.totals),
        hash_total: outcome.totals.hash,
        file_totals: outcome.file_totals.clone(),
        rounding: finished.map(rounding).unwrap_or_default(),
        as_of: as_of(layout, finished.map_or(NO_DAY, |f| f.latest)),
        items: first_items(items, &outcome.found.notes.warned),
        raw: raw(layout),
        unknown_terms: finished
            .map(|f| f.unknown_terms.clone())
            .unwrap_or_default(),
        missing: missing(layout),
        passes: outcome.passes,
    }
}

fn columns(layout: &Layout) -> Vec<ColumnPreview> {
    let shape = |i: usize| layout.shapes.get(i);
    let columns = layout.mapping.columns.iter().enumerate();
    columns
        .map(|(i, c)| ColumnPreview {
            header: c.header.clone(),
            field: c.field,
            confidence: c.confidence,
            by: c.by,
            samples: shape(i).map(|s| s.samples.clone()).unwrap_or_default(),
            filled: shape(i).map_or(0, |s| s.filled),
        })
        .collect()
}

pub(super) fn plain(minor: i128, currency: Currency) -> String {
    MinorUnits(minor).format(currency, &NumberFormat::PLAIN)
}

pub(super) fn totals(totals: &Totals) -> Vec<TotalLine> {
    let line = |t: &super::totals::CurrencyTotal| TotalLine {
        currency: t.currency.code().to_owned(),
        rows: t.rows,
        amount: plain(t.amount, t.currency),
        open: plain(t.open, t.currency),
    };
    totals.currencies.iter().map(line).collect()
}

fn rounding(finished: &super::items::Finished) -> Vec<RoundingTotal> {
    let line = |(currency, cells, sum): &(u16, u64, rust_decimal::Decimal)| RoundingTotal {
        currency: Currency::from_numeric(*currency)
            .map_or("", Currency::code)
            .to_owned(),
        cells: *cells,
        difference: sum.normalize().to_string(),
    };
    finished.rounding.iter().map(line).collect()
}

fn raw(layout: &Layout) -> Vec<RawRow> {
    let rows = layout.sample.iter().take(PREVIEW_ROWS);
    rows.map(|r| RawRow {
        line: r.line,
        cells: r.cells().map(str::to_owned).collect(),
    })
    .collect()
}

/// What the file says of its day; else the latest date in it.
fn as_of(layout: &Layout, latest: i32) -> Option<AsOf> {
    let of = |date: Day, from| AsOf {
        date: date.to_string(),
        from,
    };
    let said = layout.as_of.map(|day| of(day, AsOfFrom::Title));
    said.or_else(|| (latest != NO_DAY).then(|| of(Day(latest), AsOfFrom::LatestDate)))
}

fn missing(layout: &Layout) -> Vec<Missing> {
    use Missing::*;
    let has = |f: Field| {
        layout
            .mapping
            .column(f)
            .is_some_and(|c| layout.shapes.get(c).is_some_and(|s| s.filled > 0))
    };
    let customers = FileKind::Customers;
    let all = [
        (
            Field::CustomerName,
            CustomerNames {
                supplied_by: customers,
            },
        ),
        (
            Field::Phone,
            Phones {
                supplied_by: customers,
            },
        ),
        (
            Field::Mailbox,
            Mailboxes {
                supplied_by: customers,
            },
        ),
        (
            Field::Zone,
            Zones {
                supplied_by: customers,
            },
        ),
        (
            Field::Terms,
            Terms {
                supplied_by: customers,
            },
        ),
        (
            Field::CreditLimit,
            CreditLimits {
                supplied_by: customers,
            },
        ),
        (
            Field::Collector,
            Collectors {
                supplied_by: customers,
            },
        ),
    ];
    let mut list: Vec<Missing> = match layout.kind {
        FileKind::OpenItems
        | FileKind::InvoicesPaid
        | FileKind::ClearedItems
        | FileKind::Customers => all
            .into_iter()
            .filter(|(f, _)| !has(*f))
            .map(|(_, m)| m)
            .collect(),
        _ => Vec::new(),
    };
    if layout.kind != FileKind::Sales {
        list.push(Sales {
            supplied_by: FileKind::Sales,
        });
    }
    match layout.kind {
        FileKind::OpenItems => list.push(History {
            supplied_by: FileKind::ClearedItems,
        }),
        FileKind::InvoicesPaid => {}
        _ => list.push(OpenItems {
            supplied_by: FileKind::OpenItems,
        }),
    }
    list
}
