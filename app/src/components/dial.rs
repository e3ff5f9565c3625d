//! A dial of sixty ticks; the lit ones show the remaining time.
//!
//! The lit ticks are an arc behind a mask of all ticks. The page contains the mask once, so that a dial is a few
//! characters of HTML, and the next tick changes two numbers.

use leptos::prelude::*;
use protocol::timers::OPEN_ENDED_SECONDS;

/// Number of ticks.
pub const TICKS: i64 = 60;

/// The mask of the ticks, once per page with [`Dial`]s.
#[component]
pub fn DialMask() -> impl IntoView {
    view! {
        <svg class="dial-mask" aria-hidden="true">
            <mask id="dial-ticks" maskUnits="userSpaceOnUse" x="0" y="0" width="200" height="200">
                <circle class="dial-ticks" cx="100" cy="100" r="89" pathLength="60" />
            </mask>
        </svg>
    }
    .into_any()
}

/// The dial. All it shows is also written beside it, so it is hidden from screen readers.
#[component]
pub fn Dial(
    /// Remaining seconds.
    remaining: Memo<i64>,
    /// Allocated seconds.
    allocated: Memo<i64>,
) -> impl IntoView {
    let lit = Memo::new(move |_| lit_ticks(remaining.get(), allocated.get()));
    view! {
        <svg class="dial" viewBox="0 0 200 200" aria-hidden="true">
            <circle class="dial-track" cx="100" cy="100" r="89" pathLength="60" />
            <g mask="url(#dial-ticks)">
                <circle
                    class="dial-lit"
                    cx="100"
                    cy="100"
                    r="89"
                    pathLength="60"
                    stroke-dasharray=move || lit_arc(lit.get())
                />
            </g>
        </svg>
    }
    .into_any()
}

/// Number of lit ticks: all at the start, none at the end, all again in overtime. Without an end they are the minutes of
/// the hour.
fn lit_ticks(remaining: i64, allocated: i64) -> i64 {
    if allocated >= OPEN_ENDED_SECONDS {
        return (allocated - remaining) / 60 % TICKS;
    }
    match remaining {
        ..0 => TICKS,
        _ => (remaining * TICKS + allocated - 1) / allocated.max(1),
    }
    .min(TICKS)
}

/// The dash pattern of an arc over the last `lit` ticks of a circle that starts at twelve o'clock.
pub fn lit_arc(lit: i64) -> String {
    format!("0 {} {lit} 0", TICKS - lit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lit_ticks_follow_the_remaining_time() {
        assert_eq!(lit_ticks(1500, 1500), 60);
        assert_eq!(lit_ticks(1476, 1500), 60, "the first share is not over");
        assert_eq!(lit_ticks(1475, 1500), 59);
        assert_eq!(lit_ticks(1, 1500), 1);
        assert_eq!(lit_ticks(0, 1500), 0);
        assert_eq!(lit_ticks(-1, 1500), 60);
        assert_eq!(lit_ticks(90, 60), 60, "never more than sixty");
        let open_ended = |elapsed| lit_ticks(OPEN_ENDED_SECONDS - elapsed, OPEN_ENDED_SECONDS);
        assert_eq!((open_ended(59), open_ended(60), open_ended(3_660)), (0, 1, 1));
    }

    #[test]
    fn lit_arc_and_gap_fill_the_circle() {
        assert_eq!(lit_arc(0), "0 60 0 0");
        assert_eq!(lit_arc(2), "0 58 2 0");
        assert_eq!(lit_arc(60), "0 0 60 0");
    }
}
