//! Open items, one a line: the aging detail, and the items with the collector's fields.

use super::{date, facts_of, money, money_column};
use crate::aging::{AgingQuery, figure_of};
use crate::overlay::Overlay;
use crate::rollup::{Groups, days_late};
use crate::scan::days;
use duebook_ledger::columns::{ItemKind, StagedCustomer, TextField};
use duebook_ledger::facts::CollectorField;
use duebook_ledger::items::ItemRef;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq};
use duebook_money::{Currency, Day, Money};
use duebook_policy::{Basis, RateTable};
use duebook_sheet::{Cell, Column, Kind, Sheet, Unit};
use std::collections::BTreeMap;

/// What a line shows that the book does not keep.
pub(super) struct Line {
    pub id: ItemId,
    /// Whose it was in the view.
    pub customer: CustomerId,
    pub open: i64,
    pending: i64,
    pub due: i32,
    late: i32,
    /// What its bucket is told by: days late, or days since a credit's own date.
    pub age: i32,
    bucket: u16,
}

pub(super) struct Lines<'a> {
    pub book: &'a Book,
    pub lines: Vec<Line>,
    labels: Vec<String>,
    pub facts: BTreeMap<CustomerId, Option<&'a StagedCustomer>>,
    overlay: Overlay,
    promised: BTreeMap<ItemId, (i64, Day)>,
    rates: RateTable,
    pub as_of: Day,
    live: Vec<bool>,
}

/// Every open item of a query, by customer number, due date and document number.
pub(super) fn lines<'a>(book: &'a Book, query: &AgingQuery) -> Lines<'a> {
    let scan = OpenScan::new(book, query.view);
    let overlay = Overlay::new(book, &scan);
    let groups = Groups::new(book, &scan, query);
    let as_of = query.view.as_of;
    let mut lines = Vec::new();
    let mut facts = BTreeMap::new();
    for (number, segment) in scan.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            let Some(open) = segment.open(row) else {
                continue;
            };
            let currency = Currency::from_numeric(data.currency[row]).unwrap_or(Currency::XXX);
            let amount = figure_of(open, query.figure);
            let nothing = amount == 0 && open.pending == 0;
            if nothing || !groups.takes(data.customer[row], data.entity[row], currency) {
                continue;
            }
            let id = ItemId::new(number, row);
            let late = days_late(book, &scan, &overlay, id);
            let by_document = query.basis == Basis::InvoiceDate || amount < 0;
            let age = if by_document {
                days(as_of.0, data.doc_date[row])
            } else {
                late
            };
            let owner = CustomerId(data.customer[row]);
            facts
                .entry(owner)
                .or_insert_with(|| facts_of(book, &scan, owner));
            lines.push(Line {
                id,
                customer: owner,
                open: amount,
                pending: open.pending,
                due: segment.due(row),
                late,
                age,
                bucket: query.buckets.index(age) as u16,
            });
        }
    }
    let order = |line: &Line| {
        let item = book.item(line.id)?;
        let customer = book.customer(line.customer)?;
        Some((customer.number.as_str(), line.due, item.number(), line.id))
    };
    lines.sort_by(|a, b| order(a).cmp(&order(b)));
    Lines {
        book,
        lines,
        labels: query.buckets.labels(),
        facts,
        overlay,
        promised: promised(book, &scan),
        rates: book.policies_known(scan.live()).rates,
        as_of,
        live: scan.live().to_vec(),
    }
}

/// Per item, what open promises cover, and the first day they are for.
fn promised(book: &Book, scan: &OpenScan<'_>) -> BTreeMap<ItemId, (i64, Day)> {
    let covered = crate::promises::open_promised(book, scan);
    let mut days: BTreeMap<ItemId, Day> = BTreeMap::new();
    let mut account: BTreeMap<CustomerId, Day> = BTreeMap::new();
    for judged in crate::promises::judge_scan(book, scan) {
        for line in judged.lines.iter().filter(|_| judged.state.is_open()) {
            let day = match line.item {
                Some(id) => days.entry(id).or_insert(line.date),
                None => account.entry(judged.customer).or_insert(line.date),
            };
            *day = (*day).min(line.date);
        }
    }
    let of = |(id, amount): (ItemId, i64)| {
        let owner = scan.customer_of(id)?;
        let day = days.get(&id).or_else(|| account.get(&owner))?;
        (amount > 0).then_some((id, (amount, *day)))
    };
    covered.into_iter().filter_map(of).collect()
}

/// What a column shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    Customer,
    Account,
    Entity,
    Currency,
    Kind,
    Number,
    Instalment,
    DocDate,
    Due,
    Anchor,
    DaysLate,
    Bucket,
    Reference,
    Po,
    Contract,
    Amount,
    Settled,
    Open,
    Pending,
    Reporting,
    Disputed,
    Promised,
    PromiseDate,
    Field(CollectorField),
}

const CURRENCY: usize = 3;
const SHARED: [Show; 22] = {
    use Show::*;
    [
        Customer,
        Account,
        Entity,
        Currency,
        Kind,
        Number,
        Instalment,
        DocDate,
        Due,
        Anchor,
        DaysLate,
        Bucket,
        Reference,
        Po,
        Contract,
        Amount,
        Settled,
        Open,
        Pending,
        Disputed,
        Promised,
        PromiseDate,
    ]
};

/// The aging detail of domain.md §10: every item behind the aging, with its open amount in the
/// reporting currency where there is a rate.
pub fn aging_detail<'a>(book: &'a Book, query: &AgingQuery) -> Sheet<'a> {
    let mut show = SHARED.to_vec();
    show.insert(18, Show::Reporting);
    sheet("Aging detail", lines(book, query), show)
}

/// The open items with the collector's fields; with `only`, those of them it names, in its order.
pub fn items_sheet<'a>(book: &'a Book, query: &AgingQuery, only: Option<&[ItemId]>) -> Sheet<'a> {
    use CollectorField::*;
    let fields = [Status, Reason, ExpectedDate, NextAction, Owner, Remark];
    let mut show = SHARED.to_vec();
    show.extend(fields.map(Show::Field));
    let mut lines = lines(book, query);
    if let Some(only) = only {
        lines.keep(only);
    }
    sheet("Items", lines, show)
}

fn sheet<'a>(name: &str, lines: Lines<'a>, show: Vec<Show>) -> Sheet<'a> {
    let columns = show.iter().map(|s| column(*s, &lines)).collect();
    let rows = lines.lines.len();
    let cell = move |row: usize, column: usize| {
        let found = lines.lines.get(row).zip(show.get(column));
        Cell::or_empty(found.and_then(|(line, show)| lines.cell(line, *show)))
    };
    let mut sheet = Sheet::new(name, columns, rows, cell);
    sheet.freeze_columns = 2;
    sheet
}

fn column(show: Show, lines: &Lines<'_>) -> Column {
    let text = |header: &str| Column::new(header, Kind::Text);
    let money = |header: &str| money_column(header, CURRENCY);
    let day = |header: &str| Column::new(header, Kind::Date);
    match show {
        Show::Customer => text("Customer").width(32).total_text("Total"),
        Show::Account => text("Account"),
        Show::Entity => text("Entity"),
        Show::Currency => text("Currency"),
        Show::Kind => text("Document type"),
        Show::Number => text("Document number"),
        Show::Instalment => text("Instalment"),
        Show::DocDate => day("Document date"),
        Show::Due => day("Due"),
        Show::Anchor => day("Aged from").note("Where it is not the due date"),
        Show::DaysLate => Column::new("Days past due", Kind::Days),
        Show::Bucket => text("Bucket"),
        Show::Reference => text("Reference"),
        Show::Po => text("PO"),
        Show::Contract => text("Contract"),
        Show::Amount => money("Original amount"),
        Show::Settled => money("Settled").note("Original amount less what is open"),
        Show::Open => money("Open").sum(),
        Show::Pending => money("Pending")
            .note("Ours, not confirmed by the source")
            .sum(),
        Show::Reporting => {
            let currency = lines.rates.reporting();
            let header = format!("Open, {}", currency.code());
            Column::new(header, Kind::Money(Unit::Of(currency)))
                .note("Each item converted alone; empty where there is no rate")
        }
        Show::Disputed => money("Of which disputed").sum(),
        Show::Promised => money("Of which promised").sum(),
        Show::PromiseDate => day("Promised for"),
        Show::Field(field) => text(field_name(field)),
    }
}

fn field_name(field: CollectorField) -> &'static str {
    match field {
        CollectorField::Status => "Status",
        CollectorField::Reason => "Reason",
        CollectorField::ExpectedDate => "Expected",
        CollectorField::NextAction => "Next action",
        CollectorField::Owner => "Owner",
        CollectorField::Remark => "Remark",
        CollectorField::Disputed => "Disputed",
        CollectorField::AgingAnchor => "Aged from",
    }
}

/// The word for a kind of item.
pub(super) fn kind_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Invoice => "Invoice",
        ItemKind::DebitMemo => "Debit memo",
        ItemKind::CreditMemo => "Credit memo",
        ItemKind::Receipt => "Receipt",
        ItemKind::LateCharge => "Late charge",
        ItemKind::OnAccount => "On account",
    }
}

/// The original amount as a view knows it, by which commits count in it.
pub(super) fn original_amount(item: &ItemRef<'_>, live: &[bool]) -> i64 {
    let changes = item.segment().amount_changes.get(&(item.row() as u16));
    let mut known = changes.into_iter().flatten().rev();
    let changed = known.find(|(seq, _)| live.get(seq.index()).copied().unwrap_or(false));
    changed.map_or(item.recorded_amount(), |(_, amount)| *amount)
}

impl<'a> Lines<'a> {
    /// Keeps these items alone, in their order.
    pub(super) fn keep(&mut self, only: &[ItemId]) {
        let places: BTreeMap<ItemId, usize> = only.iter().copied().zip(0..).collect();
        self.lines.retain(|line| places.contains_key(&line.id));
        self.lines.sort_by_key(|line| places.get(&line.id));
    }

    pub(super) fn is_live(&self, seq: Seq) -> bool {
        self.live.get(seq.index()).copied().unwrap_or(false)
    }

    pub(super) fn cell(&self, line: &Line, show: Show) -> Option<Cell<'a>> {
        let item = self.book.item(line.id)?;
        let customer = self.book.customer(line.customer)?;
        let filled = |text: &'a str| (!text.is_empty()).then(|| Cell::text(text));
        let of_currency = |minor| Some(money(minor, item.currency()));
        let facts = self.facts.get(&line.customer).copied().flatten();
        let amount = || original_amount(&item, &self.live);
        match show {
            Show::Customer => filled(facts.map_or("", |f| &f.name)),
            Show::Account => filled(&customer.number),
            Show::Entity => filled(self.book.entities().get(usize::from(item.entity()))?),
            Show::Currency => filled(item.currency().code()),
            Show::Kind => filled(kind_name(item.kind())),
            Show::Number => filled(item.number()),
            Show::Instalment => filled(item.text(&TextField::Line)),
            Show::DocDate => Some(date(item.doc_date())),
            Show::Due => Some(date(line.due)),
            Show::Anchor => self.overlay.anchors.get(&line.id).map(|day| date(*day)),
            Show::DaysLate => Some(Cell::Int(i64::from(line.late))),
            Show::Bucket => {
                let label = self.labels.get(usize::from(line.bucket))?;
                Some(Cell::text(label.clone()))
            }
            Show::Reference => filled(item.text(&TextField::Reference)),
            Show::Po => filled(item.text(&TextField::Po)),
            Show::Contract => filled(item.text(&TextField::Contract)),
            Show::Amount => of_currency(amount()),
            Show::Settled => of_currency(amount().saturating_sub(line.open)),
            Show::Open => of_currency(line.open),
            Show::Pending => (line.pending != 0).then(|| money(line.pending, item.currency())),
            Show::Reporting => {
                let open = Money::new(line.open, item.currency());
                let to = self.rates.reporting();
                let converted = self.rates.convert(open, to, self.as_of).ok()?;
                Some(money(converted.minor, to))
            }
            Show::Disputed => {
                let disputed = self.overlay.disputed.get(&line.id)?;
                of_currency((*disputed).clamp(0, line.open.max(0)))
            }
            Show::Promised => {
                let (promised, _) = self.promised.get(&line.id)?;
                of_currency((*promised).clamp(0, line.open.max(0)))
            }
            Show::PromiseDate => Some(Cell::Date(self.promised.get(&line.id)?.1)),
            Show::Field(field) => {
                let history = self.book.field_history(line.id, field);
                let set = history.into_iter().rfind(|(seq, _)| self.is_live(*seq));
                set.filter(|(_, value)| !value.is_empty())
                    .map(|(_, value)| Cell::text(value.to_owned()))
            }
        }
    }
}
