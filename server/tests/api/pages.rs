//! The rendered pages, as a browser without scripts gets them.

use crate::support::{PATIENCE, TestServer, create};
use futures_util::{StreamExt, stream};
use reqwest::{Method, StatusCode};
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_readers_at_once_all_get_their_page() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    ada.connect().live().await.change(create("Write")).await;
    let page = async || {
        let response = timeout(PATIENCE, ada.request(Method::GET, "/").send()).await;
        let response = response.expect("the head of a page in time").expect("an answer");
        let status = response.status();
        let body = timeout(PATIENCE, response.text()).await;
        (status, body.expect("all of a page in time").expect("a whole page"))
    };
    let pages: Vec<_> = stream::iter(0..400)
        .map(|_| page())
        .buffer_unordered(25)
        .collect()
        .await;
    for (status, page) in pages {
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("Write – Lockstep</title>"), "the timer is in the title");
        assert!(page.contains(r#"data-status="RUNNING""#), "and in the page");
    }
}
