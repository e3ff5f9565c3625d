use super::*;

fn refused<const N: usize>(pairs: [(&str, &str); N]) -> String {
    Config::from_vars(&Vars::from_pairs(pairs)).unwrap_err().to_string()
}

#[test]
fn defaults_are_a_development_server_on_loopback() {
    let config = Config::from_vars(&Vars::from_pairs([])).unwrap();
    assert_eq!((config.host.as_str(), config.port), ("127.0.0.1", 2614));
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.database, DatabaseUrl::Sqlite("data/lockstep.db".into()));
    assert_eq!(config.log_filter, "info");
}

#[test]
fn the_three_forms_of_a_sqlite_url_are_accepted() {
    for (url, path) in [
        ("sqlite://data/a.db", "data/a.db"),
        ("sqlite:///data/a.db", "data/a.db"),
        ("sqlite:////var/a.db", "/var/a.db"),
        ("sqlite://a.db?mode=rwc", "a.db"),
        ("sqlite://a%2Fb/lock%20step.db", "a%2Fb/lock%20step.db"),
        ("sqlite:////var/50% off #1/타이머.db", "/var/50% off #1/타이머.db"),
    ] {
        let config = Config::from_vars(&Vars::from_pairs([("DATABASE_URL", url)])).unwrap();
        assert_eq!(config.database, DatabaseUrl::Sqlite(path.into()), "{url}");
    }
}

#[test]
fn a_postgres_url_is_accepted_and_its_password_is_not_shown() {
    let url = "postgres://me:hunter2@db.example/lockstep";
    let config = Config::from_vars(&Vars::from_pairs([("DATABASE_URL", url)])).unwrap();
    assert!(matches!(&config.database, DatabaseUrl::Postgres(kept) if kept.as_str() == url));
    let shown = format!("{config:?}");
    assert!(shown.contains("db.example") && !shown.contains("hunter2"), "{shown}");
    assert!(!refused([("DATABASE_URL", "postgres://me:hunter2@db:port/x")]).contains("hunter2"));
}

#[test]
fn a_nats_url_is_accepted_and_its_password_is_not_shown() {
    let postgres = ("DATABASE_URL", "postgres://me@db/lockstep");
    let read = |urls: &str| Config::from_vars(&Vars::from_pairs([postgres, ("NATS_URL", urls)]));
    let config = read("nats://bus.example, tls://me:hunter2@other.example:4333").unwrap();
    let shown = format!("{config:?}");
    assert!(shown.contains("bus.example:4222, other.example:4333"), "{shown}");
    assert!(!shown.contains("hunter2"));
    // The library logs addresses.
    let addresses = format!("{:?}", config.nats.unwrap().addresses);
    assert!(
        addresses.contains("other.example") && !addresses.contains("hunter2"),
        "{addresses}"
    );
    assert!(Config::from_vars(&Vars::from_pairs([postgres])).unwrap().nats.is_none());
    let two = read("nats://me:hunter2@a, nats://you:hunter3@b")
        .unwrap_err()
        .to_string();
    assert!(two.contains("the same user") && !two.contains("hunter"), "{two}");
    for wrong in [
        "http://me:hunter2@bus",
        "nats://",
        "nats://me:hunter2@bus:port",
        "bus.example",
    ] {
        let line = read(wrong).unwrap_err().to_string();
        assert!(
            line.starts_with("NATS_URL") && line.contains("nats://host:port"),
            "{line}"
        );
        assert!(!line.contains("hunter2"), "{line}");
    }
    let alone = refused([("NATS_URL", "nats://me:hunter2@bus")]);
    assert!(
        alone.contains("SQLite") && alone.contains("postgres://") && !alone.contains("hunter2"),
        "{alone}"
    );
}

#[test]
fn the_error_of_an_invalid_value_names_what_is_allowed() {
    for (name, value, allowed) in [
        ("PORT", "65536", "from 0 to 65535"),
        ("PORT", "http", "a whole number"),
        ("ENVIRONMENT", "prod", "development, staging, production"),
        ("ACCOUNTS_ENABLED", "maybe", "true, false"),
        ("TRUSTED_PROXIES", "proxy.example", "addresses and CIDRs"),
        ("TRUSTED_PROXIES", "10.0.0.0/33", "addresses and CIDRs"),
        ("WS_HEARTBEAT_SECONDS", "0", "from 1 to 3600"),
        ("WS_COMPRESSION", "gzip", "true, false"),
        ("WS_COMPRESSION_THRESHOLD", "15", "from 16 to 16777216"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING, ERROR"),
        ("LOG_FORMAT", "xml", "text, json"),
        ("RATE_LIMIT_DEFAULT_REQUESTS", "0", "from 1 to"),
        ("WS_CONNECT_WINDOW", "-1", "from 1 to 86400"),
        ("DATABASE_URL", "sqlite://", "sqlite://relative/path.db"),
        ("DATABASE_URL", "sqlite://what?.db", "without `?`"),
        ("DATABASE_URL", "sqlite://a.db?mode=memory", "without `?`"),
        ("DATABASE_URL", "sqlite://caf\u{fffd}.db", "in UTF-8"),
    ] {
        let line = refused([(name, value)]);
        assert!(
            line.starts_with(name) && line.contains(value) && line.contains(allowed),
            "{line}"
        );
        assert_eq!(line.lines().count(), 1);
    }
}

#[test]
fn errors_do_not_repeat_secrets() {
    assert!(!refused([("JWT_SECRET", "hunter2")]).contains("hunter2"));
    assert!(!refused([("DATABASE_URL", "mysql://me:hunter2@db/x")]).contains("hunter2"));
    let secret = "a secret that is long enough for HS256";
    let config = Config::from_vars(&Vars::from_pairs([("JWT_SECRET", secret)])).unwrap();
    assert!(!format!("{config:?}").contains(secret));
    let config = Config::from_vars(&Vars::from_pairs([("METRICS_TOKEN", secret)])).unwrap();
    assert!(!format!("{config:?}").contains(secret));
    assert!(
        config
            .metrics_token
            .is_some_and(|token| token.is(secret) && !token.is("another"))
    );
}

#[test]
fn production_needs_a_secret() {
    assert!(refused([("ENVIRONMENT", "production")]).starts_with("JWT_SECRET: no value"));
}

#[test]
fn log_levels_are_accepted_in_any_case() {
    for (value, filter) in [
        ("WARNING", "warn"),
        ("Debug", "debug"),
        ("info,server=debug", "info,server=debug"),
    ] {
        assert_eq!(
            Config::from_vars(&Vars::from_pairs([("LOG_LEVEL", value)]))
                .unwrap()
                .log_filter,
            filter
        );
    }
}

#[test]
fn an_enabled_oidc_needs_an_issuer() {
    assert!(refused([("OIDC_ENABLED", "true")]).starts_with("OIDC_ISSUER_URL: no value"));
    assert!(refused([("OIDC_ENABLED", "true"), ("OIDC_ISSUER_URL", "idp.example")]).contains("https://"));
    let vars = Vars::from_pairs([
        ("OIDC_ENABLED", "true"),
        ("OIDC_ISSUER_URL", "https://idp.example/realm"),
    ]);
    let oidc = Config::from_vars(&vars).unwrap().oidc.unwrap();
    assert_eq!(
        oidc.discovery_url,
        "https://idp.example/realm/.well-known/openid-configuration"
    );
    assert_eq!((oidc.audience, oidc.keys_ttl.as_secs()), (None, 3_600));
}

#[test]
fn outside_development_an_issuer_needs_an_audience_and_tls() {
    let refused_with = |name: &str, value: &str, environment: &str| {
        let mut vars = Vars::from_pairs([
            ("ENVIRONMENT", environment),
            ("JWT_SECRET", "dGhpcyBpcyBvbmx5IGEgdGVzdCwgb2YgY291cnNl"),
            ("OIDC_ENABLED", "true"),
            ("OIDC_ISSUER_URL", "https://idp.example"),
            ("OIDC_AUDIENCE", "lockstep"),
        ]);
        vars.extend([(name, value)]);
        Config::from_vars(&vars).err().map(|error| error.to_string())
    };
    for environment in ["staging", "production"] {
        assert_eq!(refused_with("PORT", "1", environment), None);
        let audience = refused_with("OIDC_AUDIENCE", "", environment).unwrap();
        assert!(audience.starts_with("OIDC_AUDIENCE: no value") && audience.contains("any other application"));
        for (name, url) in [
            ("OIDC_ISSUER_URL", "http://idp.example"),
            ("OIDC_ISSUER_URL", "http://127.0.0.1:8080"),
            ("OIDC_DISCOVERY_URL", "http://idp.example/discovery"),
            ("OIDC_DISCOVERY_URL", "http://[::1]/discovery"),
        ] {
            let line = refused_with(name, url, environment).unwrap();
            assert!(
                line.starts_with(name) && line.contains(url) && line.contains("https://"),
                "{line}"
            );
        }
    }
    for (url, is_allowed) in [
        ("https://idp.example", true),
        ("http://127.0.0.1:8080/realm", true),
        ("http://[::1]:8080", true),
        ("http://localhost:8080", true),
        ("http://localhost.example", false),
        ("http://192.168.1.1", false),
        ("http://idp.example", false),
        ("ftp://127.0.0.1", false),
    ] {
        let line = refused_with("OIDC_ISSUER_URL", url, "development");
        assert_eq!(line.is_none(), is_allowed, "{url}: {line:?}");
    }
    let long = format!("https://idp.example/{}", "x".repeat(500));
    assert!(refused_with("OIDC_ISSUER_URL", &long, "production").is_some());
}

#[test]
fn limits_are_enabled_by_default() {
    let limits = Config::from_vars(&Vars::from_pairs([])).unwrap().limits;
    let minute = |max| {
        Some(Quota {
            max,
            window: std::time::Duration::from_secs(60),
        })
    };
    assert_eq!(
        (limits.requests, limits.connections, limits.messages),
        (minute(60), minute(10), minute(120))
    );
    assert_eq!(
        (limits.control_frames, limits.open_connections),
        (minute(600), Some(200))
    );
    let off = Config::from_vars(&Vars::from_pairs([("WS_RATE_LIMIT_ENABLED", "false")])).unwrap();
    assert_eq!((off.limits.control_frames, off.limits.open_connections), (None, None));
    let vars = Vars::from_pairs([("RATE_LIMIT_ENABLED", "false"), ("WS_MESSAGE_MAX", "5")]);
    let limits = Config::from_vars(&vars).unwrap().limits;
    assert_eq!((limits.requests, limits.messages.unwrap().max), (None, 5));
}

#[test]
fn compression_is_enabled_by_default() {
    let socket = |vars| Config::from_vars(&vars).unwrap().websocket.options;
    let default = socket(Vars::from_pairs([]));
    assert_eq!(
        (default.max_message_bytes, default.compression_threshold),
        (65_536, Some(1_024))
    );
    let all = socket(Vars::from_pairs([("WS_COMPRESSION_THRESHOLD", "16")]));
    assert_eq!(all.compression_threshold, Some(16));
    let none = socket(Vars::from_pairs([("WS_COMPRESSION", "off")]));
    assert_eq!(none.compression_threshold, None);
}

#[test]
fn secrets_are_read_from_the_files_of_their_file_variables() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let secret = "k3J9vQ2mX7pL0sT5wZ8yB1nC4dF6gH0a";
    let config = Config::from_vars(&Vars::from_pairs([
        ("JWT_SECRET_FILE", &file("jwt", format!("  {secret}\n").as_bytes())),
        (
            "DATABASE_URL_FILE",
            &file("database", b"postgres://me:hunter2@db/lockstep\n"),
        ),
        ("NATS_URL_FILE", &file("nats", b"nats://a, nats://b\n")),
        ("METRICS_TOKEN_FILE", &file("metrics", b"token\n")),
    ]))
    .unwrap();
    assert_eq!(config.jwt_secret.unwrap().0, secret.as_bytes());
    assert!(matches!(&config.database, DatabaseUrl::Postgres(url) if url.password() == Some("hunter2")));
    assert_eq!(config.nats.unwrap().addresses.len(), 2);
    assert!(config.metrics_token.unwrap().is("token"));

    let (empty, binary) = (file("empty", b" \n"), file("binary", b"\xffhunter2"));
    let large = file("large", "hunter2".repeat(10_000).as_bytes());
    let missing = folder.path().join("missing").to_str().unwrap().to_owned();
    for path in [&empty, &binary, &large, &missing, "/dev/zero"] {
        let line = refused([("JWT_SECRET_FILE", path)]);
        assert!(line.starts_with("JWT_SECRET_FILE") && line.contains(path), "{line}");
        assert!(!line.contains("hunter2") && line.lines().count() == 1, "{line}");
    }
    let both = refused([("METRICS_TOKEN", "hunter2"), ("METRICS_TOKEN_FILE", &empty)]);
    assert!(
        both.contains("METRICS_TOKEN_FILE") && both.contains("not both"),
        "{both}"
    );
    assert!(!both.contains("hunter2"));
}
