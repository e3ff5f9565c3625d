//! Faults on demand: what a client should survive.

use super::{
    super::{
        actions::{self, Offer},
        api,
        belief::Belief,
        device,
        state::{Playground, User},
    },
    fields::{button, choice, number_field},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

/// The server's default for WS_MAX_MESSAGE_BYTES, and one more.
const TOO_MANY_BYTES: usize = 65_537;
/// More than the default of WS_MESSAGE_MAX.
const BURST: u32 = 130;
/// Lifetime of a token that expires while one waits, in seconds.
const SHORT_SECONDS: i64 = 5;

pub fn card(page: Playground) -> AnyView {
    let burst = RwSignal::new(BURST);
    let code = RwSignal::new("1012".to_owned());
    let skew = RwSignal::new("0".to_owned());
    Effect::new(move |_| {
        page.skew_hours.set(skew.get().parse().unwrap_or_default());
        // What was estimated was by the other clock.
        let connections = page.connections.get_untracked();
        connections.iter().for_each(|connection| connection.offset.set(None));
    });
    let text = move |text: String| {
        move || {
            if let Some(number) = page.sending() {
                actions::send(page, number, &text);
            }
        }
    };
    let ping = move || {
        if let Some(number) = page.sending() {
            let message = json!({ "type": "ping", "payload": {}, "id": device::short_id() });
            actions::send(page, number, &message.to_string());
        }
    };
    let binary = move || {
        if let Some(number) = page.sending() {
            actions::send_binary(page, number, &[0, 1, 2, 3]);
        }
    };
    let flood = move || {
        if let Some(number) = page.sending() {
            for _ in 0..burst.get_untracked() {
                actions::send(page, number, r#"{"type":"ping"}"#);
            }
        }
    };
    let codes = move || {
        let document = page.document.get();
        let codes = document
            .map(|document| document.close_codes())
            .unwrap_or_default()
            .into_iter();
        codes
            .map(|close| (close.code.to_string(), format!("{} {}", close.code, close.meaning)))
            .collect()
    };
    view! {
        <section class="pg-card" aria-labelledby="pg-faults">
            <h2 id="pg-faults">"Faults"</h2>
            <div class="pg-row">
                {button("Malformed JSON", text("{\"type\":".to_owned()))}
                {button("Unknown type", text(r#"{"type":"timer.brew","payload":{}}"#.to_owned()))}
                {button("Binary", binary)} {button("65,537 bytes", text("x".repeat(TOO_MANY_BYTES)))}
            </div>
            <div class="pg-row">
                {number_field("pg-burst", "Pings at once", burst)} {button("Burst", flood)}
                <p class="pg-hint">
                    "More than WS_MESSAGE_MAX, 120 in a minute unless the server is set otherwise, is RATE_LIMIT_EXCEEDED."
                </p>
            </div>
            <div class="pg-row">
                {button("Connect with an expired token", move || with_token(page, -60))}
                {button("Connect with a token of 5 seconds", move || with_token(page, SHORT_SECONDS))}
            </div>
            <div class="pg-row">
                {choice("pg-code", "Close code", code, codes)}
                {button("Have the server close", move || end(page, code.get_untracked().parse().ok()))}
                {button("Cut without a Close frame", move || end(page, None))}
                <p class="pg-hint">"It ends all connections of the selected one's user."</p>
            </div>
            <div class="pg-row">
                {choice(
                    "pg-skew",
                    "This client's clock",
                    skew,
                    || {
                        [("0", "is right"), ("1", "is an hour ahead"), ("-1", "is an hour behind")]
                            .map(|(key, name)| (key.to_owned(), name.to_owned()))
                            .to_vec()
                    },
                )} {button("Ping, and estimate the offset", ping)}
                {button("Start a timer when this clock says", move || start_by_clock(page))}
            </div>
        </section>
    }
    .into_any()
}

/// Connects with a token of another lifetime, of the user of the selected connection or else of the newest token.
fn with_token(page: Playground, expires_in: i64) {
    let selected = page.selected.get_untracked().and_then(|number| page.find(number));
    let user = selected.and_then(|connection| connection.user);
    let user = user.or_else(|| page.users.with_untracked(|users| users.last().cloned()));
    let name = user.map_or("Ada".to_owned(), |user| user.name().to_owned());
    let path = page
        .document
        .get_untracked()
        .and_then(|document| document.channels().into_iter().next());
    spawn_local(async move {
        let minted = api::mint(&name, Some(expires_in))
            .await
            .and_then(|token| User::new(&token));
        if let (Some(user), Some(channel)) = (page.check(minted), path) {
            actions::connect(page, channel.address, Some(user), Offer::Bearer, Belief::default());
        }
    });
}

/// Has the server close the connections of the selected one's user with a code, or cut them.
fn end(page: Playground, code: Option<u16>) {
    let user = page
        .sending()
        .and_then(|number| page.find(number))
        .and_then(|connection| connection.user);
    if let Some(user) = user {
        spawn_local(async move {
            page.check(api::end_connections(&user.token, code).await);
        });
    }
}

/// What a client with a wrong clock does offline: it says when it was, and is wrong.
fn start_by_clock(page: Playground) {
    if let Some(number) = page.sending() {
        let now = device::rfc3339(page.client_clock(device::millis()));
        let payload = json!({ "allocated_duration": 1500, "title": "By this clock", "occurred_at": now });
        let message = json!({ "type": "timer.create", "payload": payload, "id": device::short_id() });
        actions::send(page, number, &message.to_string());
    }
}
