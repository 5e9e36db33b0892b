//! The parts of a workbook's archive, read within limits, and which of them belong together.

use super::error::{MAX_BYTES, MAX_INFLATED, MAX_SHEETS, TemplateError, is_bomb};
use super::xml::{plain, tags};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A worksheet of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its name.
    pub name: String,
    /// The workbook hides it.
    pub hidden: bool,
    /// Where it is in the archive; `None` for charts and the like.
    pub path: Option<String>,
}

/// An opened workbook.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Path of the workbook's own part.
    pub workbook: String,
    /// Its sheets in order.
    pub sheets: Vec<Part>,
    /// Days are counted from 1904.
    pub since_1904: bool,
    left: u64,
}

/// A relation of a part to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    pub id: String,
    /// The last word of its type: `worksheet`, `table`, `comments`.
    pub kind: String,
    /// Path in the archive.
    pub path: String,
}

impl<'b> Package<'b> {
    /// Opens it and looks at what it is.
    pub fn open(bytes: &'b [u8]) -> Result<Self, TemplateError> {
        let size = bytes.len() as u64;
        if size > MAX_BYTES {
            return Err(TemplateError::TooLarge { bytes: size });
        }
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(old_or_locked(bytes));
        }
        if !bytes.starts_with(b"PK") {
            return Err(TemplateError::NotXlsx);
        }
        let archive = ZipArchive::new(Cursor::new(bytes))?;
        let stated = archive.decompressed_size().unwrap_or(0);
        let inflated = u64::try_from(stated).unwrap_or(u64::MAX);
        if is_bomb(size, inflated) {
            return Err(TemplateError::Bomb { inflated });
        }
        let mut package = Package {
            archive,
            workbook: String::new(),
            sheets: Vec::new(),
            since_1904: false,
            left: MAX_INFLATED,
        };
        if package.has("xl/vbaProject.bin") {
            return Err(TemplateError::Macros);
        }
        let main = package.relations("")?;
        let main = main.into_iter().find(|r| r.kind == "officeDocument");
        let main = main.filter(|r| package.has(&r.path));
        package.workbook = main.ok_or(TemplateError::NotXlsx)?.path;
        let types = package.text("[Content_Types].xml")?;
        let macros = tags(&types).any(|t| {
            let kind = t.attribute("ContentType").unwrap_or_default();
            kind.contains("macroEnabled") || kind.contains("vbaProject")
        });
        if macros {
            return Err(TemplateError::Macros);
        }
        package.read_workbook()?;
        Ok(package)
    }

    fn read_workbook(&mut self) -> Result<(), TemplateError> {
        let path = self.workbook.clone();
        let relations = self.relations(&path)?;
        let xml = self.text(&path)?;
        for tag in tags(&xml) {
            if tag.begins("workbookPr") {
                self.since_1904 = tag.flag("date1904");
            } else if tag.begins("sheet") {
                let id = tag.local("id").unwrap_or_default();
                let found = relations
                    .iter()
                    .find(|r| r.id == id && r.kind == "worksheet");
                self.sheets.push(Part {
                    name: plain(tag.attribute("name").unwrap_or_default()).into_owned(),
                    hidden: tag.attribute("state").is_some_and(|s| s != "visible"),
                    path: found.map(|r| r.path.clone()),
                });
            }
        }
        match self.sheets.len() {
            0 => Err(TemplateError::NotXlsx),
            n if n > MAX_SHEETS => Err(TemplateError::TooManySheets { sheets: n as u64 }),
            _ => Ok(()),
        }
    }

    /// Whether there is a part.
    pub fn has(&self, path: &str) -> bool {
        self.archive.index_for_name(path).is_some()
    }

    /// Paths of all parts in the order of the archive.
    pub fn paths(&mut self) -> Result<Vec<String>, TemplateError> {
        (0..self.archive.len())
            .map(|at| Ok(self.archive.by_index_raw(at)?.name()?.into_owned()))
            .collect()
    }

    /// A part as text.
    pub fn text(&mut self, path: &str) -> Result<String, TemplateError> {
        let entry = self.archive.by_name(path)?;
        let mut bytes = Vec::new();
        // What the archive's directory says of sizes may be a lie.
        let read = entry.take(self.left + 1).read_to_end(&mut bytes);
        let read = read.map_err(|e| TemplateError::broken(format!("{path}: {e}")))? as u64;
        if read > self.left {
            return Err(TemplateError::Bomb {
                inflated: MAX_INFLATED + 1,
            });
        }
        self.left -= read;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let text = std::str::from_utf8(bytes);
        let text = text.map_err(|_| TemplateError::broken(format!("{path} is not UTF-8")))?;
        if text.contains("<!DOCTYPE") {
            return Err(TemplateError::broken(format!(
                "{path} declares a document type"
            )));
        }
        Ok(text.to_owned())
    }

    /// The relations of a part; of the archive itself for the empty path.
    pub fn relations(&mut self, path: &str) -> Result<Vec<Relation>, TemplateError> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let slash = if folder.is_empty() { "" } else { "/" };
        let beside = format!("{folder}{slash}_rels/{name}.rels");
        if !self.has(&beside) {
            return Ok(Vec::new());
        }
        let xml = self.text(&beside)?;
        let internal = tags(&xml)
            .filter(|t| t.begins("Relationship") && t.attribute("TargetMode") != Some("External"));
        let relation = |tag: super::xml::Tag<'_>| {
            let kind = tag.attribute("Type")?.rsplit('/').next()?;
            Some(Relation {
                id: tag.attribute("Id")?.to_owned(),
                kind: kind.to_owned(),
                path: resolved(folder, &plain(tag.attribute("Target")?)),
            })
        };
        Ok(internal.filter_map(relation).collect())
    }

    /// Copies a part into another archive as it is stored.
    pub fn copy(
        &mut self,
        path: &str,
        to: &mut zip::ZipWriter<Cursor<Vec<u8>>>,
    ) -> Result<(), TemplateError> {
        let at = self.archive.index_for_name(path);
        let at = at.ok_or_else(|| TemplateError::broken(format!("no {path}")))?;
        to.raw_copy_file(self.archive.by_index_raw(at)?)?;
        Ok(())
    }
}

/// A compound file: a workbook with a password, or one of before 2007.
fn old_or_locked(bytes: &[u8]) -> TemplateError {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    match memchr::memmem::find(bytes, &name) {
        Some(_) => TemplateError::Password,
        None => TemplateError::NotXlsx,
    }
}

/// A target as a path of the archive.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => _ = path.pop(),
            part => path.push(part),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved() {
        for (folder, target, path) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            (
                "xl/worksheets",
                "../tables/table1.xml",
                "xl/tables/table1.xml",
            ),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../x", "x"),
        ] {
            assert_eq!(resolved(folder, target), path);
        }
    }

    #[test]
    fn what_is_no_workbook_is_told_apart() {
        let open = |bytes: &[u8]| Package::open(bytes).err();
        assert_eq!(open(b"a,b\n1,2\n"), Some(TemplateError::NotXlsx));
        let mut locked = vec![0xd0, 0xcf, 0x11, 0xe0, 0];
        assert_eq!(open(&locked), Some(TemplateError::NotXlsx));
        locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(open(&locked), Some(TemplateError::Password));
        assert!(matches!(
            open(b"PK\x03\x04xxxx"),
            Some(TemplateError::Broken { .. })
        ));
    }
}
