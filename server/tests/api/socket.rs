//! The WebSocket layer over real connections, frame by frame.

use crate::support::{
    PATIENCE, Process, TestServer, User, create,
    raw::{RawSocket, first::*},
    sign_up,
};
use hub::codec::{Inflated, inflate};
use protocol::timers::{Body, ServerMessage};
use tokio::time::timeout;

const OFFER: &str = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

#[tokio::test]
async fn protocol_error_is_answered_with_exactly_one_close_frame() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let too_big = vec![b' '; 65_537];
    let cases: [(u16, u8, &[u8]); 4] = [
        (1002, FIN | 0x3, b""),
        (1003, FIN | 0x2, b"{}"),
        (1007, FIN | TEXT, b"\xff"),
        (1009, FIN | TEXT, &too_big),
    ];
    for (code, first, payload) in cases {
        let mut socket = open(&server.address, &ada, "").await;
        for _ in 0..3 {
            socket.frame(first, payload).await;
        }
        socket.frame(FIN | PING, b"still there?").await;
        socket.frame(FIN | CLOSE, &1000_u16.to_be_bytes()).await;
        let (first, payload) = socket.next().await.unwrap();
        assert_eq!((first, &payload[..2]), (FIN | CLOSE, &code.to_be_bytes()[..]));
        assert_eq!(socket.next().await, None, "nothing comes after {code}");
    }
}

#[tokio::test]
async fn ping_between_fragments_is_answered_before_the_message() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut socket = open(&server.address, &ada, "").await;
    socket.frame(TEXT, br#"{"type":"#).await;
    socket.frame(FIN | PING, b"between").await;
    assert_eq!(socket.next().await, Some((FIN | PONG, b"between".to_vec())));
    socket.frame(CONTINUATION, b"").await;
    socket.frame(FIN | CONTINUATION, br#""ping"}"#).await;
    let (first, payload) = socket.next().await.unwrap();
    assert_eq!(first, FIN | TEXT);
    assert!(String::from_utf8(payload).unwrap().contains(r#""pong""#));
}

#[tokio::test]
async fn large_messages_are_compressed_and_small_ones_are_not() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    fill(&ada).await;
    let mut socket = RawSocket::open_with(&server.address, &ada.grant.access_token, OFFER).await;
    let agreed = "sec-websocket-extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    assert!(socket.answer.contains(agreed), "{}", socket.answer);
    let (first, connected) = socket.next().await.unwrap();
    assert!(first == FIN | TEXT && connected.len() < 1_024);

    let (first, deflated) = socket.next().await.unwrap();
    assert_eq!(first, FIN | RESERVED_1 | TEXT);
    let Inflated::Whole(sync) = inflate(&deflated, 65_536) else {
        panic!("{deflated:?} cannot be inflated");
    };
    assert!(
        deflated.len() < sync.len() / 2,
        "{} of {} bytes",
        deflated.len(),
        sync.len()
    );
    let message = ServerMessage::parse(str::from_utf8(&sync).unwrap()).unwrap();
    assert!(matches!(message.body, Body::Sync { timers, .. } if timers.len() == TIMERS));

    ada.connect().live().await.change(create("one more")).await;
    let (first, event) = socket.next().await.unwrap();
    assert!(first == FIN | TEXT && event.len() < 1_024, "{} bytes", event.len());
}

#[tokio::test]
async fn nothing_is_compressed_if_compression_is_disabled() {
    let server = TestServer::with([("WS_COMPRESSION", "false"), ("WS_RATE_LIMIT_ENABLED", "false")]).await;
    let ada = server.user("ada").await;
    fill(&ada).await;
    let mut socket = RawSocket::open_with(&server.address, &ada.grant.access_token, OFFER).await;
    assert!(!socket.answer.contains("sec-websocket-extensions"), "{}", socket.answer);
    for text_part in ["connected", "sync"] {
        let (first, text) = socket.next().await.unwrap();
        assert_eq!(first, FIN | TEXT);
        assert!(String::from_utf8(text).unwrap().contains(text_part), "{text_part}");
    }
    socket.frame(FIN | RESERVED_1 | TEXT, &[0]).await;
    assert_eq!(socket.closed().await, 1002);
}

/// Linux reports a process's peak memory.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn pings_with_unread_answers_use_no_memory() {
    const PINGS: u32 = 200_000;
    let server = Process::start().await;
    let ada = sign_up(&server.address, "ada").await;
    let mut socket = open(&server.address, &ada, "").await;
    let before = peak_kib(&server);
    let mut payload = [b'.'; 125];
    let mut flood = Vec::new();
    for number in 0..PINGS {
        payload[..4].copy_from_slice(&number.to_be_bytes());
        flood.extend([FIN | PING, 0x80 | 125, 0, 0, 0, 0]);
        flood.extend(payload);
    }
    // 26 MB, which the server reads although its answers are not read.
    timeout(PATIENCE, socket.bytes(&flood))
        .await
        .expect("the server to read");
    let mut pongs = 0;
    loop {
        let (first, pong) = socket.next().await.unwrap();
        if first == FIN | PONG {
            pongs += 1;
        }
        if pong == payload {
            break;
        }
    }
    assert!(pongs < PINGS, "the network buffered all answers, so the test is void");
    // The kernel counts a thread's pages late, so the peak may even seem to fall.
    let grown = peak_kib(&server).saturating_sub(before);
    assert!(grown < 8 * 1_024, "{grown} KiB for {pongs} answers to {PINGS} pings");
}

#[cfg(target_os = "linux")]
fn peak_kib(server: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Enough that their snapshot is compressed.
const TIMERS: usize = 10;

async fn fill(user: &User) {
    let mut client = user.connect().live().await;
    for _ in 0..TIMERS {
        client.change(create("tea")).await;
    }
    client.leave().await;
}

/// Opens a socket and reads `connected` and the first sync.
async fn open(address: &str, user: &User, headers: &str) -> RawSocket {
    let mut socket = RawSocket::open_with(address, &user.grant.access_token, headers).await;
    for _ in 0..2 {
        assert_eq!(socket.next().await.unwrap().0, FIN | TEXT);
    }
    socket
}
