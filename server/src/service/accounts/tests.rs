use super::*;
use crate::{config::JwtSecret, store::testing};

const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn credentials(email: &str, password: &str) -> Credentials {
    Credentials {
        email: email.into(),
        password: password.into(),
        display_name: Some(" Ada ".into()),
    }
}

async fn accounts() -> (Accounts, testing::TestDatabase) {
    let (store, database) = testing::store().await;
    (
        Accounts::new(store, AccessTokens::new(&JwtSecret(vec![1; 32])), true),
        database,
    )
}

#[tokio::test]
async fn somebody_signs_up_and_signs_in_again() {
    let (accounts, _folder) = accounts().await;
    let first = accounts
        .sign_up(credentials(" Ada@Example.com ", "correct horse"))
        .await
        .unwrap();
    assert_eq!(first.grant.user.email, "ada@example.com");
    assert_eq!(first.grant.user.name(), "Ada");
    let again = accounts
        .sign_in(credentials("ADA@example.com", "correct horse"), HOME)
        .await
        .unwrap();
    assert_eq!(again.grant.user, first.grant.user);
    assert_eq!(
        accounts
            .tokens
            .verify(&again.grant.access_token, clock::now())
            .unwrap()
            .subject,
        first.grant.user.id.as_str()
    );

    let taken = accounts
        .sign_up(credentials("ada@example.com", "another one"))
        .await
        .unwrap_err();
    assert!(matches!(taken, AccountError::EmailTaken));
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_sound_the_same() {
    let (accounts, _folder) = accounts().await;
    accounts
        .sign_up(credentials("ada@example.com", "correct horse"))
        .await
        .unwrap();
    let wrong = accounts
        .sign_in(credentials("ada@example.com", "wrong horse"), HOME)
        .await
        .unwrap_err();
    let unknown = accounts
        .sign_in(credentials("eve@example.com", "wrong horse"), HOME)
        .await
        .unwrap_err();
    assert_eq!(wrong.to_string(), unknown.to_string());
    assert!(matches!(wrong, AccountError::WrongCredentials));
}

#[tokio::test]
async fn guessing_ends_soon_even_with_the_right_password() {
    let (accounts, _folder) = accounts().await;
    accounts
        .sign_up(credentials("ada@example.com", "correct horse"))
        .await
        .unwrap();
    for _ in 0..10 {
        let wrong = accounts
            .sign_in(credentials("ada@example.com", "guess"), HOME)
            .await
            .unwrap_err();
        assert!(matches!(wrong, AccountError::WrongCredentials));
    }
    let late = accounts
        .sign_in(credentials("ada@example.com", "correct horse"), HOME)
        .await
        .unwrap_err();
    assert!(matches!(late, AccountError::TooManyAttempts));
}

#[tokio::test]
async fn what_cannot_be_an_account_is_named() {
    let (accounts, _folder) = accounts().await;
    for (email, password, wrong) in [
        ("nobody", "correct horse", "email"),
        ("", "correct horse", "email"),
        ("a@example.com", "short", "password"),
    ] {
        let refused = accounts.sign_up(credentials(email, password)).await.unwrap_err();
        assert!(
            matches!(refused, AccountError::Invalid { field, .. } if field == wrong),
            "{email}"
        );
    }
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_and_an_old_copy_ends_the_session() {
    let (accounts, _folder) = accounts().await;
    let first = accounts
        .sign_up(credentials("ada@example.com", "correct horse"))
        .await
        .unwrap()
        .refresh;
    let second = accounts.refresh(&first).await.unwrap().refresh;
    assert!(second != first && accounts.account(&second).await.unwrap().is_some());

    // Two tabs at once: the first token is good for a moment longer, and its successors all are.
    let sibling = accounts.refresh(&first).await.unwrap().refresh;
    assert!(accounts.refresh(&sibling).await.is_ok());

    // A minute later it can only be a copy.
    let hash = first.hash();
    let aged = clock::now().plus_millis(-60_000).millis();
    accounts
        .store
        .writer()
        .write(move |conn| {
            async move {
                let sql = "UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1";
                sqlx::query(sql).bind(hash).bind(aged).execute(conn).await?;
                Ok::<_, StoreError>(())
            }
            .boxed()
        })
        .await
        .unwrap();
    assert!(accounts.account(&first).await.unwrap().is_none());
    assert!(matches!(accounts.refresh(&first).await, Err(AccountError::SignedOut)));
    assert!(
        matches!(accounts.refresh(&second).await, Err(AccountError::SignedOut)),
        "the whole session is over"
    );
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let (accounts, _folder) = accounts().await;
    let refresh = accounts
        .sign_up(credentials("ada@example.com", "correct horse"))
        .await
        .unwrap()
        .refresh;
    accounts.sign_out(&refresh).await.unwrap();
    assert!(accounts.account(&refresh).await.unwrap().is_none());
    accounts.sign_out(&refresh).await.unwrap();
}
