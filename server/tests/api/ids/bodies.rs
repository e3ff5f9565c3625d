//! Foreign ids in bodies and in filters.

use super::{Case, Contents, Probe, Stranger, UNKNOWN, answer, schema};
use serde_json::{Value, json};

/// Where a list of the caller's own entities goes on. An id is compared with theirs, whether or not it exists.
const POSITION: &str = "before";

/// A body with which an operation on the caller's own entities succeeds, except for the id that is inserted.
fn base(own: &Contents, method: &str) -> Value {
    match method {
        "post" => json!({ "title": "made", "name": "made", "color": "#000000", "tag_group_id": own.id("group_id"),
                          "group_id": own.id("group_id"), "start_time": "2026-02-01T10:00:00Z",
                          "end_time": "2026-02-01T11:00:00Z" }),
        _ => json!({ "title": "changed", "name": "changed", "description": "changed" }),
    }
}

impl Case {
    /// Probes every member that takes an id, of every request body.
    pub(super) async fn probe_bodies(&self) {
        let mut members = 0;
        for stranger in &self.strangers {
            let (own, theirs) = (stranger.contents.snapshot().await, self.victim.snapshot().await);
            for (template, method, operation) in schema::operations(&self.openapi) {
                let body = &operation["requestBody"]["content"]["application/json"]["schema"];
                for member in schema::id_members(&self.openapi, body) {
                    members += 1;
                    if member.path == ["id"] {
                        self.probe_new_id(stranger, template, &member).await;
                        continue;
                    }
                    self.probe_body(stranger, template, method, &member).await;
                }
            }
            assert_eq!(
                stranger.contents.snapshot().await,
                own,
                "{}: partial writes",
                stranger.relation
            );
            assert_eq!(self.victim.snapshot().await, theirs, "after {}", stranger.relation);
        }
        assert!(members >= 15 * self.strangers.len(), "{members}");
    }

    async fn probe_body(&self, stranger: &Stranger, template: &str, method: &str, member: &schema::IdMember<'_>) {
        let own = &stranger.contents;
        let mut path = template.to_owned();
        for name in template.split(['{', '}']).skip(1).step_by(2) {
            path = path.replace(&format!("{{{name}}}"), own.id(name));
        }
        let id = self.victim.id(member.name());
        let ask = async |id: &str| {
            let body = member.fill(base(own, method), id);
            let method = method.to_uppercase().parse().unwrap();
            let (status, body) = answer(own.user.request(method, &path).json(&body)).await;
            (status.as_u16(), body)
        };
        let description = format!("{}: {method} {path} with {:?} {id}", stranger.relation, member.path);
        let (foreign, unknown) = (ask(id).await, ask(UNKNOWN).await);
        let probe = Probe {
            description,
            foreign,
            unknown,
        };
        probe.assert_reveals_nothing_of(&self.victim);
        probe.assert_same_for_unknown_id(id);
        let (status, body) = &probe.foreign;
        let expected = if member.name() == "parent_id" { 400 } else { 404 };
        assert_eq!(*status, expected, "{}: {body}", probe.description);
    }

    /// Probes the id that a client chooses for a new entity: another user's is taken, and nothing else is said.
    async fn probe_new_id(&self, stranger: &Stranger, path: &str, member: &schema::IdMember<'_>) {
        let id = self.victim.id(match path {
            "/v1/tags" => "tag_id",
            "/v1/tags/groups" => "group_id",
            "/v1/schedules" => "schedule_id",
            "/v1/todos" => "todo_id",
            other => panic!("{other} takes an id that is not probed"),
        });
        let own = &stranger.contents;
        let (status, body) = own.user.post(path, member.fill(base(own, "post"), id)).await;
        let description = format!("{}: {path} with {:?} {id}", stranger.relation, member.path);
        assert_eq!(
            (status.as_u16(), &body["error_type"]),
            (409, &json!("IdTakenError")),
            "{description}: {body}"
        );
        let body = body.to_string();
        assert!(
            !body.contains(id) && !body.contains(self.victim.marker()),
            "{description}: {body}"
        );
    }

    /// Probes every query parameter that takes an id, of every list.
    pub(super) async fn probe_filters(&self) {
        let mut filters = 0;
        for stranger in &self.strangers {
            for (template, method, operation) in schema::operations(&self.openapi) {
                if method != "get" || template.contains('{') {
                    continue;
                }
                let names = schema::id_parameters(&self.openapi, operation, "query").into_iter();
                for name in names.filter(|name| *name != POSITION) {
                    filters += 1;
                    let id = self.victim.id(name);
                    let ask = async |id: &str| {
                        // Sums by day are of at most 400 days.
                        let window = match template.ends_with("/totals") {
                            true => "start_date=2026-01-01&end_date=2026-12-31",
                            false => "scope=all&start_date=2020-01-01&end_date=2030-01-01",
                        };
                        let (status, body) = stranger
                            .contents
                            .user
                            .get(&format!("{template}?{window}&{name}={id}"))
                            .await;
                        (status.as_u16(), body)
                    };
                    let description = format!("{}: {template}?{name}={id}", stranger.relation);
                    let (foreign, unknown) = (ask(id).await, ask(UNKNOWN).await);
                    let probe = Probe {
                        description,
                        foreign,
                        unknown,
                    };
                    probe.assert_reveals_nothing_of(&self.victim);
                    probe.assert_same_for_unknown_id(id);
                    assert_eq!(probe.foreign.0, 200, "{}", probe.description);
                }
            }
        }
        assert!(filters >= 5 * self.strangers.len(), "{filters}");
    }
}
