//! Metrics of requests and jobs, for `GET /metrics`. The hub, the store, the limits and the accounts register
//! their own.

pub mod http;
mod jobs;

pub use http::HttpMetrics;
pub use jobs::JobMetrics;
