//! One WebSocket of the browser.

use leptos::prelude::window;
use protocol::socket::{BEARER_PREFIX, SUBPROTOCOL};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// An event of a socket.
#[derive(Debug)]
pub enum SocketEvent {
    Text(String),
    Closed { code: u16 },
}

/// An open or opening socket. Dropping it closes it and suppresses further events.
pub struct Socket {
    socket: WebSocket,
    on_message: Closure<dyn FnMut(MessageEvent)>,
    on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Connects to a path of the page's own server.
    ///
    /// # Errors
    /// The exception of the browser.
    pub fn open(path: &str, token: &str, on_event: impl Fn(SocketEvent) + Clone + 'static) -> Result<Self, JsValue> {
        let location = window().location();
        let scheme = if location.protocol()? == "https:" { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{path}", location.host()?);
        // The token is sent as an offered subprotocol only: browsers allow no headers here, and URLs are logged.
        let protocols = js_sys::Array::of2(&SUBPROTOCOL.into(), &format!("{BEARER_PREFIX}{token}").into());
        let socket = WebSocket::new_with_str_sequence(&url, &protocols)?;

        let on_text = on_event.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                on_text(SocketEvent::Text(text));
            }
        });
        let on_close = Closure::new(move |event: CloseEvent| {
            on_event(SocketEvent::Closed { code: event.code() });
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self {
            socket,
            on_message,
            on_close,
        })
    }

    /// Sends a text message. Messages lost on a broken socket are sent again on the next one.
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
        // The closures must outlive the handlers' removal, so that no event calls a freed one.
        let _ = (&self.on_message, &self.on_close);
    }
}
