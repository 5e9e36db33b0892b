//! X12 820, payment order and remittance advice (formats.md 2.8).

use crate::figures::{self, day_8};
use crate::finding::{Problem, short};
use crate::remittance::{Adjustment, DocumentKind, Method, RemitLine, Remittance};
use crate::sink::Sink;
use crate::statement::Account;
use crate::text::{append, some};
use duebook_money::{Currency, Money};

/// Whether the text is an X12 interchange.
pub(crate) fn looks_like(head: &str) -> bool {
    let head = head.trim_start();
    head.starts_with("ISA")
        && head
            .as_bytes()
            .get(3)
            .is_some_and(|b| !b.is_ascii_alphanumeric())
        || head.starts_with("ST*820*")
}

struct Segment<'a> {
    line: u32,
    elements: Vec<&'a str>,
}

impl<'a> Segment<'a> {
    fn id(&self) -> &'a str {
        self.elements.first().copied().unwrap_or("")
    }
    /// An element by its number; empty where there is none.
    fn at(&self, number: usize) -> &'a str {
        self.elements.get(number).copied().unwrap_or("")
    }
}

/// Element separator and segment end, from the interchange header: never assumed to be `*` and `~`.
/// The header has sixteen elements; behind the last, of one character, stands the segment's end.
fn separators(text: &str) -> Option<(char, char)> {
    if text.starts_with("ST*") {
        return Some(('*', '~'));
    }
    let element = text.chars().nth(3)?;
    let last = text.split(element).nth(16)?;
    let mut chars = last.chars();
    let (component, end) = (chars.next()?, chars.next()?);
    // Without a component separator the segment's end comes at once.
    let end = if end == 'G' && last.starts_with(|c: char| !c.is_ascii_alphanumeric()) {
        component
    } else {
        end
    };
    (end != element).then_some((element, end))
}

fn segments(text: &str) -> Option<Vec<Segment<'_>>> {
    let text = text.trim_start();
    let (element, end) = separators(text)?;
    let mut line = 1u32;
    let mut out = Vec::new();
    for raw in text.split(end) {
        let before = raw.len() - raw.trim_start().len();
        let count = |t: &str| u32::try_from(t.bytes().filter(|b| *b == b'\n').count()).unwrap_or(0);
        line = line.saturating_add(count(&raw[..before]));
        let segment = raw.trim();
        if !segment.is_empty() {
            out.push(Segment {
                line,
                elements: segment.split(element).map(str::trim).collect(),
            });
        }
        // A segment end that is a newline counts as one.
        line = line
            .saturating_add(count(&raw[before..]))
            .saturating_add(u32::from(end == '\n'));
    }
    Some(out)
}

struct Reader<'s> {
    sink: &'s mut Sink,
    /// An 820 is open, since so many segments.
    open: Option<u64>,
    line: Option<RemitLine>,
    sets: u64,
}

/// Reads all 820s of an interchange.
pub(crate) fn read(text: &str, sink: &mut Sink) {
    let Some(segments) = segments(text) else {
        return sink.findings.add(Problem::Damaged {
            what: "ISA",
            text: short(text),
        });
    };
    let mut reader = Reader {
        sink,
        open: None,
        line: None,
        sets: 0,
    };
    for segment in &segments {
        reader.segment(segment);
    }
    if reader.open.is_some() {
        reader.sink.findings.add(Problem::CutOff { inside: "820" });
        reader.close();
    }
}

impl Reader<'_> {
    fn segment(&mut self, s: &Segment<'_>) {
        self.sink.findings.at.line = s.line;
        if let Some(count) = &mut self.open {
            *count += 1;
        }
        match (s.id(), self.open.is_some()) {
            ("ST", _) => self.begin(s),
            ("SE", true) => {
                let found = self.open.unwrap_or(0);
                if let Ok(written) = s.at(1).parse::<u64>()
                    && written != found
                {
                    self.sink.findings.add(Problem::Count {
                        of: "SE",
                        written,
                        found,
                    });
                }
                self.close();
            }
            ("GE", _) => {
                let found = std::mem::take(&mut self.sets);
                if let Ok(written) = s.at(1).parse::<u64>()
                    && written != found
                {
                    self.sink.findings.add(Problem::Count {
                        of: "GE",
                        written,
                        found,
                    });
                }
            }
            (_, false) => {}
            ("BPR", _) => self.payment(s),
            ("TRN", _) => self.with(|r| {
                r.trace = r.trace.take().or_else(|| some(s.at(2)));
                if r.method == Method::Cheque {
                    r.cheque = r.cheque.take().or_else(|| some(s.at(2)));
                }
            }),
            ("CUR", _) => {
                if let Some(currency) = Currency::from_code(s.at(2)) {
                    self.with(|r| {
                        r.currency = currency;
                        r.total = r.total.map(|t| Money::new(t.minor, currency));
                    });
                }
            }
            ("N1", _) => self.party(s),
            ("ENT", _) => self.flush(),
            ("RMR", _) => self.document(s),
            ("REF", _) => self.reference(s),
            ("DTM", _) => {
                let day = day_8(s.at(2));
                match &mut self.line {
                    Some(line) if matches!(s.at(1), "003" | "097") => line.date = line.date.or(day),
                    Some(_) => {}
                    None => self.with(|r| r.date = r.date.or(day)),
                }
            }
            ("ADX", _) => self.adjustment(s),
            ("NTE", _) => {
                let text = s.at(2).to_owned();
                match &mut self.line {
                    Some(line) => append(&mut line.text, &text),
                    None => self.with(|r| append(&mut r.text, &text)),
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, s: &Segment<'_>) {
        self.close();
        self.sets += 1;
        if s.at(1) != "820" {
            return self.sink.findings.add(Problem::UnknownRecord {
                text: short(&format!("ST {}", s.at(1))),
            });
        }
        let currency = self.sink.currency.unwrap_or(Currency::USD);
        let mut remittance = Remittance::new(s.line, currency);
        remittance.id = some(s.at(2));
        if self.sink.remittance(remittance) {
            self.open = Some(1);
        }
    }

    fn with(&mut self, set: impl FnOnce(&mut Remittance)) {
        if self.open.is_some()
            && let Some(r) = self.sink.remittances.last_mut()
        {
            set(r);
        }
    }

    fn currency(&self) -> Currency {
        self.sink
            .remittances
            .last()
            .map_or(Currency::USD, |r| r.currency)
    }

    /// An amount with its explicit decimal point; an empty element is none.
    fn amount(&mut self, text: &str) -> Option<Money> {
        let currency = self.currency();
        (!text.is_empty()).then(|| figures::money(text, currency, &mut self.sink.findings))?
    }

    /// BPR: handling, total, side, method, then accounts, and the date as element 16.
    fn payment(&mut self, s: &Segment<'_>) {
        let total = self.amount(s.at(2));
        let method = match s.at(4) {
            "ACH" | "BOP" => Method::Transfer,
            "FWT" | "SWT" => Method::Wire,
            "CHK" => Method::Cheque,
            "NON" => Method::None,
            _ => Method::Unknown,
        };
        // Short BPRs put the date last.
        let date = day_8(s.at(16)).or_else(|| {
            s.elements
                .last()
                .filter(|e| e.len() == 8)
                .and_then(|e| day_8(e))
        });
        self.with(|r| {
            r.total = total;
            r.method = method;
            r.date = date;
            r.payer.account = Account {
                bank: some(s.at(7)),
                ..Account::of(s.at(9))
            };
            r.payee.account = Account {
                bank: some(s.at(13)),
                ..Account::of(s.at(15))
            };
        });
    }

    fn party(&mut self, s: &Segment<'_>) {
        let (name, id) = (some(s.at(2)), some(s.at(4)));
        self.with(|r| {
            let party = match s.at(1) {
                "PR" => &mut r.payer,
                "PE" => &mut r.payee,
                _ => return,
            };
            if party.name.is_none() && party.id.is_none() {
                (party.name, party.id) = (name, id);
            }
        });
    }

    /// RMR: qualifier, number, action, paid, amount of the document, discount, reason, adjustment.
    fn document(&mut self, s: &Segment<'_>) {
        self.flush();
        let (paid, gross, discount) = (
            self.amount(s.at(4)),
            self.amount(s.at(5)),
            self.amount(s.at(6)),
        );
        let adjusted = self.amount(s.at(8));
        let kind = match s.at(1) {
            "IV" | "IK" | "OI" | "12" => DocumentKind::Invoice,
            "CM" | "CN" => DocumentKind::CreditNote,
            "DB" | "DM" => DocumentKind::DebitNote,
            "PO" => DocumentKind::PurchaseOrder,
            "AJ" => DocumentKind::Adjustment,
            other => DocumentKind::Other(other.to_owned()),
        };
        let mut line = RemitLine {
            line: s.line,
            reference: s.at(2).to_owned(),
            kind,
            gross,
            discount,
            paid,
            ..RemitLine::default()
        };
        if let Some(amount) = adjusted {
            line.adjustments.push(Adjustment {
                amount,
                code: s.at(7).to_owned(),
                text: String::new(),
            });
        }
        self.line = Some(line);
    }

    fn reference(&mut self, s: &Segment<'_>) {
        match &mut self.line {
            Some(line) => {
                line.others.push((s.at(1).to_owned(), s.at(2).to_owned()));
                append(&mut line.text, s.at(3));
            }
            None => self.with(|r| append(&mut r.text, &format!("{} {}", s.at(1), s.at(2)))),
        }
    }

    /// ADX within a document explains it; outside it is an amount of its own.
    fn adjustment(&mut self, s: &Segment<'_>) {
        let Some(amount) = self.amount(s.at(1)) else {
            return;
        };
        let adjustment = Adjustment {
            amount,
            code: s.at(2).to_owned(),
            text: s.at(4).to_owned(),
        };
        match &mut self.line {
            Some(line) => line.adjustments.push(adjustment),
            None => {
                let line = RemitLine {
                    line: s.line,
                    reference: s.at(4).to_owned(),
                    kind: DocumentKind::Adjustment,
                    adjustments: vec![adjustment],
                    paid: Some(amount),
                    ..RemitLine::default()
                };
                self.sink.line(line);
            }
        }
    }

    fn flush(&mut self) {
        if let Some(line) = self.line.take() {
            self.sink.line(line);
        }
    }

    fn close(&mut self) {
        self.flush();
        if self.open.take().is_some() {
            crate::check_remittance(self.sink);
        }
    }
}
