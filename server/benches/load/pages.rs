//! The signed-in timers page, rendered by the server.

use crate::{
    client::{self, percentile},
    figures::Figures,
    target::{Setup, Target},
};
use reqwest::header;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 25;
const TIMERS: usize = 20;

/// 25 people with 20 timers each, who reload as fast as they can.
pub async fn timers(setup: &Setup, out: &mut Figures, time: Duration) {
    let target = setup.start().await;
    let mut people = Vec::new();
    for number in 0..CONNECTIONS {
        people.push(person(&target, number).await);
    }
    let last = format!("Number {}", TIMERS - 1);
    let (start, cpu) = (Instant::now(), target.cpu());
    let readers: Vec<_> = people
        .into_iter()
        .map(|(http, cookie)| {
            let (url, last) = (format!("http://{}/", target.address), last.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while start.elapsed() < time {
                    let asked = Instant::now();
                    let page = http.get(&url).header(header::COOKIE, &cookie).send().await.unwrap();
                    let page = page.text().await.unwrap();
                    times.push(asked.elapsed());
                    assert!(page.contains(&last), "the page has the timers");
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for reader in readers {
        times.extend(reader.await.unwrap());
    }
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    let cpu = (target.cpu() - cpu).as_secs_f64() * 1000.0 / times.len() as f64;
    times.sort_unstable();
    out.add("timers pages, 25 connections", rate, "/s", None);
    out.add("timers page p50", percentile(&times, 50), "ms", None);
    out.add("timers page p99", percentile(&times, 99), "ms", Some("≤ 15"));
    out.add("CPU of a timers page", cpu, "ms", Some("half of before"));
}

async fn person(target: &Target, number: usize) -> (reqwest::Client, String) {
    let http = reqwest::Client::new();
    let body = json!({ "email": format!("{number}@example.com"), "password": "correct horse" });
    let url = format!("http://{}/v1/auth/sign-up", target.address);
    let response = http.post(url).json(&body).send().await.unwrap();
    let cookie = response.headers()[header::SET_COOKIE]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let grant: Value = response.json().await.unwrap();
    let (mut writer, mut reader) = client::live(&target.address, grant["access_token"].as_str().unwrap()).await;
    for timer in 0..TIMERS {
        let text = client::command(&timer.to_string(), "create", &format!("Number {timer}"));
        client::send(&mut writer, text).await;
        client::next(&mut reader).await.unwrap();
    }
    (http, cookie)
}
