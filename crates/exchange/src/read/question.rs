//! What the file does not say and nobody guesses: asked once, answered in the options.

use super::kind::FileKind;
use duebook_money::DateOrder;
use serde::{Deserialize, Serialize};

/// Order of day, month and year (the serialisable face of [`DateOrder`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Order {
    Ymd,
    Dmy,
    Mdy,
    Dym,
}

impl From<Order> for DateOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Ymd => DateOrder::Ymd,
            Order::Dmy => DateOrder::Dmy,
            Order::Mdy => DateOrder::Mdy,
            Order::Dym => DateOrder::Dym,
        }
    }
}

impl From<DateOrder> for Order {
    fn from(order: DateOrder) -> Self {
        match order {
            DateOrder::Ymd => Order::Ymd,
            DateOrder::Dmy => Order::Dmy,
            DateOrder::Mdy => Order::Mdy,
            DateOrder::Dym => Order::Dym,
        }
    }
}

/// The decimal mark of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

/// A question that must be answered before anything is staged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Question {
    /// Which order have the dates of this column?
    DateOrder {
        /// Its header.
        column: String,
        /// The orders that remain; all that read some cells if `mixed`.
        orders: Vec<Order>,
        /// Cells that show it.
        examples: Vec<String>,
        /// No single order reads all dates of the column.
        mixed: bool,
    },
    /// Is the mark in `1.234` a decimal mark or a group mark in this column?
    DecimalMark {
        /// Its header.
        column: String,
        /// Cells that show it.
        examples: Vec<String>,
        /// Some cells can only be the one, others only the other.
        mixed: bool,
    },
    /// Which currency are the amounts in?
    Currency {
        /// What a sign in the cells may mean; empty if there is none.
        candidates: Vec<String>,
    },
    /// What is this file?
    Kind {
        /// What it may be.
        candidates: Vec<FileKind>,
    },
}
