//! Limits, headers and start-up checks that apply before authentication.

use crate::support::{PATIENCE, Process, TestServer, answer, output};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use std::{os::unix::fs::PermissionsExt, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

/// The largest body that a request without a valid token may have.
const ANONYMOUS_BODY_BYTES: usize = 16 * 1024;

/// The status line that a new connection gets for `GET /health`.
async fn health(address: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A refused connection may be closed before all is written.
    let _ = stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await;
    let mut received = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut received))
        .await
        .expect("end of the stream");
    let line = received.split(|byte| *byte == b'\r').next().unwrap_or_default();
    String::from_utf8(line.to_vec()).unwrap()
}

#[tokio::test]
async fn open_websockets_count_against_the_connection_limit_until_they_close() {
    let server = TestServer::with([("MAX_CONNECTIONS_PER_ADDRESS", "4")]).await;
    // The HTTP client keeps the sign-up's connection open.
    let ada = server.user("ada").await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(ada.connect().live().await);
    }
    let refused = health(&server.address).await;
    assert!(refused.contains(" 503 "), "{refused}");
    open.pop().unwrap().leave().await;
    let served = async {
        while !health(&server.address).await.contains(" 200 ") {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, served).await.expect("a free slot for a connection");
    open[0].is_silent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anonymous_requests_that_hold_large_bodies_take_little_memory() {
    const REQUESTS: usize = 2_000;
    const DECLARED_BYTES: usize = 256 * 1024;
    let limit = "3000";
    let process = Process::with([("LOG_LEVEL", "error"), ("MAX_CONNECTIONS_PER_ADDRESS", limit)]).await;
    let before = process.resident_bytes();
    let mut holding = JoinSet::new();
    for number in 0..REQUESTS {
        let address = process.address.clone();
        holding.spawn(async move {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            // Half of them do not declare the length of their body.
            let length = match number % 2 {
                0 => format!("Content-Length: {DECLARED_BYTES}"),
                _ => "Transfer-Encoding: chunked".to_owned(),
            };
            let head = format!(
                "POST /v1/tags HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n\
                 {length}\r\n\r\n"
            );
            let chunk = format!("{:x}\r\n\"{}", DECLARED_BYTES, "x".repeat(DECLARED_BYTES - 100));
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = timeout(Duration::from_secs(5), stream.write_all(chunk.as_bytes())).await;
            stream
        });
    }
    let streams = timeout(6 * PATIENCE, holding.join_all())
        .await
        .expect("all of them sent");
    let taken = process.resident_bytes().saturating_sub(before);
    eprintln!("{REQUESTS} anonymous requests with bodies take {} KiB", taken / 1024);
    assert!(taken < 150 * 1024 * 1024, "{} MiB", taken / 1024 / 1024);
    drop(streams);
    assert!(health(&process.address).await.contains(" 200 "));
}

#[tokio::test]
async fn invalid_json_is_reported_before_an_invalid_token_for_small_bodies_only() {
    let server = TestServer::start().await;
    let send = async |body: String| {
        let request = server
            .request(Method::POST, "/v1/tags")
            .bearer_auth("no token")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        let response = request.send().await.unwrap();
        let closes = response
            .headers()
            .get(header::CONNECTION)
            .is_some_and(|value| value == "close");
        (response.status().as_u16(), closes)
    };
    assert_eq!(send("{".to_owned()).await, (422, false));
    assert_eq!(send("{}".to_owned()).await, (401, false));
    assert_eq!(send("x".repeat(ANONYMOUS_BODY_BYTES)).await, (422, false));
    assert_eq!(send("x".repeat(ANONYMOUS_BODY_BYTES + 1)).await, (401, true));

    let large = json!({ "email": "ada@example.com", "password": "x".repeat(ANONYMOUS_BODY_BYTES) });
    let sign_in = server.request(Method::POST, "/v1/auth/sign-in").json(&large);
    assert_eq!(sign_in.send().await.unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
    let form = server
        .request(Method::POST, "/api/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(format!(
            "email=ada@example.com&password={}",
            "x".repeat(ANONYMOUS_BODY_BYTES)
        ));
    assert_ne!(form.send().await.unwrap().status(), StatusCode::OK);

    // A valid token allows larger bodies.
    let ada = server.user("ada").await;
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "Kind", "color": "#fff" }))
        .await;
    let tag = json!({
        "name": "long", "color": "#fff", "group_id": group["id"], "unknown": "x".repeat(8 * ANONYMOUS_BODY_BYTES)
    });
    ada.made("/v1/tags", tag).await;
}

#[tokio::test]
async fn page_rate_limits_count_sessions_and_addresses_but_no_files() {
    let server = TestServer::with([("RATE_LIMIT_PAGES", "4"), ("RATE_LIMIT_PAGES_PER_ADDRESS", "2")]).await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    for _ in 0..3 {
        assert_eq!(
            ada.request(Method::GET, "/").send().await.unwrap().status(),
            StatusCode::OK
        );
    }
    let timers = ada
        .request(Method::POST, "/api/timers")
        .header(header::ACCEPT, "application/json");
    assert_eq!(timers.send().await.unwrap().status(), StatusCode::OK);

    let refused = ada
        .request(Method::GET, "/")
        .header(header::ACCEPT, "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = refused.headers()[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&wait));
    assert!(
        refused.headers()[header::CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    let page = refused.text().await.unwrap();
    assert!(page.contains("Please wait"), "{page}");
    let (status, error) = answer(ada.request(Method::POST, "/api/timers")).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(error.to_string().contains("retry_after"), "{error}");

    assert_eq!(
        eve.request(Method::GET, "/").send().await.unwrap().status(),
        StatusCode::OK
    );
    let anonymous = async |path: &str| server.request(Method::GET, path).send().await.unwrap().status();
    assert_eq!(
        [anonymous("/sign-in").await, anonymous("/sign-up").await],
        [StatusCode::OK; 2]
    );
    assert_eq!(anonymous("/sign-in").await, StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..10 {
        let file = anonymous("/pkg/lockstep.css").await;
        assert_ne!(file, StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(
        ada.get("/v1/timers").await.0,
        StatusCode::OK,
        "the API has a limit of its own"
    );
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let production = [
        ("ENVIRONMENT", "production"),
        ("JWT_SECRET", "k3J9vQ2mX7pL0sT5wZ8yB1nC4dF6gH0a"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let (development, production) = (TestServer::start().await, TestServer::with(production).await);
    for path in [
        "/sign-in",
        "/v1/timers",
        "/v1/nothing",
        "/health",
        "/pkg/nothing.css",
        "/nothing",
    ] {
        let response = production.request(Method::GET, path).send().await.unwrap();
        let value = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(value("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(
            value("cross-origin-opener-policy").as_deref(),
            Some("same-origin"),
            "{path}"
        );
        assert!(value("permissions-policy").unwrap().contains("camera=()"), "{path}");
        assert_eq!(
            value("strict-transport-security").as_deref(),
            Some("max-age=31536000"),
            "{path}"
        );
        if path.starts_with("/v1") {
            assert_eq!(value("cache-control").as_deref(), Some("no-store"), "{path}");
        }
    }
    let api = development.request(Method::POST, "/api/timers").send().await.unwrap();
    assert_eq!(api.headers()[header::CACHE_CONTROL], "no-store");
    assert!(
        !api.headers().contains_key("strict-transport-security"),
        "in development"
    );
    let plain = production
        .request(Method::GET, "/health")
        .header("x-forwarded-proto", "http");
    assert!(
        !plain
            .send()
            .await
            .unwrap()
            .headers()
            .contains_key("strict-transport-security")
    );
}

#[tokio::test]
async fn content_security_policy_lets_a_page_connect_to_its_own_host_only() {
    let server = TestServer::start().await;
    let policy = async |host: &str| {
        let response = server
            .request(Method::GET, "/sign-in")
            .header(header::HOST, host)
            .send()
            .await
            .unwrap();
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned();
        policy
            .split("; ")
            .find(|directive| directive.starts_with("connect-src"))
            .unwrap()
            .to_owned()
    };
    let own = policy("lockstep.example:8443").await;
    assert!(
        own.contains("ws://lockstep.example:8443 wss://lockstep.example:8443"),
        "{own}"
    );
    assert!(
        own.split(' ').all(|source| source != "ws:" && source != "wss:"),
        "{own}"
    );
    assert_eq!(policy("a;script-src *").await, "connect-src 'self'");
}

#[tokio::test]
async fn security_txt_is_served_only_if_a_contact_is_set() {
    let path = "/.well-known/security.txt";
    let server = TestServer::with([(
        "SECURITY_CONTACT",
        "mailto:security@example.com, https://example.com/report",
    )])
    .await;
    let response = server.request(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    let text = response.text().await.unwrap();
    assert!(
        text.contains("Contact: mailto:security@example.com\n") && text.contains("\nExpires: 2"),
        "{text}"
    );
    let unset = TestServer::start()
        .await
        .request(Method::GET, path)
        .send()
        .await
        .unwrap();
    assert_eq!(unset.status(), StatusCode::NOT_FOUND);
    assert_eq!(unset.json::<Value>().await.unwrap(), json!({ "detail": "Not Found" }));
}

#[tokio::test]
async fn error_id_of_an_answer_is_in_the_log() {
    let process = Process::with([("LOG_LEVEL", "debug")]).await;
    let ada = crate::support::sign_up(&process.address, "ada").await;
    let (status, error) = ada.get("/v1/timers/019a0000-0000-7000-8000-000000000000").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (id, log) = (error["error_id"].as_str().unwrap(), process.log());
    let line = log
        .lines()
        .find(|line| line.contains(id))
        .unwrap_or_else(|| panic!("{id}: {log}"));
    assert!(line.contains("TimerNotFoundError") && line.contains("404"), "{line}");
}

#[tokio::test]
async fn database_files_are_accessible_by_their_owner_only() {
    let mut process = Process::start().await;
    let Some(path) = process.database_url().strip_prefix("sqlite://") else {
        return;
    };
    let path = std::path::PathBuf::from(path.replacen("//", "/", 1));
    let files = || {
        let files = std::fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|file| file.unwrap().path());
        files.collect::<Vec<_>>()
    };
    let mode = |file: &std::path::Path| std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert!(
        files().iter().any(|file| file.to_string_lossy().ends_with("-wal")),
        "{:?}",
        files()
    );
    for file in files() {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
    // Older versions created them with these permissions.
    process.kill();
    for file in files() {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    process.start_again().await;
    for file in files().iter().filter(|file| !file.ends_with("jwt-secret")) {
        assert_eq!(mode(file), 0o600, "{file:?}");
    }
}

#[test]
fn invalid_settings_stop_the_start_with_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").to_str().unwrap().to_owned();
    for (name, value) in [
        ("JWT_SECRET_FILE", missing.as_str()),
        ("CORS_ALLOWED_ORIGINS", "null"),
        ("CORS_ALLOWED_ORIGINS", "*"),
        ("TRUSTED_PROXIES", "proxy.example"),
        ("SECURITY_CONTACT", "security@example.com"),
    ] {
        let output = output(folder.path(), &[(name, value)]);
        let line = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(
            line.lines().count() == 1 && line.contains(name) && line.contains(value),
            "{line}"
        );
    }
}
