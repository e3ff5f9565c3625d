//! Access to shared resources: the gate of every read, of single resources and lists, includes and live delivery
//! (contract, REST 4.9, 10.3 and 11). The rule itself is in `protocol::sharing`.

mod gate;

pub use gate::{readable, shared_with};
pub use protocol::sharing::{Access, Level, Reader, Relation, ResourceId, ResourceKind, Shared, access};
