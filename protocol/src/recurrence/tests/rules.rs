use super::*;

#[test]
fn the_contracts_cases() {
    assert_eq!(january("FREQ=WEEKLY;BYDAY=MO", Some("2024-01-29T23:59:59")).len(), 5);
    assert_eq!(january("FREQ=WEEKLY;COUNT=4", None).len(), 4);
    let days = window("2024-01-05T00:00:00", "2024-01-07T23:59:59");
    let daily = expand("FREQ=DAILY", "2024-01-01T10:00:00", Some("2024-01-10T23:59:59"), days).unwrap();
    assert_eq!(
        daily,
        ["2024-01-05T10:00:00", "2024-01-06T10:00:00", "2024-01-07T10:00:00"]
    );
}

#[test]
fn ends_are_inclusive_and_the_rules_own_end_takes_precedence() {
    assert_eq!(january("FREQ=DAILY", Some("2024-01-03T10:00:00")).len(), 3);
    assert_eq!(january("FREQ=DAILY", Some("2024-01-03T09:59:59.999")).len(), 2);
    assert_eq!(
        january("FREQ=DAILY;UNTIL=20240102T100000Z", Some("2024-01-20T00:00:00")).len(),
        2
    );
    assert_eq!(
        january("FREQ=DAILY;UNTIL=20240120T100000", Some("2024-01-02T00:00:00")).len(),
        20
    );
    assert_eq!(
        january("FREQ=DAILY;UNTIL=20240103", None).len(),
        2,
        "a bare date is its midnight"
    );
    assert_eq!(
        january("FREQ=DAILY;UNTIL=20231231T000000Z", None),
        [""; 0],
        "over before it began"
    );
}

#[test]
fn occurrences_keep_the_milliseconds_of_the_start() {
    let days = window("2024-01-01T00:00:00", "2024-01-31T23:59:59");
    let found = expand("FREQ=DAILY;COUNT=2", "2024-01-01T10:00:00.250", None, days).unwrap();
    assert_eq!(found, ["2024-01-01T10:00:00.250000", "2024-01-02T10:00:00.250000"]);
}

#[test]
fn a_rule_keeps_its_local_hour_in_utc_or_its_zone() {
    // New York changes its clocks on 2024-03-10.
    let march = window("2024-03-08T00:00:00", "2024-03-12T00:00:00");
    let start = "2024-03-08T15:00:00";
    let utc = expand("FREQ=DAILY;COUNT=4", start, None, march).unwrap();
    assert!(utc.iter().all(|text| text.ends_with("T15:00:00")), "{utc:?}");
    let zoned = "DTSTART;TZID=America/New_York:20240308T100000\nRRULE:FREQ=DAILY;COUNT=4";
    let expected = [
        "2024-03-08T15:00:00",
        "2024-03-09T15:00:00",
        "2024-03-10T14:00:00",
        "2024-03-11T14:00:00",
    ];
    assert_eq!(expand(zoned, start, None, march).unwrap(), expected);
    let far = window("2034-07-01T00:00:00", "2034-07-01T23:59:59");
    let zoned = "DTSTART;TZID=America/New_York:20240308T100000\nRRULE:FREQ=DAILY";
    assert_eq!(
        expand(zoned, start, None, far).unwrap(),
        ["2034-07-01T14:00:00"],
        "far from the start"
    );
    let until = "DTSTART;TZID=America/New_York:20240308T100000\nRRULE:FREQ=DAILY;UNTIL=20240310T100000";
    assert_eq!(
        expand(until, start, None, march).unwrap().len(),
        3,
        "an end in local time of the zone"
    );
}

#[test]
fn a_skipped_local_time_moves_by_the_gap_and_of_a_repeated_one_the_first_counts() {
    let zoned = |zone: &str, start: &str, rule: &str| format!("DTSTART;TZID={zone}:{start}\nRRULE:{rule}");
    for (zone, local, start, from, until, expected) in [
        // 02:30 does not exist in Berlin on 2024-03-31: it becomes 03:30, summer time.
        (
            "Europe/Berlin",
            "20240330T023000",
            "2024-03-30T01:30:00",
            "2024-03-31T00:00:00",
            "2024-03-31T23:00:00",
            "2024-03-31T01:30:00",
        ),
        // 02:30 comes twice on 2024-10-27.
        (
            "Europe/Berlin",
            "20241026T023000",
            "2024-10-26T00:30:00",
            "2024-10-27T00:00:00",
            "2024-10-27T23:00:00",
            "2024-10-27T00:30:00",
        ),
        // The clocks went from 00:00 to 01:00.
        (
            "America/Sao_Paulo",
            "20181103T000000",
            "2018-11-03T03:00:00",
            "2018-11-04T00:00:00",
            "2018-11-04T23:00:00",
            "2018-11-04T03:00:00",
        ),
        (
            "Asia/Beirut",
            "20220326T001500",
            "2022-03-25T22:15:00",
            "2022-03-26T22:00:00",
            "2022-03-27T20:00:00",
            "2022-03-26T22:15:00",
        ),
        // 00:30 came twice in Havana.
        (
            "America/Havana",
            "20251101T003000",
            "2025-11-01T04:30:00",
            "2025-11-02T00:00:00",
            "2025-11-02T20:00:00",
            "2025-11-02T04:30:00",
        ),
    ] {
        let found = expand(&zoned(zone, local, "FREQ=DAILY"), start, None, window(from, until)).unwrap();
        assert_eq!(found, [expected], "{zone} {local}");
    }
}

#[test]
fn the_day_that_apia_skipped_is_the_next_day() {
    let text = "DTSTART;TZID=Pacific/Apia:20111228T090000\nRRULE:FREQ=DAILY;COUNT=5";
    let found = expand(
        text,
        "2011-12-28T19:00:00",
        None,
        window("2011-12-01T00:00:00", "2012-02-01T00:00:00"),
    );
    // The 28th, the 29th, the 31st (twice, so once), the 1st.
    let expected = [
        "2011-12-28T19:00:00",
        "2011-12-29T19:00:00",
        "2011-12-30T19:00:00",
        "2011-12-31T19:00:00",
    ];
    assert_eq!(found.unwrap(), expected);
}

#[test]
fn an_hourly_rule_has_each_instant_once_when_clocks_change() {
    let zoned = |day: &str| format!("DTSTART;TZID=America/New_York:{day}T000000\nRRULE:FREQ=HOURLY");
    let hours = |day: &str, start: &str, until: &str| expand(&zoned(day), start, None, window(start, until)).unwrap();
    let spring = hours("20240310", "2024-03-10T05:00:00", "2024-03-10T08:00:00");
    let expected = [
        "2024-03-10T05:00:00",
        "2024-03-10T06:00:00",
        "2024-03-10T07:00:00",
        "2024-03-10T08:00:00",
    ];
    assert_eq!(spring, expected, "local 0, 1, 3 (also what 2 becomes) and 4");
    let autumn = hours("20241103", "2024-11-03T04:00:00", "2024-11-03T07:00:00");
    let expected = ["2024-11-03T04:00:00", "2024-11-03T05:00:00", "2024-11-03T07:00:00"];
    assert_eq!(autumn, expected, "local 0, 1 and 2");
}

#[test]
fn rules_that_other_calendars_get_wrong() {
    let years = window("2024-01-01T00:00:00", "2030-12-31T23:59:59");
    let days = |rule: &str| -> Vec<String> {
        let found = expand(rule, "2024-01-01T10:00:00", None, years).unwrap();
        found.iter().map(|at| at[..10].to_owned()).collect()
    };
    // 2024 and 2029 have 53 Mondays: the 53rd from the end is the first one.
    assert_eq!(days("FREQ=YEARLY;BYDAY=-53MO;COUNT=2"), ["2024-01-01", "2029-01-01"]);
    assert_eq!(
        days("FREQ=MONTHLY;BYDAY=-5FR;COUNT=3"),
        ["2024-03-01", "2024-05-03", "2024-08-02"]
    );
    // The 100th day of a year that is no weekend.
    assert_eq!(
        days("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=100,-1;COUNT=4"),
        ["2024-05-17", "2024-12-31", "2025-05-20", "2025-12-31"]
    );
    assert_eq!(
        days("FREQ=MONTHLY;BYDAY=MO,2TU;COUNT=6")[..3],
        ["2024-01-01", "2024-01-08", "2024-01-09"]
    );
    // Only years with 53 weeks by ISO 8601: 2026 has one.
    assert_eq!(days("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO"), ["2026-12-28"]);
    assert_eq!(
        days("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;COUNT=3"),
        ["2024-01-01", "2024-12-30", "2025-12-29"]
    );
    assert_eq!(
        days("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU;COUNT=2"),
        ["2024-12-29", "2025-12-28"]
    );
    // February 29th and the 31st exist where they exist, and nowhere else.
    assert_eq!(
        days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2"),
        ["2024-02-29", "2028-02-29"]
    );
    assert_eq!(
        days("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3"),
        ["2024-01-31", "2024-03-31", "2024-05-31"]
    );
    // A number before the weekday is for months and years only.
    assert_eq!(days("FREQ=WEEKLY;BYDAY=1MO;COUNT=2"), ["2024-01-01", "2024-01-08"]);
    // There are no leap seconds: the last second is the 59th.
    assert_eq!(january("FREQ=DAILY;BYSECOND=60;COUNT=1", None), ["2024-01-01T10:00:59"]);
}

#[test]
fn positions_of_a_week_count_from_its_first_day_also_in_the_first_week() {
    // It starts on a Wednesday: the week's first listed day, Monday, is over.
    let found = expand(
        "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1",
        "2024-01-03T10:00:00",
        None,
        window("2024-01-01T00:00:00", "2024-01-20T00:00:00"),
    );
    assert_eq!(found.unwrap(), ["2024-01-08T10:00:00", "2024-01-15T10:00:00"]);
}

#[test]
fn large_counts_and_distant_windows_are_reached_by_arithmetic() {
    let start = "2000-01-01T10:00:00";
    for (rule, from, until, expected) in [
        (
            "FREQ=DAILY;COUNT=50000",
            "2100-01-01T00:00:00",
            "2100-01-31T23:59:59",
            31,
        ),
        (
            "FREQ=HOURLY;COUNT=2000000",
            "2100-01-01T00:00:00",
            "2100-01-01T23:59:59",
            24,
        ),
        (
            "FREQ=MINUTELY;COUNT=100000000",
            "2150-01-01T00:00:00",
            "2150-01-01T00:59:59",
            60,
        ),
        (
            "FREQ=MINUTELY;BYHOUR=9;BYDAY=MO,FR;COUNT=4000000000",
            "2150-01-02T00:00:00",
            "2150-01-08T23:59:59",
            120,
        ),
        (
            "FREQ=SECONDLY;COUNT=4294967295",
            "2136-02-07T16:28:00",
            "2137-01-01T00:00:00",
            15,
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE;COUNT=40000",
            "2200-01-01T00:00:00",
            "2200-01-31T23:59:59",
            13,
        ),
        (
            "FREQ=DAILY;INTERVAL=3;BYDAY=SA,SU;COUNT=30000",
            "2500-01-01T00:00:00",
            "2500-12-31T23:59:59",
            34,
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1FR;COUNT=60000",
            "2900-01-01T00:00:00",
            "2900-12-31T23:59:59",
            12,
        ),
        ("FREQ=HOURLY", "9999-01-01T00:00:00", "9999-01-01T23:59:59", 24),
    ] {
        let found = expand(rule, start, None, window(from, until)).map(|found| found.len());
        assert_eq!(found, Ok(expected), "{rule}");
    }
    let after = window("2136-02-07T16:28:15", "2137-01-01T00:00:00");
    assert_eq!(
        expand("FREQ=SECONDLY;COUNT=4294967295", start, None, after),
        Ok(vec![]),
        "the last one is over"
    );
}

#[test]
fn hostile_rules_end() {
    let millennium = window("2024-01-01T00:00:00", "3024-01-01T00:00:00");
    let hour = window("3024-01-01T00:00:00", "3024-01-01T01:00:00");
    let read = |rule: &str, window| expand(rule, "2024-01-01T10:00:00", None, window).map(|found| found.len());
    for rule in [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=HOURLY",
        "FREQ=DAILY",
        "FREQ=SECONDLY;BYHOUR=3;BYMINUTE=0;BYSECOND=0",
    ] {
        assert_eq!(read(rule, millennium), Err(RuleError::TooMany), "{rule}");
    }
    assert_eq!(read("FREQ=SECONDLY", hour), Ok(3601), "far away, but few");
    assert_eq!(read("FREQ=MINUTELY", hour), Ok(61));
    assert_eq!(read("FREQ=DAILY;COUNT=3", hour), Ok(0));
    for never in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    ] {
        assert_eq!(read(never, millennium), Ok(0), "{never}");
        assert_eq!(read(&format!("{never};COUNT=5"), hour), Ok(0), "{never}, counted");
    }
    let all: Vec<String> = (0..60).map(|number| number.to_string()).collect();
    let all = all.join(",");
    let bomb = format!("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=1,2,3,4;BYMINUTE={all};BYSECOND={all}");
    assert_eq!(read(&bomb, millennium), Err(RuleError::TooMany));
    let recurrence: Recurrence = bomb.parse().unwrap();
    let series = Series::new(&recurrence, at("2024-01-01T10:00:00"), None);
    assert_eq!(series.check(), Err(RuleError::TooMany));
}

#[test]
fn the_budget_applies_to_all_reads_of_a_rule() {
    let recurrence: Recurrence = "FREQ=MINUTELY".parse().unwrap();
    let series = Series::new(&recurrence, at("2024-01-01T00:00:00"), None);
    let days = window("2024-01-01T00:00:00", "2024-01-05T00:00:00");
    let mut budget = Budget::default();
    assert!(series.occurrences(days, &mut budget).is_ok());
    assert_eq!(series.occurrences(days, &mut budget), Err(RuleError::TooMany));
}

#[test]
fn intraday_rules_stay_aligned_across_filtered_times() {
    // Mondays 8, 15, 22 and 29; the 1st begins later.
    assert_eq!(january("FREQ=MINUTELY;BYDAY=MO;BYHOUR=9", None).len(), 4 * 60);
    // 10:00 and every seven minutes, at any hour: the next day begins at 9:06.
    let found = january("FREQ=MINUTELY;INTERVAL=7;BYHOUR=9;BYMONTHDAY=2", None);
    assert_eq!(found.first().unwrap(), "2024-01-02T09:06:00");
    assert_eq!(found.len(), 8);
    let quarters = "FREQ=HOURLY;INTERVAL=5;BYMINUTE=45,15,30,0;BYSETPOS=1,-1;COUNT=3";
    let expected = ["2024-01-01T10:00:00", "2024-01-01T10:45:00", "2024-01-01T15:00:00"];
    assert_eq!(january(quarters, None), expected);
}

#[test]
fn the_next_occurrences_are_found_however_rare_they_are() {
    let next = |rule: &str, from: &str| {
        let recurrence: Recurrence = rule.parse().unwrap();
        let series = Series::new(&recurrence, at("2024-01-01T10:00:00"), None);
        let found = series.next(at(from), 5, &mut Budget::default()).unwrap();
        found
            .iter()
            .map(|at| at.websocket(None)[..10].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        next("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2024-01-03T00:00:00"),
        ["2024-01-16", "2024-01-30", "2024-02-13", "2024-02-27", "2024-03-12"]
    );
    assert_eq!(
        next("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2023-01-01T00:00:00"),
        ["2024-02-29", "2028-02-29", "2032-02-29", "2036-02-29", "2040-02-29"]
    );
    assert_eq!(
        next("FREQ=DAILY;COUNT=3", "2024-01-02T00:00:00"),
        ["2024-01-02", "2024-01-03"]
    );
    assert_eq!(
        next("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2024-01-02T00:00:00"),
        [""; 0]
    );
    assert_eq!(
        next("RDATE:20240105T120000Z", "2023-01-02T00:00:00"),
        ["2024-01-01", "2024-01-05"]
    );
}
