//! Whatever text a client sends: read or refused, never a panic.

#![no_main]

#[path = "../properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|text: &str| properties::client_message(text));
