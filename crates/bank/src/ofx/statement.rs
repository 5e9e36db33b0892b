//! Accounts, transactions and balances of an OFX response.

use super::tokens::{Tag, tags};
use crate::figures::{self, day_8, rate};
use crate::finding::{Problem, short};
use crate::limits::MAX_DEPTH;
use crate::sink::Sink;
use crate::statement::{
    Account, Balance, BalanceKind, Detail, Entry, EntryKind, Exchange, Statement, StatementKind,
    Status,
};
use crate::text::{append, some};
use duebook_money::Currency;
use std::collections::BTreeMap;

/// Elements that hold elements; every other tag is a value.
fn holds(name: &str) -> bool {
    name.ends_with("RS")
        || name.ends_with("RSV1")
        || name.ends_with("RSV2")
        || name.ends_with("LIST")
        || matches!(
            name,
            "OFX"
                | "STATUS"
                | "FI"
                | "STMTTRN"
                | "STMTTRNP"
                | "BANKACCTFROM"
                | "CCACCTFROM"
                | "INVACCTFROM"
                | "BANKACCTTO"
                | "CCACCTTO"
                | "PAYEE"
                | "CURRENCY"
                | "ORIGCURRENCY"
                | "LEDGERBAL"
                | "AVAILBAL"
                | "INVBANKTRAN"
                | "BAL"
                | "INVBAL"
                | "EXTDPAYEE"
        )
}

type Fields = BTreeMap<(String, String), String>;

struct Reader<'s> {
    sink: &'s mut Sink,
    /// Open elements, innermost last.
    path: Vec<String>,
    /// A statement is open.
    open: bool,
    currency: Option<Currency>,
    bank: Option<String>,
    /// Values of the transaction, balance or status that is open, under (element, tag).
    fields: Fields,
    line: u32,
    transaction: bool,
}

/// Reads every account's transactions.
pub(crate) fn read(text: &str, sink: &mut Sink) {
    let mut reader = Reader {
        sink,
        path: Vec::new(),
        open: false,
        currency: None,
        bank: None,
        fields: Fields::new(),
        line: 1,
        transaction: false,
    };
    let mut ended = false;
    for tag in tags(text) {
        ended = tag.closes && tag.name == "OFX";
        reader.tag(&tag);
    }
    reader.end_of("");
    if !ended {
        reader.sink.findings.add(Problem::CutOff { inside: "OFX" });
    }
}

impl Reader<'_> {
    fn tag(&mut self, tag: &Tag<'_>) {
        let name = tag.name.to_ascii_uppercase();
        if !holds(&name) {
            if !tag.closes {
                self.value(&name, tag);
            }
            return;
        }
        if tag.closes {
            if let Some(at) = self.path.iter().rposition(|p| *p == name) {
                while self.path.len() > at {
                    let inner = self.path.last().cloned().unwrap_or_default();
                    self.end_of(&inner);
                    self.path.pop();
                }
            }
            return;
        }
        if self.path.len() >= MAX_DEPTH {
            return self.sink.limit("depth", MAX_DEPTH);
        }
        self.begin(&name, tag.line);
        self.path.push(name);
    }

    fn begin(&mut self, name: &str, line: u32) {
        self.sink.at_line(line);
        match name {
            "STMTRS" | "CCSTMTRS" | "INVSTMTRS" => {
                self.end_of("STMTTRN");
                let currency = self.sink.currency.unwrap_or(Currency::XXX);
                self.currency = None;
                self.open = self
                    .sink
                    .open(Statement::new(line, StatementKind::Booked, currency));
                if name == "INVSTMTRS" {
                    self.sink.findings.add(Problem::NotBank {
                        what: "investments",
                    });
                }
            }
            "ACCTINFORS" => self.sink.findings.add(Problem::NotBank {
                what: "list of accounts",
            }),
            "STMTTRN" | "STMTTRNP" => {
                self.end_of("STMTTRN");
                (self.transaction, self.line) = (true, line);
                self.fields.clear();
            }
            "LEDGERBAL" | "AVAILBAL" | "STATUS" if !self.transaction => {
                self.fields.clear();
                self.line = line;
            }
            _ => {}
        }
    }

    fn value(&mut self, name: &str, tag: &Tag<'_>) {
        let value = tag.value();
        if value.is_empty() {
            return;
        }
        let parent = self.path.last().map_or("", String::as_str);
        match (parent, name) {
            ("FI", "ORG") => self.bank = Some(value),
            ("STMTRS" | "CCSTMTRS" | "INVSTMTRS", "CURDEF") => match Currency::from_code(&value) {
                Some(currency) => {
                    self.currency = Some(currency);
                    self.with(|s| s.currency = currency);
                }
                None => self.sink.findings.on(
                    tag.line,
                    Problem::UnknownCurrency {
                        code: short(&value),
                    },
                ),
            },
            ("BANKACCTFROM" | "CCACCTFROM" | "INVACCTFROM", _) if !self.transaction => {
                let bank_name = self.bank.clone();
                self.with(|s| {
                    s.bank_name = s.bank_name.take().or(bank_name);
                    match name {
                        "ACCTID" => {
                            s.account = Account {
                                bank: s.account.bank.take(),
                                name: s.account.name.take(),
                                ..Account::of(&value)
                            }
                        }
                        "BANKID" | "BROKERID" => s.account.bank = Some(value),
                        "ACCTTYPE" => s.account.name = Some(value),
                        _ => {}
                    }
                });
            }
            ("BANKTRANLIST" | "INVTRANLIST", "DTSTART") => {
                self.with(|s| s.period.0 = day_8(&value))
            }
            ("BANKTRANLIST" | "INVTRANLIST", "DTEND") => self.with(|s| s.period.1 = day_8(&value)),
            _ => {
                // The first value of a tag counts: files repeat `NAME` within `PAYEE`.
                self.fields
                    .entry((parent.to_owned(), name.to_owned()))
                    .or_insert(value);
            }
        }
    }

    fn with(&mut self, set: impl FnOnce(&mut Statement)) {
        if self.open
            && let Some(s) = self.sink.statements.last_mut()
        {
            set(s);
        }
    }

    fn field(&self, parent: &str, name: &str) -> Option<&str> {
        self.fields
            .get(&(parent.to_owned(), name.to_owned()))
            .map(String::as_str)
    }

    /// The currency of the statement; where none is written, the transaction's or an assumption.
    fn currency(&mut self) -> Currency {
        let own = self
            .field("CURRENCY", "CURSYM")
            .and_then(Currency::from_code);
        match own.or(self.currency) {
            Some(currency) => {
                if self.currency.is_none() {
                    self.currency = Some(currency);
                    self.with(|s| s.currency = currency);
                }
                currency
            }
            None => self.sink.assume(None),
        }
    }

    /// An element ends: what it held is complete. Files leave `</STMTTRN>` out.
    fn end_of(&mut self, name: &str) {
        let ends = matches!(
            name,
            "STMTTRN"
                | "STMTTRNP"
                | "BANKTRANLIST"
                | "INVTRANLIST"
                | "BANKTRANLISTP"
                | "INVBANKTRAN"
                | "STMTRS"
                | "CCSTMTRS"
                | "INVSTMTRS"
                | ""
        );
        if self.transaction && ends {
            self.transaction = false;
            if self.open {
                self.transaction_ends(name == "STMTTRNP");
            }
        }
        match name {
            "LEDGERBAL" => self.balance(name, BalanceKind::Closing),
            "AVAILBAL" => self.balance(name, BalanceKind::Available),
            "STATUS" => self.status(),
            "STMTRS" | "CCSTMTRS" | "INVSTMTRS" => self.open = false,
            _ => {}
        }
    }

    fn balance(&mut self, element: &str, kind: BalanceKind) {
        if !self.open {
            return;
        }
        self.sink.at_line(self.line);
        let Some(text) = self.field(element, "BALAMT").map(str::to_owned) else {
            return self.sink.findings.add(Problem::Missing { field: "BALAMT" });
        };
        let date = self.field(element, "DTASOF").and_then(day_8);
        let currency = self.currency();
        if let Some(amount) = figures::money(&text, currency, &mut self.sink.findings) {
            self.with(|s| s.balances.push(Balance { kind, date, amount }));
        }
    }

    fn status(&mut self) {
        let code = self.field("STATUS", "CODE").unwrap_or("0").to_owned();
        if code.trim_start_matches('0').is_empty() {
            return;
        }
        let text = self.field("STATUS", "MESSAGE").unwrap_or("").to_owned();
        self.sink.findings.on(
            self.line,
            Problem::ServerMessage {
                code,
                text: short(&text),
            },
        );
    }

    fn transaction_ends(&mut self, pending: bool) {
        self.sink.at_line(self.line);
        let currency = self.currency();
        let parent = if pending { "STMTTRNP" } else { "STMTTRN" };
        let own = |name: &str| self.field(parent, name).map(str::to_owned);
        let Some(text) = own("TRNAMT") else {
            let what = own("FITID").or_else(|| own("NAME")).unwrap_or_default();
            return self.sink.findings.add(Problem::Damaged {
                what: "STMTTRN",
                text: short(&what),
            });
        };
        let posted = own("DTPOSTED").or_else(|| own("DTTRAN"));
        let (value, code) = (own("DTAVAIL").or_else(|| own("VALUEDATE")), own("TRNTYPE"));
        let (id, reference, check) = (own("FITID"), own("REFNUM"), own("CHECKNUM"));
        let (name, memo, correction) = (own("NAME"), own("MEMO"), own("CORRECTACTION"));
        let name = name.or_else(|| self.field("PAYEE", "NAME").map(str::to_owned));
        let extended = own("EXTDNAME");
        let account = ["BANKACCTTO", "CCACCTTO"]
            .iter()
            .find_map(|p| self.field(p, "ACCTID"));
        let account = account.map(Account::of).unwrap_or_default();
        let original = self
            .field("ORIGCURRENCY", "CURSYM")
            .and_then(Currency::from_code);
        let exchange = original.map(|source| Exchange {
            source: Some(source),
            target: Some(currency),
            rate: self.field("ORIGCURRENCY", "CURRATE").and_then(rate),
        });
        let Some(amount) = figures::money(&text, currency, &mut self.sink.findings) else {
            return;
        };
        let mut entry = Entry::new(self.line, amount);
        if pending {
            entry.status = Status::Pending;
        }
        if posted.is_none() {
            self.sink
                .findings
                .add(Problem::Missing { field: "DTPOSTED" });
        }
        entry.booked = figures::day_or_finding(posted.as_deref(), day_8, &mut self.sink.findings);
        entry.value = value.as_deref().and_then(day_8).or(entry.booked);
        entry.code = code.unwrap_or_default().to_ascii_uppercase();
        entry.kind = if correction.is_some() {
            EntryKind::Correction
        } else {
            kind(&entry.code, amount.minor >= 0)
        };
        entry.bank_reference = id;
        entry.reference = reference;
        let mut detail = Detail {
            amount: Some(amount),
            cheque: check,
            exchange,
            ..Detail::default()
        };
        for part in [name.as_deref(), extended.as_deref(), memo.as_deref()]
            .into_iter()
            .flatten()
        {
            append(&mut detail.text, part);
        }
        let party = if amount.minor >= 0 {
            &mut detail.payer
        } else {
            &mut detail.payee
        };
        party.name = name.as_deref().and_then(some);
        party.account = account;
        entry.details.push(detail);
        self.sink.entry(entry);
    }
}

/// `TRNTYPE` as far as it says more than the sign.
fn kind(code: &str, credit: bool) -> EntryKind {
    match code {
        "INT" => EntryKind::Interest,
        "FEE" | "SRVCHG" => EntryKind::Charges,
        "CHECK" if credit => EntryKind::Cheques,
        "DIRECTDEBIT" if credit => EntryKind::Collection,
        "POS" if credit => EntryKind::Cards,
        _ => EntryKind::Unknown,
    }
}
