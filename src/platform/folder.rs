//! A folder the user chose, where the browser has file-system access: hand-over files are read from
//! it and written to it. It is kept for this visit only.

use super::files;
use super::js::{self, JsFailure};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

thread_local! {
    static CHOSEN: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

fn chosen() -> Option<JsValue> {
    CHOSEN.with_borrow(Clone::clone)
}

/// Whether this browser can be given a folder.
pub fn is_supported() -> bool {
    js::global("showDirectoryPicker").is_ok()
}

/// The name of the folder chosen.
pub fn name() -> Option<String> {
    js::peek(&chosen()?, "name").as_string()
}

/// Lets the user choose a folder; `false` when he changes his mind. Must be called from a user's
/// action.
pub async fn choose() -> Result<bool, JsFailure> {
    let window = web_sys::window().ok_or_else(|| JsFailure::unsupported("window"))?;
    let options = js::options(&[("mode", "readwrite".into()), ("id", "duebook".into())])?;
    match js::call_async(&window, "showDirectoryPicker", &[options]).await {
        Ok(folder) => {
            CHOSEN.set(Some(folder));
            Ok(true)
        }
        Err(error) if error.name == "AbortError" => Ok(false),
        Err(error) => Err(error),
    }
}

/// The folder's files of an extension, the newest first.
pub async fn list(extension: &str) -> Result<Vec<File>, JsFailure> {
    let Some(folder) = chosen() else {
        return Ok(Vec::new());
    };
    let all = js::call(&folder, "values", &[])?;
    let mut files: Vec<File> = Vec::new();
    loop {
        let next = js::call_async(&all, "next", &[]).await?;
        if js::peek(&next, "done").is_truthy() {
            break;
        }
        let entry = js::get(&next, "value")?;
        let name = js::peek(&entry, "name").as_string().unwrap_or_default();
        let is_file = js::peek(&entry, "kind").as_string().as_deref() == Some("file");
        if is_file && name.ends_with(extension) {
            let file = js::call_async(&entry, "getFile", &[]).await?;
            files.push(file.unchecked_into());
        }
    }
    duebook_money::order::sort_by_key(&mut files, |f| {
        (std::cmp::Reverse(f.last_modified() as i64), f.name())
    });
    Ok(files)
}

/// Writes a file into the folder and reads it back: prove those bytes. `None` without a folder.
pub async fn write(name: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, JsFailure> {
    let Some(folder) = chosen() else {
        return Ok(None);
    };
    let options = js::options(&[("create", JsValue::TRUE)])?;
    let handle = js::call_async(&folder, "getFileHandle", &[name.into(), options]).await?;
    let stream = js::call_async(&handle, "createWritable", &[]).await?;
    let data = js_sys::Uint8Array::from(bytes);
    js::call_async(&stream, "write", &[data.into()]).await?;
    js::call_async(&stream, "close", &[]).await?;
    let file: File = js::call_async(&handle, "getFile", &[])
        .await?
        .unchecked_into();
    Ok(Some(files::read(&file).await?))
}
