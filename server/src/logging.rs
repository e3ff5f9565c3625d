//! The log, on standard error.

mod fields;

use crate::config::{Config, LogFormat};
use std::io::IsTerminal;
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Crates that log whole messages at TRACE, with the token of an `auth.renew`, and the peer's close reason at DEBUG.
const SENSITIVE_TARGETS: [&str; 2] = ["tungstenite", "tokio_tungstenite"];

/// Starts the log as configured.
pub fn start(config: &Config) {
    // A separate filter, not a part of the operator's: there a longer target would override it.
    let filter = EnvFilter::new(&config.log_filter).and(filter_fn(is_loggable));
    // Colours only for terminals.
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let layer = match config.log_format {
        LogFormat::Text => layer.fmt_fields(fields::escaped()).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(layer.with_filter(filter)).init();
}

/// Whether an event may be logged at any LOG_LEVEL: tokens never are.
fn is_loggable(metadata: &Metadata<'_>) -> bool {
    let library = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || !SENSITIVE_TARGETS.contains(&library)
}
