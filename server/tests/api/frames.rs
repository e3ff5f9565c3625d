//! Invalid frames: each closes its connection with the right code and affects no other connection.

use crate::support::{
    TestServer,
    raw::{RawSocket, first::*},
};
use tokio_tungstenite::tungstenite::Message;

/// The first byte, and the payload.
type Frame = (u8, &'static [u8]);

#[tokio::test]
async fn invalid_frame_closes_the_connection_with_the_matching_code() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut witness = ada.connect().live().await;
    let ping: &'static [u8] = br#"{"type":"ping"}"#;
    let long_header = [
        FIN | TEXT,
        0x80 | 127,
        0x7f,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0,
        0,
        0,
        0,
    ];
    let cases: [(&str, u16, &[Frame]); 14] = [
        ("invalid UTF-8", 1007, &[(FIN | TEXT, b"\xff\xfe")]),
        ("UTF-8 that is cut short", 1007, &[(FIN | TEXT, b"\"\xf0\x9f\x9a")]),
        ("a surrogate in UTF-8", 1007, &[(FIN | TEXT, b"\xed\xa0\x80")]),
        ("overlong UTF-8", 1007, &[(FIN | TEXT, b"\xc0\xaf")]),
        (
            "invalid UTF-8 in a fragment",
            1007,
            &[(TEXT, b"\"ok"), (FIN | CONTINUATION, b"\xff")],
        ),
        ("a binary message", 1003, &[(FIN | 0x2, ping)]),
        ("an empty binary message", 1003, &[(FIN | 0x2, b"")]),
        ("a reserved bit", 1002, &[(FIN | RESERVED_1 | TEXT, ping)]),
        ("an unknown data opcode", 1002, &[(FIN | 0x3, ping)]),
        ("an unknown control opcode", 1002, &[(FIN | 0xb, b"")]),
        ("a continuation of nothing", 1002, &[(FIN | CONTINUATION, ping)]),
        ("a message within another", 1002, &[(TEXT, b"{"), (FIN | TEXT, ping)]),
        ("a control frame in fragments", 1002, &[(PING, b"x")]),
        ("a control frame that is too long", 1002, &[(FIN | PING, &[b'x'; 126])]),
    ];
    for (case, code, frames) in cases {
        let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
        for (first, payload) in frames {
            socket.frame(*first, payload).await;
        }
        assert_eq!(socket.closed().await, code, "{case}");
    }
    let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
    socket.bytes(&long_header).await;
    assert_eq!(socket.closed().await, 1009, "a frame that announces 2^63 bytes");
    let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
    socket.bytes(&[&[FIN | TEXT, ping.len() as u8], ping].concat()).await;
    assert_eq!(socket.closed().await, 1002, "a frame without a mask");
    witness.is_silent().await;
}

#[tokio::test]
async fn message_size_limit_counts_all_fragments() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let limit = 65_536;
    for size in [limit, limit + 1] {
        let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
        let mut text = br#"{"type":"ping"}"#.to_vec();
        text.resize(size, b' ');
        let (last, fragments) = text.split_last().unwrap();
        for (index, fragment) in fragments.chunks(10_000).enumerate() {
            socket
                .frame(if index == 0 { TEXT } else { CONTINUATION }, fragment)
                .await;
        }
        socket.frame(FIN | CONTINUATION, &[*last]).await;
        // A message of the allowed size is accepted, so that this binary message is what closes the connection.
        socket.frame(FIN | 0x2, b"").await;
        assert_eq!(
            socket.closed().await,
            if size > limit { 1009 } else { 1003 },
            "{size} bytes"
        );
    }
    let mut socket = RawSocket::open(&server.address, &ada.grant.access_token).await;
    socket.frame(FIN | TEXT, &vec![b' '; limit + 1]).await;
    assert_eq!(socket.closed().await, 1009);
    let mut client = ada.connect().live().await;
    client.send_raw(Message::text("x".repeat(limit + 1))).await;
    assert_eq!(client.closed().await.0, 1009);
}
