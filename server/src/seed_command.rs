//! `lockstep seed`

use server::{
    config::Config,
    seed::{self, Amounts, Options, Seeded},
};
use std::io::{self, Write};

/// Fills an account, and prints what was written and the password of a new account.
///
/// # Errors
/// Those of [`seed::run`].
pub async fn run(config: &Config, options: &Options) -> anyhow::Result<()> {
    let Seeded { password, amounts } = seed::run(config, options).await?;
    let Amounts {
        timers,
        todos,
        schedules,
        tags,
        tag_groups,
        friends,
    } = amounts;
    let mut out = io::stdout();
    let email = &options.email;
    writeln!(
        out,
        "{email} has got {timers} timers, {todos} todos, {schedules} recurring schedules, {tags} tags in {tag_groups} \
         groups and {friends} friends. A server that is running shows the friends after its next start."
    )?;
    if let Some(password) = password {
        writeln!(out, "The account is new. Its password: {password}")?;
    }
    Ok(())
}
