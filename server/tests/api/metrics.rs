//! The `/metrics` endpoint: connections, the store, requests and jobs.

use crate::support::{PATIENCE, TestServer, create};
use reqwest::{Method, StatusCode};
use tokio::time::timeout;

async fn metrics(server: &TestServer, token: Option<&str>) -> (StatusCode, String) {
    let mut request = server.request(Method::GET, "/metrics");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

#[tokio::test]
async fn metrics_count_connections_messages_and_closes() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (mut desk, mut phone) = (ada.connect().live().await, ada.connect().live().await);
    desk.change(create("Tea")).await;
    phone.next_timer().await;
    let stranger = server.connect().open().await.unwrap().closed().await;
    assert_eq!(stranger.0, 1008);
    let (status, text) = metrics(&server, None).await;
    assert_eq!(status, StatusCode::OK);
    for line in [
        "lockstep_connections 2",
        "lockstep_messages_in_total 1",
        // `connected` and a sync to each, then the timer to each.
        "lockstep_messages_out_total 6",
        "lockstep_outbox_overflows_total 0",
        "lockstep_handler_seconds_count 1",
    ] {
        assert!(text.lines().any(|present| present == line), "{line}:\n{text}");
    }
    desk.leave().await;
    phone.cut();
    // The server notices the cut at a moment of its own.
    let counted = [
        r#"lockstep_closes_total{by="server",code="1008"} 1"#,
        r#"lockstep_closes_total{by="client",code="1005"} 1"#,
        r#"lockstep_closes_total{by="client",code="1006"} 1"#,
    ];
    let all_counted = async {
        loop {
            let (_, text) = metrics(&server, None).await;
            if counted.iter().all(|line| text.lines().any(|present| present == *line)) {
                break;
            }
        }
    };
    timeout(PATIENCE, all_counted).await.expect("every close to be counted");
}

#[tokio::test]
async fn metrics_in_production_require_the_token() {
    let secret = "a secret that is long enough for HS256";
    let open = TestServer::with([("ENVIRONMENT", "production"), ("JWT_SECRET", secret)]).await;
    assert_eq!(metrics(&open, None).await.0, StatusCode::NOT_FOUND);
    let vars = [
        ("ENVIRONMENT", "production"),
        ("JWT_SECRET", secret),
        ("METRICS_TOKEN", "for the scraper"),
    ];
    let server = TestServer::with(vars).await;
    assert_eq!(metrics(&server, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(metrics(&server, Some("a guess")).await.0, StatusCode::NOT_FOUND);
    let (status, text) = metrics(&server, Some("for the scraper")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("# TYPE lockstep_connections gauge"));
}

/// The lines of all metrics in development.
async fn lines(server: &TestServer) -> Vec<String> {
    let (status, text) = metrics(server, None).await;
    assert_eq!(status, StatusCode::OK);
    text.lines().map(str::to_owned).collect()
}

/// The value of a metric, given with its labels.
async fn value(server: &TestServer, name: &str) -> Option<f64> {
    let lines = lines(server).await;
    let mut values = lines
        .iter()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    values.next().map(|value| value.parse().unwrap())
}

#[tokio::test]
async fn requests_are_measured_by_route_method_and_class_of_status() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let id = uuid::Uuid::now_v7();
    assert_eq!(ada.get("/v1/timers?limit=1").await.0, StatusCode::OK);
    assert_eq!(ada.get(&format!("/v1/timers/{id}")).await.0, StatusCode::NOT_FOUND);
    ada.connect().live().await;
    for (method, path) in [
        (Method::GET, format!("/v1/{id}")),
        (Method::GET, format!("/{id}/{id}")),
        (Method::from_bytes(b"BREW").unwrap(), "/v1/timers".to_owned()),
    ] {
        server.request(method, &path).send().await.unwrap();
    }
    let lines = lines(&server).await;
    for labels in [
        r#"route="/v1/auth/sign-up",method="POST",status="2xx"} 1"#,
        r#"route="/v1/timers",method="GET",status="2xx"} 1"#,
        r#"route="/v1/timers/{timer_id}",method="GET",status="4xx"} 1"#,
        r#"route="/v1/ws/timers",method="GET",status="1xx"} 1"#,
        r#"route="/v1/timers",method="other",status="4xx"} 1"#,
        r#"route="unmatched",method="GET",status="4xx"} 2"#,
    ] {
        let line = format!("lockstep_http_request_duration_seconds_count{{{labels}");
        assert!(lines.contains(&line), "{line}:\n{lines:#?}");
    }
    let id = id.to_string();
    assert!(
        !lines.iter().any(|line| line.contains(&id)),
        "a client's path became a label"
    );
}

#[tokio::test]
async fn transactions_and_reads_of_the_store_are_measured() {
    let server = TestServer::start().await;
    let committed = r#"lockstep_writer_transactions_total{result="committed"}"#;
    let ada = server.user("ada").await;
    let before = value(&server, committed).await.unwrap();
    let reads_before = value(&server, "lockstep_store_read_wait_seconds_count").await.unwrap();
    let group = serde_json::json!({ "name": "Drinks", "color": "#fff" });
    ada.made("/v1/tags/groups", group).await;
    ada.read("/v1/tags").await;
    let after = value(&server, committed).await.unwrap();
    assert!(after > before, "{before} and then {after} transactions");
    // Each of them is in both histograms, with at least one job.
    for name in [
        "lockstep_writer_transaction_duration_seconds_count",
        "lockstep_writer_transaction_jobs_count",
    ] {
        assert!(value(&server, name).await.unwrap() >= after, "{name}");
    }
    assert!(value(&server, "lockstep_writer_transaction_jobs_sum").await.unwrap() >= after);
    assert!(value(&server, "lockstep_store_read_wait_seconds_count").await.unwrap() > reads_before);
    assert_eq!(value(&server, "lockstep_store_reads_refused_total").await, Some(0.0));
    for level in [
        "writer_queue_length",
        "store_connections_in_use",
        "store_connections_idle",
    ] {
        let level = format!("lockstep_{level}");
        assert!(value(&server, &level).await.is_some(), "{level}");
    }
}

#[tokio::test]
async fn sign_ins_are_counted_by_their_result() {
    let server = TestServer::start().await;
    server.user("ada").await;
    for (password, times) in [("correct horse", 1), ("a wrong horse", 2)] {
        for _ in 0..times {
            let body = serde_json::json!({ "email": "ada@example.com", "password": password });
            let request = server.request(Method::POST, "/v1/auth/sign-in").json(&body);
            request.send().await.unwrap();
        }
    }
    for (result, count) in [("succeeded", 1.0), ("wrong_credentials", 2.0)] {
        let name = format!(r#"lockstep_sign_ins_total{{result="{result}"}}"#);
        assert_eq!(value(&server, &name).await, Some(count), "{name}");
    }
}

#[tokio::test]
async fn refusals_are_counted_by_their_limit() {
    let server = TestServer::with([("RATE_LIMIT_DEFAULT_REQUESTS", "2")]).await;
    let ada = server.user("ada").await;
    for _ in 0..5 {
        ada.get("/v1/timers").await;
    }
    for (limit, count) in [("requests", 3.0), ("messages", 0.0)] {
        let name = format!(r#"lockstep_rate_limit_refusals_total{{limit="{limit}"}}"#);
        assert_eq!(value(&server, &name).await, Some(count), "{name}");
    }
}

#[tokio::test]
async fn first_round_of_housekeeping_is_counted() {
    let server = TestServer::start().await;
    let name = r#"lockstep_job_rounds_total{job="housekeeping",result="succeeded"}"#;
    let counted = async { while value(&server, name).await != Some(1.0) {} };
    timeout(PATIENCE, counted).await.expect("a round of housekeeping");
    let deleted = r#"lockstep_housekeeping_deleted_total{kind="events"}"#;
    assert_eq!(value(&server, deleted).await, Some(0.0));
}

/// OpenMetrics, "MetricFamily": a name with a unit ends in it.
#[tokio::test]
async fn every_metric_has_a_help_text_and_durations_have_a_unit() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let lines = lines(&server).await;
    let types = lines.iter().filter_map(|line| line.strip_prefix("# TYPE "));
    let names: Vec<_> = types.map(|line| line.split_once(' ').unwrap().0).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        assert!(name.starts_with("lockstep_"), "{name}");
        let help = format!("# HELP {name} ");
        let help = lines.iter().find_map(|line| line.strip_prefix(&help));
        assert!(help.is_some_and(|help| help.len() > 10), "{name}: {help:?}");
        let unit = format!("# UNIT {name} seconds");
        assert_eq!(name.ends_with("_seconds"), lines.contains(&unit), "{name}");
    }
}
