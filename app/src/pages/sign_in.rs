//! `/sign-in`

use crate::{
    api::SignIn,
    backend::{Backend, BackendError},
    components::{AuthFrame, Field, NextField, SubmitButton, set_page_title},
    form::Attempt,
    page::{Loaded, Next, PlainPage, SIGN_IN, SIGN_UP},
    texts::{AuthTexts, texts},
};
use http::request::Parts;
use leptos::{prelude::*, server_fn::ServerFn};
use protocol::rest::account::SignUps;

/// The sign-in page. Signed-in users are redirected to the page that they asked for, or to their timers.
pub struct SignInPage;

/// The page that opens next, whether a link to the sign-up page is shown, and the form's last attempt.
#[derive(Clone)]
pub struct SignInData {
    next: Next,
    sign_ups: SignUps,
    attempt: Attempt,
}

impl PlainPage for SignInPage {
    const PATH: &'static str = SIGN_IN;
    type Data = SignInData;

    async fn load(backend: &dyn Backend, request: &Parts) -> Result<Loaded<SignInData>, BackendError> {
        let next = Next::of(request);
        if backend.account(request).await?.is_some() {
            return Ok(Loaded::Redirect(next.as_str().to_owned()));
        }
        Ok(Loaded::Page(SignInData {
            next,
            sign_ups: backend.sign_ups(),
            attempt: Attempt::of::<SignIn>(backend, request),
        }))
    }

    fn view(
        SignInData {
            next,
            sign_ups,
            attempt,
        }: SignInData,
    ) -> AnyView {
        let t = texts::<AuthTexts>();
        let sign_up = (sign_ups != SignUps::Closed).then(|| {
            view! { <p class="auth-other">{t.new_here} <a href=next.after(SIGN_UP)>{t.sign_up_link}</a></p> }
        });
        set_page_title(t.sign_in_title);
        view! {
            <AuthFrame heading=t.sign_in_heading lead=t.sign_in_lead error=attempt.error>
                <form class="form" method="post" action=SignIn::PATH>
                    <NextField next=next.clone() />
                    <Field label=t.email name="email" kind="email" autocomplete="username" value=attempt.fields.email />
                    <Field label=t.password name="password" kind="password" autocomplete="current-password" />
                    <SubmitButton text=t.sign_in />
                </form>
                {sign_up}
            </AuthFrame>
        }
        .into_any()
    }
}
