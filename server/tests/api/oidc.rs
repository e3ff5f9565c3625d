//! Tokens of an OIDC issuer: which are accepted, and how others are refused.

use crate::support::{Provider, SigningKey, TestServer, create, p521};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use protocol::timers::{Body, Command, ErrorCode, Secret};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

async fn server(provider: &Provider) -> TestServer {
    TestServer::with([
        ("OIDC_ENABLED", "true"),
        ("OIDC_ISSUER_URL", &provider.issuer),
        ("OIDC_AUDIENCE", "lockstep-web"),
    ])
    .await
}

async fn get(server: &TestServer, token: &str) -> (StatusCode, Value) {
    let response = server
        .request(Method::GET, "/v1/timers")
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn every_accepted_algorithm_signs_in() {
    let keys = [
        SigningKey::rsa("rs256", Algorithm::RS256),
        SigningKey::rsa("rs512", Algorithm::RS512),
        SigningKey::p256("es256"),
        SigningKey::p384("es384"),
        SigningKey::ed25519("eddsa"),
    ];
    let provider = Provider::start(&keys.each_ref()).await;
    let server = server(&provider).await;
    for key in &keys {
        let token = key.sign(&provider.claims("ada"));
        assert_eq!(get(&server, &token).await, (StatusCode::OK, json!([])));
        server.connect().token(&token).live().await;
    }
    assert_eq!(
        provider.fetches(),
        (1, 1),
        "the keys are fetched at the first token and cached"
    );
}

#[tokio::test]
async fn es512_token_signs_in() {
    let provider = Provider::start(&[]).await;
    provider.publish_raw(p521::jwk("es512"));
    let server = server(&provider).await;
    let token = p521::sign("es512", &provider.claims("ada"));
    assert_eq!(get(&server, &token).await, (StatusCode::OK, json!([])));
    let (head, _) = token.rsplit_once('.').unwrap();
    let other = p521::sign("es512", &provider.claims("eve"));
    let forged = format!("{head}.{}", other.rsplit('.').next().unwrap());
    let refused = json!({ "detail": "Invalid token: the signature does not fit" });
    assert_eq!(get(&server, &forged).await, (StatusCode::UNAUTHORIZED, refused));
}

#[tokio::test]
async fn built_in_accounts_work_beside_an_issuer() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = server(&provider).await;
    let ada = server.user("ada").await;
    let mut own = ada.connect().live().await;
    own.change(create("Mine")).await;
    let mut theirs = server
        .connect()
        .token(&key.sign(&provider.claims("sub|1")))
        .live()
        .await;
    theirs.is_silent().await;
    assert_eq!(provider.fetches().0, 1);
}

#[tokio::test]
async fn invalid_token_is_refused_with_its_reason_over_rest_and_with_1008() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    // A published HMAC key is not a secret.
    provider.publish_raw(json!({ "kty": "oct", "kid": "hmac", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA" }));
    let server = server(&provider).await;
    let with = |name: &str, value: Value| {
        let mut claims = provider.claims("ada");
        claims[name] = value;
        key.sign(&claims)
    };
    let hmac_header = Header {
        kid: Some("hmac".into()),
        ..Header::new(Algorithm::HS256)
    };
    let hmac_key = EncodingKey::from_secret(b"secret-secret-secret-secret-secret");
    let hmac = encode(&hmac_header, &provider.claims("ada"), &hmac_key).unwrap();
    let in_an_hour = provider.claims("x")["iat"].as_i64().unwrap() + 3_600;
    for (token, detail, reason) in [
        ("nonsense".to_owned(), "Invalid token: ", "not a JWT"),
        (
            SigningKey::other_rsa("a").sign(&provider.claims("ada")),
            "Invalid token: ",
            "signature",
        ),
        (hmac, "Invalid token: ", "algorithm"),
        (with("exp", json!(1)), "Invalid token: it has expired", "expired"),
        (with("nbf", json!(in_an_hour)), "Invalid token: ", "not valid yet"),
        (with("iat", json!(in_an_hour)), "Invalid token: ", "future"),
        (
            with("iss", json!("https://evil.example")),
            "Invalid issuer: https://evil.example",
            "issuer",
        ),
        (
            with("iss", json!(format!("{}/", provider.issuer))),
            "Invalid issuer: ",
            "issuer",
        ),
        (with("aud", json!("another")), "Invalid audience", "audience"),
        (with("aud", Value::Null), "Invalid audience", "audience"),
        (with("sub", Value::Null), "Token missing 'sub' claim", "sub"),
    ] {
        let (status, body) = get(&server, &token).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        let message = body["detail"].as_str().unwrap();
        assert!(message.starts_with(detail), "{message} / {detail}");
        let (code, closed) = server.connect().token(&token).open().await.unwrap().closed().await;
        assert_eq!(code, 1008, "{closed}");
        assert!(closed.contains(reason), "{closed} / {reason}");
    }
    assert_eq!(
        get(&server, &with("aud", json!("lockstep-web"))).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn bearer_scheme_is_case_insensitive_and_the_only_one_accepted() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = server(&provider).await;
    let token = key.sign(&provider.claims("ada"));
    for (value, status) in [
        (format!("bearer {token}"), StatusCode::OK),
        (format!("BEARER {token}"), StatusCode::OK),
        (format!("Basic {token}"), StatusCode::UNAUTHORIZED),
        (token.clone(), StatusCode::UNAUTHORIZED),
    ] {
        let request = server
            .request(Method::GET, "/v1/timers")
            .header(header::AUTHORIZATION, value);
        assert_eq!(request.send().await.unwrap().status(), status);
    }
}

#[tokio::test]
async fn concurrent_requests_fetch_the_keys_once() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = server(&provider).await;
    let tokens: Vec<_> = (0..20)
        .map(|n| key.sign(&provider.claims(&format!("user-{n}"))))
        .collect();
    let answers = futures_util::future::join_all(tokens.iter().map(|token| get(&server, token))).await;
    assert!(answers.iter().all(|(status, _)| *status == StatusCode::OK));
    assert_eq!(provider.fetches(), (1, 1));
}

#[tokio::test]
async fn unknown_key_id_refetches_the_keys_at_a_bounded_rate() {
    let (old, new) = (SigningKey::rsa("old", Algorithm::RS256), SigningKey::other_rsa("new"));
    let provider = Provider::start(&[&old]).await;
    let server = server(&provider).await;
    assert_eq!(get(&server, &old.sign(&provider.claims("ada"))).await.0, StatusCode::OK);
    provider.publish(&[&old, &new]);
    assert_eq!(get(&server, &new.sign(&provider.claims("ada"))).await.0, StatusCode::OK);
    assert_eq!(
        provider.fetches(),
        (1, 2),
        "the keys are fetched again, discovery is not"
    );
    // Made-up key ids cannot make the server fetch the keys each time.
    for kid in ["x", "y", "z"] {
        let unknown = SigningKey::other_rsa(kid).sign(&provider.claims("ada"));
        assert_eq!(get(&server, &unknown).await.0, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(provider.fetches(), (1, 2));
}

#[tokio::test]
async fn unavailable_issuer_is_answered_with_503_and_1011() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    provider.set_down(true);
    let server = server(&provider).await;
    let token = key.sign(&provider.claims("ada"));
    let unavailable = (
        StatusCode::SERVICE_UNAVAILABLE,
        json!({ "detail": "Authentication service unavailable" }),
    );
    assert_eq!(get(&server, &token).await, unavailable);
    assert_eq!(
        server.connect().token(&token).open().await.unwrap().closed().await.0,
        1011
    );
    provider.set_down(false);
    // The server retries after a short delay.
    let recovered = async {
        while get(&server, &token).await.0 != StatusCode::OK {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(crate::support::PATIENCE, recovered).await.unwrap();
}

#[tokio::test]
async fn connection_is_closed_when_its_token_expires_unless_renewed() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = server(&provider).await;
    let lasting = |seconds: i64| {
        let mut claims = provider.claims("ada");
        claims["exp"] = json!(claims["iat"].as_i64().unwrap() + seconds);
        key.sign(&claims)
    };
    let mut ends = server.connect().token(&lasting(3)).live().await;
    let mut renewed = server.connect().token(&lasting(3)).live().await;
    renewed
        .send(Command::Renew {
            token: Secret(lasting(300)),
        })
        .await;
    assert!(matches!(renewed.next().await.body, Body::Renewed { .. }));
    let (code, reason) = ends.closed().await;
    assert_eq!((code, reason.as_str()), (1008, "the token has expired"));
    renewed.is_silent().await;

    let stranger = key.sign(&provider.claims("eve"));
    renewed
        .send(Command::Renew {
            token: Secret(stranger),
        })
        .await;
    assert!(matches!(renewed.next().await.body, Body::Error(error) if error.code == ErrorCode::Unauthorized));
    assert_eq!(renewed.closed().await.0, 1008);
}

#[tokio::test]
async fn token_with_a_critical_extension_is_refused() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = server(&provider).await;
    let header = Header {
        crit: Some(vec!["exp".into()]),
        ..key.header()
    };
    let (status, body) = get(&server, &key.sign_with(header, &provider.claims("ada"))).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(body["detail"].as_str().unwrap().contains("crit"), "{body}");
}

#[tokio::test]
async fn tokens_for_another_purpose_are_refused() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let with_audience = server(&provider).await;
    let without_audience = TestServer::with([("OIDC_ENABLED", "true"), ("OIDC_ISSUER_URL", &provider.issuer)]).await;
    let with = |name: &str, value: Value| {
        let mut claims = provider.claims("ada");
        claims[name] = value;
        key.sign(&claims)
    };
    let accepted = StatusCode::OK;
    let refused = StatusCode::UNAUTHORIZED;
    for (claim, value, with_expected, without_expected) in [
        ("jti", json!("1"), accepted, accepted),
        ("typ", json!("Bearer"), accepted, accepted),
        // ID tokens: accepted if an audience is configured, since then the audience alone decides.
        ("nonce", json!("n"), accepted, refused),
        ("at_hash", json!("h"), accepted, refused),
        ("c_hash", json!("h"), accepted, refused),
        ("typ", json!("ID"), accepted, refused),
        ("token_use", json!("id"), accepted, refused),
        // Never access tokens.
        ("typ", json!("Refresh"), refused, refused),
        ("typ", json!("Logout"), refused, refused),
        (
            "events",
            json!({ "http://schemas.openid.net/event/backchannel-logout": {} }),
            refused,
            refused,
        ),
    ] {
        let token = with(claim, value.clone());
        assert_eq!(get(&with_audience, &token).await.0, with_expected, "{claim} {value}");
        assert_eq!(
            get(&without_audience, &token).await.0,
            without_expected,
            "{claim} {value}"
        );
    }
    let header = Header {
        typ: Some("logout+jwt".into()),
        ..key.header()
    };
    let logout = key.sign_with(header, &provider.claims("ada"));
    assert_eq!(get(&with_audience, &logout).await.0, refused);
}

#[tokio::test]
async fn untrusted_issuer_documents_are_not_used() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let token = |provider: &Provider| key.sign(&provider.claims("ada"));
    for (member, value) in [
        ("issuer", "https://another.example"),
        ("jwks_uri", "http://keys.example/keys"),
        ("jwks_uri", "file:///etc/passwd"),
        ("jwks_uri", "keys"),
    ] {
        let provider = Provider::start(&[&key]).await;
        provider.discover(member, value);
        let status = get(&server(&provider).await, &token(&provider)).await.0;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{member} {value}");
        assert_eq!(provider.fetches(), (1, 0), "{member} {value}");
    }

    let provider = Provider::start(&[&key]).await;
    provider.discover("jwks_uri", &format!("{}/moved", provider.issuer));
    let status = get(&server(&provider).await, &token(&provider)).await.0;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(provider.fetches(), (1, 0), "a redirect is not followed");

    let provider = Provider::start(&[&key]).await;
    provider.publish_raw(json!({ "kty": "unknown", "padding": "x".repeat(300 * 1024) }));
    let status = get(&server(&provider).await, &token(&provider)).await.0;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "more than 256 KiB");
}

#[tokio::test]
async fn keys_beyond_the_hundredth_are_ignored() {
    let first = SigningKey::rsa("first", Algorithm::RS256);
    let provider = Provider::start(&[&first]).await;
    for number in 0..100 {
        let mut key = SigningKey::p256("x").jwk();
        key["kid"] = json!(number.to_string());
        provider.publish_raw(key);
    }
    let server = server(&provider).await;
    assert_eq!(
        get(&server, &first.sign(&provider.claims("ada"))).await.0,
        StatusCode::OK
    );
    let known = SigningKey::p256("98").sign(&provider.claims("ada"));
    assert_eq!(get(&server, &known).await.0, StatusCode::OK);
    let ignored = SigningKey::p256("99").sign(&provider.claims("ada"));
    assert_eq!(get(&server, &ignored).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn cached_keys_stay_accepted_while_the_issuer_is_unavailable() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = TestServer::with([
        ("OIDC_ENABLED", "true"),
        ("OIDC_ISSUER_URL", &provider.issuer),
        ("OIDC_AUDIENCE", "lockstep-web"),
        ("OIDC_JWKS_CACHE_TTL_SECONDS", "1"),
        ("RATE_LIMIT_ENABLED", "false"),
    ])
    .await;
    let token = key.sign(&provider.claims("ada"));
    assert_eq!(get(&server, &token).await.0, StatusCode::OK);
    provider.set_down(true);
    let expired = async {
        while provider.fetches().0 == 1 {
            assert_eq!(get(&server, &token).await.0, StatusCode::OK);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(crate::support::PATIENCE, expired).await.unwrap();
    assert_eq!(
        get(&server, &token).await.0,
        StatusCode::OK,
        "accepted although the fetch failed"
    );
    assert_eq!(provider.fetches().0, 2, "keys are fetched once, not at every request");
    let unknown = SigningKey::other_rsa("unknown").sign(&provider.claims("ada"));
    assert_eq!(get(&server, &unknown).await.0, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn profile_values_are_bounded() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = server(&provider).await;
    let profile = async |claim: &str, value: &str| {
        let mut claims = provider.claims("ada");
        claims[claim] = json!(value);
        server.visitor("ada", &key.sign(&claims)).read("/v1/users/me").await
    };
    let name = profile("name", &"ñ".repeat(2_000)).await["display_name"].clone();
    assert_eq!(name, json!("ñ".repeat(500)), "truncated");
    let long = format!("https://pictures.example/{}", "x".repeat(2_048));
    for picture in [
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "//pictures.example/ada.png",
        "https://pictures.example/a b",
        "java\nscript:alert(1)",
        &long,
    ] {
        assert_eq!(
            profile("picture", picture).await["avatar_url"],
            Value::Null,
            "{picture}"
        );
    }
    let picture = "https://pictures.example/ada.png?size=64";
    assert_eq!(profile("picture", picture).await["avatar_url"], picture);

    // A user can be found by a verified address; one that is too long is ignored.
    let long = format!("{}@mail.test", "x".repeat(250));
    let mut claims = provider.claims("eve");
    for (claim, value) in [("email", json!(long)), ("email_verified", json!(true))] {
        claims[claim] = value;
    }
    let eve = server.visitor("eve", &key.sign(&claims));
    assert_eq!(eve.get("/v1/users/me").await.0, StatusCode::OK);
}

#[tokio::test]
async fn subject_with_control_characters_is_refused() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    let server = server(&provider).await;
    for char in [
        '\0', '\n', '\r', '\u{1b}', '\u{7f}', '\u{9b}', '\u{2028}', '\u{2029}', '\u{202e}', '\u{2066}',
    ] {
        let token = key.sign(&provider.claims(&format!("ada{char}eve")));
        let (status, body) = get(&server, &token).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{char:?}");
        assert_eq!(
            body,
            json!({ "detail": "Invalid token: its sub has control characters" })
        );
        let (code, _) = server.connect().token(&token).open().await.unwrap().closed().await;
        assert_eq!(code, 1008, "{char:?}");
    }
    let unusual = key.sign(&provider.claims("auth0|ñ \"<>\u{1f600}"));
    assert_eq!(get(&server, &unusual).await.0, StatusCode::OK);
}
