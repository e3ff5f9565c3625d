//! The HTML document around the app.

mod policy;

use crate::App;
use http::{HeaderValue, header, request::Parts};
use leptos::{config::Env, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::{HashedStylesheet, MetaTags};

/// The HTML document: head, scripts and the app in the body. Also sets the headers that all pages share.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    set_headers(&options);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f6f3ec" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#121613" />
                <meta name="description" content="Timers that stay in step on every device you own." />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <link
                    rel="preload"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin=""
                    href="/fonts/bricolage-grotesque.woff2"
                />
                <HashedStylesheet options=options.clone() />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// A page contains private data: it must not be cached, framed or scripted by another site.
fn set_headers(options: &LeptosOptions) {
    let Some(response) = use_context::<ResponseOptions>() else {
        return;
    };
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let parts = use_context::<Parts>();
    let host = parts
        .as_ref()
        .and_then(|parts| parts.headers.get(header::HOST)?.to_str().ok());
    let reload_port = (options.env == Env::DEV).then_some(options.reload_port);
    let policy = policy::content_security_policy(use_nonce().as_deref(), host, reload_port);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
