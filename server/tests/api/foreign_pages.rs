//! Pages of other sites: they can neither use the session's cookie nor inject text into our pages.

use crate::support::TestServer;
use base64::{Engine, prelude::BASE64_URL_SAFE};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::json;

/// The header combinations that browsers send with requests of another site's page.
const FOREIGN: [&[(&str, &str)]; 6] = [
    &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example.com")],
    &[("sec-fetch-site", "same-site"), ("origin", "https://evil.example.com")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site"), ("origin", "null")],
    &[("origin", "http://evil.example")],
    &[("origin", "null")],
];

fn with(mut request: RequestBuilder, headers: &[(&str, &str)]) -> RequestBuilder {
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}

#[tokio::test]
async fn another_sites_page_cannot_use_or_set_the_sessions_cookie() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let credentials = json!({ "email": "ada@example.com", "password": "correct horse" });
    let form = "email=ada%40example.com&password=correct+horse&name=";
    for headers in FOREIGN {
        for path in ["sign-in", "sign-up", "refresh", "sign-out"] {
            let request = ada
                .request(Method::POST, &format!("/v1/auth/{path}"))
                .json(&credentials);
            let response = with(request, headers).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(
                response.headers().get(header::SET_COOKIE).is_none(),
                "{path} {headers:?}"
            );
            let body: serde_json::Value = response.json().await.unwrap();
            assert_eq!(body["error_type"], "ForeignOriginError");
        }
        for path in ["sign-in", "sign-up", "sign-out", "timers"] {
            let request = ada.request(Method::POST, &format!("/api/{path}")).body(form);
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let response = with(request, headers).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path} {headers:?}");
            assert!(
                response.headers().get(header::SET_COOKIE).is_none(),
                "{path} {headers:?}"
            );
        }
    }
    let refreshed = ada.request(Method::POST, "/v1/auth/refresh").send().await.unwrap();
    assert_eq!(refreshed.status(), StatusCode::OK, "the session is still valid");
}

#[tokio::test]
async fn own_and_configured_pages_may_use_the_cookie() {
    let server = TestServer::with([("CORS_ALLOWED_ORIGINS", "https://app.example")]).await;
    let ada = server.user("ada").await;
    let own = format!("http://{}", server.address);
    for headers in [
        &[("sec-fetch-site", "same-origin"), ("origin", own.as_str())] as &[(&str, &str)],
        &[("origin", &own)],
        &[("sec-fetch-site", "same-site"), ("origin", "https://app.example")],
        &[("origin", "https://app.example")],
        &[],
    ] {
        let request = ada.request(Method::POST, "/v1/auth/refresh");
        let response = with(request, headers).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{headers:?}");
    }
}

#[tokio::test]
async fn link_cannot_inject_text_into_the_sign_in_page() {
    let server = TestServer::start().await;
    let page = async |error: &str| {
        let error = BASE64_URL_SAFE.encode(error);
        let path = format!("/sign-in?__path=/api/sign-in&__err={error}");
        let response = server.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.unwrap()
    };
    for text in [
        r#"{"Refused":"Your account was locked. Call +1 555 0100"}"#,
        r#"{"Refused":{"message":"Call +1 555 0100"}}"#,
        r#""Call +1 555 0100""#,
        "Call +1 555 0100",
        r#""Unreadable""#,
    ] {
        let page = page(text).await;
        assert!(
            !page.contains("555 0100") && !page.contains(r#"role="alert""#),
            "{text}"
        );
    }
    let code = page(r#"{"Refused":"wrong_credentials"}"#).await;
    assert!(code.contains("The e-mail address or the password is not right."));
}
