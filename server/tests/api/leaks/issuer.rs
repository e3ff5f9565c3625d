//! Somebody with tokens of an OIDC issuer, good ones and bad ones.

use super::secrets::Secrets;
use crate::support::{Connect, Provider, SigningKey};
use jsonwebtoken::Algorithm;
use protocol::timers::{Body, Command, Secret};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

/// REST, WebSockets and renewing, while the issuer is there and while it is not.
pub async fn visit(address: &str, provider: &Provider, key: &SigningKey, secrets: &mut Secrets) {
    let changed = |name: &str, value: Value| {
        let mut claims = provider.claims("somebody");
        claims[name] = value;
        key.sign(&claims)
    };
    let good = changed("jti", json!("first"));
    let tokens = [
        (good.clone(), true),
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
    for (token, is_good) in &tokens {
        secrets.add_token(token);
        let request = Client::new()
            .get(format!("http://{address}/v1/timers"))
            .bearer_auth(token);
        assert_eq!(
            request.send().await.unwrap().status() == StatusCode::OK,
            *is_good,
            "{token}"
        );
        let mut client = Connect::to(address).token(token).open().await.unwrap();
        if *is_good {
            assert!(matches!(client.next().await.body, Body::Connected { .. }));
        } else {
            assert_eq!(client.closed().await.0, 1008, "{token}");
        }
        let mut client = Connect::to(address).token(&good).live().await;
        client
            .send(Command::Renew {
                token: Secret(token.clone()),
            })
            .await;
        assert_eq!(
            matches!(client.next().await.body, Body::Renewed { .. }),
            *is_good,
            "{token}"
        );
    }
    // A key that is not known has to be asked for, and nobody answers.
    provider.set_down(true);
    let token = SigningKey::rsa("later", Algorithm::RS256).sign(&provider.claims("somebody"));
    secrets.add_token(&token);
    let request = Client::new()
        .get(format!("http://{address}/v1/timers"))
        .bearer_auth(&token);
    assert_ne!(request.send().await.unwrap().status(), StatusCode::OK);
}
