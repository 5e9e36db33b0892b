//! Text of an e-mail, a letter or a PDF, pasted: the amounts, numbers and dates in it with their
//! places (domain.md 5.3). What they mean is not decided here: each mark says what it looks like,
//! and lines with a number and an amount become lines of a remittance, to be confirmed.

mod lines;
mod words;

use crate::limits::{MAX_ADVICE_BYTES, MAX_MARKS};
use crate::reference::{Reference, ReferenceKind, iban_valid};
use crate::remittance::{DocumentKind, Remittance};
use crate::text;
use duebook_money::amount::{Inference, StyleVotes, parse};
use duebook_money::date::{infer_order, parse_with};
use duebook_money::{Currency, Day, Money, Rounding, Style};
use lines::remittance;
use words::{FILLERS, LABELS, Label, Token, is_clock, is_grouped, is_head, tokens};

/// What a piece of the text looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkKind {
    /// An amount. Its sign is as written; a bracket is negative.
    Amount {
        /// The amount; in the advice's currency where none stands beside it.
        amount: Money,
        /// A currency stands beside it.
        named: bool,
    },
    /// A number that may be a document's.
    Number {
        /// What the word before it says it is.
        label: Option<DocumentKind>,
    },
    /// Two document numbers with a dash or `to` between: all from one to the other.
    Range {
        /// What the word before says they are.
        label: Option<DocumentKind>,
    },
    /// A reference with right check digits.
    Reference(Reference),
    /// An IBAN with right check digits.
    Iban,
    /// A day.
    Day(Day),
    /// The number of the payment: UTR, trace, cheque.
    Payment,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// Line, from 1.
    pub line: u32,
    /// What it looks like.
    pub kind: MarkKind,
}

impl Mark {
    /// The piece itself.
    pub fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// What was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Marks in the order of the text.
    pub marks: Vec<Mark>,
    /// The text's lines that name a number, as a remittance.
    pub remittance: Remittance,
    /// There was more text, or there were more marks, than are read.
    pub cut: bool,
}

/// Finds what a text holds. `currency`: of amounts that name none.
pub fn read(text: &str, currency: Option<Currency>) -> Advice {
    let mut to = text.len().min(MAX_ADVICE_BYTES);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let cut = to < text.len();
    let text = &text[..to];
    let currency = currency
        .or_else(|| named_currency(text))
        .unwrap_or(Currency::XXX);
    let mut finder = Finder {
        style: style(text),
        order: order(text),
        currency,
        marks: Vec::new(),
        label: None,
    };
    let mut offset = 0;
    for (number, line) in text::lines(text) {
        // Where the line lies: lines are slices of the text.
        offset = text[offset..].find(line).map_or(offset, |at| at + offset);
        if !is_head(line) {
            finder.line(number, offset, line);
        }
        offset += line.len();
    }
    let cut = cut || finder.marks.len() >= MAX_MARKS;
    let remittance = remittance(text, &finder.marks, currency);
    Advice {
        marks: finder.marks,
        remittance,
        cut,
    }
}

/// The currency most often named in the text.
fn named_currency(text: &str) -> Option<Currency> {
    let mut found: Vec<(Currency, u32)> = Vec::new();
    for token in text.split(|c: char| {
        c.is_whitespace()
            || c.is_ascii_digit()
            || matches!(c, ',' | '.' | ':' | '(' | ')' | '-' | '/')
    }) {
        let code = Currency::from_code(token).filter(|_| {
            token.bytes().all(|b| b.is_ascii_uppercase()) && token != "ALL" && token != "TOP"
        });
        let currency = code.or_else(|| {
            let sign = token.chars().count() <= 3 && token.chars().any(|c| !c.is_alphanumeric());
            if sign || token == "Rs" {
                Currency::from_symbol(token).first().copied()
            } else {
                None
            }
        });
        if let Some(currency) = currency {
            match found.iter_mut().find(|f| f.0 == currency) {
                Some(f) => f.1 += 1,
                None => found.push((currency, 1)),
            }
        }
    }
    // The first of those named most often.
    found.iter().rev().max_by_key(|f| f.1).map(|f| f.0)
}

/// Candidates for amounts: digits with marks between.
fn style(text: &str) -> Style {
    let mut votes = StyleVotes::new();
    for token in text.split_whitespace() {
        let token = token.trim_matches(|c: char| !c.is_ascii_digit());
        let amount = token
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
        let marks = token.bytes().filter(|b| matches!(b, b'.' | b',')).count();
        let decimals = token.rsplit(['.', ',']).next().map_or(0, str::len);
        if amount && marks > 0 && decimals == 2 && token.len() < 20 && !is_date(token) {
            votes.push(token.as_bytes());
        }
    }
    match votes.finish() {
        Inference::Certain(style) => style,
        Inference::Ambiguous { .. } | Inference::Mixed { .. } => Style::POINT,
    }
}

fn is_date(token: &str) -> bool {
    let parts: Vec<&str> = token.split(['.', '/', '-']).collect();
    let sizes: Vec<usize> = parts.iter().map(|p| p.len()).collect();
    let digits = parts
        .iter()
        .all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    digits
        && matches!(
            sizes.as_slice(),
            [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4] | [2, 2, 2]
        )
}

fn order(text: &str) -> duebook_money::DateOrder {
    let dates = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        .filter(|t| is_date(t));
    let mut questions = Vec::new();
    crate::question::order_of(infer_order(dates), &mut questions, |_| None)
}

struct Finder {
    style: Style,
    order: duebook_money::DateOrder,
    currency: Currency,
    marks: Vec<Mark>,
    /// What the last word said the numbers behind it are.
    label: Option<Label>,
}

impl Finder {
    fn line(&mut self, number: u32, offset: usize, line: &str) {
        self.label = None;
        let tokens = tokens(line);
        let mut skip = 0;
        for (i, token) in tokens.iter().enumerate() {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            if self.marks.len() >= MAX_MARKS {
                return;
            }
            let before = i.checked_sub(1).and_then(|i| tokens.get(i));
            if let Some((kind, used)) = self.token(line, &tokens[i..], before) {
                let last = tokens.get(i + used - 1).unwrap_or(token);
                let (start, end) = (token.start, last.start + last.text.len());
                // A sign or bracket that belongs to the amount.
                self.marks.push(Mark {
                    start: offset + start,
                    end: offset + end,
                    line: number,
                    kind,
                });
                skip = used - 1;
            }
        }
    }

    /// What begins at the first of the tokens, and how many it takes.
    fn token(
        &mut self,
        line: &str,
        tokens: &[Token<'_>],
        before: Option<&Token<'_>>,
    ) -> Option<(MarkKind, usize)> {
        let token = tokens.first()?;
        let word = token.text.to_lowercase();
        let word = word.trim_end_matches(['.', ':', '#', '°', 'º']);
        if let Some((_, label)) = LABELS.iter().find(|(l, _)| *l == word) {
            self.label = Some(label.clone());
            return None;
        }
        if let Some((kind, used)) = spaced_reference(tokens) {
            return Some((kind, used));
        }
        if !token.text.bytes().any(|b| b.is_ascii_digit()) {
            if !FILLERS.contains(&word)
                && word.chars().any(char::is_alphanumeric)
                && Currency::from_code(token.text).is_none()
            {
                self.label = None;
            }
            return None;
        }
        if is_date(token.text)
            && let Ok(day) = parse_with(self.order, token.text.as_bytes())
        {
            return Some((MarkKind::Day(day), 1));
        }
        if let Some(amount) = self.amount(line, tokens, before) {
            return Some(amount);
        }
        let plain = token.text.trim_matches(|c: char| !c.is_alphanumeric());
        let digits = plain.bytes().filter(u8::is_ascii_digit).count();
        if digits == 0
            || plain.contains('@')
            || plain.contains("://")
            || matches!(self.label, Some(Label::Other))
            || is_clock(token.text, before.map(|t| t.text))
        {
            return None;
        }
        let label = match &self.label {
            Some(Label::Document(kind)) => Some(kind.clone()),
            Some(Label::Payment) => return (digits >= 4).then_some((MarkKind::Payment, 1)),
            _ => None,
        };
        // Fewer than four digits count only behind a label, or with a mark of a number.
        if digits < 4
            && label.is_none()
            && !(token.text.starts_with('#') || (plain.contains('-') && digits >= 3))
        {
            return None;
        }
        if is_range(tokens) {
            let one = range_of(token.text).is_some();
            return Some((MarkKind::Range { label }, if one { 1 } else { 3 }));
        }
        Some((MarkKind::Number { label }, 1))
    }

    /// An amount has decimals, or a currency beside it.
    fn amount(
        &self,
        line: &str,
        tokens: &[Token<'_>],
        before: Option<&Token<'_>>,
    ) -> Option<(MarkKind, usize)> {
        let token = tokens.first()?;
        let beside = |t: Option<&Token<'_>>| {
            let text = t?
                .text
                .trim_matches(|c: char| matches!(c, '.' | ':' | '(' | ')' | '='));
            let code =
                Currency::from_code(text).filter(|_| text.bytes().all(|b| b.is_ascii_uppercase()));
            code.or_else(|| {
                let sign = text.chars().any(|c| !c.is_alphanumeric()) || text == "Rs";
                (sign && text.chars().count() <= 3)
                    .then(|| Currency::from_symbol(text).first().copied())?
            })
        };
        let core = token.text.trim_end_matches(['.', ',', ';', ':']);
        let core = core.strip_suffix("/-").unwrap_or(core);
        let first = core.chars().next()?;
        if !(first.is_ascii_digit()
            || matches!(first, '-' | '+' | '(' | '.')
            || !first.is_alphanumeric()
            || first.is_ascii_uppercase())
        {
            return None;
        }
        let decimals = core
            .trim_end_matches([')', '-'])
            .rsplit(['.', ','])
            .next()
            .map_or(0, |d| d.bytes().take_while(u8::is_ascii_digit).count());
        let marked = core.contains(['.', ',']);
        // `1.234,56` in a text of points: the last mark with two digits behind it decides for itself.
        let style = match (core.rfind('.'), core.rfind(',')) {
            (Some(p), Some(c)) => {
                if p > c {
                    Style::POINT
                } else {
                    Style::COMMA
                }
            }
            (None, Some(_)) if decimals == 2 && core.matches(',').count() == 1 => Style::COMMA,
            (Some(_), None) if decimals == 2 && core.matches('.').count() == 1 => Style::POINT,
            (None, Some(_)) if is_grouped(core) => Style::POINT,
            (Some(_), None) if is_grouped(core) => Style::COMMA,
            _ => self.style,
        };
        let read = parse(core, style).ok()?;
        let own = read.currency.and_then(|m| m.candidates().first().copied());
        // `Inv 55 Rs 1,000`: the sign is the figure's behind it.
        let figure = |t: &Token<'_>| t.text.starts_with(|c: char| c.is_ascii_digit());
        let taken = matches!(self.label, Some(Label::Document(_)))
            && tokens.get(2).is_some_and(figure)
            && !marked;
        let behind = tokens.get(1).filter(|_| !taken);
        let other = own.or_else(|| beside(before)).or_else(|| beside(behind));
        let exponent = usize::from(other.unwrap_or(self.currency).exponent());
        let shaped =
            marked && (decimals == exponent || decimals == 2 && exponent == 2) && exponent > 0;
        // `10,000` is a figure in groups, and no document's number.
        if !shaped && !is_grouped(core) && other.is_none() {
            return None;
        }
        // A long run of digits with a code before it is an account or a number, not an amount.
        let digits = core.bytes().filter(u8::is_ascii_digit).count();
        if !marked && (digits > 9 || own.is_none() && self.label.is_some()) {
            return None;
        }
        let currency = other.unwrap_or(self.currency);
        // Brackets around it were cut off as marks of the text; they mean minus.
        let bracket = line[..token.start].ends_with('(')
            && line[token.start + token.text.len()..].starts_with(')');
        let value = if bracket { -read.value } else { read.value };
        let amount = Money::from_decimal(value, currency, Rounding::HalfUp).ok()?;
        Some((
            MarkKind::Amount {
                amount,
                named: other.is_some(),
            },
            1,
        ))
    }
}

/// RF references and IBANs are often written in groups of four.
fn spaced_reference(tokens: &[Token<'_>]) -> Option<(MarkKind, usize)> {
    let first = tokens.first()?.text;
    let b = first.as_bytes();
    if b.len() < 4
        || !b[..2].iter().all(u8::is_ascii_alphabetic)
        || !b[2..4].iter().all(u8::is_ascii_digit)
    {
        return None;
    }
    let mut plain = String::new();
    let mut best = None;
    for (i, token) in tokens.iter().take(9).enumerate() {
        if !token.text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            break;
        }
        plain.push_str(token.text);
        if iban_valid(&plain) {
            best = Some((MarkKind::Iban, i + 1));
        }
        let reference = Reference::of(&plain);
        if reference.kind == ReferenceKind::Rf && reference.valid == Some(true) {
            best = Some((MarkKind::Reference(reference), i + 1));
        }
    }
    best
}

/// `1001-1005`, or `1001 to 1005`: two numbers of one length, rising.
fn is_range(tokens: &[Token<'_>]) -> bool {
    let Some(first) = tokens.first() else {
        return false;
    };
    let between = tokens.get(1).map_or("", |t| t.text);
    range_of(first.text).is_some()
        || matches!(between, "to" | "bis" | "through" | "thru" | "-" | "–")
            && tokens
                .get(2)
                .is_some_and(|t| rising(first.text, t.text).is_some())
}

/// The two ends of a range without blanks.
fn range_of(token: &str) -> Option<(&str, &str)> {
    let (a, b) = token.split_once(['-', '–'])?;
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    (digits(a) && digits(b) && rising(a, b).is_some()).then_some((a, b))
}

/// What stands before the digits of both ends, the first, the last, and how many digits they have.
fn rising<'t>(a: &'t str, b: &'t str) -> Option<(&'t str, u64, u64, usize)> {
    let digits = |t: &str| t.bytes().rev().take_while(u8::is_ascii_digit).count();
    let n = digits(a);
    if n != digits(b) || !(3..=12).contains(&n) || a.len() != b.len() {
        return None;
    }
    let ((head, from), (other, to)) = (a.split_at(a.len() - n), b.split_at(b.len() - n));
    let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
    (head == other && from < to).then_some((head, from, to, n))
}

/// Each number of a range as written, up to [`MOST_OF_RANGE`]; `None`: it is none, or longer.
fn numbers_of(text: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (a, b) = match words.as_slice() {
        [one] => range_of(one)?,
        [a, _, b] => (*a, *b),
        _ => return None,
    };
    let (head, from, to, digits) = rising(a, b)?;
    let few = to - from < MOST_OF_RANGE;
    few.then(|| (from..=to).map(|n| format!("{head}{n:0digits$}")).collect())
}

/// Documents that a range may stand for; a longer one is left as it is written.
const MOST_OF_RANGE: u64 = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, MarkKind)> {
        let advice = read(text, Some(Currency::EUR));
        advice
            .marks
            .iter()
            .map(|m| (m.text(text).to_owned(), m.kind.clone()))
            .collect()
    }

    fn amount(minor: i64, named: bool) -> MarkKind {
        MarkKind::Amount {
            amount: Money::new(minor, Currency::EUR),
            named,
        }
    }

    #[test]
    fn numbers_and_amounts_have_their_places() {
        let invoice = Some(DocumentKind::Invoice);
        let all = found("We pay invoice no. INV-2026-000123 with EUR 1.234,56 on 05.03.2026.");
        assert_eq!(
            all[0],
            (
                "INV-2026-000123".into(),
                MarkKind::Number {
                    label: invoice.clone()
                }
            )
        );
        assert_eq!(all[1], ("1.234,56".into(), amount(123_456, true)));
        assert_eq!(all[2].0, "05.03.2026");
        let all = found("Invoices 1001-1005, 20017 and 20018; CN 4711 (12.50) RF18 5390 0754 7034");
        assert_eq!(
            all[0].1,
            MarkKind::Range {
                label: invoice.clone()
            }
        );
        assert_eq!(
            all[1],
            (
                "20017".into(),
                MarkKind::Number {
                    label: invoice.clone()
                }
            )
        );
        assert_eq!(
            all[2],
            ("20018".into(), MarkKind::Number { label: invoice })
        );
        assert_eq!(
            all[3].1,
            MarkKind::Number {
                label: Some(DocumentKind::CreditNote)
            }
        );
        assert_eq!(all[4], ("12.50".into(), amount(-1_250, false)));
        assert!(matches!(&all[5].1, MarkKind::Reference(r) if r.text == "RF18539007547034"));
    }

    #[test]
    fn lines_become_a_remittance() {
        let text = "UTR HDFCN52026031512345\nInvoice 10530  8,900.00\nInvoice 10531 2,400.00 less 250.00 = 2,150.00\nCredit note 88 50.00\nTotal 11,000.00\n";
        let advice = read(text, Some(Currency::USD));
        let lines: Vec<_> = advice
            .remittance
            .lines
            .iter()
            .map(|l| (l.reference.as_str(), l.paid.map(|p| p.minor)))
            .collect();
        assert_eq!(
            lines,
            [
                ("10530", Some(890_000)),
                ("10531", Some(215_000)),
                ("88", Some(-5_000))
            ]
        );
        assert_eq!(
            advice.remittance.trace.as_deref(),
            Some("HDFCN52026031512345")
        );
        assert_eq!(advice.remittance.total.map(|t| t.minor), Some(1_100_000));
    }

    #[test]
    fn ca_01_totals_and_payers_of_labelled_lines_and_no_numbers_of_the_house() {
        let stub = "LOCKBOX REMITTANCE ADVICE\nDepository: Second Bank, Lockbox 8123\nBatch: LBX-20260918-009\nDeposit date: 2026-09-18\nPayer: SOUTHWIND RETAIL CO\nAccount: SW-10077\nCheck number: 772104\nCheck amount: 3150.00\nInvoices: INV-90481\nPO: SW-PO-7831\nMemo: Payment for INV-90481\n";
        let r = read(stub, Some(Currency::USD)).remittance;
        assert_eq!(r.total.map(|t| t.minor), Some(315_000));
        assert_eq!(r.payer.name.as_deref(), Some("SOUTHWIND RETAIL CO"));
        assert_eq!(r.payer.id.as_deref(), Some("SW-10077"));
        assert_eq!(r.trace.as_deref(), Some("772104"));
        assert_eq!(documents(&r), ["INV-90481"]);
        let mail = "From: Payables <ap@example.com>\nSubject: Short pay on INV-90510\nDate: Fri, 18 Sep 2026 09:14:00 -0700\n\nRemitting: $1,240.00\nInvoices: INV-90510\nPO: C-PO-1\nDeduction: $40.00 broken, on PO C-PO-1\nWe are paying invoice INV-90510 short, 17 Sep 2026 at 10:30.\n";
        let r = read(mail, Some(Currency::USD)).remittance;
        assert_eq!(r.total.map(|t| t.minor), Some(124_000));
        assert_eq!(documents(&r), ["INV-90510"]);
        let off = &r.lines[0].adjustments[0];
        assert_eq!((off.amount.minor, r.lines[0].paid), (-4_000, None));
        let order = read("PO 4711 12.50\n", Some(Currency::USD)).remittance;
        assert_eq!(
            documents(&order),
            ["4711"],
            "an order alone is what they name"
        );
    }

    #[test]
    fn ca_01_what_is_taken_off_is_no_document_and_not_what_is_paid() {
        let r = read("Inv 55 Rs 1,18,000 less TDS 10,000\n", None).remittance;
        assert_eq!(documents(&r), ["55"]);
        let line = &r.lines[0];
        let minor = |m: Option<Money>| m.map(|m| m.minor);
        assert_eq!(r.currency, Currency::INR);
        assert_eq!(minor(line.gross), Some(11_800_000));
        assert_eq!(minor(line.withheld), Some(1_000_000));
        assert_eq!(minor(line.paid), Some(10_800_000));
        let r = read("Rs 1,18,000 less TDS 10,000\n", None).remittance;
        assert!(documents(&r).is_empty());
    }

    #[test]
    fn ca_01_a_range_is_every_document_of_it() {
        let r = read("Invoices 1001-1005, INV-098 to INV-101\n", None).remittance;
        let all = [
            "1001", "1002", "1003", "1004", "1005", "INV-098", "INV-099", "INV-100", "INV-101",
        ];
        assert_eq!(documents(&r), all);
        let r = read("Invoices 1001-5005\n", None).remittance;
        assert_eq!(documents(&r), ["1001-5005"], "too many to be meant");
    }

    fn documents(r: &Remittance) -> Vec<&str> {
        r.lines.iter().map(|l| l.reference.as_str()).collect()
    }

    #[test]
    fn phones_and_years_are_no_documents() {
        let all = found("Tel: 030 123456 in 2 days, call me on floor 12");
        assert!(all.is_empty(), "{all:?}");
        assert_eq!(found("Rs 1,27,500.00").len(), 1);
    }
}
