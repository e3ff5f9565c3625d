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

/// They log whole messages at TRACE, and with them the token of an `auth.renew`; at DEBUG, the peer's words at its close.
const TALKATIVE: [&str; 2] = ["tungstenite", "tokio_tungstenite"];

/// Of each rule that matches nothing, the library warns at every read, and anybody can make such rules. What that means is
/// in the answer (`incomplete`, contract, REST 12.10). An operator sees the warnings with `rrule=warn` in LOG_LEVEL.
const QUIET: &str = "rrule=error";

/// Starts logging as configured.
pub fn start(config: &Config) {
    // Beside the operator's filter and not a part of it: there, a longer target would win over this.
    let filter = EnvFilter::new(format!("{QUIET},{}", config.log_filter)).and(filter_fn(discreet));
    // Colours are for people: a file or a pipe gets none.
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let layer = match config.log_format {
        LogFormat::Text => layer.fmt_fields(fields::escaped()).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(layer.with_filter(filter)).init();
}

/// No token is ever logged, whatever LOG_LEVEL asks for.
fn discreet(metadata: &Metadata<'_>) -> bool {
    let library = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || !TALKATIVE.contains(&library)
}
