//! `/v1/users/me/preferences`

use crate::{
    changes::{next_kinds, told},
    support::TestServer,
};
use protocol::{preferences::Preferences, timers::DataKind};
use reqwest::StatusCode;
use serde_json::{Value, json};

const PATH: &str = "/v1/users/me/preferences";

/// `before` with some members replaced.
fn with(before: &Value, changes: &Value) -> Value {
    let mut after = before.clone();
    for (name, value) in changes.as_object().unwrap() {
        after[name] = value.clone();
    }
    after
}

#[tokio::test]
async fn preferences_have_defaults_and_each_is_set_and_cleared_alone() {
    let server = TestServer::unlimited().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let defaults = json!(Preferences::default());
    assert_eq!(ada.read(PATH).await, defaults);
    let mut expected = defaults.clone();
    for changes in [
        json!({ "language": "ko" }),
        json!({ "theme": "dark", "sound": false }),
        json!({ "time_zone": "America/Argentina/Buenos_Aires" }),
        json!({ "week_start": "saturday" }),
        json!({ "hour_cycle": 12 }),
        json!({ "default_minutes": 525_600, "notifications": true }),
        json!({ "default_minutes": 1, "hour_cycle": 24, "language": "en" }),
        json!({}),
        json!({ "theme": null, "week_start": null, "time_zone": null, "hour_cycle": null, "language": null }),
    ] {
        expected = with(&expected, &changes);
        assert_eq!(ada.patch(PATH, changes).await, (StatusCode::OK, expected.clone()));
        assert_eq!(ada.read(PATH).await, expected);
    }
    let ignored = json!({ "default_minutes": null, "sound": null, "notifications": null, "unknown": 1 });
    assert_eq!(
        ada.patch(PATH, ignored).await,
        (StatusCode::OK, expected),
        "null is ignored where it is not possible"
    );
    assert_eq!(eve.read(PATH).await, defaults);
}

#[tokio::test]
async fn invalid_values_are_refused_with_all_others_of_the_request() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    for (member, values) in [
        ("language", vec![json!("de"), json!("EN"), json!(""), json!(1)]),
        ("theme", vec![json!("sepia"), json!(true)]),
        (
            "time_zone",
            vec![json!("asia/seoul"), json!("+09:00"), json!(""), json!(9), json!("x\0")],
        ),
        ("week_start", vec![json!("tuesday"), json!(0)]),
        ("hour_cycle", vec![json!(13), json!("24"), json!(-12), json!(12.5)]),
        (
            "default_minutes",
            vec![
                json!(0),
                json!(525_601),
                json!(-1),
                json!(1.5),
                json!("25"),
                json!(i64::MAX),
            ],
        ),
        ("sound", vec![json!("true"), json!(1)]),
        ("notifications", vec![json!("no"), json!([])]),
    ] {
        for value in values {
            let mut changes = json!({ "sound": false, "theme": "dark" });
            changes[member] = value;
            let (status, body) = ada.patch(PATH, changes.clone()).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{changes}: {body}");
            assert_eq!(body["detail"][0]["loc"], json!(["body", member]), "{changes}");
            assert_eq!(ada.read(PATH).await, json!(Preferences::default()), "{changes}");
        }
    }
}

#[tokio::test]
async fn pages_are_told_once_of_changed_preferences() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (mut page, mut plain) = (told(&ada).live().await, ada.connect().live().await);
    ada.patch(PATH, json!({ "theme": "dark" })).await;
    assert_eq!(next_kinds(&mut page).await, [DataKind::Preferences]);
    for same in [json!({}), json!({ "theme": "dark" }), json!({ "theme": "none" })] {
        ada.patch(PATH, same).await;
    }
    page.is_silent().await;
    plain.is_silent().await;
}
