//! Signing out.

use crate::{
    components::When,
    texts::{LayoutTexts, texts},
};
use leptos::{ev::SubmitEvent, prelude::*};
use protocol::rest::account::Account;

/// The server function (`api.rs`).
const SIGN_OUT: &str = "/api/sign-out";

/// The state of signing out.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves on the server"))]
enum Attempt {
    None,
    Pending,
    Failed,
}

/// The name of the signed-in user, as a context: the settings change it.
#[derive(Clone, Copy)]
pub struct AccountName(pub RwSignal<String>);

/// The account, and a form that also works without scripts.
#[component]
pub fn SignOut(
    /// The signed-in user.
    account: Account,
) -> impl IntoView {
    let t = texts::<LayoutTexts>();
    let AccountName(name) = expect_context();
    let attempt = RwSignal::new(Attempt::None);
    view! {
        <form class="sign-out" method="post" action=SIGN_OUT on:submit=move |event| sign_out(event, attempt)>
            <span class="account" title=account.email>
                {move || name.get()}
            </span>
            <button class="button quiet" type="submit" disabled=move || attempt.get() == Attempt::Pending>
                {t.sign_out}
            </button>
            <When holds=move || attempt.get() == Attempt::Failed>
                <p class="banner danger" role="alert">
                    {t.sign_out_failed}
                </p>
            </When>
        </form>
    }
    .into_any()
}

/// Signs out without leaving the page if that fails. Then the sign-in page is loaded as a new document, so that no state
/// of one user remains for the next.
#[cfg(feature = "hydrate")]
fn sign_out(event: SubmitEvent, attempt: RwSignal<Attempt>) {
    event.prevent_default();
    attempt.set(Attempt::Pending);
    leptos::task::spawn_local(async move {
        match crate::hydrate::send_form(SIGN_OUT).await {
            Ok(()) => crate::browser::go_to("/sign-in"),
            Err(_) => attempt.set(Attempt::Failed),
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn sign_out(_event: SubmitEvent, _attempt: RwSignal<Attempt>) {}
