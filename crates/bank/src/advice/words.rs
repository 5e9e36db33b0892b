//! Words of advices: labels before numbers, and the runs of characters between blanks.

use crate::remittance::DocumentKind;

/// Words before a number, and what they say it is.
pub(super) const LABELS: [(&str, Label); 46] = [
    ("invoice", Label::Document(DocumentKind::Invoice)),
    ("invoices", Label::Document(DocumentKind::Invoice)),
    ("inv", Label::Document(DocumentKind::Invoice)),
    ("invs", Label::Document(DocumentKind::Invoice)),
    ("bill", Label::Document(DocumentKind::Invoice)),
    ("bills", Label::Document(DocumentKind::Invoice)),
    ("rechnung", Label::Document(DocumentKind::Invoice)),
    ("rechnungen", Label::Document(DocumentKind::Invoice)),
    ("rechnungsnummer", Label::Document(DocumentKind::Invoice)),
    ("rechnungsnr", Label::Document(DocumentKind::Invoice)),
    ("rg", Label::Document(DocumentKind::Invoice)),
    ("rgnr", Label::Document(DocumentKind::Invoice)),
    ("re", Label::Document(DocumentKind::Invoice)),
    ("facture", Label::Document(DocumentKind::Invoice)),
    ("factures", Label::Document(DocumentKind::Invoice)),
    ("factura", Label::Document(DocumentKind::Invoice)),
    ("facturas", Label::Document(DocumentKind::Invoice)),
    ("fattura", Label::Document(DocumentKind::Invoice)),
    ("fatture", Label::Document(DocumentKind::Invoice)),
    ("factuur", Label::Document(DocumentKind::Invoice)),
    ("facturen", Label::Document(DocumentKind::Invoice)),
    ("document", Label::Document(DocumentKind::Invoice)),
    ("ref", Label::Document(DocumentKind::Invoice)),
    ("credit", Label::Document(DocumentKind::CreditNote)),
    ("gutschrift", Label::Document(DocumentKind::CreditNote)),
    ("avoir", Label::Document(DocumentKind::CreditNote)),
    ("cn", Label::Document(DocumentKind::CreditNote)),
    ("cm", Label::Document(DocumentKind::CreditNote)),
    ("debit", Label::Document(DocumentKind::DebitNote)),
    ("dn", Label::Document(DocumentKind::DebitNote)),
    ("po", Label::Document(DocumentKind::PurchaseOrder)),
    ("order", Label::Document(DocumentKind::PurchaseOrder)),
    ("bestellung", Label::Document(DocumentKind::PurchaseOrder)),
    ("utr", Label::Payment),
    ("neft", Label::Payment),
    ("rtgs", Label::Payment),
    ("imps", Label::Payment),
    ("trace", Label::Payment),
    ("cheque", Label::Payment),
    ("check", Label::Payment),
    ("chq", Label::Payment),
    ("payment", Label::Payment),
    ("eft", Label::Payment),
    ("phone", Label::Other),
    ("tel", Label::Other),
    ("fax", Label::Other),
];

/// Words between a label and its number.
pub(super) const FILLERS: [&str; 18] = [
    "no",
    "nos",
    "nr",
    "nummer",
    "number",
    "numbers",
    "num",
    "note",
    "memo",
    "id",
    "ref",
    "reference",
    "notes",
    "and",
    "und",
    "de",
    "n",
    "et",
];

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Label {
    Document(DocumentKind),
    Payment,
    Other,
}

/// A run of characters without blanks, without the marks around it.
#[derive(Clone, Copy)]
pub(super) struct Token<'t> {
    pub start: usize,
    pub text: &'t str,
}

/// Runs between blanks and between marks that no number has inside.
pub(super) fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut start = None;
    let mut push = |from: usize, to: usize| {
        let raw = &line[from..to];
        let text = raw.trim_start_matches(['"', '\'', '*', '“', '„', '>', '·', '•']);
        let start = from + raw.len() - text.len();
        let text = text.trim_end_matches(['"', '\'', '*', '”', '.', ',', ':', ';', '!', '?']);
        if !text.is_empty() {
            out.push(Token { start, text });
        }
    };
    let chars: Vec<(usize, char)> = line.char_indices().collect();
    for (n, (i, c)) in chars.iter().enumerate() {
        let next = chars.get(n + 1).map_or(' ', |c| c.1);
        let previous = n
            .checked_sub(1)
            .and_then(|n| chars.get(n))
            .map_or(' ', |c| c.1);
        let inside = |c: char| c.is_ascii_digit();
        let splits = c.is_whitespace()
            || matches!(c, ';' | '|' | '(' | ')' | '[' | ']' | '=' | '<' | '\u{a0}' | '\t')
            || (matches!(c, ',' | ':') && !(inside(previous) && inside(next)))
            // A comma between long numbers separates them.
            || (*c == ',' && !figure_comma(line, *i));
        match (splits, start) {
            (true, Some(from)) => {
                push(from, *i);
                start = None;
            }
            (false, None) => start = Some(*i),
            _ => {}
        }
    }
    if let Some(from) = start {
        push(from, line.len());
    }
    out
}

/// Whether a comma groups or marks decimals: one to three digits behind it, and no more.
fn figure_comma(line: &str, at: usize) -> bool {
    let behind = line[at + 1..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let ahead = line[..at]
        .bytes()
        .rev()
        .take_while(u8::is_ascii_digit)
        .count();
    (1..=3).contains(&behind) && (ahead <= 3 || behind <= 2)
}
