//! `/sign-up`

use crate::{
    api::{self, SignUp},
    components::{AuthFrame, Field, SubmitButton},
    pages::failure::Failure,
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::components::Redirect;
use protocol::limits;

/// Makes an account; who is signed in already goes on to the timers.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let account = Resource::new_blocking(|| (), |()| api::account());
    view! {
        <Title text="Create an account – Lockstep" />
        <Suspense>
            {move || Suspend::new(async move {
                match account.await {
                    Ok(None) => view! { <SignUpForm /> }.into_any(),
                    Ok(Some(_)) => view! { <Redirect path="/" /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Suspense>
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
