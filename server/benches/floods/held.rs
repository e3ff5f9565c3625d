//! Requests that are never finished, or whose answers are never read.

use crate::{http, kinds::Kind, target::Target};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub fn kinds() -> [Kind; 8] {
    [
        Kind::held("silent connections", 5_000, silent),
        Kind::held("half a head, held", 5_000, half_head),
        Kind::held("a head, byte by byte", 2_000, slow_head),
        Kind::held("heads of 389 KB", 500, huge_head),
        Kind::held("bodies of 256 KiB but their end, held", 2_000, huge_body),
        Kind::held("bodies of 15 KiB to sign-in but their end, held", 2_000, sign_in_body),
        Kind::held("a body, byte by byte", 2_000, slow_body),
        Kind::held("answers that nobody reads", 500, unread_answers),
    ]
}

/// Sends the start and waits for what the server does about it.
async fn hold(target: &Target, n: usize, start: &[u8]) -> String {
    http::exchange(target, n, start).await
}

async fn silent(target: Arc<Target>, n: usize) -> String {
    hold(&target, n, b"").await
}

async fn half_head(target: Arc<Target>, n: usize) -> String {
    hold(&target, n, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ").await
}

async fn slow_head(target: Arc<Target>, n: usize) -> String {
    slowly(&target, n, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ").await
}

async fn huge_head(target: Arc<Target>, n: usize) -> String {
    let line = format!("X-Long: {}\r\n", "x".repeat(3_990));
    let head = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{}", line.repeat(97));
    hold(&target, n, head.as_bytes()).await
}

async fn huge_body(target: Arc<Target>, n: usize) -> String {
    hold(&target, n, &unfinished("/v1/schedules", 256 * 1_024)).await
}

async fn sign_in_body(target: Arc<Target>, n: usize) -> String {
    hold(&target, n, &unfinished("/v1/auth/sign-in", 15 * 1_024)).await
}

/// All of a body but its last byte.
fn unfinished(path: &str, length: usize) -> Vec<u8> {
    let mut request = http::post(path, "", &" ".repeat(length));
    request.pop();
    request
}

async fn slow_body(target: Arc<Target>, n: usize) -> String {
    let mut request = http::post("/v1/auth/sign-in", "", &" ".repeat(1_000));
    request.truncate(request.len() - 1_000);
    slowly(&target, n, &request).await
}

/// Sends the start, then a byte a second, until the server answers or closes.
async fn slowly(target: &Target, n: usize, start: &[u8]) -> String {
    let Ok(mut stream) = target.connect(n).await else {
        return "not connected".to_owned();
    };
    let (mut reader, mut writer) = stream.split();
    let send = async {
        let _ = writer.write_all(start).await;
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if writer.write_all(b" ").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        status = http::status(&mut reader) => status,
        () = send => unreachable!("it sends until it is dropped"),
    }
}

/// Asks for a large answer again and again over one connection, and reads none of them.
async fn unread_answers(target: Arc<Target>, n: usize) -> String {
    let Ok(mut stream) = target.connect_narrow(n).await else {
        return "not connected".to_owned();
    };
    let requests = "GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(1_000);
    // Blocks as soon as the server stops reading; an error is the server's end of the connection.
    let sent = stream.write_all(requests.as_bytes()).await;
    match sent {
        Ok(()) => wait_for_reset(&mut stream).await,
        Err(_) => "closed".to_owned(),
    }
}

/// Writes a byte now and then: the only way to notice a close without reading.
async fn wait_for_reset(stream: &mut TcpStream) -> String {
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        if stream.write_all(b"G").await.is_err() {
            // Whether anything came before the end does not matter.
            let _ = stream.read(&mut [0; 1]).await;
            return "closed".to_owned();
        }
    }
}
