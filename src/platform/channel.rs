//! "Committed seq N", told to the other tabs of a book.

use duebook_journal::BookId;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use super::ids::uuid;
use super::js::JsFailure;

/// A book's channel; it closes when dropped. A message is a hint to read the tail, not a fact.
pub struct TabsChannel {
    channel: BroadcastChannel,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl TabsChannel {
    /// Opens it; `heard` is called with the sequence number another tab (or this tab's worker)
    /// has committed.
    pub fn open(book: &BookId, mut heard: impl FnMut(u64) + 'static) -> Result<Self, JsFailure> {
        let channel = BroadcastChannel::new(&format!("duebook:{}:committed", uuid(book)))?;
        let listener = Closure::new(move |event: MessageEvent| {
            let seq = event.data().as_string().and_then(|text| text.parse().ok());
            if let Some(seq) = seq {
                heard(seq);
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Ok(Self {
            channel,
            _heard: listener,
        })
    }

    /// Tells the others.
    pub fn committed(&self, seq: u64) -> Result<(), JsFailure> {
        Ok((self.channel).post_message(&JsValue::from_str(&seq.to_string()))?)
    }
}

impl Drop for TabsChannel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
