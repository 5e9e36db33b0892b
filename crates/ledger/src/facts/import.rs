//! What a file says it is, and what is asked of it before it is believed.

use crate::ids::CustomerId;
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

/// What an import says it is (`issues`: kind, source, as-of, scope).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ImportKind {
    /// Open items.
    #[n(0)]
    OpenItems,
    /// Customers and contacts.
    #[n(1)]
    MasterData,
    /// Invoices, paid or not.
    #[n(2)]
    Invoices,
    /// Cleared items or payments.
    #[n(3)]
    Payments,
    /// Sales per month.
    #[n(4)]
    Sales,
}

/// How much of the source a file shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub enum Scope {
    /// Only these rows: nothing is said of others.
    #[n(0)]
    #[default]
    TheseRows,
    /// Everything open in the source.
    #[n(1)]
    Everything,
    /// Everything open of these entities.
    #[n(2)]
    Entities(#[n(0)] Vec<String>),
    /// Everything open of these customers.
    #[n(3)]
    Customers(#[n(0)] Vec<String>),
    /// Everything owed; the list has no credits and says nothing of them.
    #[n(4)]
    Debits,
}

/// What the user has confirmed of a file that looked doubtful (see [`Doubt`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Confirmed {
    /// It is the whole list: what is missing is gone.
    #[n(0)]
    WholeList,
    /// The due dates did change: re-aged at source (KP-23).
    #[n(1)]
    DueDates,
    /// The due dates are not believed: those in the book stay.
    #[n(2)]
    KeepDueDates,
}

/// What is asked before a file is taken in: "is this the whole list?", "did these dates change?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Every open item of an entity is missing.
    EntityGone {
        /// Its code.
        code: String,
        /// Items.
        items: u64,
    },
    /// Every open item in a currency is missing.
    CurrencyGone {
        /// Which.
        currency: Currency,
        /// Items.
        items: u64,
    },
    /// Every open item of a collector is missing.
    CollectorGone {
        /// Name.
        name: String,
        /// Items.
        items: u64,
    },
    /// Every open item of a customer with ten or more is missing.
    CustomerGone {
        /// Who.
        customer: CustomerId,
        /// Items.
        items: u64,
    },
    /// Every open credit is missing: the list may have none.
    CreditsGone {
        /// Items.
        items: u64,
    },
    /// More than three times the usual share is missing; 5 % while there is no usual share.
    ManyGone {
        /// Missing.
        absent: u64,
        /// Of so many open.
        of: u64,
        /// Usual, per mille.
        usual: Option<u64>,
    },
    /// More than 2 % of the rows have another due date (KP-23).
    DueDates {
        /// Changed.
        changed: u64,
        /// Of so many rows that are in the book.
        of: u64,
        /// Of the changed, those that are the old date with day and month changed over.
        swapped: u64,
    },
}

impl Doubt {
    /// Whether what the user confirmed settles it.
    pub fn is_settled_by(&self, confirmed: &[Confirmed]) -> bool {
        match self {
            Doubt::DueDates { .. } => {
                confirmed.contains(&Confirmed::DueDates)
                    || confirmed.contains(&Confirmed::KeepDueDates)
            }
            _ => confirmed.contains(&Confirmed::WholeList),
        }
    }
}

/// The control totals of an import or report (domain.md §2.6).
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct ControlTotals {
    /// Rows.
    #[n(0)]
    pub count: u64,
    /// Per currency, the sum of open amounts in minor units.
    #[n(1)]
    pub sums: Vec<(Currency, i64)>,
    /// Sum of the numeric part of document numbers, modulo 10^9.
    #[n(2)]
    pub hash_total: u64,
}

/// The facts of an import beside its rows.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ImportFacts {
    /// Kind of file.
    #[n(0)]
    pub kind: ImportKind,
    /// Source the rows belong to.
    #[n(1)]
    pub source: String,
    /// File's name.
    #[n(2)]
    pub file: String,
    /// The day the source's figures are of.
    #[n(3)]
    pub as_of: Day,
    /// Minutes after midnight at the source, where known.
    #[n(4)]
    pub as_of_minute: Option<u16>,
    /// Scope.
    #[n(5)]
    pub scope: Scope,
    /// The file's totals as staged.
    #[n(6)]
    pub totals: ControlTotals,
    /// Rows refused and rows left out by the user.
    #[n(7)]
    pub left_out: u64,
    /// What the user confirmed of it.
    #[n(8)]
    #[cbor(default)]
    pub confirmed: Vec<Confirmed>,
    /// Receipts of ours that look like money of this file and are other money.
    #[n(9)]
    #[cbor(default)]
    pub other_money: Vec<crate::keys::ItemKey>,
    /// Items of the book whose rows the user left out: not taken, and not missing either.
    #[n(10)]
    #[cbor(default)]
    pub passed_over: Vec<crate::keys::ItemKey>,
}

impl ImportFacts {
    /// A file that speaks of its own rows only, nothing said of it yet.
    pub fn new(kind: ImportKind, source: &str, file: &str, as_of: Day) -> Self {
        ImportFacts {
            kind,
            source: source.to_owned(),
            file: file.to_owned(),
            as_of,
            as_of_minute: None,
            scope: Scope::TheseRows,
            totals: ControlTotals::default(),
            left_out: 0,
            confirmed: Vec::new(),
            other_money: Vec::new(),
            passed_over: Vec::new(),
        }
    }
}
