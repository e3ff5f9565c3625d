use super::*;

/// The words for a rule that starts on Tuesday, 2 January 2024, at 9 o'clock.
fn words(text: &str, end: Option<(i32, u32, u32)>) -> (String, String) {
    let recurrence: Recurrence = text.parse().unwrap();
    let start = NaiveDate::from_ymd_opt(2024, 1, 2)
        .unwrap()
        .and_hms_opt(9, 0, 0)
        .unwrap();
    let end = end.map(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).unwrap());
    let say = |language| describe(&recurrence, start, end, language);
    (say(Language::English), say(Language::Korean))
}

#[test]
fn rules_are_described_in_english_and_korean() {
    for (rule, english, korean) in [
        ("FREQ=DAILY", "every day", "매일"),
        (
            "FREQ=DAILY;INTERVAL=3;COUNT=5",
            "every third day, 5 times",
            "3일마다, 5회",
        ),
        (
            "FREQ=DAILY;BYHOUR=17,9",
            "every day at 09:00 and 17:00",
            "매일 09:00, 17:00",
        ),
        (
            "FREQ=DAILY;INTERVAL=2;BYDAY=MO,FR",
            "every second day, if it is Monday or Friday",
            "2일마다 (월요일, 금요일인 경우)",
        ),
        ("FREQ=WEEKLY", "every Tuesday", "매주 화요일"),
        (
            "FREQ=WEEKLY;BYDAY=FR,MO",
            "every Monday and Friday",
            "매주 월요일, 금요일",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday", "평일마다"),
        (
            "FREQ=WEEKLY;INTERVAL=4;BYDAY=MO,WE",
            "every 4th week on Monday and Wednesday",
            "4주마다 월요일, 수요일",
        ),
        ("FREQ=MONTHLY", "every month on the 2nd", "매월 2일"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
            "every month on the 1st, 15th and last day",
            "매월 1일, 15일, 말일",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU",
            "every second month on the second Tuesday",
            "2개월마다 둘째 화요일",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1FR,3FR",
            "every month on the first and third Friday",
            "매월 첫째 금요일, 셋째 금요일",
        ),
        (
            "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1",
            "every month on the last Friday",
            "매월 마지막 금요일",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            "every month on the second to last weekday",
            "매월 끝에서 2번째 평일",
        ),
        ("FREQ=YEARLY", "every year on 2 January", "매년 1월 2일"),
        (
            "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=3",
            "every year on 3 March and 3 September",
            "매년 3월 3일, 9월 3일",
        ),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
            "every year on the last day of February",
            "매년 2월 말일",
        ),
        (
            "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU",
            "every year on the second Sunday of May",
            "매년 5월 둘째 일요일",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
            "every year in the 20th week of the year on Monday",
            "매년 연중 20번째 주 월요일",
        ),
        (
            "FREQ=YEARLY;BYYEARDAY=-1",
            "every year on the last day of the year",
            "매년 연중 끝에서 1번째 일",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
            "every month on the 13th of the month on Friday",
            "매월 13일 금요일",
        ),
        ("FREQ=HOURLY;INTERVAL=6", "every 6 hours", "6시간마다"),
        (
            "FREQ=MINUTELY;INTERVAL=15;BYHOUR=9",
            "every 15 minutes, at hour 9",
            "15분마다 9시",
        ),
        (
            "RRULE:FREQ=DAILY\nEXDATE;VALUE=DATE:20240105,20240106\nRDATE:20240202T120000Z",
            "every day, and on 1 further date, except on 2 dates",
            "매일, 추가 1일, 제외 2일",
        ),
    ] {
        assert_eq!(words(rule, None), (english.to_owned(), korean.to_owned()), "{rule}");
    }
}

#[test]
fn an_end_has_its_year_if_that_is_not_the_year_of_the_start() {
    let rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU";
    let (english, korean) = words(rule, Some((2024, 3, 3)));
    assert_eq!(english, "every second Tuesday until 3 March");
    assert_eq!(korean, "2주마다 화요일, 3월 3일까지");
    let (english, korean) = words(rule, Some((2025, 3, 3)));
    assert_eq!(english, "every second Tuesday until 3 March 2025");
    assert_eq!(korean, "2주마다 화요일, 2025년 3월 3일까지");
}
