//! Personal and free text, kept beside the log and erasable: notes, contact details.

use crate::platform::ids;
use duebook_journal::{TextId, TextRecord};
use duebook_ledger::Uid;
use duebook_ledger::keys::TextRef;
use std::collections::BTreeMap;

/// The texts of the open book, by id. An absent one was erased.
#[derive(Debug, Clone, Default)]
pub struct Texts(BTreeMap<Uid, String>);

impl Texts {
    /// A text; `None` where it was erased.
    pub fn get(&self, text: TextRef) -> Option<&str> {
        self.of(text.id)
    }
    /// A text by id.
    pub fn of(&self, id: Uid) -> Option<&str> {
        self.0.get(&id).map(|t| t.as_str())
    }
    pub(super) fn learn(&mut self, record: &TextRecord) {
        // What is not UTF-8 was not written by us; it is shown as far as it can be read.
        let text = String::from_utf8_lossy(&record.bytes).into_owned();
        self.0.insert(Uid(*record.id.bytes()), text);
    }
    pub(super) fn forget(&mut self, id: TextId) {
        self.0.remove(&Uid(*id.bytes()));
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
        let id = ids::text().map_err(|e| format!("{e:?}"))?;
        let salt = ids::salt().map_err(|e| format!("{e:?}"))?;
        let record = TextRecord {
            id,
            salt,
            bytes: text.as_bytes().to_vec(),
        };
        let reference = record.reference();
        self.0.push(record);
        Ok(Some(TextRef {
            id: Uid(*id.bytes()),
            digest: *reference.digest.bytes(),
        }))
    }
}
