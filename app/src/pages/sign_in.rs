//! `/sign-in`

use crate::{
    api::SignIn,
    components::{AuthFrame, Field, PageTitle, SubmitButton},
    preloaded::preloaded,
};
use leptos::{form::ActionForm, prelude::*};

/// Signs in; who is signed in already goes on to the timers.
#[component]
pub fn SignInPage() -> impl IntoView {
    view! {
        <PageTitle text="Sign in – Lockstep" />
        {preloaded(|()| view! { <SignInForm /> }.into_any())}
    }
    .into_any()
}

#[component]
fn SignInForm() -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let error = Signal::derive(move || action.value().get().and_then(Result::err));
    view! {
        <AuthFrame heading="Welcome back" lead="Sign in, and pick up at the very second you left." error>
            <ActionForm action attr:class="form">
                <Field label="E-mail" name="email" kind="email" autocomplete="username" />
                <Field label="Password" name="password" kind="password" autocomplete="current-password" />
                <SubmitButton text="Sign in" pending=action.pending() />
            </ActionForm>
            <p class="auth-other">
                "New here? " <a href="/sign-up" rel="external">
                    "Create an account"
                </a>
            </p>
        </AuthFrame>
    }
    .into_any()
}
