//! A month of a person with many recurring schedules.

use crate::{
    client::percentile,
    figures::Figures,
    target::{Setup, Target},
};
use reqwest::header;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const SCHEDULES: usize = 500;
/// Most recur weekly or monthly, as people's do; the start is ten years before the month.
const RULES: [&str; 10] = [
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=WEEKLY;BYDAY=MO;COUNT=900",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=15,-1",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
    "FREQ=YEARLY;BYMONTH=1;BYDAY=2SU",
    "FREQ=YEARLY",
    "DTSTART;TZID=Europe/Berlin:20140106T090000\nRRULE:FREQ=WEEKLY;BYDAY=WE",
    "FREQ=DAILY;INTERVAL=9;COUNT=2000",
];

/// One client lists January 2024, all pages of it, again and again.
pub async fn month(setup: &Setup, out: &mut Figures, time: Duration) {
    let target = setup.start().await;
    let http = client(&target);
    for number in 0..SCHEDULES {
        let day = number % 28 + 1;
        let new = json!({ "title": format!("Number {number}"), "recurrence_rule": RULES[number % RULES.len()],
                          "start_time": format!("2014-01-{day:02}T09:00:00Z"), "end_time": format!("2014-01-{day:02}T10:00:00Z") });
        let url = format!("http://{}/v1/schedules", target.address);
        let response = http.post(url).json(&new).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
    }
    let (mut times, mut occurrences) = (Vec::new(), 0);
    let (start, cpu) = (Instant::now(), target.cpu());
    while start.elapsed() < time {
        let asked = Instant::now();
        occurrences = list(&target, &http).await;
        times.push(asked.elapsed());
    }
    let cpu = (target.cpu() - cpu).as_secs_f64() * 1000.0 / times.len() as f64;
    times.sort_unstable();
    out.add(
        "occurrences of a month, 500 recurring schedules",
        occurrences as f64,
        "",
        None,
    );
    out.add("list of that month p50", percentile(&times, 50), "ms", Some("≤ 20"));
    out.add("list of that month p99", percentile(&times, 99), "ms", None);
    out.add("CPU of that list", cpu, "ms", None);
}

fn client(target: &Target) -> reqwest::Client {
    let token = format!("Bearer {}", target.token("ada"));
    let headers = [(header::AUTHORIZATION, token.parse().unwrap())];
    reqwest::Client::builder()
        .default_headers(headers.into_iter().collect())
        .build()
        .unwrap()
}

/// Reads all pages; the number of entries.
async fn list(target: &Target, http: &reqwest::Client) -> usize {
    let mut path = Some("/v1/schedules?start_date=2024-01-01&end_date=2024-01-31T23:59:59".to_owned());
    let mut entries = 0;
    while let Some(next) = path {
        let response = http
            .get(format!("http://{}{next}", target.address))
            .send()
            .await
            .unwrap();
        path = response.headers().get(header::LINK).map(|link| {
            let link = link.to_str().unwrap();
            link[1..link.find('>').unwrap()].to_owned()
        });
        let page: Vec<Value> = response.json().await.unwrap();
        entries += page.len();
    }
    entries
}
