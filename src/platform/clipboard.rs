//! The clipboard, for what the user copies by a button.

use super::js::{self, JsFailure};
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

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

/// Puts a formatted text on the clipboard, with its plain form for what takes no other.
///
/// # Errors
/// As [`copy`].
pub async fn copy_formatted(html: &str, plain: &str) -> Result<(), JsFailure> {
    let window = web_sys::window().ok_or_else(|| JsFailure::unsupported("window"))?;
    let clipboard = window.navigator().clipboard();
    if clipboard.is_undefined() {
        return Err(JsFailure::unsupported("clipboard"));
    }
    let blob = |text: &str, mime: &str| {
        let parts = Array::of1(&JsValue::from_str(text));
        let options = BlobPropertyBag::new();
        options.set_type(mime);
        Blob::new_with_str_sequence_and_options(&parts, &options)
    };
    let forms = js::options(&[
        ("text/html", blob(html, "text/html")?.into()),
        ("text/plain", blob(plain, "text/plain")?.into()),
    ])?;
    let class = js::global("ClipboardItem")?;
    let class = class
        .dyn_ref::<Function>()
        .ok_or_else(|| JsFailure::unsupported("ClipboardItem"))?;
    let item = Reflect::construct(class, &Array::of1(&forms))?;
    js::call_async(&clipboard, "write", &[Array::of1(&item).into()]).await?;
    Ok(())
}
