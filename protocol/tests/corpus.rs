//! Replays the fuzzers' corpus (`fuzz/README.md`).

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

#[path = "../../fuzz/properties.rs"]
mod properties;

/// Checks a property on every file of a target's corpus, and on each truncated: a message that ends too early.
fn replay(target: &str, property: fn(&str)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let mut files = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        // The fuzzer's own input is bytes; the target passes on valid UTF-8 only.
        let Ok(text) = String::from_utf8(fs::read(&path).unwrap()) else {
            continue;
        };
        // Printed when the property fails.
        eprintln!("{}", path.display());
        property(&text);
        let half = text
            .char_indices()
            .nth(text.chars().count() / 2)
            .map_or(0, |(at, _)| at);
        property(&text[..half]);
        files += 1;
    }
    assert!(files >= 20, "{} holds {files} texts", folder.display());
}

#[test]
fn client_messages_of_the_corpus_are_parsed_or_refused() {
    replay("client_message", properties::client_message);
}

#[test]
fn server_messages_of_the_corpus_are_parsed_or_refused() {
    replay("server_message", properties::server_message);
}
