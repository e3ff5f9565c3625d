//! Any compressed payload is inflated within the limit or refused; deflated data round-trips.

#![no_main]

#[allow(dead_code, unused_imports, reason = "the hub uses more of it")]
#[path = "../../hub/src/codec/mod.rs"]
mod codec;
#[path = "../socket_properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::inflater(data));
