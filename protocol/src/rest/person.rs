//! Client input about the own profile, friends and visibility (contract, REST 5, 10 and 11).

use crate::{
    friend::FriendActivity,
    rest::input::{Issues, Patch},
    sharing::{Level, ResourceKind},
};
use deserr::{Deserr, IntoValue, ValuePointerRef};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

mod address;
mod visibility_list;

pub use address::{Address, DisplayName, FriendCode};
pub use visibility_list::VisibilityList;

/// `PATCH /v1/users/me`: absent and null members keep their values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyChanges {
    /// The name that others see, without spaces around it. It replaces the one in the caller's tokens for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub display_name: Option<DisplayName>,
    /// How much of the caller's timer activity friends receive.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub friend_activity: Option<FriendActivity>,
}

/// `POST /v1/friends/requests`: exactly one of the members, not null.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum NewFriendRequest {
    /// A verified address. The answer does not reveal whether an account has it.
    Email(Address),
    /// The `friend_code` of the other user.
    FriendCode(FriendCode),
}

#[derive(Deserr)]
#[deserr(error = Issues)]
struct FriendRequestMembers {
    #[deserr(default)]
    email: Patch<Address>,
    #[deserr(default)]
    friend_code: Patch<FriendCode>,
}

impl Deserr<Issues> for NewFriendRequest {
    fn deserialize_from_value<V: IntoValue>(
        value: deserr::Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Issues> {
        let null = |name| {
            Err(Issues::one(
                "null",
                location.push_key(name),
                "Must not be null",
                Value::Null,
            ))
        };
        let FriendRequestMembers { email, friend_code } = Deserr::deserialize_from_value(value, location)?;
        match (email, friend_code) {
            (Patch::Set(address), Patch::Keep) => Ok(Self::Email(address)),
            (Patch::Keep, Patch::Set(code)) => Ok(Self::FriendCode(code)),
            (Patch::Clear, Patch::Keep) => null("email"),
            (Patch::Keep, Patch::Clear) => null("friend_code"),
            _ => {
                let msg = "Exactly one of email and friend_code must be given";
                Err(Issues::one("value_error", location, msg, Value::Null))
            }
        }
    }
}

/// `PUT /v1/visibility/{type}/{id}`: lists that the level does not use are dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NewVisibility {
    /// private, friends, selected (friends on a list), allowed_emails (verified addresses on a list), public.
    pub level: Level,
    /// Friends who may read it, for the level selected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub allowed_user_ids: Option<VisibilityList>,
    /// Addresses whose users may read it, for the level allowed_emails.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub allowed_emails: Option<VisibilityList>,
    /// Domains (the part after the last @) whose users may read it, for the level allowed_emails.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub allowed_domains: Option<VisibilityList>,
}

/// The path of `/v1/visibility/{type}/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserr)]
#[deserr(error = Issues)]
#[cfg_attr(feature = "schema", derive(utoipa::IntoParams), into_params(parameter_in = Path))]
pub struct ResourcePath {
    /// The kind of resource.
    #[deserr(rename = "type")]
    #[cfg_attr(feature = "schema", param(rename = "type"))]
    pub kind: ResourceKind,
    /// Its id.
    pub id: Uuid,
}
