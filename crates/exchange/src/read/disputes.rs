//! A list of disputes of another system: each with its number there, the document, when it was
//! raised and closed, why, and for how much where it says so.

use super::Field;
use super::synonyms::{SYNONYMS, fold};
use super::work::{WorkCells, order_of, style_of};
use duebook_money::amount::parse;
use duebook_money::date::parse_around;
use duebook_money::{Amount, DateOrder, Day};

/// What a column of such a list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum D {
    Ticket,
    Number,
    Opened,
    Closed,
    Status,
    Reason,
    Amount,
    Text,
    Owner,
    Department,
}

/// Names in the folded form of [`fold`].
const NAMES: [(D, &str); 9] = [
    (
        D::Ticket,
        "dispute id|dispute number|dispute no|dispute|case id|case number|case no|claim id|claim number|deduction id|deduction number|ticket|ticket id|ticket number|query id|query number|reklamation|reklamationsnummer",
    ),
    (
        D::Opened,
        "dispute open date|open date|opened|opened on|date opened|opened date|dispute date|case date|raised on|date raised|created|created on|created date|creation date|eroffnet am",
    ),
    (
        D::Closed,
        "dispute close date|close date|closed|closed on|date closed|closed date|resolved on|date resolved|resolution date|resolved date|geschlossen am",
    ),
    (D::Status, "dispute status|case status|claim status|status"),
    (
        D::Reason,
        "dispute reason|dispute category|dispute type|case reason|claim reason|category|reason|reason code|dispute code",
    ),
    (
        D::Amount,
        "disputed amount|dispute amount|amount disputed|disputed value|amount in dispute|claim amount|deduction amount|disputed amount usd|disputed amount eur|disputed amount gbp|disputed amount inr",
    ),
    (
        D::Text,
        "dispute notes|notes|note|comment|comments|description|details|remarks",
    ),
    (
        D::Owner,
        "owner|assigned to|processor|handled by|responsible",
    ),
    (D::Department, "department|team|owner department|queue"),
];

fn by_name(header: &str) -> Option<D> {
    if header.len() > 80 {
        return None;
    }
    let name = fold(header);
    let is = |names: &str| names.split('|').any(|n| n == name);
    if let Some((d, _)) = NAMES.iter().find(|(_, names)| is(names)) {
        return Some(*d);
    }
    let known = SYNONYMS
        .iter()
        .find(|(_, names)| is(names))
        .map(|(f, _)| *f);
    matches!(known, Some(Field::Number)).then_some(D::Number)
}

/// Whether a file's headers are those of such a list: a number of its own beside the document's, and
/// the day it was raised.
pub(super) fn is_disputes<'a>(headers: impl Iterator<Item = &'a str> + Clone) -> bool {
    let has = |d: D| headers.clone().any(|h| by_name(h) == Some(d));
    has(D::Ticket) && has(D::Number) && has(D::Opened) && (has(D::Reason) || has(D::Status))
}

/// How a dispute stands over there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisputeEnd {
    /// It is open.
    Open,
    /// It was decided for the customer.
    Valid,
    /// It is over; how is not said.
    Closed,
    /// It was rejected.
    Invalid,
    /// The customer took it back.
    Withdrawn,
}

/// One dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeRow {
    /// Line of the file.
    pub line: u32,
    /// Its number there.
    pub ticket: String,
    /// The document.
    pub number: String,
    /// When it was raised; `None` where that cannot be read.
    pub opened: Option<Day>,
    /// When it was closed.
    pub closed: Option<Day>,
    /// How it stands.
    pub end: DisputeEnd,
    /// Why, as written there.
    pub reason: String,
    /// For how much; `None` where it does not say.
    pub amount: Option<Amount>,
    /// What was written.
    pub text: String,
    /// Who has it.
    pub owner: String,
    /// Which department.
    pub department: String,
    /// Cells that cannot be read.
    pub unread: Vec<String>,
}

/// What has to be said before the list can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DisputeQuestion {
    /// The order of day and month: a cell.
    DateOrder(String),
    /// Which sign parts the decimals: a cell.
    DecimalMark(String),
    /// No row of headers was found.
    NoHeader,
}

/// A list of disputes, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disputes {
    /// The rows that name a dispute and a document.
    pub rows: Vec<DisputeRow>,
    /// Lines that do not.
    pub nameless: Vec<u32>,
    /// To be answered.
    pub questions: Vec<DisputeQuestion>,
}

/// Rows above the header that a report may have.
const MAX_ABOVE: usize = 20;

/// Reads the list. `order`: how dates are written, where it was said.
pub fn read_disputes(rows: &[WorkCells], order: Option<DateOrder>, as_of: Day) -> Disputes {
    let mut out = Disputes::default();
    let is_header = |r: &WorkCells| is_disputes(r.cells.iter().map(String::as_str));
    let Some(head) = rows.iter().take(MAX_ABOVE).position(is_header) else {
        out.questions.push(DisputeQuestion::NoHeader);
        return out;
    };
    let columns: Vec<Option<D>> = rows[head].cells.iter().map(|h| by_name(h)).collect();
    let body = &rows[head + 1..];
    let places = |wanted: &[D]| -> Vec<usize> {
        let all = columns.iter().enumerate();
        let fits = all.filter(|(_, c)| c.is_some_and(|c| wanted.contains(&c)));
        fits.map(|(at, _)| at).collect()
    };
    let (told, example) = order_of(body, &places(&[D::Opened, D::Closed]), &[]);
    let order = order.or(told);
    if let (None, Some(cell)) = (order, example) {
        out.questions.push(DisputeQuestion::DateOrder(cell));
    }
    let (style, example) = style_of(body, &places(&[D::Amount]));
    if let (None, Some(cell)) = (style, example) {
        out.questions.push(DisputeQuestion::DecimalMark(cell));
    }
    let (year, _, _) = as_of.ymd();
    let order = order.unwrap_or(DateOrder::Ymd);
    for row in body {
        let cell = |wanted: D| {
            let at = columns.iter().position(|c| *c == Some(wanted));
            at.and_then(|at| row.cells.get(at)).map_or("", |c| c.trim())
        };
        if row.cells.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        let (ticket, number) = (cell(D::Ticket), cell(D::Number));
        if ticket.is_empty() || number.is_empty() {
            out.nameless.push(row.line);
            continue;
        }
        let mut unread = Vec::new();
        let mut day = |text: &str| -> Option<Day> {
            if text.is_empty() {
                return None;
            }
            let read = parse_around(order, text.as_bytes(), year).ok();
            let read = read.or_else(|| duebook_money::date::parse_iso_bytes(text.as_bytes()));
            if read.is_none() {
                unread.push(text.to_owned());
            }
            read
        };
        let (opened, closed) = (day(cell(D::Opened)), day(cell(D::Closed)));
        let amount = match (cell(D::Amount), style) {
            ("", _) | (_, None) => None,
            (text, Some(style)) => {
                let read = parse(text, style).ok();
                if read.is_none() {
                    unread.push(text.to_owned());
                }
                read
            }
        };
        out.rows.push(DisputeRow {
            line: row.line,
            ticket: ticket.to_owned(),
            number: number.to_owned(),
            opened,
            closed,
            end: end_of(cell(D::Status), closed.is_some()),
            reason: cell(D::Reason).to_owned(),
            amount,
            text: cell(D::Text).to_owned(),
            owner: cell(D::Owner).to_owned(),
            department: cell(D::Department).to_owned(),
            unread,
        });
    }
    out
}

/// By the word of its status; without one by whether it has a closing date.
fn end_of(status: &str, closed: bool) -> DisputeEnd {
    let status = fold(status);
    let says = |words: &[&str]| words.iter().any(|w| status.contains(w));
    if says(&["invalid", "reject", "denied", "upheld", "abgelehnt"]) {
        DisputeEnd::Invalid
    } else if says(&["withdraw", "cancel", "void"]) {
        DisputeEnd::Withdrawn
    } else if says(&["valid", "approved", "accepted", "justified"]) {
        DisputeEnd::Valid
    } else if says(&["close", "resolved", "settled", "done", "geschlossen"])
        || (closed && status.is_empty())
    {
        DisputeEnd::Closed
    } else {
        DisputeEnd::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: u32, cells: &[&str]) -> WorkCells {
        WorkCells {
            line,
            cells: cells.iter().map(|c| (*c).to_owned()).collect(),
        }
    }

    #[test]
    fn a_list_of_disputes_is_known_and_read() {
        let head = [
            "Dispute_ID",
            "Invoice_ID",
            "Dispute_Open_Date",
            "Dispute_Close_Date",
            "Dispute_Reason",
            "Dispute_Status",
        ];
        assert!(is_disputes(head.iter().copied()));
        assert!(!is_disputes(
            ["Invoice_ID", "Customer_ID", "Due_Date", "Status"]
                .iter()
                .copied()
        ));
        let rows = [
            cells(1, &head),
            cells(2, &["DSP2", "INV1", "2024-10-14", "", "Duplicate", "Open"]),
            cells(
                3,
                &[
                    "DSP3",
                    "INV2",
                    "2023-07-19",
                    "2023-08-23",
                    "Contract",
                    "Closed",
                ],
            ),
            cells(4, &["", "INV3", "2023-07-19", "", "", ""]),
        ];
        let day = |y, m, d| Day::from_ymd(y, m, d).expect("a day");
        let read = read_disputes(&rows, None, day(2025, 6, 30));
        assert_eq!(
            (
                read.rows.len(),
                read.nameless.as_slice(),
                read.questions.len()
            ),
            (2, &[4][..], 0)
        );
        assert_eq!(
            (read.rows[0].end, read.rows[0].opened),
            (DisputeEnd::Open, Some(day(2024, 10, 14)))
        );
        assert_eq!(
            (read.rows[1].end, read.rows[1].closed),
            (DisputeEnd::Closed, Some(day(2023, 8, 23)))
        );
        let rows = [
            cells(
                1,
                &[
                    "Case number",
                    "Invoice",
                    "Created on",
                    "Status",
                    "Reason code",
                    "Disputed amount",
                ],
            ),
            cells(
                2,
                &["7", "90001", "03/04/2026", "Rejected", "01", "1,250.50"],
            ),
        ];
        let asked = read_disputes(&rows, None, day(2026, 6, 30));
        assert!(matches!(
            asked.questions[..],
            [DisputeQuestion::DateOrder(_)]
        ));
        let read = read_disputes(&rows, Some(DateOrder::Dmy), day(2026, 6, 30));
        assert_eq!(read.rows[0].opened, Some(day(2026, 4, 3)));
        assert_eq!(read.rows[0].end, DisputeEnd::Invalid);
        assert_eq!(
            read.rows[0].amount.and_then(|a| a.minor(2).ok()),
            Some(125_050)
        );
    }
}
