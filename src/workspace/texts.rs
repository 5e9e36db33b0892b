//! Personal and free text, kept beside the log and erasable: notes, contact details.

use crate::platform::ids;
use duebook_journal::{TextId, TextRecord};
use duebook_ledger::Uid;
use duebook_ledger::keys::TextRef;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The texts of the open book, by id. An absent one was erased.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    texts: BTreeMap<Uid, String>,
    /// Documents that the book keeps.
    files: BTreeMap<Uid, Arc<[u8]>>,
}

/// What a kept document begins with, so that it is never taken for a text.
const FILE: &[u8; 8] = b"\0DBFILE1";

impl Texts {
    /// A text; `None` where it was erased.
    pub fn get(&self, text: TextRef) -> Option<&str> {
        self.of(text.id)
    }
    /// A text by id.
    pub fn of(&self, id: Uid) -> Option<&str> {
        self.texts.get(&id).map(|t| t.as_str())
    }
    /// A document's bytes; `None` where it was erased or is no document.
    pub fn file(&self, text: TextRef) -> Option<Arc<[u8]>> {
        self.files.get(&text.id).cloned()
    }
    /// Size of a document, bytes.
    pub fn file_size(&self, id: Uid) -> Option<usize> {
        self.files.get(&id).map(|f| f.len())
    }
    pub(super) fn learn(&mut self, record: &TextRecord) {
        let id = Uid(*record.id.bytes());
        if let Some(file) = record.bytes.strip_prefix(FILE) {
            self.files.insert(id, Arc::from(file));
            return;
        }
        // What is not UTF-8 was not written by us; it is shown as far as it can be read.
        let text = String::from_utf8_lossy(&record.bytes).into_owned();
        self.texts.insert(id, text);
    }
    pub(super) fn forget(&mut self, id: TextId) {
        let id = Uid(*id.bytes());
        self.texts.remove(&id);
        self.files.remove(&id);
    }
}

/// Texts that travel with a command.
#[derive(Debug, Clone, Default)]
pub struct NewTexts(pub(super) Vec<TextRecord>);

impl NewTexts {
    /// Adds a text and gives its reference; `None` for an empty one.
    ///
    /// # Errors
    /// Where the browser gives no random numbers.
    pub fn add(&mut self, text: &str) -> Result<Option<TextRef>, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        self.put(text.as_bytes().to_vec()).map(Some)
    }
    /// Adds a document that the book keeps.
    ///
    /// # Errors
    /// As [`NewTexts::add`].
    pub fn add_file(&mut self, bytes: Vec<u8>) -> Result<TextRef, String> {
        let mut kept = FILE.to_vec();
        kept.extend(bytes);
        self.put(kept)
    }
    fn put(&mut self, bytes: Vec<u8>) -> Result<TextRef, String> {
        let id = ids::text().map_err(|e| format!("{e:?}"))?;
        let salt = ids::salt().map_err(|e| format!("{e:?}"))?;
        let record = TextRecord { id, salt, bytes };
        let reference = record.reference();
        self.0.push(record);
        Ok(TextRef {
            id: Uid(*id.bytes()),
            digest: *reference.digest.bytes(),
        })
    }
}
