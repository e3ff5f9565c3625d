//! `lockstep seed`: an account with much data, as the REST API shows it.

use crate::support::{TestServer, output_of, sign_in};
use reqwest::Method;
use serde_json::Value;
use std::collections::HashSet;

/// All entries of a list, page by page.
async fn all(user: &crate::support::User, path: &str) -> Vec<Value> {
    let (mut entries, mut path) = (Vec::new(), path.to_owned());
    loop {
        let answer = user.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let link = answer
            .headers()
            .get("link")
            .map(|link| link.to_str().unwrap().to_owned());
        entries.extend(answer.json::<Vec<Value>>().await.unwrap());
        match link {
            Some(link) => path = link[1..link.find('>').unwrap()].to_owned(),
            None => return entries,
        }
    }
}

fn count(entries: &[Value], member: &str, value: &str) -> usize {
    entries.iter().filter(|entry| entry[member] == value).count()
}

#[tokio::test]
async fn a_small_seed_fills_a_new_account_and_is_not_repeated() {
    let server = TestServer::unlimited().await;
    let folder = tempfile::tempdir().unwrap();
    let vars = [("DATABASE_URL", server.database.url.as_str()), ("LOG_LEVEL", "error")];
    let seed = ["seed", "--user", "Sample@example.com", "--small"];
    let output = output_of(folder.path(), &seed, &vars);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{text} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let password = text.trim_end().rsplit(' ').next().unwrap();
    let user = sign_in(&server.address, "sample@example.com", password).await;

    let timers = all(&user, "/v1/timers?tag_include_mode=timer_only").await;
    assert_eq!(timers.len(), 1_000);
    assert_eq!(count(&timers, "status", "RUNNING"), 1);
    assert!(count(&timers, "status", "CANCELLED") > 10);
    let paused = timers
        .iter()
        .filter(|timer| timer["pause_history"].as_array().unwrap().len() > 2);
    assert!(paused.count() > 100);
    let titles: HashSet<&str> = timers.iter().filter_map(|timer| timer["title"].as_str()).collect();
    assert!(titles.len() > 50 && titles.iter().any(|title| !title.is_ascii()));
    let todos = all(&user, "/v1/todos").await;
    assert_eq!(todos.len(), 200);
    assert!(todos.iter().any(|todo| !todo["parent_id"].is_null()));
    assert!(
        todos
            .iter()
            .all(|todo| todo["deadline"].is_null() == todo["schedules"].as_array().unwrap().is_empty())
    );
    assert_eq!(
        (
            all(&user, "/v1/tags").await.len(),
            all(&user, "/v1/tags/groups").await.len()
        ),
        (20, 2)
    );
    assert_eq!(all(&user, "/v1/friends").await.len(), 5);
    assert!(!all(&user, "/v1/timers?scope=shared").await.is_empty());
    let rules = "SELECT COUNT(*) FROM schedules WHERE recurrence_rule IS NOT NULL";
    assert_eq!(server.database.number(rules).await, 50);
    // What the account uses is counted as if it had been written by requests.
    let used = server
        .database
        .number("SELECT timers + todos + tags FROM user_usage ORDER BY timers DESC LIMIT 1")
        .await;
    assert_eq!(used, 1_000 + 200 + 22);
    let bytes = "SELECT bytes - (
            (SELECT SUM(octet_length(COALESCE(title, '')) + octet_length(COALESCE(description, ''))) FROM timers
             WHERE owner_id = user_id)
            + (SELECT SUM(octet_length(title) + octet_length(COALESCE(description, ''))) FROM todos)
            + (SELECT SUM(octet_length(title) + octet_length(COALESCE(description, ''))
               + octet_length(COALESCE(recurrence_rule, ''))) FROM schedules)
            + (SELECT COALESCE(SUM(octet_length(COALESCE(title, ''))), 0) FROM schedule_exceptions)
            + (SELECT SUM(octet_length(name) + octet_length(COALESCE(description, ''))) FROM tags)
            + (SELECT SUM(octet_length(name) + octet_length(COALESCE(description, ''))
               + octet_length(COALESCE(goal_ratios, ''))) FROM tag_groups))
        FROM user_usage ORDER BY timers DESC LIMIT 1";
    assert_eq!(
        server
            .database
            .number(&format!("SELECT CAST(({bytes}) AS BIGINT)"))
            .await,
        0
    );

    let again = output_of(folder.path(), &seed, &vars);
    let line = String::from_utf8(again.stderr).unwrap();
    assert!(
        !again.status.success() && line.contains("1000 timers") && line.contains("--again"),
        "{line}"
    );
    assert_eq!(line.lines().count(), 1, "{line}");
    let secret = "0123456789abcdef".repeat(4);
    let production = [vars[0], ("ENVIRONMENT", "staging"), ("JWT_SECRET", &secret)];
    let refused = output_of(folder.path(), &seed, &production);
    let line = String::from_utf8(refused.stderr).unwrap();
    assert!(
        !refused.status.success() && line.contains("ENVIRONMENT is development"),
        "{line}"
    );
    assert_eq!(all(&user, "/v1/timers").await.len(), 1_000);
}
