//! Tokens of an OIDC issuer: which are taken, and how the others are told.

use crate::support::{Provider, SigningKey, TestServer, create, p521};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use protocol::wire::{Body, Command, ErrorCode, Secret};
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
        "the keys are fetched at the first token, and kept"
    );
}

#[tokio::test]
async fn es512_signs_in_as_well() {
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
async fn built_in_accounts_go_on_beside_an_issuer() {
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
async fn what_is_wrong_with_a_token_is_told_over_rest_and_as_1008() {
    let key = SigningKey::rsa("a", Algorithm::RS256);
    let provider = Provider::start(&[&key]).await;
    // An HMAC key that is published is no secret.
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
        let told = body["detail"].as_str().unwrap();
        assert!(told.starts_with(detail), "{told} / {detail}");
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
async fn the_scheme_word_is_matched_in_any_case_and_nothing_else_is() {
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
async fn many_tokens_at_once_fetch_the_keys_once() {
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
async fn a_new_key_is_looked_for_but_not_again_and_again() {
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
    // Somebody who makes keys up cannot make us hammer the issuer.
    for kid in ["x", "y", "z"] {
        let made_up = SigningKey::other_rsa(kid).sign(&provider.claims("ada"));
        assert_eq!(get(&server, &made_up).await.0, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(provider.fetches(), (1, 2));
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_no_fault_of_the_token() {
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
    // It is asked again after a moment.
    let recovered = async {
        while get(&server, &token).await.0 != StatusCode::OK {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(crate::support::PATIENCE, recovered).await.unwrap();
}

#[tokio::test]
async fn an_open_connection_ends_with_its_token_unless_it_is_renewed() {
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
