//! BAI lockbox: fixed-width records of cheques and what their stubs say. Banks change the widths,
//! so the layout is a value that the user may edit.

use crate::figures::{day_6, day_mdy};
use crate::finding::{Problem, short};
use crate::limits::MAX_LINE_BYTES;
use crate::remittance::{DocumentKind, Method, RemitLine, Remittance};
use crate::sink::Sink;
use crate::text::{append, lines, some, squeezed};
use duebook_money::{Currency, Day, Money};

/// Columns of a field, from 0, the end not included. A line that is shorter is padded with blanks.
pub type Columns = (usize, usize);

/// Where a bank writes what. The record type stands in the first column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockboxLayout {
    /// Batch, in records 4, 6 and 7.
    pub batch: Columns,
    /// Item within the batch, in records 4 and 6.
    pub item: Columns,
    /// Cheque amount in record 6, minor units.
    pub amount: Columns,
    /// Bank of the payer in record 6.
    pub routing: Columns,
    /// Account of the payer in record 6.
    pub account: Columns,
    /// Cheque number in record 6.
    pub cheque: Columns,
    /// Cheque date in record 6.
    pub date: Columns,
    /// The cheque date is month, day, year; else year, month, day.
    pub date_is_mdy: bool,
    /// Name of the payer in record 6.
    pub payer: Columns,
    /// Name of the payee in record 6.
    pub payee: Columns,
    /// Lockbox number in records 5, 7 and 8.
    pub lockbox: Columns,
    /// Deposit date in records 5, 7 and 8.
    pub deposit: Columns,
    /// Where the text, or the pairs of document and amount, of record 4 begin.
    pub overflow: usize,
    /// Widths of document number and amount in those pairs. `None`: found by the cheque's amount.
    pub pair: Option<(usize, usize)>,
}

impl Default for LockboxLayout {
    fn default() -> LockboxLayout {
        LockboxLayout {
            batch: (1, 4),
            item: (4, 7),
            amount: (7, 17),
            routing: (17, 26),
            account: (26, 36),
            cheque: (36, 46),
            date: (46, 52),
            date_is_mdy: true,
            payer: (52, 82),
            payee: (82, 112),
            lockbox: (7, 14),
            deposit: (14, 20),
            overflow: 11,
            pair: None,
        }
    }
}

/// Widths of pairs tried where the layout gives none; the one whose amounts sum to the cheque is right.
const PAIRS: [(usize, usize); 6] = [(10, 10), (15, 10), (12, 10), (20, 10), (13, 10), (10, 9)];

/// Whether the lines are lockbox records: a 1 first, all begin with a digit, and a 6 or an 8 is there.
pub(crate) fn looks_like(head: &str) -> bool {
    let mut kinds = [0u32; 10];
    for (number, line) in lines(head).filter(|(_, l)| !l.trim().is_empty()).take(40) {
        let Some(kind) = line.bytes().next().filter(u8::is_ascii_digit) else {
            return false;
        };
        if (number == 1 && kind != b'1')
            || line.len() > 400
            || line[1..].starts_with([',', '.', ';', '\t'])
        {
            return false;
        }
        kinds[usize::from(kind - b'0')] += 1;
    }
    kinds[1] >= 1 && (kinds[5] + kinds[6] + kinds[8]) >= 1 && kinds[0] + kinds[3] == 0
}

/// A field by its columns; characters, as banks count.
fn cut(line: &str, (from, to): Columns) -> &str {
    let at = |n: usize| line.char_indices().nth(n).map_or(line.len(), |(i, _)| i);
    line[at(from)..at(to.max(from))].trim()
}

/// Minor units; the last digit may carry the sign (overpunch: `}` and J to R are negative).
fn overpunched(text: &str) -> Option<i64> {
    let text = text.trim();
    let (head, last) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if !head.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (digit, negative) = match last.as_bytes().first()? {
        b @ b'0'..=b'9' => (b - b'0', false),
        b'{' => (0, false),
        b @ b'A'..=b'I' => (b - b'A' + 1, false),
        b'}' => (0, true),
        b @ b'J'..=b'R' => (b - b'J' + 1, true),
        _ => return None,
    };
    let minor = format!("{head}{digit}").parse::<i64>().ok()?;
    Some(if negative { -minor } else { minor })
}

struct Reader<'s> {
    sink: &'s mut Sink,
    layout: &'s LockboxLayout,
    currency: Currency,
    lockbox: Option<String>,
    deposited: Option<Day>,
    records: u64,
    /// Cheques of the batch and of the lockbox: count and sum.
    batch: (u64, i128),
    all: (u64, i128),
    /// Overflow texts of the cheque read last.
    stubs: Vec<(u32, String)>,
}

/// Reads a lockbox file into one remittance per cheque.
pub(crate) fn read(text: &str, layout: &LockboxLayout, sink: &mut Sink) {
    let currency = sink.currency.unwrap_or(Currency::USD);
    let mut reader = Reader {
        sink,
        layout,
        currency,
        lockbox: None,
        deposited: None,
        records: 0,
        batch: (0, 0),
        all: (0, 0),
        stubs: Vec::new(),
    };
    let mut last = b'9';
    for (number, line) in lines(text) {
        let line = line.trim_end_matches(['\0', '\u{1a}']);
        if line.trim().is_empty() {
            continue;
        }
        reader.records += 1;
        reader.sink.findings.at.line = number;
        let mut to = line.len().min(MAX_LINE_BYTES);
        while !line.is_char_boundary(to) {
            to -= 1;
        }
        last = line.as_bytes()[0];
        reader.record(number, &line[..to]);
    }
    reader.flush();
    if last != b'9' {
        reader.sink.findings.add(Problem::CutOff {
            inside: "lockbox file",
        });
    }
}

impl Reader<'_> {
    fn record(&mut self, number: u32, line: &str) {
        if !line.starts_with('4') {
            self.flush();
        }
        match line.as_bytes()[0] {
            b'1' | b'2' => {}
            b'5' => {
                self.lockbox = some(cut(line, self.layout.lockbox).trim_start_matches('0'));
                self.deposited = day_6(cut(line, self.layout.deposit));
                (self.batch, self.all) = ((0, 0), (0, 0));
            }
            b'6' => self.cheque(number, line),
            b'4' => {
                let from = self.layout.overflow;
                let text = line
                    .char_indices()
                    .nth(from)
                    .map_or("", |(i, _)| &line[i..]);
                self.stubs.push((number, text.to_owned()));
            }
            b'7' => {
                let batch = std::mem::take(&mut self.batch);
                self.total(line, "batch total", 3, batch);
            }
            b'8' => {
                let all = std::mem::take(&mut self.all);
                self.total(line, "lockbox total", 4, all);
            }
            b'9' => {
                let written = line[1..].trim();
                let digits = written.get(..6).unwrap_or(written);
                if let Ok(written) = digits.parse::<u64>()
                    && written != self.records
                {
                    self.sink.findings.add(Problem::Count {
                        of: "trailer",
                        written,
                        found: self.records,
                    });
                }
            }
            _ => self
                .sink
                .findings
                .add(Problem::UnknownRecord { text: short(line) }),
        }
    }

    fn cheque(&mut self, number: u32, line: &str) {
        let layout = self.layout;
        let mut remittance = Remittance::new(number, self.currency);
        let written = cut(line, layout.amount);
        let Some(minor) = overpunched(written) else {
            return self.sink.findings.add(Problem::BadAmount {
                text: short(written),
            });
        };
        self.batch = (self.batch.0 + 1, self.batch.1 + i128::from(minor));
        self.all = (self.all.0 + 1, self.all.1 + i128::from(minor));
        remittance.total = Some(Money::new(minor, self.currency));
        remittance.method = Method::Cheque;
        remittance.cheque = some(cut(line, layout.cheque).trim_start_matches('0'));
        let date = cut(line, layout.date);
        remittance.date = if layout.date_is_mdy {
            day_mdy(date)
        } else {
            day_6(date)
        };
        if remittance.date.is_none() && date.bytes().any(|b| b != b'0' && b != b' ') {
            self.sink
                .findings
                .add(Problem::BadDate { text: short(date) });
        }
        remittance.deposited = self.deposited;
        remittance.payer.name = some(&squeezed(cut(line, layout.payer)));
        remittance.payer.account.bank = some(cut(line, layout.routing));
        remittance.payer.account.number = some(cut(line, layout.account));
        remittance.payee.name = some(&squeezed(cut(line, layout.payee)));
        // A cheque number can come twice: lockbox, day, batch and item tell cheques apart.
        let day = self.deposited.map(|d| d.to_string()).unwrap_or_default();
        let lockbox = self.lockbox.as_deref().unwrap_or("");
        remittance.id = Some(format!(
            "{lockbox}/{day}/{}/{}",
            cut(line, layout.batch),
            cut(line, layout.item)
        ));
        self.sink.remittance(remittance);
    }

    /// Records 7 and 8: count and sum behind the deposit date.
    fn total(&mut self, line: &str, of: &'static str, width: usize, (count, sum): (u64, i128)) {
        let from = self.layout.deposit.1;
        let written = cut(line, (from, from + width)).parse::<u64>();
        let amount = overpunched(cut(line, (from + width, from + width + 10)));
        if let Ok(written) = written
            && written != count
        {
            self.sink.findings.add(Problem::Count {
                of,
                written,
                found: count,
            });
        }
        if let Some(written) = amount
            && i128::from(written) != sum
        {
            self.sink.findings.add(Problem::ControlTotal {
                of,
                written: written.into(),
                found: sum,
            });
        }
    }

    /// The stubs of the cheque read last become its lines: pairs of document and amount if they
    /// prove to be, else words.
    fn flush(&mut self) {
        let stubs = std::mem::take(&mut self.stubs);
        if stubs.is_empty() {
            return;
        }
        let Some(total) = self.sink.remittances.last().and_then(|r| r.total) else {
            return self.sink.findings.add(Problem::Damaged {
                what: "4",
                text: "before any cheque".into(),
            });
        };
        let widths: Vec<(usize, usize)> = self.layout.pair.map_or(PAIRS.to_vec(), |p| vec![p]);
        let read: Vec<Vec<(u32, String, i64)>> =
            widths.iter().filter_map(|w| pairs(&stubs, *w)).collect();
        let sum =
            |pairs: &Vec<(u32, String, i64)>| pairs.iter().map(|p| i128::from(p.2)).sum::<i128>();
        let proved = read.iter().find(|p| sum(p) == i128::from(total.minor));
        // A layout given by the user needs no proof: the stubs may well differ from the cheque.
        let chosen = proved.or_else(|| read.first().filter(|_| self.layout.pair.is_some()));
        match chosen {
            Some(pairs) => {
                for (line, reference, minor) in pairs {
                    let paid = Some(Money::new(*minor, self.currency));
                    let line = RemitLine {
                        line: *line,
                        reference: reference.clone(),
                        paid,
                        ..RemitLine::default()
                    };
                    self.sink.line(line);
                }
            }
            None => {
                for (line, text) in stubs {
                    let text = squeezed(&text);
                    if let Some(remittance) = self.sink.remittances.last_mut() {
                        append(&mut remittance.text, &text);
                    }
                    if !text.is_empty() && !text.contains(' ') {
                        let kind = DocumentKind::default();
                        self.sink.line(RemitLine {
                            line,
                            reference: text,
                            kind,
                            ..RemitLine::default()
                        });
                    }
                }
            }
        }
    }
}

/// All stubs as pairs of those widths, or nothing.
fn pairs(
    stubs: &[(u32, String)],
    (reference, amount): (usize, usize),
) -> Option<Vec<(u32, String, i64)>> {
    let mut out = Vec::new();
    let width = reference.checked_add(amount).filter(|w| *w > 0)?;
    for (line, text) in stubs {
        let text = text.trim_end();
        let length = text.chars().count();
        if length == 0 || length % width != 0 {
            return None;
        }
        for i in 0..length / width {
            let from = i * width;
            let number = cut(text, (from, from + reference));
            let minor = overpunched(cut(text, (from + reference, from + width)))?;
            if number.is_empty() {
                return None;
            }
            out.push((*line, number.to_owned(), minor));
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_may_carry_the_sign() {
        assert_eq!(overpunched("000001234E"), Some(12_345));
        assert_eq!(overpunched("000001234N"), Some(-12_345));
        assert_eq!(overpunched("0000000000"), Some(0));
        assert_eq!(overpunched("12 4"), None);
        assert_eq!(overpunched(""), None);
    }
}
