//! The one place that says whether a token is good: each issuer's are verified by that issuer's keys.

use super::{
    access_token::{AccessTokens, ISSUER},
    header::Header,
    identity::{Identity, TokenError},
    oidc::Oidc,
    subjects::Subjects,
};
use crate::clock;
use jsonwebtoken::dangerous::insecure_decode_claims;
use serde::Deserialize;
use std::sync::Arc;

/// The longest issuer that is repeated to whoever sent it, in characters.
const SHOWN_CHARS: usize = 200;

/// The issuers that this server accepts.
#[derive(Clone)]
pub struct Verifier {
    built_in: Option<AccessTokens>,
    oidc: Option<Arc<Oidc>>,
    /// [`ISSUER`].
    own_issuer: Arc<str>,
    subjects: Subjects,
}

#[derive(Deserialize)]
struct Unverified {
    iss: Option<String>,
}

impl Verifier {
    /// With the built-in accounts' keys, where there are such accounts, and an OIDC issuer, where there is one; `subjects`
    /// says who their users are.
    pub fn new(built_in: Option<AccessTokens>, oidc: Option<Oidc>, subjects: Subjects) -> Self {
        Self {
            built_in,
            oidc: oidc.map(Arc::new),
            own_issuer: ISSUER.into(),
            subjects,
        }
    }

    /// Whose token it is. Every claim is checked against the keys of the issuer that it names.
    ///
    /// # Errors
    /// [`TokenError`]; [`TokenError::Unavailable`] also where the user cannot be looked up.
    pub async fn verify(&self, token: &str) -> Result<Identity, TokenError> {
        let unverified: Unverified =
            insecure_decode_claims(token).map_err(|_| TokenError::Invalid("it is not a JWT"))?;
        let issuer = unverified.iss.unwrap_or_default();
        let header = Header::of(token)?;
        let (issuer, verified) = match (&self.built_in, &self.oidc) {
            (Some(tokens), _) if issuer == ISSUER => (&self.own_issuer, tokens.verify(token, clock::now())?),
            (_, Some(oidc)) if issuer == **oidc.issuer() => (oidc.issuer(), oidc.verify(token, &header).await?),
            _ => return Err(TokenError::Issuer(issuer.chars().take(SHOWN_CHARS).collect())),
        };
        let user = self.subjects.user(issuer, &verified.subject).await.map_err(|error| {
            tracing::error!(%error, "a token's user cannot be looked up");
            TokenError::Unavailable
        })?;
        Ok(Identity {
            user,
            expires_at: verified.expires_at,
            profile: verified.profile,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{auth::access_token::LIFETIME_SECONDS, config::JwtSecret, store::testing};
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
    use protocol::account::Account;
    use serde_json::{Value, json};

    fn tokens() -> AccessTokens {
        AccessTokens::new(&JwtSecret(vec![7; 32]))
    }

    async fn verify_with(built_in: Option<AccessTokens>, token: &str) -> Result<Identity, TokenError> {
        let (store, _folder) = testing::store().await;
        Verifier::new(built_in, None, Subjects::new(store)).verify(token).await
    }

    async fn verify(token: &str) -> Result<Identity, TokenError> {
        verify_with(Some(tokens()), token).await
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

    #[tokio::test]
    async fn a_token_speaks_for_its_account_until_it_expires() {
        let now = clock::now();
        let identity = verify(&tokens().issue(&account(), now).unwrap()).await.unwrap();
        assert_eq!(
            (identity.user, identity.profile.display_name.as_deref()),
            (account().id, Some("Ada"))
        );
        assert!((899_000..=900_000).contains(&identity.expires_at.millis_since(now)));
        let old = now.plus_millis(-LIFETIME_SECONDS * 1000);
        assert_eq!(
            verify(&tokens().issue(&account(), old).unwrap()).await,
            Err(TokenError::Expired)
        );
    }

    #[tokio::test]
    async fn every_other_token_is_refused_with_its_reason() {
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
    async fn without_accounts_of_its_own_a_servers_old_tokens_are_a_strangers() {
        let token = tokens().issue(&account(), clock::now()).unwrap();
        let refused = verify_with(None, &token).await;
        assert_eq!(refused, Err(TokenError::Issuer("lockstep".into())));
    }
}
