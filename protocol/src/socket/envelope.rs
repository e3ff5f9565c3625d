//! What every server message has around its payload (contract, "Envelope").

use crate::id::UserId;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A server message on the wire.
#[derive(Serialize, Deserialize)]
pub struct Envelope<'a, P> {
    /// What kind of message it is.
    #[serde(rename = "type", borrow)]
    pub kind: Cow<'a, str>,
    /// By the type.
    pub payload: P,
    /// When it was made, in the connection's zone.
    pub timestamp: String,
    /// Who caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_user: Option<UserId>,
    /// The number of a durable event, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The `id` of the message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The answer had been given before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
}
