//! What an entry is, by ISO's bank transaction codes or the German ones that banks put beside them.

use crate::statement::{Entry, EntryKind};
use crate::xml::Node;

/// What the first transaction says where the entry itself does not.
pub(crate) struct Hints {
    code: String,
    returned: bool,
}

impl Hints {
    pub fn of(node: &Node) -> Hints {
        Hints {
            code: node.child("BkTxCd").map(code).unwrap_or_default(),
            returned: node.child("RtrInf").is_some(),
        }
    }
}

/// `PMNT/RCDT/ESCT`, or the proprietary code.
pub(crate) fn code(node: &Node) -> String {
    let parts = ["Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd"];
    let parts: Vec<&str> = parts.iter().filter_map(|p| node.text_at(p)).collect();
    let own = node.text_at("Prtry/Cd").unwrap_or("");
    match (parts.is_empty(), own.is_empty()) {
        (true, _) => own.to_owned(),
        (false, true) => parts.join("/"),
        (false, false) => format!("{} {own}", parts.join("/")),
    }
}

/// The kind of an entry.
pub(crate) fn of(entry: &Entry, own: &Node, hints: Option<&Hints>) -> EntryKind {
    let credit = entry.amount.minor >= 0;
    let returned = hints.is_some_and(|h| h.returned) || own.child("RtrInf").is_some();
    if returned || entry.reversal {
        return if credit {
            EntryKind::PaymentReturned
        } else {
            EntryKind::ReceiptReturned
        };
    }
    let by_code = |code: &str| {
        let (iso, rest) = code.split_once(' ').unwrap_or((code, ""));
        let found = if iso.contains('/') {
            by_iso(iso, credit)
        } else {
            by_proprietary(iso, credit)
        };
        if found == EntryKind::Unknown {
            by_proprietary(rest, credit)
        } else {
            found
        }
    };
    match by_code(&entry.code) {
        EntryKind::Unknown => hints.map_or(EntryKind::Unknown, |h| by_code(&h.code)),
        kind => kind,
    }
}

fn by_iso(code: &str, credit: bool) -> EntryKind {
    let mut parts = code.split('/');
    let domain = parts.next().unwrap_or("");
    let family = parts.next().unwrap_or("");
    let sub = parts.next().unwrap_or("");
    match sub {
        "CHRG" | "FEES" | "COMM" => return EntryKind::Charges,
        "INTR" | "CAPL" => return EntryKind::Interest,
        "TAXE" | "WITH" => return EntryKind::Tax,
        "RRTN" | "UPDD" | "PRDD" | "RPCR" | "CQRV" | "RVRS" | "UPCQ" | "UPCT" => {
            return if credit {
                EntryKind::PaymentReturned
            } else {
                EntryKind::ReceiptReturned
            };
        }
        _ => {}
    }
    match (domain, family) {
        ("PMNT", "RCDT" | "RRCT") if credit => EntryKind::Receipt,
        ("PMNT", "RCHQ" | "LBOX") if credit => EntryKind::Cheques,
        ("PMNT", "IDDT") if credit => EntryKind::Collection,
        ("PMNT", "IDDT") => EntryKind::ReceiptReturned,
        ("PMNT", "MCRD") => EntryKind::Cards,
        ("PMNT", "ICDT" | "IRCT" | "RDDT" | "ICHQ" | "CCRD" | "DRFT") if !credit => {
            EntryKind::Payment
        }
        ("CAMT", _) | ("ACMT", "MCOP" | "OPCL") => EntryKind::Transfer,
        ("LDAS", _) => EntryKind::Transfer,
        _ => EntryKind::Unknown,
    }
}

/// `NTRF+166+9249`, `166`, or a SWIFT type.
fn by_proprietary(code: &str, credit: bool) -> EntryKind {
    for part in code.split(['+', '/', ' ']) {
        let digits = part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit());
        if let Some(kind) = part
            .parse::<u16>()
            .ok()
            .filter(|_| digits)
            .and_then(|n| german_code(n, credit))
        {
            return kind;
        }
        if let Some(kind) = crate::mt::swift_type(part, credit) {
            return kind;
        }
    }
    EntryKind::Unknown
}

/// The German transaction codes (Geschäftsvorfallcodes).
pub(crate) fn german_code(code: u16, credit: bool) -> Option<EntryKind> {
    Some(match code {
        8 | 51..=54 | 65..=69 | 82 | 152..=156 | 160..=170 | 201..=209 if credit => {
            EntryKind::Receipt
        }
        1..=3 | 70 | 75 | 88 if credit => EntryKind::Cheques,
        71 | 171 | 172 | 174 | 192..=196 if credit => EntryKind::Collection,
        106 | 107 | 110..=112 | 198 if credit => EntryKind::Cards,
        108 | 109 | 9 | 59 | 159 | 181 | 182 | 183 | 184 => {
            if credit {
                EntryKind::PaymentReturned
            } else {
                EntryKind::ReceiptReturned
            }
        }
        801..=808 | 810..=813 | 816 | 817 => EntryKind::Charges,
        809 | 814 | 815 | 818 | 819 => EntryKind::Interest,
        820 | 821 | 824..=826 | 833 | 834 | 836 => EntryKind::Transfer,
        899 | 888 => EntryKind::Correction,
        1..=7
        | 10
        | 20
        | 101..=107
        | 110..=112
        | 116..=119
        | 177
        | 179
        | 190
        | 191
        | 197
        | 201..=209
            if !credit =>
        {
            EntryKind::Payment
        }
        _ => return None,
    })
}
