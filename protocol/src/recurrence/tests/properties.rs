//! Expanding any rule terminates, a window contains exactly its occurrences, and counting agrees with listing.

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
        ],
        0..4,
    );
    (freq, 1..50_u16, parts).prop_map(|(freq, interval, parts)| {
        let more: String = parts.iter().map(|part| format!(";{part}")).collect();
        format!("FREQ={freq};INTERVAL={interval}{more}")
    })
}

const MONDAY_MILLIS: i64 = 1_704_067_200_000;
const DAY: i64 = 86_400_000;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_window_contains_its_part_of_all_occurrences(rule in rules(), start in 0..86_400_i64, from in 0..40_i64, days in 0..5_i64) {
        let start = Timestamp::from_millis(MONDAY_MILLIS + start * 1000);
        let from = start.plus_millis(from * DAY);
        let window = Window { from, until: from.plus_millis(days * DAY) };
        let whole = Window { from: start, until: window.until };
        let recurrence: Recurrence = rule.parse().unwrap();
        let series = Series::new(&recurrence, start, None);
        let part = series.occurrences(window, &mut Budget::default());
        let all = series.occurrences(whole, &mut Budget::default());
        if let (Ok(part), Ok(mut all)) = (part, all) {
            all.retain(|at| *at >= from);
            prop_assert_eq!(part, all);
        }
    }

    #[test]
    fn counting_agrees_with_listing(rule in rules(), start in 0..86_400_i64, days in 1..2_000_i64, n in 0..200_usize) {
        let start = Timestamp::from_millis(MONDAY_MILLIS + start * 1000);
        let until = start.plus_millis(days * DAY);
        let recurrence: Recurrence = rule.parse().unwrap();
        let series = Series::new(&recurrence, start, None);
        if let Ok(all) = series.occurrences(Window { from: start, until }, &mut Budget::new(u64::MAX)) {
            let count = series.count_before(until.plus_millis(1), &mut Budget::new(u64::MAX)).unwrap();
            prop_assert_eq!(count, all.len() as u64);
            if let Some(at) = all.get(n) {
                prop_assert_eq!(series.nth(n as u64, &mut Budget::new(u64::MAX)), Ok(Some(*at)));
                prop_assert_eq!(series.count_before(*at, &mut Budget::new(u64::MAX)), Ok(n as u64));
                let counted: Recurrence = format!("{rule};COUNT={}", n + 1).parse().unwrap();
                let found = Series::new(&counted, start, None).occurrences(Window { from: start, until }, &mut Budget::default());
                prop_assert_eq!(found, Ok(all[..=n].to_vec()));
            }
        }
    }

    #[test]
    fn parsing_any_text_does_not_panic(text in "\\PC{0,40}", rule in rules(), tail in "[;=,A-Z0-9:\n-]{0,12}") {
        for text in [text, format!("{rule};{tail}"), format!("{rule}{tail}"), format!("{rule}\nEXDATE:{tail}")] {
            if let Ok(recurrence) = text.parse::<Recurrence>() {
                let start = Timestamp::from_millis(MONDAY_MILLIS);
                let window = Window { from: start, until: start.plus_millis(DAY) };
                let series = Series::new(&recurrence, start, None);
                if let Ok(found) = series.occurrences(window, &mut Budget::default()) {
                    prop_assert!(found.len() <= MOST_CANDIDATES);
                    prop_assert!(found.iter().all(|at| (window.from..=window.until).contains(at)));
                }
                let text = recurrence.text(series.local(start));
                prop_assert_eq!(text.parse::<Recurrence>().map(|again| again.rule), Ok(recurrence.rule.clone()), "{}", text);
            }
        }
    }
}
