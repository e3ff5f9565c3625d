use super::*;

/// Where the occurrence that started at `original` is after a change of start and text.
fn after(old: (&str, &str), new: (&str, &str), original: &str) -> Option<String> {
    let (before, now): (Recurrence, Recurrence) = (old.0.parse().unwrap(), new.0.parse().unwrap());
    let (before, now) = (
        Series::new(&before, at(old.1), None),
        Series::new(&now, at(new.1), None),
    );
    let place = moved(&before, &now, at(original)).unwrap();
    place.map(|at| at.websocket(None))
}

const MONDAY: &str = "2024-01-01T10:00:00";

#[test]
fn an_occurrence_stays_on_its_date_when_the_time_changes() {
    for rule in [
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "FREQ=DAILY;COUNT=30",
    ] {
        let place = after((rule, MONDAY), (rule, "2024-01-01T15:30:00"), "2024-01-15T10:00:00");
        assert_eq!(place.as_deref(), Some("2024-01-15T15:30:00"), "{rule}");
    }
    let zoned = "DTSTART;TZID=Europe/Berlin:20240101T100000\nRRULE:FREQ=WEEKLY";
    // Summer time: 10:00 in Berlin is 08:00 UTC, and 00:30 is 22:30 the day before.
    let place = after(
        (zoned, "2024-01-01T09:00:00"),
        (zoned, "2023-12-31T23:30:00"),
        "2024-04-08T08:00:00",
    );
    assert_eq!(
        place.as_deref(),
        Some("2024-04-07T22:30:00"),
        "its date in the zone of the series"
    );
}

#[test]
fn an_occurrence_moves_with_the_start_when_the_rule_takes_its_days_from_it() {
    for (rule, start, original, expected) in [
        (
            "FREQ=WEEKLY",
            "2024-01-02T10:00:00",
            "2024-01-15T10:00:00",
            "2024-01-16T10:00:00",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2",
            "2024-01-08T11:00:00",
            "2024-01-15T10:00:00",
            "2024-01-22T11:00:00",
        ),
        (
            "FREQ=DAILY;COUNT=5",
            "2024-01-02T11:00:00",
            "2024-01-03T10:00:00",
            "2024-01-04T11:00:00",
        ),
        (
            "FREQ=MONTHLY",
            "2024-01-05T10:00:00",
            "2024-03-01T10:00:00",
            "2024-03-05T10:00:00",
        ),
        (
            "FREQ=HOURLY;INTERVAL=6",
            "2024-01-01T11:00:00",
            "2024-01-02T16:00:00",
            "2024-01-02T17:00:00",
        ),
    ] {
        assert_eq!(
            after((rule, MONDAY), (rule, start), original).as_deref(),
            Some(expected),
            "{rule}"
        );
    }
}

#[test]
fn an_occurrence_keeps_its_place_in_the_week_month_or_year_when_the_rule_names_others() {
    for (old, new, original, expected) in [
        (
            "FREQ=WEEKLY;BYDAY=MO",
            "FREQ=WEEKLY;BYDAY=TU",
            "2024-01-15T10:00:00",
            Some("2024-01-16T10:00:00"),
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE",
            "FREQ=WEEKLY;BYDAY=TU,TH",
            "2024-01-17T10:00:00",
            Some("2024-01-18T10:00:00"),
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=15",
            "FREQ=MONTHLY;BYDAY=2MO",
            "2024-02-15T10:00:00",
            Some("2024-02-12T10:00:00"),
        ),
        // It was on both days, and is on one of them.
        (
            "FREQ=WEEKLY;BYDAY=MO,WE",
            "FREQ=WEEKLY;BYDAY=WE",
            "2024-01-17T10:00:00",
            Some("2024-01-17T10:00:00"),
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE",
            "FREQ=WEEKLY;BYDAY=WE",
            "2024-01-15T10:00:00",
            None,
        ),
        (
            "FREQ=DAILY",
            "FREQ=WEEKLY",
            "2024-01-15T10:00:00",
            Some("2024-01-15T10:00:00"),
        ),
        ("FREQ=DAILY", "FREQ=WEEKLY", "2024-01-16T10:00:00", None),
        ("FREQ=DAILY;COUNT=10", "FREQ=DAILY;COUNT=5", "2024-01-07T10:00:00", None),
    ] {
        assert_eq!(
            after((old, MONDAY), (new, MONDAY), original).as_deref(),
            expected,
            "{old} to {new}"
        );
    }
}

#[test]
fn a_start_that_cuts_off_the_first_occurrences_leaves_the_others_where_they_are() {
    let rule = "FREQ=WEEKLY;BYDAY=MO;COUNT=5";
    let place = |original| after((rule, MONDAY), (rule, "2024-01-08T10:00:00"), original);
    assert_eq!(place("2024-01-01T10:00:00"), None);
    assert_eq!(place("2024-01-08T10:00:00").as_deref(), Some("2024-01-08T10:00:00"));
}

#[test]
fn an_occurrence_moves_across_midnight_with_the_start() {
    let weekly = (
        ("FREQ=WEEKLY;BYDAY=SU", "2024-01-07T23:00:00"),
        ("FREQ=WEEKLY;BYDAY=MO", "2024-01-08T01:00:00"),
    );
    let place = after(weekly.0, weekly.1, "2024-01-14T23:00:00");
    assert_eq!(place.as_deref(), Some("2024-01-15T01:00:00"));
    let monthly = (
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2024-01-31T23:00:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "2024-02-01T01:00:00"),
    );
    let place = after(monthly.0, monthly.1, "2024-02-29T23:00:00");
    assert_eq!(place.as_deref(), Some("2024-03-01T01:00:00"));
}

#[test]
fn an_occurrence_that_is_excluded_now_has_no_place() {
    let excluded = "FREQ=DAILY;COUNT=3\nEXDATE:20240102T100000Z";
    assert_eq!(
        after(
            ("FREQ=DAILY;COUNT=3", MONDAY),
            (excluded, MONDAY),
            "2024-01-02T10:00:00"
        ),
        None
    );
}
