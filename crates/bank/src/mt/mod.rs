//! MT940 and MT942 as banks send them (formats.md 2.1): tolerant, tag by tag.

mod line;
mod structured;
mod tags;

use crate::figures;
use crate::finding::{Problem, short};
use crate::sink::Sink;
use crate::statement::{
    Account, Balance, BalanceKind, Detail, Entry, EntryKind, Statement, StatementKind,
};
use crate::text::{append, some, squeezed};
use duebook_money::{Currency, Money};
use tags::Field;

/// References that say there is none.
pub(crate) fn no_reference(text: &str) -> bool {
    matches!(
        text.to_ascii_uppercase().as_str(),
        "" | "NONREF" | "NOREF" | "UNKNOWN" | "EREF" | "NOTPROVIDED"
    )
}

/// Whether the text has tags of MT940 or MT942.
pub(crate) fn looks_like(head: &str) -> bool {
    crate::text::lines(head).take(200).any(|(_, line)| {
        let line = line.trim_start();
        tags::tag_of(line).is_some_and(|(tag, _)| {
            matches!(
                tag,
                "20" | "25"
                    | "28"
                    | "28C"
                    | "60F"
                    | "60M"
                    | "61"
                    | "62F"
                    | "62M"
                    | "34F"
                    | "64"
                    | "86"
                    | "NS"
            )
        })
    })
}

/// SWIFT's transaction types, with or without the letter before them.
pub(crate) fn swift_type(code: &str, credit: bool) -> Option<EntryKind> {
    let code = match code.len() {
        4 => code.strip_prefix(['N', 'F', 'S'])?,
        3 => code,
        _ => return None,
    };
    Some(match code {
        "CHG" | "COM" | "BNK" => EntryKind::Charges,
        "INT" | "LDP" => EntryKind::Interest,
        "RTI" | "RET" | "RCK" => {
            if credit {
                EntryKind::PaymentReturned
            } else {
                EntryKind::ReceiptReturned
            }
        }
        "CHK" | "CLR" | "LBX" | "ECK" if credit => EntryKind::Cheques,
        "DDT" | "COL" if credit => EntryKind::Collection,
        "TOP" | "SWP" | "ZBA" => EntryKind::Transfer,
        "TRF" | "BOE" | "CMT" | "FEX" if credit => EntryKind::Receipt,
        "TRF" | "DDT" | "CHK" | "STO" | "BOE" | "CMT" | "FEX" if !credit => EntryKind::Payment,
        _ => return None,
    })
}

struct Reader<'s> {
    sink: &'s mut Sink,
    /// A statement is open.
    open: bool,
    /// Its currency was written.
    currency: Option<Currency>,
    /// The entry whose `:86:` may still come.
    entry: Option<Entry>,
    /// The closing balance has come, or the last `:61:` was damaged: an `:86:` is not an entry's.
    entries_over: bool,
    lost: bool,
    intraday: bool,
}

/// Reads all messages of a file.
pub(crate) fn read(text: &str, sink: &mut Sink) {
    let intraday = text
        .get(..200)
        .is_some_and(|head| head.contains("{2:I942") || head.contains("{2:O942"));
    let mut reader = Reader {
        sink,
        open: false,
        currency: None,
        entry: None,
        entries_over: false,
        lost: false,
        intraday,
    };
    tags::each(text, &mut |field| reader.field(field));
    reader.flush();
}

impl Reader<'_> {
    fn field(&mut self, field: Field<'_>) {
        match field {
            Field::Tag { line, tag, lines } => self.tag(line, tag, &lines),
            Field::TooLong { line } => {
                self.sink.at_line(line);
                self.sink
                    .limit("lines of a field", crate::limits::MAX_CONTINUATIONS);
            }
            // What comes without a new `:20:` still belongs to this statement.
            Field::EndOfMessage => self.flush(),
        }
    }

    fn tag(&mut self, line: u32, tag: &str, lines: &[&str]) {
        let first = lines.first().copied().unwrap_or("").trim();
        match tag {
            "20" => {
                self.flush();
                self.begin(line);
                self.with(|s| s.id = some(first));
                return;
            }
            "940" | "942" => return,
            _ if !self.open => self.begin(line),
            _ => {}
        }
        self.sink.at_line(line);
        match tag {
            "25" | "25P" => self.account(first),
            "28" | "28C" => {
                let (number, page) = first.split_once('/').unwrap_or((first, ""));
                self.with(|s| (s.number, s.page) = (some(number), some(page)));
            }
            "60F" | "60M" => self.balance(BalanceKind::Opening, first),
            "62F" | "62M" => {
                self.flush();
                self.entries_over = true;
                self.balance(BalanceKind::Closing, first);
            }
            "64" => self.balance(BalanceKind::Available, first),
            "65" => self.balance(BalanceKind::Forward, first),
            "61" => {
                self.flush();
                self.entry(line, lines);
            }
            "86" => self.information(lines),
            "NS" => self.non_swift(lines),
            "34F" | "13" | "13D" => {
                self.with(|s| s.kind = StatementKind::Intraday);
                self.floor(first);
            }
            "90D" | "90C" => {
                self.with(|s| s.kind = StatementKind::Intraday);
                self.totals(tag, first);
            }
            "21" => {}
            _ => self.sink.findings.add(Problem::UnknownRecord {
                text: short(&format!(":{tag}:{first}")),
            }),
        }
    }

    fn begin(&mut self, line: u32) {
        (self.currency, self.entries_over, self.lost) = (None, false, false);
        let kind = if self.intraday {
            StatementKind::Intraday
        } else {
            StatementKind::Booked
        };
        let currency = self.sink.currency.unwrap_or(Currency::XXX);
        self.open = self.sink.open(Statement::new(line, kind, currency));
    }

    fn with(&mut self, set: impl FnOnce(&mut Statement)) {
        if self.open
            && let Some(s) = self.sink.statements.last_mut()
        {
            set(s);
        }
    }

    /// `12345678/1020304050`, an IBAN, a number with the currency behind it.
    fn account(&mut self, text: &str) {
        let (text, code) = match text.split_at_checked(text.len().saturating_sub(3)) {
            Some((head, tail))
                if tail.bytes().all(|b| b.is_ascii_uppercase())
                    && head.trim_end().ends_with(|c: char| c.is_ascii_digit())
                    && !crate::reference::iban_shaped(text) =>
            {
                (head.trim_end(), Currency::from_code(tail))
            }
            _ => (text, None),
        };
        if let Some(currency) = code {
            self.take_currency(currency);
        }
        let account = match text.split_once('/') {
            Some((bank, number)) if !number.trim().is_empty() => Account {
                bank: some(bank),
                ..Account::of(number)
            },
            _ => Account::of(text),
        };
        self.with(|s| s.account = account);
    }

    fn take_currency(&mut self, currency: Currency) {
        if self.currency.is_none() {
            self.currency = Some(currency);
            self.with(|s| s.currency = currency);
        }
    }

    /// The currency of amounts that carry none.
    fn currency(&mut self) -> Currency {
        match self.currency {
            Some(currency) => currency,
            None => {
                let currency = self.sink.assume(None);
                self.with(|s| s.currency = currency);
                currency
            }
        }
    }

    /// `C100318EUR380115,77`; one bank leaves the currency out.
    fn balance(&mut self, kind: BalanceKind, text: &str) {
        let read = line::balance(text);
        let Some((credit, date, code, amount)) = read else {
            return self.sink.findings.add(Problem::Damaged {
                what: "balance",
                text: short(text),
            });
        };
        let currency = match code.and_then(Currency::from_code) {
            Some(currency) => {
                self.take_currency(currency);
                currency
            }
            None => self.currency(),
        };
        let date = figures::day_or_finding(Some(date), figures::day_6, &mut self.sink.findings);
        let Some(amount) = figures::money(amount, currency, &mut self.sink.findings) else {
            return;
        };
        let amount = if credit {
            amount
        } else {
            amount.checked_neg().unwrap_or(amount)
        };
        self.with(|s| s.balances.push(Balance { kind, date, amount }));
    }

    /// `:34F:EURD0,00` tells an intraday message's currency.
    fn floor(&mut self, text: &str) {
        if let Some(currency) = text.get(..3).and_then(Currency::from_code) {
            self.take_currency(currency);
        }
    }

    /// `:90D:1EUR2,30`: count and sum of debits.
    fn totals(&mut self, tag: &str, text: &str) {
        self.flush();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, rest) = text.split_at(digits);
        let Some((code, amount)) = rest.split_at_checked(3) else {
            return;
        };
        let currency = Currency::from_code(code).unwrap_or_else(|| self.currency());
        let written = figures::read(amount, currency).map(|m| i128::from(m.minor));
        let (Some(s), Ok(count), Ok(written)) =
            (self.sink.statements.last(), count.parse::<u64>(), written)
        else {
            return;
        };
        let debit = tag == "90D";
        let these = s.entries.iter().filter(|e| (e.amount.minor < 0) == debit);
        let found = these.clone().count() as u64;
        let sum: i128 = these.map(|e| i128::from(e.amount.minor).abs()).sum();
        let of = if debit { ":90D:" } else { ":90C:" };
        if found != count {
            self.sink.findings.add(Problem::Count {
                of,
                written: count,
                found,
            });
        }
        if sum != written {
            self.sink.findings.add(Problem::ControlTotal {
                of,
                written,
                found: sum,
            });
        }
    }

    fn entry(&mut self, at: u32, lines: &[&str]) {
        let text = lines.first().copied().unwrap_or("");
        let Some(read) = line::read(text) else {
            self.lost = true;
            return self.sink.findings.add(Problem::Damaged {
                what: ":61:",
                text: short(text),
            });
        };
        self.lost = false;
        let currency = self.currency();
        let Some(amount) = figures::money(read.amount, currency, &mut self.sink.findings) else {
            self.lost = true;
            return;
        };
        let amount = if read.adds {
            amount
        } else {
            amount.checked_neg().unwrap_or(amount)
        };
        let mut entry = Entry::new(at, amount);
        let value = figures::day_6(read.value);
        if value.is_none() {
            self.sink.findings.add(Problem::BadDate {
                text: short(read.value),
            });
        }
        entry.value = value;
        entry.booked = match (read.booked, value) {
            (Some(month_day), Some(value)) => line::nearest(month_day, value).or(Some(value)),
            _ => value,
        };
        entry.reversal = read.reversal;
        entry.code = read.code.to_owned();
        entry.reference = Some(squeezed(read.reference)).filter(|r| !no_reference(r));
        entry.bank_reference = Some(squeezed(read.bank_reference)).filter(|r| !no_reference(r));
        for more in lines.iter().skip(1) {
            append(&mut entry.text, &squeezed(more));
        }
        if entry.reversal {
            entry.kind = if read.adds {
                EntryKind::PaymentReturned
            } else {
                EntryKind::ReceiptReturned
            };
        } else if let Some(kind) = swift_type(read.code, read.adds) {
            entry.kind = kind;
        }
        self.entry = Some(entry);
    }

    fn information(&mut self, lines: &[&str]) {
        if self.lost {
            return;
        }
        let (Some(entry), false) = (&mut self.entry, self.entries_over) else {
            let text = squeezed(&lines.join(" "));
            return self.with(|s| append(&mut s.text, &text));
        };
        let read = structured::read(lines, entry);
        if let Some(kind) = read.kind.filter(|_| !entry.reversal) {
            entry.kind = kind;
        }
        if entry.code.is_empty() || entry.code.ends_with("MSC") {
            entry.code.push_str(&read.code);
        }
        append(&mut entry.text, &read.title);
        match entry.details.first_mut() {
            None => entry.details.push(read.detail),
            Some(detail) => append(&mut detail.text, &read.detail.text),
        }
    }

    /// `:NS:` of cooperative banks: numbered lines, of the statement or of the entry before it.
    fn non_swift(&mut self, lines: &[&str]) {
        for line in lines {
            let Some((number, text)) = line.split_at_checked(2) else {
                continue;
            };
            let text = text.trim();
            match (&mut self.entry, number.parse::<u8>().unwrap_or(0)) {
                (Some(entry), number @ 1..=17) => {
                    if entry.details.is_empty() {
                        entry.details.push(Detail::default());
                    }
                    let credit = entry.amount.minor >= 0;
                    let Some(detail) = entry.details.first_mut() else {
                        continue;
                    };
                    match number {
                        15 | 16 => {
                            let party = if credit {
                                &mut detail.payer
                            } else {
                                &mut detail.payee
                            };
                            append(party.name.get_or_insert_default(), text);
                        }
                        17 => append(&mut entry.text, text),
                        _ => append(&mut detail.text, text),
                    }
                }
                (None, 22) => self.with(|s| s.owner = some(text)),
                (None, 23) => self.with(|s| s.account.name = some(text)),
                _ => {}
            }
        }
    }

    /// The entry read last is whole.
    fn flush(&mut self) {
        if let Some(mut entry) = self.entry.take() {
            if let [detail] = entry.details.as_mut_slice() {
                detail.amount = Some(entry.amount);
                detail.customer_reference = detail
                    .customer_reference
                    .take()
                    .or_else(|| entry.reference.clone());
            }
            self.sink.entry(entry);
        }
    }
}

/// A fee or an amount beside another, `/OCMT/EUR4,5/`: what was ordered.
pub(crate) fn coded_amount(text: &str) -> Option<Money> {
    let (code, amount) = text.trim().split_at_checked(3)?;
    figures::read(amount, Currency::from_code(code)?).ok()
}
