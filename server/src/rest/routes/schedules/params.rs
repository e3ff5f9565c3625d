//! The query parameters of schedules, for the documents.

use crate::rest::http::{instant::Instant, scope::ScopeParam};
use protocol::id::{TagGroupId, TagId};
use utoipa::IntoParams;

/// In which timezone times are written.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read one by one")]
pub struct ZoneParam {
    /// An IANA name, UTC, or an offset such as +09:00 (sent as %2B09:00).
    timezone: Option<String>,
}

/// Which schedules are listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read one by one")]
pub struct ListParams {
    /// The window's start.
    start_date: Instant,
    /// The window's end, included.
    end_date: Instant,
    /// Whose schedules.
    #[param(inline)]
    scope: Option<ScopeParam>,
    /// Has all of these tags; repeatable.
    tag_ids: Option<Vec<TagId>>,
    /// Has a tag of one of these groups; repeatable.
    group_ids: Option<Vec<TagGroupId>>,
}

/// Which occurrence is meant.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read one by one")]
pub struct InstanceParam {
    /// Where it is given: only the occurrence that the rule has start then, within a minute.
    instance_start: Option<Instant>,
}
