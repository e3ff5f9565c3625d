//! QUOTA_…: how much data one user may store.

use super::{ConfigError, Vars};

/// The maximum that one user may store. Data over a lowered quota stays, and may shrink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotasConfig {
    /// QUOTA_TIMERS
    pub timers: i64,
    /// QUOTA_SCHEDULES
    pub schedules: i64,
    /// QUOTA_TODOS
    pub todos: i64,
    /// QUOTA_TAGS: tags and tag groups together.
    pub tags: i64,
    /// QUOTA_BYTES: all titles, names, descriptions and rules together.
    pub bytes: i64,
    /// QUOTA_EXCEPTIONS: changed and removed occurrences of one recurring schedule.
    pub exceptions: i64,
    /// QUOTA_FRIEND_REQUESTS: pending requests, sent and received ones separately.
    pub friend_requests: i64,
    /// QUOTA_VISIBILITY_ENTRIES: users, addresses and domains on the lists of all settings together.
    pub visibility_entries: i64,
}

impl Default for QuotasConfig {
    fn default() -> Self {
        Self {
            timers: 100_000,
            schedules: 20_000,
            todos: 20_000,
            tags: 5_000,
            bytes: 64 * 1024 * 1024,
            exceptions: 1_000,
            friend_requests: 500,
            visibility_entries: 20_000,
        }
    }
}

pub(super) fn read(vars: &Vars) -> Result<QuotasConfig, ConfigError> {
    let default = QuotasConfig::default();
    let rows = |name, default| vars.number(name, default, 1..=1_000_000_000);
    Ok(QuotasConfig {
        timers: rows("QUOTA_TIMERS", default.timers)?,
        schedules: rows("QUOTA_SCHEDULES", default.schedules)?,
        todos: rows("QUOTA_TODOS", default.todos)?,
        tags: rows("QUOTA_TAGS", default.tags)?,
        bytes: vars.number("QUOTA_BYTES", default.bytes, 1_024..=1_000_000_000_000)?,
        exceptions: rows("QUOTA_EXCEPTIONS", default.exceptions)?,
        friend_requests: rows("QUOTA_FRIEND_REQUESTS", default.friend_requests)?,
        visibility_entries: rows("QUOTA_VISIBILITY_ENTRIES", default.visibility_entries)?,
    })
}
