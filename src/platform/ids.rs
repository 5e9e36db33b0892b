//! Random ids, from the browser's generator.

use duebook_journal::{BookId, CommandId, ReplicaId, TextId};
use wasm_bindgen::JsCast;

use super::js::{self, JsFailure};

fn fill(bytes: &mut [u8]) -> Result<(), JsFailure> {
    let crypto: web_sys::Crypto = js::global("crypto")?.unchecked_into();
    crypto.get_random_values_with_u8_array(bytes)?;
    Ok(())
}

/// Sixteen random bytes marked as a version 4 UUID.
fn random_uuid() -> Result<[u8; 16], JsFailure> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    Ok(bytes)
}

/// A new book's id.
pub fn book() -> Result<BookId, JsFailure> {
    random_uuid().map(BookId)
}

/// A new replica's id.
pub fn replica() -> Result<ReplicaId, JsFailure> {
    random_uuid().map(ReplicaId)
}

/// A new command's id. Make it when the form opens, so that a double click is one command.
pub fn command() -> Result<CommandId, JsFailure> {
    random_uuid().map(CommandId)
}

/// A new text's id.
pub fn text() -> Result<TextId, JsFailure> {
    random_uuid().map(TextId)
}

/// A new text's salt.
pub fn salt() -> Result<[u8; 32], JsFailure> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// A book's id as a UUID with dashes, as in its database's name.
pub fn uuid(id: &BookId) -> String {
    let hex = id.to_string();
    let (a, rest) = hex.split_at(8);
    let (b, rest) = rest.split_at(4);
    let (c, rest) = rest.split_at(4);
    let (d, e) = rest.split_at(4);
    format!("{a}-{b}-{c}-{d}-{e}")
}
