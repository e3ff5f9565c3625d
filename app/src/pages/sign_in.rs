//! `/sign-in`

use crate::{
    api::{self, SignIn},
    components::{AuthFrame, Field, SubmitButton},
    pages::failure::Failure,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::components::Redirect;

/// Signs in; who is signed in already goes on to the timers.
#[component]
pub fn SignInPage() -> impl IntoView {
    let account = Resource::new_blocking(|| (), |()| api::account());
    view! {
        <Title text="Sign in – Lockstep" />
        <Suspense>
            {move || Suspend::new(async move {
                match account.await {
                    Ok(None) => view! { <SignInForm /> }.into_any(),
                    Ok(Some(_)) => view! { <Redirect path="/" /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
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
