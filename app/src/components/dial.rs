//! A dial of sixty ticks, of which those of the time that is left are lit.

use leptos::prelude::*;

/// How many ticks a dial has.
pub const TICKS: i64 = 60;
/// How much of a tick's share of the circle is drawn.
const DRAWN: &str = "0.34";
const BLANK: &str = "0.66";

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
            <circle class="dial-track" cx="100" cy="100" r="89" pathLength=TICKS stroke-dasharray=dashes(TICKS) />
            <circle
                class="dial-lit"
                cx="100"
                cy="100"
                r="89"
                pathLength=TICKS
                stroke-dasharray=move || dashes(lit.get())
            />
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

/// The dash pattern of the last `lit` ticks of the circle, which begins at twelve o'clock.
pub fn dashes(lit: i64) -> String {
    let mut pattern = format!("0 {}", TICKS - lit);
    for _ in 0..lit {
        pattern.push_str(&format!(" {DRAWN} {BLANK}"));
    }
    pattern
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
    fn the_pattern_fills_the_circle() {
        assert_eq!(dashes(0), "0 60");
        assert_eq!(dashes(2), "0 58 0.34 0.66 0.34 0.66");
    }
}
