//! A WebSocket of raw frames, including frames that no library sends.

use crate::PATIENCE;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A TCP connection after the handshake.
pub struct RawSocket {
    stream: TcpStream,
    /// The server's response to the handshake, in lower case.
    pub answer: String,
}

/// The first byte of a frame (RFC 6455, 5.2): FIN, three reserved bits, four of opcode.
pub mod first {
    pub const FIN: u8 = 0b1000_0000;
    pub const RESERVED_1: u8 = 0b0100_0000;
    pub const CONTINUATION: u8 = 0x0;
    pub const TEXT: u8 = 0x1;
    pub const CLOSE: u8 = 0x8;
    pub const PING: u8 = 0x9;
    pub const PONG: u8 = 0xa;
}

impl RawSocket {
    /// Performs the handshake with a token.
    pub async fn open(address: &str, token: &str) -> Self {
        Self::open_with(address, token, "").await
    }

    /// Performs the handshake with a token and additional header lines, each with its line end.
    pub async fn open_with(address: &str, token: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /v1/ws/timers HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: authorization.bearer.{token}\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        assert!(answer.starts_with(b"HTTP/1.1 101 "), "{}", answer.escape_ascii());
        let answer = String::from_utf8(answer).unwrap().to_lowercase();
        Self { stream, answer }
    }

    /// Sends a frame, masked with zeros, which is allowed.
    pub async fn frame(&mut self, first: u8, payload: &[u8]) {
        let mut frame = vec![first];
        match payload.len() {
            small @ ..126 => frame.push(0x80 | small as u8),
            large => {
                frame.push(0x80 | 127);
                frame.extend((large as u64).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(payload);
        self.bytes(&frame).await;
    }

    /// Sends bytes. Errors are ignored, since the server may have closed the connection.
    pub async fn bytes(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// The next frame: its first byte and its payload; `None` if the server has closed the connection.
    pub async fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        timeout(PATIENCE, self.read()).await.expect("a frame in time")
    }

    async fn read(&mut self) -> Option<(u8, Vec<u8>)> {
        let first = self.stream.read_u8().await.ok()?;
        let length = match self.stream.read_u8().await.unwrap() {
            126 => u64::from(self.stream.read_u16().await.unwrap()),
            127 => self.stream.read_u64().await.unwrap(),
            small => small.into(),
        };
        let mut payload = vec![0; length as usize];
        self.stream.read_exact(&mut payload).await.unwrap();
        Some((first, payload))
    }

    /// Reads until the server closes; returns the close code.
    pub async fn closed(&mut self) -> u16 {
        loop {
            let (first, payload) = self.next().await.expect("a close frame");
            if first == first::FIN | first::CLOSE {
                return u16::from_be_bytes([payload[0], payload[1]]);
            }
        }
    }
}
