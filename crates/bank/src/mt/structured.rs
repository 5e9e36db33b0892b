//! `:86:` in the dialects banks write it in: German sub-fields, Dutch and SWIFT slash codes, words.

use super::coded_amount;
use crate::camt::german_code;
use crate::iso::given;
use crate::reference::{Reference, ReferenceKind, iban_shaped};
use crate::statement::{Account, Charge, Detail, Entry, EntryKind, Party, Return};
use crate::text::{append, some, squeezed};

/// What an `:86:` tells.
pub(super) struct Read {
    pub detail: Detail,
    pub kind: Option<EntryKind>,
    /// The transaction code before the sub-fields.
    pub code: String,
    /// The booking's title.
    pub title: String,
}

/// Where the party of an `:86:` belongs: the payer of money in, the payee of money out. A return
/// names the one whose payment it was.
struct Parts {
    party: Party,
    ultimate: Party,
    read: Read,
}

pub(super) fn read(lines: &[&str], entry: &Entry) -> Read {
    let mut parts = Parts {
        party: Party::default(),
        ultimate: Party::default(),
        read: Read {
            detail: Detail::default(),
            kind: None,
            code: String::new(),
            title: String::new(),
        },
    };
    let joined: String = lines
        .iter()
        .map(|l| l.trim_end_matches(['\r', '\n']))
        .collect();
    let credit = entry.amount.minor >= 0;
    if let Some((code, separator, rest)) = german(&joined) {
        parts.read.kind = code.parse().ok().and_then(|n| german_code(n, credit));
        parts.read.code = code.to_owned();
        parts.german(separator, rest);
    } else if slash_coded(&joined) {
        parts.slashes(&joined, credit);
    } else {
        parts.words(lines, entry);
    }
    let Parts {
        party,
        ultimate,
        mut read,
    } = parts;
    if credit {
        (read.detail.payer, read.detail.ultimate_payer) = (party, ultimate);
    } else {
        (read.detail.payee, read.detail.ultimate_payee) = (party, ultimate);
    }
    for word in read.detail.text.clone().split_whitespace() {
        let reference = Reference::of(word);
        if matches!(
            reference.kind,
            ReferenceKind::Rf | ReferenceKind::Belgian | ReferenceKind::Swiss
        ) && reference.valid == Some(true)
            && !read.detail.references.contains(&reference)
        {
            read.detail.references.push(reference);
        }
    }
    read
}

/// `166?00...`: three digits (one variant leaves them out), the separator, then a sub-field number.
fn german(text: &str) -> Option<(&str, char, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 0 && digits != 3 {
        return None;
    }
    let (code, rest) = text.split_at(digits);
    let separator = rest.chars().next()?;
    let after = &rest.as_bytes()[separator.len_utf8()..];
    let number = after.len() >= 2 && after[..2].iter().all(u8::is_ascii_digit);
    let known = matches!(
        separator,
        '?' | '>' | '<' | '~' | '^' | '!' | '|' | '#' | '$' | '&' | '+' | '@'
    );
    (number && known && (digits == 3 || matches!(separator, '?' | '>')))
        .then_some((code, separator, rest))
}

/// SEPA's keywords within the purpose.
const KEYWORDS: [&str; 16] = [
    "EREF", "KREF", "MREF", "CRED", "DEBT", "SVWZ", "ABWA", "ABWE", "COAM", "OAMT", "IBAN", "BREF",
    "RREF", "PURP", "BIC", "RETP",
];

impl Parts {
    fn german(&mut self, separator: char, text: &str) {
        let mut purpose: Vec<&str> = Vec::new();
        for part in text.split(separator) {
            let Some((number, value)) = part.split_at_checked(2) else {
                continue;
            };
            if !number.bytes().all(|b| b.is_ascii_digit()) {
                // A separator within the text.
                purpose.push(part);
                continue;
            }
            match number.parse::<u8>().unwrap_or(99) {
                0 => self.read.title = squeezed(value),
                20..=29 | 60..=65 => purpose.push(value),
                30 => self.party.account.bank = some(value),
                31 | 38 => self.account(value),
                32 | 33 => self.party.name.get_or_insert_default().push_str(value),
                _ => {}
            }
        }
        self.party.name = self.party.name.take().and_then(|n| some(&squeezed(&n)));
        self.keywords(&put_together(&purpose));
    }

    fn account(&mut self, value: &str) {
        let plain: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        if plain.is_empty() {
            return;
        }
        let bank = self.party.account.bank.take();
        self.party.account = Account {
            bank,
            ..Account::of(&plain)
        };
    }

    /// `EREF+...MREF+...SVWZ+...`, also with colons.
    fn keywords(&mut self, text: &str) {
        let mut marks: Vec<(usize, usize, &str)> = Vec::new();
        for (at, _) in text.match_indices(['+', ':']) {
            let found = KEYWORDS.iter().find(|k| text[..at].ends_with(**k));
            if let Some(keyword) = found {
                let start = at - keyword.len();
                // A keyword begins the text, or a word; after a cut it may touch the one before.
                let free =
                    text.as_bytes()[at] == b'+' || start == 0 || text.as_bytes()[start - 1] == b' ';
                if free {
                    marks.push((start, at + 1, keyword));
                }
            }
        }
        let head = text[..marks.first().map_or(text.len(), |m| m.0)].trim();
        append(&mut self.read.detail.text, head);
        for (i, (_, from, keyword)) in marks.iter().enumerate() {
            let to = marks.get(i + 1).map_or(text.len(), |m| m.0);
            self.keyword(keyword, text[*from..to].trim());
        }
    }

    fn keyword(&mut self, keyword: &str, value: &str) {
        let detail = &mut self.read.detail;
        let compact = || value.split_whitespace().collect::<String>();
        match keyword {
            "EREF" => detail.end_to_end = given(Some(value)),
            "KREF" => detail.customer_reference = given(Some(value)),
            "MREF" => detail.mandate = some(&compact()),
            "CRED" | "DEBT" => self.party.id = some(&compact()),
            "IBAN" => self.account(value.split_whitespace().next().unwrap_or("")),
            "BIC" => self.party.account.bank = value.split_whitespace().next().map(str::to_owned),
            "ABWA" | "ABWE" => self.ultimate.name = some(value),
            "OAMT" => {
                detail.instructed =
                    coded_amount(value).or_else(|| coded_amount(&format!("EUR{value}")))
            }
            "COAM" => {
                if let Some(charge) = coded_amount(&format!("EUR{value}")) {
                    let amount = charge.checked_neg().unwrap_or(charge);
                    detail.charges.push(Charge {
                        amount,
                        included: None,
                        text: "COAM".into(),
                    });
                }
            }
            "PURP" => detail.purpose = some(value),
            "RETP" => {
                detail.returned = Some(Return {
                    code: value.to_owned(),
                    text: String::new(),
                });
            }
            "RREF" | "BREF" => {}
            _ => append(&mut detail.text, value),
        }
    }
}

/// Purpose parts of 27 characters are cut in mid-word; a shorter part ends with its word.
fn put_together(parts: &[&str]) -> String {
    let mut out = String::new();
    let mut full = true;
    for part in parts {
        if !full {
            out.push(' ');
        }
        out.push_str(part);
        full = part.chars().count() >= 27 || part.ends_with(' ');
    }
    out
}

/// Codes between slashes, as Dutch banks and SWIFT's structured narrative have them.
const SLASHED: [&str; 38] = [
    "TRTP", "TYPE", "IBAN", "BIC", "NAME", "REMI", "EREF", "IREF", "PREF", "RREF", "KREF", "MARF",
    "CSID", "ORDP", "BENM", "CNTP", "ULTD", "ULTC", "ULTB", "ISDT", "PURP", "RTRN", "ADDR", "ID",
    "OCMT", "CHGS", "EXCH", "SVCL", "IACC", "ORIG", "TRCD", "TRID", "NRTX", "RTRC", "INV", "ROC",
    "RFB", "SWOC",
];

fn slash_coded(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix('/') else {
        return false;
    };
    rest.split_once('/')
        .is_some_and(|(code, _)| SLASHED.contains(&code))
}

impl Parts {
    fn slashes(&mut self, text: &str, credit: bool) {
        // Positions of `/CODE/` with a known code.
        let mut marks: Vec<(usize, usize, &str)> = Vec::new();
        let slashes: Vec<usize> = text.match_indices('/').map(|(i, _)| i).collect();
        for pair in slashes.windows(2) {
            let code = &text[pair[0] + 1..pair[1]];
            let free = marks.last().is_none_or(|m| m.1 <= pair[0] + 1);
            if free && SLASHED.contains(&code) {
                marks.push((pair[0], pair[1] + 1, code));
            }
        }
        for (i, (_, from, code)) in marks.iter().enumerate() {
            let to = marks.get(i + 1).map_or(text.len(), |m| m.0.max(*from));
            let value = text[*from..to].trim().trim_end_matches('/').trim();
            self.slash(code, value, credit);
        }
    }

    fn slash(&mut self, code: &str, value: &str, credit: bool) {
        if value.is_empty() {
            return;
        }
        let detail = &mut self.read.detail;
        match code {
            "TRTP" | "TYPE" => self.read.title = value.to_owned(),
            "IBAN" => self.account(value),
            "BIC" => self.party.account.bank = some(value),
            "NAME" if self.party.name.is_none() => self.party.name = some(value),
            "CNTP" => {
                // IBAN/BIC/NAME/CITY
                let mut parts = value.split('/');
                if let Some(account) = parts.next() {
                    self.account(account);
                }
                self.party.account.bank = parts.next().and_then(some);
                self.party.name = parts.next().and_then(some);
            }
            "REMI" => {
                let value = ["USTD//", "USTD/"]
                    .iter()
                    .find_map(|p| value.strip_prefix(p))
                    .unwrap_or(value);
                if let Some(structured) = value.strip_prefix("STRD/") {
                    let text = structured.rsplit('/').next().unwrap_or(structured);
                    detail.references.push(Reference::of(text));
                }
                append(&mut detail.text, value);
            }
            "EREF" => detail.end_to_end = given(Some(value)),
            "KREF" | "PREF" | "IREF" | "ROC" | "RFB" => {
                detail.customer_reference = detail
                    .customer_reference
                    .take()
                    .or_else(|| given(Some(value)));
            }
            "MARF" => detail.mandate = some(value),
            "CSID" => self.party.id = some(value),
            "ULTD" | "ULTC" | "ULTB" => {
                self.ultimate.name = some(value.trim_start_matches("NAME/"))
            }
            "PURP" => detail.purpose = some(value.trim_start_matches("CD/")),
            "RTRN" | "RTRC" => {
                detail.returned = Some(Return {
                    code: value.to_owned(),
                    text: String::new(),
                });
                self.read.kind = Some(if credit {
                    EntryKind::PaymentReturned
                } else {
                    EntryKind::ReceiptReturned
                });
            }
            "OCMT" => detail.instructed = coded_amount(value),
            "CHGS" => {
                if let Some(charge) = coded_amount(value) {
                    let amount = charge.checked_neg().unwrap_or(charge);
                    detail.charges.push(Charge {
                        amount,
                        included: None,
                        text: "CHGS".into(),
                    });
                }
            }
            "INV" | "SWOC" => append(&mut detail.text, value),
            _ => {}
        }
    }

    /// Words: lines cut at 65 characters run on, others end with their word.
    fn words(&mut self, lines: &[&str], entry: &Entry) {
        let mut text = String::new();
        let mut cut = true;
        for line in lines {
            let line = line.trim_end_matches(['\r', '\n']);
            if !cut && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(line);
            cut = line.chars().count() == 65 && !line.ends_with(' ');
        }
        self.read.detail.text = squeezed(&text);
        let first = squeezed(lines.first().copied().unwrap_or(""));
        // Dutch: the account of `:61:` again, then the name.
        let (head, name) = first.split_once(' ').unwrap_or((&first, ""));
        if entry.reference.as_deref() == Some(head)
            && head.len() >= 9
            && head.ends_with(|c: char| c.is_ascii_digit())
        {
            self.account(head);
            self.party.name = some(name);
        }
        self.labelled(lines);
    }

    /// `REK: NL65INGB0123456789/NAAM: PICQER`, `AUFTRAGGEBER: JANE DOE ...`.
    fn labelled(&mut self, lines: &[&str]) {
        for line in lines {
            for (label, name) in [
                ("REK:", false),
                ("IBAN:", false),
                ("NAAM:", true),
                ("NAME:", true),
            ] {
                let Some(at) = line.find(label) else {
                    continue;
                };
                let value = line[at + label.len()..].trim();
                if name {
                    self.party.name = self.party.name.take().or_else(|| some(value));
                } else {
                    let account: String = value
                        .chars()
                        .take_while(|c| c.is_ascii_alphanumeric())
                        .collect();
                    if iban_shaped(&account) {
                        self.account(&account);
                    }
                }
            }
        }
    }
}
