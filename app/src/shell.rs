//! The HTML document around a page.

mod files;
mod policy;

pub use files::SiteFiles;

use crate::{
    App,
    page::{Content, RenderedPage},
    texts::{CommonTexts, LayoutTexts, texts},
};
use http::{HeaderValue, header, request::Parts};
use leptos::{
    config::{Env, LeptosOptions},
    nonce::{Nonce, use_nonce},
    prelude::*,
};
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, provide_meta_context};
use protocol::preferences::Theme;

/// Loads the WebAssembly, and sees to it that the page outlives its failure.
const HYDRATION_SCRIPT: &str = include_str!("shell/hydration.js");
/// Keeps the page for times without a network.
const OFFLINE_SCRIPT: &str = include_str!("shell/offline.js");
/// What forms need without the WebAssembly.
const PLAIN_SCRIPT: &str = include_str!("shell/plain.js");

/// The document of a page: head, scripts and the page in the body. Also sets the headers that all pages share.
pub fn shell(options: LeptosOptions, files: &SiteFiles, page: RenderedPage) -> impl IntoView + use<> {
    provide_meta_context();
    set_headers(&options);
    let nonce = use_nonce();
    let RenderedPage { locale, content } = page;
    provide_context(locale);
    let mut theme = None;
    let (body, end) = match content {
        Content::Plain(view) => (view(), plain(files, nonce)),
        #[cfg(debug_assertions)]
        Content::Standalone { view, chunk } => (view(), loader(files, chunk, nonce)),
        Content::Live {
            opened,
            layout,
            chunk,
            data,
            layout_data,
        } => {
            let end = hydration(files, chunk, &data, &layout_data, nonce);
            let layout = *layout;
            theme = layout.preferences.theme.map(Theme::as_str);
            (view! { <App layout first=opened /> }.into_any(), end)
        }
    };
    view! {
        <!DOCTYPE html>
        <html lang=locale.language.as_str() data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f6f3ec" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#121613" />
                <meta name="description" content="Timers that stay in step on every device you own." />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
                // With cookies, one of which has the language.
                <link rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials" />
                <link rel="stylesheet" href=files.style.clone() />
                <link
                    rel="preload"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin=""
                    href="/fonts/bricolage-grotesque.woff2"
                />
                <AutoReload options />
                <MetaTags />
            </head>
            <body>{body} {end}</body>
        </html>
    }
}

fn hydration(files: &SiteFiles, chunk: &str, data: &str, layout_data: &str, nonce: Option<Nonce>) -> AnyView {
    let loader = loader(files, chunk, nonce.clone());
    view! {
        // JSON, not a script: the browser does not run it, so it needs no nonce.
        <script type="application/json" id="page-data">
            {escape_json(data)}
        </script>
        <script type="application/json" id="layout-data">
            {escape_json(layout_data)}
        </script>
        {loader}
        <script type="module" nonce=nonce>
            {OFFLINE_SCRIPT}
        </script>
    }
    .into_any()
}

/// Loads the files of a page that is hydrated, and says so where that fails.
fn loader(files: &SiteFiles, chunk: &str, nonce: Option<Nonce>) -> AnyView {
    let files_of_page = paths(files, chunk);
    let t = texts::<LayoutTexts>();
    view! {
        <p class="banner danger load-failed" role="alert">
            {t.load_failed}
            <a href="">{texts::<CommonTexts>().try_again}</a>
        </p>
        <script
            type="module"
            nonce=nonce
            data-script=files.script.clone()
            data-wasm=files.main_wasm.clone()
            data-files=files_of_page
            data-build=files.build.clone()
        >
            {HYDRATION_SCRIPT}
        </script>
    }
    .into_any()
}

/// The next page is that of the timers.
fn plain(files: &SiteFiles, nonce: Option<Nonce>) -> AnyView {
    let next = paths(files, "timers");
    view! {
        <script nonce=nonce data-next=next>
            {PLAIN_SCRIPT}
        </script>
    }
    .into_any()
}

/// The paths of a live page's files, separated by spaces.
fn paths(files: &SiteFiles, chunk: &str) -> String {
    let paths = files.modules(chunk).chain(files.wasm(chunk));
    paths.collect::<Vec<_>>().join(" ")
}

/// JSON as the content of a `script` element, in which `<` could end it or open a comment (HTML, 4.12.1.3).
fn escape_json(json: &str) -> String {
    json.replace('<', "\\u003c")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_end_its_element() {
        let json = serde_json::to_string("</script><!--<script>").unwrap();
        let escaped = escape_json(&json);
        assert!(!escaped.contains('<'));
        let back: String = serde_json::from_str(&escaped).unwrap();
        assert_eq!(back, "</script><!--<script>");
    }
}
