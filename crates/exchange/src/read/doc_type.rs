//! Document types to item kinds (formats.md 2.11.1, domain.md AG-04).

use super::synonyms::fold;
use duebook_ledger::columns::ItemKind;

/// What a document type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeSays {
    /// This kind, if the sign agrees.
    Kind(ItemKind),
    /// SAP's clearing posting: a rest of an invoice, or of a payment if negative.
    Clearing,
    /// Nothing known: the sign decides.
    Nothing,
}

/// Types by their folded names.
const TYPES: &[(ItemKind, &str)] = &[
    (
        ItemKind::Invoice,
        "inv|invoice|rv|dr|r|ri|re|rg|rechnung|facture|factura|fac|sales invoice|tax invoice|standard|bill|sales|si|01|fa|fact|customer invoice|custinvc|accrec|invoicing|rec|cust invoice",
    ),
    (
        ItemKind::CreditMemo,
        "dg|crn|cm|cn|credit|credit memo|credit note|creditnote|gutschrift|gs|avoir|nota de credito|nota credito|abono|g2|rc|sales credit memo|sales credit note|credit memos|11|accreccredit|custcred|scn|rm",
    ),
    (
        ItemKind::Receipt,
        "dz|zp|pmt|payment|pay|receipt|zahlung|zahlungseingang|paiement|reglement|pago|cobro|cash|cash receipt|zr|15|custpymt|unapplied|unapplied payment|unapplied cash|customer payment|rcpt",
    ),
    (
        ItemKind::DebitMemo,
        "dm|dn|debit memo|debit note|debitnote|lastschrift|belastung|nota de debito|note de debit|nota debito|chargeback|cb|l2|debit",
    ),
    (
        ItemKind::LateCharge,
        "finance charge|late charge|late fee|interest|interest invoice|zinsen|verzugszinsen|interets|intereses|fc|fin chg|finchrg|late payment charge",
    ),
    (
        ItemKind::OnAccount,
        "on account|prepayment|deposit|down payment|anzahlung|acompte|anticipo|advance|advance payment|custdep|arprepayment|aroverpayment|overpayment|dep",
    ),
];

/// What a type as written says.
pub(crate) fn says(text: &str) -> TypeSays {
    let name = fold(text);
    if name == "ab" || name == "clearing" {
        return TypeSays::Clearing;
    }
    let found = TYPES
        .iter()
        .find(|(_, names)| names.split('|').any(|n| n == name));
    found.map_or(TypeSays::Nothing, |(kind, _)| TypeSays::Kind(*kind))
}

/// The kind of an item with this sign.
pub(crate) fn kind(says: TypeSays, amount: i64) -> (ItemKind, bool) {
    let negative = amount < 0;
    match says {
        TypeSays::Kind(kind) if kind.is_credit() == negative || amount == 0 => (kind, true),
        // A negative invoice is a credit; a positive payment is money going back: a debit.
        TypeSays::Kind(kind) if kind.is_credit() => (ItemKind::DebitMemo, false),
        TypeSays::Kind(_) => (ItemKind::CreditMemo, false),
        TypeSays::Clearing if negative => (ItemKind::Receipt, true),
        TypeSays::Clearing => (ItemKind::Invoice, true),
        TypeSays::Nothing if negative => (ItemKind::CreditMemo, true),
        TypeSays::Nothing => (ItemKind::Invoice, true),
    }
}
