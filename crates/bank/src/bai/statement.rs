//! BAI2: groups, accounts, transactions, and the totals that should prove them.

use super::codes::{self, Moves};
use super::record::{Cursor, Funds, Record, funds, optional, read_transaction, records, type_code};
use crate::figures::{day_6, day_or_finding, minor_units};
use crate::finding::{Problem, short};
use crate::limits::MAX_CONTINUATIONS;
use crate::sink::Sink;
use crate::statement::{
    Account, Balance, Detail, Entry, EntryKind, Statement, StatementKind, Status,
};
use crate::text::{some, squeezed};
use duebook_money::{Currency, Day, Money};

#[derive(Default)]
struct Totals {
    /// Sum of the amounts, or of the totals one level down, as written.
    sum: i128,
    /// Physical records.
    records: u64,
    /// Accounts of a group, groups of the file.
    children: u64,
}

struct Reader<'s> {
    sink: &'s mut Sink,
    file: Totals,
    group: Totals,
    account: Totals,
    as_of: Option<Day>,
    currency: Option<Currency>,
    intraday: bool,
    originator: Option<String>,
    /// An account is open.
    open: bool,
    /// 100 and 400: sums of credits and debits with their counts, as written.
    sums: Vec<(u16, i64, Option<u64>)>,
}

/// Reads a BAI2 file.
pub(crate) fn read(text: &str, sink: &mut Sink) {
    let mut strays = Vec::new();
    let records = records(text, &mut |line, text| strays.push((line, short(text))));
    for (line, text) in strays {
        sink.findings.on(line, Problem::UnknownRecord { text });
    }
    let mut reader = Reader {
        sink,
        file: Totals::default(),
        group: Totals::default(),
        account: Totals::default(),
        as_of: None,
        currency: None,
        intraday: false,
        originator: None,
        open: false,
        sums: Vec::new(),
    };
    let mut ended = false;
    for record in &records {
        ended = record.code == "99";
        reader.record(record);
    }
    reader.close_account();
    if !ended && !records.is_empty() {
        reader.sink.findings.add(Problem::CutOff { inside: "BAI2" });
    }
}

impl Reader<'_> {
    fn record(&mut self, record: &Record<'_>) {
        self.sink.at_line(record.line);
        if record.cut {
            self.sink.limit("continuations", MAX_CONTINUATIONS);
        }
        let mut fields = record.fields();
        self.file.records += record.physical;
        if record.code != "01" && record.code != "99" {
            self.group.records += record.physical;
        }
        if matches!(record.code, "03" | "16" | "49") {
            self.account.records += record.physical;
        }
        match record.code {
            "02" => self.group(record, &mut fields),
            "03" => self.account(record, &mut fields),
            "16" => self.transaction(record),
            "49" => {
                let written = fields.field();
                let count = fields.field();
                let (sum, records) = (self.account.sum, self.account.records);
                // One bank leaves an empty account's total blank.
                self.total("49", written, sum);
                self.count("49", count, records);
                self.group.sum += minor_units(written).map_or(sum, i128::from);
                self.close_account();
            }
            "98" => {
                self.close_account();
                let (written, accounts, count) = (fields.field(), fields.field(), fields.field());
                let group = std::mem::take(&mut self.group);
                self.total("98", written, group.sum);
                self.count("98 accounts", accounts, group.children);
                self.count("98", count, group.records);
                self.file.sum += minor_units(written).map_or(group.sum, i128::from);
                self.file.children += 1;
            }
            "99" => {
                let (written, groups, count) = (fields.field(), fields.field(), fields.field());
                let file = std::mem::take(&mut self.file);
                self.total("99", written, file.sum);
                self.count("99 groups", groups, file.children);
                self.count("99", count, file.records);
            }
            _ => {}
        }
    }

    fn total(&mut self, of: &'static str, written: &str, found: i128) {
        match optional(written) {
            Some(Some(written)) if i128::from(written) != found => {
                self.sink.findings.add(Problem::ControlTotal {
                    of,
                    written: written.into(),
                    found,
                });
            }
            Some(_) => {}
            None => self.sink.findings.add(Problem::BadAmount {
                text: short(written),
            }),
        }
    }

    fn count(&mut self, of: &'static str, written: &str, found: u64) {
        if let Ok(written) = written.trim().parse::<u64>()
            && written != found
        {
            self.sink
                .findings
                .add(Problem::Count { of, written, found });
        }
    }

    /// 02: receiver, originator, status, as-of date and time, currency, modifier.
    fn group(&mut self, record: &Record<'_>, fields: &mut Cursor<'_, '_>) {
        self.close_account();
        // A group without its trailer counts as one all the same.
        self.group = Totals {
            records: record.physical,
            ..Totals::default()
        };
        let _receiver = fields.field();
        self.originator = some(fields.field());
        let status = fields.field();
        let date = fields.field();
        self.as_of = day_or_finding(Some(date), day_6, &mut self.sink.findings);
        let _time = fields.field();
        let code = fields.field();
        self.currency = Currency::from_code(code);
        if !code.is_empty() && self.currency.is_none() {
            self.sink
                .findings
                .add(Problem::UnknownCurrency { code: short(code) });
        }
        self.intraday = matches!(fields.field(), "3" | "4");
        let mark = match status {
            "2" => "deletion",
            "3" => "correction",
            "4" => "test",
            _ => return,
        };
        self.sink.findings.add(Problem::Marked { as_what: mark });
    }

    /// 03: account, currency, then (type, amount, count, funds) any number of times.
    fn account(&mut self, record: &Record<'_>, fields: &mut Cursor<'_, '_>) {
        self.close_account();
        self.account = Totals {
            records: record.physical,
            ..Totals::default()
        };
        self.group.children += 1;
        let number = fields.field();
        let code = fields.field();
        let currency = Currency::from_code(code).or(self.currency);
        // The format's own default is the dollar.
        let currency = currency.unwrap_or_else(|| self.sink.currency.unwrap_or(Currency::USD));
        let kind = if self.intraday {
            StatementKind::Intraday
        } else {
            StatementKind::Booked
        };
        let mut statement = Statement::new(record.line, kind, currency);
        statement.account = Account {
            bank: self.originator.clone(),
            ..Account::of(number)
        };
        statement.period = (self.as_of, self.as_of);
        self.open = self.sink.open(statement);
        while let Some(code) = fields.next() {
            if code.is_empty() {
                continue;
            }
            if let Err(field) = self.summary(code, currency, fields) {
                let text = short(&format!("{field}: {code}"));
                return self
                    .sink
                    .findings
                    .add(Problem::Damaged { what: "03", text });
            }
        }
    }

    fn summary(
        &mut self,
        code: &str,
        currency: Currency,
        fields: &mut Cursor<'_, '_>,
    ) -> Result<(), &'static str> {
        let code = type_code(code).ok_or("type code")?;
        let amount = optional(fields.field()).ok_or("amount")?;
        let count = fields.field().parse::<u64>().ok();
        funds(fields)?;
        let Some(amount) = amount else {
            return Ok(());
        };
        self.account.sum += i128::from(amount);
        if matches!(code, 100 | 400) {
            self.sums.push((code, amount, count));
        }
        if let (Some(kind), Some(s)) = (codes::balance(code), self.sink.statements.last_mut()) {
            let amount = Money::new(amount, currency);
            s.balances.push(Balance {
                kind,
                date: self.as_of,
                amount,
            });
        }
        Ok(())
    }

    fn transaction(&mut self, record: &Record<'_>) {
        if !self.open {
            return self.sink.findings.add(Problem::Damaged {
                what: "16",
                text: "outside an account".into(),
            });
        }
        let read = match read_transaction(record) {
            Ok(read) => read,
            Err(field) => {
                return self.sink.findings.add(Problem::Damaged {
                    what: "16",
                    text: field.to_owned(),
                });
            }
        };
        let currency = self
            .sink
            .statements
            .last()
            .map_or(Currency::USD, |s| s.currency);
        self.account.sum += i128::from(read.amount.unwrap_or(0));
        let moves = codes::moves(read.code);
        if read.amount.is_none() && moves != Moves::Nothing {
            self.sink.findings.add(Problem::Missing { field: "amount" });
        }
        let minor = read.amount.unwrap_or(0);
        let minor = if moves == Moves::Debit {
            minor.saturating_neg()
        } else {
            minor
        };
        let mut entry = Entry::new(record.line, Money::new(minor, currency));
        entry.booked = self.as_of;
        entry.value = match &read.funds {
            Funds::Value(day, _) => (*day).or(self.as_of),
            _ => self.as_of,
        };
        entry.code = format!("{:03}", read.code);
        entry.kind = codes::kind(read.code);
        if moves == Moves::Nothing || read.amount.is_none() {
            (entry.status, entry.kind) = (Status::Information, EntryKind::Information);
        }
        entry.bank_reference = some(&read.bank_reference);
        entry.reference = some(&read.customer_reference);
        let text = squeezed(&read.text);
        let mut detail = Detail {
            amount: Some(entry.amount),
            customer_reference: entry.reference.clone(),
            ..Detail::default()
        };
        let name = originator(&text);
        if minor >= 0 {
            detail.payer.name = name;
        }
        if matches!(read.code, 175 | 475 | 555) {
            detail.cheque = entry
                .reference
                .clone()
                .filter(|r| r.bytes().all(|b| b.is_ascii_digit()));
        }
        detail.text = text;
        entry.details.push(detail);
        self.sink.entry(entry);
    }

    /// Totals of credits and debits against the details, where there are details at all.
    fn close_account(&mut self) {
        let sums = std::mem::take(&mut self.sums);
        self.account = Totals::default();
        if !std::mem::take(&mut self.open) {
            return;
        }
        let Some(s) = self
            .sink
            .statements
            .last()
            .filter(|s| !s.entries.is_empty())
        else {
            return;
        };
        let mut found = Vec::new();
        for (code, written, count) in sums {
            let credit = code == 100;
            let these = || {
                s.entries
                    .iter()
                    .filter(|e| e.amount.minor != 0 && (e.amount.minor > 0) == credit)
            };
            let sum: i128 = these().map(|e| i128::from(e.amount.minor).abs()).sum();
            let of = if credit { "100" } else { "400" };
            if sum != i128::from(written) {
                found.push(Problem::ControlTotal {
                    of,
                    written: written.into(),
                    found: sum,
                });
            }
            let counted = these().count() as u64;
            if let Some(count) = count
                && count != counted
            {
                found.push(Problem::Count {
                    of,
                    written: count,
                    found: counted,
                });
            }
        }
        self.sink.findings.at.entry = None;
        found.into_iter().for_each(|p| self.sink.findings.add(p));
    }
}

/// The payer named in a wire's or an ACH entry's text.
fn originator(text: &str) -> Option<String> {
    const LABELS: [&str; 8] = [
        "ORIG CO NAME:",
        "ORIGINATOR NAME:",
        "ORIGINATOR:",
        "ORIG NAME:",
        "ORG NAME:",
        "ORIG:",
        "ORG:",
        "BO1:",
    ];
    let upper = text.to_ascii_uppercase();
    let (at, label) = LABELS.iter().find_map(|l| Some((upper.find(l)?, l)))?;
    let rest = &text[at + label.len()..];
    // Up to the next label: a word with a colon.
    let to = rest
        .find(':')
        .map_or(rest.len(), |colon| rest[..colon].rfind(' ').unwrap_or(0));
    let name = &rest[..to];
    // The next label may have several words.
    const NEXT: [&str; 8] = [
        " ORIG", " DESC", " ENTRY", " TRACE", " SEC", " EED", " IND", " CO ",
    ];
    let upper = name.to_ascii_uppercase();
    let to = NEXT.iter().filter_map(|n| upper.trim_start().find(n)).min();
    let name = name.trim_start();
    some(&name[..to.unwrap_or(name.len())])
}
