//! A customer's open items as letters show them, by the one open-item function (AG-20): the working
//! figure, after part payments, with what is promised and disputed of each. A customer is not told of
//! what was only requested of the source.

use crate::requested::Requested;
use duebook_insight::plans::held_of;
use duebook_insight::promises::{Judged, judge_customer, open_promised_of};
use duebook_ledger::columns::{ItemKind, NO_DAY, NumField, TextField};
use duebook_ledger::facts::CollectorField;
use duebook_ledger::items::{ItemRef, day};
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan};
use duebook_money::{Currency, Day, date};

/// An open item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub id: ItemId,
    /// Its number as the source has it.
    pub number: String,
    /// What the customer knows it by: purchase order, else reference.
    pub reference: String,
    /// Kind.
    pub kind: ItemKind,
    /// Currency.
    pub currency: Currency,
    /// Document date.
    pub issued: Option<Day>,
    /// The day it is late from: our anchor, the source's, the due date.
    pub due: Option<Day>,
    /// Days past due (AG-01); negative: not due yet. 0 without any date.
    pub late: i32,
    /// What it was issued for, minor units, signed.
    pub amount: i64,
    /// Open, minor units, signed.
    pub open: i64,
    /// Of it in dispute, minor units.
    pub disputed: i64,
    /// Of it under an open promise that holds reminders back, minor units.
    pub promised: i64,
    /// Of it under a payment plan, an offer or placed with others, minor units.
    pub planned: i64,
    /// The first day it is promised for.
    pub promised_for: Option<Day>,
    /// Why the collector keeps it as it is: reason of the item, empty where none.
    pub reason: String,
}

impl Line {
    /// What may be asked for: open, less what is in dispute, promised or planned; never below 0.
    pub fn asked(&self) -> i64 {
        let held = self.disputed.saturating_add(self.promised);
        let held = held.saturating_add(self.planned);
        self.open.saturating_sub(held).max(0)
    }
    /// Whether it is a debit.
    pub fn is_debit(&self) -> bool {
        self.open > 0
    }
    /// Whether it is a debit past due (AG-01).
    pub fn is_overdue(&self) -> bool {
        self.is_debit() && self.late > 0
    }
}

/// A customer's open items in a view as known now: debits by due date, then credits.
pub fn open_lines(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<Line> {
    told_with(book, scan, customer, &Requested::default())
}

/// The same as the customer is told of them: what was requested and not made by the source is open in
/// full, marked as in dispute, and not asked for; a document that only a request has made is not shown.
pub fn told_lines(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<Line> {
    told_with(book, scan, customer, &Requested::of(book, scan))
}

/// [`told_lines`] for many customers of one view.
pub fn told_with(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    requested: &Requested,
) -> Vec<Line> {
    let mut judged = judge_customer(book, scan, customer);
    judged.retain(Judged::suspends_dunning);
    let covered = open_promised_of(book, scan, customer, &judged);
    let planned = held_of(book, scan, customer);
    let promised_for = |id: ItemId| {
        let lines = judged.iter().flat_map(|j| &j.lines);
        let of = lines.filter(|l| l.item.is_none_or(|i| i == id));
        of.map(|l| l.date).min()
    };
    let read = |item: ItemRef<'_>| {
        let id = item.id;
        let open = requested.open(book, scan, id)?;
        if open == 0 {
            return None;
        }
        let promised = covered.get(&id).copied().unwrap_or(0).clamp(0, open.max(0));
        let (issued, due) = dates(book, scan, &item);
        let po = item.text(&TextField::Po);
        let reference = match po {
            "" => item.text(&TextField::Reference),
            po => po,
        };
        Some(Line {
            id,
            number: number(&item),
            reference: reference.to_owned(),
            kind: item.kind(),
            currency: item.currency(),
            issued,
            due,
            late: due.map_or(0, |d| scan.view().as_of.since(d)),
            amount: book.amount_of(&item),
            open,
            disputed: (disputed(book, scan, id, open))
                .saturating_sub(requested.off(id).min(0))
                .clamp(0, open.max(0)),
            promised,
            planned: planned
                .get(&id)
                .map_or(0, |h| h.total())
                .clamp(0, open.max(0)),
            promised_for: promised_for(id).filter(|_| promised > 0),
            reason: book.field(id, CollectorField::Reason).to_owned(),
        })
    };
    let mut lines: Vec<Line> = scan.items_of(customer).filter_map(read).collect();
    duebook_money::order::sort_by(&mut lines, |a, b| {
        let key = |l: &Line| (l.open < 0, l.due.or(l.issued), l.id);
        key(a).cmp(&key(b)).then_with(|| a.number.cmp(&b.number))
    });
    lines
}

/// Number, with its line or instalment.
pub(crate) fn number(item: &ItemRef<'_>) -> String {
    match item.text(&TextField::Line) {
        "" => item.number().to_owned(),
        line => format!("{}/{line}", item.number()),
    }
}

/// Document date, and the date an item is late from.
fn dates(book: &Book, scan: &OpenScan<'_>, item: &ItemRef<'_>) -> (Option<Day>, Option<Day>) {
    let id = item.id;
    let ours = book.field(id, CollectorField::AgingAnchor);
    let given = item.num(NumField::AgingAnchor);
    let given = given.and_then(|d| i32::try_from(d).ok());
    let due = || {
        let segment = scan.segment(id.segment());
        segment.map_or(NO_DAY, |s| s.due(id.row()))
    };
    let issued = day(item.doc_date());
    let due = date::parse_iso_bytes(ours.as_bytes()).or_else(|| day(given.unwrap_or_else(due)));
    (issued, due.or(issued))
}

/// What of an item is in dispute: by its cases or the amount marked, or all of it where only its
/// status says so.
fn disputed(book: &Book, scan: &OpenScan<'_>, id: ItemId, open: i64) -> i64 {
    let open = open.max(0);
    let marked = book.disputed_at(id, scan.view().as_of, &|s| scan.is_live(s));
    let status = book.field(id, CollectorField::Status).to_ascii_lowercase();
    match marked {
        0 if status.starts_with("disput") => open,
        minor => minor.clamp(0, open),
    }
}

/// What lines amount to in a currency, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Currency.
    pub currency: Currency,
    /// Everything open, credits taken off.
    pub balance: i64,
    /// Open debits past due.
    pub overdue: i64,
    /// Open debits not due.
    pub not_due: i64,
    /// Credits and payments not assigned, positive.
    pub credit: i64,
    /// Of the debits, in dispute.
    pub disputed: i64,
    /// Of the debits, promised.
    pub promised: i64,
    /// Of the overdue debits, neither.
    pub asked: i64,
    /// Most days past due; `None` where nothing is.
    pub oldest: Option<i32>,
}

/// Per currency, by code.
pub fn totals<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Vec<Totals> {
    let mut all: Vec<Totals> = Vec::new();
    for line in lines {
        let code = line.currency.code();
        let at = all.partition_point(|t| t.currency.code() < code);
        if all.get(at).is_none_or(|t| t.currency != line.currency) {
            all.insert(at, Totals::none(line.currency));
        }
        let t = &mut all[at];
        let add = |to: &mut i64, minor: i64| *to = to.saturating_add(minor);
        add(&mut t.balance, line.open);
        if !line.is_debit() {
            add(&mut t.credit, line.open.saturating_neg());
            continue;
        }
        add(&mut t.disputed, line.disputed);
        add(&mut t.promised, line.promised);
        if line.late > 0 {
            add(&mut t.overdue, line.open);
            add(&mut t.asked, line.asked());
            t.oldest = t.oldest.max(Some(line.late));
        } else {
            add(&mut t.not_due, line.open);
        }
    }
    all
}

impl Totals {
    fn none(currency: Currency) -> Self {
        Totals {
            currency,
            balance: 0,
            overdue: 0,
            not_due: 0,
            credit: 0,
            disputed: 0,
            promised: 0,
            asked: 0,
            oldest: None,
        }
    }
}
