//! The server-rendered pages, as a browser without scripts gets them.

use crate::support::{PATIENCE, TestServer, User, create, oidc_users::befriend};
use futures_util::{StreamExt, stream};
use http::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response, StatusCode, redirect::Policy};
use serde_json::json;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use url::Position;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_requests_each_get_their_users_page() {
    let server = TestServer::unlimited().await;
    let mut users = Vec::new();
    for (name, title) in [("ada", "Adagio"), ("eve", "Evergreen")] {
        let user = server.user(name).await;
        user.connect().live().await.change(create(title)).await;
        users.push((user, title));
    }
    let page = async |number: usize| {
        let (user, title) = &users[number % users.len()];
        let response = timeout(PATIENCE, user.request(Method::GET, "/").send()).await;
        let response = response.expect("the head of a page in time").expect("an answer");
        let status = response.status();
        let body = timeout(PATIENCE, response.text()).await;
        (
            *title,
            status,
            body.expect("all of a page in time").expect("a whole page"),
        )
    };
    let pages: Vec<_> = stream::iter(0..800).map(page).buffer_unordered(25).collect().await;
    for (title, status, page) in pages {
        assert_eq!(status, StatusCode::OK);
        let end = format!("{title} – Lockstep</title>");
        assert!(page.contains(&end), "the user's timer is in the title");
        assert!(
            page.contains(r#"data-status="RUNNING""#),
            "the user's timer is in the page"
        );
        for (_, other) in users.iter().filter(|(_, other)| *other != title) {
            assert!(!page.contains(other), "another user's timer is in the page: {page}");
        }
    }
}

async fn page(user: &User) -> String {
    let response = user.request(Method::GET, "/").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.text().await.unwrap()
}

fn path_and_query(response: &Response) -> &str {
    &response.url()[Position::BeforePath..]
}

#[tokio::test]
async fn signed_out_users_are_redirected_to_sign_in_and_signed_in_users_from_it() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for method in [Method::GET, Method::HEAD] {
        for (asked, signed_out, signed_in) in [
            ("/", "/sign-in", "/"),
            ("/sign-in", "/sign-in", "/"),
            ("/sign-up", "/sign-up", "/"),
        ] {
            for (request, shown) in [
                (server.request(method.clone(), asked), signed_out),
                (ada.request(method.clone(), asked), signed_in),
            ] {
                let response = request.send().await.unwrap();
                assert_eq!(response.url().path(), shown, "{method} {asked}");
                assert_eq!(response.status(), StatusCode::OK, "{method} {asked}");
                assert_eq!(response.headers()["cache-control"], "no-store", "{method} {asked}");
            }
        }
    }
}

/// The form's page keeps where the visitor was going, also after a refusal, and leads there; never to another site.
#[tokio::test]
async fn signing_in_leads_to_the_page_that_was_asked_for() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let asked = "/history?text=tea%26cake";
    let response = server.request(Method::GET, asked).send().await.unwrap();
    let sign_in = "/sign-in?next=%2Fhistory%3Ftext%3Dtea%2526cake";
    assert_eq!(path_and_query(&response), sign_in);
    let page = response.text().await.unwrap();
    assert!(
        page.contains(r#"name="next" value="/history?text=tea%26cake""#),
        "{page}"
    );
    assert!(
        page.contains(r#"href="/sign-up?next=%2Fhistory%3Ftext%3Dtea%2526cake""#),
        "{page}"
    );
    let signed_in = ada.request(Method::GET, sign_in).send().await.unwrap();
    assert_eq!(path_and_query(&signed_in), asked);

    let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    for (next, shown) in [(asked, asked), ("https://evil.example/", "/"), ("//evil.example", "/")] {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("email", "ada@example.com")
            .append_pair("password", "correct horse")
            .append_pair("next", next)
            .finish();
        let request = http.post(format!("http://{}/api/sign-in", server.address)).body(form);
        let headers = [
            (ACCEPT, "text/html"),
            (CONTENT_TYPE, "application/x-www-form-urlencoded"),
        ];
        let request = headers
            .into_iter()
            .fold(request, |request, (name, value)| request.header(name, value));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::FOUND, "{next}");
        assert_eq!(response.headers()["location"], shown, "{next}");
    }
}

#[tokio::test]
async fn page_contains_linked_entities_and_the_choices_for_new_timers() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "Kind", "color": "#fff" }))
        .await["id"]
        .clone();
    let tag = json!({ "name": "deep work", "color": "#2e7d32", "group_id": group });
    let tag = ada.made("/v1/tags", tag).await["id"].clone();
    let times = |title: &str, year: &str| json!({ "title": title, "start_time": format!("{year}-01-01T10:00:00Z"), "end_time": format!("{year}-01-01T11:00:00Z") });
    let past = ada.made("/v1/schedules", times("Long ago", "2001")).await["id"].clone();
    ada.made("/v1/schedules", times("Also long ago", "2001")).await;
    ada.made("/v1/todos", json!({ "title": "Tidy up <b>", "tag_group_id": group }))
        .await;
    let timer = json!({ "title": "Write", "schedule_id": past, "tag_ids": [tag], "allocated_duration": 60 });
    let command = json!({ "type": "timer.create", "payload": timer }).to_string();
    let mut live = ada.connect().live().await;
    live.send_raw(Message::text(command)).await;
    live.next_timer().await;

    let page = page(&ada).await;
    assert!(
        page.contains("Long ago") && !page.contains("Also long ago"),
        "past schedules are included only if linked"
    );
    assert!(page.contains("deep work") && page.contains("#2E7D32"));
    assert!(
        page.contains("Tidy up &lt;b&gt;") && !page.contains("Tidy up <b>"),
        "the title is escaped"
    );
    let other = self::page(&eve).await;
    assert!(
        !other.contains("deep work") && !other.contains("Tidy up"),
        "entities of another user are in the page"
    );
}

#[tokio::test]
async fn page_shows_friend_activity_as_far_as_friends_allow() {
    let server = TestServer::start().await;
    let (ada, ben, eve) = (
        server.user("ada").await,
        server.user("ben").await,
        server.user("eve").await,
    );
    for user in [&ben, &eve] {
        user.connect()
            .live()
            .await
            .change(create(&format!("{} at work", user.grant.user.email)))
            .await;
    }
    befriend(&ada, &ben).await;
    let ben_shows = "ben@example.com at work";
    let first = page(&ada).await;
    assert!(first.contains(r#"data-testid="friend""#) && first.contains(ben_shows));
    assert!(!first.contains("eve@example.com"), "strangers are not shown");
    assert!(
        !page(&ben).await.contains(r#"data-testid="friend""#),
        "Ada has no running timer"
    );

    ben.patch("/v1/users/me", json!({ "friend_activity": "running" })).await;
    let running = page(&ada).await;
    assert!(running.contains(r#"data-testid="friend""#) && !running.contains(ben_shows));
    ben.patch("/v1/users/me", json!({ "friend_activity": "nothing" })).await;
    assert!(!page(&ada).await.contains(r#"data-testid="friend""#));

    ben.patch("/v1/users/me", json!({ "friend_activity": "titles" })).await;
    ben.post(&format!("/v1/friends/block/{}", ada.grant.user.id), json!({}))
        .await;
    let blocked = page(&ada).await;
    assert!(
        !blocked.contains(ben_shows) && !blocked.contains("friends-heading"),
        "blocked users see no friends"
    );
}

#[tokio::test]
async fn refused_form_shows_the_error_and_what_was_typed_but_never_the_password() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let http = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let origin = format!("http://{}", server.address);
    for (page, form, error) in [
        (
            "/sign-in",
            "email=ada%40example.com&password=wrong+horse",
            "The e-mail address or the password is not right.",
        ),
        (
            "/sign-up",
            "name=Ada+L&email=ada%40example.com&password=wrong+horse+battery",
            "There is already an account",
        ),
    ] {
        let request = http
            .post(format!("{origin}/api{page}"))
            .header("accept", "text/html")
            .header("referer", format!("{origin}{page}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let shown = request.send().await.unwrap();
        assert_eq!(shown.status(), StatusCode::OK);
        let url = shown.url().clone();
        assert_eq!(url.path(), page);
        for part in ["example.com", "wrong", "horse", "Ada"] {
            assert!(!url.query().unwrap().contains(part), "{url}");
        }
        let html = shown.text().await.unwrap();
        assert!(html.contains(error) && html.contains(r#"role="alert""#), "{html}");
        assert!(html.contains(r#"value="ada@example.com""#), "{html}");
        assert_eq!(html.contains(r#"value="Ada L""#), page == "/sign-up");
        assert!(!html.contains("wrong horse"), "{html}");

        // Without the error in its query it is a new form.
        let plain = http
            .get(format!("{origin}{page}"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(!plain.contains("ada@example.com"), "{plain}");
    }
}

#[tokio::test]
async fn pages_without_live_data_load_no_webassembly() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    for (path, loads) in [
        ("/sign-in", false),
        ("/sign-up", false),
        ("/nowhere", false),
        ("/", true),
    ] {
        let request = match loads {
            true => ada.request(Method::GET, path),
            false => server.request(Method::GET, path),
        };
        let html = request.send().await.unwrap().text().await.unwrap();
        for sign in [
            r#"type="module""#,
            r#"data-script="#,
            r#"data-files="#,
            r#"id="page-data""#,
        ] {
            assert_eq!(html.contains(sign), loads, "{path} {sign}: {html}");
        }
    }
}

#[tokio::test]
async fn data_of_a_page_equals_that_of_its_document() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    ada.connect().live().await.change(create("</script> & tea")).await;
    let html = page(&ada).await;
    let in_document = |id: &str| -> serde_json::Value {
        let element = format!(r#"id="{id}">"#);
        let start = html.find(&element).unwrap() + element.len();
        let end = start + html[start..].find("</script>").unwrap();
        serde_json::from_str(&html[start..end]).unwrap()
    };
    let read = async |path: &str| -> serde_json::Value {
        let response = ada.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.headers()["cache-control"], "no-store");
        response.json().await.unwrap()
    };
    assert_eq!(in_document("page-data"), read("/api/page/").await);
    let mut of_layout = in_document("layout-data")["snapshot"].take();
    let mut snapshot = read("/api/snapshot").await;
    assert_eq!(of_layout["timers"][0]["title"], "</script> & tea");
    for data in [&mut of_layout, &mut snapshot] {
        assert!(!data["now"].take().is_null());
        data["utc_offsets"].take();
    }
    assert_eq!(of_layout, snapshot);

    let signed_out = server.request(Method::GET, "/api/page/").send().await.unwrap();
    assert_eq!(signed_out.status(), StatusCode::FORBIDDEN);
    let plain = ada.request(Method::GET, "/api/page/sign-in").send().await.unwrap();
    assert_ne!(plain.status(), StatusCode::OK, "a page of HTML has no data to read");
}

#[tokio::test]
async fn a_rule_is_said_in_words_with_its_next_occurrences() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let path = |rule: &str, language: &str| {
        let rule = form_urlencoded::byte_serialize(rule.as_bytes()).collect::<String>();
        format!("/api/recurrence?rule={rule}&start=4102444800000&all_day=false&language={language}")
    };
    let signed_out = server
        .request(Method::GET, &path("FREQ=DAILY", "en"))
        .send()
        .await
        .unwrap();
    assert_eq!(signed_out.status(), StatusCode::FORBIDDEN);

    let preview = async |path: String| -> serde_json::Value {
        let response = ada.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    };
    let daily = preview(path("RRULE:FREQ=DAILY;INTERVAL=2", "en")).await;
    let next = daily["next"].as_array().unwrap();
    assert_eq!(next.len(), 5, "{daily}");
    assert!(daily["words"].as_str().unwrap().contains("day"), "{daily}");
    let korean = preview(path("RRULE:FREQ=DAILY;INTERVAL=2", "ko")).await;
    assert_ne!(korean["words"], daily["words"]);
    for rule in ["", "FREQ=NEVER", "\u{0}", &"FREQ=DAILY;".repeat(300)] {
        let refused = preview(path(rule, "en")).await;
        assert_eq!(refused["is_refused"], true, "{refused}");
    }
    // What is left out, or cannot be read, is as if it were empty.
    let empty = preview("/api/recurrence?start=soon&language=xx".to_owned()).await;
    assert_eq!(empty["is_refused"], true, "{empty}");
}
