//! Texts beside the log that can be erased: those of a commit, and the erasing.

use super::{NewTexts, Saved, SubmitError, Ws};
use crate::platform::idb::IdbStore;
use duebook_journal::{EventStore, SealedCommit};
use duebook_ledger::{Command, Seq, Uid};

/// A text that a commit brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasable {
    /// Its id.
    pub id: Uid,
    /// How it begins, or what it is.
    pub shown: String,
}

/// Characters of a text shown before it is erased.
const SHOWN: usize = 160;

impl Ws {
    /// The texts and documents that a commit brought and that are still there, from its record on
    /// disk.
    ///
    /// # Errors
    /// Why the record cannot be read, in words.
    pub async fn texts_of_commit(self, seq: Seq) -> Result<Vec<Erasable>, String> {
        let store = IdbStore::open(&self.id())
            .await
            .map_err(|e| crate::words::store_error(&e))?;
        let read = store
            .read_commits(u64::from(seq.0.saturating_sub(1)), 1)
            .await;
        store.close();
        let read = read.map_err(|e| crate::words::store_error(&e))?;
        let Some(raw) = read.into_iter().next() else {
            return Ok(Vec::new());
        };
        let read = SealedCommit::from_bytes(raw.bytes);
        let (_, envelope) = read.map_err(|e| format!("{e:?}"))?;
        let texts = envelope.texts.iter();
        let ids: Vec<Uid> = texts.map(|t| Uid(*t.id.bytes())).collect();
        Ok(self.erasable(&ids))
    }
    /// Of these texts, those that are still there.
    pub fn erasable(self, ids: &[Uid]) -> Vec<Erasable> {
        self.peek_all(|_, texts| {
            let one = |id: &Uid| {
                let shown = match (texts.of(*id), texts.file_size(*id)) {
                    (Some(text), _) => shown(text),
                    (None, Some(bytes)) => format!("A document of {} KB", bytes.div_ceil(1024)),
                    (None, None) => return None,
                };
                Some(Erasable { id: *id, shown })
            };
            ids.iter().filter_map(one).collect()
        })
    }
    /// Erases texts for good; what is said is on what ground.
    ///
    /// # Errors
    /// [`SubmitError`]; nothing is erased then.
    pub async fn erase(self, texts: Vec<Uid>, ground: String) -> Result<Saved, SubmitError> {
        let command = Command::EraseTexts { texts, ground };
        self.submit(command, NewTexts::default()).await
    }
}

fn shown(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    let cut: String = line.chars().take(SHOWN).collect();
    format!("{cut}…")
}
