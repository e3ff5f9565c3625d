//! `/sign-up`

use crate::{
    api::SignUp,
    backend::{Backend, BackendError},
    components::{AuthFrame, Field, NextField, SubmitButton, set_page_title},
    form::{Attempt, query_value},
    page::{Loaded, Next, PlainPage, SIGN_IN, SIGN_UP},
    texts::{AuthTexts, texts},
};
use http::request::Parts;
use leptos::{prelude::*, server_fn::ServerFn};
use protocol::{limits, rest::account::SignUps};

/// The sign-up page. Signed-in users are redirected to the page that they asked for, or to their timers.
pub struct SignUpPage;

/// The page that opens next, whether accounts can be created, and the form's last attempt.
#[derive(Clone)]
pub struct SignUpData {
    next: Next,
    sign_ups: SignUps,
    attempt: Attempt,
    /// From the invitation link.
    invitation: String,
}

impl PlainPage for SignUpPage {
    const PATH: &'static str = SIGN_UP;
    type Data = SignUpData;

    async fn load(backend: &dyn Backend, request: &Parts) -> Result<Loaded<SignUpData>, BackendError> {
        let next = Next::of(request);
        if backend.account(request).await?.is_some() {
            return Ok(Loaded::Redirect(next.as_str().to_owned()));
        }
        Ok(Loaded::Page(SignUpData {
            next,
            sign_ups: backend.sign_ups(),
            attempt: Attempt::of::<SignUp>(backend, request),
            invitation: query_value(request, "invitation").unwrap_or_default(),
        }))
    }

    fn view(data: SignUpData) -> AnyView {
        let t = texts::<AuthTexts>();
        let lead = match data.sign_ups {
            SignUps::Open => t.sign_ups_open,
            SignUps::Invite => t.sign_ups_invite,
            SignUps::Closed => t.sign_ups_closed,
        };
        let error = data.attempt.error.clone();
        let sign_in = data.next.after(SIGN_IN);
        let form = (data.sign_ups != SignUps::Closed).then(|| view! { <Form data /> });
        set_page_title(t.sign_up_title);
        view! {
            <AuthFrame heading=t.sign_up_heading lead error>
                {form}
                <p class="auth-other">{t.have_account} <a href=sign_in>{t.sign_in}</a></p>
            </AuthFrame>
        }
        .into_any()
    }
}

#[component]
fn Form(data: SignUpData) -> impl IntoView {
    let t = texts::<AuthTexts>();
    let invitation = (data.sign_ups == SignUps::Invite).then(|| {
        view! { <Field label=t.invitation name="invitation" kind="text" autocomplete="off" value=data.invitation /> }
    });
    let fields = data.attempt.fields;
    let hint = (t.password_hint)(limits::PASSWORD_MIN_CHARS);
    view! {
        <form class="form" method="post" action=SignUp::PATH>
            <NextField next=data.next />
            {invitation}
            <Field label=t.name name="name" kind="text" autocomplete="name" optional=true value=fields.name />
            <Field label=t.email name="email" kind="email" autocomplete="username" value=fields.email />
            <Field label=t.password name="password" kind="password" autocomplete="new-password" hint />
            <SubmitButton text=t.sign_up />
        </form>
    }
    .into_any()
}
