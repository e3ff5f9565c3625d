use super::*;
use crate::{
    auth::access_token::LIFETIME_SECONDS,
    config::{Config, JwtSecret, Vars},
    service::effects,
    store::testing,
};
use protocol::{id::UserId, rest::account::Credentials};
use std::net::IpAddr;
use uuid::Uuid;

const PASSWORD: &str = "correct horse";

fn client(address: &str) -> ClientAddress {
    address.parse::<IpAddr>().unwrap().into()
}

fn home() -> ClientAddress {
    client("127.0.0.1")
}

fn credentials(email: &str, password: &str) -> Credentials {
    Credentials {
        email: email.into(),
        password: password.into(),
        display_name: Some(" Ada ".into()),
        invitation: None,
    }
}

fn accounts_on(store: &Store, vars: &Vars) -> Accounts {
    let config = Config::from_vars(vars).unwrap();
    let secret = JwtSecret((1..=32).collect());
    Accounts::new(
        store.clone(),
        Keys {
            access: AccessTokens::new(&secret, None),
            refresh: RefreshKeys::new([&secret]),
        },
        AccountSettings {
            enabled: config.accounts_enabled,
            sign_ups: config.sign_ups,
        },
        effects::testing::publisher(store, &effects::testing::hub(store)),
        Limits::new(&config.limits).unwrap(),
    )
}

async fn accounts() -> (Accounts, testing::TestDatabase) {
    let (store, database) = testing::store().await;
    (accounts_on(&store, &Vars::from_pairs([])), database)
}

/// Ada's account and her first session.
async fn ada(accounts: &Accounts) -> SignedIn {
    let credentials = credentials("ada@example.com", PASSWORD);
    accounts.sign_up(credentials, home()).await.unwrap()
}

fn refusal<T: std::fmt::Debug>(result: Result<T, AccountError>) -> AccountRefusal {
    match result.unwrap_err() {
        AccountError::Refused(refusal) => refusal,
        error => panic!("{error}"),
    }
}

async fn execute(store: &Store, sql: &'static str, millis: i64) {
    let executed = store.writer().write(move |conn| {
        async move {
            sqlx::query(sql).bind(millis).execute(conn).await?;
            Ok::<_, StoreError>(())
        }
        .boxed()
    });
    executed.await.unwrap();
}

/// Makes all exchanged tokens older.
async fn pass(accounts: &Accounts, seconds: i64) {
    let sql = "UPDATE refresh_tokens SET used_at = used_at - $1 WHERE used_at IS NOT NULL";
    execute(&accounts.store, sql, seconds * 1000).await;
}

async fn refresh(accounts: &Accounts, token: &RefreshToken) -> Result<RefreshToken, AccountError> {
    let refreshed = accounts.refresh(token, home()).await?;
    Ok(refreshed.refresh)
}

#[tokio::test]
async fn an_account_signs_in_by_its_normalized_address() {
    let (accounts, _folder) = accounts().await;
    let credentials_of_ada = credentials(" Ada@Example.com ", PASSWORD);
    let first = accounts.sign_up(credentials_of_ada, home()).await.unwrap();
    assert_eq!(first.grant.user.email, "ada@example.com");
    assert_eq!(first.grant.user.name(), "Ada");
    let again = accounts
        .sign_in(credentials("ADA@example.com", PASSWORD), home())
        .await
        .unwrap();
    assert_eq!(again.grant.user, first.grant.user);
    assert_eq!(again.grant.expires_in, LIFETIME_SECONDS);
    let verified = accounts.keys.access.verify(&again.grant.access_token, clock::now());
    let verified = verified.unwrap();
    assert_eq!(verified.subject, first.grant.user.id.as_str());
    assert!(verified.session.is_some());

    let taken = accounts.sign_up(credentials("ada@example.com", "another one"), home());
    assert_eq!(refusal(taken.await), AccountRefusal::EmailTaken);
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_have_the_same_refusal() {
    let (accounts, _folder) = accounts().await;
    ada(&accounts).await;
    let long = format!("{}@example.com", "x".repeat(250_000));
    for (email, password) in [
        ("ada@example.com", "wrong horse"),
        ("eve@example.com", "wrong horse"),
        ("no address", "wrong horse"),
        (&long, "wrong horse"),
        ("ada@example.com", &"x".repeat(250_000)),
    ] {
        let refused = accounts.sign_in(credentials(email, password), home()).await;
        assert_eq!(refusal(refused), AccountRefusal::WrongCredentials);
    }
}

#[tokio::test]
async fn failures_delay_only_the_client_that_caused_them() {
    let (accounts, _folder) = accounts().await;
    ada(&accounts).await;
    let sign_in = async |from: &str, password: &str| {
        let credentials = credentials("ada@example.com", password);
        accounts.sign_in(credentials, client(from)).await
    };
    // Hashing may take longer than the first delays; each failure doubles the next one.
    let guess_until_delayed = async |addresses: &[&str]| {
        for (guesses, from) in addresses.iter().cycle().enumerate() {
            match refusal(sign_in(from, "guess").await) {
                AccountRefusal::WrongCredentials => assert!(guesses < 20, "never delayed"),
                AccountRefusal::TooManyAttempts { retry_after } => return (guesses, retry_after),
                other => panic!("{other}"),
            }
        }
        unreachable!("the addresses are repeated without end")
    };
    let (guesses, retry_after) = guess_until_delayed(&["198.51.100.1"]).await;
    assert!(guesses >= 5 && retry_after >= 1, "{guesses} guesses, {retry_after} s");
    assert!(sign_in("198.51.100.2", PASSWORD).await.is_ok());
    let one_network = ["2001:db8::1", "2001:db8::2", "2001:db8::3"];
    assert!(guess_until_delayed(&one_network).await.0 >= 5);
    assert!(sign_in("2001:db8:0:1::1", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn an_invalid_address_or_password_is_refused_with_its_field() {
    let (accounts, _folder) = accounts().await;
    for (email, password, wrong) in [
        ("nobody", PASSWORD, AccountRefusal::EmailInvalid),
        ("", PASSWORD, AccountRefusal::EmailInvalid),
        ("a@example.com", "short", AccountRefusal::PasswordTooShort),
        ("a@example.com", &"x".repeat(257), AccountRefusal::PasswordTooLong),
        ("a@example.com", "password", AccountRefusal::PasswordTooCommon),
        ("ada@example.com", "ada@example.com", AccountRefusal::PasswordTooCommon),
    ] {
        let refused = accounts.sign_up(credentials(email, password), home()).await;
        assert_eq!(refusal(refused), wrong, "{email}");
    }
}

#[tokio::test]
async fn a_token_exchanged_twice_within_the_grace_has_one_successor() {
    let (accounts, _folder) = accounts().await;
    let first = ada(&accounts).await.refresh;
    let second = refresh(&accounts, &first).await.unwrap();
    assert_ne!(second, first);
    assert_eq!(refresh(&accounts, &first).await.unwrap(), second);
    assert!(accounts.account(&first).await.unwrap().is_some());
    // Also if the successor was exchanged meanwhile: all requests get the current token.
    let third = refresh(&accounts, &second).await.unwrap();
    assert_eq!(refresh(&accounts, &first).await.unwrap(), third);
    assert_eq!(refresh(&accounts, &second).await.unwrap(), third);
}

#[tokio::test]
async fn a_token_used_after_the_grace_ends_the_session() {
    let (accounts, _folder) = accounts().await;
    let first = ada(&accounts).await.refresh;
    let second = refresh(&accounts, &first).await.unwrap();
    pass(&accounts, 31).await;
    assert!(accounts.account(&first).await.unwrap().is_none());
    assert_eq!(refusal(refresh(&accounts, &first).await), AccountRefusal::SignedOut);
    assert_eq!(refusal(refresh(&accounts, &second).await), AccountRefusal::SignedOut);
}

#[tokio::test]
async fn a_copy_used_within_the_grace_is_detected_at_its_next_use() {
    let (accounts, _folder) = accounts().await;
    let first = ada(&accounts).await.refresh;
    let (owners, thiefs) = (
        refresh(&accounts, &first).await.unwrap(),
        refresh(&accounts, &first).await.unwrap(),
    );
    let mut owners = refresh(&accounts, &owners).await.unwrap();
    for _ in 0..3 {
        pass(&accounts, 900).await;
        owners = refresh(&accounts, &owners).await.unwrap();
    }
    // The row of this token was deleted long ago, but its family is known.
    assert_eq!(refusal(refresh(&accounts, &thiefs).await), AccountRefusal::SignedOut);
    assert_eq!(refusal(refresh(&accounts, &owners).await), AccountRefusal::SignedOut);
}

#[tokio::test]
async fn exchanged_tokens_of_a_session_are_deleted() {
    let (accounts, _folder) = accounts().await;
    let mut token = ada(&accounts).await.refresh;
    for _ in 0..20 {
        pass(&accounts, 60).await;
        token = refresh(&accounts, &token).await.unwrap();
    }
    let count = accounts.store.query(async |conn| {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM refresh_tokens");
        Ok::<i64, StoreError>(count.fetch_one(conn).await?)
    });
    assert_eq!(count.await.unwrap(), 2, "the current one and its predecessor");
}

#[tokio::test]
async fn a_session_ends_90_days_after_its_sign_in_even_if_it_is_used() {
    let (accounts, _folder) = accounts().await;
    let token = ada(&accounts).await.refresh;
    let set_back = "UPDATE sessions SET created_at = created_at - $1";
    let minutes = 60_000;
    execute(&accounts.store, set_back, 90 * 24 * 60 * minutes - 5 * minutes).await;
    let last = accounts.refresh(&token, home()).await.unwrap();
    assert!(
        (200..=300).contains(&last.grant.expires_in),
        "{}",
        last.grant.expires_in
    );
    assert!((200..=300).contains(&last.max_age_seconds), "{}", last.max_age_seconds);
    execute(&accounts.store, set_back, 5 * minutes).await;
    assert!(accounts.account(&last.refresh).await.unwrap().is_none());
    assert_eq!(
        refusal(refresh(&accounts, &last.refresh).await),
        AccountRefusal::SignedOut
    );
}

#[tokio::test]
async fn a_session_of_an_older_release_continues_and_its_copies_are_detected() {
    let (accounts, _folder) = accounts().await;
    let user = ada(&accounts).await.grant.user;
    let old = RefreshToken::parse("0JmW5xg3-7c2KzN6c1T0mQ0JmW5xg3-7c2KzN6c1T0m").unwrap();
    let (id, now, hash) = (Uuid::now_v7(), clock::now(), old.hash());
    let stored = accounts.store.writer().write(move |conn| {
        async move {
            sessions::insert(conn, id, &user.id, None, now, now.plus_millis(1_000_000)).await?;
            sessions::insert_token(conn, &hash, id, false, now).await
        }
        .boxed()
    });
    stored.await.unwrap();
    assert!(accounts.account(&old).await.unwrap().is_some());
    let first = refresh(&accounts, &old).await.unwrap();
    assert_eq!(refresh(&accounts, &old).await.unwrap(), first);
    assert!(!first.is_of_older_release());
    let mut newest = first;
    for _ in 0..2 {
        pass(&accounts, 900).await;
        newest = refresh(&accounts, &newest).await.unwrap();
    }
    assert_eq!(refusal(refresh(&accounts, &old).await), AccountRefusal::SignedOut);
    assert_eq!(refusal(refresh(&accounts, &newest).await), AccountRefusal::SignedOut);
}

#[tokio::test]
async fn the_oldest_sessions_of_a_user_beyond_a_hundred_end() {
    let (accounts, _folder) = accounts().await;
    let first = ada(&accounts).await;
    let user: UserId = first.grant.user.id.clone();
    for _ in 0..100 {
        let user = user.clone();
        let begun = accounts.store.writer().write(move |conn| {
            async move {
                session::begin(conn, &user, clock::now())
                    .await
                    .map(|begun| begun.evictions)
            }
            .boxed()
        });
        begun.await.unwrap();
    }
    assert!(accounts.account(&first.refresh).await.unwrap().is_none());
    let left = accounts.store.query(async |conn| sessions::of_user(conn, &user).await);
    assert_eq!(left.await.unwrap().len(), 100);
}

#[tokio::test]
async fn sign_out_ends_the_session() {
    let (accounts, _folder) = accounts().await;
    let token = ada(&accounts).await.refresh;
    accounts.sign_out(&token).await.unwrap();
    assert!(accounts.account(&token).await.unwrap().is_none());
    accounts.sign_out(&token).await.unwrap();
}

#[tokio::test]
async fn all_methods_are_refused_when_accounts_are_disabled() {
    let (enabled, _folder) = accounts().await;
    let token = ada(&enabled).await.refresh;
    let disabled = accounts_on(&enabled.store, &Vars::from_pairs([("ACCOUNTS_ENABLED", "false")]));
    let of_ada = || credentials("ada@example.com", PASSWORD);
    assert!(disabled.account(&token).await.unwrap().is_none());
    for refused in [
        refusal(disabled.sign_up(of_ada(), home()).await),
        refusal(disabled.sign_in(of_ada(), home()).await),
        refusal(disabled.refresh(&token, home()).await),
        refusal(disabled.sign_out(&token).await),
    ] {
        assert_eq!(refused, AccountRefusal::Disabled);
    }
    assert_eq!(disabled.sign_ups(), SignUps::Closed);
    disabled.end_all_sessions().await.unwrap();
    assert!(enabled.account(&token).await.unwrap().is_none());
}

#[tokio::test]
async fn an_invitation_is_valid_for_one_account() {
    let (store, _folder) = testing::store().await;
    let accounts = accounts_on(&store, &Vars::from_pairs([("SIGNUPS", "invite")]));
    let code = invite(&store, 1).await.unwrap().code().to_owned();
    let sign_up = async |name: &str, invitation: Option<&str>| {
        let mut credentials = credentials(&format!("{name}@example.com"), PASSWORD);
        credentials.invitation = invitation.map(str::to_owned);
        accounts.sign_up(credentials, home()).await
    };
    for wrong in [None, Some(""), Some("made-up"), Some(&*"x".repeat(100_000))] {
        assert_eq!(refusal(sign_up("ada", wrong).await), AccountRefusal::InvitationInvalid);
    }
    let (ada, eve) = tokio::join!(sign_up("ada", Some(&code)), sign_up("eve", Some(&code)));
    let (used, refused) = if ada.is_ok() { (ada, eve) } else { (eve, ada) };
    assert!(used.is_ok());
    assert_eq!(refusal(refused), AccountRefusal::InvitationInvalid);

    // A failed sign-up does not use the invitation, and an expired one is refused.
    let second = invite(&store, 1).await.unwrap().code().to_owned();
    let taken = used.unwrap().grant.user.email.replace("@example.com", "");
    assert_eq!(
        refusal(sign_up(&taken, Some(&second)).await),
        AccountRefusal::EmailTaken
    );
    execute(
        &store,
        "UPDATE invitations SET expires_at = expires_at - $1",
        86_400_001,
    )
    .await;
    assert_eq!(
        refusal(sign_up("ben", Some(&second)).await),
        AccountRefusal::InvitationInvalid
    );
    execute(
        &store,
        "UPDATE invitations SET expires_at = expires_at + $1",
        86_400_001,
    )
    .await;
    assert!(sign_up("ben", Some(&second)).await.is_ok());
}

#[tokio::test]
async fn sign_ups_are_limited_by_client_and_a_taken_address_counts() {
    let (store, _folder) = testing::store().await;
    let accounts = accounts_on(&store, &Vars::from_pairs([("SIGNUPS_PER_HOUR", "3")]));
    let sign_up = async |name: &str, from: &str| {
        let credentials = credentials(&format!("{name}@example.com"), PASSWORD);
        accounts.sign_up(credentials, client(from)).await
    };
    sign_up("ada", "198.51.100.1").await.unwrap();
    assert_eq!(
        refusal(sign_up("ada", "198.51.100.1").await),
        AccountRefusal::EmailTaken
    );
    assert_eq!(
        refusal(sign_up("ada", "198.51.100.1").await),
        AccountRefusal::EmailTaken
    );
    let limited = refusal(sign_up("eve", "198.51.100.1").await);
    assert!(matches!(
        limited,
        AccountRefusal::TooManySignUps { retry_after: 1..=3600 }
    ));
    sign_up("eve", "198.51.100.2").await.unwrap();
}

#[tokio::test]
async fn refreshes_of_a_session_are_limited() {
    let (accounts, _folder) = accounts().await;
    let token = ada(&accounts).await.refresh;
    let mut refused = None;
    for _ in 0..61 {
        refused = accounts.refresh(&token, home()).await.err();
    }
    let limited = refusal(Err::<(), _>(refused.unwrap()));
    assert!(matches!(limited, AccountRefusal::TooManyRequests { .. }));
}
