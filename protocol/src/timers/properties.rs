//! Property tests: invariants of every timer under any sequence of actions and clock readings.

use super::*;
use crate::{id::TimerId, time::Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

/// Steps of (action, milliseconds since the step before).
fn steps() -> impl Strategy<Value = Vec<(Action, i64)>> {
    let action = prop::sample::select(Action::ALL.to_vec());
    let gap = prop_oneof![Just(0), 1..2_000i64, 0..1_000_000_000i64];
    // Mostly pause and resume, since a stop is final.
    let usual = prop_oneof![8 => prop::sample::select(vec![Action::Pause, Action::Resume]), 1 => action];
    prop::collection::vec((usual, gap), 0..120)
}

fn new_timer(start: i64) -> Timer {
    let new = NewTimer {
        allocated_seconds: 1500,
        ..NewTimer::default()
    };
    Timer::create(TimerId(Uuid::nil()), "ada".into(), new, Timestamp::from_millis(start)).unwrap()
}

proptest! {
    #[test]
    fn elapsed_is_the_sum_of_the_running_spans(start in 0..2_000_000_000_000i64, steps in steps(), tail in 0..100_000i64) {
        let mut timer = new_timer(start);
        let mut now = Timestamp::from_millis(start);
        let mut ran = 0; // The model: the sum of all intervals in which the timer ran.
        for (action, gap) in steps {
            now = now.plus_millis(gap);
            if timer.status == TimerStatus::Running {
                ran += gap;
            }
            prop_assert_eq!(timer.elapsed_millis_at(now), ran);
            match timer.apply(action, now) {
                Ok(next) => {
                    prop_assert_eq!(Some(next.status), action.target(timer.status));
                    prop_assert_eq!(next.history.len(), timer.history.len() + 1);
                    timer = next;
                }
                Err(refused) => {
                    prop_assert_eq!(refused, TransitionError::Status { action, status: timer.status });
                    prop_assert_eq!(action.target(timer.status), None);
                }
            }
            prop_assert_eq!(timer.elapsed_millis_at(now), ran);
        }
        now = now.plus_millis(tail);
        ran += if timer.status == TimerStatus::Running { tail } else { 0 };
        prop_assert_eq!(timer.elapsed_millis_at(now), ran);
        prop_assert!(timer.elapsed_millis_at(now) <= now.millis_since(timer.created_at));
    }

    #[test]
    fn elapsed_never_shrinks_when_the_clock_is_set_back(steps in prop::collection::vec((prop::sample::select(Action::ALL.to_vec()), -10_000..10_000i64), 0..60)) {
        let mut timer = new_timer(1_000_000);
        let mut now = Timestamp::from_millis(1_000_000);
        let mut before = 0;
        for (action, gap) in steps {
            now = now.plus_millis(gap);
            timer = timer.apply(action, now).unwrap_or(timer);
            prop_assert!(timer.elapsed_millis >= before, "elapsed time never shrinks");
            prop_assert!(timer.elapsed_millis_at(now) >= 0);
            before = timer.elapsed_millis;
        }
        prop_assert!(timer.history.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }

    #[test]
    fn the_history_replays_to_the_same_timer(start in 0..2_000_000_000_000i64, steps in steps()) {
        let mut timer = new_timer(start);
        let mut now = Timestamp::from_millis(start);
        for (action, gap) in steps {
            now = now.plus_millis(gap);
            timer = timer.apply(action, now).unwrap_or(timer);
        }
        let forgotten = Timer { elapsed_millis: -1, status: TimerStatus::Paused, started_at: Timestamp::default(), ..timer.clone() };
        prop_assert_eq!(forgotten.replay(), Ok(timer));
    }
}
