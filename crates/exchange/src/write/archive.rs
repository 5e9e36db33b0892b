//! A ZIP archive of files, for a run of letters or copies of documents; and a package of parts, as
//! DOCX is one. The same files give the same bytes.

use super::WriteError;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An archive being written, file by file: between two of them the caller may do other things.
pub struct Archive {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    names: Vec<String>,
}

impl Default for Archive {
    fn default() -> Self {
        Archive {
            zip: ZipWriter::new(Cursor::new(Vec::new())),
            names: Vec::new(),
        }
    }
}

impl Archive {
    /// Adds a file; answers the name it got: harmless, and none twice.
    ///
    /// # Errors
    /// Past what the format holds.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<String, WriteError> {
        let name = self.free(&file_name(name));
        self.put(&name, bytes)?;
        self.names.push(name.to_lowercase());
        Ok(name)
    }

    /// The bytes.
    ///
    /// # Errors
    /// Past what the format holds.
    pub fn finish(self) -> Result<Vec<u8>, WriteError> {
        Ok(self.zip.finish()?.into_inner())
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        // The default time is a fixed one.
        let entry = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(3));
        self.zip.start_file(name, entry)?;
        self.zip.write_all(bytes)?;
        Ok(())
    }

    fn free(&self, name: &str) -> String {
        let taken = |n: &str| self.names.contains(&n.to_lowercase());
        if !taken(name) {
            return name.to_owned();
        }
        let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
        let dot = if end.is_empty() { "" } else { "." };
        let numbered = |n: usize| format!("{stem} ({n}){dot}{end}");
        let mut all = (2..=self.names.len() + 2).map(numbered);
        all.find(|n| !taken(n)).unwrap_or_else(|| name.to_owned())
    }
}

/// A package of parts under their own paths, such as a DOCX.
///
/// # Errors
/// Past what the format holds.
pub fn package(parts: &[(&str, String)]) -> Result<Vec<u8>, WriteError> {
    let mut archive = Archive::default();
    for (path, xml) in parts {
        archive.put(path, xml.as_bytes())?;
    }
    archive.finish()
}

/// A name that every system takes as one file in the folder it is put in.
pub fn file_name(name: &str) -> String {
    let one = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        c if c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
        {
            ' '
        }
        c => c,
    };
    let clean: String = name.chars().map(one).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = clean.trim_matches(['.', ' ']).to_owned();
    let (stem, end) = match clean.rsplit_once('.') {
        Some((stem, end)) if end.len() <= 8 && !stem.is_empty() => {
            (stem.to_owned(), format!(".{end}"))
        }
        _ => (clean, String::new()),
    };
    let stem: String = stem.chars().take(100).collect();
    const TAKEN: [&str; 6] = ["con", "prn", "aux", "nul", "com1", "lpt1"];
    match stem.to_ascii_lowercase().as_str() {
        "" => format!("file{end}"),
        s if TAKEN.contains(&s) => format!("{stem}_{end}"),
        _ => format!("{stem}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn names_are_harmless_and_none_is_there_twice() {
        let mut archive = Archive::default();
        let mut names = Vec::new();
        for name in [
            "../../etc/passwd",
            "A.eml",
            "a.EML",
            "A.eml",
            "",
            "con.txt",
            "x\u{202e}fdp.exe",
        ] {
            names.push(archive.add(name, name.as_bytes()).expect("room"));
        }
        assert_eq!(
            names,
            [
                "-..-etc-passwd",
                "A.eml",
                "a (2).EML",
                "A (3).eml",
                "file",
                "con_.txt",
                "x fdp.exe"
            ]
        );
        let bytes = archive.finish().expect("room");
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        let mut text = String::new();
        let mut file = zip.by_name("A.eml").expect("there");
        file.read_to_string(&mut text).expect("read");
        assert_eq!(text, "A.eml");
    }
}
