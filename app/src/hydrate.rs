//! The browser's entry point.

use crate::{App, browser};
use leptos::{prelude::hydrate_body, server_fn::redirect::set_redirect_hook};

/// Hydrates the server's page.
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // Registered before the router's own handler: after signing in or out the page is loaded as a new document, so that
    // no state of one user remains for the next.
    let _ = set_redirect_hook(browser::go_to);
    hydrate_body(App);
}
