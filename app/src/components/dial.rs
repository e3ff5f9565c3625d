//! A dial of sixty ticks, of which those of the time that is left are lit.
//!
//! What is lit is an arc, seen through a mask of all ticks. The page has the mask once, so that a dial is a few characters
//! of HTML, and a tick that goes out changes two numbers.

use leptos::prelude::*;

/// How many ticks a dial has.
pub const TICKS: i64 = 60;

/// The mask of the ticks, once on a page with [`Dial`]s.
#[component]
pub fn DialMask() -> impl IntoView {
    view! {
        <svg class="dial-mask" aria-hidden="true">
            <mask id="dial-ticks" maskUnits="userSpaceOnUse" x="0" y="0" width="200" height="200">
                <circle class="dial-ticks" cx="100" cy="100" r="89" pathLength=TICKS />
            </mask>
        </svg>
    }
    .into_any()
}

/// The dial. It holds nothing that is not also written beside it, so it is hidden from screen readers.
#[component]
pub fn Dial(
    /// Seconds that are left.
    remaining: Memo<i64>,
    /// Seconds in all.
    allocated: Memo<i64>,
) -> impl IntoView {
    let lit = Memo::new(move |_| lit_ticks(remaining.get(), allocated.get()));
    view! {
        <svg class="dial" viewBox="0 0 200 200" aria-hidden="true">
            <circle class="dial-track" cx="100" cy="100" r="89" pathLength=TICKS />
            <g mask="url(#dial-ticks)">
                <circle
                    class="dial-lit"
                    cx="100"
                    cy="100"
                    r="89"
                    pathLength=TICKS
                    stroke-dasharray=move || lit_arc(lit.get())
                />
            </g>
        </svg>
    }
    .into_any()
}

/// Ticks that are lit: all at the start, none at the end, all once more when it is over time.
fn lit_ticks(remaining: i64, allocated: i64) -> i64 {
    match remaining {
        ..0 => TICKS,
        _ => (remaining * TICKS + allocated - 1) / allocated.max(1),
    }
    .min(TICKS)
}

/// The dash pattern of an arc over the last `lit` ticks of a circle that begins at twelve o'clock.
pub fn lit_arc(lit: i64) -> String {
    format!("0 {} {lit} 0", TICKS - lit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_go_out_one_by_one() {
        assert_eq!(lit_ticks(1500, 1500), 60);
        assert_eq!(lit_ticks(1476, 1500), 60, "the first share is not over");
        assert_eq!(lit_ticks(1475, 1500), 59);
        assert_eq!(lit_ticks(1, 1500), 1);
        assert_eq!(lit_ticks(0, 1500), 0);
        assert_eq!(lit_ticks(-1, 1500), 60);
        assert_eq!(lit_ticks(90, 60), 60, "never more than there are");
    }

    #[test]
    fn lit_arc_and_gap_fill_the_circle() {
        assert_eq!(lit_arc(0), "0 60 0 0");
        assert_eq!(lit_arc(2), "0 58 2 0");
        assert_eq!(lit_arc(60), "0 0 60 0");
    }
}
