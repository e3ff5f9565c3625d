//! Sockets on a pipe of few bytes: what fills up, what is said last, what is kept.

use super::*;
use crate::socket::encode;
use tokio::io::{AsyncReadExt, DuplexStream};

const PIPE_BYTES: usize = 64 * 1024;

fn open() -> (Socket<DuplexStream>, DuplexStream) {
    let (ours, theirs) = tokio::io::duplex(PIPE_BYTES);
    (Socket::new(ours, 1_000, Encoding::Plain), theirs)
}

/// A client's frame under a mask of zeros.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    [&[first, 0x80 | payload.len() as u8, 0, 0, 0, 0], payload].concat()
}

async fn read_to_end(mut peer: DuplexStream) -> Vec<u8> {
    let mut all = Vec::new();
    peer.read_to_end(&mut all).await.unwrap();
    all
}

#[tokio::test]
async fn every_ping_gets_its_pong_from_a_peer_that_reads() {
    let (mut socket, mut peer) = open();
    let pings: Vec<u8> = (b'0'..=b'9').flat_map(|n| frame(0x89, &[n])).collect();
    peer.write_all(&pings).await.unwrap();
    peer.write_all(&frame(0x81, b"hi")).await.unwrap();
    for _ in 0..10 {
        assert_eq!(socket.next().await, Incoming::Alive);
    }
    assert_eq!(socket.next().await, Incoming::Text("hi".to_owned()));
    drop(socket);
    let pongs: Vec<u8> = (b'0'..=b'9').flat_map(|n| [0x8a, 1, n]).collect();
    assert_eq!(read_to_end(peer).await, pongs);
}

#[tokio::test]
async fn pings_that_nobody_reads_cost_no_memory() {
    let (mut socket, mut peer) = open();
    socket
        .feed(&encode(Opcode::Binary, &[0; 2 * PIPE_BYTES], Encoding::Plain))
        .await
        .unwrap();
    let waiting = socket.outgoing.bytes();
    let flood = async {
        for _ in 0..2_000 {
            peer.write_all(&frame(0x89, &[b'x'; 125])).await.unwrap();
        }
        peer.write_all(&frame(0x89, b"newest")).await.unwrap();
        peer.write_all(&frame(0x81, b"done")).await.unwrap();
    };
    let reading = async { while socket.next().await == Incoming::Alive {} };
    tokio::join!(flood, reading);
    assert!(socket.outgoing.bytes() <= waiting);
    let (_, all) = tokio::join!(socket.close(1000, "bye"), read_to_end(peer));
    // The close was queued before there was room for the pong, and nothing comes after it.
    assert!(
        all.ends_with(b"\x88\x05\x03\xe8bye"),
        "{}",
        all[all.len() - 20..].escape_ascii()
    );
}

#[tokio::test]
async fn nothing_follows_our_goodbye() {
    let (mut socket, mut peer) = open();
    let much = encode(Opcode::Binary, &[0; 2 * PIPE_BYTES], Encoding::Plain);
    socket.feed(&much).await.unwrap();
    peer.write_all(&frame(0x88, b"\x03\xe8")).await.unwrap();
    // The peer does not read, so its goodbye cannot be answered yet; whoever waits for more gives up.
    assert!(futures_util::poll!(Box::pin(socket.next())).is_pending());
    let late = encode(Opcode::Text, b"late", Encoding::Plain);
    assert_eq!(socket.feed(&late).await, Err(WriteError::Closed));
    let (incoming, all) = tokio::join!(
        async {
            let incoming = socket.next().await;
            drop(socket);
            incoming
        },
        read_to_end(peer)
    );
    assert_eq!(incoming, Incoming::Closed(Some((1000, String::new()))));
    assert!(all.ends_with(b"\x88\x02\x03\xe8"));
}

#[tokio::test]
async fn a_goodbye_is_answered_once_and_the_connection_taken_down() {
    let (mut socket, mut peer) = open();
    peer.write_all(&[frame(0x88, b"\x0f\xa0bye"), frame(0x89, b"?"), frame(0x88, b"")].concat())
        .await
        .unwrap();
    let (heard, all) = tokio::join!(socket.next(), read_to_end(peer));
    let goodbye = Incoming::Closed(Some((4000, "bye".to_owned())));
    assert_eq!((heard, &all[..]), (goodbye, &b"\x88\x02\x0f\xa0"[..]));
    assert_eq!(socket.next().await, Incoming::Gone);
}

#[tokio::test]
async fn our_goodbye_waits_for_theirs_and_is_not_repeated() {
    let (socket, mut peer) = open();
    let theirs = async {
        let mut ours = [0; 7];
        peer.read_exact(&mut ours).await.unwrap();
        assert_eq!(ours, *b"\x88\x05\x03\xe8bye");
        peer.write_all(&[frame(0x81, b"late"), frame(0x88, b"\x03\xe8")].concat())
            .await
            .unwrap();
        read_to_end(peer).await
    };
    assert_eq!(tokio::join!(socket.close(1000, "bye"), theirs).1, b"");
}

#[tokio::test]
async fn a_peer_that_is_silent_is_not_waited_for_long() {
    let (socket, _peer) = open();
    let start = tokio::time::Instant::now();
    socket.close(1000, "bye").await;
    assert!((CLOSE_WAIT..2 * CLOSE_WAIT).contains(&start.elapsed()));
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_gone_after_a_while() {
    let (mut socket, _peer) = open();
    let start = tokio::time::Instant::now();
    let large = encode(Opcode::Binary, &[0; 2 * PIPE_BYTES], Encoding::Plain);
    socket.feed(&large).await.unwrap();
    assert_eq!(socket.flush().await, Err(WriteError::TimedOut));
    assert!((WRITE_WAIT..3 * WRITE_WAIT).contains(&start.elapsed()));
}

#[tokio::test]
async fn a_peer_that_goes_without_a_word_is_told_apart() {
    let (mut socket, mut peer) = open();
    peer.write_all(&frame(0x88, b"")).await.unwrap();
    let (heard, all) = tokio::join!(socket.next(), read_to_end(peer));
    assert_eq!((heard, &all[..]), (Incoming::Closed(None), &b"\x88\x00"[..]));

    let (mut socket, peer) = open();
    drop(peer);
    assert_eq!(socket.next().await, Incoming::Gone);
    let late = encode(Opcode::Text, b"late", Encoding::Plain);
    socket.feed(&late).await.unwrap();
    assert_eq!(socket.flush().await, Err(WriteError::Broken));
}

#[tokio::test]
async fn what_waits_is_written_in_order_however_it_is_cut() {
    let (mut socket, peer) = open();
    let frames: Vec<Frame> = (0..3_000_u32)
        .map(|n| encode(Opcode::Text, n.to_string().repeat(9).as_bytes(), Encoding::Plain))
        .collect();
    let reading = tokio::spawn(read_to_end(peer));
    for frame in &frames {
        socket.feed(frame).await.unwrap();
    }
    socket.flush().await.unwrap();
    drop(socket);
    let expected: Vec<u8> = frames.iter().flat_map(|frame| frame.bytes().to_vec()).collect();
    assert!(reading.await.unwrap() == expected);
}

#[tokio::test]
async fn an_idle_socket_keeps_no_buffer() {
    let (mut socket, mut peer) = open();
    peer.write_all(&frame(0x82, &[1; 100])).await.unwrap();
    assert_eq!(socket.next().await, Incoming::Binary(vec![1; 100]));
    let idle = timeout(Duration::from_millis(10), socket.next()).await;
    assert!(idle.is_err());
    assert_eq!((socket.inbox.capacity(), socket.outgoing.bytes()), (0, 0));
}
