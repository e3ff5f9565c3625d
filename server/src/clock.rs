//! The server's clock. Server time rules (DESIGN.md, idea 2).

use protocol::time::Timestamp;

/// Now.
pub fn now() -> Timestamp {
    chrono::Utc::now().into()
}
