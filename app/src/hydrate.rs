//! The browser's start.

use crate::{App, browser};
use leptos::{prelude::hydrate_body, server_fn::redirect::set_redirect_hook};

/// Brings the server's page to life.
pub fn hydrate() {
    console_error_panic_hook::set_once();
    // Before the router sets its own: after signing in or out the page is loaded anew, so that nothing of one person
    // is left for the next.
    let _ = set_redirect_hook(browser::go_to);
    hydrate_body(App);
}
