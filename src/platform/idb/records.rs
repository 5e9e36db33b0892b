//! The records as IndexedDB keeps them: plain objects of strings and byte arrays.

use duebook_journal::{
    CommandSeen, Digest, RawCommit, SealedCommit, StoreError, TextId, TextRecord,
};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::platform::js::{self, JsFailure};

/// A sequence number as a key. IndexedDB's numbers are exact up to 2^53.
pub(super) fn key(seq: u64) -> JsValue {
    JsValue::from_f64(seq as f64)
}

/// A key as a sequence number.
pub(super) fn seq_of(key: &JsValue) -> Option<u64> {
    let number = key.as_f64()?;
    let seq = number as u64;
    (seq as f64 == number).then_some(seq)
}

pub(super) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn malformed(what: &str) -> StoreError {
    StoreError::Malformed {
        what: what.to_owned(),
    }
}

pub(super) fn bytes_of(value: &JsValue, what: &str) -> Result<Vec<u8>, StoreError> {
    match value.dyn_ref::<Uint8Array>() {
        Some(array) => Ok(array.to_vec()),
        None => Err(malformed(what)),
    }
}

fn field(record: &JsValue, name: &str, what: &str) -> Result<JsValue, StoreError> {
    js::get(record, name).map_err(|_| malformed(what))
}

pub(super) fn commit(commit: &SealedCommit) -> Result<JsValue, JsFailure> {
    js::options(&[
        ("seq", key(commit.seq())),
        ("command", commit.command().to_string().into()),
        ("input", commit.input().to_string().into()),
        ("hash", commit.hash().to_string().into()),
        ("bytes", bytes(commit.bytes())),
    ])
}

pub(super) fn commit_of(record: &JsValue) -> Result<RawCommit, StoreError> {
    let what = "commit";
    Ok(RawCommit {
        seq: seq_of(&field(record, "seq", what)?).ok_or_else(|| malformed(what))?,
        bytes: bytes_of(&field(record, "bytes", what)?, what)?,
    })
}

/// The hash a commit's record was stored with; `None` for no record.
pub(super) fn hash_of(record: &JsValue) -> Option<Digest> {
    js::get(record, "hash").ok()?.as_string()?.parse().ok()
}

/// Where a command was seen; `None` for no record.
pub(super) fn seen_of(record: &JsValue) -> Result<Option<CommandSeen>, StoreError> {
    if record.is_undefined() {
        return Ok(None);
    }
    let what = "commit";
    let input = field(record, "input", what)?.as_string();
    Ok(Some(CommandSeen {
        seq: seq_of(&field(record, "seq", what)?).ok_or_else(|| malformed(what))?,
        input: input
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| malformed(what))?,
    }))
}

pub(super) fn text(text: &TextRecord) -> Result<JsValue, JsFailure> {
    js::options(&[("salt", bytes(&text.salt)), ("bytes", bytes(&text.bytes))])
}

/// A text; `None` for no record.
pub(super) fn text_of(id: TextId, record: &JsValue) -> Result<Option<TextRecord>, StoreError> {
    if record.is_undefined() {
        return Ok(None);
    }
    let what = "text";
    let salt = bytes_of(&field(record, "salt", what)?, what)?;
    Ok(Some(TextRecord {
        id,
        salt: salt.try_into().map_err(|_| malformed(what))?,
        bytes: bytes_of(&field(record, "bytes", what)?, what)?,
    }))
}
