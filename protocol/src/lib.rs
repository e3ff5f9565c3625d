//! What server, browser and tests share: data types, messages and the timer's state machine.
//!
//! Everything here is pure: it reads no clock, opens no socket and stores nothing. The server calls it inside its
//! transactions, the browser for its optimistic view, the tests as their client.

pub mod friend;
pub mod id;
pub mod json;
pub mod language;
pub mod limits;
mod listed;
pub mod notification;
pub mod preferences;
pub mod profile;
pub mod recurrence;
pub mod rest;
pub mod schedule;
pub mod sharing;
pub mod socket;
pub mod tag;
pub mod time;
pub mod timers;
pub mod todo;
