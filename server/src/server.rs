//! Listening, serving, and graceful shutdown.

use crate::{
    client_address::{self, ClientAddress},
    config::{Config, Environment},
    headers,
    listen::{self, ConnectionCaps, Timeouts},
    metrics, pages, process, rest,
    service::jobs,
    state::AppState,
};
use anyhow::Context;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware,
};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    trace::{DefaultOnResponse, TraceLayer},
};

/// The maximum size of a REST body, in bytes: far above what a description needs.
const BODY_BYTES: usize = 256 * 1024;
/// Connections that are open for this long after the last close was sent are cut.
const DRAIN: Duration = Duration::from_secs(10);

/// Timeout for flushing the last published events to the bus.
const BUS_FLUSH: Duration = Duration::from_secs(5);

/// A server that is bound to its address.
pub struct Server {
    state: AppState,
    listener: TcpListener,
}

impl Server {
    /// Binds the address.
    ///
    /// # Errors
    /// When the address is not available.
    pub async fn bind(state: AppState) -> anyhow::Result<Self> {
        let (host, port) = (state.config.host.clone(), state.config.port);
        let listener = listen::bind(&host, port)
            .await
            .with_context(|| format!("HOST={host} PORT={port}: cannot listen on this address"))?;
        let server = Self { state, listener };
        if let Some(open) = open_in_development(&server.state.config, server.address()?.ip()) {
            tracing::warn!("{open}");
        }
        Ok(server)
    }

    /// The bound address.
    ///
    /// # Errors
    /// When the system does not report it.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves until `stop`, then drains: accepts no more connections, closes WebSockets with 1012, completes open
    /// requests, closes the database.
    ///
    /// # Errors
    /// When accepting connections fails for good.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let Self { state, listener } = self;
        let housekeeping = tokio::spawn(jobs::housekeeping::run(state.store.clone(), state.job_metrics.clone()));
        let event_poller = tokio::spawn(jobs::event_poller::run(
            state.store.clone(),
            state.hub.clone(),
            state.job_metrics.clone(),
        ));
        let sessions = tokio::spawn(state.sessions.clone().run());
        let config = &state.config;
        let caps = ConnectionCaps::new(
            process::fit_open_files(config.max_connections),
            config.max_connections_per_address,
            config.trusted_proxies.clone(),
        );
        let routes = router(state.clone());
        let serving = listen::serve(listener, routes, Timeouts::default(), caps, stop.clone());
        let serving = tokio::spawn(serving);
        stop.cancelled().await;
        tracing::info!(connections = state.hub.connections(), "draining");
        let spread = state.config.websocket.drain;
        let drain = async {
            state.hub.drain(spread).await;
            serving.await
        };
        let served = tokio::time::timeout(spread + DRAIN, drain).await;
        housekeeping.abort();
        event_poller.abort();
        sessions.abort();
        state.store.close().await;
        // So that other nodes receive the last committed events.
        if tokio::time::timeout(BUS_FLUSH, state.hub.settled()).await.is_err() {
            tracing::warn!("other nodes may not have received the last events");
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

/// A warning for a development server that listens on an address reachable from other machines.
fn open_in_development(config: &Config, address: IpAddr) -> Option<String> {
    if config.environment != Environment::Development || address.to_canonical().is_loopback() {
        return None;
    }
    let mut open = vec!["/openapi.json and /asyncapi.json are there"];
    if cfg!(debug_assertions) {
        open.push("so is /docs, and /ws-playground makes tokens of test users");
    }
    if config.metrics_token.is_none() {
        open.push("GET /metrics needs no token");
    }
    open.push("cookies are sent without Secure, so also over plain HTTP");
    if config.jwt_secret.is_none() {
        open.push("the key of the tokens is generated and kept with the database");
    }
    Some(format!(
        "ENVIRONMENT=development on {address}, which others may reach: {}. Set ENVIRONMENT=production, or HOST=127.0.0.1",
        open.join("; ")
    ))
}

/// All routes with the layers that apply to all of them.
fn router(state: AppState) -> Router {
    // Log lines have method and path, never the query, which may contain a token.
    let trace = TraceLayer::new_for_http()
        .make_span_with(|request: &Request| {
            let client = ClientAddress::of(request.extensions());
            tracing::info_span!("request", method = %request.method(), path = request.uri().path(), %client)
        })
        .on_response(DefaultOnResponse::new().level(tracing::Level::DEBUG));
    let proxies = state.config.trusted_proxies.clone();
    Router::new()
        .merge(rest::router(state.clone()))
        .merge(pages::router(state.clone()))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        // A panic in a page is answered as well.
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), metrics::http::measure))
        .layer(middleware::from_fn_with_state(state.config.environment, headers::add))
        .layer(trace)
        .layer(middleware::from_fn_with_state(proxies, client_address::resolve))
        .with_state(state)
}

/// A token that SIGTERM or Ctrl-C cancels; a second signal ends the process at once.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Vars;

    fn warning<const N: usize>(address: &str, vars: [(&str, &str); N]) -> Option<String> {
        let config = Config::from_vars(&Vars::from_pairs(vars)).unwrap();
        open_in_development(&config, address.parse().unwrap())
    }

    #[test]
    fn a_reachable_development_server_warns_about_what_is_open() {
        for address in ["0.0.0.0", "::", "192.0.2.1"] {
            let warning = warning(address, []).unwrap();
            for open in ["/docs", "/metrics", "Secure", "generated", "ENVIRONMENT=production"] {
                assert!(warning.contains(open), "{warning}");
            }
        }
        let secret = "k3J9vQ2mX7pL0sT5wZ8yB1nC4dF6gH0a";
        let set = warning("0.0.0.0", [("METRICS_TOKEN", "token"), ("JWT_SECRET", secret)]).unwrap();
        assert!(!set.contains("/metrics") && !set.contains("generated"), "{set}");
        for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(warning(address, []), None);
        }
        assert_eq!(
            warning("0.0.0.0", [("ENVIRONMENT", "production"), ("JWT_SECRET", secret)]),
            None
        );
    }
}
