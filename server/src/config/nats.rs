//! NATS_URL.

use super::{ConfigError, DatabaseUrl, Vars};
use async_nats::ServerAddr;
use std::fmt;
use url::Url;

const NAME: &str = "NATS_URL";
const ALLOWED: &str = "nats://host:port or tls://user:password@host:port, several with commas between; or unset";

/// The servers of the bus between nodes. Their URLs may hold a password, so they are never written out.
#[derive(Clone)]
pub struct NatsServers(pub Vec<ServerAddr>);

impl fmt::Display for NatsServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, server) in self.0.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}:{}", server.host(), server.port())?;
        }
        Ok(())
    }
}

impl fmt::Debug for NatsServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NatsServers({self})")
    }
}

/// Unset: this is the only node. Nodes share a database, which a SQLite file cannot be.
pub(super) fn read(vars: &Vars, database: &DatabaseUrl) -> Result<Option<NatsServers>, ConfigError> {
    let urls = vars.list(NAME);
    if urls.is_empty() {
        return Ok(None);
    }
    if matches!(database, DatabaseUrl::Sqlite(_)) {
        let allowed = "unset with a SQLite file, which is for one node; for several, set DATABASE_URL=postgres://…";
        return Err(ConfigError::hidden(NAME, "a bus between nodes", allowed));
    }
    let servers = urls.iter().map(|url| server(url)).collect::<Result<_, _>>()?;
    Ok(Some(NatsServers(servers)))
}

fn server(url: &str) -> Result<ServerAddr, ConfigError> {
    let hidden = |like: &dyn fmt::Display| ConfigError::hidden(NAME, like, ALLOWED);
    let url = Url::parse(url).map_err(|error| hidden(&error))?;
    if !["nats", "tls"].contains(&url.scheme()) {
        return Err(hidden(&url.scheme()));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(hidden(&"no host"));
    }
    ServerAddr::from_url(url).map_err(|error| hidden(&error))
}
