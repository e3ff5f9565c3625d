//! `/sign-up`

use crate::{
    api::SignUp,
    components::{AuthFrame, Field, PageTitle, SubmitButton, shown_error},
    preloaded::preloaded,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_query_map;
use protocol::{limits, rest::account::SignUps};

/// The sign-up page. Signed-in users are redirected to their timers.
#[component]
pub fn SignUpPage() -> impl IntoView {
    view! {
        <PageTitle text="Create an account – Lockstep" />
        {preloaded(|sign_ups: SignUps| view! { <SignUpForm sign_ups /> }.into_any())}
    }
    .into_any()
}

#[component]
fn SignUpForm(sign_ups: SignUps) -> impl IntoView {
    let action = ServerAction::<SignUp>::new();
    let error = shown_error(action);
    let lead = match sign_ups {
        SignUps::Open => "One account, every device, the same second.",
        SignUps::Invite => "This server takes new accounts by invitation.",
        SignUps::Closed => "This server takes no new accounts.",
    };
    let form = (sign_ups != SignUps::Closed).then(|| view! { <Fields action sign_ups /> });
    view! {
        <AuthFrame heading="Create your account" lead error>
            {form}
            <p class="auth-other">
                "Already have one? " <a href="/sign-in" rel="external">
                    "Sign in"
                </a>
            </p>
        </AuthFrame>
    }
    .into_any()
}

#[component]
fn Fields(action: ServerAction<SignUp>, sign_ups: SignUps) -> impl IntoView {
    let invitation = (sign_ups == SignUps::Invite).then(|| {
        // Filled in from the invitation link.
        let value = use_query_map().read_untracked().get("invitation").unwrap_or_default();
        view! { <Field label="Invitation" name="invitation" kind="text" autocomplete="off" value /> }
    });
    let hint = format!(
        "At least {} characters. A few words are easy to remember.",
        limits::PASSWORD_MIN_CHARS
    );
    view! {
        <ActionForm action attr:class="form">
            {invitation}
            <Field label="Name" name="name" kind="text" autocomplete="name" optional=true />
            <Field label="E-mail" name="email" kind="email" autocomplete="username" />
            <Field label="Password" name="password" kind="password" autocomplete="new-password" hint />
            <SubmitButton text="Create account" pending=action.pending() />
        </ActionForm>
    }
    .into_any()
}
