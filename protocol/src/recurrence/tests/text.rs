use super::*;
use chrono::NaiveDate;

#[test]
fn rules_are_parsed_in_all_accepted_forms() {
    for text in [
        "rrule:freq=daily;count=3",
        "RRULE:FREQ=DAILY;COUNT=3",
        "Freq=Daily;Count=3;",
        " FREQ=DAILY;COUNT=3\n",
        "DTSTART:20240101T100000Z\r\nRRULE:FREQ=DAILY;\r\n COUNT=3\r\n",
        "DTSTART;TZID=\"Etc/UTC\":20240101T100000\n  RRULE:FREQ=DAILY;COUNT=3",
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
        "FREQ=DAILY;UNTIL=20240230",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=54MO",
        "FREQ=NEVER",
        "FREQ=DAILY;X=Y",
        "FREQ=DAILY;;",
        "FREQ=DAILY;FREQ=DAILY",
        "é",
        "FREQ=DAÏLY",
        "FREQ=DAILY;COUNT=99999999999",
        "FREQ=DAILY\nFREQ=DAILY",
        "DTSTART:20240101T000000Z",
        "FREQ=DAILY;BYDAY=",
        "DTSTART;TZID=Mars/Base:20240101T100000\nFREQ=DAILY",
        "FREQ=DAILY;UNTIL=20240101;UNTIL=20240102",
        "FREQ=DAILY\nEXDATE:soon",
        "FREQ=DAILY\nEXRULE:FREQ=WEEKLY",
        "FREQ=DAILY\nRDATE;VALUE=PERIOD:20240101T100000Z/PT1H",
    ] {
        let read = expand(
            text,
            "2024-01-01T10:00:00",
            None,
            window("2024-01-01T00:00:00", "2024-02-01T00:00:00"),
        );
        assert_eq!(read, Err(RuleError::Invalid), "{text}");
    }
}

#[test]
fn dates_are_added_and_excluded() {
    let text = "RRULE:FREQ=WEEKLY;COUNT=3\nRDATE:20240103T120000Z,20240104T120000Z\n\
                EXDATE:20240108T100000Z\nEXDATE;VALUE=DATE:20240104";
    assert_eq!(
        january(text, None),
        ["2024-01-01T10:00:00", "2024-01-03T12:00:00", "2024-01-15T10:00:00"],
        "what is excluded counts for COUNT"
    );
    assert_eq!(
        january("RDATE;VALUE=DATE:20240105", None),
        ["2024-01-01T10:00:00", "2024-01-05T10:00:00"],
        "without a rule the start is an occurrence; a date has the time of the start"
    );
    let zoned = "DTSTART;TZID=Europe/Berlin:20240101T110000\nRRULE:FREQ=DAILY;COUNT=3\n\
                 EXDATE;TZID=Europe/Berlin:20240102T110000\nRDATE;TZID=America/New_York:20240110T100000";
    assert_eq!(
        january(zoned, None),
        ["2024-01-01T10:00:00", "2024-01-03T10:00:00", "2024-01-10T15:00:00"]
    );
}

#[test]
fn an_all_day_series_has_dates_whatever_the_zone() {
    let recurrence: Recurrence = "DTSTART;TZID=Asia/Seoul:20240101T000000\nRRULE:FREQ=WEEKLY;UNTIL=20240122\n\
                                  EXDATE:20240108T150000Z\nRDATE;VALUE=DATE:20240110"
        .parse()
        .unwrap();
    let series = Series::all_day(&recurrence, at("2024-01-01T00:00:00"), None);
    let found = series.occurrences(
        window("2023-01-01T00:00:00", "2025-01-01T00:00:00"),
        &mut Budget::default(),
    );
    let found: Vec<String> = found.unwrap().iter().map(|at| at.websocket(None)).collect();
    let expected = [
        "2024-01-01T00:00:00",
        "2024-01-10T00:00:00",
        "2024-01-15T00:00:00",
        "2024-01-22T00:00:00",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_changed_recurrence_is_written_as_text() {
    let start = NaiveDate::from_ymd_opt(2024, 1, 8)
        .unwrap()
        .and_hms_opt(11, 0, 0)
        .unwrap();
    let mut bare: Recurrence = "freq=daily;count=9;byday=mo".parse().unwrap();
    assert_eq!(bare.text(start), "freq=daily;count=9;byday=mo");
    bare.end_after(4);
    assert_eq!(bare.text(start), "freq=daily;byday=mo;COUNT=4");
    bare.end_at(Moment::parse("20240110T100000Z").unwrap());
    assert_eq!(bare.text(start), "freq=daily;byday=mo;UNTIL=20240110T100000Z");
    assert_eq!(bare.rule.as_ref().unwrap().count, None);
    let text = "DTSTART;TZID=Europe/Berlin:20240101T100000\nRRULE:FREQ=DAILY\n\
                RDATE;TZID=Europe/Berlin:20240103T120000\nEXDATE;VALUE=DATE:20240104";
    let zoned: Recurrence = text.parse().unwrap();
    assert_eq!(zoned.text(start), text.replace("20240101T100000", "20240108T110000"));
    assert_eq!(zoned.text(start).parse::<Recurrence>().unwrap(), zoned);
}
