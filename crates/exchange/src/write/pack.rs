//! A pack of files for somebody outside: one ZIP with a manifest of sizes and checksums, so that what
//! was handed over can be proved later.

use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// Name of the manifest in the pack.
pub const MANIFEST: &str = "MANIFEST.txt";

/// Why a pack was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackError {
    /// A name that is empty, used twice, or leads out of the pack.
    Name(String),
    /// The archive could not be written; what the library says.
    Archive(String),
}

/// The manifest: a line per file with BLAKE3 and bytes, in the order given.
pub fn manifest(about: &str, files: &[(String, Vec<u8>)]) -> String {
    let mut text = format!("{about}\n\nBLAKE3 of each file, its bytes, its name:\n");
    for (name, bytes) in files {
        text.push_str(&format!(
            "{}  {:>9}  {name}\n",
            blake3::hash(bytes).to_hex(),
            bytes.len()
        ));
    }
    text
}

/// The pack: the manifest first, then the files in the order given. The same files make the same
/// bytes.
///
/// # Errors
/// [`PackError`], before anything is written for a bad name.
pub fn pack(about: &str, files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, PackError> {
    for (n, (name, _)) in files.iter().enumerate() {
        let twice = files[..n].iter().any(|(other, _)| other == name);
        let leads_out = name.starts_with('/') || name.split('/').any(|p| p == ".." || p.is_empty());
        if twice || leads_out || name.contains('\\') || name == MANIFEST {
            return Err(PackError::Name(name.clone()));
        }
    }
    let broken = |e: &dyn std::fmt::Display| PackError::Archive(e.to_string());
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let manifest = (MANIFEST.to_owned(), manifest(about, files).into_bytes());
    for (name, bytes) in std::iter::once(&manifest).chain(files) {
        zip.start_file(name.as_str(), options)
            .map_err(|e| broken(&e))?;
        zip.write_all(bytes).map_err(|e| broken(&e))?;
    }
    let done = zip.finish().map_err(|e| broken(&e))?;
    Ok(done.into_inner())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_is_in_the_pack_is_what_the_manifest_says() {
        let files = vec![
            ("index.txt".to_owned(), b"what is here".to_vec()),
            ("items/statement.csv".to_owned(), vec![b'x'; 10_000]),
        ];
        let bytes = pack("Customer 4711", &files).unwrap();
        assert_eq!(
            bytes,
            pack("Customer 4711", &files).unwrap(),
            "the same files, the same bytes"
        );
        let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut told = String::new();
        zip.by_name(MANIFEST)
            .unwrap()
            .read_to_string(&mut told)
            .unwrap();
        assert!(told.starts_with("Customer 4711\n"));
        for (name, expected) in &files {
            let mut got = Vec::new();
            zip.by_name(name).unwrap().read_to_end(&mut got).unwrap();
            assert_eq!(&got, expected);
            let line = format!(
                "{}  {:>9}  {name}\n",
                blake3::hash(&got).to_hex(),
                got.len()
            );
            assert!(told.contains(&line), "{told}");
        }
    }

    #[test]
    fn a_name_that_leads_out_or_comes_twice_is_refused() {
        for name in ["", "../x", "/x", "a//b", "a\\b", MANIFEST] {
            let files = [(name.to_owned(), Vec::new())];
            assert_eq!(pack("", &files), Err(PackError::Name(name.to_owned())));
        }
        let twice = [("a".to_owned(), Vec::new()), ("a".to_owned(), Vec::new())];
        assert!(pack("", &twice).is_err());
    }
}
