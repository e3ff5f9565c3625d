//! User texts stay text, in every place of every page and in JSON.

use crate::support::{
    User, act, create,
    html::Document,
    oidc_users::{OidcServer, befriend},
    sign_up_as,
};
use protocol::timers::Action;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const PLAIN: &str = "Plain";

/// Each would become markup, an attribute, the end of a script or a template expression if it were not escaped for its
/// context.
const HOSTILE: [&str; 14] = [
    "</title><i data-injected id=x>x</i>",
    "</TITLE ><meta http-equiv=refresh content=\"1;url=//evil.example\">",
    "\"><script data-injected>alert(1)</script>",
    "'><img data-injected src=x onerror=alert(1)>",
    "\" autofocus onfocus=alert(1) data-injected=\"",
    "' onmouseover=alert(1) data-injected='",
    "</script><!--",
    "<!--<script>",
    "--><i data-injected>--!><i data-injected>",
    "<!--HEAD--></head><body data-injected onload=alert(1)>",
    "</textarea></noscript></option></select></svg></template><i data-injected>",
    "&lt;i data-injected&gt; &amp;lt; &#60;i&#x3e; &",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= 1 %> <![CDATA[<i data-injected>]]>",
    "x\u{2028}\u{2029}\\u003c/script>\\\";alert(1)//\u{202e}\u{1b}[31m",
];

struct Fixture {
    oidc: OidcServer,
}

impl Fixture {
    async fn start() -> Self {
        Self {
            oidc: OidcServer::start().await,
        }
    }

    /// A friend of the issuer with this `sub` and, if given, `name`.
    async fn friend(&self, sub: &str, name: Option<&str>) -> User {
        self.oidc.with(sub, json!({ "name": name })).await
    }

    /// A user who has the text in every value that a page can show.
    async fn person(&self, number: usize, text: &str) -> User {
        // Quotes let any printable character into the local part (RFC 5321, 4.1.2).
        let local = if text == PLAIN {
            "plain"
        } else {
            "\"<i/data-injected>\""
        };
        let email = format!("{local}@host{number}.example.com");
        let account = json!({ "email": email, "password": "correct horse", "display_name": text });
        let person = sign_up_as(&self.oidc.server.address, &account).await;

        let group = json!({ "name": text, "description": text, "color": "#fff" });
        let group = person.made("/v1/tags/groups", group).await["id"].clone();
        let tag = json!({ "name": text, "description": text, "color": "#fff", "group_id": group });
        let tag = person.made("/v1/tags", tag).await["id"].clone();
        let schedule = json!({
            "title": text, "description": text,
            "start_time": "2001-01-01T10:00:00Z", "end_time": "2999-01-01T11:00:00Z",
        });
        let schedule = person.made("/v1/schedules", schedule).await["id"].clone();
        let todo = json!({ "title": text, "description": text, "tag_group_id": group });
        let todo = person.made("/v1/todos", todo).await["id"].clone();

        let mut live = person.connect().live().await;
        for end in [None, Some(Action::Pause), Some(Action::Stop)] {
            let timer = json!({
                "title": text, "description": text, "allocated_duration": 600,
                "schedule_id": schedule, "todo_id": todo, "tag_ids": [tag],
            });
            let command = json!({ "type": "timer.create", "payload": timer }).to_string();
            live.send_raw(Message::text(command)).await;
            let timer = live.next_timer().await;
            if let Some(action) = end {
                live.change(act(action, timer.id)).await;
            }
        }

        let sub = if text == PLAIN { "plain" } else { "<i data-injected>" };
        for (kind, name) in [("named", Some(text)), ("nameless", None)] {
            let friend = self.friend(&format!("{sub}{kind}{number}"), name).await;
            befriend(&person, &friend).await;
            friend.connect().live().await.change(create(text)).await;
        }
        person
    }
}

async fn get(user: &User, path: &str) -> String {
    let response = user.request(Method::GET, path).send().await.unwrap();
    response.text().await.unwrap()
}

#[tokio::test]
async fn user_texts_are_never_markup_on_the_timers_page() {
    let fixture = Fixture::start().await;
    let plain = get(&fixture.person(0, PLAIN).await, "/").await;
    for (number, text) in (1..).zip(HOSTILE) {
        let person = fixture.person(number, text).await;
        let html = get(&person, "/").await;
        for scripting in [false, true] {
            let page = Document::parse(&html, scripting);
            assert_eq!(
                page.structure(),
                Document::parse(&plain, scripting).structure(),
                "{text}: {html}"
            );
            let titles = page.texts("title");
            assert_eq!(titles.len(), 1, "{text}");
            assert!(titles[0].ends_with(&format!(" · {text} – Lockstep")), "{}", titles[0]);
            assert!(page.values("title").contains(&person.grant.user.email.as_str()));
            for (element, count) in [("h3", 2), ("option", 2), ("span", 1)] {
                let shown = page.texts(element).into_iter().filter(|shown| shown.contains(text));
                assert!(shown.count() >= count, "{text} in {element}: {html}");
            }
            for script in page.texts("script") {
                // Sequences that change the state of the script's parser (HTML, 13.2.5.4 ff.).
                let script = script.to_lowercase();
                for sequence in ["</script", "<script", "<!--"] {
                    assert!(!script.contains(sequence), "{sequence} in {script}");
                }
            }
        }
    }
}

#[tokio::test]
async fn page_urls_are_never_markup_on_the_page() {
    let fixture = Fixture::start().await;
    let server = &fixture.oidc.server;
    let read = async |path: &str, text: &str| {
        let mut url = url::Url::parse(&format!("http://{}", server.address)).unwrap();
        url.set_path(&path.replace("TEXT", text));
        if path.starts_with("/sign") {
            url.query_pairs_mut()
                .append_pair("__path", text)
                .append_pair("__err", text);
        }
        let response = reqwest::get(url).await.unwrap();
        (response.status(), response.text().await.unwrap())
    };
    for (path, status) in [
        ("/sign-in", StatusCode::OK),
        ("/sign-up", StatusCode::OK),
        ("/TEXT", StatusCode::NOT_FOUND),
    ] {
        let (found, plain) = read(path, PLAIN).await;
        assert_eq!(found, status, "{path}");
        for text in HOSTILE {
            let html = read(path, text).await.1;
            for scripting in [false, true] {
                let [page, plain] = [&html, &plain].map(|html| Document::parse(html, scripting).structure());
                assert_eq!(page, plain, "{path} {text}: {html}");
            }
        }
    }
}

#[tokio::test]
async fn user_texts_are_json_strings_over_rest() {
    let fixture = Fixture::start().await;
    for (number, text) in (0..).zip(HOSTILE) {
        let person = fixture.person(number, text).await;
        for (path, count) in [
            ("/v1/timers", 6),
            ("/v1/schedules?start_date=2001-01-01&end_date=2001-01-02", 2),
            ("/v1/todos", 2),
            ("/v1/tags", 2),
            ("/v1/tags/groups", 4),
            ("/v1/users/me", 1),
            ("/v1/friends", 1),
        ] {
            let response = person.request(Method::GET, path).send().await.unwrap();
            assert_eq!(response.headers()["content-type"], "application/json", "{path}");
            assert_eq!(response.headers()["x-content-type-options"], "nosniff", "{path}");
            let body: Value = response.json().await.unwrap();
            let found = strings(&body).into_iter().filter(|found| *found == text).count();
            assert!(found >= count, "{path} {text}: {body}");
        }
    }
}

/// All string values at any depth, without member names.
fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(members) => members.values().flat_map(strings).collect(),
        _ => vec![],
    }
}
