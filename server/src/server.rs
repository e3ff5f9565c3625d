//! Listening, serving, and stopping in good order.

use crate::{
    client_address::{self, ClientAddress},
    listen::{self, Patience},
    pages, rest,
    service::{heads, housekeeping},
    state::AppState,
};
use anyhow::Context;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, header},
    middleware,
};
use protocol::wire::CloseCode;
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    set_header::SetResponseHeaderLayer,
    trace::{DefaultOnResponse, TraceLayer},
};

/// The largest REST body: far above what a description needs.
const BODY_BYTES: usize = 256 * 1024;
/// Connections that have not ended so long after the last was asked to are cut.
const DRAIN: Duration = Duration::from_secs(10);

/// So long the bus between nodes may take for what was published last.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// A server that listens.
pub struct Server {
    state: AppState,
    listener: TcpListener,
}

impl Server {
    /// Takes the port.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn bind(state: AppState) -> anyhow::Result<Self> {
        let (host, port) = (state.config.host.clone(), state.config.port);
        let listener = TcpListener::bind((host.as_str(), port))
            .await
            .with_context(|| format!("HOST={host} PORT={port}: cannot listen there"))?;
        Ok(Self { state, listener })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves until `stop`, then drains: no new connections, WebSockets are closed with 1012, what is under way is
    /// finished, the database is closed.
    ///
    /// # Errors
    /// When accepting connections fails for good.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let Self { state, listener } = self;
        let housekeeping = tokio::spawn(housekeeping::run(state.store.clone()));
        let heads = tokio::spawn(heads::run(state.store.clone(), state.hub.clone()));
        let sessions = tokio::spawn(state.sessions.clone().run());
        let serving = listen::serve(listener, router(state.clone()), Patience::default(), stop.clone());
        let serving = tokio::spawn(serving);
        stop.cancelled().await;
        tracing::info!(connections = state.hub.connections(), "draining");
        let spread = state.config.websocket.drain;
        let drain = async {
            state
                .hub
                .close_all(CloseCode::Restart, "the server restarts", spread)
                .await;
            serving.await
        };
        let served = tokio::time::timeout(spread + DRAIN, drain).await;
        housekeeping.abort();
        heads.abort();
        sessions.abort();
        state.store.close().await;
        // What was committed last is heard on other nodes.
        if tokio::time::timeout(LAST_WORDS, state.hub.settled()).await.is_err() {
            tracing::warn!("other nodes may not have heard what happened last");
        }
        match served {
            Ok(served) => served?,
            Err(_) => tracing::warn!(
                connections = state.hub.connections(),
                "some connections did not end in time"
            ),
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// Every route, with what holds for all of them.
fn router(state: AppState) -> Router {
    // A log line has method and path, never the query: nobody's token belongs there, wherever they put it.
    let trace = TraceLayer::new_for_http()
        .make_span_with(|request: &Request| {
            let client = ClientAddress::of(request.extensions());
            tracing::info_span!("request", method = %request.method(), path = request.uri().path(), %client)
        })
        .on_response(DefaultOnResponse::new().level(tracing::Level::DEBUG));
    let proxies = state.config.trusted_proxies.clone();
    let header =
        |name: HeaderName, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .merge(rest::router(state.clone()))
        .merge(pages::router(state.clone()))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        // A page that fails is answered, too.
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"))
        .layer(trace)
        .layer(middleware::from_fn_with_state(proxies, client_address::resolve))
        .with_state(state)
}

/// Cancelled by SIGTERM or Ctrl-C; a second one ends the process at once.
pub fn stop_signal() -> anyhow::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        for first in [true, false] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if first {
                tracing::info!("stopping; a second signal ends at once");
                stopping.cancel();
            }
        }
        std::process::exit(130);
    });
    Ok(stop)
}
