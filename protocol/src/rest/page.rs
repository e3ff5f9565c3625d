//! The query parameters that many lists and reads share.

use crate::rest::input::{Issues, LenientText, PageLimit, Timezone};
use deserr::Deserr;

/// A page of a list (contract, REST 1).
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct PageQuery {
    /// The maximum number of entries in the answer. It may have fewer, since its bytes are bounded as well.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub limit: PageLimit,
    /// The start of the page: opaque, from the `Link` header of the previous page. Without it, the start of the list.
    #[cfg_attr(feature = "schema", param(inline))]
    #[deserr(default)]
    pub cursor: Option<LenientText>,
}

/// The timezone parameter of reads without other parameters.
#[derive(Clone, Debug, Default, PartialEq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ZoneQuery {
    /// The timezone of the answer's times.
    #[cfg_attr(feature = "schema", param(inline, required = false))]
    #[deserr(default)]
    pub timezone: Timezone,
}
