//! A client with valid and invalid tokens of an OIDC issuer.

use super::secrets::Secrets;
use crate::support::{Connect, Provider, SigningKey};
use jsonwebtoken::Algorithm;
use protocol::timers::{Body, Command, Secret};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

/// Uses REST, WebSockets and token renewal, while the issuer is available and while it is not.
pub async fn visit(address: &str, provider: &Provider, key: &SigningKey, secrets: &mut Secrets) {
    let changed = |name: &str, value: Value| {
        let mut claims = provider.claims("somebody");
        claims[name] = value;
        key.sign(&claims)
    };
    let valid = changed("jti", json!("first"));
    let tokens = [
        (valid.clone(), true),
        (changed("jti", json!("second")), true),
        (changed("exp", json!(1_000_000_000)), false),
        (changed("aud", json!("another-service")), false),
        (changed("iss", json!("https://another.example")), false),
        (changed("sub", json!("")), false),
        (SigningKey::other_rsa("oidc").sign(&provider.claims("somebody")), false),
        (
            SigningKey::rsa("unknown", Algorithm::RS256).sign(&provider.claims("somebody")),
            false,
        ),
    ];
    for (token, is_valid) in &tokens {
        secrets.add_token(token);
        let request = Client::new()
            .get(format!("http://{address}/v1/timers"))
            .bearer_auth(token);
        assert_eq!(
            request.send().await.unwrap().status() == StatusCode::OK,
            *is_valid,
            "{token}"
        );
        let mut client = Connect::to(address).token(token).open().await.unwrap();
        if *is_valid {
            assert!(matches!(client.next().await.body, Body::Connected { .. }));
        } else {
            assert_eq!(client.closed().await.0, 1008, "{token}");
        }
        let mut client = Connect::to(address).token(&valid).live().await;
        client
            .send(Command::Renew {
                token: Secret(token.clone()),
            })
            .await;
        assert_eq!(
            matches!(client.next().await.body, Body::Renewed { .. }),
            *is_valid,
            "{token}"
        );
    }
    // An unknown key has to be fetched, and the issuer is down.
    provider.set_down(true);
    let token = SigningKey::rsa("later", Algorithm::RS256).sign(&provider.claims("somebody"));
    secrets.add_token(&token);
    let request = Client::new()
        .get(format!("http://{address}/v1/timers"))
        .bearer_auth(&token);
    assert_ne!(request.send().await.unwrap().status(), StatusCode::OK);
}
