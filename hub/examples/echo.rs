//! An echo server on the socket layer, for Autobahn (`cargo xtask autobahn`) and for measurements.
//!
//! `echo [PORT]`: 0, the default, takes a free one. Its address is the first line that it writes.

#![allow(clippy::print_stdout)]

use axum::{Router, body::Body, extract::Request, response::Response, routing::get};
use hub::{
    codec::{Opcode, encode},
    socket::{Incoming, Settings, Socket, Upgrade},
};
use std::{error::Error, time::Duration};
use tokio::net::TcpListener;

const SETTINGS: Settings = Settings {
    // Autobahn's largest message, 16 MiB.
    max_message_bytes: 16 * 1024 * 1024,
    // Compresses every message that compression makes shorter.
    compression_threshold: Some(0),
    write_timeout: Duration::from_secs(30),
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ws://{}", listener.local_addr()?);
    let routes = Router::new().route("/", get(upgrade));
    Ok(axum::serve(listener, routes).await?)
}

async fn upgrade(request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match Upgrade::of(&mut parts) {
        Ok(upgrade) => upgrade.accept(SETTINGS, echo).map(|()| Body::empty()),
        Err(rejection) => rejection.response().map(Body::from),
    }
}

async fn echo(mut socket: Socket) {
    loop {
        let frame = match socket.next().await {
            Incoming::Text(text) => encode(Opcode::Text, text.as_bytes(), socket.encoding()),
            Incoming::Binary(bytes) => encode(Opcode::Binary, &bytes, socket.encoding()),
            Incoming::KeepAlive => continue,
            Incoming::Fault(fault) => return socket.close(fault.code(), fault.reason()).await,
            Incoming::Closed(_) | Incoming::Disconnected => return,
        };
        if socket.feed(&frame).await.is_err() || socket.flush().await.is_err() {
            return;
        }
    }
}
