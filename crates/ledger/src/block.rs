//! Column blocks: how a segment of items is stored. Documented in docs/MODEL.md, "Column blocks".
//!
//! `"DBK1"`, rows (u32 LE), length of the raw body (u32 LE), then the body compressed as one LZ4
//! block. The body is a list of columns, each: field (u16), header length (u16) and header (only
//! for extra text columns), encoding (u8), payload length (u32), payload. A reader skips fields it
//! does not know: they belong to a newer build and change no amount.

use crate::columns::{NO_DAY, NumField, SEGMENT_ROWS, Segment, StrColumn, TextColumn, TextField};

const MAGIC: &[u8; 4] = b"DBK1";
/// The largest raw body taken: 65,536 rows x 1 KiB each.
pub const MAX_BODY: usize = 64 << 20;

const CUSTOMER: u16 = 1;
const ENTITY: u16 = 2;
const CURRENCY: u16 = 3;
const KIND: u16 = 4;
const DOC_DATE: u16 = 5;
const DUE: u16 = 6;
const AMOUNT: u16 = 7;
const OPEN: u16 = 8;
const LINE: u16 = 9;
const NUMBER: u16 = 10;
const TEXTS: u16 = 0x1000;
const NUMS: u16 = 0x2000;

const ENC_INT: u8 = 1;
const ENC_PLAIN: u8 = 2;
const ENC_DICT: u8 = 3;

/// Why stored bytes are not a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockError {
    /// Not a block of this version.
    NotABlock,
    /// The bytes end early or a length points outside.
    Truncated,
    /// A column has another number of rows, or a text is not UTF-8.
    Malformed,
    /// More rows or bytes than a segment may have.
    TooLarge,
}

/// Integers as an offset from the least value in 0, 1, 2, 4 or 8 bytes; [`NO_DAY`] is kept apart
/// so that one missing date does not widen a column.
fn put_ints(out: &mut Vec<u8>, values: impl Iterator<Item = i64> + Clone) {
    const HOLE: i64 = NO_DAY as i64;
    let (mut lo, mut hi, mut holes) = (i64::MAX, i64::MIN, false);
    for v in values.clone() {
        if v == HOLE {
            holes = true;
        } else {
            lo = lo.min(v);
            hi = hi.max(v);
        }
    }
    if lo > hi {
        (lo, hi) = (0, 0);
    }
    let span = (hi as i128 - lo as i128) as u128 + u128::from(holes);
    let width: u8 = match span {
        0 => 0,
        s if s <= 0xff => 1,
        s if s <= 0xffff => 2,
        s if s <= 0xffff_ffff => 4,
        _ => 8,
    };
    out.push(width);
    // 0: offsets; 1: offsets with 0 for "not given"; 2: the values as they are.
    let raw = span > u128::from(u64::MAX);
    out.push(if raw { 2 } else { u8::from(holes) });
    out.extend_from_slice(&lo.to_le_bytes());
    // With holes, 0 means "not given" and every value is one higher.
    let code = move |v: i64| -> u64 {
        if !holes {
            (v as i128 - lo as i128) as u64
        } else if v == HOLE {
            0
        } else {
            (v as i128 - lo as i128 + 1) as u64
        }
    };
    match width {
        0 => {}
        1 => out.extend(values.map(|v| code(v) as u8)),
        2 => values.for_each(|v| out.extend_from_slice(&(code(v) as u16).to_le_bytes())),
        4 => values.for_each(|v| out.extend_from_slice(&(code(v) as u32).to_le_bytes())),
        _ if raw => values.for_each(|v| out.extend_from_slice(&(v as u64).to_le_bytes())),
        _ => values.for_each(|v| out.extend_from_slice(&code(v).to_le_bytes())),
    }
}

fn get_ints<T: Default + Copy>(
    bytes: &[u8],
    rows: usize,
    from: impl Fn(i64) -> Option<T>,
) -> Result<Vec<T>, BlockError> {
    if bytes.len() < 10 {
        return Err(BlockError::Truncated);
    }
    let (width, holes, as_is) = (bytes[0] as usize, bytes[1] == 1, bytes[1] == 2);
    let lo = i64::from_le_bytes(bytes[2..10].try_into().map_err(|_| BlockError::Truncated)?);
    let data = &bytes[10..];
    if data.len() != rows * width || ![0, 1, 2, 4, 8].contains(&width) {
        return Err(BlockError::Truncated);
    }
    let value = |code: u64| -> Option<T> {
        if as_is {
            return from(code as i64);
        }
        if holes && code == 0 {
            return from(i64::from(NO_DAY));
        }
        let v = i128::from(lo) + i128::from(code) - i128::from(holes);
        from(i64::try_from(v).ok()?)
    };
    let mut out = Vec::with_capacity(rows);
    match width {
        0 => out.resize(rows, value(0).ok_or(BlockError::Malformed)?),
        1 => {
            // 256 answers at most: worked out once.
            let mut table = [None; 256];
            for &b in data {
                let cell = &mut table[b as usize];
                let v = match *cell {
                    Some(v) => v,
                    None => *cell.insert(value(u64::from(b)).ok_or(BlockError::Malformed)?),
                };
                out.push(v);
            }
        }
        _ => {
            for chunk in data.chunks_exact(width) {
                let mut raw = [0u8; 8];
                raw[..width].copy_from_slice(chunk);
                out.push(value(u64::from_le_bytes(raw)).ok_or(BlockError::Malformed)?);
            }
        }
    }
    Ok(out)
}

fn put_texts(out: &mut Vec<u8>, texts: &TextColumn) {
    let (ends, bytes) = texts.parts();
    out.extend_from_slice(&(ends.len() as u32).to_le_bytes());
    let mut last = 0;
    for &end in ends {
        // Lengths, not ends: they repeat, and compress.
        let len = end - last;
        last = end;
        if len < 255 {
            out.push(len as u8);
        } else {
            out.push(255);
            out.extend_from_slice(&len.to_le_bytes());
        }
    }
    out.extend_from_slice(bytes);
}

fn get_texts(bytes: &[u8]) -> Result<TextColumn, BlockError> {
    let mut r = Reader(bytes);
    let rows = r.u32()? as usize;
    if rows > SEGMENT_ROWS {
        return Err(BlockError::TooLarge);
    }
    let mut ends = Vec::with_capacity(rows);
    let mut end = 0u32;
    for _ in 0..rows {
        let len = match r.u8()? {
            255 => r.u32()?,
            n => u32::from(n),
        };
        end = end.checked_add(len).ok_or(BlockError::Malformed)?;
        ends.push(end);
    }
    TextColumn::from_parts(ends, r.0.to_vec()).ok_or(BlockError::Malformed)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], BlockError> {
        if self.0.len() < n {
            return Err(BlockError::Truncated);
        }
        let (head, tail) = self.0.split_at(n);
        self.0 = tail;
        Ok(head)
    }
    fn u8(&mut self) -> Result<u8, BlockError> {
        Ok(self.take(1)?[0])
    }
    fn u16(&mut self) -> Result<u16, BlockError> {
        let b = self.take(2)?;
        Ok(u16::from_le_bytes([b[0], b[1]]))
    }
    fn u32(&mut self) -> Result<u32, BlockError> {
        let b = self.take(4)?;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn column(
        &mut self,
        field: u16,
        header: &str,
        encoding: u8,
        payload: impl FnOnce(&mut Vec<u8>),
    ) {
        // A header is at most 64 KiB by the limits of `exchange`; a longer one is cut at a character.
        let cut = (0..=header.len().min(0xffff))
            .rev()
            .find(|&i| header.is_char_boundary(i));
        let header = &header[..cut.unwrap_or(0)];
        self.0.extend_from_slice(&field.to_le_bytes());
        self.0
            .extend_from_slice(&(header.len() as u16).to_le_bytes());
        self.0.extend_from_slice(header.as_bytes());
        self.0.push(encoding);
        let at = self.0.len();
        self.0.extend_from_slice(&[0; 4]);
        payload(&mut self.0);
        let len = (self.0.len() - at - 4) as u32;
        self.0[at..at + 4].copy_from_slice(&len.to_le_bytes());
    }
    fn ints(&mut self, field: u16, values: impl Iterator<Item = i64> + Clone) {
        self.column(field, "", ENC_INT, |out| put_ints(out, values));
    }
}

/// The stored form of a segment.
pub fn encode(segment: &Segment) -> Vec<u8> {
    let mut w = Writer(Vec::with_capacity(segment.len() * 64 + 256));
    w.ints(CUSTOMER, segment.customer.iter().map(|&v| i64::from(v)));
    w.ints(ENTITY, segment.entity.iter().map(|&v| i64::from(v)));
    w.ints(CURRENCY, segment.currency.iter().map(|&v| i64::from(v)));
    w.ints(KIND, segment.kind.iter().map(|&v| i64::from(v)));
    w.ints(DOC_DATE, segment.doc_date.iter().map(|&v| i64::from(v)));
    w.ints(DUE, segment.due.iter().map(|&v| i64::from(v)));
    w.ints(AMOUNT, segment.amount.iter().copied());
    w.ints(OPEN, segment.open.iter().copied());
    w.ints(LINE, segment.line.iter().map(|&v| i64::from(v)));
    w.column(NUMBER, "", ENC_PLAIN, |out| put_texts(out, &segment.number));
    for (field, column) in &segment.texts {
        let header = if let TextField::Extra(h) = field {
            h.as_str()
        } else {
            ""
        };
        let number = TEXTS + field.number();
        match column {
            StrColumn::Plain(texts) => {
                w.column(number, header, ENC_PLAIN, |out| put_texts(out, texts))
            }
            StrColumn::Dict { codes, texts } => w.column(number, header, ENC_DICT, |out| {
                let at = out.len();
                out.extend_from_slice(&[0; 4]);
                put_ints(out, codes.iter().map(|&v| i64::from(v)));
                let len = (out.len() - at - 4) as u32;
                out[at..at + 4].copy_from_slice(&len.to_le_bytes());
                put_texts(out, texts);
            }),
        }
    }
    for (field, values) in &segment.nums {
        w.ints(NUMS + *field as u16, values.iter().copied());
    }
    let mut out = Vec::with_capacity(w.0.len() / 2 + 16);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&(segment.len() as u32).to_le_bytes());
    out.extend_from_slice(&(w.0.len() as u32).to_le_bytes());
    out.extend_from_slice(&lz4_flex::block::compress(&w.0));
    out
}

/// The segment that [`encode`] stored.
///
/// # Errors
/// [`BlockError`] for bytes that are not a whole, rectangular block.
pub fn decode(bytes: &[u8]) -> Result<Segment, BlockError> {
    let mut r = Reader(bytes);
    if r.take(4).map_err(|_| BlockError::NotABlock)? != MAGIC {
        return Err(BlockError::NotABlock);
    }
    let (rows, raw) = (r.u32()? as usize, r.u32()? as usize);
    if rows > SEGMENT_ROWS || raw > MAX_BODY {
        return Err(BlockError::TooLarge);
    }
    let body = lz4_flex::block::decompress(r.0, raw).map_err(|_| BlockError::Truncated)?;
    let mut r = Reader(&body);
    let mut s = Segment::default();
    while !r.0.is_empty() {
        let field = r.u16()?;
        let header_len = r.u16()? as usize;
        let header = std::str::from_utf8(r.take(header_len)?).map_err(|_| BlockError::Malformed)?;
        let encoding = r.u8()?;
        let payload_len = r.u32()? as usize;
        let payload = r.take(payload_len)?;
        column(&mut s, field, header, encoding, payload, rows)?;
    }
    if s.len() != rows || !s.is_rectangular() {
        return Err(BlockError::Malformed);
    }
    Ok(s)
}

fn column(
    s: &mut Segment,
    field: u16,
    header: &str,
    encoding: u8,
    payload: &[u8],
    rows: usize,
) -> Result<(), BlockError> {
    match field {
        CUSTOMER => s.customer = get_ints(payload, rows, |v| u32::try_from(v).ok())?,
        ENTITY => s.entity = get_ints(payload, rows, |v| u16::try_from(v).ok())?,
        CURRENCY => s.currency = get_ints(payload, rows, |v| u16::try_from(v).ok())?,
        KIND => s.kind = get_ints(payload, rows, |v| u8::try_from(v).ok())?,
        DOC_DATE => s.doc_date = get_ints(payload, rows, |v| i32::try_from(v).ok())?,
        DUE => s.due = get_ints(payload, rows, |v| i32::try_from(v).ok())?,
        AMOUNT => s.amount = get_ints(payload, rows, Some)?,
        OPEN => s.open = get_ints(payload, rows, Some)?,
        LINE => s.line = get_ints(payload, rows, |v| u32::try_from(v).ok())?,
        NUMBER => s.number = get_texts(payload)?,
        n if n >= NUMS => {
            if let Some(field) = NumField::from_number(n - NUMS) {
                s.nums.push((field, get_ints(payload, rows, Some)?));
            }
        }
        n if n >= TEXTS => {
            let Some(field) = TextField::from_number(n - TEXTS, header) else {
                return Ok(());
            };
            let column = match encoding {
                ENC_DICT => {
                    let mut r = Reader(payload);
                    let len = r.u32()? as usize;
                    let codes = get_ints(r.take(len)?, rows, |v| u32::try_from(v).ok())?;
                    StrColumn::Dict {
                        codes,
                        texts: get_texts(r.0)?,
                    }
                }
                _ => StrColumn::Plain(get_texts(payload)?),
            };
            s.texts.push((field, column));
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ints() -> impl Strategy<Value = Vec<i64>> {
        let one = prop_oneof![
            any::<i64>(),
            0i64..300,
            Just(i64::from(NO_DAY)),
            Just(i64::MIN),
            Just(i64::MAX)
        ];
        proptest::collection::vec(one, 0..40)
    }

    fn segment(amounts: Vec<i64>, texts: Vec<String>) -> Segment {
        let n = amounts.len();
        let mut number = TextColumn::default();
        let mut distinct = TextColumn::default();
        for i in 0..n {
            number.push(texts.get(i).map_or("", |t| t.as_str()));
        }
        distinct.push("OPEN");
        distinct.push("DISPUTED");
        Segment {
            customer: (0..n as u32).collect(),
            entity: vec![3; n],
            currency: vec![840; n],
            kind: vec![1; n],
            doc_date: vec![20_000; n],
            due: (0..n as i32)
                .map(|i| if i % 5 == 0 { NO_DAY } else { i })
                .collect(),
            open: amounts.clone(),
            amount: amounts,
            line: (1..=n as u32).collect(),
            number: number.clone(),
            texts: vec![
                (
                    TextField::SourceStatus,
                    StrColumn::Dict {
                        codes: (0..n as u32).map(|i| i % 2).collect(),
                        texts: distinct,
                    },
                ),
                (
                    TextField::Extra("Sales office".into()),
                    StrColumn::Plain(number),
                ),
            ],
            nums: vec![(NumField::PostingDate, vec![i64::from(NO_DAY); n])],
        }
    }

    proptest! {
        #[test]
        fn a_block_gives_back_its_segment(amounts in ints(), texts in proptest::collection::vec(".*", 0..40)) {
            let s = segment(amounts, texts);
            prop_assert_eq!(decode(&encode(&s)), Ok(s));
        }

        #[test]
        fn damaged_blocks_are_refused_or_read_without_panic(flip in any::<(u16, u8)>()) {
            let mut bytes = encode(&segment((0..50).collect(), vec!["INV-1".into(); 50]));
            let at = flip.0 as usize % bytes.len();
            bytes[at] ^= flip.1;
            let _ = decode(&bytes);
            let _ = decode(&bytes[..at]);
        }
    }
}
