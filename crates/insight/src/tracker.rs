//! What of a team's tracker the book does not know yet. The same file a second time says nothing
//! new: a remark is known by item, day and words, a promise by item, day and amount, a field by the
//! value it has now or was given by a tracker before.

use crate::paste::{Match, Matched, customer_of};
use duebook_ledger::command::{CommandKind, NewPromise, NewPromiseLine};
use duebook_ledger::facts::CollectorField;
use duebook_ledger::items::ItemRef;
use duebook_ledger::keys::TextRef;
use duebook_ledger::work::{FieldChange, TrackerPart};
use duebook_ledger::{Book, CustomerId, ItemId};
use duebook_money::amount::Amount;
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// A row of a tracker.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackerRow {
    /// Line of the file.
    pub line: u32,
    /// Whether it names a document.
    pub names_item: bool,
    /// The customer it names, by number or name; looked at where no document is named.
    pub customer: String,
    /// Entries of its remarks: day, author, words.
    pub remarks: Vec<(Option<Day>, String, String)>,
    /// Fields and their values as stored.
    pub fields: Vec<(CollectorField, String)>,
    /// The day promised.
    pub promised: Option<Day>,
    /// The amount promised; the open amount where it is not given.
    pub amount: Option<Amount>,
    /// The amount disputed.
    pub disputed: Option<Amount>,
}

/// Why something of a row is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// The book has no such document or customer.
    Unknown,
    /// Several documents go by the number.
    Ambiguous,
    /// It is of another customer than the tracker says.
    OtherCustomer,
    /// Promised or disputed: nothing, more than the document is for, or an amount that the currency
    /// cannot have.
    Amount,
    /// A credit cannot be promised.
    Credit,
}

/// A remark to be kept: its words are a text of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRemark {
    /// Of whom.
    pub customer: CustomerId,
    /// Of which item, where of one.
    pub item: Option<ItemId>,
    /// The day it was written.
    pub day: Day,
    /// Who wrote it; empty where not said.
    pub author: String,
    /// What.
    pub text: String,
}

/// What of a tracker is new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackerPlan {
    /// Remarks, oldest first.
    pub remarks: Vec<NewRemark>,
    /// Promises and fields.
    pub parts: Vec<TrackerPart>,
    /// Of which promises.
    pub promises: usize,
    /// Of which fields.
    pub fields: usize,
    /// What the book knows already.
    pub known: usize,
    /// Lines with something left out, and why.
    pub left_out: Vec<(u32, LeftOut)>,
}

impl TrackerPlan {
    /// Whether nothing is new.
    pub fn is_empty(&self) -> bool {
        self.remarks.is_empty() && self.parts.is_empty()
    }
}

/// Works out what is new. `matched` is the answer for the numbers of `rows`; `text_of` reads a text
/// of the book, `None` where it was erased; what has no day of its own is of `as_of`.
pub fn plan<'a>(
    book: &'a Book,
    rows: &[TrackerRow],
    matched: &Matched,
    as_of: Day,
    text_of: &dyn Fn(TextRef) -> Option<&'a str>,
) -> TrackerPlan {
    let mut planning = Planning {
        book,
        as_of,
        known: known_remarks(book, text_of),
        plan: TrackerPlan::default(),
    };
    for (row, (found, _)) in rows.iter().zip(&matched.lines) {
        planning.row(row, found);
    }
    let mut plan = planning.plan;
    duebook_money::order::sort_by_key(&mut plan.remarks, |r| r.day);
    plan
}

/// Live remarks by item and day: their words, or `None` for erased ones, each good for one of the
/// file's.
type Known<'a> = BTreeMap<(CustomerId, Option<ItemId>, Day), Vec<Option<&'a str>>>;

fn known_remarks<'a>(book: &'a Book, text_of: &dyn Fn(TextRef) -> Option<&'a str>) -> Known<'a> {
    let mut known = Known::new();
    for remark in book.remarks().iter().filter(|r| book.is_live(r.commit)) {
        let fact = &remark.fact;
        let item = fact.item.map(|id| book.current(id));
        let slot = known.entry((fact.customer, item, fact.day)).or_default();
        slot.push(text_of(fact.text));
    }
    known
}

struct Planning<'a> {
    book: &'a Book,
    as_of: Day,
    known: Known<'a>,
    plan: TrackerPlan,
}

impl<'a> Planning<'a> {
    fn row(&mut self, row: &TrackerRow, found: &Match) {
        let why = match found {
            Match::Found(items) | Match::Closed(items) => {
                return match items.first().and_then(|id| self.book.item(*id)) {
                    Some(first) => self.items(row, first, items),
                    None => self.leave(row, LeftOut::Unknown),
                };
            }
            Match::Unknown if !row.names_item => {
                return match customer_of(self.book, &row.customer) {
                    Some(customer) => self.remarks(row, customer, None),
                    None => self.leave(row, LeftOut::Unknown),
                };
            }
            Match::Unknown => LeftOut::Unknown,
            Match::Ambiguous(_) => LeftOut::Ambiguous,
            Match::OtherCustomer(_) => LeftOut::OtherCustomer,
        };
        self.leave(row, why);
    }

    fn leave(&mut self, row: &TrackerRow, why: LeftOut) {
        self.plan.left_out.push((row.line, why));
    }

    fn items(&mut self, row: &TrackerRow, first: ItemRef<'a>, items: &[ItemId]) {
        self.remarks(row, first.customer(), Some(first.id));
        for id in items {
            for (field, value) in &row.fields {
                self.field(*id, *field, value);
            }
        }
        if let Some(disputed) = row.disputed {
            match minor(&disputed, first.currency()) {
                Some(minor) if minor <= self.book.amount_of(&first) => {
                    self.field(first.id, CollectorField::Disputed, &minor.to_string());
                }
                _ => self.leave(row, LeftOut::Amount),
            }
        }
        if let Some(date) = row.promised {
            self.promise(row, date, first);
        }
    }

    fn remarks(&mut self, row: &TrackerRow, customer: CustomerId, item: Option<ItemId>) {
        for (day, author, text) in &row.remarks {
            // What is written ahead of the file's day is of that day.
            let day = day.unwrap_or(self.as_of).min(self.as_of);
            let slot = self.known.entry((customer, item, day)).or_default();
            // An erased text stands for itself: erased words do not come back by a file.
            let same = slot.iter().position(|k| *k == Some(text.as_str()));
            match same.or_else(|| slot.iter().position(Option::is_none)) {
                Some(at) => {
                    slot.swap_remove(at);
                    self.plan.known += 1;
                }
                None => self.plan.remarks.push(NewRemark {
                    customer,
                    item,
                    day,
                    author: author.clone(),
                    text: text.clone(),
                }),
            }
        }
    }

    fn field(&mut self, item: ItemId, field: CollectorField, value: &str) {
        let book = self.book;
        let by_tracker = |seq| {
            let commit = book.commit(seq);
            book.is_live(seq) && commit.is_some_and(|c| c.label.kind == CommandKind::ImportTracker)
        };
        let before = book.field_history(item, field);
        let told = before
            .iter()
            .any(|(seq, v)| *v == value && by_tracker(*seq));
        if told || book.field(item, field) == value {
            self.plan.known += 1;
            return;
        }
        if let Some(item) = book.item_key(item) {
            self.plan.fields += 1;
            self.plan.parts.push(TrackerPart::Field(FieldChange {
                item,
                field,
                value: value.to_owned(),
            }));
        }
    }

    fn promise(&mut self, row: &TrackerRow, date: Day, item: ItemRef<'a>) {
        let book = self.book;
        let whole = book.amount_of(&item);
        if whole <= 0 {
            return self.leave(row, LeftOut::Credit);
        }
        let open = Some(item.open()).filter(|open| *open > 0);
        let amount = match &row.amount {
            Some(amount) => minor(amount, item.currency()),
            None => Some(open.unwrap_or(whole)),
        };
        let Some(amount) = amount.filter(|a| *a <= whole) else {
            return self.leave(row, LeftOut::Amount);
        };
        // Without an amount of its own the line says "it will be paid": known whatever was open then.
        let is_it = |line: &duebook_ledger::facts::PromiseLine| {
            line.date == date
                && line.item.map(|id| book.current(id)) == Some(item.id)
                && (row.amount.is_none() || line.amount == amount)
        };
        let of_customer = book.customer(item.customer());
        let promises = of_customer.map_or(&[][..], |c| &c.promises).iter();
        let known = promises
            .filter_map(|id| book.promise(*id))
            .any(|p| book.is_live(p.commit) && p.fact.lines.iter().any(is_it));
        if known {
            self.plan.known += 1;
            return;
        }
        let said = row.remarks.iter().filter_map(|(day, _, _)| *day);
        let last = said.filter(|day| *day <= date && *day <= self.as_of).max();
        let taken_on = last.unwrap_or(self.as_of).min(date);
        if let (Some(key), Some(customer)) =
            (book.item_key(item.id), book.customer_key(item.customer()))
        {
            let line = NewPromiseLine {
                item: Some(key),
                amount,
                date,
            };
            self.plan.promises += 1;
            self.plan.parts.push(TrackerPart::Promise {
                customer,
                taken_on,
                promise: NewPromise {
                    currency: item.currency(),
                    lines: vec![line],
                    method: None,
                    evidence: None,
                },
            });
        }
    }
}

/// Minor units of a currency, above zero.
fn minor(amount: &Amount, currency: Currency) -> Option<i64> {
    let minor = amount.minor(currency.exponent()).ok()?;
    (minor > 0).then_some(minor)
}
