//! An echo server on the socket layer, for Autobahn (`cargo xtask autobahn`) and for measurements.
//!
//! `echo [PORT]`: 0, the default, takes a free one. Its address is the first line that it writes.

#![allow(clippy::print_stdout)]

use axum::{Router, routing::get};
use server::socket::{Incoming, Options, Socket, Upgrade, codec::Opcode, encode};
use tokio::net::TcpListener;

const OPTIONS: Options = Options {
    // Autobahn's largest message, 16 MiB.
    max_message_bytes: 16 * 1024 * 1024,
    // Everything that a compression makes shorter.
    compression: Some(0),
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::args().nth(1).map_or(Ok(0), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ws://{}", listener.local_addr()?);
    let routes = Router::new().route("/", get(async |upgrade: Upgrade| upgrade.accept(OPTIONS, echo)));
    Ok(axum::serve(listener, routes).await?)
}

async fn echo(mut socket: Socket) {
    loop {
        let frame = match socket.next().await {
            Incoming::Text(text) => encode(Opcode::Text, text.as_bytes(), socket.encoding()),
            Incoming::Binary(bytes) => encode(Opcode::Binary, &bytes, socket.encoding()),
            Incoming::Alive => continue,
            Incoming::Fault(fault) => return socket.close(fault.code(), fault.reason()).await,
            Incoming::Closed(_) | Incoming::Gone => return,
        };
        if socket.feed(&frame).await.is_err() || socket.flush().await.is_err() {
            return;
        }
    }
}
