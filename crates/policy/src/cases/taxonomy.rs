//! The reasons that a book begins with (domain.md §4.1).

use super::Reason;

/// Code, name, department, evidence, usual end, foreign words (JD Edwards, X12 element 426, words),
/// unpayable.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
);

/// The taxonomy of domain.md §4.1, with its cross-walks.
const REASONS: [Row; 20] = [
    (
        "PRI",
        "Price differs",
        "Billing",
        "Purchase order|Contract or price list",
        "Partial credit, or credit and rebill",
        "PD|01|pricing|price|rate",
        false,
    ),
    (
        "QTY",
        "Quantity or short shipment",
        "Logistics",
        "Proof of delivery|Goods receipt",
        "Partial credit, or upheld with proof",
        "SS|06|quantity|short shipment",
        false,
    ),
    (
        "POM",
        "Purchase order missing or exhausted",
        "Billing",
        "Copy of the purchase order",
        "PO change, or rebill with the PO",
        "po|purchase order|missing po",
        true,
    ),
    (
        "DUP",
        "Billed twice",
        "Billing",
        "Both invoices",
        "Full credit of one",
        "19|duplicate|duplicate invoice",
        false,
    ),
    (
        "TAX",
        "Tax rate, number or exemption",
        "Tax",
        "Certificate|Tax number",
        "Credit and rebill",
        "tax|vat|gst",
        true,
    ),
    (
        "FRT",
        "Freight or other charges",
        "Billing",
        "Terms of delivery",
        "Credit of the charge",
        "54|freight|charges",
        false,
    ),
    (
        "DMG",
        "Damaged or defective",
        "Quality",
        "Photos|Return number",
        "Return and credit",
        "DG|damaged|defective",
        false,
    ),
    (
        "RTN",
        "Returned and not credited",
        "Returns",
        "Return number|Receipt of the goods",
        "Credit memo",
        "GR|11|12|returns|returned",
        false,
    ),
    (
        "BTO",
        "Wrong company or address billed",
        "Originations",
        "Registration documents",
        "Credit and rebill to the right company",
        "40|address|bill-to|bill to|wrong entity",
        true,
    ),
    (
        "NRI",
        "Invoice not received",
        "Billing",
        "Screenshot of the portal",
        "Send again",
        "59|not received|invoice not received",
        false,
    ),
    (
        "UNA",
        "Paid and not applied",
        "Cash application",
        "Bank proof",
        "Find and apply",
        "60|paid|payment not applied",
        false,
    ),
    (
        "SPD",
        "Short payment, unexplained",
        "Billing",
        "Remittance",
        "Chargeback and research",
        "DA|UD|short pay|deduction|undefined",
        false,
    ),
    (
        "DSC",
        "Discount taken late",
        "Cash application",
        "Dates of invoice and payment",
        "Bill back or waive",
        "24|discount",
        false,
    ),
    (
        "TDS",
        "Tax withheld",
        "Tax",
        "Certificate of the tax withheld",
        "Reclassify as tax receivable",
        "55|tds|withholding",
        false,
    ),
    (
        "SVC",
        "Service not rendered",
        "Account manager",
        "Service log",
        "Service credit",
        "service|quality",
        false,
    ),
    (
        "CON",
        "Contract, renewal or cancellation",
        "Originations",
        "Notice|Contract",
        "Prorate and rebill",
        "contract|renewal|cancellation",
        false,
    ),
    (
        "SPL",
        "Wants the invoice split",
        "Billing",
        "How it is to be split",
        "Invoice split",
        "split",
        false,
    ),
    (
        "CUR",
        "Currency or bank charge",
        "Treasury",
        "Bank advice",
        "Adjust",
        "currency|fx|bank charge",
        false,
    ),
    (
        "INS",
        "Cannot pay",
        "Legal",
        "Filing",
        "Proof of claim",
        "insolvency",
        false,
    ),
    (
        "FRD",
        "Bank details may be false",
        "Security",
        "Log of the call back",
        "Stop and verify",
        "fraud",
        false,
    ),
];

const DEPARTMENTS: [&str; 7] = [
    "Billing",
    "Originations",
    "Sales",
    "Logistics",
    "Tax",
    "Legal",
    "Cash application",
];

/// The taxonomy, in its order.
pub(super) fn reasons() -> Vec<Reason> {
    let parts = |text: &str| text.split('|').map(str::to_owned).collect();
    let reason = |r: &Row| Reason {
        code: r.0.to_owned(),
        name: r.1.to_owned(),
        department: r.2.to_owned(),
        evidence: parts(r.3),
        usual: r.4.to_owned(),
        foreign: parts(r.5),
        unpayable: r.6,
    };
    REASONS.iter().map(reason).collect()
}

/// Departments beside those of the reasons.
pub(super) fn departments() -> Vec<String> {
    DEPARTMENTS.iter().map(|d| (*d).to_owned()).collect()
}
