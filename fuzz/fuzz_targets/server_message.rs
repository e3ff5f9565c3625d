//! Whatever text a server sends to our own client: read or refused, never a panic.

#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|text: &str| properties::server_message(text));
