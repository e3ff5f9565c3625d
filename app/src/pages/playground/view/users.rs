//! Tokens: pasted, or made for test users.

use super::{
    super::{
        api,
        claims::expiry,
        device,
        state::{Playground, User},
    },
    fields::{button, choice, link, primary, text_field},
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
                <div class="pg-field">
                    <label for="pg-token">"JWT"</label>
                    <textarea
                        id="pg-token"
                        rows="3"
                        spellcheck="false"
                        prop:value=move || pasted.get()
                        on:input:target=move |event| pasted.set(event.target().value())
                    ></textarea>
                </div>
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

/// The last two users become friends.
fn befriend(page: Playground) -> AnyView {
    let pair = move || {
        page.users
            .with(|users| users.iter().rev().take(2).cloned().collect::<Vec<_>>())
    };
    let act = move |_| {
        let users = page.users.get_untracked();
        let [.., one, other] = users.as_slice() else {
            return;
        };
        let (one, other) = (one.clone(), other.clone());
        spawn_local(async move {
            if page.check(api::befriend(&one.token, &other.token).await).is_some() {
                page.say(format!("{} and {} are friends.", one.name(), other.name()));
            }
        });
    };
    let label = move || match pair().as_slice() {
        [other, one] => format!("Make {} and {} friends", one.name(), other.name()),
        _ => String::new(),
    };
    view! {
        <button class="button" type="button" on:click=act>
            {label}
        </button>
    }
    .into_any()
}
