//! Foreign ids in paths.

use super::{Case, Probe, Stranger, UNKNOWN, answer, schema};
use serde_json::json;

/// Acts on the caller's own block; `blocks.rs` tests its effect on the other user.
const OWN_RECORDS: &str = "/v1/friends/block/{user_id}";

/// A change of every member that a body can change. Operations ignore unknown members.
fn takeover() -> serde_json::Value {
    json!({ "title": "taken over", "name": "taken over", "description": "taken over", "color": "#000000",
            "level": "public", "tag_ids": [], "parent_id": null, "schedule_id": null, "todo_id": null })
}

/// The status and error type that the contract has for a foreign id (REST 4.9, 10 and 11.2), or `None` if the answer
/// must equal that to an unknown id.
fn contracted(method: &str, template: &str) -> Option<(u16, &'static str)> {
    let (family, _) = template.split_once("/{").unwrap_or((template, ""));
    match (method, family) {
        ("get", "/v1/schedules" | "/v1/todos" | "/v1/timers") => Some((403, "AccessDeniedError")),
        (_, "/v1/visibility") => Some((403, "AccessDeniedError")),
        (_, "/v1/friends/requests") => Some((403, "NotFriendRequestRecipientError")),
        (_, "/v1/friends") => Some((403, "NotFriendsError")),
        _ => None,
    }
}

impl Case {
    pub(super) async fn probe_paths(&self) {
        let operations: Vec<_> = schema::operations(&self.openapi)
            .filter(|(template, _, operation)| {
                *template != OWN_RECORDS && !schema::id_parameters(&self.openapi, operation, "path").is_empty()
            })
            .collect();
        assert!(operations.len() >= 28, "{}", operations.len());
        let before = self.victim.snapshot().await;
        for stranger in &self.strangers {
            for (template, method, operation) in &operations {
                let kinds: &[&str] = match template.contains("{type}") {
                    true => &["schedule", "timer", "todo"],
                    false => &[""],
                };
                for kind in kinds {
                    let names = schema::id_parameters(&self.openapi, operation, "path");
                    let own = schema::id_parameters(&self.openapi, operation, "query");
                    self.probe_path(stranger, template, method, kind, &names, &own).await;
                }
            }
            assert_eq!(self.victim.snapshot().await, before, "after {}", stranger.relation);
        }
    }

    async fn probe_path(
        &self,
        stranger: &Stranger,
        template: &str,
        method: &str,
        kind: &str,
        names: &[&str],
        own: &[&str],
    ) {
        // Other ids are the caller's own, so that only the path can be refused.
        let queries: Vec<String> = own
            .iter()
            .map(|name| format!("{name}={}", stranger.contents.id(name)))
            .collect();
        let mut suffixes = vec![format!("?{}", queries.join("&"))];
        if template == "/v1/schedules/{schedule_id}" && method != "get" {
            suffixes.push("?instance_start=2026-01-01T10:00:00Z".to_owned());
        }
        for suffix in suffixes {
            let ask = async |is_foreign: bool| {
                let mut path = template.replace("{type}", kind);
                for name in names {
                    let of_kind = format!("{kind}_id");
                    let member = if *name == "id" { of_kind.as_str() } else { *name };
                    let id = if is_foreign { self.victim.id(member) } else { UNKNOWN };
                    path = path.replace(&format!("{{{name}}}"), id);
                }
                let verb = method.to_uppercase().parse().unwrap();
                let request = stranger.contents.user.request(verb, &format!("{path}{suffix}"));
                // Only operations with a body get one: the server closes a connection on which it left a body unread.
                let request = match method {
                    "put" | "patch" => request.json(&takeover()),
                    _ => request,
                };
                let (status, mut body) = answer(request).await;
                body.as_object_mut().map(|members| members.remove("path"));
                (path, (status.as_u16(), body))
            };
            let (path, foreign) = ask(true).await;
            let (_, unknown) = ask(false).await;
            let description = format!("{}: {method} {path}{suffix}", stranger.relation);
            let probe = Probe {
                description,
                foreign,
                unknown,
            };
            probe.assert_reveals_nothing_of(&self.victim);
            let (status, body) = &probe.foreign;
            match contracted(method, template) {
                _ if template.starts_with("/v1/friends/check/") => {
                    let are_friends = json!(stranger.relation.starts_with("a friend"));
                    assert_eq!((*status, body), (200, &are_friends), "{}", probe.description);
                }
                Some((expected, error_type)) => {
                    assert_eq!(
                        (*status, &body["error_type"]),
                        (expected, &json!(error_type)),
                        "{}",
                        probe.description
                    );
                    assert_eq!(probe.unknown.0, 404, "{}", probe.description);
                }
                None => {
                    assert_eq!(*status, 404, "{}: {body}", probe.description);
                    probe.assert_same_for_unknown_id(self.victim.id(names[0]));
                }
            }
        }
    }
}
