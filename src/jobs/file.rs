//! A file chosen by the user, read in the worker in parts: a long one is never held whole.

use duebook_exchange::read::Input;
use std::io::{self, Read};
use web_sys::{Blob, File, FileReaderSync};

/// Bytes asked for at a time: long enough to cost little, short enough to hold.
const PART: u64 = 4 << 20;

/// Reads a file from its start.
pub struct FileRead {
    blob: Blob,
    reader: FileReaderSync,
    size: u64,
    at: u64,
    part: Vec<u8>,
    used: usize,
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
            part: Vec::new(),
            used: 0,
        })
    }

    fn fill(&mut self) -> io::Result<()> {
        let end = (self.at + PART).min(self.size);
        let gone = |_| io::Error::other("the file changed or is gone");
        let slice = self
            .blob
            .slice_with_f64_and_f64(self.at as f64, end as f64)
            .map_err(gone)?;
        let buffer = self.reader.read_as_array_buffer(&slice).map_err(gone)?;
        let array = js_sys::Uint8Array::new(&buffer);
        self.part.resize(array.length() as usize, 0);
        array.copy_to(&mut self.part);
        self.used = 0;
        self.at = end;
        Ok(())
    }
}

impl Read for FileRead {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.used == self.part.len() {
            if self.at >= self.size {
                return Ok(0);
            }
            self.fill()?;
        }
        let n = out.len().min(self.part.len() - self.used);
        out[..n].copy_from_slice(&self.part[self.used..self.used + n]);
        self.used += n;
        Ok(n)
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
