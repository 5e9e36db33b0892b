//! A file chosen by the user, read in the worker in parts: a long one is never held whole.

use duebook_exchange::read::Input;
use js_sys::Uint8Array;
use std::io::{self, Read};
use web_sys::{Blob, File, FileReaderSync};

/// Bytes asked for first: enough to see what the file is.
const FIRST_PART: u64 = 1 << 20;
/// Bytes asked for at a time from then on: every question goes through another process, so few of
/// them, and short enough to hold.
const PART: u64 = 32 << 20;

/// Reads a file from its start.
pub struct FileRead {
    blob: Blob,
    reader: FileReaderSync,
    size: u64,
    at: u64,
    /// The part read last, left in the browser's memory: what is asked for is copied once.
    part: Uint8Array,
    used: u32,
}

impl FileRead {
    /// From the start of the file.
    ///
    /// # Errors
    /// Outside a worker.
    pub fn new(file: &File) -> io::Result<Self> {
        let reader = FileReaderSync::new().map_err(|_| io::Error::other("no file reader here"))?;
        let size = file.size() as u64;
        Ok(FileRead {
            blob: file.clone().into(),
            reader,
            size,
            at: 0,
            part: Uint8Array::new_with_length(0),
            used: 0,
        })
    }

    fn fill(&mut self) -> io::Result<()> {
        let part = if self.at == 0 { FIRST_PART } else { PART };
        let end = (self.at + part).min(self.size);
        let gone = |_| io::Error::other("the file changed or is gone");
        let slice = self
            .blob
            .slice_with_f64_and_f64(self.at as f64, end as f64)
            .map_err(gone)?;
        let buffer = self.reader.read_as_array_buffer(&slice).map_err(gone)?;
        self.part = Uint8Array::new(&buffer);
        self.used = 0;
        self.at = end;
        Ok(())
    }
}

impl Read for FileRead {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.used == self.part.length() {
            if self.at >= self.size {
                return Ok(0);
            }
            self.fill()?;
        }
        let left = self.part.length() - self.used;
        let n = u32::try_from(out.len()).map_or(left, |wanted| wanted.min(left));
        let end = self.used + n;
        self.part
            .subarray(self.used, end)
            .copy_to(&mut out[..n as usize]);
        self.used = end;
        Ok(n as usize)
    }
}

/// A file as the readers of `exchange` take it.
pub struct FileInput {
    file: File,
    name: String,
}

impl FileInput {
    /// Wraps a file.
    pub fn new(file: File) -> Self {
        let name = file.name();
        FileInput { file, name }
    }
}

impl Input for FileInput {
    fn name(&self) -> &str {
        &self.name
    }
    fn size(&self) -> u64 {
        self.file.size() as u64
    }
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(FileRead::new(&self.file)?))
    }
}
