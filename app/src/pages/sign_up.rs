//! `/sign-up`

use crate::{
    api::SignUp,
    backend::{Backend, BackendError},
    components::{AuthFrame, Field, SubmitButton, set_page_title},
    form::{Attempt, query_value},
    page::{Loaded, Page},
};
use http::request::Parts;
use leptos::{prelude::*, server_fn::ServerFn};
use protocol::{limits, rest::account::SignUps};
use serde::{Deserialize, Serialize};

/// The sign-up page. Signed-in users are redirected to their timers.
pub struct SignUpPage;

/// Whether accounts can be created, and the form's last attempt.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignUpData {
    sign_ups: SignUps,
    attempt: Attempt,
    /// From the invitation link.
    invitation: String,
}

impl Page for SignUpPage {
    const PATH: &'static str = "/sign-up";
    type Data = SignUpData;

    async fn load(backend: &dyn Backend, request: &Parts) -> Result<Loaded<SignUpData>, BackendError> {
        if backend.account(request).await?.is_some() {
            return Ok(Loaded::Redirect("/"));
        }
        Ok(Loaded::Page(SignUpData {
            sign_ups: backend.sign_ups(),
            attempt: Attempt::of::<SignUp>(backend, request),
            invitation: query_value(request, "invitation").unwrap_or_default(),
        }))
    }

    fn view(data: SignUpData) -> AnyView {
        let lead = match data.sign_ups {
            SignUps::Open => "One account, every device, the same second.",
            SignUps::Invite => "This server takes new accounts by invitation.",
            SignUps::Closed => "This server takes no new accounts.",
        };
        let error = data.attempt.error.clone();
        let form = (data.sign_ups != SignUps::Closed).then(|| view! { <Form data /> });
        set_page_title("Create an account – Lockstep");
        view! {
            <AuthFrame heading="Create your account" lead error>
                {form}
                <p class="auth-other">"Already have one? " <a href="/sign-in">"Sign in"</a></p>
            </AuthFrame>
        }
        .into_any()
    }
}

#[component]
fn Form(data: SignUpData) -> impl IntoView {
    let invitation = (data.sign_ups == SignUps::Invite).then(|| {
        view! { <Field label="Invitation" name="invitation" kind="text" autocomplete="off" value=data.invitation /> }
    });
    let fields = data.attempt.fields;
    let hint = format!(
        "At least {} characters. A few words are easy to remember.",
        limits::PASSWORD_MIN_CHARS
    );
    view! {
        <form class="form" method="post" action=SignUp::PATH>
            {invitation}
            <Field label="Name" name="name" kind="text" autocomplete="name" optional=true value=fields.name />
            <Field label="E-mail" name="email" kind="email" autocomplete="username" value=fields.email />
            <Field label="Password" name="password" kind="password" autocomplete="new-password" hint />
            <SubmitButton text="Create account" />
        </form>
    }
    .into_any()
}
