//! Any text from a server to our own client is parsed or refused, without a panic.

#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|text: &str| properties::server_message(text));
