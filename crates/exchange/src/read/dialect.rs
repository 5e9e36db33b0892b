//! Which program wrote the file, and how that shows.

use super::synonyms::fold;
use serde::{Deserialize, Serialize};

/// Programs whose exports are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// SAP customer line items (FBL5N), list or technical names.
    Sap,
    /// Oracle Receivables.
    Oracle,
    /// NetSuite.
    NetSuite,
    /// QuickBooks.
    QuickBooks,
    /// Xero.
    Xero,
    /// Zoho Books or Invoice.
    Zoho,
    /// Tally.
    Tally,
    /// Dynamics 365 or AX.
    Dynamics,
    /// HighRadius.
    HighRadius,
    /// The IBM Watson sample.
    IbmSample,
    /// None of them.
    Generic,
}

/// A dialect with the headers it was told by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    /// The dialect.
    pub dialect: Dialect,
    /// The headers that decided, as the file writes them.
    pub because: Vec<String>,
}

/// Per dialect its tell-tale headers (folded) and how many must be there.
const TELLS: &[(Dialect, usize, &str)] = &[
    (
        Dialect::HighRadius,
        3,
        "buisness year|cust number|name customer|business code|cust payment terms|baseline create date|due in date|converted usd|total open amount|area business",
    ),
    (
        Dialect::IbmSample,
        4,
        "country code|paperless date|settled date|paperless bill|days to settle|days late",
    ),
    (
        Dialect::Sap,
        2,
        "bukrs|kunnr|belnr|buzei|gjahr|blart|wrbtr|dmbtr|zfbdt|shkzg|augbl|augdt|xblnr|waers|zterm|budat|bldat|net due date symbol|net due date sym|cleared open items symbol|arrears after net due date|special g l ind|amount in doc curr|amount in local currency|posting key|belegart|buchungskreis|belegnummer|betrag in hauswahrung|betrag in belegwahrung|pstng date|assignment|zuordnung|clearing document|ausgleichsbeleg|nettofalligkeit|net due dt|baseline payment dte|payt|cocd",
    ),
    (
        Dialect::Xero,
        3,
        "contact name|po address line1|invoice number|inventory item code|account code|tracking name1|branding theme|invoice amount due|invoice amount paid|sent to contact",
    ),
    (
        Dialect::Zoho,
        3,
        "invoice id|invoice status|customer id|exchange rate|balance|is inclusive tax|template name|zoho|p o date|subtotal|item name",
    ),
    (
        Dialect::NetSuite,
        2,
        "internal id|amount remaining|document number|days overdue|amount foreign currency|transaction number|tran id|subsidiary|terms name|amount remaining foreign currency",
    ),
    (
        Dialect::QuickBooks,
        3,
        "transaction type|num|open balance|terms|memo description|customer full name|aging|past due|a r paid",
    ),
    (
        Dialect::Tally,
        2,
        "ref no|party s name|partys name|vch no|vch type|opening amount|pending amount|due on|overdue by days|age of bill in days",
    ),
    (
        Dialect::Dynamics,
        2,
        "voucher|customer account|cust account|accountnum|amount cur|amount mst|remain amount cur|data area|settle amount cur|dataareaid|transtype|amount in transaction currency|posting profile",
    ),
    (
        Dialect::Oracle,
        3,
        "trx number|trx date|customer trx id|amount due remaining|amount due original|class|gl date|org id|bill to customer name|acctd amount due remaining|payment schedule id|invoice currency code",
    ),
];

/// The dialect with the most of its tell-tale headers.
pub(crate) fn recognise(headers: &[String]) -> Recognised {
    let folded: Vec<(String, &String)> = headers.iter().map(|h| (fold(h), h)).collect();
    let mut best: Option<(usize, Recognised)> = None;
    for (dialect, least, tells) in TELLS {
        let because: Vec<String> = folded
            .iter()
            .filter(|(f, _)| !f.is_empty() && tells.split('|').any(|t| t == f))
            .map(|(_, h)| (*h).clone())
            .collect();
        if because.len() >= *least && best.as_ref().is_none_or(|(n, _)| because.len() > *n) {
            best = Some((
                because.len(),
                Recognised {
                    dialect: *dialect,
                    because,
                },
            ));
        }
    }
    best.map_or(
        Recognised {
            dialect: Dialect::Generic,
            because: Vec::new(),
        },
        |(_, r)| r,
    )
}

impl Dialect {
    /// Whether exports have one row per invoice line, with the invoice's totals on each.
    pub(crate) fn repeats_invoices(self) -> bool {
        matches!(self, Dialect::Xero | Dialect::Zoho)
    }
}
