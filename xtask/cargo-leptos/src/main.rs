//! What cargo-leptos's own `main` does: its command line, called as `cargo leptos …` or as `cargo-leptos …`.

use cargo_leptos::{config::Cli, logger, run};
use clap::Parser;

#[tokio::main]
async fn main() -> color_eyre::Result<()> {
    color_eyre::install()?;
    let mut args: Vec<String> = std::env::args().collect();
    // Cargo passes the name of the subcommand on.
    if args.get(1).is_some_and(|arg| arg == "leptos") {
        args.remove(1);
    }
    let cli = Cli::parse_from(args);
    logger::setup(cli.opts().map_or(0, |opts| opts.verbose), &cli.log);
    run(cli).await
}
