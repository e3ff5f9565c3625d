//! The envelope of every server message (contract, "Envelope").

use crate::id::UserId;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A server message on the wire.
#[derive(Serialize, Deserialize)]
pub struct Envelope<'a, P> {
    /// The message type.
    #[serde(rename = "type", borrow)]
    pub kind: Cow<'a, str>,
    /// The payload, whose members depend on the type.
    pub payload: P,
    /// When the message was made, in the connection's zone.
    pub timestamp: String,
    /// The user who caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_user: Option<UserId>,
    /// The number of a durable event in its stream, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The `id` of the client's message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// Whether the command had been applied before and this repeats its answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replayed: bool,
}
