//! The channel between the tabs of a browser (HTML, 9.5 "Broadcasting to other browsing contexts").

use crate::live::machine::Frame;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// An open channel. Dropping it closes it.
pub struct Channel {
    channel: BroadcastChannel,
    on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the channel of this name. A tab does not receive its own frames.
    ///
    /// # Errors
    /// The exception of the browser.
    pub fn open(name: &str, on_frame: impl Fn(Frame) + 'static) -> Result<Self, JsValue> {
        let channel = BroadcastChannel::new(name)?;
        let on_message = Closure::new(move |event: MessageEvent| {
            let frame = event.data().as_string().and_then(|json| Frame::parse(&json));
            if let Some(frame) = frame {
                on_frame(frame);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Self { channel, on_message })
    }

    /// Sends a frame to the other tabs.
    pub fn post(&self, frame: &Frame) {
        let _ = self.channel.post_message(&frame.to_json().into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
        // The closure must outlive the handler's removal.
        let _ = &self.on_message;
    }
}
