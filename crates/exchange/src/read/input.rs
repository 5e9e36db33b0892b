//! Where the bytes come from. A file is opened more than once (head, body, refused rows), so an
//! input can be opened again; it need never be held whole.

use std::io::{self, Cursor, Read};

/// A file that can be opened from its start any number of times.
pub trait Input {
    /// Name as the user knows it.
    fn name(&self) -> &str;
    /// Size, bytes.
    fn size(&self) -> u64;
    /// A reader from the first byte.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
}

/// A file held in memory.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'a> {
    /// Name as the user knows it.
    pub name: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
}

impl Input for Bytes<'_> {
    fn name(&self) -> &str {
        self.name
    }
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(Cursor::new(self.bytes)))
    }
}
