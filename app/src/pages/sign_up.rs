//! `/sign-up`

use crate::{
    api::SignUp,
    components::{AuthFrame, Field, PageTitle, SubmitButton},
    preloaded::preloaded,
};
use leptos::{form::ActionForm, prelude::*};
use protocol::limits;

/// Makes an account; who is signed in already goes on to the timers.
#[component]
pub fn SignUpPage() -> impl IntoView {
    view! {
        <PageTitle text="Create an account – Lockstep" />
        {preloaded(|()| view! { <SignUpForm /> }.into_any())}
    }
    .into_any()
}

#[component]
fn SignUpForm() -> impl IntoView {
    let action = ServerAction::<SignUp>::new();
    let error = Signal::derive(move || action.value().get().and_then(Result::err));
    let hint = format!(
        "At least {} characters. A few words are easy to remember.",
        limits::PASSWORD_MIN_CHARS
    );
    view! {
        <AuthFrame heading="Create your account" lead="One account, every device, the same second." error>
            <ActionForm action attr:class="form">
                <Field label="Name" name="name" kind="text" autocomplete="name" optional=true />
                <Field label="E-mail" name="email" kind="email" autocomplete="username" />
                <Field label="Password" name="password" kind="password" autocomplete="new-password" hint />
                <SubmitButton text="Create account" pending=action.pending() />
            </ActionForm>
            <p class="auth-other">
                "Already have one? " <a href="/sign-in" rel="external">
                    "Sign in"
                </a>
            </p>
        </AuthFrame>
    }
    .into_any()
}
