//! Foreign ids in commands.

use super::{Case, Probe, UNKNOWN, schema};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

impl Case {
    /// Every member that takes an id, of every command.
    pub(super) async fn probe_commands(&self) {
        let messages = &self.asyncapi["components"]["messages"];
        let operations = self.asyncapi["operations"].as_object().unwrap().values();
        let commands: Vec<(&str, Vec<schema::IdMember>)> = operations
            .filter(|operation| operation["action"] == "receive")
            .filter_map(|operation| operation["messages"][0]["$ref"].as_str()?.rsplit('/').next())
            .map(|word| (word, schema::id_members(&self.asyncapi, &messages[word]["payload"])))
            .collect();
        let members: usize = commands.iter().map(|(_, members)| members.len()).sum();
        assert!(members >= 8, "{commands:?}");
        for stranger in &self.strangers {
            let (own, theirs) = (stranger.contents.everything().await, self.victim.everything().await);
            let mut client = stranger.contents.user.connect().query("shared=true").live().await;
            for (word, members) in &commands {
                for member in members {
                    let id = self.victim.id(member.name());
                    let mut ask = async |id: &str| {
                        let base = json!({ "type": word, "payload": { "allocated_duration": 60, "title": "made" } });
                        let mut command = member.fill(base, id);
                        // An id of its own: an answer that was given before would be given again.
                        command["id"] = json!(uuid::Uuid::new_v4());
                        client.send_raw(Message::text(command.to_string())).await;
                        let answer = client.next_json().await;
                        assert_eq!(answer["reply_to"], command["id"], "{answer}");
                        (u16::from(answer["type"] == "error"), answer)
                    };
                    let (foreign, unknown) = (ask(id).await, ask(UNKNOWN).await);
                    let place = format!("{}: {word} with {:?} {id}", stranger.what, member.path);
                    let probe = Probe {
                        place,
                        foreign,
                        unknown,
                    };
                    probe.tells_nothing_of(&self.victim);
                    probe.is_the_same_for_unknown_ids(id);
                    let reason = &probe.foreign.1["payload"]["details"]["reason"];
                    assert!(
                        reason.as_str().is_some_and(|reason| reason.ends_with("_NOT_FOUND")),
                        "{}: {reason}",
                        probe.place
                    );
                }
            }
            client.is_silent().await;
            assert_eq!(
                stranger.contents.everything().await,
                own,
                "{}: nothing half done",
                stranger.what
            );
            assert_eq!(self.victim.everything().await, theirs, "after {}", stranger.what);
        }
    }
}
