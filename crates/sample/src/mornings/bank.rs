//! Bank statements over the receipts: CSV with a running balance, and camt.053.

use super::files::{cell, iso_amount};
use duebook_money::{Currency, Day};

/// A line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankLine {
    /// Booking and value date.
    pub day: Day,
    /// Minor units; negative where the bank took money back.
    pub amount: i64,
    /// Who paid.
    pub payer: String,
    /// Remittance text.
    pub text: String,
    /// The source's payment number: the truth, not in the file.
    pub payment: String,
}

/// An account's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountTruth {
    /// Number of the account.
    pub account: String,
    /// Its currency.
    pub currency: Currency,
    /// Before the first line, minor units.
    pub opening: i64,
    /// After the last line.
    pub closing: i64,
    /// The lines.
    pub lines: Vec<BankLine>,
}

impl AccountTruth {
    pub(crate) fn new(currency: Currency, opening: i64, lines: Vec<BankLine>) -> AccountTruth {
        AccountTruth {
            account: format!("XX00HARB{:010}", u32::from(currency.numeric()) * 1_000 + 17),
            currency,
            opening,
            closing: opening + lines.iter().map(|l| l.amount).sum::<i64>(),
            lines,
        }
    }
}

/// One table over all accounts; the balance runs per account.
pub(crate) fn csv(accounts: &[AccountTruth]) -> String {
    let mut out = String::from(
        "Account,Currency,Booking date,Value date,Amount,Balance,Counterparty,Bank text\n",
    );
    for account in accounts {
        let mut balance = account.opening;
        for line in &account.lines {
            balance += line.amount;
            out.push_str(&format!(
                "{},{},{},{},{},{},{},{}\n",
                account.account,
                account.currency.code(),
                line.day,
                line.day,
                iso_amount(line.amount, account.currency),
                iso_amount(balance, account.currency),
                cell(&line.payer, ','),
                cell(&line.text, ','),
            ));
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn money(tag: &str, minor: i64, currency: Currency) -> String {
    let plain = iso_amount(minor.abs(), currency);
    let mark = if minor < 0 { "DBIT" } else { "CRDT" };
    format!(
        "<{tag} Ccy=\"{}\">{plain}</{tag}><CdtDbtInd>{mark}</CdtDbtInd>",
        currency.code()
    )
}

/// camt.053.001.08: a statement per account with opening and closing balance.
pub(crate) fn camt(accounts: &[AccountTruth], day: Day) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\n<GrpHdr><MsgId>M{0}</MsgId><CreDtTm>{0}T05:00:00</CreDtTm></GrpHdr>\n",
        day
    );
    for account in accounts {
        let posted = account.lines.first().map_or(day, |l| l.day);
        let balance = |code: &str, minor: i64| {
            format!(
                "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{}<Dt><Dt>{posted}</Dt></Dt></Bal>\n",
                money("Amt", minor, account.currency)
            )
        };
        out.push_str(&format!(
            "<Stmt><Id>{0}-{day}</Id><CreDtTm>{day}T05:00:00</CreDtTm><Acct><Id><Othr><Id>{0}</Id></Othr></Id><Ccy>{1}</Ccy></Acct>\n{2}{3}",
            account.account,
            account.currency.code(),
            balance("OPBD", account.opening),
            balance("CLBD", account.closing),
        ));
        for (at, line) in account.lines.iter().enumerate() {
            out.push_str(&entry(account, at, line));
        }
        out.push_str("</Stmt>\n");
    }
    out.push_str("</BkToCstmrStmt></Document>\n");
    out
}

fn entry(account: &AccountTruth, at: usize, line: &BankLine) -> String {
    let amount = money("Amt", line.amount, account.currency);
    let returned = match line.amount < 0 {
        true => "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>",
        false => "",
    };
    // A returned payment goes back: the customer is then the creditor.
    let party = if line.amount < 0 { "Cdtr" } else { "Dbtr" };
    format!(
        "<Ntry><NtryRef>{at}</NtryRef>{amount}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{amount}<RltdPties><{party}><Pty><Nm>{payer}</Nm></Pty></{party}></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf>{returned}</TxDtls></NtryDtls></Ntry>\n",
        day = line.day,
        payer = escaped(&line.payer),
        text = escaped(&line.text),
    )
}
