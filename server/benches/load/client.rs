//! A client that costs little, since it shares the machine with the server.

use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use serde::Deserialize;
use std::time::Duration;
use tokio::net::TcpStream;
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

/// Connects; with a query such as `?dialect=camel`.
pub async fn connect(address: &str, token: &str) -> (Writer, Reader) {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut request = format!("ws://{address}/v1/ws/timers").into_client_request().unwrap();
    let protocols = format!("lockstep.v1, authorization.bearer.{token}");
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocols.parse().unwrap());
    let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(0);
    let (socket, _) = client_async_with_config(request, stream, Some(config)).await.unwrap();
    socket.split()
}

/// Connects and reads `connected` and the first sync.
pub async fn live(address: &str, token: &str) -> (Writer, Reader) {
    let (writer, mut reader) = connect(address, token).await;
    for _ in 0..2 {
        next(&mut reader).await.expect("the first messages");
    }
    (writer, reader)
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
