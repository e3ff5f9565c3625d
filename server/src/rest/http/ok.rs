//! Answers without data.

use serde::Serialize;
use utoipa::ToSchema;

/// `{"ok":true}`
#[derive(Serialize, ToSchema)]
#[schema(as = Done)]
pub struct OkBody {
    ok: bool,
}

impl Default for OkBody {
    fn default() -> Self {
        Self { ok: true }
    }
}

/// `{"ok":true,"message":"Friend removed"}`
#[derive(Serialize, ToSchema)]
#[schema(as = DoneWithMessage)]
pub struct OkMessage {
    ok: bool,
    message: &'static str,
}

impl OkMessage {
    /// `message` is a text for people.
    pub fn new(message: &'static str) -> Self {
        Self { ok: true, message }
    }
}
