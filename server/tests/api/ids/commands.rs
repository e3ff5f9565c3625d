//! Foreign ids in commands.

use super::{Case, Probe, UNKNOWN, schema};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

impl Case {
    /// Probes every member that takes an id, of every command.
    pub(super) async fn probe_commands(&self) {
        let messages = &self.asyncapi["components"]["messages"];
        let operations = self.asyncapi["operations"].as_object().unwrap().values();
        let commands: Vec<(&str, Vec<schema::IdMember>)> = operations
            .filter(|operation| operation["action"] == "receive")
            .filter_map(|operation| operation["messages"][0]["$ref"].as_str()?.rsplit('/').next())
            .map(|kind| (kind, schema::id_members(&self.asyncapi, &messages[kind]["payload"])))
            .collect();
        let members: usize = commands.iter().map(|(_, members)| members.len()).sum();
        assert!(members >= 8, "{commands:?}");
        for stranger in &self.strangers {
            let (own, theirs) = (stranger.contents.snapshot().await, self.victim.snapshot().await);
            let mut client = stranger.contents.user.connect().query("shared=true").live().await;
            for (kind, members) in &commands {
                for member in members {
                    let id = self.victim.id(member.name());
                    let mut ask = async |id: &str| {
                        // Whatever one of the commands requires.
                        let payload =
                            json!({ "allocated_duration": 60, "title": "made", "ended_at": "2026-01-28T10:00:00Z" });
                        let base = json!({ "type": kind, "payload": payload });
                        let mut command = member.fill(base, id);
                        // A new command id each time: a known one would replay the answer.
                        command["id"] = json!(uuid::Uuid::new_v4());
                        client.send_raw(Message::text(command.to_string())).await;
                        let answer = client.next_json().await;
                        assert_eq!(answer["reply_to"], command["id"], "{answer}");
                        (u16::from(answer["type"] == "error"), answer)
                    };
                    let (foreign, unknown) = (ask(id).await, ask(UNKNOWN).await);
                    let description = format!("{}: {kind} with {:?} {id}", stranger.relation, member.path);
                    let probe = Probe {
                        description,
                        foreign,
                        unknown,
                    };
                    probe.assert_reveals_nothing_of(&self.victim);
                    probe.assert_same_for_unknown_id(id);
                    let reason = &probe.foreign.1["payload"]["details"]["reason"];
                    assert!(
                        reason.as_str().is_some_and(|reason| reason.ends_with("_NOT_FOUND")),
                        "{}: {reason}",
                        probe.description
                    );
                }
            }
            client.is_silent().await;
            assert_eq!(
                stranger.contents.snapshot().await,
                own,
                "{}: partial writes",
                stranger.relation
            );
            assert_eq!(self.victim.snapshot().await, theirs, "after {}", stranger.relation);
        }
    }
}
