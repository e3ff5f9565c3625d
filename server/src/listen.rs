//! Accepts connections and serves HTTP/1.1 on them. Who sends no request, half of one, or half of a body is not waited
//! for long: neither has said who it is (contract, hub: "idle time before authentication").

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{net::SocketAddr, pin::pin, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// How long a peer may keep a connection waiting.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a whole request head, from when the connection is open or the last request is answered.
    pub head: Duration,
    /// For the next piece of a request's body.
    pub body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            // Proxies keep connections idle for 60 s: theirs end first, so that no request is lost on its way.
            head: Duration::from_secs(75),
            body: Duration::from_secs(30),
        }
    }
}

/// Serves until `stop`; then accepts nothing more, finishes what is under way, and returns.
pub async fn serve(mut listener: TcpListener, routes: Router, patience: Patience, stop: CancellationToken) {
    let routes = routes.layer(RequestBodyTimeoutLayer::new(patience.body)).with_state(());
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.head);
    let connections = TaskTracker::new();
    loop {
        let (stream, peer) = tokio::select! {
            // Which waits out what is wrong, such as too many open files.
            accepted = Listener::accept(&mut listener) => accepted,
            () = stop.cancelled() => break,
        };
        tracing::trace!(%peer, "accepted a connection");
        connections.spawn(serve_one(http.clone(), routes.clone(), stream, peer, stop.clone()));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn serve_one(http: http1::Builder, routes: Router, stream: TcpStream, peer: SocketAddr, stop: CancellationToken) {
    // Without delay: an event that follows another must not wait for its acknowledgement (RFC 896, RFC 1122 4.2.3.4).
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its small delays");
    }
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        routes.clone().oneshot(request)
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

#[cfg(test)]
mod tests;
