//! The `lockstep` binary.

mod command;
mod invite;
mod seed_command;

use anyhow::Context;
use command::Command;
use server::{
    config::Config,
    logging, process,
    server::{Server, stop_signal},
    site,
    state::AppState,
};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line on standard error; the log may not have started yet.
            eprintln!("lockstep: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let command = command::read(std::env::args_os().skip(1))?;
    process::keep_files_private();
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        return Err(error).context(".env cannot be read");
    }
    let config = Config::from_env()?;
    logging::start(&config);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            match command {
                Command::Serve => serve(config).await,
                Command::Invite { days } => invite::run(&config, days).await,
                Command::Seed(options) => seed_command::run(&config, &options).await,
                Command::Help => command::print_help(),
            }
        })
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let site = site::options(&config);
    let server = Server::bind(AppState::open(config, site).await?).await?;
    tracing::info!(address = %server.address()?, "Lockstep listens");
    server.run(stop).await
}
