//! Duration of requests, by route, method and class of status.

use crate::state::AppState;
use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{sync::Arc, time::Instant};

/// Upper bounds of the buckets, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// The route label of the site's files and of unknown paths: clients choose them, so they share one label.
const UNMATCHED: &str = "unmatched";

/// The metrics of requests. A WebSocket counts by its handshake.
#[derive(Clone)]
pub struct HttpMetrics {
    duration: Family<Labels, Histogram, fn() -> Histogram>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    /// The template, such as `/v1/timers/{id}`.
    route: Arc<str>,
    method: &'static str,
    /// For example `2xx`.
    status: &'static str,
}

impl Default for HttpMetrics {
    fn default() -> Self {
        Self {
            duration: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
        }
    }
}

impl HttpMetrics {
    /// Adds the metrics to a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request's headers to its answer's headers",
            Unit::Seconds,
            self.duration.clone(),
        );
    }
}

/// Measures a request. Must be inside the router, where the route is known.
pub async fn measure(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| UNMATCHED.into(), |route| route.as_str().into());
    let method = method(request.method());
    let start = Instant::now();
    let response = next.run(request).await;
    let labels = Labels {
        route,
        method,
        status: class(response.status().as_u16()),
    };
    let duration = state.http_metrics.duration.get_or_create(&labels);
    duration.observe(start.elapsed().as_secs_f64());
    response
}

/// The label of a method. Clients may send any text as a method.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class(status: u16) -> &'static str {
    match status {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    }
}
