//! Bytes of a text file as the `csv` crate wants them: UTF-8 without a byte-order mark, `\n` where
//! the file has a lone `\r`, one closing row at the end, and an error where a row never ends.

use super::limits::MAX_ROW_BYTES;
use super::sniff::{LineEnd, TextShape};
use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

/// The row added after the last byte. Two separators (U+001E, U+001F) no ledger has in a cell.
pub(crate) const SENTINEL: &str = "\u{1e}\u{1f}end\u{1f}\u{1e}";

pub(crate) struct TextReader<'a> {
    inner: Box<dyn Read + 'a>,
    decoder: Option<Decoding>,
    cr_only: bool,
    /// Byte-order mark still to be looked for (UTF-8 passed through).
    at_start: bool,
    tail: &'static [u8],
    ended: bool,
    taken: u64,
    rows: Rc<Cell<u64>>,
    /// Row count and position when a row last ended.
    last: (u64, u64),
}

struct Decoding {
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
}

/// The row that began here is longer than a row may be.
#[derive(Debug)]
struct RowTooLong;

impl fmt::Display for RowTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("row too long")
    }
}

impl std::error::Error for RowTooLong {}

pub(crate) fn as_row_too_long(error: &io::Error) -> Option<u64> {
    error
        .get_ref()?
        .downcast_ref::<RowTooLong>()
        .map(|_| MAX_ROW_BYTES)
}

/// A line end for a last row without one, and the closing row.
const TAIL: &[u8] = b"\n\x1e\x1fend\x1f\x1e";

impl<'a> TextReader<'a> {
    pub fn new(inner: Box<dyn Read + 'a>, shape: &TextShape, rows: Rc<Cell<u64>>) -> Self {
        let codec = shape.codec();
        let decoder = (codec != encoding_rs::UTF_8).then(|| Decoding {
            decoder: codec.new_decoder_with_bom_removal(),
            raw: vec![0; 1 << 15],
            text: Vec::with_capacity(1 << 17),
            given: 0,
        });
        TextReader {
            inner,
            decoder,
            cr_only: shape.line_end == LineEnd::Cr,
            at_start: true,
            tail: TAIL,
            ended: false,
            taken: 0,
            rows,
            last: (0, 0),
        }
    }

    /// Bytes of the file read so far.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// A row must end within [`MAX_ROW_BYTES`]; the caller counts rows as it gets them.
    fn check_row_ends(&mut self) -> io::Result<()> {
        let rows = self.rows.get();
        if rows != self.last.0 {
            self.last = (rows, self.taken);
        } else if self.taken - self.last.1 > MAX_ROW_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, RowTooLong));
        }
        Ok(())
    }

    fn read_plain(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut n = self.inner.read(buf)?;
        self.taken += n as u64;
        if self.at_start && n > 0 {
            self.at_start = false;
            while n < 3 {
                let more = self.inner.read(&mut buf[n..])?;
                if more == 0 {
                    break;
                }
                self.taken += more as u64;
                n += more;
            }
            if buf[..n].starts_with(b"\xEF\xBB\xBF") {
                buf.copy_within(3..n, 0);
                n -= 3;
                if n == 0 {
                    return self.read_plain(buf);
                }
            }
        }
        Ok(n)
    }

    fn read_decoded(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Some(d) = &mut self.decoder else {
            return Ok(0);
        };
        while d.given == d.text.len() {
            if self.ended {
                return Ok(0);
            }
            let n = self.inner.read(&mut d.raw)?;
            self.taken += n as u64;
            self.ended = n == 0;
            d.given = 0;
            d.text.clear();
            let mut text =
                String::with_capacity(d.decoder.max_utf8_buffer_length(n).unwrap_or(n * 3 + 16));
            // The buffer is sized for the worst case, so one call takes it all.
            let _ = d
                .decoder
                .decode_to_string(&d.raw[..n], &mut text, self.ended);
            d.text.extend_from_slice(text.as_bytes());
        }
        let n = buf.len().min(d.text.len() - d.given);
        buf[..n].copy_from_slice(&d.text[d.given..d.given + n]);
        d.given += n;
        Ok(n)
    }
}

impl Read for TextReader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.len() < 8 {
            // csv reads through a buffer of 64 KiB; a caller with less would cut the byte-order mark.
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "buffer too small",
            ));
        }
        self.check_row_ends()?;
        let n = match self.decoder {
            Some(_) => self.read_decoded(buf)?,
            None => self.read_plain(buf)?,
        };
        if n == 0 {
            let n = self.tail.len().min(buf.len());
            buf[..n].copy_from_slice(&self.tail[..n]);
            self.tail = &self.tail[n..];
            return Ok(n);
        }
        if self.cr_only {
            buf[..n]
                .iter_mut()
                .filter(|b| **b == b'\r')
                .for_each(|b| *b = b'\n');
        }
        Ok(n)
    }
}
