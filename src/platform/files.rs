//! Files in and out: picked, dropped, downloaded. The only way bytes leave the page.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DataTransfer, File, FileList, HtmlAnchorElement, Url};
use web_sys::{Document, HtmlInputElement, Window};

use super::js::{self, JsFailure};

/// How long a download's URL lives: browsers read it after the click returns.
const URL_LIFE_MS: i32 = 60_000;

fn window() -> Result<(Window, Document), JsFailure> {
    let window = web_sys::window().ok_or_else(|| JsFailure::unsupported("window"))?;
    let document = window.document();
    Ok((
        window,
        document.ok_or_else(|| JsFailure::unsupported("document"))?,
    ))
}

fn arrays(parts: &[Vec<u8>]) -> Array {
    (parts.iter())
        .map(|part| JsValue::from(Uint8Array::from(part.as_slice())))
        .collect()
}

fn blob(mime: &str, list: &Array) -> Result<Blob, JsFailure> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    Ok(Blob::new_with_u8_array_sequence_and_options(
        list, &options,
    )?)
}

/// Hands bytes to the user as a file in his downloads. Whether he kept it is not known.
pub fn download(name: &str, mime: &str, parts: &[Vec<u8>]) -> Result<(), JsFailure> {
    download_arrays(name, mime, &arrays(parts))
}

/// [`download`] of arrays the browser has already.
pub fn download_arrays(name: &str, mime: &str, parts: &Array) -> Result<(), JsFailure> {
    let (window, document) = window()?;
    let url = Url::create_object_url_with_blob(&blob(mime, parts)?)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    let forget = Closure::once_into_js(move || {
        // An unknown URL is nothing to revoke.
        let _ = Url::revoke_object_url(&url);
    });
    window.set_timeout_with_callback_and_timeout_and_arguments_0(
        forget.unchecked_ref(),
        URL_LIFE_MS,
    )?;
    Ok(())
}

/// How a file was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Written where the user chose, and read back: prove these bytes.
    ReadBack(Vec<u8>),
    /// Downloaded; it cannot be read back. Ask the user to drop it on the page.
    Downloaded,
    /// The user changed his mind.
    Cancelled,
}

/// Saves a file where the user chooses and reads it back, where the browser can; elsewhere
/// downloads it. Must be called from a user's action.
pub async fn save(name: &str, mime: &str, parts: &[Vec<u8>]) -> Result<Saved, JsFailure> {
    let (window, _) = window()?;
    let options = js::options(&[("suggestedName", name.into())])?;
    let handle = match js::call_async(&window, "showSaveFilePicker", &[options]).await {
        Ok(handle) => handle,
        Err(error) if error.name == "AbortError" => return Ok(Saved::Cancelled),
        // Absent, or not allowed here.
        Err(error) if error.is_unsupported() || error.name == "SecurityError" => {
            download(name, mime, parts)?;
            return Ok(Saved::Downloaded);
        }
        Err(error) => return Err(error),
    };
    let stream = js::call_async(&handle, "createWritable", &[]).await?;
    js::call_async(&stream, "write", &[blob(mime, &arrays(parts))?.into()]).await?;
    js::call_async(&stream, "close", &[]).await?;
    let file: File = js::call_async(&handle, "getFile", &[])
        .await?
        .unchecked_into();
    Ok(Saved::ReadBack(read(&file).await?))
}

fn list(files: Option<FileList>) -> Vec<File> {
    files.map_or_else(Vec::new, |files| {
        (0..files.length())
            .filter_map(|place| files.get(place))
            .collect()
    })
}

/// Lets the user choose files; none when he cancels. `accept` as in HTML, as `.csv,.xlsx`.
/// Must be called from a user's action.
pub async fn pick(accept: &str, several: bool) -> Result<Vec<File>, JsFailure> {
    let (_, document) = window()?;
    let input: HtmlInputElement = document.create_element("input")?.unchecked_into();
    input.set_type("file");
    input.set_accept(accept);
    input.set_multiple(several);
    let chosen = Promise::new(&mut |done, _| {
        for event in ["change", "cancel"] {
            // Adding a listener to an element of our own does not throw.
            let _ = input.add_event_listener_with_callback(event, &done);
        }
    });
    input.click();
    JsFuture::from(chosen).await?;
    Ok(list(input.files()))
}

/// The files of a drop.
pub fn dropped(transfer: &DataTransfer) -> Vec<File> {
    list(transfer.files())
}

/// A file's bytes. A file that moved or changed since it was chosen is an error.
pub async fn read(file: &Blob) -> Result<Vec<u8>, JsFailure> {
    let buffer = JsFuture::from(file.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Part of a file, from byte `from` up to `to`.
pub async fn read_part(file: &Blob, from: u64, to: u64) -> Result<Vec<u8>, JsFailure> {
    let part = file.slice_with_f64_and_f64(from as f64, to as f64)?;
    read(&part).await
}
