//! `/offline`

use crate::{
    backend::{Backend, BackendError},
    components::{Brand, set_page_title},
    page::{Loaded, PlainPage},
    texts::{CommonTexts, FailureTexts, texts},
};
use http::request::Parts;
use leptos::prelude::*;

/// What the service worker shows in place of a page that it has not kept, when there is no network.
pub struct OfflinePage;

impl PlainPage for OfflinePage {
    const PATH: &'static str = "/offline";
    type Data = ();

    async fn load(_: &dyn Backend, _: &Parts) -> Result<Loaded<()>, BackendError> {
        Ok(Loaded::Page(()))
    }

    fn view((): ()) -> AnyView {
        let t = texts::<FailureTexts>();
        set_page_title(t.offline_title);
        view! {
            <main class="notice">
                <Brand />
                <h1>{t.offline_heading}</h1>
                <p role="alert">{t.offline}</p>
                <p>{t.offline_kept}</p>
                <a class="button primary" href="">
                    {texts::<CommonTexts>().try_again}
                </a>
                <a class="button" href="/">
                    {t.to_timers}
                </a>
            </main>
        }
        .into_any()
    }
}
