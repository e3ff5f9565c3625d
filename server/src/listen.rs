//! Accepts connections and serves HTTP/1.1 on them, with bounds that apply before authentication: on the number of
//! connections, on the time a request may take to arrive, on the time an answer may take to be read, and on the size of
//! a request's head.

mod body;
mod caps;
mod gathered;
mod stream;

pub use caps::ConnectionCaps;

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, StatusCode, header},
    response::Response,
    serve::Listener,
};
use body::{RequestBody, ResponseBody};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};
use stream::{Exchange, PeerStream};
use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// The maximum size of a request's head and of the data read ahead of its body, in bytes. Larger heads get 431.
const MAX_BUFFER_BYTES: usize = 32 * 1024;
/// More than any system allows, so the system's maximum applies.
const MAX_BACKLOG: u32 = i32::MAX as u32;
/// Sent when a cap is reached, before anything is read.
const OVER_CAP_RESPONSE: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Timeouts for a peer that keeps a connection waiting.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a whole request head, from its first byte; for the first one, from the start of the connection.
    pub head: Duration,
    /// For the first byte of the next request, from the end of the previous answer.
    pub idle: Duration,
    /// For a whole request body.
    pub body: Duration,
    /// For the peer to accept more of an answer.
    pub write: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            // Proxies keep connections idle for 60 s: theirs end first, so that no request is lost in transit.
            idle: Duration::from_secs(75),
            body: Duration::from_secs(30),
            write: Duration::from_secs(30),
        }
    }
}

/// Listens on the first available address of a host. The backlog is as long as the system allows
/// (`net.core.somaxconn`): if it overflows, a client waits a second before its SYN is sent again.
///
/// # Errors
/// When no address is available.
pub async fn bind(host: &str, port: u16) -> io::Result<TcpListener> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in lookup_host((host, port)).await? {
        match bind_address(address) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn bind_address(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }?;
    // As in the standard library: a restart need not wait for old connections in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(MAX_BACKLOG)
}

/// Serves until `stop` is cancelled; then accepts no more connections, completes open requests, and returns.
pub async fn serve(
    mut listener: TcpListener,
    routes: Router,
    timeouts: Timeouts,
    caps: ConnectionCaps,
    stop: CancellationToken,
) {
    let routes = routes.with_state(());
    let mut http = http1::Builder::new();
    // Hyper measures the idle time and the head together; `PeerStream` bounds the head separately.
    http.timer(TokioTimer::new())
        .header_read_timeout(timeouts.idle)
        .max_buf_size(MAX_BUFFER_BYTES);
    let connections = TaskTracker::new();
    loop {
        let (stream, peer) = tokio::select! {
            // It waits after errors such as too many open files.
            accepted = Listener::accept(&mut listener) => accepted,
            () = stop.cancelled() => break,
        };
        let Some(permit) = caps.admit(peer.ip()) else {
            // Whatever fits into the empty send buffer, without waiting: a refused connection holds no resources.
            let _ = stream.try_write(OVER_CAP_RESPONSE);
            continue;
        };
        tracing::trace!(%peer, "accepted a connection");
        let (stream, exchange) = PeerStream::new(nodelay(stream), timeouts, permit);
        let serving = serve_one(http.clone(), routes.clone(), stream, exchange, peer, stop.clone());
        connections.spawn(serving);
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// Disables Nagle's algorithm: an event must not wait for the acknowledgement of the previous one (RFC 896, RFC 1122
/// 4.2.3.4).
fn nodelay(stream: TcpStream) -> TcpStream {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY cannot be set");
    }
    stream
}

async fn serve_one(
    http: http1::Builder,
    routes: Router,
    stream: PeerStream,
    exchange: Arc<Exchange>,
    peer: SocketAddr,
    stop: CancellationToken,
) {
    let body_timeout = stream.timeouts().body;
    let service = service_fn(move |request: Request<Incoming>| {
        exchange.begin_request(&request);
        let body = |incoming| Body::new(RequestBody::new(incoming, body_timeout, exchange.clone()));
        let mut request = request.map(body);
        request.extensions_mut().insert(ConnectInfo(peer));
        answer(routes.clone(), request, exchange.clone())
    });
    let connection = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut connection = pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection failed");
    }
}

/// The router's answer. If the request's body was not read to its end, the connection cannot be reused, and the answer
/// announces its close (RFC 9112, 9.3 and 9.6).
async fn answer(routes: Router, request: Request, exchange: Arc<Exchange>) -> Result<Response, Infallible> {
    let mut response = routes.oneshot(request).await?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        exchange.upgrade();
        return Ok(response);
    }
    if exchange.leave_body_unread() {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Body::new(ResponseBody::new(body, exchange))))
}

#[cfg(test)]
mod tests;
