//! `cargo xtask size`: what a page's first visit loads, and which crates the WebAssembly consists of.

mod crates;
mod pages;

use std::io::{self, Write};

use anyhow::{Result, ensure};

use crate::{run, session::Session};

/// What a page of HTML and forms may load, in kB (1,000 bytes) with brotli: WebAssembly, JavaScript and styles. It loads the
/// style sheet of all pages, so that the next page finds it in the cache.
const PLAIN_BUDGET_KB: f64 = 12.5;
/// What the timers may load on a first visit, with what all live pages share; and another live page. The aim is 150, and 60
/// more for another page: the README says what is left.
const FIRST_BUDGET_KB: f64 = 405.0;
const LIVE_BUDGET_KB: f64 = 480.0;
/// The chunk of the page that opens first.
const FIRST: &str = "timers";

/// Builds the site for release, prints both tables to standard output and checks the budgets.
///
/// # Errors
/// When a page is larger than its budget.
pub fn measure(session: &mut Session) -> Result<()> {
    run::build_site_for_release(session)?;
    let wasm = session
        .workspace
        .front_target()
        .join("wasm32-unknown-unknown/wasm-release/frontend.wasm");
    writeln!(io::stdout(), "{}", crates::table(&wasm)?)?;
    let pages = pages::read(&session.workspace.site_root())?;
    writeln!(io::stdout(), "{}", pages::table(&pages))?;
    check(&pages)
}

/// Checks the budgets of the site that was built last.
pub fn check(pages: &[pages::PageFiles]) -> Result<()> {
    for page in pages {
        let budget = match page.is_live() {
            true if page.name == FIRST => FIRST_BUDGET_KB,
            true => LIVE_BUDGET_KB,
            false => PLAIN_BUDGET_KB,
        };
        let total = page.total_kb();
        ensure!(
            total <= budget,
            "A first visit of {} loads {total:.1} kB, more than its budget of {budget} kB (xtask/src/size.rs): the \
             tables above show where they come from.",
            page.name
        );
    }
    Ok(())
}
