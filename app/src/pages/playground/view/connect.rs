//! Opens connections, well and badly, and shows what the server answered.

use super::{
    super::{
        actions::{self, Offer},
        api,
        belief::Belief,
        device,
        state::{Connection, Phase, Playground},
    },
    fields::{check, choice, number_field, primary, text_field},
};
use crate::components::{Rows, rows};
use leptos::prelude::*;

/// The field with the user.
const USER: &str = "pg-user";

/// The fields.
#[derive(Clone, Copy)]
struct Form {
    channel: RwSignal<String>,
    user: RwSignal<String>,
    offer: RwSignal<String>,
    dialect: RwSignal<String>,
    timezone: RwSignal<String>,
    since: RwSignal<String>,
    shared: RwSignal<bool>,
    changes: RwSignal<bool>,
    times: RwSignal<u32>,
    /// What was believed where `since` was taken from.
    known: RwSignal<Option<Belief>>,
}

impl Form {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            channel: text(),
            user: text(),
            offer: RwSignal::new(Offer::Bearer.label().to_owned()),
            dialect: text(),
            timezone: text(),
            since: text(),
            shared: RwSignal::new(false),
            changes: RwSignal::new(false),
            times: RwSignal::new(1),
            known: RwSignal::new(None),
        }
    }

    /// The path of the socket with its query.
    fn path(self, page: Playground) -> String {
        let channels = page
            .document
            .get_untracked()
            .map(|document| document.channels())
            .unwrap_or_default();
        let chosen = self.channel.get_untracked();
        let channel = channels
            .iter()
            .find(|channel| channel.name == chosen)
            .or(channels.first());
        let flag = |value: RwSignal<bool>| if value.get_untracked() { "true" } else { "" }.to_owned();
        let values = [
            ("dialect", self.dialect.get_untracked()),
            ("timezone", self.timezone.get_untracked()),
            ("since", self.since.get_untracked()),
            ("shared", flag(self.shared)),
            ("changes", flag(self.changes)),
        ];
        let values = values.iter().filter(|(_, value)| !value.trim().is_empty());
        let query: Vec<String> = values
            .map(|(name, value)| format!("{name}={}", device::encode(value.trim())))
            .collect();
        let path = channel.map(|channel| channel.address.clone()).unwrap_or_default();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.join("&"))
        }
    }

    fn connect(self, page: Playground) {
        let chosen = self.offer.get_untracked();
        let offer = Offer::ALL
            .into_iter()
            .find(|offer| offer.label() == chosen)
            .unwrap_or(Offer::Bearer);
        // The newest one, until another is chosen.
        let user = page.user(&self.user.get_untracked());
        let user = user.or_else(|| page.users.with_untracked(|users| users.last().cloned()));
        if user.is_none() && [Offer::Bearer, Offer::BearerAndOurs].contains(&offer) {
            page.say("There is no token yet: mint one above.");
            return;
        }
        let belief = Belief::continued(self.since.get_untracked().trim(), self.known.get_untracked());
        for _ in 0..self.times.get_untracked() {
            actions::connect(page, self.path(page), user.clone(), offer, belief.clone());
        }
    }
}

pub fn card(page: Playground) -> AnyView {
    let form = Form::new();
    let channels = move || {
        let channels = page
            .document
            .with(|document| document.as_ref().map(|document| document.channels()));
        let channels = channels.unwrap_or_default().into_iter();
        channels
            .map(|channel| (channel.name.clone(), format!("{} ({})", channel.name, channel.address)))
            .collect()
    };
    let users = move || {
        let newest = ("".to_owned(), "the newest token".to_owned());
        let users = page.users.get().into_iter();
        let users = users.map(|user| (user.claims.subject().to_owned(), user.name().to_owned()));
        [newest].into_iter().chain(users).collect()
    };
    let named = |values: &'static [(&'static str, &'static str)]| {
        move || {
            values
                .iter()
                .map(|(key, name)| ((*key).to_owned(), (*name).to_owned()))
                .collect::<Vec<_>>()
        }
    };
    let offers = || {
        Offer::ALL
            .map(|offer| (offer.label().to_owned(), offer.label().to_owned()))
            .to_vec()
    };
    let connections = rows(
        move || page.connections.get().into_iter().rev().collect(),
        |connection| connection.number,
        move |connection| row(page, form, connection),
    );
    view! {
        <section class="pg-card" aria-labelledby="pg-connect">
            <h2 id="pg-connect">"Connect"</h2>
            <div class="pg-grid">
                {choice("pg-socket", "Socket", form.channel, channels)} {choice(USER, "As", form.user, users)}
                {choice("pg-offer", "Subprotocols that are offered", form.offer, offers)}
                {choice(
                    "pg-dialect",
                    "Dialect",
                    form.dialect,
                    named(&[("", "none, follows its client"), ("snake", "snake"), ("camel", "camel")]),
                )} {text_field("pg-timezone", "Timezone", form.timezone, "Asia/Seoul or +09:00")}
                {text_field("pg-since", "Since", form.since, "<epoch>:<seq>")}
            </div>
            <p class="pg-hint">
                "A timezone that the server does not know is ignored: times are in UTC, without an offset. After a since that it does not know it sends the whole list."
            </p>
            <div class="pg-row">
                {check("shared", form.shared)} {check("changes", form.changes)}
                {number_field("pg-times", "Times", form.times)} {primary("Connect", move || form.connect(page))}
            </div>
            <details class="pg-more">
                <summary>"From a wrong Origin, and too often"</summary>
                <p>
                    "A browser sends the origin of its page, so this page cannot pretend to be another. This can; the answer is 403, before anything is upgraded, and a browser would see 1006:"
                </p>
                <pre class="pg-json" tabindex="0" data-testid="wrong-origin">
                    {wrong_origin()}
                </pre>
                <p>
                    "Too often is more than WS_CONNECT_MAX connections of a user in WS_CONNECT_WINDOW seconds: 10 in 60, unless the server is set otherwise. Choose 11 times, and the last one is closed with 4029."
                </p>
            </details>
            <ul class="pg-list">
                <Rows each=connections />
            </ul>
        </section>
    }
    .into_any()
}

fn row(page: Playground, form: Form, connection: Connection) -> AnyView {
    let number = connection.number;
    let label = connection.label();
    let Connection {
        user,
        phase,
        belief,
        offset,
        ..
    } = connection;
    let user = user.map(|user| user.claims.subject().to_owned()).unwrap_or_default();
    let is_selected = move || page.selected.get() == Some(number);
    let (state, details, open) = (phase.clone(), phase.clone(), phase.clone());
    let end = move || {
        if phase.with_untracked(Phase::is_open) {
            actions::close(page, number, 1000);
        } else {
            page.connections
                .update(|all| all.retain(|connection| connection.number != number));
            // Its button is gone.
            device::focus(USER);
        }
    };
    let continue_after = move |_| {
        if let Some(since) = belief.with_untracked(|belief| belief.since()) {
            page.say(format!("Connect continues after the last event of #{number}: {since}"));
            form.since.set(since);
            form.known.set(Some(belief.get_untracked()));
            form.user.set(user.clone());
        } else {
            page.say(format!(
                "#{number} was never connected, so there is nothing to continue."
            ));
        }
    };
    let word = Signal::derive(move || state.with(Phase::word));
    let clock = move || {
        let seconds = offset.get()? / 1000.0;
        Some(format!(
            "The server's clock is {seconds:+.1} s from this client's, by the last pong."
        ))
    };
    view! {
        <li class="pg-connection" data-state=move || word.get() data-testid="connection" data-number=number>
            <label class="pg-check">
                <input
                    type="radio"
                    name="pg-selected"
                    prop:checked=is_selected
                    on:change=move |_| page.selected.set(Some(number))
                />
                <strong>{label}</strong>
            </label>
            <span class="pg-state">{move || word.get()}</span>
            <span class="pg-row-end">
                <button class="link" type="button" on:click=continue_after>
                    "Use as since"
                </button>
                <button class="link" type="button" on:click=move |_| end()>
                    {move || if open.with(Phase::is_open) { "Close" } else { "Forget" }}
                </button>
            </span>
            <p class="pg-hint">{move || details.get().to_string()}</p>
            <p class="pg-hint">{clock}</p>
        </li>
    }
    .into_any()
}

fn wrong_origin() -> String {
    let origin = api::origin();
    format!(
        "curl -i -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' \\\n  -H \
         'Sec-WebSocket-Key: bG9ja3N0ZXAgcGxheWdyLg==' -H 'Origin: https://evil.example' \\\n  {origin}/v1/ws/timers"
    )
}
