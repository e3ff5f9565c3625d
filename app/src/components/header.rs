//! The header of the timers page.

use crate::{
    api::SignOut,
    components::{Brand, connection_status::ConnectionStatus},
};
use leptos::{form::ActionForm, prelude::*};
use protocol::rest::account::Account;

/// The product, the connection status and the account.
#[component]
pub fn Header(
    /// The signed-in user.
    account: Account,
) -> impl IntoView {
    let action = ServerAction::<SignOut>::new();
    let failed = move || matches!(action.value().get(), Some(Err(_)));
    view! {
        <header class="top">
            <div class="top-inner">
                <Brand />
                <ConnectionStatus />
                <span class="account" title=account.email.clone()>
                    {account.name().to_owned()}
                </span>
                <ActionForm action attr:class="sign-out">
                    <button class="button quiet" type="submit" disabled=action.pending()>
                        "Sign out"
                    </button>
                </ActionForm>
            </div>
            <Show when=failed>
                <p class="banner danger" role="alert">
                    "You are still signed in: the server could not be reached. Please try again."
                </p>
            </Show>
        </header>
    }
    .into_any()
}
