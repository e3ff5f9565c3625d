//! NATS_URL.

use super::{ConfigError, DatabaseUrl, Vars, vars::list};
use async_nats::{ConnectOptions, ServerAddr};
use percent_encoding::percent_decode_str;
use std::fmt;
use url::Url;

const NAME: &str = "NATS_URL";
const ALLOWED: &str =
    "nats://host:port or tls://user:password@host:port (or token@), several with commas between; or unset";

/// The servers of the bus between nodes, and the credentials for them.
#[derive(Clone)]
pub struct NatsServers {
    /// Without user names and passwords, since the library logs them.
    pub addresses: Vec<ServerAddr>,
    login: Option<Login>,
}

/// The credentials before the `@`; `Debug` does not show them.
#[derive(Clone, PartialEq, Eq)]
enum Login {
    Token(String),
    User { name: String, password: String },
}

impl NatsServers {
    /// The options of a connection to them.
    pub fn options(&self) -> ConnectOptions {
        match self.login.clone() {
            None => ConnectOptions::new(),
            Some(Login::Token(token)) => ConnectOptions::with_token(token),
            Some(Login::User { name, password }) => ConnectOptions::with_user_and_password(name, password),
        }
    }
}

impl fmt::Display for NatsServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, server) in self.addresses.iter().enumerate() {
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

/// Parses NATS_URL; unset for a single node. Nodes share a database, so a SQLite file is refused.
pub(super) fn read(vars: &Vars, database: &DatabaseUrl) -> Result<Option<NatsServers>, ConfigError> {
    let urls = list(&vars.secret(NAME)?.unwrap_or_default());
    if urls.is_empty() {
        return Ok(None);
    }
    if matches!(database, DatabaseUrl::Sqlite(_)) {
        let allowed = "unset with a SQLite file, which is for one node; for several, set DATABASE_URL=postgres://…";
        return Err(ConfigError::hidden(NAME, "a bus between nodes", allowed));
    }
    let mut servers = NatsServers {
        addresses: vec![],
        login: None,
    };
    for url in urls {
        let (address, login) = server(&url)?;
        servers.addresses.push(address);
        match (login, &servers.login) {
            (Some(login), None) => servers.login = Some(login),
            (Some(login), Some(known)) if login != *known => {
                return Err(ConfigError::hidden(
                    NAME,
                    "several users",
                    "the same user for all servers",
                ));
            }
            _ => {}
        }
    }
    Ok(Some(servers))
}

fn server(url: &str) -> Result<(ServerAddr, Option<Login>), ConfigError> {
    let hidden = |like: &dyn fmt::Display| ConfigError::hidden(NAME, like, ALLOWED);
    let mut url = Url::parse(url).map_err(|error| hidden(&error))?;
    if !["nats", "tls"].contains(&url.scheme()) {
        return Err(hidden(&url.scheme()));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(hidden(&"no host"));
    }
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let name = decode(url.username());
    let login = match url.password().map(decode) {
        Some(password) => Some(Login::User { name, password }),
        // The format of the NATS clients.
        None if !name.is_empty() => Some(Login::Token(name)),
        None => None,
    };
    // Cannot fail for a URL with a host.
    let _ = (url.set_username(""), url.set_password(None));
    let address = ServerAddr::from_url(url).map_err(|error| hidden(&error))?;
    Ok((address, login))
}
