//! Replays the fuzzers' corpus (`fuzz/README.md`).

use crate::codec;
use std::{fs, path::Path};

#[path = "../../../../fuzz/socket_properties.rs"]
mod properties;

/// Runs a property on every file of a target's corpus, and on the first half of each.
fn replay(target: &str, property: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let mut files = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let data = fs::read(&path).unwrap();
        // Shown if the property fails.
        eprintln!("{}", path.display());
        property(&data);
        property(&data[..data.len() / 2]);
        files += 1;
    }
    assert!(files >= 20, "{} holds {files} files", folder.display());
}

#[test]
fn decoder_corpus_decodes_the_same_in_all_pieces() {
    replay("socket_decoder", properties::decoder);
}

#[test]
fn inflater_corpus_inflates_within_the_limit() {
    replay("socket_inflate", properties::inflater);
}
