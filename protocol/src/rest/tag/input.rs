//! Client input about tags and their groups (contract, REST 6.2).

use crate::{
    id::{TagGroupId, TagId},
    rest::input::{Color, Description, Issues, Patch, Ratios, Title},
};
use deserr::Deserr;
use serde::Serialize;

/// `POST /v1/tags`
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewTag {
    /// An id that the client chooses, so that it can send the request again. If the caller has one with this id, the answer is
    /// that one as it is now, and nothing changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub id: Option<TagId>,
    /// Unique within the group.
    pub name: Title,
    /// Returned in upper case.
    pub color: Color,
    /// A tag group of the caller's; it cannot be changed later.
    pub group_id: TagGroupId,
    /// A longer text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub description: Option<Description>,
}

/// `PATCH /v1/tags/{tag_id}`: absent members keep their values; null clears the description.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TagChanges {
    /// Unique within the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub name: Option<Title>,
    /// Returned in upper case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub color: Option<Color>,
    /// A longer text.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Description>))]
    pub description: Patch<Description>,
}

/// `POST /v1/tags/groups`
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewTagGroup {
    /// An id that the client chooses, so that it can send the request again. If the caller has one with this id, the answer is
    /// that one as it is now, and nothing changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub id: Option<TagGroupId>,
    /// Need not be unique.
    pub name: Title,
    /// Returned in upper case.
    pub color: Color,
    /// A longer text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub description: Option<Description>,
    /// Numbers under names that the client chooses.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub goal_ratios: Option<Ratios>,
}

/// `PATCH /v1/tags/groups/{group_id}`: absent members keep their values; null clears the description and the ratios.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TagGroupChanges {
    /// Need not be unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub name: Option<Title>,
    /// Returned in upper case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub color: Option<Color>,
    /// A longer text.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Description>))]
    pub description: Patch<Description>,
    /// Numbers under names that the client chooses.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[deserr(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Ratios>))]
    pub goal_ratios: Patch<Ratios>,
}
