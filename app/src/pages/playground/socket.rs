//! The browser's WebSockets, without the care that the app's own client takes: faults are what the page is for.

use leptos::prelude::window;
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// An event of a socket.
pub enum SocketEvent {
    Opened { subprotocol: String, extensions: String },
    Text(String),
    Closed { code: u16, reason: String },
}

struct Socket {
    socket: WebSocket,
    // They live as long as the page: an event may come after the socket was closed.
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

thread_local! {
    static SOCKETS: RefCell<HashMap<u32, Socket>> = RefCell::default();
}

/// Opens a socket under a number.
///
/// # Errors
/// What the browser says of the address or the subprotocols.
pub fn open(
    number: u32,
    path: &str,
    subprotocols: &[String],
    on_event: impl Fn(SocketEvent) + Clone + 'static,
) -> Result<(), String> {
    let location = window().location();
    let text = |value: Result<String, JsValue>| value.unwrap_or_default();
    let scheme = if text(location.protocol()) == "https:" {
        "wss"
    } else {
        "ws"
    };
    let url = format!("{scheme}://{}{path}", text(location.host()));
    let offers: js_sys::Array = subprotocols.iter().map(|name| JsValue::from_str(name)).collect();
    let opened = match subprotocols.is_empty() {
        true => WebSocket::new(&url),
        false => WebSocket::new_with_str_sequence(&url, &offers),
    };
    let socket = opened.map_err(|error| {
        let error: Option<js_sys::Error> = error.dyn_into().ok();
        format!(
            "The browser refuses to connect: {}",
            error.map(|error| String::from(error.message())).unwrap_or_default()
        )
    })?;
    let (opened, received, closed) = (on_event.clone(), on_event.clone(), on_event);
    let of_open = socket.clone();
    let on_open = Closure::new(move || {
        opened(SocketEvent::Opened {
            subprotocol: of_open.protocol(),
            extensions: of_open.extensions(),
        });
    });
    let on_message = Closure::new(move |event: MessageEvent| {
        received(SocketEvent::Text(
            event
                .data()
                .as_string()
                .unwrap_or_else(|| "a binary message".to_owned()),
        ));
    });
    let on_close = Closure::new(move |event: CloseEvent| {
        closed(SocketEvent::Closed {
            code: event.code(),
            reason: event.reason(),
        });
    });
    socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
    let socket = Socket {
        socket,
        _on_open: on_open,
        _on_message: on_message,
        _on_close: on_close,
    };
    SOCKETS.with_borrow_mut(|sockets| sockets.insert(number, socket));
    Ok(())
}

/// Sends a text.
///
/// # Errors
/// One sentence, if the socket is not open.
pub fn send(number: u32, text: &str) -> Result<(), String> {
    with_open(number, |socket| socket.send_with_str(text))
}

/// Sends bytes as a binary message.
///
/// # Errors
/// One sentence, if the socket is not open.
pub fn send_binary(number: u32, bytes: &[u8]) -> Result<(), String> {
    with_open(number, |socket| socket.send_with_u8_array(bytes))
}

/// Closes a socket with a code: 1000, or 3000 to 4999, which are those that browsers allow.
///
/// # Errors
/// One sentence, if the socket is not open, or the browser refuses the code.
pub fn close(number: u32, code: u16) -> Result<(), String> {
    with_open(number, |socket| {
        socket.close_with_code_and_reason(code, "closed in the playground")
    })
}

fn with_open(number: u32, act: impl FnOnce(&WebSocket) -> Result<(), JsValue>) -> Result<(), String> {
    let socket = SOCKETS.with_borrow(|sockets| sockets.get(&number).map(|socket| socket.socket.clone()));
    match socket {
        Some(socket) if socket.ready_state() == WebSocket::OPEN => {
            act(&socket).map_err(|_| "The browser refuses that: it closes with 1000 or 3000 to 4999 only.".to_owned())
        }
        _ => Err(format!("Connection #{number} is not open.")),
    }
}
