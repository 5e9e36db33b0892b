//! Giving the browser its turn between slices of long work.

use super::js;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::MessageChannel;

/// Returns after input, painting and timers have had their turn. A message, not a timer: timers
/// are held back to 4 ms and, in hidden tabs, to a second.
pub async fn pause() {
    let (promise, resolve) = js::deferred();
    let (Some(resolve), Ok(channel)) = (resolve, MessageChannel::new()) else {
        return;
    };
    let heard = Closure::once_into_js(move || {
        let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
    });
    channel.port1().set_onmessage(Some(heard.unchecked_ref()));
    if channel
        .port2()
        .post_message(&wasm_bindgen::JsValue::NULL)
        .is_ok()
    {
        // The promise is resolved by the message above and never rejected.
        let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
    }
    channel.port1().close();
}

/// Long work on the main thread goes on for so long before the browser has its turn.
const SLICE_MS: f64 = 8.0;

/// A slice of long work.
pub struct Slice(f64);

impl Slice {
    /// Begins now.
    pub fn begin() -> Self {
        Slice(now())
    }
    /// Whether the browser is to have its turn.
    pub fn is_over(&self) -> bool {
        now() - self.0 >= SLICE_MS
    }
}

/// Milliseconds of the wall clock; a clock set back only lengthens one slice.
fn now() -> f64 {
    js_sys::Date::now()
}

/// Takes steps until one answers, giving the browser its turn between slices.
pub async fn sliced<T>(mut step: impl FnMut() -> Option<T>) -> T {
    loop {
        let slice = Slice::begin();
        while !slice.is_over() {
            if let Some(made) = step() {
                return made;
            }
        }
        pause().await;
    }
}
