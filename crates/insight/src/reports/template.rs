//! Rows for the client's own workbook: the open items that a plan names, in its columns and order.

use super::items::{Line, Lines, Show, lines};
use super::money_column;
use crate::aging::AgingQuery;
use duebook_ledger::columns::TextField;
use duebook_ledger::facts::CollectorField;
use duebook_ledger::template::{PlanOrder, PlanRows, SheetPlan, TemplateField};
use duebook_ledger::{Book, CustomerId, ItemId};
use duebook_money::Day;
use duebook_sheet::{Cell, Column, Kind, Sheet};
use std::collections::BTreeMap;

/// The rows of a sheet of a template. With `only`, those of these items that the plan takes.
pub fn template_sheet<'a>(
    book: &'a Book,
    query: &AgingQuery,
    plan: &SheetPlan,
    only: Option<&[ItemId]>,
) -> Sheet<'a> {
    let mut lines = lines(book, query);
    if let Some(only) = only {
        lines.keep(only);
    }
    let all = std::mem::take(&mut lines.lines);
    let words: Vec<String> = plan
        .rows
        .words
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let kept = all
        .into_iter()
        .filter(|l| takes(&lines, l, &plan.rows, &words));
    lines.lines = kept.collect();
    if only.is_none() {
        order(&mut lines, plan.order);
    }
    let contacts = match plan
        .columns
        .iter()
        .any(|c| c.field == TemplateField::LastContact)
    {
        true => last_contacts(&lines),
        false => BTreeMap::new(),
    };
    let fields: Vec<TemplateField> = plan.columns.iter().map(|c| c.field).collect();
    let currency = fields.iter().position(|f| *f == TemplateField::Currency);
    let columns = plan.columns.iter();
    let columns = columns
        .map(|c| column(&c.header, c.field, currency))
        .collect();
    let rows = lines.lines.len();
    let cell = move |row: usize, column: usize| {
        let found = lines.lines.get(row).zip(fields.get(column));
        Cell::or_empty(found.and_then(|(line, field)| cell(&lines, &contacts, line, *field)))
    };
    Sheet::new(&plan.sheet, columns, rows, cell)
}

fn takes(lines: &Lines<'_>, line: &Line, rows: &PlanRows, words: &[String]) -> bool {
    let Some(item) = lines.book.item(line.id) else {
        return false;
    };
    let facts = lines.facts.get(&line.customer).copied().flatten();
    let entity = lines.book.entities().get(usize::from(item.entity()));
    let given = |wanted: &Option<String>, is: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| is == Some(wanted))
    };
    let collector = item.text(&TextField::Collector);
    let collector = match collector.is_empty() {
        true => facts.and_then(|f| f.collector.as_deref()),
        false => Some(collector),
    };
    let fits = (!rows.past_due || line.age > 0)
        && (!rows.debits || line.open > 0)
        && given(&rows.collector, collector)
        && given(&rows.currency, Some(item.currency().code()))
        && given(&rows.entity, entity.map(String::as_str));
    if !fits || words.is_empty() {
        return fits;
    }
    let customer = lines.book.customer(line.customer);
    let texts = [
        item.number(),
        customer.map_or("", |c| &c.number),
        facts.map_or("", |f| &f.name),
        item.text(&TextField::Po),
        item.text(&TextField::Reference),
    ];
    let all = texts.join(" ").to_lowercase();
    words.iter().all(|w| all.contains(w.as_str()))
}

/// Lines come by customer number, due date and document; a stable sort leaves that among equals.
fn order(lines: &mut Lines<'_>, order: PlanOrder) {
    let mut all = std::mem::take(&mut lines.lines);
    match order {
        PlanOrder::Customer => {}
        PlanOrder::Due => all.sort_by_key(|l| l.due),
        PlanOrder::Name => {
            let name = |l: &Line| {
                Some(
                    lines
                        .facts
                        .get(&l.customer)
                        .copied()
                        .flatten()?
                        .name
                        .to_lowercase(),
                )
            };
            all.sort_by_cached_key(name);
        }
        PlanOrder::Open => {
            let currency = |l: &Line| lines.book.item(l.id).map(|i| i.currency().code());
            all.sort_by(|a, b| currency(a).cmp(&currency(b)).then(b.open.cmp(&a.open)));
        }
    }
    lines.lines = all;
}

/// The day of the last contact with each customer, by UTC.
fn last_contacts(lines: &Lines<'_>) -> BTreeMap<CustomerId, Day> {
    let mut last: BTreeMap<CustomerId, Day> = BTreeMap::new();
    for activity in lines
        .book
        .activities()
        .iter()
        .filter(|a| lines.is_live(a.commit))
    {
        let day = activity.at.div_euclid(86_400_000);
        let Ok(day) = i32::try_from(day).map(Day) else {
            continue;
        };
        let slot = last.entry(activity.customer).or_insert(day);
        *slot = (*slot).max(day);
    }
    last.retain(|_, day| *day <= lines.as_of);
    last
}

fn column(header: &str, field: TemplateField, currency: Option<usize>) -> Column {
    use TemplateField as T;
    let kind = match field {
        T::Amount
        | T::Settled
        | T::Open
        | T::Pending
        | T::Disputed
        | T::Promised
        | T::Aged { .. } => match currency {
            Some(at) => return money_column(header, at),
            None => Kind::Mixed,
        },
        T::OpenReporting | T::ExpectedDate => Kind::Mixed,
        T::DocDate | T::DueDate | T::PromiseDate | T::AsOf | T::LastContact => Kind::Date,
        T::DaysLate => Kind::Days,
        _ => Kind::Text,
    };
    Column::new(header, kind)
}

fn cell<'a>(
    lines: &Lines<'a>,
    contacts: &BTreeMap<CustomerId, Day>,
    line: &Line,
    field: TemplateField,
) -> Option<Cell<'a>> {
    use TemplateField as T;
    let item = lines.book.item(line.id)?;
    let facts = lines.facts.get(&line.customer).copied().flatten();
    let of_item = |field: &TextField| {
        let text = item.text(field);
        (!text.is_empty()).then(|| Cell::text(text))
    };
    let of_customer = |text: Option<&'a str>| text.filter(|t| !t.is_empty()).map(Cell::text);
    let show = match field {
        T::CustomerNumber => Show::Account,
        T::CustomerName => Show::Customer,
        T::Entity => Show::Entity,
        T::Currency => Show::Currency,
        T::Kind => Show::Kind,
        T::Number => Show::Number,
        T::Line => Show::Instalment,
        T::DocDate => Show::DocDate,
        T::DueDate => Show::Due,
        T::Reference => Show::Reference,
        T::Po => Show::Po,
        T::Contract => Show::Contract,
        T::Amount => Show::Amount,
        T::Settled => Show::Settled,
        T::Open => Show::Open,
        T::Pending => Show::Pending,
        T::OpenReporting => Show::Reporting,
        T::DaysLate => Show::DaysLate,
        T::Bucket => Show::Bucket,
        T::Disputed => Show::Disputed,
        T::Promised => Show::Promised,
        T::PromiseDate => Show::PromiseDate,
        T::Status => Show::Field(CollectorField::Status),
        T::Reason => Show::Field(CollectorField::Reason),
        T::NextAction => Show::Field(CollectorField::NextAction),
        T::Owner => Show::Field(CollectorField::Owner),
        T::Remark => Show::Field(CollectorField::Remark),
        T::ExpectedDate => {
            let cell = lines.cell(line, Show::Field(CollectorField::ExpectedDate))?;
            let day = duebook_money::date::parse_iso_bytes(cell.plain().as_bytes());
            return Some(day.map_or(cell, Cell::Date));
        }
        T::Aged { from, to } => {
            let in_it = from.is_none_or(|f| line.age >= f) && to.is_none_or(|t| line.age <= t);
            return in_it.then(|| lines.cell(line, Show::Open))?;
        }
        T::FiscalYear => return of_item(&TextField::FiscalYear),
        T::Text => return of_item(&TextField::Text),
        T::AccountManager => return of_item(&TextField::AccountManager),
        T::Terms => {
            let own = of_item(&TextField::Terms);
            return own.or_else(|| of_customer(facts?.terms.as_deref()));
        }
        T::Collector => {
            let own = of_item(&TextField::Collector);
            return own.or_else(|| of_customer(facts?.collector.as_deref()));
        }
        T::Country => return of_customer(facts?.country.as_deref()),
        T::Segment => return of_customer(facts?.segment.as_deref()),
        T::AsOf => return Some(Cell::Date(lines.as_of)),
        T::LastContact => return contacts.get(&line.customer).map(|d| Cell::Date(*d)),
    };
    lines.cell(line, show)
}
