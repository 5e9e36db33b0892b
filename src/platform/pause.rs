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
