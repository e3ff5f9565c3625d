//! What is answered where there is nothing else to say.

use serde::Serialize;
use utoipa::ToSchema;

/// `{"ok":true}`
#[derive(Serialize, ToSchema)]
pub struct Done {
    ok: bool,
}

impl Default for Done {
    fn default() -> Self {
        Self { ok: true }
    }
}

/// `{"ok":true,"message":"Friend removed"}`
#[derive(Serialize, ToSchema)]
pub struct DoneWithMessage {
    ok: bool,
    message: &'static str,
}

impl DoneWithMessage {
    /// With what was done, for people.
    pub fn new(message: &'static str) -> Self {
        Self { ok: true, message }
    }
}
