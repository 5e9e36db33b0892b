//! Writing a backup, in chunks, from a store that may go on being written to.

use std::collections::BTreeSet;

use super::{HEADER, Kind, MAGIC, Trailer, VERSION};
use crate::ids::{BookId, Digest, TextId};
use crate::load::{ChainError, follow};
use crate::seal::{Head, TextRecord};
use crate::store::{BlockError, EventStore, StoreError};

/// Builds the container record by record. Take the bytes with [`Writer::take`] whenever they
/// are enough for a chunk; chunks in order are the file.
pub struct Writer {
    pending: Vec<u8>,
    spine: blake3::Hasher,
    summary: Summary,
}

/// What a backup holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The last commit in it.
    pub head: Head,
    /// How many commits.
    pub commits: u64,
    /// How many blocks.
    pub blocks: u64,
    /// How many texts.
    pub texts: u64,
    /// Length of the file in bytes.
    pub bytes: u64,
}

/// Why no backup could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// The log itself is damaged.
    Chain(ChainError),
    /// A block is absent or torn, or the store failed.
    Block(BlockError),
    /// A text is absent though nothing erased it, or differs from its digest.
    Text(TextId),
    /// The store failed.
    Store(StoreError),
    /// The trailer could not be encoded.
    Encode(String),
}

impl Writer {
    /// Begins a file for a book.
    #[must_use]
    pub fn new(book: BookId) -> Self {
        let mut header = Vec::with_capacity(HEADER);
        header.extend_from_slice(&MAGIC);
        header.extend_from_slice(&VERSION.to_le_bytes());
        header.extend_from_slice(&[0; 6]);
        header.extend_from_slice(book.bytes());
        let mut spine = blake3::Hasher::new();
        spine.update(&header);
        Self {
            summary: Summary {
                bytes: header.len() as u64,
                ..Summary::default()
            },
            pending: header,
            spine,
        }
    }

    fn record(&mut self, kind: Kind, digest: Digest, parts: &[&[u8]]) {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let start = self.pending.len();
        self.pending.push(kind.code());
        self.pending
            .extend_from_slice(&(length as u64).to_le_bytes());
        self.pending.extend_from_slice(digest.bytes());
        self.spine.update(&self.pending[start..]);
        for part in parts {
            self.pending.extend_from_slice(part);
        }
        self.summary.bytes += (self.pending.len() - start) as u64;
    }

    /// Adds a commit's stored bytes. Commits go in order.
    pub fn commit(&mut self, bytes: &[u8], head: Head) {
        self.record(Kind::Commit, head.hash, &[bytes]);
        self.summary.commits += 1;
        self.summary.head = head;
    }

    /// Adds a block under its digest.
    pub fn block(&mut self, bytes: &[u8], digest: Digest) {
        self.record(Kind::Block, digest, &[bytes]);
        self.summary.blocks += 1;
    }

    /// Adds a text.
    pub fn text(&mut self, text: &TextRecord) {
        let parts: [&[u8]; 3] = [text.id.bytes(), &text.salt, &text.bytes];
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(part);
        }
        self.record(Kind::Text, Digest(*hasher.finalize().as_bytes()), &parts);
        self.summary.texts += 1;
    }

    /// The bytes since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.pending)
    }

    /// Bytes waiting to be taken.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// Ends the file: its last bytes and what it holds.
    ///
    /// # Errors
    /// [`WriteError::Encode`].
    pub fn finish(mut self) -> Result<(Vec<u8>, Summary), WriteError> {
        let trailer = Trailer {
            commits: self.summary.commits,
            blocks: self.summary.blocks,
            texts: self.summary.texts,
            head_seq: self.summary.head.seq,
            head_hash: self.summary.head.hash,
            spine: Digest(*self.spine.finalize().as_bytes()),
        };
        let bytes = minicbor::to_vec(trailer).map_err(|e| WriteError::Encode(e.to_string()))?;
        self.record(Kind::Trailer, Digest::of(&bytes), &[&bytes]);
        Ok((self.pending, self.summary))
    }
}

/// A text to write and what it must hash to.
struct Wanted {
    id: TextId,
    digest: Digest,
}

/// Writes a book's backup in chunks of about a megabyte (a block is never split). Commits made
/// meanwhile may be in it; it is whole either way. Read it back with [`super::Backup::read`]
/// before calling it a backup.
///
/// # Errors
/// [`WriteError`]; the chunks handed out so far are worthless.
pub async fn write<S: EventStore>(
    store: &S,
    book: BookId,
    mut chunk: impl FnMut(Vec<u8>),
) -> Result<Summary, WriteError> {
    let mut run = Run {
        store,
        writer: Writer::new(book),
        head: Head::EMPTY,
        blocks: BTreeSet::new(),
        wanted: Vec::new(),
        erased: BTreeSet::new(),
    };
    run.commits(&mut chunk).await?;
    let wanted = std::mem::take(&mut run.wanted);
    let absent = run.texts(wanted, &mut chunk).await?;
    if !absent.is_empty() {
        // Erased while this was being written: the commit that did it belongs in the file.
        run.commits(&mut chunk).await?;
        let later = std::mem::take(&mut run.wanted);
        let absent_later = run.texts(later, &mut chunk).await?;
        let lost = (absent.iter().chain(&absent_later)).find(|id| !run.erased.contains(*id));
        if let Some(id) = lost {
            return Err(WriteError::Text(*id));
        }
    }
    let (last, summary) = run.writer.finish()?;
    chunk(last);
    Ok(summary)
}

struct Run<'a, S> {
    store: &'a S,
    writer: Writer,
    head: Head,
    blocks: BTreeSet<Digest>,
    wanted: Vec<Wanted>,
    erased: BTreeSet<TextId>,
}

impl<S: EventStore> Run<'_, S> {
    const CHUNK: usize = 1 << 20;
    const PAGE: u32 = 256;

    fn flush(&mut self, chunk: &mut impl FnMut(Vec<u8>)) {
        if self.writer.waiting() >= Self::CHUNK {
            chunk(self.writer.take());
        }
    }

    /// Everything behind the run's head, with blocks; texts are noted.
    async fn commits(&mut self, chunk: &mut impl FnMut(Vec<u8>)) -> Result<(), WriteError> {
        loop {
            let page = (self.store.read_commits(self.head.seq, Self::PAGE).await)
                .map_err(WriteError::Store)?;
            if page.is_empty() {
                return Ok(());
            }
            for raw in page {
                let bytes = raw.bytes.clone();
                let commit = follow(&self.head, raw).map_err(WriteError::Chain)?;
                self.head = commit.head();
                self.writer.commit(&bytes, self.head);
                self.flush(chunk);
                for named in &commit.envelope.blocks {
                    if self.blocks.insert(named.digest) {
                        let block = self.store.get_block(named.digest).await;
                        self.writer
                            .block(&block.map_err(WriteError::Block)?, named.digest);
                        self.flush(chunk);
                    }
                }
                self.erased.extend(&commit.envelope.erases);
                self.wanted
                    .extend(commit.envelope.texts.iter().map(|text| Wanted {
                        id: text.id,
                        digest: text.digest,
                    }));
            }
        }
    }

    /// Writes the texts that are not erased; returns those that are absent all the same.
    async fn texts(
        &mut self,
        mut wanted: Vec<Wanted>,
        chunk: &mut impl FnMut(Vec<u8>),
    ) -> Result<Vec<TextId>, WriteError> {
        wanted.retain(|text| !self.erased.contains(&text.id));
        let mut absent = Vec::new();
        for page in wanted.chunks(Self::PAGE as usize) {
            let ids: Vec<TextId> = page.iter().map(|text| text.id).collect();
            let found = self
                .store
                .read_texts(&ids)
                .await
                .map_err(WriteError::Store)?;
            for (want, text) in page.iter().zip(found) {
                match text {
                    None => absent.push(want.id),
                    Some(text) if text.reference().digest == want.digest => {
                        self.writer.text(&text);
                    }
                    Some(_) => return Err(WriteError::Text(want.id)),
                }
            }
            self.flush(chunk);
        }
        Ok(absent)
    }
}
