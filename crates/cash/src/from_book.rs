//! The index of a book: one pass over its customers and open items, in slices.

use std::collections::BTreeSet;

use duebook_ledger::columns::{ItemKind, NumField, TextField};
use duebook_ledger::facts::CollectorField;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq, View};
use duebook_money::terms::Ppm;
use duebook_money::{Currency, Day, Money};
use duebook_policy::cash::{CustomerTolerance, ToleranceLimit};
use duebook_policy::rates::RateTable;

use crate::index::{Alias, IndexBuilder, OpenIndex, OpenItem};
use crate::policy::{CustomerRules, MatchPolicy, Tolerance};

/// Customers in one step.
const CUSTOMERS: usize = 4_000;
/// Rows in one step.
const ROWS: usize = 4_096;

/// What is done next.
enum Stage {
    Customers(usize),
    Rows(usize, usize),
    Finish,
}

/// An index in the making, in slices of a few milliseconds, so that input is never held up. The
/// book must not move in between: compare [`Making::fits`].
pub struct Making {
    builder: IndexBuilder,
    view: View,
    head: Seq,
    disputed: BTreeSet<ItemId>,
    stage: Stage,
}

impl Making {
    /// Of a view of a book, with the aliases learnt from confirmed matches. Nothing is read yet.
    pub fn new(book: &Book, view: View, aliases: &[Alias]) -> Making {
        let mut builder = IndexBuilder::new();
        for alias in aliases {
            builder.alias(alias);
        }
        let disputed = book
            .items_with_fields()
            .filter(|id| !book.field(*id, CollectorField::Disputed).is_empty());
        Making {
            builder,
            view,
            head: book.head(),
            disputed: disputed.collect(),
            stage: Stage::Customers(0),
        }
    }

    /// Whether the book is still the one it was begun with.
    pub fn fits(&self, book: &Book) -> bool {
        self.head == book.head()
    }

    /// One slice; answers the index when it is done.
    pub fn step(&mut self, book: &Book) -> Option<OpenIndex> {
        self.stage = match self.stage {
            Stage::Customers(first) => {
                let last = book.customers().len();
                for n in first..last.min(first + CUSTOMERS) {
                    self.customer(book, CustomerId(n as u32));
                }
                match first + CUSTOMERS < last {
                    true => Stage::Customers(first + CUSTOMERS),
                    false => Stage::Rows(0, 0),
                }
            }
            Stage::Rows(number, first) => self.rows(book, number, first),
            Stage::Finish => {
                if !self.builder.finish_step() {
                    return Some(std::mem::take(&mut self.builder).into_index());
                }
                Stage::Finish
            }
        };
        None
    }

    fn customer(&mut self, book: &Book, id: CustomerId) {
        let (Some(facts), Some(key)) = (book.customer_facts(id), book.customer_key(id)) else {
            return;
        };
        let parent = facts.parent.as_ref().and_then(|number| {
            book.find_customer(&CustomerKey {
                source: key.source.clone(),
                number: number.clone(),
            })
        });
        let parent = parent.filter(|p| *p != id);
        self.builder
            .customer(id, &facts.number, &facts.name, parent);
    }

    /// Some rows of a segment; answers what is next.
    fn rows(&mut self, book: &Book, number: usize, first: usize) -> Stage {
        let scan = OpenScan::new(book, self.view);
        let Some(segment) = scan.segment(number) else {
            return Stage::Finish;
        };
        let data = segment.data();
        let texts = |field: TextField| data.texts.iter().find(|(f, _)| *f == field);
        let columns = [
            TextField::Reference,
            TextField::Po,
            TextField::Contract,
            TextField::Terms,
            TextField::SourceStatus,
        ]
        .map(|field| texts(field).map(|(_, column)| column));
        let end = segment.len().min(first + ROWS);
        for row in first..end {
            let Some(open) = segment.open(row).map(|o| o.working()) else {
                continue;
            };
            if open == 0 {
                if !is_money(ItemKind::from_u8(data.kind[row])) {
                    self.builder.settled(data.number.get(row));
                }
                continue;
            }
            let kind = ItemKind::from_u8(data.kind[row]).unwrap_or(if open < 0 {
                ItemKind::CreditMemo
            } else {
                ItemKind::Invoice
            });
            if is_money(Some(kind)) {
                continue;
            }
            let id = ItemId::new(number, row);
            let [reference, po, contract, terms, status] =
                columns.map(|column| column.map_or("", |c| c.get(row)));
            let says = status
                .get(..6)
                .is_some_and(|s| s.eq_ignore_ascii_case("DISPUT"));
            self.builder.item(&OpenItem {
                id,
                customer: CustomerId(data.customer[row]),
                currency: Currency::from_numeric(data.currency[row]).unwrap_or(Currency::XXX),
                kind,
                doc_date: data.doc_date[row],
                due: segment.due(row),
                amount: data.amount[row],
                open,
                tax: data.num(NumField::Tax, row),
                number: data.number.get(row),
                reference,
                po,
                contract,
                terms,
                disputed: says || self.disputed.contains(&id),
            });
        }
        match end < segment.len() {
            true => Stage::Rows(number, end),
            false => Stage::Rows(number + 1, 0),
        }
    }
}

fn is_money(kind: Option<ItemKind>) -> bool {
    matches!(kind, Some(ItemKind::Receipt | ItemKind::OnAccount))
}

impl OpenIndex {
    /// What is open in a view of a book (working figures), with the aliases learnt from confirmed
    /// matches. Open receipts and money on account are not offered: money does not pay money.
    pub fn of(book: &Book, view: View, aliases: &[Alias]) -> OpenIndex {
        let mut making = Making::new(book, view, aliases);
        loop {
            if let Some(index) = making.step(book) {
                return index;
            }
        }
    }
}

/// A customer's limit for payments in a currency, at the rate of a day. Where that rate is missing
/// nothing is let go: the stricter wins (CA-07, AG-08).
fn limit_in(
    c: &CustomerTolerance,
    currency: Currency,
    rates: &RateTable,
    on: Day,
) -> ToleranceLimit {
    let own = Money::new(c.limit.absolute, c.currency.unwrap_or(currency));
    let converted = rates.convert(own, currency, on);
    ToleranceLimit {
        absolute: converted.map_or(0, |m| m.minor),
        ..c.limit
    }
}

/// The rules of a run over a statement of a currency, as in force in a book (CA-07): what the user
/// and single customers may let go, late discounts, rates of tax withheld, exchange rates.
pub fn policy_of(book: &Book, currency: Currency) -> MatchPolicy {
    let policies = book.policies();
    let own = &policies.cash;
    let tolerance = |limit: ToleranceLimit| Tolerance {
        absolute: limit.absolute,
        share: Ppm(limit.share_ppm),
    };
    let on = book.commit(book.head()).map_or(Day(0), |c| c.ledger_date);
    let customers = own.customers.iter().filter_map(|c| {
        let id = book.find_customer(&CustomerKey {
            source: c.source.clone(),
            number: c.number.clone(),
        })?;
        let rules = CustomerRules {
            tolerance: Some(tolerance(limit_in(c, currency, &policies.rates, on))),
            allocation: None,
        };
        Some((id, rules))
    });
    MatchPolicy {
        tolerance: tolerance(own.limit(currency)),
        customers: customers.collect(),
        discount_grace_days: own.discount_grace_days,
        withholding: own.withholding_ppm.iter().map(|r| Ppm(*r)).collect(),
        rates: Some(policies.rates.clone()),
        ..MatchPolicy::default()
    }
}
