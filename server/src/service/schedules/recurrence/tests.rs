use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse_iso(text).unwrap()
}

fn window(from: &str, until: &str) -> Window {
    Window {
        from: at(from),
        until: at(until),
    }
}

fn expand(rule: &str, start: &str, end: Option<&str>, window: Window) -> Result<Vec<String>, RuleError> {
    let rule: Rule = rule.parse()?;
    let found = rule.occurrences(at(start), end.map(at), window, &mut Budget::default())?;
    Ok(found.iter().map(|start| start.websocket(None)).collect())
}

const JANUARY: (&str, &str) = ("2024-01-01T00:00:00", "2024-01-31T23:59:59");

fn january(rule: &str, end: Option<&str>) -> Vec<String> {
    expand(rule, "2024-01-01T10:00:00", end, window(JANUARY.0, JANUARY.1)).unwrap()
}

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
fn rules_are_parsed_in_all_accepted_forms() {
    for text in [
        "rrule:freq=daily;count=3",
        "RRULE:FREQ=DAILY;COUNT=3",
        "Freq=Daily;Count=3;",
        " FREQ=DAILY;COUNT=3\n",
    ] {
        assert_eq!(january(text, None).len(), 3, "{text}");
    }
    for text in [
        " ",
        "daily",
        "FREQ=",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;INTERVAL=0",
        "COUNT=3",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=NEVER",
        "FREQ=DAILY;X=Y",
        "FREQ=DAILY;;",
        "é",
        "FREQ=DAÏLY",
        "FREQ=DAILY;COUNT=99999999999",
        "FREQ=DAILY\nFREQ=DAILY",
        "DTSTART:20240101T000000Z",
        "FREQ=DAILY;BYDAY=",
        "DTSTART;TZID=Mars/Base:20240101T100000\nFREQ=DAILY",
        "FREQ=DAILY;UNTIL=20240101;UNTIL=20240102",
    ] {
        let read = expand(text, "2024-01-01T10:00:00", None, window(JANUARY.0, JANUARY.1));
        assert_eq!(read, Err(RuleError::Invalid), "{text}");
    }
}

#[test]
fn occurrences_keep_the_milliseconds_of_the_start() {
    let found = expand(
        "FREQ=DAILY;COUNT=2",
        "2024-01-01T10:00:00.250",
        None,
        window(JANUARY.0, JANUARY.1),
    )
    .unwrap();
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
        "also when walked into"
    );
    let until = "DTSTART;TZID=America/New_York:20240308T100000\nRRULE:FREQ=DAILY;UNTIL=20240310T100000";
    assert_eq!(
        expand(until, start, None, march).unwrap().len(),
        3,
        "an end on the wall of the zone"
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
    assert_eq!(read("FREQ=SECONDLY;COUNT=4000000", hour), Err(RuleError::TooMany));
    assert_eq!(read("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", millennium), Ok(0), "never");
    let all: Vec<String> = (0..60).map(|number| number.to_string()).collect();
    let all = all.join(",");
    let bomb = format!("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=1,2,3,4;BYMINUTE={all};BYSECOND={all}");
    assert_eq!(read(&bomb, millennium), Err(RuleError::TooMany));
    assert_eq!(
        bomb.parse::<Rule>().unwrap().check(at("2024-01-01T10:00:00")),
        Err(RuleError::TooMany)
    );
}

#[test]
fn the_budget_applies_to_all_reads_of_a_rule() {
    let rule: Rule = "FREQ=MINUTELY".parse().unwrap();
    let start = at("2024-01-01T00:00:00");
    let days = window("2024-01-01T00:00:00", "2024-01-05T00:00:00");
    let mut budget = Budget::default();
    assert!(rule.occurrences(start, None, days, &mut budget).is_ok());
    assert_eq!(
        rule.occurrences(start, None, days, &mut budget),
        Err(RuleError::TooMany)
    );
}

#[test]
fn intraday_rules_stay_aligned_across_filtered_times() {
    // Mondays 8, 15, 22 and 29; the 1st begins later.
    assert_eq!(january("FREQ=MINUTELY;BYDAY=MO;BYHOUR=9", None).len(), 4 * 60);
    // 10:00 and every seven minutes, at any hour: the next day begins at 9:06.
    let found = january("FREQ=MINUTELY;INTERVAL=7;BYHOUR=9;BYMONTHDAY=2", None);
    assert_eq!(found.first().unwrap(), "2024-01-02T09:06:00");
    assert_eq!(found.len(), 8);
}

#[test]
fn bysetpos_and_count_apply_to_times_within_an_hour() {
    let quarters = "FREQ=HOURLY;INTERVAL=5;BYMINUTE=45,15,30,0;BYSETPOS=1,-1;COUNT=3";
    let expected = ["2024-01-01T10:00:00", "2024-01-01T10:45:00", "2024-01-01T15:00:00"];
    assert_eq!(january(quarters, None), expected);
    // A number before the day is for monthly and yearly rules only.
    assert_eq!(january("FREQ=WEEKLY;BYDAY=1MO", None).len(), 5);
}

#[test]
fn a_skipped_local_hour_has_no_occurrence_and_a_repeated_one_has_one() {
    let zoned = |day: &str| format!("DTSTART;TZID=America/New_York:{day}T000000\nRRULE:FREQ=HOURLY");
    let hours = |day: &str, start: &str, until: &str| expand(&zoned(day), start, None, window(start, until)).unwrap();
    let spring = hours("20240310", "2024-03-10T05:00:00", "2024-03-10T08:00:00");
    let expected = [
        "2024-03-10T05:00:00",
        "2024-03-10T06:00:00",
        "2024-03-10T07:00:00",
        "2024-03-10T08:00:00",
    ];
    assert_eq!(spring, expected, "0, 1, 3 and 4 on the wall");
    let autumn = hours("20241103", "2024-11-03T04:00:00", "2024-11-03T07:00:00");
    let expected = ["2024-11-03T04:00:00", "2024-11-03T05:00:00", "2024-11-03T07:00:00"];
    assert_eq!(autumn, expected, "0, 1 and 2 on the wall");
}
