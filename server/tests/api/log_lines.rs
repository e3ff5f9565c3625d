//! Untrusted text can neither forge lines of the text log nor reach the terminal that shows it.

use crate::support::{Process, Provider, SigningKey};
use jsonwebtoken::Algorithm;
use reqwest::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A line break, a line that looks like the server's, and sequences that clear a terminal.
const FORGERY: &str = "x\r\n2026-01-01T00:00:00.000000Z ERROR server: forged\u{1b}[2J\u{9b}2J\u{2028}\u{202e}";

#[tokio::test]
async fn untrusted_text_is_escaped_in_the_text_log() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = Process::with([
        ("LOG_LEVEL", "debug"),
        ("OIDC_ENABLED", "true"),
        ("OIDC_ISSUER_URL", &provider.issuer),
        ("OIDC_AUDIENCE", "lockstep-web"),
    ])
    .await;
    let url = format!("http://{}/v1/timers", server.address);
    let get = async |sub: &str, kid: &'static str| {
        let token = SigningKey::rsa(kid, Algorithm::RS256).sign(&provider.claims(sub));
        reqwest::Client::new()
            .get(&url)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .status()
    };
    // From the issuer's discovery document: the keys' address and the issuer. Each makes the server refuse every token.
    for member in ["jwks_uri", "issuer"] {
        provider.discover(member, FORGERY);
        assert_eq!(get("ada", "a").await, StatusCode::SERVICE_UNAVAILABLE);
        let asked = provider.fetches().0;
        let again = async {
            while provider.fetches().0 == asked {
                get("ada", "a").await;
            }
        };
        tokio::time::timeout(crate::support::PATIENCE, again).await.unwrap();
    }
    let good = format!("{}/keys", provider.issuer);
    provider.discover("issuer", &provider.issuer);
    provider.discover("jwks_uri", &good);
    let recovered = async { while get("ada", "a").await != StatusCode::OK {} };
    tokio::time::timeout(crate::support::PATIENCE, recovered).await.unwrap();
    // From a token.
    assert_eq!(get(FORGERY, "a").await, StatusCode::UNAUTHORIZED);
    // From any client: a path with non-ASCII bytes, and headers.
    let path = "/v1/\u{9b}2J\u{2028}\u{202e}";
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nOrigin: \u{9b}2J\u{2028}\r\nConnection: close\r\n\r\n",
        server.address
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();

    let log = server.log();
    assert!(
        log.contains("ERROR server: forged"),
        "the issuer's text is not logged: {log}"
    );
    for line in log.lines() {
        assert!(
            line.starts_with("20") && line.get(10..11) == Some("T"),
            "not a line of the server: {line}"
        );
        assert!(!line.starts_with("2026-01-01T00:00:00.000000Z"), "{line}");
        let visible = |char: char| !char.is_control() && !['\u{2028}', '\u{202e}'].contains(&char);
        assert!(line.chars().all(visible), "{line:?}");
    }
}
