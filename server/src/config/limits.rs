//! RATE_LIMIT_… and the WebSocket's limits.

use super::{ConfigError, Vars};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Limits by user, session or client address; `None` means unlimited.
#[derive(Clone, Copy, Debug)]
pub struct LimitsConfig {
    /// REST requests.
    pub requests: Option<Quota>,
    /// New WebSockets.
    pub connections: Option<Quota>,
    /// WebSocket messages, over all connections of the user.
    pub messages: Option<Quota>,
    /// Ping and Pong frames of one WebSocket.
    pub control_frames: Option<Quota>,
    /// Open WebSockets of one user on this node.
    pub open_connections: Option<u32>,
    /// SIGNUPS_PER_HOUR: new accounts of one client address.
    pub sign_ups: Option<Quota>,
    /// Refreshes of one session: far more than opening and reloading tabs needs.
    pub refreshes_of_session: Option<Quota>,
    /// Refreshes of one client address, which many users may share.
    pub refreshes_of_client: Option<Quota>,
    /// WebSocket handshakes of one client address.
    pub handshakes: Option<Quota>,
    /// Pages and forms of one user.
    pub pages: Option<Quota>,
    /// Pages and forms of one client address without a session.
    pub anonymous_pages: Option<Quota>,
}

/// A maximum number in any window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    pub max: u32,
    /// The window, in whole seconds.
    pub window: Duration,
}

pub(super) fn read(vars: &Vars) -> Result<LimitsConfig, ConfigError> {
    let rest = vars.boolean("RATE_LIMIT_ENABLED", true)?;
    let websocket = vars.boolean("WS_RATE_LIMIT_ENABLED", true)?;
    let requests = quota(vars, "RATE_LIMIT_DEFAULT_WINDOW", ("RATE_LIMIT_DEFAULT_REQUESTS", 60))?;
    let connections = quota(vars, "WS_CONNECT_WINDOW", ("WS_CONNECT_MAX", 10))?;
    let messages = quota(vars, "WS_MESSAGE_WINDOW", ("WS_MESSAGE_MAX", 120))?;
    let control_frames = Quota {
        max: vars.number("WS_CONTROL_MAX", 600, 10..=1_000_000)?,
        window: messages.window,
    };
    let open_connections = vars.number("WS_MAX_CONNECTIONS_PER_USER", 200, 1..=1_000_000)?;
    let sign_ups = vars.number("SIGNUPS_PER_HOUR", 20, 0..=1_000_000)?;
    let hourly = |max| Quota { max, window: HOUR };
    let refreshes = |max| Quota { max, window: MINUTE };
    let handshakes = quota(vars, "WS_CONNECT_WINDOW", ("WS_CONNECT_MAX_PER_ADDRESS", 600))?;
    let pages = quota(vars, "RATE_LIMIT_PAGES_WINDOW", ("RATE_LIMIT_PAGES", 300))?;
    let anonymous = ("RATE_LIMIT_PAGES_PER_ADDRESS", 1_200);
    let anonymous_pages = quota(vars, "RATE_LIMIT_PAGES_WINDOW", anonymous)?;
    Ok(LimitsConfig {
        sign_ups: (rest && sign_ups > 0).then(|| hourly(sign_ups)),
        refreshes_of_session: rest.then(|| refreshes(60)),
        refreshes_of_client: rest.then(|| refreshes(600)),
        requests: rest.then_some(requests),
        connections: websocket.then_some(connections),
        messages: websocket.then_some(messages),
        control_frames: websocket.then_some(control_frames),
        open_connections: websocket.then_some(open_connections),
        handshakes: websocket.then_some(handshakes),
        pages: rest.then_some(pages),
        anonymous_pages: rest.then_some(anonymous_pages),
    })
}

fn quota(vars: &Vars, window: &'static str, (max, default): (&'static str, u32)) -> Result<Quota, ConfigError> {
    Ok(Quota {
        max: vars.number(max, default, 1..=1_000_000)?,
        window: Duration::from_secs(vars.number(window, 60, 1..=86_400)?),
    })
}
