//! Who may see what: the gate that every read goes through, single ones and lists, includes and live delivery
//! (contract, REST 4.9, 10.3 and 11).

mod gate;
mod rule;

pub use gate::{Shared, readable, shared_with};
pub use rule::{Access, Level, Reader, Relation, ResourceId, ResourceKind, access};
