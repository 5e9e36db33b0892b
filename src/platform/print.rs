//! Paper: a letter put where only the printer sees it, and the browser's print dialog.

use super::js::JsFailure;
use web_sys::Element;

/// Prints an element that is in no document yet; `name` is what the browser proposes as file name.
///
/// # Errors
/// Where the browser has no print dialog.
pub fn print(content: &Element, name: &str) -> Result<(), JsFailure> {
    let window = web_sys::window().ok_or_else(|| JsFailure::unsupported("window"))?;
    let document = window
        .document()
        .ok_or_else(|| JsFailure::unsupported("document"))?;
    let body = document
        .body()
        .ok_or_else(|| JsFailure::unsupported("body"))?;
    let title = document.title();
    content.set_class_name("print-sheet");
    body.append_child(content)?;
    document.set_title(name);
    let printed = window.print();
    // The dialog is over when the call returns.
    document.set_title(&title);
    content.remove();
    Ok(printed?)
}
