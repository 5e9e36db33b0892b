//! What really happened at the source, and what a reader of the files must make of it.

use duebook_ledger::columns::ItemKind;
use duebook_ledger::keys::ItemKey;
use duebook_money::{Currency, Day, MinorUnits, NumberFormat};

/// An item as the source holds it on a morning: a row of the whole, unspoilt export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemTruth {
    /// Its key, as the reader makes it from the file.
    pub key: ItemKey,
    /// Index into [`super::Snapshot::debtors`].
    pub debtor: usize,
    /// Its kind, as the reader understands the source's type.
    pub kind: ItemKind,
    /// The type as the source writes it (`DR`, `INV`, `Credit Memo` ...).
    pub doc_type: &'static str,
    /// Document date.
    pub date: Day,
    /// Due date.
    pub due: Day,
    /// Original amount, minor units, credits negative.
    pub amount: i64,
    /// Balance at source, minor units, credits negative.
    pub open: i64,
    /// What the customer knows it by: billing document, sales order.
    pub reference: String,
    /// The document it follows or belongs to (part payment, residual, credit, rebill); else empty.
    pub follows: String,
    /// Purchase order.
    pub po: String,
    /// Contract.
    pub contract: String,
    /// Text of the item.
    pub text: String,
    /// The source's own serial number, where its exports show one.
    pub serial: u64,
}

/// One thing that happened at the source since the morning before.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the fields say what they are; amounts are minor units, positive
pub enum Happened {
    /// A new document.
    Opened { item: ItemKey },
    /// Money settled the item in full.
    Paid {
        item: ItemKey,
        payment: String,
        amount: i64,
    },
    /// Money settled a part. In SAP the item stays whole and `line` stands beside it.
    PartPaid {
        item: ItemKey,
        payment: String,
        amount: i64,
        line: Option<ItemKey>,
    },
    /// Money came in that is set against nothing; `credit` is its row in the export.
    OnAccount {
        credit: ItemKey,
        payment: String,
        amount: i64,
    },
    /// A credit memo settled the item.
    CreditedBy {
        item: ItemKey,
        credit: ItemKey,
        amount: i64,
    },
    /// The client wrote it off.
    WrittenOff { item: ItemKey, amount: i64 },
    /// Short-paid. SAP: the old one is gone, the rest stands as `to` under the payment's number.
    /// Elsewhere `to` is `from`, with less open.
    Residual {
        from: ItemKey,
        to: ItemKey,
        payment: String,
        received: i64,
        rest: i64,
    },
    /// The bank took a payment back; the items it had settled are open again.
    Returned {
        payment: String,
        items: Vec<ItemKey>,
        amount: i64,
    },
    /// Credited in full and billed anew. The credit settled the old one: no export of open items shows it.
    Rebilled {
        from: ItemKey,
        credit: ItemKey,
        to: ItemKey,
    },
    /// One customer became another; items with their keys before and after (SAP posts them anew).
    CustomerMerged {
        from: String,
        to: String,
        items: Vec<(ItemKey, ItemKey)>,
    },
    /// The same claim under a new number.
    Renumbered { from: ItemKey, to: ItemKey },
    /// One document became several that sum to it.
    Split { from: ItemKey, parts: Vec<ItemKey> },
    /// A new due date (KP-23).
    ReAged { item: ItemKey, from: Day, to: Day },
    /// The client applied money as we had: [`Work::Apply`] is confirmed.
    AppliedAsOurs {
        credit: ItemKey,
        item: ItemKey,
        amount: i64,
    },
    /// The client applied money otherwise than we had: to `theirs`; `ours` is as open as before.
    AppliedElsewhere {
        credit: ItemKey,
        ours: ItemKey,
        theirs: ItemKey,
        amount: i64,
    },
}

impl Happened {
    /// One word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Happened::Opened { .. } => "opened",
            Happened::Paid { .. } => "paid",
            Happened::PartPaid { .. } => "part_paid",
            Happened::OnAccount { .. } => "on_account",
            Happened::CreditedBy { .. } => "credited_by",
            Happened::WrittenOff { .. } => "written_off",
            Happened::Residual { .. } => "residual",
            Happened::Returned { .. } => "returned",
            Happened::Rebilled { .. } => "rebilled",
            Happened::CustomerMerged { .. } => "customer_merged",
            Happened::Renumbered { .. } => "renumbered",
            Happened::Split { .. } => "split",
            Happened::ReAged { .. } => "re_aged",
            Happened::AppliedAsOurs { .. } => "applied_as_ours",
            Happened::AppliedElsewhere { .. } => "applied_elsewhere",
        }
    }
}

/// A key as people read it: number, and line where it has one.
pub(crate) fn short(key: &ItemKey) -> String {
    match key.line.as_str() {
        "" => key.number.clone(),
        line => format!("{}/{line}", key.number),
    }
}

fn list(keys: &[ItemKey]) -> String {
    keys.iter().map(short).collect::<Vec<_>>().join(", ")
}

impl Happened {
    /// A sentence for it, with amounts in major units of `currency`.
    pub fn sentence(&self, currency: Currency) -> String {
        let money = |minor: &i64| money(*minor, currency);
        match self {
            Happened::Opened { item } => format!("{} is new", short(item)),
            Happened::Paid {
                item,
                payment,
                amount,
            } => format!("{} paid by {payment}: {}", short(item), money(amount)),
            Happened::PartPaid {
                item,
                payment,
                amount,
                ..
            } => format!(
                "{} paid in part by {payment}: {}",
                short(item),
                money(amount)
            ),
            Happened::OnAccount {
                payment, amount, ..
            } => format!("{payment} is on account: {}", money(amount)),
            Happened::CreditedBy {
                item,
                credit,
                amount,
            } => format!(
                "{} credited by {}: {}",
                short(item),
                short(credit),
                money(amount)
            ),
            Happened::WrittenOff { item, amount } => {
                format!("{} written off: {}", short(item), money(amount))
            }
            Happened::Residual {
                from,
                to,
                payment,
                received,
                rest,
            } => format!(
                "{} short-paid by {payment}: {}; {} stays open on {}",
                short(from),
                money(received),
                money(rest),
                short(to)
            ),
            Happened::Returned {
                payment,
                items,
                amount,
            } => format!(
                "{payment} returned by the bank: {}; open again: {}",
                money(amount),
                list(items)
            ),
            Happened::Rebilled { from, credit, to } => format!(
                "{} credited by {} and billed again as {}",
                short(from),
                short(credit),
                short(to)
            ),
            Happened::CustomerMerged { from, to, items } => {
                format!("customer {from} became {to}, {} items", items.len())
            }
            Happened::Renumbered { from, to } => format!("{} is now {}", short(from), short(to)),
            Happened::Split { from, parts } => {
                format!("{} split into {}", short(from), list(parts))
            }
            Happened::ReAged { item, from, to } => {
                format!("{} due {to} instead of {from}", short(item))
            }
            Happened::AppliedAsOurs {
                credit,
                item,
                amount,
            } => format!(
                "{} applied to {} as we did: {}",
                short(credit),
                short(item),
                money(amount)
            ),
            Happened::AppliedElsewhere {
                credit,
                ours,
                theirs,
                amount,
            } => format!(
                "{} applied to {}, not to {} as we did: {}",
                short(credit),
                short(theirs),
                short(ours),
                money(amount)
            ),
        }
    }
}

/// `1234.50 EUR`.
pub(crate) fn money(minor: i64, currency: Currency) -> String {
    let amount = MinorUnits(i128::from(minor)).format(currency, &NumberFormat::PLAIN);
    format!("{amount} {}", currency.code())
}

/// What the collector does on a morning, after its files are in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // amounts are minor units, positive
pub enum Work {
    /// Takes a promise; `ends` is what the five mornings make of it.
    Promise {
        customer: String,
        item: ItemKey,
        amount: i64,
        date: Day,
        ends: PromiseEnd,
    },
    /// Applies money that is on account at the source.
    Apply {
        customer: String,
        credit: ItemKey,
        item: ItemKey,
        amount: i64,
    },
    /// Writes a note on an item that will have a successor or another customer.
    Note {
        customer: String,
        item: ItemKey,
        text: &'static str,
    },
}

/// What becomes of a promise by the fifth morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromiseEnd {
    /// All of it came on the day promised, and a payments file says so.
    Kept,
    /// Less came; minor units.
    Partial(i64),
    /// Nothing came.
    Nothing,
    /// The item was billed anew: superseded, not broken.
    Superseded,
}

/// An item that the morning before had and this one has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// The item.
    pub key: ItemKey,
    /// Index into [`super::Morning::happened`]: why it is gone.
    pub event: usize,
    /// The morning whose files say so, if any does. Until then the cause is unknown.
    pub told_on: Option<u8>,
}

/// A way in which an export can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// One collector's customers are missing.
    WithoutCollector,
    /// One company is missing.
    WithoutEntity,
    /// One currency is missing.
    WithoutCurrency,
    /// It is the file of the morning before last.
    Stale,
    /// Due dates went through a program that took the day for the month, where that was possible.
    DaySwap,
    /// Another company's file.
    WrongCompany,
}

impl Variant {
    /// All of them.
    pub const ALL: [Variant; 6] = [
        Variant::WithoutCollector,
        Variant::WithoutEntity,
        Variant::WithoutCurrency,
        Variant::Stale,
        Variant::DaySwap,
        Variant::WrongCompany,
    ];
    /// As a part of a file name.
    pub fn word(self) -> &'static str {
        match self {
            Variant::WithoutCollector => "one-collector-missing",
            Variant::WithoutEntity => "one-company-missing",
            Variant::WithoutCurrency => "one-currency-missing",
            Variant::Stale => "stale",
            Variant::DaySwap => "day-and-month-swapped",
            Variant::WrongCompany => "another-company",
        }
    }
}

/// What must be asked (or refused) before a wrong export is taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Ask {
    /// Is this the whole list? A collector has vanished.
    CollectorGone { collector: String, items: usize },
    /// Is this the whole list? A company has vanished.
    EntityGone { entity: String, items: usize },
    /// Is this the whole list? A currency has vanished.
    CurrencyGone { currency: Currency, items: usize },
    /// Older than the last of its source: refused with both dates.
    Stale { file: Day, last: Day },
    /// So many due dates of known items moved, each to the day whose month and day are swapped.
    DaySwap { rows: usize, of: usize },
    /// Nothing known is in it: all items vanished, all rows are new.
    WrongCompany { entity: String, vanished: usize },
}
