//! One WebSocket of the browser. It says what happens under the generation it was opened with, so that what a stale
//! one still has to say can be told apart.

use leptos::prelude::window;
use protocol::{
    socket::{BEARER_PREFIX, SUBPROTOCOL},
    timers::TIMERS_PATH,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// The code that stands for "ended without a close frame" (RFC 6455, 7.1.5).
pub const ABNORMAL: u16 = 1006;

/// What a socket says.
#[derive(Debug)]
pub enum SocketEvent {
    Text(String),
    /// It ended.
    Closed {
        /// Why, as a close code.
        code: u16,
    },
}

/// An open or opening socket; dropped, it is closed and silent.
pub struct Socket {
    socket: WebSocket,
    on_message: Closure<dyn FnMut(MessageEvent)>,
    on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Connects to the page's own server, from the event after `position`.
    ///
    /// # Errors
    /// What the browser threw.
    pub fn open(
        position: &str,
        token: &str,
        generation: u32,
        say: impl Fn(u32, SocketEvent) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let location = window().location();
        let scheme = if location.protocol()? == "https:" { "wss" } else { "ws" };
        let since = js_sys::encode_uri_component(position);
        let url = format!("{scheme}://{}{TIMERS_PATH}?since={since}", location.host()?);
        // The token travels as an offered subprotocol only: a browser can set no header here, and URLs are logged.
        let protocols = js_sys::Array::of2(&SUBPROTOCOL.into(), &format!("{BEARER_PREFIX}{token}").into());
        let socket = WebSocket::new_with_str_sequence(&url, &protocols)?;

        let told = say.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                told(generation, SocketEvent::Text(text));
            }
        });
        let on_close = Closure::new(move |event: CloseEvent| {
            say(generation, SocketEvent::Closed { code: event.code() });
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self {
            socket,
            on_message,
            on_close,
        })
    }

    /// Sends a text message. One that is lost on a broken socket is sent again on the next.
    pub fn send(&self, text: &str) {
        if self.socket.ready_state() == WebSocket::OPEN {
            let _ = self.socket.send_with_str(text);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
        // The closures live until here, so that no event meets a freed one.
        let _ = (&self.on_message, &self.on_close);
    }
}
