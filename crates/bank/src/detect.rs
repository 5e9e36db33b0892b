//! Which format a file is: by its content, and by its name only where the content leaves it open.

use crate::error::Error;
use crate::{bai, mt, qif, text, x12};
use std::fmt;

/// A format that is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// ISO 20022 bank-to-customer account report (intraday), any version.
    Camt052,
    /// ISO 20022 bank-to-customer statement, any version.
    Camt053,
    /// ISO 20022 debit/credit notification, any version.
    Camt054,
    /// ISO 20022 payment order, as an advice.
    Pain001,
    /// SWIFT customer statement.
    Mt940,
    /// SWIFT interim transaction report.
    Mt942,
    /// BAI2 cash management statement.
    Bai2,
    /// BAI lockbox file, 80 columns or more.
    Lockbox,
    /// OFX 1.x, 2.x, QFX.
    Ofx,
    /// Quicken Interchange Format.
    Qif,
    /// X12 820.
    X12,
    /// A bank statement as CSV or workbook.
    BankTable,
    /// A remittance advice as CSV or workbook.
    RemittanceTable,
    /// Text of an e-mail or a letter.
    Advice,
    /// A zip archive of any of the others.
    Archive,
}

impl Format {
    /// A short, stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Camt052 => "camt.052",
            Self::Camt053 => "camt.053",
            Self::Camt054 => "camt.054",
            Self::Pain001 => "pain.001",
            Self::Mt940 => "mt940",
            Self::Mt942 => "mt942",
            Self::Bai2 => "bai2",
            Self::Lockbox => "lockbox",
            Self::Ofx => "ofx",
            Self::Qif => "qif",
            Self::X12 => "x12-820",
            Self::BankTable => "bank-table",
            Self::RemittanceTable => "remittance-table",
            Self::Advice => "advice",
            Self::Archive => "archive",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Bytes of the head that the format is told by.
const HEAD: usize = 64 << 10;

const OLE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Tells the format.
pub fn detect(bytes: &[u8], name: &str) -> Result<Format, Error> {
    text::checked(bytes)?;
    let lower = name.to_ascii_lowercase();
    let ends = |list: &[&str]| list.iter().any(|e| lower.ends_with(e));
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let workbook = ends(&[".xlsx", ".xlsm", ".xlsb", ".ods"])
            || contains(bytes, b"xl/")
            || contains(bytes, b"opendocument.spreadsheet");
        return table_or(workbook, bytes, name, Format::Archive);
    }
    if bytes.starts_with(&OLE) {
        return table_or(true, bytes, name, Format::BankTable);
    }
    let other: [(&[u8], &'static str); 5] = [
        (b"%PDF", "PDF"),
        (b"\x89PNG", "picture"),
        (b"\xFF\xD8\xFF", "picture"),
        (b"GIF8", "picture"),
        (b"\x1F\x8B", "gzip archive"),
    ];
    if let Some((_, what)) = other.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Err(Error::NotData { what });
    }
    let head = head_text(bytes);
    if let Some(format) = by_text(&head)? {
        return Ok(format);
    }
    if ends(&[".eml"]) {
        return Ok(Format::Advice);
    }
    let columns = [',', ';', '\t', '|']
        .iter()
        .any(|d| head.lines().take(50).filter(|l| l.contains(*d)).count() >= 1);
    if columns || ends(&[".csv", ".tsv"]) {
        return table_or(true, bytes, name, Format::BankTable);
    }
    Err(Error::Unknown)
}

/// Which of the two tables it is, if it is one.
fn table_or(is_table: bool, bytes: &[u8], name: &str, other: Format) -> Result<Format, Error> {
    if !is_table {
        return Ok(other);
    }
    crate::table::which(bytes, name)
}

fn head_text(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(HEAD)];
    // A character cut at the end must not make the head look like another encoding.
    let encoding = match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => encoding_rs::UTF_8,
        _ => text::encoding_of(head, None),
    };
    encoding.decode(head).0.into_owned()
}

fn by_text(head: &str) -> Result<Option<Format>, Error> {
    let body = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\0');
    let upper = body.get(..body.len().min(4_000)).unwrap_or(body);
    if body.starts_with("OFXHEADER")
        || upper.contains("<OFX>")
        || upper.contains("OFXHEADER")
        || upper.contains("<ofx>")
    {
        return Ok(Some(Format::Ofx));
    }
    if body.starts_with('<') {
        return by_root(body).map(Some);
    }
    if x12::looks_like(body) {
        return Ok(Some(Format::X12));
    }
    if bai::looks_like(body) {
        return Ok(Some(Format::Bai2));
    }
    if qif::looks_like(body) {
        return Ok(Some(Format::Qif));
    }
    if mt::looks_like(body) {
        return Ok(Some(Format::Mt940));
    }
    if bai::lockbox::looks_like(body) {
        return Ok(Some(Format::Lockbox));
    }
    Ok(None)
}

/// XML by the local name of the message's element; statements cut out of their message as well.
fn by_root(body: &str) -> Result<Format, Error> {
    const ROOTS: [(&str, Format); 7] = [
        ("BkToCstmrStmt", Format::Camt053),
        ("BkToCstmrAcctRpt", Format::Camt052),
        ("BkToCstmrDbtCdtNtfctn", Format::Camt054),
        ("CstmrCdtTrfInitn", Format::Pain001),
        ("Stmt", Format::Camt053),
        ("Rpt", Format::Camt052),
        ("Ntfctn", Format::Camt054),
    ];
    let mut first = None;
    for (at, _) in body.match_indices('<').take(400) {
        let tag = &body[at + 1..];
        let name: String = tag
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
            .collect();
        let local = name.rsplit(':').next().unwrap_or(&name);
        if let Some((_, format)) = ROOTS.iter().find(|(root, _)| *root == local) {
            return Ok(*format);
        }
        if first.is_none() && !local.is_empty() {
            first = Some(local.to_owned());
        }
    }
    Err(Error::OtherXml {
        root: first.unwrap_or_default(),
    })
}

/// The `encoding` of an XML declaration.
pub(crate) fn xml_encoding(head: &str) -> Option<&str> {
    let declaration = head.get(..head.find("?>")?)?;
    let at = declaration.find("encoding")?;
    let quoted = declaration[at..].split_once(['"', '\''])?.1;
    quoted.split(['"', '\'']).next()
}

/// What the file claims about its encoding.
pub(crate) fn claimed_encoding(bytes: &[u8], format: Format) -> Option<String> {
    let head = &bytes[..bytes.len().min(2_000)];
    let head: String = head.iter().map(|b| char::from(*b)).collect();
    match format {
        Format::Ofx => crate::ofx::claimed_encoding(&head).map(str::to_owned),
        _ => xml_encoding(&head).map(str::to_owned),
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    head.windows(needle.len()).any(|w| w == needle)
}
