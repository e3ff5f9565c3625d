//! A WebSocket by hand: frames that no library would send.

use super::PATIENCE;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A TCP connection on which the handshake was done.
pub struct RawSocket(TcpStream);

/// The first byte of a frame (RFC 6455, 5.2): FIN, three reserved bits, four of opcode.
pub mod first {
    pub const FIN: u8 = 0b1000_0000;
    pub const RESERVED_1: u8 = 0b0100_0000;
    pub const CONTINUATION: u8 = 0x0;
    pub const TEXT: u8 = 0x1;
    pub const CLOSE: u8 = 0x8;
    pub const PING: u8 = 0x9;
}

impl RawSocket {
    /// Shakes hands with a token.
    pub async fn open(address: &str, token: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /v1/ws/timers HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: authorization.bearer.{token}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        assert!(answer.starts_with(b"HTTP/1.1 101 "), "{}", answer.escape_ascii());
        Self(stream)
    }

    /// Sends a frame, masked with zeros, as is allowed.
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

    /// Sends anything. A server that has enough of it may be gone already.
    pub async fn bytes(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes).await;
    }

    /// Reads on until the server closes: the code.
    pub async fn closed(&mut self) -> u16 {
        let reading = async {
            loop {
                let first = self.0.read_u8().await.unwrap();
                let length = match self.0.read_u8().await.unwrap() {
                    126 => u64::from(self.0.read_u16().await.unwrap()),
                    127 => self.0.read_u64().await.unwrap(),
                    small => small.into(),
                };
                let mut payload = vec![0; length as usize];
                self.0.read_exact(&mut payload).await.unwrap();
                if first == first::FIN | first::CLOSE {
                    return u16::from_be_bytes([payload[0], payload[1]]);
                }
            }
        };
        timeout(PATIENCE, reading).await.expect("a close frame")
    }
}
