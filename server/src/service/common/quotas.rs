//! Storage quotas per user, checked in the transaction that adds data. A user over a quota may still delete data.
//! there may still shrink.

use crate::{
    config::QuotasConfig,
    store::{
        Conn, StoreError,
        usage::{self, Usage},
    },
};
use protocol::id::UserId;
use thiserror::Error;

/// A change that would exceed a quota. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "Your quota of {limit} {what} would be exceeded ({name}): you have {used}, and this adds {added}. \
     Delete some first, or ask whoever runs this server for more."
)]
pub struct QuotaExceeded {
    /// The variable that sets it.
    pub name: &'static str,
    /// The kind of data.
    pub what: &'static str,
    /// The maximum.
    pub limit: i64,
    /// The current number.
    pub used: i64,
    /// The number that would be added.
    pub added: i64,
}

impl QuotaExceeded {
    /// Fails if a change increases a number and the result exceeds the maximum.
    pub fn check(name: &'static str, what: &'static str, limit: i64, before: i64, after: i64) -> Result<(), Self> {
        if after <= before || after <= limit {
            return Ok(());
        }
        Err(Self {
            name,
            what,
            limit,
            used: before,
            added: after - before,
        })
    }
}

impl QuotasConfig {
    /// Checks a user's usage after a change.
    ///
    /// # Errors
    /// [`QuotaExceeded`], for the first exceeded quota.
    pub fn check(&self, before: Usage, after: Usage) -> Result<(), QuotaExceeded> {
        let check = QuotaExceeded::check;
        check("QUOTA_TIMERS", "timers", self.timers, before.timers, after.timers)?;
        check(
            "QUOTA_SCHEDULES",
            "schedules",
            self.schedules,
            before.schedules,
            after.schedules,
        )?;
        check("QUOTA_TODOS", "todos", self.todos, before.todos, after.todos)?;
        check("QUOTA_TAGS", "tags and groups", self.tags, before.tags, after.tags)?;
        check("QUOTA_BYTES", "bytes of text", self.bytes, before.bytes, after.bytes)
    }
}

/// A user's usage before a change.
pub struct QuotaCheck {
    quotas: QuotasConfig,
    user: UserId,
    before: Usage,
}

impl QuotaCheck {
    /// Must be called before the change, in its transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin(conn: &mut Conn, quotas: QuotasConfig, user: &UserId) -> Result<Self, StoreError> {
        Ok(Self {
            quotas,
            user: user.clone(),
            before: kept(conn, user).await?,
        })
    }

    /// Must be called after the change; on an error the transaction must be rolled back.
    ///
    /// # Errors
    /// [`QuotaExceeded`], [`StoreError`].
    pub async fn end<E: From<StoreError> + From<QuotaExceeded>>(self, conn: &mut Conn) -> Result<(), E> {
        let after = kept(conn, &self.user).await?;
        Ok(self.quotas.check(self.before, after)?)
    }
}

async fn kept(conn: &mut Conn, user: &UserId) -> Result<Usage, StoreError> {
    Ok(usage::of(conn, &[user]).await?.remove(user).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_within_the_quota_and_deletions_are_allowed() {
        let quotas = QuotasConfig {
            timers: 2,
            ..QuotasConfig::default()
        };
        let timers = |timers| Usage {
            timers,
            ..Usage::default()
        };
        assert_eq!(quotas.check(timers(1), timers(2)), Ok(()));
        assert_eq!(quotas.check(timers(9), timers(8)), Ok(()));
        assert_eq!(quotas.check(timers(9), timers(9)), Ok(()));
    }

    #[test]
    fn the_error_names_the_quota_its_maximum_and_the_usage() {
        let quotas = QuotasConfig {
            bytes: 1_000,
            ..QuotasConfig::default()
        };
        let bytes = |bytes| Usage {
            bytes,
            ..Usage::default()
        };
        let error = quotas.check(bytes(900), bytes(1_001)).unwrap_err().to_string();
        for part in ["QUOTA_BYTES", "1000 bytes of text", "you have 900", "adds 101"] {
            assert!(error.contains(part), "{error}");
        }
    }
}
