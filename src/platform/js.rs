//! A few calls by name, for what web-sys has only behind an unstable flag or only on `Window`.

use std::fmt;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A JavaScript error as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsFailure {
    /// The error's `name`, as `QuotaExceededError`.
    pub name: String,
    /// Its message, for developers.
    pub message: String,
}

impl JsFailure {
    /// What a thrown value says of itself.
    pub fn of(value: &JsValue) -> Self {
        let text = |key: &str| {
            let found = Reflect::get(value, &key.into()).ok()?.as_string()?;
            (!found.is_empty()).then_some(found)
        };
        Self {
            name: text("name").unwrap_or_else(|| "Error".to_owned()),
            message: text("message").unwrap_or_else(|| format!("{value:?}")),
        }
    }

    /// Something this browser does not have.
    pub fn unsupported(what: &str) -> Self {
        Self {
            name: "NotSupportedError".to_owned(),
            message: what.to_owned(),
        }
    }

    /// Whether the browser lacks it.
    pub fn is_unsupported(&self) -> bool {
        self.name == "NotSupportedError"
    }
}

impl fmt::Display for JsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

impl From<JsValue> for JsFailure {
    fn from(value: JsValue) -> Self {
        Self::of(&value)
    }
}

/// A property; absent and null ones are said to be unsupported.
pub fn get(object: &JsValue, key: &str) -> Result<JsValue, JsFailure> {
    let value = Reflect::get(object, &key.into())?;
    if value.is_undefined() || value.is_null() {
        return Err(JsFailure::unsupported(key));
    }
    Ok(value)
}

/// A property as it is; undefined where absent.
pub fn peek(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property of the global scope, in the page as in the worker.
pub fn global(key: &str) -> Result<JsValue, JsFailure> {
    get(&js_sys::global(), key)
}

/// Calls a method.
pub fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsFailure> {
    let function = get(object, method)?;
    let function =
        (function.dyn_ref::<Function>()).ok_or_else(|| JsFailure::unsupported(method))?;
    let list: Array = arguments.iter().collect();
    Ok(function.apply(object, &list)?)
}

/// Calls a method that returns a promise, and awaits it.
pub async fn call_async(
    object: &JsValue,
    method: &str,
    arguments: &[JsValue],
) -> Result<JsValue, JsFailure> {
    let value = call(object, method, arguments)?;
    Ok(JsFuture::from(Promise::resolve(&value)).await?)
}

/// A plain object of string options.
pub fn options(pairs: &[(&str, JsValue)]) -> Result<JsValue, JsFailure> {
    let object = js_sys::Object::new();
    for (key, value) in pairs {
        Reflect::set(&object, &(*key).into(), value)?;
    }
    Ok(object.into())
}

/// A promise and the function that resolves it.
pub fn deferred() -> (Promise, Option<Function>) {
    let mut resolve = None;
    let promise = Promise::new(&mut |yes, _no| resolve = Some(yes));
    (promise, resolve)
}
