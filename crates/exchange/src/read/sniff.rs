//! What the bytes are: family, encoding, delimiter, line ends (formats.md 2.7.1, 2.7.2).

use super::error::{Family, FileError, NotTable};
use super::input::Input;
use super::limits::{MAX_TEXT_BYTES, MAX_WORKBOOK_BYTES, SNIFF_BYTES};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};
use std::io::Read;

/// Line ends of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineEnd {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r` alone (old Macintosh)
    Cr,
}

/// What a text file's head shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextShape {
    /// Name of the encoding (WHATWG).
    pub encoding: String,
    /// Whether a byte-order mark said so.
    pub bom: bool,
    /// Cell separator.
    pub delimiter: char,
    /// Line ends.
    pub line_end: LineEnd,
}

impl TextShape {
    pub(crate) fn codec(&self) -> &'static Encoding {
        Encoding::for_label(self.encoding.as_bytes()).unwrap_or(UTF_8)
    }
}

/// The family, and for text its shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sniffed {
    /// Recognised family.
    pub family: Family,
    /// For text only.
    pub text: Option<TextShape>,
}

/// The user's corrections of what was sniffed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextOverride {
    /// A WHATWG encoding label.
    pub encoding: Option<String>,
    /// A cell separator.
    pub delimiter: Option<char>,
}

/// Looks at the head of a file.
pub fn sniff(input: &dyn Input, chosen: &TextOverride) -> Result<Sniffed, FileError> {
    let size = input.size();
    if size == 0 {
        return Err(FileError::Empty);
    }
    let mut head = Vec::with_capacity(SNIFF_BYTES);
    input
        .open()?
        .take(SNIFF_BYTES as u64)
        .read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(FileError::Empty);
    }
    let family = family_of(&head, input.name())?;
    let limit = if family == Family::Text {
        MAX_TEXT_BYTES
    } else {
        MAX_WORKBOOK_BYTES
    };
    if size > limit {
        return Err(FileError::TooLarge {
            bytes: size,
            limit,
            family,
        });
    }
    let text = match family {
        Family::Text => Some(text_shape(&head, size as usize <= head.len(), chosen)?),
        _ => None,
    };
    Ok(Sniffed { family, text })
}

const OLE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn family_of(head: &[u8], name: &str) -> Result<Family, FileError> {
    let not = |what| Err(FileError::NotATable { what });
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zip_family(head, name);
    }
    if head.starts_with(&OLE) {
        return ole_family(head);
    }
    // A bare BIFF stream (Excel 2-4) begins with its BOF record.
    if head.len() > 4 && head[0] == 0x09 && matches!(head[1], 0 | 2 | 4 | 8) && head[3] == 0 {
        return Ok(Family::Xls);
    }
    let starts = |marks: &[&[u8]]| marks.iter().any(|m| head.starts_with(m));
    if starts(&[b"%PDF"]) {
        return not(NotTable::Pdf);
    }
    if starts(&[b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8"]) {
        return not(NotTable::Image);
    }
    if starts(&[b"\x1F\x8B", b"7z\xBC\xAF", b"Rar!", b"BZh", b"\xFD7zXZ"]) {
        return not(NotTable::Archive);
    }
    let body = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    if body.starts_with(b"<") {
        return not(NotTable::Markup);
    }
    if body.starts_with(b"{\"") || body.starts_with(b"[{") {
        return not(NotTable::Json);
    }
    Ok(Family::Text)
}

/// Which workbook an archive is, by the names in its head: local headers come first in every
/// writer's output; the file's extension decides where they do not show.
fn zip_family(head: &[u8], name: &str) -> Result<Family, FileError> {
    let has = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
    let ends = |ext: &str| name.to_ascii_lowercase().ends_with(ext);
    if has(b"opendocument.spreadsheet") || ends(".ods") {
        Ok(Family::Ods)
    } else if has(b"xl/workbook.bin") || ends(".xlsb") {
        Ok(Family::Xlsb)
    } else if has(b"xl/") || ends(".xlsx") || ends(".xlsm") {
        Ok(Family::Xlsx)
    } else {
        Err(FileError::NotATable {
            what: NotTable::Zip,
        })
    }
}

/// An OLE file is an old workbook, an encrypted new one or something else, by the UTF-16 names of
/// its directory entries.
fn ole_family(head: &[u8]) -> Result<Family, FileError> {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(head, &wide).is_some()
    };
    if has("EncryptedPackage") || has("EncryptionInfo") {
        Err(FileError::PasswordProtected {
            family: Family::Xlsx,
        })
    } else if has("WordDocument") || has("PowerPoint Document") || has("__substg1.0") {
        Err(FileError::NotATable {
            what: NotTable::Ole,
        })
    } else {
        // "Workbook" or "Book", possibly beyond the head: the reader decides.
        Ok(Family::Xls)
    }
}

fn text_shape(head: &[u8], whole: bool, chosen: &TextOverride) -> Result<TextShape, FileError> {
    let (codec, bom) = match chosen
        .encoding
        .as_deref()
        .and_then(|e| Encoding::for_label(e.as_bytes()))
    {
        Some(codec) => (codec, false),
        None => encoding_of(head, whole),
    };
    if codec == UTF_8 || codec == WINDOWS_1252 {
        let controls = head
            .iter()
            .filter(|&&b| b < 9 || (14..27).contains(&b))
            .count();
        if controls * 50 > head.len() {
            return Err(FileError::NotATable {
                what: NotTable::Binary,
            });
        }
    }
    let (text, _, _) = codec.decode(head);
    Ok(TextShape {
        encoding: codec.name().to_owned(),
        bom,
        delimiter: chosen.delimiter.unwrap_or_else(|| delimiter_of(&text)),
        line_end: line_end_of(&text),
    })
}

/// Byte-order mark, then the NUL pattern of UTF-16, then validity as UTF-8, then chardetng.
fn encoding_of(head: &[u8], whole: bool) -> (&'static Encoding, bool) {
    if let Some((codec, _)) = Encoding::for_bom(head) {
        return (codec, true);
    }
    let pairs = head.len() / 2;
    let nuls = |offset: usize| {
        head.iter()
            .skip(offset)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    if pairs >= 2 {
        let (even, odd) = (nuls(0), nuls(1));
        if odd * 10 > pairs * 4 && even * 20 < pairs {
            return (UTF_16LE, false);
        }
        if even * 10 > pairs * 4 && odd * 20 < pairs {
            return (UTF_16BE, false);
        }
    }
    match std::str::from_utf8(head) {
        Ok(_) => return (UTF_8, false),
        // The head may end inside a character.
        Err(e) if !whole && e.error_len().is_none() => return (UTF_8, false),
        Err(_) => {}
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, whole);
    (detector.guess(None, chardetng::Utf8Detection::Deny), false)
}

/// The encoding to read on with when bytes beyond the head turn out not to be UTF-8.
pub(crate) fn fallback_encoding(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

fn line_end_of(text: &str) -> LineEnd {
    let crlf = text.matches("\r\n").count();
    let lf = text.matches('\n').count();
    let cr = text.matches('\r').count();
    if lf == 0 && cr > 0 {
        LineEnd::Cr
    } else if crlf * 2 > lf {
        LineEnd::CrLf
    } else {
        LineEnd::Lf
    }
}

/// The delimiter under which most rows have one same number of cells, above one.
fn delimiter_of(text: &str) -> char {
    let lines = logical_lines(text, 400);
    let mut best = (',', 0usize);
    for delimiter in [',', ';', '\t', '|'] {
        let mut counts: Vec<usize> = lines
            .iter()
            .map(|line| cells(line, delimiter))
            .filter(|&n| n > 1)
            .collect();
        duebook_money::order::sort(&mut counts);
        // The most frequent count; of equal ones the larger.
        let (mut mode, mut rows) = (0, 0);
        for group in counts.chunk_by(|a, b| a == b) {
            if group.len() >= rows {
                (mode, rows) = (group[0], group.len());
            }
        }
        // Rows in agreement weigh most: "1,234" splits many rows too, but not evenly.
        let agree = rows * rows * 100 / lines.len().max(1) + mode.min(60);
        if rows > 0 && agree > best.1 {
            best = (delimiter, agree);
        }
    }
    best.0
}

/// Lines with quoted line ends kept inside them; the last, perhaps cut, is left out.
fn logical_lines(text: &str, most: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                if at > start {
                    lines.push(&text[start..at]);
                    if lines.len() == most {
                        return lines;
                    }
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    if lines.is_empty() || (start < text.len() && text.len() < SNIFF_BYTES) {
        lines.push(&text[start..]);
    }
    lines
}

fn cells(line: &str, delimiter: char) -> usize {
    let (mut n, mut quoted) = (1, false);
    for b in line.bytes() {
        if b == b'"' {
            quoted = !quoted;
        } else if b == delimiter as u8 && !quoted {
            n += 1;
        }
    }
    n
}
