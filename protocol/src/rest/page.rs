//! The query parameters that many lists and reads share.

use crate::rest::input::{Issues, LenientText, PageLimit, Timezone};
use deserr::Deserr;

/// Which page of a list is wanted (contract, REST 1).
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct PageQuery {
    /// The most entries of the answer. It may have fewer: it is bounded by bytes as well.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub limit: PageLimit,
    /// Where the page begins: opaque, from the `Link` header of the page before. Without it: at the start of the list.
    #[cfg_attr(feature = "schema", param(inline))]
    #[deserr(default)]
    pub cursor: Option<LenientText>,
}

/// In which timezone the answer's times are written.
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ZoneQuery {
    /// The timezone of the answer's times.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub timezone: Timezone,
}
