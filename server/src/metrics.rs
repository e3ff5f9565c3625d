//! What the server measures of its requests and jobs, for `GET /metrics`. The hub, the store, the limits and the accounts
//! register what they measure of themselves.

pub mod http;
mod jobs;

pub use http::HttpMetrics;
pub use jobs::JobMetrics;
