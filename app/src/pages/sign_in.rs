//! `/sign-in`

use crate::{
    api::SignIn,
    components::{AuthFrame, Field, PageTitle, SubmitButton, shown_error},
    preloaded::preloaded,
};
use leptos::{form::ActionForm, prelude::*};
use protocol::rest::account::SignUps;

/// The sign-in page. Signed-in users are redirected to their timers.
#[component]
pub fn SignInPage() -> impl IntoView {
    view! {
        <PageTitle text="Sign in – Lockstep" />
        {preloaded(|sign_ups: SignUps| view! { <SignInForm sign_ups /> }.into_any())}
    }
    .into_any()
}

#[component]
fn SignInForm(sign_ups: SignUps) -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let error = shown_error(action);
    let sign_up = (sign_ups != SignUps::Closed).then(|| {
        view! {
            <p class="auth-other">
                "New here? " <a href="/sign-up" rel="external">
                    "Create an account"
                </a>
            </p>
        }
    });
    view! {
        <AuthFrame heading="Welcome back" lead="Sign in, and pick up at the very second you left." error>
            <ActionForm action attr:class="form">
                <Field label="E-mail" name="email" kind="email" autocomplete="username" />
                <Field label="Password" name="password" kind="password" autocomplete="current-password" />
                <SubmitButton text="Sign in" pending=action.pending() />
            </ActionForm>
            {sign_up}
        </AuthFrame>
    }
    .into_any()
}
