//! `/sign-in`

use crate::{
    api::SignIn,
    backend::{Backend, BackendError},
    components::{AuthFrame, Field, SubmitButton, set_page_title},
    form::Attempt,
    page::{Loaded, Page},
};
use http::request::Parts;
use leptos::{prelude::*, server_fn::ServerFn};
use protocol::rest::account::SignUps;
use serde::{Deserialize, Serialize};

/// The sign-in page. Signed-in users are redirected to their timers.
pub struct SignInPage;

/// Whether a link to the sign-up page is shown, and the form's last attempt.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignInData {
    sign_ups: SignUps,
    attempt: Attempt,
}

impl Page for SignInPage {
    const PATH: &'static str = "/sign-in";
    type Data = SignInData;

    async fn load(backend: &dyn Backend, request: &Parts) -> Result<Loaded<SignInData>, BackendError> {
        if backend.account(request).await?.is_some() {
            return Ok(Loaded::Redirect("/"));
        }
        Ok(Loaded::Page(SignInData {
            sign_ups: backend.sign_ups(),
            attempt: Attempt::of::<SignIn>(backend, request),
        }))
    }

    fn view(SignInData { sign_ups, attempt }: SignInData) -> AnyView {
        let sign_up = (sign_ups != SignUps::Closed).then(|| {
            view! { <p class="auth-other">"New here? " <a href="/sign-up">"Create an account"</a></p> }
        });
        set_page_title("Sign in – Lockstep");
        view! {
            <AuthFrame
                heading="Welcome back"
                lead="Sign in, and pick up at the very second you left."
                error=attempt.error
            >
                <form class="form" method="post" action=SignIn::PATH>
                    <Field
                        label="E-mail"
                        name="email"
                        kind="email"
                        autocomplete="username"
                        value=attempt.fields.email
                    />
                    <Field label="Password" name="password" kind="password" autocomplete="current-password" />
                    <SubmitButton text="Sign in" />
                </form>
                {sign_up}
            </AuthFrame>
        }
        .into_any()
    }
}
