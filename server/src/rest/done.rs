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
