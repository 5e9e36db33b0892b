//! Sealing: a draft gets its place in the chain and becomes bytes; what travels with it is
//! checked against it once, here.

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::{BlockRef, Draft, Envelope, FORMAT, OpenError, TextRef};
use crate::ids::{CommandId, Digest, TextId};

/// The end of a log: position and hash of the last commit. [`Head::EMPTY`] before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Head {
    /// Sequence number of the last commit, 0 for none.
    pub seq: u64,
    /// BLAKE3 of its stored bytes, zeros for none.
    pub hash: Digest,
}

impl Head {
    /// The head of an empty log.
    pub const EMPTY: Self = Self {
        seq: 0,
        hash: Digest([0; 32]),
    };
}

/// A commit as bytes, with what a store needs to keep it. Only [`seal`] and
/// [`SealedCommit::from_bytes`] make one, so hash and fields always agree with the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedCommit {
    head: Head,
    previous: Digest,
    command: CommandId,
    input: Digest,
    bytes: Vec<u8>,
}

/// A commit read back: its envelope and the hash of its stored bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// BLAKE3 of the stored bytes.
    pub hash: Digest,
    /// What it says.
    pub envelope: Envelope,
}

impl Commit {
    /// The head after this commit.
    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            seq: self.envelope.seq,
            hash: self.hash,
        }
    }
}

/// Why a commit could not be sealed, or what travels with it does not fit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealError {
    /// No sequence number is left.
    LogFull,
    /// The commit's bytes are not an envelope.
    Unreadable(OpenError),
    /// The envelope could not be encoded.
    Encode(String),
    /// A text is both carried and erased, or named twice.
    TextTwice(TextId),
    /// A block the commit names does not travel with it.
    BlockMissing(Digest),
    /// A block travels with the commit that it does not name, or with another length.
    BlockUnknown(Digest),
    /// A text the commit names does not travel with it.
    TextMissing(TextId),
    /// A text travels with the commit that it does not name.
    TextUnknown(TextId),
    /// A text's salted digest differs from the commit's.
    TextDiffers(TextId),
}

/// Seals a draft behind a head: `seq` is the head's plus one, and the hash is taken over the
/// bytes that will be stored.
///
/// # Errors
/// [`SealError::LogFull`], [`SealError::TextTwice`] or [`SealError::Encode`].
pub fn seal(draft: Draft, head: &Head) -> Result<SealedCommit, SealError> {
    let mut ids: Vec<TextId> = draft.texts.iter().map(|text| text.id).collect();
    ids.extend(&draft.erases);
    ids.sort_unstable();
    if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(SealError::TextTwice(twice[0]));
    }
    let seq = head.seq.checked_add(1).ok_or(SealError::LogFull)?;
    let envelope = Envelope {
        format: FORMAT,
        book: draft.book,
        replica: draft.replica,
        seq,
        command: draft.command,
        input: draft.input,
        recorded_at_ms: draft.recorded_at_ms,
        ledger_date: draft.ledger_date,
        shift: draft.shift,
        actor: draft.actor,
        approval: draft.approval,
        build: draft.build,
        previous: head.hash,
        blocks: draft.blocks,
        texts: draft.texts,
        erases: draft.erases,
        cipher: 0,
        key: 0,
        body: draft.body,
    };
    let bytes = minicbor::to_vec(&envelope).map_err(|e| SealError::Encode(e.to_string()))?;
    Ok(SealedCommit::new(&envelope, bytes))
}

impl SealedCommit {
    fn new(envelope: &Envelope, bytes: Vec<u8>) -> Self {
        Self::proved(envelope, Digest::of(&bytes), bytes)
    }

    /// Takes stored or received bytes back, reading and hashing them.
    ///
    /// # Errors
    /// [`OpenError`] when they are not an envelope this build reads.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<(Self, Envelope), OpenError> {
        let envelope = Envelope::open(&bytes)?;
        Ok((Self::new(&envelope, bytes), envelope))
    }

    /// Bytes whose envelope and hash the caller has just read and checked.
    pub(crate) fn proved(envelope: &Envelope, hash: Digest, bytes: Vec<u8>) -> Self {
        let seq = envelope.seq;
        Self {
            head: Head { seq, hash },
            previous: envelope.previous,
            command: envelope.command,
            input: envelope.input,
            bytes,
        }
    }

    /// Position in the log, from 1.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.head.seq
    }

    /// BLAKE3 of the stored bytes.
    #[must_use]
    pub fn hash(&self) -> Digest {
        self.head.hash
    }

    /// The head once this commit is stored.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// The head this commit goes behind.
    #[must_use]
    pub fn behind(&self) -> Head {
        Head {
            seq: self.head.seq.saturating_sub(1),
            hash: self.previous,
        }
    }

    /// The command's id.
    #[must_use]
    pub fn command(&self) -> CommandId {
        self.command
    }

    /// Digest of the command's input.
    #[must_use]
    pub fn input(&self) -> Digest {
        self.input
    }

    /// The bytes to store.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A bulk block under its digest, which is computed once, here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    digest: Digest,
    bytes: Vec<u8>,
}

impl Block {
    /// Takes the bytes and hashes them.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            digest: Digest::of(&bytes),
            bytes,
        }
    }

    /// Bytes whose digest the caller has just checked.
    pub(crate) fn proved(digest: Digest, bytes: Vec<u8>) -> Self {
        Self { digest, bytes }
    }

    /// BLAKE3 of the bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How a commit names it.
    #[must_use]
    pub fn reference(&self) -> BlockRef {
        BlockRef {
            digest: self.digest,
            length: self.bytes.len() as u64,
        }
    }
}

/// An erasable text: kept beside the log with its salt, so that both can go.
#[derive(Clone, PartialEq, Eq)]
pub struct TextRecord {
    /// Random id, from the caller.
    pub id: TextId,
    /// Random salt, from the caller.
    pub salt: [u8; 32],
    /// The text, or the caller's encoding of it.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for TextRecord {
    /// Without the text: it is personal, and logs are not the place for it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TextRecord({}, {} bytes)", self.id, self.bytes.len())
    }
}

impl TextRecord {
    /// How a commit names it.
    #[must_use]
    pub fn reference(&self) -> TextRef {
        TextRef {
            id: self.id,
            digest: Digest::salted(&self.salt, &self.bytes),
        }
    }
}

/// One transaction's worth: a commit with every block and text it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    commit: SealedCommit,
    blocks: Vec<Block>,
    texts: Vec<TextRecord>,
    erases: Vec<TextId>,
}

impl Append {
    /// Seals a draft behind `head` together with what it carries: the draft's block and text
    /// references are filled in from them.
    ///
    /// # Errors
    /// As [`seal`].
    pub fn seal(
        mut draft: Draft,
        blocks: Vec<Block>,
        texts: Vec<TextRecord>,
        head: &Head,
    ) -> Result<Self, SealError> {
        draft.blocks = blocks.iter().map(Block::reference).collect();
        draft.texts = texts.iter().map(TextRecord::reference).collect();
        let erases = draft.erases.clone();
        Ok(Self {
            commit: seal(draft, head)?,
            blocks,
            texts,
            erases,
        })
    }

    /// Joins a commit sealed elsewhere (another thread, another book's backup) with what it
    /// carries, checking each against its reference. A text may be absent only when `gone`
    /// says it was erased since.
    ///
    /// # Errors
    /// [`SealError`] naming the block or text that does not fit.
    pub fn join(
        commit: SealedCommit,
        blocks: Vec<Block>,
        texts: Vec<TextRecord>,
        gone: impl Fn(TextId) -> bool,
    ) -> Result<Self, SealError> {
        let envelope = Envelope::open(commit.bytes()).map_err(SealError::Unreadable)?;
        check_blocks(&envelope, &blocks)?;
        check_texts(&envelope, &texts, gone)?;
        Ok(Self {
            commit,
            blocks,
            texts,
            erases: envelope.erases,
        })
    }

    /// Parts that the caller has checked against one another.
    pub(crate) fn proved(
        commit: SealedCommit,
        blocks: Vec<Block>,
        texts: Vec<TextRecord>,
        erases: Vec<TextId>,
    ) -> Self {
        Self {
            commit,
            blocks,
            texts,
            erases,
        }
    }

    /// The commit.
    #[must_use]
    pub fn commit(&self) -> &SealedCommit {
        &self.commit
    }

    /// Its blocks.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Its texts.
    #[must_use]
    pub fn texts(&self) -> &[TextRecord] {
        &self.texts
    }

    /// Texts to delete in the same transaction.
    #[must_use]
    pub fn erases(&self) -> &[TextId] {
        &self.erases
    }
}

fn check_blocks(envelope: &Envelope, blocks: &[Block]) -> Result<(), SealError> {
    let carried: BTreeMap<Digest, u64> = (blocks.iter())
        .map(|block| (block.digest, block.reference().length))
        .collect();
    let mut named = BTreeSet::new();
    for reference in &envelope.blocks {
        match carried.get(&reference.digest) {
            None => return Err(SealError::BlockMissing(reference.digest)),
            Some(length) if *length != reference.length => {
                return Err(SealError::BlockUnknown(reference.digest));
            }
            Some(_) => named.insert(reference.digest),
        };
    }
    match carried.keys().find(|digest| !named.contains(digest)) {
        Some(digest) => Err(SealError::BlockUnknown(*digest)),
        None => Ok(()),
    }
}

fn check_texts(
    envelope: &Envelope,
    texts: &[TextRecord],
    gone: impl Fn(TextId) -> bool,
) -> Result<(), SealError> {
    let named: BTreeMap<TextId, Digest> = envelope.texts.iter().map(|t| (t.id, t.digest)).collect();
    let mut carried = BTreeSet::new();
    for text in texts {
        match named.get(&text.id) {
            None => return Err(SealError::TextUnknown(text.id)),
            Some(digest) if *digest != text.reference().digest => {
                return Err(SealError::TextDiffers(text.id));
            }
            Some(_) => carried.insert(text.id),
        };
    }
    match named.keys().find(|id| !carried.contains(id) && !gone(**id)) {
        Some(id) => Err(SealError::TextMissing(*id)),
        None => Ok(()),
    }
}
