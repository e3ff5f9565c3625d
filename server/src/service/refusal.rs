//! Why something about tags, schedules or todos was not done. Nothing was changed then.

use crate::store::StoreError;
use protocol::id::{TagGroupId, TagId};
use thiserror::Error;

/// A rule that said no, in words for people.
#[derive(Debug, Error)]
pub enum Refusal {
    /// There is none, or it is somebody else's (contract, REST 4.9).
    #[error("Tag group not found: {0}")]
    TagGroupNotFound(TagGroupId),
    /// There is none, or it is somebody else's.
    #[error("Tag not found: {0}")]
    TagNotFound(TagId),
    /// Contract, REST 6.3.
    #[error("This group has a tag named \"{0}\" already")]
    DuplicateTagName(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
