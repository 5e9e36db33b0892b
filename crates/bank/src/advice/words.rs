//! Words of advices: labels before numbers, and the runs of characters between blanks.

use crate::remittance::DocumentKind;

/// Words before a number, and what they say it is.
pub(super) const LABELS: [(&str, Label); 58] = [
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
    ("mobile", Label::Other),
    ("lockbox", Label::Other),
    ("batch", Label::Other),
    ("depository", Label::Other),
    ("account", Label::Other),
    ("acct", Label::Other),
    ("a/c", Label::Other),
    ("konto", Label::Other),
    ("kontonummer", Label::Other),
    ("vat", Label::Other),
    ("gstin", Label::Other),
    ("pan", Label::Other),
];

/// Lines of a mail's head that name no document and no money.
const HEADS: [&str; 13] = [
    "from",
    "to",
    "cc",
    "bcc",
    "sent",
    "message-id",
    "in-reply-to",
    "reply-to",
    "received",
    "von",
    "an",
    "gesendet",
    "date",
];

/// Words before an amount that say it is what is paid in all.
const TOTALS: [&str; 17] = [
    "total",
    "summe",
    "gesamt",
    "amount",
    "montant",
    "paid",
    "paying",
    "remitting",
    "remitted",
    "remittance of",
    "net payment",
    "zahlbetrag",
    "betrag",
    "importe",
    "importo",
    "bedrag",
    "transferred",
];

/// Words before an amount that say it was taken off.
const OFF: [&str; 20] = [
    "less",
    "minus",
    "tds",
    "wht",
    "withh",
    "deduct",
    "discount",
    "skonto",
    "escompte",
    "korting",
    "descuento",
    "sconto",
    "abzug",
    "abzgl",
    "abzüglich",
    "short",
    "disputed",
    "charges",
    "fee",
    "credit",
];

/// Whether words before an amount say that it is the total.
pub(super) fn says_total(words: &str) -> bool {
    let words = words.to_lowercase();
    let owed = ["gross", "brutto", "due", "open", "balance", "owed"];
    TOTALS.iter().any(|w| words.contains(w))
        && !says_off(&words)
        && !owed.iter().any(|w| words.contains(w))
}

/// Whether words before an amount say that it was taken off.
pub(super) fn says_off(words: &str) -> bool {
    let words = words.to_lowercase();
    OFF.iter().any(|w| words.contains(w))
}

/// `Label: value`: the label in small letters, and the value.
pub(super) fn field(line: &str) -> Option<(String, &str)> {
    let (label, value) = line.split_once(':')?;
    let label = label.trim();
    (label.len() <= 30 && !label.is_empty()).then(|| (label.to_lowercase(), value.trim()))
}

/// Whether a line belongs to the head of a mail. A date alone is the payment's.
pub(super) fn is_head(line: &str) -> bool {
    let Some((label, value)) = field(line) else {
        return false;
    };
    match label.as_str() {
        "date" => value.contains(':'),
        label => HEADS.contains(&label),
    }
}

/// Whether a token is a time, a zone, or a year behind a month: digits that number nothing.
pub(super) fn is_clock(token: &str, before: Option<&str>) -> bool {
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let time = token.contains(':') && token.split(':').all(|p| digits(p) && p.len() <= 2);
    let zone = token
        .strip_prefix(['+', '-'])
        .is_some_and(|t| digits(t) && t.len() == 4);
    let year = digits(token) && token.len() == 4 && matches!(&token[..2], "19" | "20");
    time || zone || year && before.is_some_and(is_month)
}

fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 20] = [
        "jan", "feb", "mar", "mär", "mrz", "apr", "avr", "may", "mai", "jun", "jui", "jul", "aug",
        "aoû", "sep", "oct", "okt", "nov", "dec", "dez",
    ];
    let head: String = word.to_lowercase().chars().take(3).collect();
    word.chars().all(|c| c.is_alphabetic() || c == '.') && MONTHS.contains(&head.as_str())
}

/// Whether digits stand in groups of an amount: `10,000`, `1,18,000`, `1.234.567`. One point is left
/// alone: it may part a number.
pub(super) fn is_grouped(token: &str) -> bool {
    let groups = |mark: char| {
        let parts: Vec<&str> = token.split(mark).collect();
        let digits = parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
        let inner = parts
            .iter()
            .skip(1)
            .rev()
            .skip(1)
            .all(|p| matches!(p.len(), 2 | 3));
        let last = parts.last().is_some_and(|p| p.len() == 3);
        let first = parts.first().is_some_and(|p| (1..=3).contains(&p.len()));
        (parts.len() > 1 && digits && inner && last && first).then_some(parts.len())
    };
    groups(',').is_some() || groups('.').is_some_and(|n| n > 2)
}

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
