//! Time by calendar days (`GET /v1/timers/totals`).

use serde::{Deserialize, Serialize};

/// The time of timers, in total and by day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TimerTotals {
    /// The days with timers, in order.
    pub days: Vec<DayTotal>,
    /// The elapsed time of all days in seconds.
    pub seconds: i64,
    /// The number of timers of all days.
    pub count: i64,
}

/// The time of the timers that started on a day. All of a timer's time counts for the day of its first start
/// (`created_at`), also if it went on past midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DayTotal {
    /// The date in the requested timezone, such as 2026-11-26.
    #[cfg_attr(feature = "schema", schema(format = Date))]
    pub date: String,
    /// The elapsed time in seconds: the sum of the timers' `elapsed_time`.
    pub seconds: i64,
    /// The number of timers.
    pub count: i64,
}

impl FromIterator<DayTotal> for TimerTotals {
    fn from_iter<I: IntoIterator<Item = DayTotal>>(days: I) -> Self {
        let days: Vec<DayTotal> = days.into_iter().collect();
        Self {
            seconds: days.iter().map(|day| day.seconds).sum(),
            count: days.iter().map(|day| day.count).sum(),
            days,
        }
    }
}
