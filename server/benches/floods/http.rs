//! HTTP by hand: as much of a request as one likes, and the status of the answer.

use crate::target::Target;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Connects from the address of request `n`, sends, and reads the answer's status.
pub async fn exchange(target: &Target, n: usize, request: &[u8]) -> String {
    let Ok(mut stream) = target.connect(n).await else {
        return "not connected".to_owned();
    };
    exchange_on(&mut stream, request).await
}

/// The same on a connection. A server may answer and close before it has read everything.
pub async fn exchange_on(stream: &mut TcpStream, request: &[u8]) -> String {
    let (mut reader, mut writer) = stream.split();
    let send = async {
        let sent = writer.write_all(request).await;
        if sent.is_err() {
            // The answer may be there all the same.
            return;
        }
        std::future::pending::<()>().await;
    };
    tokio::pin!(send);
    let read = status(&mut reader);
    tokio::pin!(read);
    tokio::select! {
        status = &mut read => status,
        () = &mut send => read.await,
    }
}

/// The status of the next answer, or how the connection ended before one.
pub async fn status(reader: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    let mut chunk = [0; 4_096];
    while !head.windows(2).any(|end| end == b"\r\n") {
        match reader.read(&mut chunk).await {
            Ok(0) => return "closed".to_owned(),
            Ok(length) => head.extend(&chunk[..length]),
            Err(_) => return "reset".to_owned(),
        }
    }
    let line = String::from_utf8_lossy(&head);
    line.split_whitespace().nth(1).unwrap_or("no HTTP").to_owned()
}

/// A request without a body.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").into_bytes()
}

/// A POST of JSON with further header lines, each with its end.
pub fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
