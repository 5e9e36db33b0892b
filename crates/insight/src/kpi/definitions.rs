//! The key figures: one id is one definition, and no two share a name (domain.md §2).

/// How a figure is shown; it is rounded once, half up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Days, one decimal.
    Days,
    /// Per cent, one decimal.
    Percent,
    /// A number, two decimals.
    Times,
}

impl Unit {
    /// Decimals shown.
    pub fn decimals(self) -> u8 {
        match self {
            Unit::Days | Unit::Percent => 1,
            Unit::Times => 2,
        }
    }
    /// Units of the figure in one: per cent are hundredths.
    pub(crate) fn scale(self) -> i128 {
        match self {
            Unit::Percent => 100,
            Unit::Days | Unit::Times => 1,
        }
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More.
    Higher,
    /// Less.
    Lower,
    /// Nearer to zero, from either side.
    Nearer,
}

/// What figures stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Collection performance (§2.2).
    Collection,
    /// Contacts and promises (§2.3).
    Promises,
    /// Balance-sheet figures (§2.1).
    Balance,
    /// Disputes (§2.4).
    Disputes,
    /// Cash application (§2.5).
    Cash,
    /// Reporting accuracy (§2.6).
    Accuracy,
}

/// A definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Id: `KP-06`, with a part behind a slash where one KPI has several definitions.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// In words.
    pub formula: &'static str,
    /// Unit.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// Where it stands.
    pub family: Family,
}

const fn of(
    family: Family,
    unit: Unit,
    better: Better,
    (id, name, formula): (&'static str, &'static str, &'static str),
) -> Definition {
    Definition {
        id,
        name,
        formula,
        unit,
        better,
        family,
    }
}

use Better::{Higher, Lower, Nearer};
use Family::*;
use Unit::*;

/// Every definition, in the order shown. Roll rates have one row for each bucket under one id.
#[rustfmt::skip] // a table: a definition in few lines
pub const DEFINITIONS: &[Definition] = &[
    of(Collection, Percent, Higher, (
        "KP-20", "Collection rate on the opening list",
        "Cash applied in the period to items of the frozen past-due list ÷ their open amounts on the list",
    )),
    of(Collection, Percent, Higher, (
        "KP-23", "Past-due reduction",
        "(Opening past due − closing past due of the same items) ÷ opening past due, by whatever cause",
    )),
    of(Collection, Percent, Higher, (
        "KP-23/presumed", "Opening list: presumed paid",
        "Gone from the source, cause unknown ÷ opening past due; never counted as cash",
    )),
    of(Collection, Percent, Lower, (
        "KP-23/credited", "Opening list: credited",
        "Credit memos applied ÷ opening past due; a credit is a resolution, not a collection",
    )),
    of(Collection, Percent, Lower, (
        "KP-23/written", "Opening list: written off",
        "Write-offs ÷ opening past due",
    )),
    of(Collection, Percent, Lower, (
        "KP-23/reaged", "Opening list: re-aged",
        "Open, and not past due only because its date was moved ÷ opening past due",
    )),
    of(Collection, Percent, Lower, (
        "KP-23/other", "Opening list: granted, withheld, corrected",
        "Discounts, tax withheld, exchange, tolerance, amended documents and what was learnt late ÷ opening past due",
    )),
    of(Collection, Percent, Higher, (
        "KP-21", "Recovery rate",
        "Cash applied in the period ÷ open debits at its beginning",
    )),
    of(Collection, Percent, Higher, (
        "KP-22", "Liquidation rate",
        "Cash applied in the period to customers with a collector ÷ their open debits at its beginning",
    )),
    of(Collection, Percent, Lower, (
        "KP-24", "Roll rate by item",
        "Open in the next bucket at the end ÷ open in the bucket at the beginning, the same items; the period should be as long as the bucket",
    )),
    of(Collection, Percent, Lower, (
        "KP-25", "Roll rate by net flow",
        "The next bucket at the end ÷ the bucket at the beginning, whatever items they hold",
    )),
    of(Collection, Percent, Lower, (
        "KP-26", "Forecast error, one week ahead",
        "Σ|forecast − actual| ÷ Σ actual of the weeks that ended in the period, by the forecast frozen before each (WAPE)",
    )),
    of(Collection, Percent, Nearer, (
        "KP-26/bias", "Forecast bias, one week ahead",
        "Σ(forecast − actual) ÷ Σ actual of the same weeks; above zero more was expected than came",
    )),
    of(Promises, Percent, Higher, (
        "KP-30/attempts", "Right-party contacts of attempts",
        "Contacts with someone who knows of the payment ÷ outbound calls",
    )),
    of(Promises, Percent, Higher, (
        "KP-30/connects", "Right-party contacts of connects",
        "Contacts with someone who knows of the payment ÷ outbound calls that somebody answered",
    )),
    of(Promises, Percent, Higher, (
        "KP-31", "Promises taken",
        "Right-party contacts with a promise ÷ right-party contacts",
    )),
    of(Promises, Percent, Higher, (
        "KP-32", "Promises kept, of windows that ended",
        "Kept ÷ (kept + partial + broken) of promises whose window ended in the period; open, withdrawn and superseded apart",
    )),
    of(Promises, Percent, Higher, (
        "KP-33", "Promises kept by value, of windows that ended",
        "Σ paid in the window, at most what was promised ÷ Σ promised, of the same promises",
    )),
    of(Promises, Percent, Lower, (
        "KP-34", "Promises broken, of windows that ended",
        "Broken ÷ (kept + partial + broken)",
    )),
    of(Promises, Times, Higher, (
        "KP-35/contacts", "Contacts per productive hour",
        "Right-party contacts recorded in shifts that were ended ÷ hours of those shifts; breaks and training are not recorded",
    )),
    of(Promises, Times, Higher, (
        "KP-35/attempts", "Attempts per productive hour",
        "Calls recorded in shifts that were ended ÷ hours of those shifts; breaks and training are not recorded",
    )),
    of(Promises, Percent, Higher, (
        "KP-36", "First-call resolution",
        "Customers whose first contact settled it (a promise of that day kept, a dispute of that day with reason and owner, or nothing past due at the end; and no other contact for 14 days) ÷ customers reached at least 14 days before the end",
    )),
    of(Promises, Percent, Higher, (
        "KP-37", "Complete notes",
        "Contacts recorded with person, note and next action ÷ right-party contacts",
    )),
    of(Balance, Days, Lower, (
        "KP-01", "DSO, simple",
        "Receivables ÷ net credit sales of the period × its days",
    )),
    of(Balance, Days, Lower, (
        "KP-02", "DSO, last three months",
        "Receivables ÷ sales of the last three whole months × their days",
    )),
    of(Balance, Days, Lower, (
        "KP-03", "DSO, countback",
        "Months of sales taken off the receivables, latest first, and their days added; the last by its fraction",
    )),
    of(Balance, Days, Lower, (
        "KP-04", "Best possible DSO",
        "Open debits not past due ÷ net credit sales of the period × its days",
    )),
    of(Balance, Days, Lower, (
        "KP-05", "Average days delinquent",
        "DSO, simple − best possible DSO",
    )),
    of(Balance, Percent, Higher, (
        "KP-06", "Collection effectiveness",
        "(Begin + sales − end) ÷ (begin + sales − end not past due); sales of the whole period",
    )),
    of(Balance, Percent, Higher, (
        "KP-06/average", "Collection effectiveness, monthly average sales",
        "The same with the monthly average of the period’s sales",
    )),
    of(Balance, Times, Higher, (
        "KP-07", "Receivables turnover",
        "Net credit sales ÷ average of receivables at begin and end",
    )),
    of(Balance, Percent, Higher, (
        "KP-08/current", "Not past due",
        "Open debits not past due ÷ open debits, gross of credits",
    )),
    of(Balance, Percent, Lower, (
        "KP-08/90", "More than 90 days past due",
        "Open debits over 90 days ÷ open debits, gross of credits",
    )),
    of(Balance, Days, Lower, (
        "KP-09", "Days beyond terms, weighted",
        "Σ(cash applied × days from due date) ÷ Σ cash applied; early is negative",
    )),
    of(Balance, Days, Lower, (
        "KP-09/floor", "Days late, weighted",
        "The same with early as 0",
    )),
    of(Balance, Days, Lower, (
        "KP-10", "Days to pay, weighted",
        "Σ(cash applied × days from document date) ÷ Σ cash applied",
    )),
    of(Balance, Percent, Lower, (
        "KP-11", "Bad debt",
        "(Write-offs − recovered) ÷ net credit sales of the period",
    )),
    of(Balance, Percent, Lower, (
        "KP-12", "Unapplied cash of cash received",
        "Unapplied and on-account money at the end ÷ cash received in the period",
    )),
    of(Balance, Percent, Lower, (
        "KP-12/balance", "Unapplied cash of receivables",
        "Unapplied and on-account money at the end ÷ open debits",
    )),
    of(Disputes, Days, Lower, (
        "KP-40", "Dispute cycle time, median",
        "Days from opened to resolved, median; the 90th percentile beside it",
    )),
    of(Disputes, Percent, Lower, (
        "KP-41", "Dispute rate",
        "Disputed value opened in the period ÷ invoiced value",
    )),
    of(Disputes, Days, Lower, (
        "KP-42", "Days deductions outstanding",
        "Open deductions ÷ average daily deductions of the period (inflow)",
    )),
    of(Disputes, Percent, Higher, (
        "KP-43", "Disputes within SLA",
        "Disputes resolved within their SLA ÷ disputes resolved",
    )),
    of(Cash, Percent, Higher, (
        "KP-50/count", "Straight-through receipts",
        "Receipts of statement lines posted as proposed, none looked at alone ÷ all receipts of ours",
    )),
    of(Cash, Percent, Higher, (
        "KP-50/value", "Straight-through receipts, by value",
        "The same by amount",
    )),
    of(Cash, Percent, Higher, (
        "KP-51", "Precision of straight-through receipts",
        "Posted as proposed and not taken back within 60 days ÷ posted as proposed",
    )),
    of(Accuracy, Percent, Higher, (
        "RA-1", "Tie-out share",
        "Controls that hold ÷ controls, on the closing day",
    )),
    of(Accuracy, Percent, Higher, (
        "RA-2", "Accuracy by value",
        "1 − Σ|breaks| ÷ Σ|balances compared|",
    )),
    of(Accuracy, Percent, Lower, (
        "RA-3", "Sampled errors",
        "Figures that another way of counting finds otherwise ÷ figures sampled, with the Wilson 95 % interval",
    )),
    of(Accuracy, Percent, Higher, (
        "RA-4", "Right first time",
        "1 − reports issued again ÷ reports issued, in the period",
    )),
    of(Accuracy, Percent, Higher, (
        "RA-6/contacts", "Complete contacts",
        "People with role, zone and language ÷ people known",
    )),
    of(Accuracy, Percent, Higher, (
        "RA-6/promises", "Complete promises",
        "Promises with amount, date and person ÷ promises taken in the period",
    )),
    of(Accuracy, Percent, Higher, (
        "RA-6/disputes", "Complete disputes",
        "Disputed items with reason and owner ÷ disputed items",
    )),
];

/// The definition of an id.
pub fn definition(id: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|d| d.id == id)
}

/// What a definition counts or adds up, and so whether a currency or a rate has a say in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Sums of money: over several currencies each has to be converted.
    Money,
    /// A number of things that each have a currency (a promise, a receipt, a case): those of the
    /// currency, and no rate is needed for all of them.
    Counted,
    /// A number of things without a currency (a call, a person, a report): told of no currency alone.
    Apart,
}

impl Definition {
    /// What it stands on.
    pub fn stands(&self) -> Stands {
        match self.id {
            "KP-30/attempts" | "KP-30/connects" | "KP-31" | "KP-35/contacts" | "KP-35/attempts"
            | "KP-36" | "KP-37" | "RA-3" | "RA-4" | "RA-6/contacts" => Stands::Apart,
            "KP-32" | "KP-34" | "KP-40" | "KP-43" | "KP-50/count" | "KP-51" | "RA-1"
            | "RA-6/promises" | "RA-6/disputes" => Stands::Counted,
            // RA-2 refuses to add up currencies by itself: the worst stands for all.
            "RA-2" => Stands::Counted,
            _ => Stands::Money,
        }
    }
}

/// The name of a family.
pub fn family_name(family: Family) -> &'static str {
    match family {
        Collection => "Collection",
        Promises => "Contacts and promises",
        Balance => "Balances",
        Disputes => "Disputes",
        Cash => "Cash application",
        Accuracy => "Reporting accuracy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_definitions_never_share_a_name() {
        for (at, d) in DEFINITIONS.iter().enumerate() {
            let before = DEFINITIONS[..at].iter();
            let same = |o: &&Definition| o.id == d.id || o.name == d.name || o.formula == d.formula;
            assert_eq!(before.clone().find(same), None, "{}", d.id);
        }
        assert!(definition("KP-06").is_some() && definition("KP-99").is_none());
    }
}
