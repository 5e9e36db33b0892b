//! Reading a backup: everything is proved before anything is believed.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    BackupError, BackupFault, HEADER, Kind, MAGIC, RECORD_HEAD, Summary, TEXT_HEAD, Trailer,
    VERSION,
};
use crate::envelope::Envelope;
use crate::ids::{BookId, Digest, TextId};
use crate::load::{BARRIER, follow};
use crate::seal::{Append, Block, Commit, Head, SealedCommit, TextRecord};
use crate::store::{AppendError, Appended, EventStore, RawCommit, StoreError};

/// A backup that was proved whole: chain, digests, references, counts.
#[derive(Debug)]
pub struct Backup<'a> {
    book: BookId,
    commits: Vec<(SealedCommit, Envelope)>,
    blocks: BTreeMap<Digest, &'a [u8]>,
    texts: BTreeMap<TextId, TextRecord>,
    summary: Summary,
}

/// Why a backup was not restored; the store is as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoreError {
    /// The store holds commits already.
    NotEmpty {
        /// How far it goes.
        seq: u64,
    },
    /// The backup holds no commit.
    NoCommits,
    /// The store refused or failed.
    Append(AppendError),
    /// The store could not be read.
    Store(StoreError),
}

/// One record, its digest proved.
struct Record<'a> {
    at: u64,
    kind: Kind,
    head: &'a [u8],
    digest: Digest,
    payload: &'a [u8],
}

struct Records<'a> {
    file: &'a [u8],
    at: usize,
}

fn fail<T>(at: usize, fault: BackupFault) -> Result<T, BackupError> {
    Err(BackupError {
        at: at as u64,
        fault,
    })
}

impl<'a> Records<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let bytes = self.file.get(self.at..end)?;
        self.at = end;
        Some(bytes)
    }

    fn next(&mut self) -> Result<Record<'a>, BackupError> {
        let at = self.at;
        let Some(head) = self.take(RECORD_HEAD) else {
            return fail(at, BackupFault::Truncated);
        };
        let Some(kind) = Kind::from_code(head[0]) else {
            return fail(at, BackupFault::UnknownRecord { code: head[0] });
        };
        let mut length = [0; 8];
        length.copy_from_slice(&head[1..9]);
        let payload =
            (usize::try_from(u64::from_le_bytes(length)).ok()).and_then(|length| self.take(length));
        let (Some(payload), Some(digest)) = (payload, Digest::from_slice(&head[9..])) else {
            return fail(at, BackupFault::Truncated);
        };
        if Digest::of(payload) != digest {
            return fail(at, BackupFault::Damaged(kind));
        }
        Ok(Record {
            at: at as u64,
            kind,
            head,
            digest,
            payload,
        })
    }
}

fn header(file: &[u8]) -> Result<BookId, BackupError> {
    if !file.starts_with(&MAGIC) {
        return fail(0, BackupFault::NotABackup);
    }
    let Some(header) = file.get(..HEADER) else {
        return fail(0, BackupFault::Truncated);
    };
    let found = u16::from_le_bytes([header[8], header[9]]);
    if found > VERSION {
        return fail(8, BackupFault::NewerVersion { found });
    }
    if found == 0 || header[10..16].iter().any(|byte| *byte != 0) {
        return fail(8, BackupFault::Header);
    }
    BookId::from_slice(&header[16..]).map_or_else(|| fail(16, BackupFault::Header), Ok)
}

fn text(record: &Record<'_>) -> Option<TextRecord> {
    let (head, bytes) = record.payload.split_at_checked(TEXT_HEAD)?;
    Some(TextRecord {
        id: TextId::from_slice(&head[..16])?,
        salt: head[16..].try_into().ok()?,
        bytes: bytes.to_vec(),
    })
}

impl<'a> Backup<'a> {
    /// Reads and proves a whole file.
    ///
    /// # Errors
    /// [`BackupError`] with the place of the first thing wrong.
    pub fn read(file: &'a [u8]) -> Result<Self, BackupError> {
        let book = header(file)?;
        let mut backup = Self {
            book,
            commits: Vec::new(),
            blocks: BTreeMap::new(),
            texts: BTreeMap::new(),
            summary: Summary::default(),
        };
        let mut records = Records { file, at: HEADER };
        let mut spine = blake3::Hasher::new();
        spine.update(&file[..HEADER]);
        // Where each commit, block and text lies: for errors found after reading.
        let mut places = Places::default();
        loop {
            let record = records.next()?;
            if record.kind == Kind::Trailer {
                backup.end(&record, &Digest(*spine.finalize().as_bytes()))?;
                break;
            }
            spine.update(record.head);
            backup.take(&record, &mut places)?;
        }
        if records.at != file.len() {
            return fail(records.at, BackupFault::Trailing);
        }
        backup.summary.bytes = file.len() as u64;
        backup.resolve(&places)?;
        Ok(backup)
    }

    fn take(&mut self, record: &Record<'a>, places: &mut Places) -> Result<(), BackupError> {
        let fault = match record.kind {
            Kind::Commit => return self.take_commit(record, places),
            Kind::Block => {
                self.summary.blocks += 1;
                places.blocks.insert(record.digest, record.at);
                (self.blocks.insert(record.digest, record.payload))
                    .map(|_| BackupFault::Twice(Kind::Block))
            }
            Kind::Text => {
                self.summary.texts += 1;
                match text(record) {
                    None => Some(BackupFault::Malformed(Kind::Text)),
                    Some(text) => {
                        places.texts.insert(text.id, record.at);
                        (self.texts.insert(text.id, text)).map(|_| BackupFault::Twice(Kind::Text))
                    }
                }
            }
            Kind::Trailer => Some(BackupFault::Malformed(Kind::Trailer)),
        };
        fault.map_or(Ok(()), |fault| {
            Err(BackupError {
                at: record.at,
                fault,
            })
        })
    }

    fn take_commit(&mut self, record: &Record<'a>, places: &mut Places) -> Result<(), BackupError> {
        let fail = |fault| {
            Err(BackupError {
                at: record.at,
                fault,
            })
        };
        let raw = RawCommit {
            seq: self.summary.head.seq.saturating_add(1),
            bytes: record.payload.to_vec(),
        };
        let commit = match follow(&self.summary.head, raw) {
            Ok(commit) => commit,
            Err(error) => return fail(BackupFault::Chain(error)),
        };
        let envelope = commit.envelope;
        if envelope.book != self.book {
            return fail(BackupFault::OtherBook {
                seq: envelope.seq,
                book: envelope.book,
            });
        }
        self.summary.head = Head {
            seq: envelope.seq,
            hash: commit.hash,
        };
        self.summary.commits += 1;
        places.commits.push(record.at);
        let sealed = SealedCommit::proved(&envelope, commit.hash, record.payload.to_vec());
        self.commits.push((sealed, envelope));
        Ok(())
    }

    fn end(&self, record: &Record<'_>, spine: &Digest) -> Result<(), BackupError> {
        let fault = match minicbor::decode::<Trailer>(record.payload) {
            Err(_) => BackupFault::Malformed(Kind::Trailer),
            Ok(trailer) => {
                let expected = Trailer {
                    commits: self.summary.commits,
                    blocks: self.summary.blocks,
                    texts: self.summary.texts,
                    head_seq: self.summary.head.seq,
                    head_hash: self.summary.head.hash,
                    spine: *spine,
                };
                if trailer == expected {
                    return Ok(());
                }
                BackupFault::Trailer
            }
        };
        Err(BackupError {
            at: record.at,
            fault,
        })
    }

    /// Every reference has its block or text, every block and text its reference.
    fn resolve(&mut self, places: &Places) -> Result<(), BackupError> {
        let erased: BTreeSet<TextId> = (self.commits.iter())
            .flat_map(|(_, envelope)| envelope.erases.iter().copied())
            .collect();
        let mut blocks: BTreeSet<Digest> = BTreeSet::new();
        let mut texts: BTreeSet<TextId> = BTreeSet::new();
        for ((_, envelope), at) in self.commits.iter().zip(&places.commits) {
            let fail = |fault| Err(BackupError { at: *at, fault });
            let seq = envelope.seq;
            for named in &envelope.blocks {
                let digest = named.digest;
                if (self.blocks.get(&digest)).is_none_or(|b| b.len() as u64 != named.length) {
                    return fail(BackupFault::BlockMissing { seq, digest });
                }
                blocks.insert(digest);
            }
            for named in &envelope.texts {
                let id = named.id;
                match self.texts.get(&id) {
                    Some(text) if text.reference().digest != named.digest => {
                        return fail(BackupFault::TextDiffers { id });
                    }
                    None if !erased.contains(&id) => {
                        return fail(BackupFault::TextMissing { seq, id });
                    }
                    _ => {}
                }
                texts.insert(id);
            }
        }
        let block = places.blocks.iter().find(|(d, _)| !blocks.contains(d));
        let text = places.texts.iter().find(|(id, _)| !texts.contains(id));
        let unnamed = (block.map(|(_, at)| (*at, Kind::Block)))
            .or_else(|| text.map(|(_, at)| (*at, Kind::Text)));
        if let Some((at, kind)) = unnamed {
            let fault = BackupFault::Unnamed(kind);
            return Err(BackupError { at, fault });
        }
        // Erased while the file was being written: it is not kept.
        self.texts.retain(|id, _| !erased.contains(id));
        Ok(())
    }

    /// The book it is of.
    #[must_use]
    pub fn book(&self) -> BookId {
        self.book
    }

    /// What the file holds.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// The commits, for the replay that comes before a backup is handed over or restored.
    pub fn commits(&self) -> impl Iterator<Item = Commit> + '_ {
        self.commits.iter().map(|(sealed, envelope)| Commit {
            hash: sealed.hash(),
            envelope: envelope.clone(),
        })
    }

    /// A block's bytes.
    #[must_use]
    pub fn block(&self, digest: &Digest) -> Option<&'a [u8]> {
        self.blocks.get(digest).copied()
    }

    /// A text; `None` when it was erased.
    #[must_use]
    pub fn text(&self, id: &TextId) -> Option<&TextRecord> {
        self.texts.get(id)
    }

    /// As appends, each block with the first commit that names it.
    fn into_appends(mut self) -> Vec<Append> {
        let mut appends = Vec::with_capacity(self.commits.len());
        for (sealed, envelope) in self.commits {
            let blocks = (envelope.blocks.iter())
                .filter_map(|named| {
                    let bytes = self.blocks.remove(&named.digest)?;
                    Some(Block::proved(named.digest, bytes.to_vec()))
                })
                .collect();
            let texts = (envelope.texts.iter())
                .filter_map(|named| self.texts.remove(&named.id))
                .collect();
            appends.push(Append::proved(sealed, blocks, texts, envelope.erases));
        }
        appends
    }
}

#[derive(Default)]
struct Places {
    commits: Vec<u64>,
    blocks: BTreeMap<Digest, u64>,
    texts: BTreeMap<TextId, u64>,
}

/// Writes a proved backup into an empty store, in one transaction: all of it or nothing. The
/// chain is the backup's, byte for byte.
///
/// # Errors
/// [`RestoreError`].
pub async fn restore<S: EventStore>(backup: Backup<'_>, store: &S) -> Result<Head, RestoreError> {
    let head = store.head().await.map_err(RestoreError::Store)?;
    if head != Head::EMPTY {
        return Err(RestoreError::NotEmpty { seq: head.seq });
    }
    let needs = (backup.commits.iter())
        .map(|(_, envelope)| envelope.format)
        .max();
    let Some(needs) = needs else {
        return Err(RestoreError::NoCommits);
    };
    let written = store.append_all(&backup.into_appends()).await;
    let head = match written.map_err(RestoreError::Append)? {
        Appended::Written(head) => head,
        Appended::Already { seq } => return Err(RestoreError::NotEmpty { seq }),
    };
    (store.put_meta(BARRIER, Some(&needs.to_le_bytes())).await).map_err(RestoreError::Store)?;
    Ok(head)
}
