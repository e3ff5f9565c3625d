//! Property tests: expanding any rule terminates, and a window contains exactly its occurrences.

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
    fn a_window_contains_its_part_of_all_occurrences(rule in rules(), start in 0..86_400_i64, from in 0..40_i64, days in 0..5_i64) {
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
    fn minutely_rules_equal_checking_every_minute(
        interval in 1..200_i64,
        hours in prop::sample::subsequence((0..24_i64).collect::<Vec<_>>(), 1..4),
        minutes in prop::sample::subsequence((0..60_i64).collect::<Vec<_>>(), 1..30),
        days in prop::sample::subsequence((0..7_usize).collect::<Vec<_>>(), 1..4),
    ) {
        let list = |values: &[i64]| values.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let names: Vec<_> = days.iter().map(|day| ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][*day]).collect();
        let (by_hour, by_minute, by_day) = (list(&hours), list(&minutes), names.join(","));
        let text = format!("FREQ=MINUTELY;INTERVAL={interval};BYDAY={by_day};BYHOUR={by_hour};BYMINUTE={by_minute}");
        // Midnight of a Monday.
        let start = Timestamp::from_millis(1_704_067_200_000);
        let window = Window { from: start, until: start.plus_millis(14 * 86_400_000 - 1) };
        let found = text.parse::<Rule>().unwrap().occurrences(start, None, window, &mut Budget::default()).unwrap();
        let passes = |minute: &i64| {
            let day = usize::try_from(minute / 1_440 % 7).unwrap();
            minute % interval == 0
                && days.contains(&day)
                && hours.contains(&(minute / 60 % 24))
                && minutes.contains(&(minute % 60))
        };
        let expected: Vec<_> = (0..14 * 1_440)
            .filter(passes)
            .map(|minute| start.plus_millis(minute * 60_000))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn parsing_any_text_does_not_panic(text in "\\PC{0,40}", rule in rules(), tail in "[;=,A-Z0-9:-]{0,12}") {
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
