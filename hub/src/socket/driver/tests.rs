//! Sockets on a small pipe: back-pressure, Close frames, memory.

use super::*;
use crate::codec::encode;
use tokio::io::{AsyncReadExt, DuplexStream};

const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
const PIPE_BYTES: usize = 64 * 1024;

fn open() -> (Socket<DuplexStream>, DuplexStream) {
    let (ours, theirs) = tokio::io::duplex(PIPE_BYTES);
    (Socket::new(ours, 1_000, Encoding::Plain, WRITE_TIMEOUT), theirs)
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
async fn every_ping_of_a_peer_that_reads_is_answered() {
    let (mut socket, mut peer) = open();
    let pings: Vec<u8> = (b'0'..=b'9').flat_map(|n| frame(0x89, &[n])).collect();
    peer.write_all(&pings).await.unwrap();
    peer.write_all(&frame(0x81, b"hi")).await.unwrap();
    for _ in 0..10 {
        assert_eq!(socket.next().await, Incoming::KeepAlive);
    }
    assert_eq!(socket.next().await, Incoming::Text("hi".to_owned()));
    drop(socket);
    let pongs: Vec<u8> = (b'0'..=b'9').flat_map(|n| [0x8a, 1, n]).collect();
    assert_eq!(read_to_end(peer).await, pongs);
}

#[tokio::test]
async fn pings_of_a_peer_that_does_not_read_take_no_memory() {
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
    let reading = async { while socket.next().await == Incoming::KeepAlive {} };
    tokio::join!(flood, reading);
    assert!(socket.outgoing.bytes() <= waiting);
    let close = async {
        socket.close(1000, "bye").await;
        drop(socket);
    };
    let (_, all) = tokio::join!(close, read_to_end(peer));
    // The close was queued before the pong fitted, and nothing follows a Close frame.
    assert!(
        all.ends_with(b"\x88\x05\x03\xe8bye"),
        "{}",
        all[all.len() - 20..].escape_ascii()
    );
}

#[tokio::test]
async fn nothing_is_sent_after_our_close_frame() {
    let (mut socket, mut peer) = open();
    let much = encode(Opcode::Binary, &[0; 2 * PIPE_BYTES], Encoding::Plain);
    socket.feed(&much).await.unwrap();
    peer.write_all(&frame(0x88, b"\x03\xe8")).await.unwrap();
    // The peer does not read, so its Close frame cannot be answered yet; the future of `next` is dropped.
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
async fn close_frame_is_answered_once_and_the_connection_shut_down() {
    let (mut socket, mut peer) = open();
    peer.write_all(&[frame(0x88, b"\x0f\xa0bye"), frame(0x89, b"?"), frame(0x88, b"")].concat())
        .await
        .unwrap();
    let (received, all) = tokio::join!(socket.next(), read_to_end(peer));
    let peer_close = Incoming::Closed(Some((4000, "bye".to_owned())));
    assert_eq!((received, &all[..]), (peer_close, &b"\x88\x02\x0f\xa0"[..]));
    assert_eq!(socket.next().await, Incoming::Disconnected);
}

#[tokio::test]
async fn close_waits_for_the_peers_frame_and_is_not_repeated() {
    let (mut socket, mut peer) = open();
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

#[tokio::test(start_paused = true)]
async fn close_waits_a_bounded_time_for_the_peers_close_frame() {
    let (mut socket, _peer) = open();
    let start = tokio::time::Instant::now();
    socket.close(1000, "bye").await;
    assert_eq!(start.elapsed(), CLOSE_WAIT);
}

#[tokio::test(start_paused = true)]
async fn peer_that_does_not_read_is_disconnected_after_the_write_timeout() {
    let (mut socket, _peer) = open();
    let start = tokio::time::Instant::now();
    let large = encode(Opcode::Binary, &[0; 2 * PIPE_BYTES], Encoding::Plain);
    socket.feed(&large).await.unwrap();
    assert_eq!(socket.flush().await, Err(WriteError::TimedOut));
    assert_eq!(start.elapsed(), WRITE_TIMEOUT);
}

#[tokio::test]
async fn close_frame_without_a_code_and_a_lost_connection_are_distinguished() {
    let (mut socket, mut peer) = open();
    peer.write_all(&frame(0x88, b"")).await.unwrap();
    let (received, all) = tokio::join!(socket.next(), read_to_end(peer));
    assert_eq!((received, &all[..]), (Incoming::Closed(None), &b"\x88\x00"[..]));

    let (mut socket, peer) = open();
    drop(peer);
    assert_eq!(socket.next().await, Incoming::Disconnected);
    let late = encode(Opcode::Text, b"late", Encoding::Plain);
    socket.feed(&late).await.unwrap();
    assert_eq!(socket.flush().await, Err(WriteError::Disconnected));
}

#[tokio::test]
async fn queued_frames_are_written_in_order_in_any_pieces() {
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
async fn idle_socket_keeps_no_buffer() {
    let (mut socket, mut peer) = open();
    peer.write_all(&frame(0x82, &[1; 100])).await.unwrap();
    assert_eq!(socket.next().await, Incoming::Binary(vec![1; 100]));
    let idle = timeout(Duration::from_millis(10), socket.next()).await;
    assert!(idle.is_err());
    assert_eq!((socket.inbox.capacity(), socket.outgoing.bytes()), (0, 0));
}
