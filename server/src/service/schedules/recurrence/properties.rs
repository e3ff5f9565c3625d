//! Whatever a rule says: it ends, and a window shows of it what is in it.

use super::*;
use proptest::prelude::*;

fn rules() -> impl Strategy<Value = String> {
    let freq = prop::sample::select(vec![
        "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY",
    ]);
    let parts = prop::sample::subsequence(
        vec![
            "BYDAY=MO,TH",
            "BYMONTH=1,2,3",
            "BYHOUR=8,10",
            "BYMINUTE=0,30",
            "BYMONTHDAY=1,15,-1",
            "BYSETPOS=1",
            "WKST=SU",
            "BYYEARDAY=1,-1",
            "BYWEEKNO=2",
            "BYSECOND=0",
            "BYDAY=1MO",
        ],
        0..4,
    );
    (freq, 1..50_u16, parts).prop_map(|(freq, interval, parts)| {
        let more: String = parts.iter().map(|part| format!(";{part}")).collect();
        format!("FREQ={freq};INTERVAL={interval}{more}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_window_is_a_part_of_the_whole(rule in rules(), start in 0..86_400_i64, from in 0..40_i64, days in 0..5_i64) {
        let start = Timestamp::from_millis(1_704_067_200_000 + start * 1000);
        let from = start.plus_millis(from * 86_400_000);
        let window = Window { from, until: from.plus_millis(days * 86_400_000) };
        let whole = Window { from: start, until: window.until };
        if let Ok(rule) = rule.parse::<Rule>() {
            let part = rule.occurrences(start, None, window, &mut Budget::default());
            let all = rule.occurrences(start, None, whole, &mut Budget::default());
            if let (Ok(part), Ok(mut all)) = (part, all) {
                all.retain(|at| *at >= from);
                prop_assert_eq!(part, all);
            }
        }
    }

    #[test]
    fn any_text_is_a_rule_or_none(text in "\\PC{0,40}", rule in rules(), tail in "[;=,A-Z0-9:-]{0,12}") {
        for text in [text, format!("{rule};{tail}"), format!("{rule}{tail}")] {
            if let Ok(rule) = text.parse::<Rule>() {
                let start = Timestamp::from_millis(1_704_067_200_000);
                let window = Window { from: start, until: start.plus_millis(86_400_000) };
                if let Ok(found) = rule.occurrences(start, None, window, &mut Budget::default()) {
                    prop_assert!(found.len() <= MOST_CANDIDATES);
                    prop_assert!(found.iter().all(|at| (window.from..=window.until).contains(at)));
                }
            }
        }
    }
}
