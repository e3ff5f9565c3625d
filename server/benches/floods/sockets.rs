//! WebSockets: without a token, with a bad one, and one user's.

use crate::{kinds::Kind, target::Target};
use std::sync::Arc;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How many frames a user sends over each connection.
const FRAMES: usize = 10_000;

pub fn kinds() -> [Kind; 6] {
    [
        Kind::held("WebSocket without a token", 500, without_token),
        Kind::held("WebSocket with a bad token", 500, with_bad_token),
        Kind::held("WebSockets of one user", 500, of_one_user),
        Kind::held("a user's pings, 10,000 a connection", 10, pings),
        Kind::held("a user's messages of 60 KB, 10,000 a connection", 10, messages),
        Kind::held("a user's sync, unread", 10, unread_syncs),
    ]
}

async fn without_token(target: Arc<Target>, n: usize) -> String {
    open_and_wait(&target, n, None).await
}

async fn with_bad_token(target: Arc<Target>, n: usize) -> String {
    let token = format!("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{n}In0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    open_and_wait(&target, n, Some(&token)).await
}

async fn of_one_user(target: Arc<Target>, n: usize) -> String {
    open_and_wait(&target, n, Some(target.token())).await
}

async fn pings(target: Arc<Target>, n: usize) -> String {
    send_and_wait(&target, n, &frame(0x9, b"")).await
}

async fn messages(target: Arc<Target>, n: usize) -> String {
    let text = format!(r#"{{"type":"ping","padding":"{}"}}"#, "x".repeat(60_000));
    send_and_wait(&target, n, &frame(0x1, text.as_bytes())).await
}

async fn unread_syncs(target: Arc<Target>, n: usize) -> String {
    let Ok(mut stream) = target.connect_narrow(n).await else {
        return "not connected".to_owned();
    };
    if let Err(outcome) = shake_hands(&mut stream, Some(target.token())).await {
        return outcome;
    }
    let frame = frame(0x1, br#"{"type":"timer.sync","payload":{}}"#);
    for _ in 0..FRAMES {
        if stream.write_all(&frame).await.is_err() {
            break;
        }
    }
    close_code(&mut stream).await
}

/// Connects, and waits for the server to close.
async fn open_and_wait(target: &Target, n: usize, token: Option<&str>) -> String {
    let Ok(mut stream) = target.connect(n).await else {
        return "not connected".to_owned();
    };
    match shake_hands(&mut stream, token).await {
        Ok(()) => close_code(&mut stream).await,
        Err(outcome) => outcome,
    }
}

/// Sends one frame many times while it reads what comes, until the server closes.
async fn send_and_wait(target: &Target, n: usize, frame: &[u8]) -> String {
    let Ok(mut stream) = target.connect(n).await else {
        return "not connected".to_owned();
    };
    if let Err(outcome) = shake_hands(&mut stream, Some(target.token())).await {
        return outcome;
    }
    let (mut reader, mut writer) = stream.split();
    let send = async {
        for _ in 0..FRAMES {
            if writer.write_all(frame).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let read = close_code(&mut reader);
    tokio::pin!(read);
    tokio::select! {
        code = &mut read => code,
        () = send => format!("{FRAMES} frames taken"),
    }
}

/// `Err` with the status where it is not 101.
async fn shake_hands(stream: &mut TcpStream, token: Option<&str>) -> Result<(), String> {
    let protocol = token.map_or_else(String::new, |token| {
        format!("Sec-WebSocket-Protocol: lockstep.v1, authorization.bearer.{token}\r\n")
    });
    let request = format!(
        "GET /v1/ws/timers HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{protocol}\r\n"
    );
    let closed = |_| "closed".to_owned();
    stream.write_all(request.as_bytes()).await.map_err(closed)?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await.map_err(closed)?);
    }
    let answer = String::from_utf8_lossy(&answer);
    match answer.split_whitespace().nth(1) {
        Some("101") => Ok(()),
        status => Err(status.unwrap_or("no HTTP").to_owned()),
    }
}

/// Reads frames until the one that closes: its code.
async fn close_code(reader: &mut (impl AsyncRead + Unpin)) -> String {
    match read_until_close(reader).await {
        Ok(code) => format!("close {code}"),
        Err(_) => "closed".to_owned(),
    }
}

async fn read_until_close(reader: &mut (impl AsyncRead + Unpin)) -> std::io::Result<u16> {
    loop {
        let first = reader.read_u8().await?;
        let length = match reader.read_u8().await? {
            126 => u64::from(reader.read_u16().await?),
            127 => reader.read_u64().await?,
            small => small.into(),
        };
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        reader.read_exact(&mut payload).await?;
        if first == 0x88 {
            return Ok(payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code)));
        }
    }
}

/// A whole frame, masked with zeros (RFC 6455, 5.2).
fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match payload.len() {
        small @ ..126 => frame.push(0x80 | small as u8),
        large => {
            frame.push(0x80 | 127);
            frame.extend((large as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}
