//! Tokens: pasted, or made for test users.

use super::{
    super::{
        api,
        claims::expiry,
        device,
        state::{Playground, User},
    },
    fields::{area, button, choice, link, primary, text_field},
};
use crate::components::{Rows, When, rows};
use leptos::{prelude::*, task::spawn_local};

/// Names of the test users that are offered, in turn.
const NAMES: [&str; 4] = ["Ada", "Ben", "Cleo", "Dan"];
/// Lifetimes in seconds, with their names. `auth.renew` can be tried with the short one.
const LIFETIMES: [(&str, &str); 3] = [
    ("900", "15 minutes"),
    ("20", "20 seconds"),
    ("-60", "expired a minute ago"),
];

pub fn card(page: Playground) -> AnyView {
    let name = RwSignal::new(NAMES[0].to_owned());
    let lifetime = RwSignal::new(LIFETIMES[0].0.to_owned());
    let pasted = RwSignal::new(String::new());
    let mint = move || {
        let (asked, seconds) = (name.get_untracked(), lifetime.get_untracked().parse().ok());
        spawn_local(async move {
            let minted = api::mint(&asked, seconds).await.and_then(|token| User::new(&token));
            if let Some(user) = page.check(minted) {
                page.say(format!("{} has a token.", user.name()));
                page.add_user(user);
                let users = page.users.with_untracked(Vec::len);
                name.set(NAMES.get(users).unwrap_or(&NAMES[0]).to_string());
            }
        });
    };
    let paste = move || {
        if let Some(user) = page.check(User::new(&pasted.get_untracked())) {
            page.say(format!("The token of {} is kept in this page only.", user.name()));
            page.add_user(user);
            pasted.set(String::new());
        }
    };
    let users = rows(
        move || page.users.get(),
        |user| user.token.clone(),
        move |user| user_row(page, user),
    );
    let several = move || page.users.with(|users| users.len() > 1);
    view! {
        <section class="pg-card" aria-labelledby="pg-users">
            <h2 id="pg-users">"Token"</h2>
            <div class="pg-row">
                {text_field("pg-name", "Test user", name, "Ada")}
                {choice(
                    "pg-lifetime",
                    "Lifetime",
                    lifetime,
                    || LIFETIMES.map(|(key, name)| (key.to_owned(), name.to_owned())).to_vec(),
                )} {primary("Mint a token", mint)}
            </div>
            <details class="pg-more">
                <summary>"Paste a token"</summary>
                {area("pg-token", "JWT", pasted, 3, || false)}
                {button("Use this token", paste)}
                <p class="pg-hint">"It is read in this page, and sent to this server only."</p>
            </details>
            <ul class="pg-list">
                <Rows each=users />
            </ul>
            <When holds=several>{befriend(page)}</When>
        </section>
    }
    .into_any()
}

fn user_row(page: Playground, user: User) -> AnyView {
    let claims = user.claims.clone();
    let seconds = Memo::new(move |_| claims.expires_in(page.now.get()));
    let (name, subject, pretty) = (
        user.name().to_owned(),
        user.claims.subject().to_owned(),
        user.claims.pretty(),
    );
    let token = user.token.clone();
    view! {
        <li class="pg-user" data-testid="user">
            <details>
                <summary>
                    <strong>{name}</strong>
                    " "
                    <span class="pg-hint" data-expired=move || seconds.get().is_some_and(|left| left < 0).to_string()>
                        {move || expiry(seconds.get())}
                    </span>
                </summary>
                <pre class="pg-json" tabindex="0">
                    {pretty}
                </pre>
                {link("Copy the token", move || device::copy(&token))}
                {link(
                    "Forget it",
                    move || page.users.update(|users| users.retain(|user| user.claims.subject() != subject)),
                )}
            </details>
        </li>
    }
    .into_any()
}

/// Two users become friends: the last two, unless others are chosen.
fn befriend(page: Playground) -> AnyView {
    let chosen = [RwSignal::new(String::new()), RwSignal::new(String::new())];
    let subjects = Memo::new(move |_| {
        let users = page.users.get();
        users
            .iter()
            .map(|user| user.claims.subject().to_owned())
            .collect::<Vec<_>>()
    });
    Effect::new(move |_| {
        if let [.., one, other] = subjects.get().as_slice() {
            chosen[0].set(one.clone());
            chosen[1].set(other.clone());
        }
    });
    let pair = move || {
        let [one, other] = chosen.map(|subject| page.user(&subject.get()));
        one.zip(other)
            .filter(|(one, other)| one.claims.subject() != other.claims.subject())
    };
    let act = move |_| {
        let Some((one, other)) = untrack(pair) else {
            page.say("Choose two users.");
            return;
        };
        spawn_local(async move {
            if page.check(api::befriend(&one.token, &other.token).await).is_some() {
                page.say(format!("{} and {} are friends.", one.name(), other.name()));
            }
        });
    };
    let label = move || match pair() {
        Some((one, other)) => format!("Make {} and {} friends", one.name(), other.name()),
        None => "Make them friends".to_owned(),
    };
    let users = move || {
        let users = page.users.get().into_iter();
        users
            .map(|user| (user.claims.subject().to_owned(), user.name().to_owned()))
            .collect()
    };
    view! {
        <div class="pg-row">
            {choice("pg-friend", "Friend", chosen[0], users)}
            {choice("pg-other-friend", "Other friend", chosen[1], users)}
            <button class="button" type="button" on:click=act>
                {label}
            </button>
        </div>
    }
    .into_any()
}
