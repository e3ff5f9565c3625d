//! The manifest, the service worker and the page that it shows without a network.

use crate::{
    assets::{build, cache_control, serve},
    support::TestServer,
};
use reqwest::{
    Client, Response, StatusCode,
    header::{self, HeaderName},
};
use serde_json::Value;
use std::{fs, path::Path};

fn header(response: &Response, name: HeaderName) -> &str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

/// The constant at the start of the service worker.
fn release(script: &str) -> Value {
    let json = script.strip_prefix("const RELEASE = ").unwrap();
    serde_json::from_str(json.split_once(";\n").unwrap().0).unwrap()
}

#[tokio::test]
async fn the_service_worker_lists_the_files_of_its_release() {
    let site = tempfile::tempdir().unwrap();
    let hashes = ["1B2M2Y8AsgTpgAmY7PhCfg", "-_2M2Y8AsgTpgAmY7PhCfg"];
    build(site.path(), hashes[0]);
    let mut process = serve(&site).await;
    let mut versions = Vec::new();
    for hash in hashes {
        build(site.path(), hash);
        process.kill();
        process.start_again().await;
        let response = reqwest::get(format!("http://{}/sw.js", process.address)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(cache_control(&response), "no-cache");
        assert_eq!(
            header(&response, header::CONTENT_TYPE),
            "text/javascript; charset=utf-8"
        );
        assert_eq!(
            header(&response, HeaderName::from_static("service-worker-allowed")),
            "/"
        );
        let policy = header(&response, header::CONTENT_SECURITY_POLICY);
        assert_eq!(policy, "default-src 'none'; connect-src 'self'");
        let release = release(&response.text().await.unwrap());
        let listed = |name: &str| release[name].as_array().unwrap().clone();
        let mut paths = [listed("first"), listed("rest")].concat();
        for path in &paths {
            let url = format!("http://{}{}", process.address, path.as_str().unwrap());
            assert_eq!(reqwest::get(url).await.unwrap().status(), StatusCode::OK, "{path}");
        }
        paths.sort_by_key(Value::to_string);
        let mut all = vec!["/favicon.svg".to_owned(), "/fonts/typeface.woff2".to_owned()];
        all.extend(["css", "js", "wasm"].map(|extension| format!("/pkg/lockstep.{hash}.{extension}")));
        assert_eq!(paths, all);
        versions.push(release["version"].clone());
    }
    assert_ne!(versions[0], versions[1]);
}

#[tokio::test]
async fn the_manifest_names_pages_and_icons_that_exist() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let get = async |language: &str| {
        let url = format!("http://{}/manifest.webmanifest", server.address);
        let request = Client::new().get(url).header(header::ACCEPT_LANGUAGE, language);
        request.send().await.unwrap()
    };
    let english = get("en").await;
    assert_eq!(header(&english, header::CONTENT_TYPE), "application/manifest+json");
    assert_eq!(cache_control(&english), "no-cache");
    let english: Value = english.json().await.unwrap();
    let korean: Value = get("ko").await.json().await.unwrap();
    assert_eq!((&english["lang"], &korean["lang"]), (&"en".into(), &"ko".into()));
    assert_ne!(english["description"], korean["description"]);
    assert_eq!(english["start_url"], "/");
    for shortcut in english["shortcuts"].as_array().unwrap() {
        let path = shortcut["url"].as_str().unwrap();
        let page = ada.request(reqwest::Method::GET, path).send().await.unwrap();
        assert_eq!((page.status(), page.url().path()), (StatusCode::OK, path));
    }
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../style/public");
    for icon in english["icons"].as_array().unwrap() {
        let src = icon["src"].as_str().unwrap();
        let file = fs::read(public.join(src.trim_start_matches('/'))).unwrap();
        if icon["type"] == "image/png" {
            // The width and the height in the first chunk (PNG, 11.2.1).
            let side = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
            assert_eq!(icon["sizes"], format!("{}x{}", side(16), side(20)), "{src}");
        }
    }
}

#[tokio::test]
async fn the_page_for_times_without_a_network_is_everybodys() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let page = ada.request(reqwest::Method::GET, "/offline");
    let page = page.header(header::ACCEPT_LANGUAGE, "ko").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let html = page.text().await.unwrap();
    assert!(
        html.contains(r#"<html lang="ko""#) && html.contains("지금은 연결할 수 없습니다"),
        "{html}"
    );
    assert!(!html.contains("ada@"), "it contains nothing of an account");
    assert!(
        html.contains(r#"rel="manifest" href="/manifest.webmanifest""#),
        "{html}"
    );
}
