//! The server under load: a release binary, an issuer for its tokens, its memory and its CPU time.

use jsonwebtoken::Algorithm;
use serde_json::Value;
use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    time::Duration,
};
use testkit::{Process, Provider, SigningKey, TestDatabase};

/// Which binary is measured on which database.
pub struct Setup {
    binary: PathBuf,
    /// A PostgreSQL server; SQLite without it.
    postgres: Option<String>,
    /// The databases that were created there and not yet dropped.
    created: RefCell<Vec<String>>,
}

impl Setup {
    /// Without a binary it is the one of this build.
    pub fn new(binary: Option<PathBuf>, postgres: Option<String>) -> Self {
        Self {
            binary: binary.unwrap_or_else(|| Path::new(env!("CARGO_BIN_EXE_lockstep")).to_owned()),
            postgres,
            created: RefCell::default(),
        }
    }

    /// Starts the server on an empty database.
    pub async fn start(&self) -> Target {
        self.start_with([]).await
    }

    /// The same, with further variables.
    pub async fn start_with<const N: usize>(&self, extra: [(&str, &str); N]) -> Target {
        let database = match &self.postgres {
            Some(server) => {
                let database = TestDatabase::postgres(server).await;
                self.created.borrow_mut().push(database.url.clone());
                database
            }
            None => TestDatabase::sqlite(),
        };
        Target::start(&self.binary, database, extra).await
    }

    /// Drops the databases of servers that have ended: the bench is a guest of the PostgreSQL server.
    pub async fn clean_up(&self) {
        let created = self.created.take();
        for url in &created {
            TestDatabase::drop_postgres(self.postgres.as_deref().expect("a server"), url).await;
        }
    }

    /// `sqlite` or `postgres`.
    pub fn database_name(&self) -> &'static str {
        if self.postgres.is_some() { "postgres" } else { "sqlite" }
    }
}

/// A running server that takes RS256 tokens.
pub struct Target {
    pub address: String,
    process: Process,
    provider: Provider,
    key: SigningKey,
}

impl Target {
    async fn start<const N: usize>(binary: &Path, database: TestDatabase, extra: [(&str, &str); N]) -> Self {
        let key = SigningKey::rsa("bench", Algorithm::RS256);
        let provider = Provider::start(&[&key]).await;
        let site_root = std::env::var("LEPTOS_SITE_ROOT").unwrap_or_default();
        let vars = [
            ("LOG_LEVEL", "error"),
            ("OIDC_ENABLED", "true"),
            ("OIDC_ISSUER_URL", &provider.issuer),
            ("RATE_LIMIT_ENABLED", "false"),
            ("WS_RATE_LIMIT_ENABLED", "false"),
            ("LEPTOS_SITE_ROOT", &site_root),
        ];
        let process = Process::start(binary, database, vars.into_iter().chain(extra)).await;
        Self {
            address: process.address.clone(),
            process,
            provider,
            key,
        }
    }

    /// Kills the server and starts it again on the same port and database.
    pub async fn restart(&mut self) {
        self.process.kill();
        self.process.start_again().await;
    }

    /// A token of a user, for five minutes.
    pub fn token(&self, user: &str) -> String {
        self.key.sign(&self.provider.claims(user))
    }

    /// A token of a user that lives so long.
    pub fn token_for(&self, user: &str, life: Duration) -> String {
        let mut claims = self.provider.claims(user);
        let issued = claims["iat"].as_u64().expect("iat");
        claims["exp"] = (issued + life.as_secs()).into();
        self.key.sign(&claims)
    }

    /// A token that no other one is equal to (`jti`, RFC 7519, section 4.1.7), so that it is verified on its own.
    pub fn unique_token(&self, user: &str, id: usize) -> String {
        let mut claims = self.provider.claims(user);
        claims["jti"] = Value::String(id.to_string());
        self.key.sign(&claims)
    }

    /// What the server wrote to its log.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Resident memory, in KiB.
    pub fn rss_kib(&self) -> f64 {
        self.process.resident_bytes() as f64 / 1024.0
    }

    /// The CPU time of the server process since its start, user and system, at a resolution of 10 ms. What PostgreSQL's
    /// processes use is not part of it.
    pub fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // The name in parentheses may have spaces. What follows begins with field 3; `utime` and `stime` are 14 and 15
        // (proc_pid_stat(5)).
        let (_, fields) = stat.rsplit_once(')').expect("a name");
        let ticks: u64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(|ticks| ticks.parse::<u64>().unwrap())
            .sum();
        Duration::from_secs(ticks) / u32::try_from(rustix::param::clock_ticks_per_second()).unwrap()
    }
}
