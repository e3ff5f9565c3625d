//! What operators read of the hub.

use crate::support::{PATIENCE, TestServer, create};
use reqwest::{Method, StatusCode};
use tokio::time::timeout;

async fn figures(server: &TestServer, token: Option<&str>) -> (StatusCode, String) {
    let mut request = server.request(Method::GET, "/metrics");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

#[tokio::test]
async fn connections_messages_and_closes_are_counted() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (mut desk, mut phone) = (ada.connect().live().await, ada.connect().live().await);
    desk.change(create("Tea")).await;
    phone.next_timer().await;
    let stranger = server.connect().open().await.unwrap().closed().await;
    assert_eq!(stranger.0, 1008);
    let (status, text) = figures(&server, None).await;
    assert_eq!(status, StatusCode::OK);
    for line in [
        "lockstep_connections 2",
        "lockstep_messages_in_total 1",
        // `connected` and a sync to each, then the timer to each.
        "lockstep_messages_out_total 6",
        "lockstep_outbox_overflows_total 0",
        "lockstep_handler_seconds_count 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}:\n{text}");
    }
    desk.leave().await;
    phone.cut();
    // When the last one is gone is up to the server.
    let counted = [
        r#"lockstep_closes_total{by="server",code="1008"} 1"#,
        r#"lockstep_closes_total{by="client",code="1005"} 1"#,
        r#"lockstep_closes_total{by="client",code="1006"} 1"#,
    ];
    let all_counted = async {
        loop {
            let (_, text) = figures(&server, None).await;
            if counted.iter().all(|line| text.lines().any(|found| found == *line)) {
                break;
            }
        }
    };
    timeout(PATIENCE, all_counted).await.expect("every close to be counted");
}

#[tokio::test]
async fn outside_development_they_are_for_who_brings_the_token() {
    let secret = "a secret that is long enough for HS256";
    let open = TestServer::with([("ENVIRONMENT", "production"), ("JWT_SECRET", secret)]).await;
    assert_eq!(figures(&open, None).await.0, StatusCode::NOT_FOUND);
    let vars = [
        ("ENVIRONMENT", "production"),
        ("JWT_SECRET", secret),
        ("METRICS_TOKEN", "for the scraper"),
    ];
    let server = TestServer::with(vars).await;
    assert_eq!(figures(&server, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(figures(&server, Some("a guess")).await.0, StatusCode::NOT_FOUND);
    let (status, text) = figures(&server, Some("for the scraper")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("# TYPE lockstep_connections gauge"));
}
