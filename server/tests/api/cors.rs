//! CORS: which origins may call the API from a browser.

use crate::support::TestServer;
use reqwest::{Method, StatusCode, header};

#[tokio::test]
async fn configured_origins_are_allowed_and_others_are_not() {
    let server = TestServer::with([("CORS_ALLOWED_ORIGINS", "wss://app.example, http://localhost:3000")]).await;
    let preflight = async |origin: &str| {
        let request = server
            .request(Method::OPTIONS, "/v1/timers")
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "PATCH")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type");
        request.send().await.unwrap()
    };
    for origin in ["https://app.example", "http://localhost:3000"] {
        let response = preflight(origin).await;
        assert_eq!(response.status(), StatusCode::OK);
        let value = |name: header::HeaderName| response.headers()[name].to_str().unwrap().to_lowercase();
        assert_eq!(value(header::ACCESS_CONTROL_ALLOW_ORIGIN), origin);
        assert!(value(header::ACCESS_CONTROL_ALLOW_METHODS).contains("patch"));
        assert!(value(header::ACCESS_CONTROL_ALLOW_HEADERS).contains("authorization"));
    }
    for origin in ["https://evil.example", "http://app.example", "null"] {
        let response = preflight(origin).await;
        assert!(
            response.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_none(),
            "{origin}"
        );
    }
}
