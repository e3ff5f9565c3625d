//! Whatever bytes a client sends, in whatever pieces: the same events or the same fault, never a panic.

#![no_main]

#[allow(dead_code, unused_imports, reason = "the server uses more of it")]
#[path = "../../hub/src/codec/mod.rs"]
mod codec;
#[path = "../socket_properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::decoder(data));
