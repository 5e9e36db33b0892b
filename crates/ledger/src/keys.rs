//! Natural keys: how a command, an address or an export names a thing. Never dense ids.

use crate::columns::ItemKind;
use crate::ids::Uid;
use minicbor::{Decode, Encode};

/// A customer: the source that numbers it and its number there. A name is never a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct CustomerKey {
    /// Name of the source; empty for a customer of this book's own.
    #[n(0)]
    pub source: String,
    /// The source's customer number.
    #[n(1)]
    pub number: String,
}

/// An open item: source, entity, kind group, document number, fiscal year where numbers restart,
/// line or instalment.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct ItemKey {
    /// Name of the source; empty for our own documents.
    #[n(0)]
    pub source: String,
    /// Entity code.
    #[n(1)]
    pub entity: String,
    /// Whether it is a credit: an invoice and its credit memo may share a number.
    #[n(2)]
    pub credit: bool,
    /// Document number.
    #[n(3)]
    pub number: String,
    /// Fiscal year; empty where numbers do not restart.
    #[n(4)]
    pub year: String,
    /// Line or instalment; empty for the whole document.
    #[n(5)]
    pub line: String,
}

impl ItemKey {
    /// The hash by which the key index finds it.
    pub fn hash64(&self) -> u64 {
        KeyView::of(self).hash64()
    }
    /// The kind group a kind belongs to.
    pub fn is_credit(kind: ItemKind) -> bool {
        kind.is_credit()
    }
}

/// A natural key without its source, borrowed from where its parts lie: for joining a file with
/// the book without a copy a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyView<'a> {
    /// Entity code.
    pub entity: &'a str,
    /// Whether it is a credit.
    pub credit: bool,
    /// Document number.
    pub number: &'a str,
    /// Fiscal year; empty where numbers do not restart.
    pub year: &'a str,
    /// Line or instalment; empty for the whole document.
    pub line: &'a str,
}

impl<'a> KeyView<'a> {
    /// The parts of a key.
    pub fn of(key: &'a ItemKey) -> Self {
        KeyView {
            entity: &key.entity,
            credit: key.credit,
            number: &key.number,
            year: &key.year,
            line: &key.line,
        }
    }
    /// The hash by which the key index finds it.
    pub fn hash64(self) -> u64 {
        crate::columns::key_hash(self.entity, self.number, self.year, self.line, self.credit)
    }
    /// The key, with its source.
    pub fn owned(self, source: &str) -> ItemKey {
        ItemKey {
            source: source.to_owned(),
            entity: self.entity.to_owned(),
            credit: self.credit,
            number: self.number.to_owned(),
            year: self.year.to_owned(),
            line: self.line.to_owned(),
        }
    }
}

/// A fact made by one of our commands: the command and the ordinal among its facts of that kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct FactKey {
    /// The command's id.
    #[n(0)]
    pub command: Uid,
    /// From 0.
    #[n(1)]
    pub ordinal: u32,
}

impl std::fmt::Display for FactKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.command, self.ordinal)
    }
}

/// A text kept beside the log: its random id and the digest of salt and text. The text itself can
/// be erased without touching the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct TextRef {
    /// The record's random id.
    #[n(0)]
    pub id: Uid,
    /// BLAKE3 of the text's UTF-8 bytes, keyed with the salt.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub digest: [u8; 32],
}

impl TextRef {
    /// The reference to `text` under `salt`.
    pub fn of(id: Uid, salt: &[u8; 32], text: &str) -> Self {
        TextRef {
            id,
            digest: *blake3::keyed_hash(salt, text.as_bytes()).as_bytes(),
        }
    }
}
