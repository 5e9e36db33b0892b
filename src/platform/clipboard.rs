//! The clipboard, for what the user copies by a button.

use super::js::JsFailure;
use wasm_bindgen_futures::JsFuture;

/// Puts a text on the clipboard.
///
/// # Errors
/// Where the browser or the user does not allow it, or the page has no focus.
pub async fn copy(text: &str) -> Result<(), JsFailure> {
    let window = web_sys::window().ok_or_else(|| JsFailure::unsupported("window"))?;
    let clipboard = window.navigator().clipboard();
    if clipboard.is_undefined() {
        return Err(JsFailure::unsupported("clipboard"));
    }
    JsFuture::from(clipboard.write_text(text)).await?;
    Ok(())
}
