use super::*;
use std::collections::HashSet;

#[test]
fn message_names_of_clients_and_server_are_distinct_and_all_are_described() {
    let document = document();
    let clients = CommandType::ALL.iter().map(|kind| kind.wire_name());
    let server: HashSet<&str> = MessageType::ALL
        .iter()
        .map(|kind| kind.wire_name(Dialect::Snake))
        .collect();
    let words: Vec<&str> = clients.chain(server).collect();
    let described = document["components"]["messages"].as_object().unwrap();
    assert_eq!(described.len(), words.len(), "each is described once");
    for word in words {
        assert!(described.contains_key(word), "{word}");
        assert_eq!(described[word]["payload"]["properties"]["type"]["const"], word);
        assert_eq!(document["operations"][word]["messages"], json!([channel_message(word)]));
    }
}

#[test]
fn camel_type_names_are_those_of_the_contract() {
    let words = camel_words();
    assert_eq!(
        words["TimerCompleted"],
        json!({ "snake": "timer.updated", "camel": "timer.completed" })
    );
    assert_eq!(
        words["SyncResult"],
        json!({ "snake": "timer.sync_result", "camel": "timer.synced" })
    );
    assert_eq!(words.len(), MessageType::ALL.len());
}
