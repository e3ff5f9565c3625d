//! When a change happened. A command that was given while the server was away carries the moment (contract, WebSocket
//! "What was done offline happened when it was done").

use crate::time::Timestamp;
use thiserror::Error;

/// How long after a change its command may arrive, in milliseconds: 24 hours.
pub const OFFLINE_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// How far the clock that a client estimates may be off, in milliseconds.
pub const TOLERANCE_MILLIS: i64 = 2_000;

/// When a change happened, and when the server received it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When it happened.
    pub at: Timestamp,
    /// When the server received it, if that is more than [`TOLERANCE_MILLIS`] apart.
    pub received_at: Option<Timestamp>,
}

/// `occurred_at` is not in the range that the server accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "occurred_at must be from {} to {}, the present: not before the timer's latest change, and at most 24 hours ago",
    .earliest.iso_utc(), .latest.iso_utc()
)]
pub struct OccurredAtError {
    /// The earliest accepted moment.
    pub earliest: Timestamp,
    /// The latest accepted moment.
    pub latest: Timestamp,
}

impl From<Timestamp> for Moment {
    /// A change that happens when it is received.
    fn from(at: Timestamp) -> Self {
        Self { at, received_at: None }
    }
}

impl Moment {
    /// A change that happened at `at` and was received at `now`.
    pub fn received(at: Timestamp, now: Timestamp) -> Self {
        let is_late = now.millis_since(at).abs() > TOLERANCE_MILLIS;
        Self {
            at,
            received_at: is_late.then_some(now),
        }
    }

    /// The moment of a change that a command received at `now` reports with `occurred_at`. `latest_change` is the time
    /// of the timer's latest change; `None` for a new timer.
    ///
    /// # Errors
    /// [`OccurredAtError`] when `occurred_at` is not in the accepted range.
    pub fn of(
        occurred_at: Option<Timestamp>,
        latest_change: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self, OccurredAtError> {
        let Some(occurred_at) = occurred_at else {
            return Ok(now.into());
        };
        let day_ago = now.plus_millis(-OFFLINE_MILLIS);
        let earliest = latest_change.map_or(day_ago, |change| change.max(day_ago));
        let follows = latest_change.is_none_or(|change| occurred_at.plus_millis(TOLERANCE_MILLIS) >= change);
        if occurred_at < day_ago || !follows || occurred_at.millis_since(now) > TOLERANCE_MILLIS {
            return Err(OccurredAtError {
                earliest,
                latest: now.max(earliest),
            });
        }
        let at = latest_change.map_or(occurred_at, |change| occurred_at.max(change));
        Ok(Self::received(at.min(now), now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(NOW + millis)
    }

    fn moment(occurred: i64, change: Option<i64>) -> Result<(i64, bool), OccurredAtError> {
        let moment = Moment::of(Some(at(occurred)), change.map(at), at(0))?;
        assert!(moment.received_at.is_none_or(|received| received == at(0)));
        Ok((moment.at.millis() - NOW, moment.received_at.is_some()))
    }

    #[test]
    fn without_a_moment_a_change_happens_when_it_is_received() {
        assert_eq!(Moment::of(None, Some(at(-5)), at(0)), Ok(at(0).into()));
    }

    #[test]
    fn moments_of_the_last_24_hours_after_the_latest_change_are_taken() {
        assert_eq!(moment(-3_600_000, Some(-7_200_000)), Ok((-3_600_000, true)));
        assert_eq!(moment(-OFFLINE_MILLIS, None), Ok((-OFFLINE_MILLIS, true)));
        assert_eq!(moment(-2_000, None), Ok((-2_000, false)), "within the tolerance");
        assert_eq!(moment(-2_001, None), Ok((-2_001, true)));
    }

    #[test]
    fn moments_just_before_the_latest_change_or_just_ahead_are_moved() {
        assert_eq!(moment(-9_000, Some(-7_000)), Ok((-7_000, true)));
        assert_eq!(moment(2_000, None), Ok((0, false)));
    }

    #[test]
    fn other_moments_are_refused_with_the_accepted_range() {
        let refused = |occurred, change| moment(occurred, change).unwrap_err();
        let range = |earliest, latest| OccurredAtError {
            earliest: at(earliest),
            latest: at(latest),
        };
        assert_eq!(refused(-9_001, Some(-7_000)), range(-7_000, 0));
        assert_eq!(refused(2_001, None), range(-OFFLINE_MILLIS, 0));
        assert_eq!(refused(-OFFLINE_MILLIS - 1, None), range(-OFFLINE_MILLIS, 0));
        let message = refused(2_001, Some(-1_000)).to_string();
        assert!(
            message.contains("from 2027-01-15T07:59:59Z to 2027-01-15T08:00:00Z"),
            "{message}"
        );
    }
}
