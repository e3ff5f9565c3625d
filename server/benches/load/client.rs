//! A client that costs little, since it shares the machine with the server.

use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use hub::codec::{Inflated, inflate};
use serde::Deserialize;
use std::time::Duration;
use testkit::raw_socket::{RawSocket, first::RESERVED_1};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

pub type Writer = SplitSink<WebSocketStream<TcpStream>, Message>;
pub type Reader = SplitStream<WebSocketStream<TcpStream>>;

/// What is read of a message about a timer.
#[derive(Deserialize)]
pub struct Seen<'a> {
    #[serde(borrow)]
    pub reply_to: Option<&'a str>,
    #[serde(borrow)]
    pub payload: Payload<'a>,
}

#[derive(Deserialize)]
pub struct Payload<'a> {
    #[serde(borrow)]
    pub timer: Option<Timer<'a>>,
}

#[derive(Deserialize)]
pub struct Timer<'a> {
    pub id: &'a str,
    pub title: &'a str,
}

/// Connects with a kernel that keeps little for who does not read.
pub async fn connect_narrow(address: &str, token: &str) -> (Writer, Reader) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let stream = socket.connect(address.parse().unwrap()).await.unwrap();
    shake_hands(stream, address, token).await.unwrap()
}

async fn shake_hands(stream: TcpStream, address: &str, token: &str) -> Result<(Writer, Reader), String> {
    let mut request = format!("ws://{address}/v1/ws/timers").into_client_request().unwrap();
    let protocols = format!("lockstep.v1, authorization.bearer.{token}");
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocols.parse().unwrap());
    let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(0);
    let (socket, _) = client_async_with_config(request, stream, Some(config))
        .await
        .map_err(|error| format!("handshake: {error}"))?;
    Ok(socket.split())
}

/// Connects and reads `connected` and the first sync.
pub async fn live(address: &str, token: &str) -> (Writer, Reader) {
    try_live(address, token).await.unwrap()
}

/// The same, for connections that a server may refuse.
///
/// # Errors
/// What failed, in words.
pub async fn try_live(address: &str, token: &str) -> Result<(Writer, Reader), String> {
    let stream = TcpStream::connect(address)
        .await
        .and_then(|stream| stream.set_nodelay(true).map(|()| stream))
        .map_err(|error| format!("connect: {error}"))?;
    let (writer, mut reader) = shake_hands(stream, address, token).await?;
    for _ in 0..2 {
        next(&mut reader).await.ok_or("closed before the first sync")?;
    }
    Ok((writer, reader))
}

/// Connects with permessage-deflate and reads `connected` and the first sync, of which something is compressed.
pub async fn live_compressed(address: &str, token: &str) -> RawSocket {
    let offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    let mut socket = RawSocket::open_with(address, token, offer).await;
    let agreed = "sec-websocket-extensions: permessage-deflate";
    assert!(socket.answer.contains(agreed), "{}", socket.answer);
    let mut compressed = 0;
    for _ in 0..2 {
        let (first, mut payload) = socket.next().await.expect("the first messages");
        if first & RESERVED_1 != 0 {
            compressed += 1;
            payload = match inflate(&payload, 1_024 * 1_024) {
                Inflated::Whole(text) => text,
                _ => panic!("{} cannot be inflated", payload.escape_ascii()),
            };
        }
        let message: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        assert!(message["type"].is_string(), "{message}");
    }
    assert!(compressed > 0, "nothing is compressed");
    socket
}

/// The next text; `None` at the end.
pub async fn next(reader: &mut Reader) -> Option<Message> {
    loop {
        match reader.next().await {
            Some(Ok(message @ Message::Text(_))) => return Some(message),
            Some(Ok(_)) => {}
            _ => return None,
        }
    }
}

pub async fn send(writer: &mut Writer, text: String) {
    writer.send(Message::text(text)).await.unwrap();
}

/// `timer.create` with a title, or an action on a timer.
pub fn command(id: &str, action: &str, subject: &str) -> String {
    match action {
        "create" => format!(
            r#"{{"type":"timer.create","id":"{id}","payload":{{"allocated_duration":1500,"title":"{subject}"}}}}"#
        ),
        action => format!(r#"{{"type":"timer.{action}","id":"{id}","payload":{{"timer_id":"{subject}"}}}}"#),
    }
}

/// Percentiles of durations, in milliseconds.
pub fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}
