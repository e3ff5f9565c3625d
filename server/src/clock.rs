//! The server's clock, which is authoritative for all clients (DESIGN.md, idea 2).

use protocol::time::Timestamp;

/// The current time.
pub fn now() -> Timestamp {
    chrono::Utc::now().into()
}
