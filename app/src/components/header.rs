//! The header of the timers page.

use crate::components::{Brand, When, connection_status::ConnectionStatus};
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

/// The product, the connection status and the account.
#[component]
pub fn Header(
    /// The signed-in user.
    account: Account,
) -> impl IntoView {
    let attempt = RwSignal::new(Attempt::None);
    let failed = move || attempt.get() == Attempt::Failed;
    view! {
        <header class="top">
            <div class="top-inner">
                <Brand />
                <ConnectionStatus />
                <span class="account" title=account.email.clone()>
                    {account.name().to_owned()}
                </span>
                <form class="sign-out" method="post" action=SIGN_OUT on:submit=move |event| sign_out(event, attempt)>
                    <button class="button quiet" type="submit" disabled=move || attempt.get() == Attempt::Pending>
                        "Sign out"
                    </button>
                </form>
            </div>
            <When holds=failed>
                <p class="banner danger" role="alert">
                    "You are still signed in: the server could not be reached. Please try again."
                </p>
            </When>
        </header>
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
