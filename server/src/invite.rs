//! `lockstep invite`

use server::{config::Config, service::accounts, store::Store};
use std::io::{self, Write};

/// Creates an invitation in the server's database, and prints its code and where to use it. The server may be running.
///
/// # Errors
/// When the database cannot be opened or written to.
pub async fn run(config: &Config, days: u16) -> anyhow::Result<()> {
    let store = Store::open(&config.database).await?;
    let invitation = accounts::invite(&store, days).await?;
    store.close().await;
    let code = invitation.code();
    writeln!(io::stdout(), "{code}\n/sign-up?invitation={code}")?;
    Ok(())
}
