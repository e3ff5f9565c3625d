//! Any text from a client is parsed or refused, without a panic.

#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|text: &str| properties::client_message(text));
