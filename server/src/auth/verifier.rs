//! Verifies tokens, each with the keys of its issuer.

use super::{
    access_token::{AccessTokens, ISSUER},
    header::Header,
    identity::{Identity, TokenError, VerifiedToken},
    oidc::Oidc,
    subjects::Subjects,
};
use crate::{clock, service::sessions::Sessions};
use jsonwebtoken::dangerous::insecure_decode_claims;
use serde::Deserialize;
use std::sync::Arc;

/// The maximum number of characters of an unknown issuer that are repeated to the client.
const EXCERPT_CHARS: usize = 200;

/// The issuers that this server accepts.
#[derive(Clone)]
pub struct Verifier {
    built_in: Option<(AccessTokens, Sessions)>,
    oidc: Option<Arc<Oidc>>,
    /// [`ISSUER`], shared with the keys of the user cache.
    own_issuer: Arc<str>,
    subjects: Subjects,
}

#[derive(Deserialize)]
struct Unverified {
    iss: Option<String>,
}

impl Verifier {
    /// With the keys and sessions of the built-in accounts, if they are enabled, and an OIDC issuer, if one is
    /// configured; `subjects` maps pairs of issuer and subject to users.
    pub fn new(built_in: Option<(AccessTokens, Sessions)>, oidc: Option<Oidc>, subjects: Subjects) -> Self {
        Self {
            built_in,
            oidc: oidc.map(Arc::new),
            own_issuer: ISSUER.into(),
            subjects,
        }
    }

    /// Verifies a token and returns its user. All claims are checked with the keys of the issuer that the token names.
    ///
    /// # Errors
    /// [`TokenError`]; [`TokenError::Unavailable`] also when the user cannot be looked up.
    pub async fn verify(&self, token: &str) -> Result<Identity, TokenError> {
        let unverified: Unverified =
            insecure_decode_claims(token).map_err(|_| TokenError::Invalid("it is not a JWT"))?;
        let issuer = unverified.iss.unwrap_or_default();
        let header = Header::parse(token)?;
        let (issuer, verified) = match (&self.built_in, &self.oidc) {
            (Some((tokens, _)), _) if issuer == ISSUER => (&self.own_issuer, tokens.verify(token, clock::now())?),
            (_, Some(oidc)) if issuer == **oidc.issuer() => {
                let verified = oidc.verify(token, &header).await?;
                // Its `sid` is a session of that issuer, not of this server.
                let verified = VerifiedToken {
                    session: None,
                    ..verified
                };
                (oidc.issuer(), verified)
            }
            _ => return Err(TokenError::Issuer(issuer.chars().take(EXCERPT_CHARS).collect())),
        };
        if let (Some((_, sessions)), Some(session)) = (&self.built_in, verified.session) {
            sessions.check(session).await?;
        }
        let user = self.subjects.user(issuer, &verified.subject).await.map_err(|error| {
            tracing::error!(%error, "a token's user cannot be looked up");
            TokenError::Unavailable
        })?;
        Ok(Identity {
            user,
            expires_at: verified.expires_at,
            profile: verified.profile,
            session: verified.session,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        auth::access_token::{LIFETIME_SECONDS, Session},
        config::JwtSecret,
        service::effects,
        store::testing,
    };
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
    use protocol::rest::account::Account;
    use serde_json::{Value, json};
    use uuid::Uuid;

    fn tokens() -> AccessTokens {
        AccessTokens::new(&JwtSecret(vec![7; 32]), Some(&JwtSecret(vec![6; 32])))
    }

    async fn verify_with(built_in: Option<(AccessTokens, Sessions)>, token: &str) -> Result<Identity, TokenError> {
        let (store, _folder) = testing::store().await;
        Verifier::new(built_in, None, Subjects::new(store)).verify(token).await
    }

    async fn verify(token: &str) -> Result<Identity, TokenError> {
        let (store, _folder) = testing::store().await;
        let hub = effects::testing::hub(&store);
        let sessions = Sessions::new(store, hub);
        verify_with(Some((tokens(), sessions)), token).await
    }

    fn session() -> Session {
        Session {
            id: Uuid::now_v7(),
            ends_at: clock::now().plus_millis(86_400_000),
        }
    }

    fn account() -> Account {
        Account {
            id: "ada".into(),
            email: "ada@example.com".into(),
            display_name: Some("Ada".into()),
        }
    }

    fn signed(header: &Header, claims: &Value) -> String {
        encode(header, claims, &EncodingKey::from_secret(&[7; 32])).unwrap()
    }

    #[test]
    fn a_token_is_accepted_until_it_expires() {
        let (now, session) = (clock::now(), session());
        let (token, expires_in) = tokens().issue(&account(), &session, now).unwrap();
        assert_eq!(expires_in, LIFETIME_SECONDS);
        let identity = tokens().verify(&token, now).unwrap();
        assert_eq!(
            (
                identity.subject.as_str(),
                identity.profile.display_name.as_deref(),
                identity.session
            ),
            (account().id.as_str(), Some("Ada"), Some(session.id))
        );
        assert!((899_000..=900_000).contains(&identity.expires_at.millis_since(now)));
        let later = now.plus_millis(LIFETIME_SECONDS * 1000);
        assert_eq!(tokens().verify(&token, later), Err(TokenError::Expired));
    }

    #[tokio::test]
    async fn a_token_of_an_ended_session_is_refused() {
        let (token, _) = tokens().issue(&account(), &session(), clock::now()).unwrap();
        let ended = TokenError::Invalid("its session has ended");
        assert_eq!(verify(&token).await, Err(ended));
    }

    #[tokio::test]
    async fn a_token_signed_with_the_previous_secret_is_accepted() {
        let exp = clock::now().millis() / 1000 + 60;
        let claims = json!({"iss": "lockstep", "sub": "ada", "iat": 1, "exp": exp});
        let signed_by = |byte: u8| {
            let key = EncodingKey::from_secret(&[byte; 32]);
            encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap()
        };
        assert!(verify(&signed_by(7)).await.is_ok());
        assert!(verify(&signed_by(6)).await.is_ok());
        assert!(verify(&signed_by(5)).await.is_err());
        let (issued, _) = tokens().issue(&account(), &session(), clock::now()).unwrap();
        let current_only = AccessTokens::new(&JwtSecret(vec![7; 32]), None);
        assert!(current_only.verify(&issued, clock::now()).is_ok());
    }

    #[tokio::test]
    async fn invalid_tokens_are_refused_with_their_reason() {
        let header = Header::new(Algorithm::HS256);
        let exp = clock::now().millis() / 1000 + 60;
        let good = json!({"iss": "lockstep", "sub": "ada", "iat": 1, "exp": exp});
        assert!(verify(&signed(&header, &good)).await.is_ok());

        let with = async |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            verify(&signed(&header, &claims)).await.unwrap_err()
        };
        assert_eq!(
            with("iss", json!("https://elsewhere")).await.to_string(),
            "Invalid issuer: https://elsewhere"
        );
        assert_eq!(with("sub", Value::Null).await, TokenError::NoSubject);
        assert_eq!(with("sub", json!("")).await, TokenError::NoSubject);
        assert_eq!(with("exp", json!(1)).await, TokenError::Expired);
        for (name, value) in [
            ("exp", Value::Null),
            ("nbf", json!(exp)),
            ("iat", json!(exp)),
            ("sub", json!(7)),
            ("sub", json!("x".repeat(256))),
        ] {
            assert!(matches!(with(name, value).await, TokenError::Invalid(_)), "{name}");
        }

        let critical = Header {
            crit: Some(vec!["exp".into()]),
            ..header.clone()
        };
        assert!(matches!(
            verify(&signed(&critical, &good)).await,
            Err(TokenError::Invalid(_))
        ));

        let other_key = encode(&header, &good, &EncodingKey::from_secret(&[8; 32])).unwrap();
        let other_algorithm = signed(&Header::new(Algorithm::HS512), &good);
        let [none, body] =
            [json!({"alg": "none", "typ": "JWT"}), good.clone()].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        for token in [
            &other_key,
            &other_algorithm,
            &format!("{none}.{body}."),
            "",
            "a.b.c",
            "x",
        ] {
            let refused = verify(token).await.unwrap_err();
            assert!(matches!(refused, TokenError::Invalid(_)), "{token}: {refused}");
        }
    }

    #[tokio::test]
    async fn built_in_tokens_are_refused_when_accounts_are_disabled() {
        let (token, _) = tokens().issue(&account(), &session(), clock::now()).unwrap();
        let refused = verify_with(None, &token).await;
        assert_eq!(refused, Err(TokenError::Issuer("lockstep".into())));
    }
}
