//! `cargo xtask …`: set-up, development and CI tasks of this repository.
//!
//! This file reads the command line; each command has a module of its own.

mod autobahn;
mod bench;
mod cache;
mod debian;
mod dependencies;
mod frames;
mod fuzz;
mod lighthouse;
mod lint;
mod lockfile;
mod npm;
mod playwright;
mod postgres;
mod process;
mod profile;
mod program;
mod python;
mod release;
mod renderers;
mod run;
mod seed;
mod session;
mod setup;
mod size;
mod steps;
mod test;
mod test_server;
mod toolchain;
mod tools;
mod workspace;

use std::{ffi::OsString, process::ExitCode};

use lexopt::prelude::*;

use crate::{profile::Profile, session::Session, test::Browser};

const HELP: &str = "\
Usage: cargo xtask <command>

Commands:
  run [--release]      build Lockstep and serve it on http://localhost:2614
  seed --user EMAIL [--database URL] [--small] [--again] [--seed N]
                       fill an account, by default of ./data, with much invented data; `--small`: a tenth
  test [--no-browser]  lint, unit and integration tests, quick Autobahn cases, browser tests
  autobahn             all cases of the Autobahn|Testsuite for WebSockets; needs Python 3.11
  bench [--against PATH] [--database URL] [NAME …]
                       the figures: commands, deliveries, memory, connects, pages; some minutes. With PATH, another
                       `lockstep` binary is measured in the same run; with URL, on databases of a PostgreSQL server
  bench --soak [--minutes N] [--database URL]
                       a steady load for an hour, with the server's memory after each minute and its slope
  fuzz [--minutes N] [--seed N]
                       fuzz targets, REST and WebSocket by their schemas, for 10 minutes; needs Python 3.11
  floods [KIND …]      floods of anonymous requests against a release build: memory and /health; some minutes
  size                 what each page loads, and the crates of the WebAssembly; fails past a page's budget
  frames               how smoothly a page with 500 running timers is drawn while they change, from a release build
  lighthouse           Lighthouse's scores of the timers page on a small phone, from a release build
  lint                 formatting, dependencies and their licences, clippy for the server and for WebAssembly, rustdoc
  setup                install what the other commands need, except the browser

Tools are kept in LOCKSTEP_CACHE, by default ~/.cache/lockstep.
";

enum Command {
    Help,
    Run(Profile),
    Seed(seed::Options),
    Test(Browser),
    Autobahn,
    Bench(bench::Options),
    Fuzz(fuzz::Options),
    Floods(Vec<String>),
    Size,
    Frames,
    Lighthouse,
    Lint,
    Setup,
}

fn main() -> ExitCode {
    let command = match parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("{error}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match execute(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if process::was_interrupted() => {
            eprintln!("\nInterrupted.");
            ExitCode::FAILURE
        }
        Err(error) => {
            // What to do comes first, what happened is below it.
            eprintln!();
            error.chain().for_each(|cause| eprintln!("{cause}"));
            ExitCode::FAILURE
        }
    }
}

fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(args);
    let mut command = None;
    while let Some(arg) = parser.next()? {
        match (arg, &mut command) {
            (Short('h') | Long("help"), _) => return Ok(Command::Help),
            (Value(name), None) => {
                command = Some(match name.string()?.as_str() {
                    "run" => Command::Run(Profile::Dev),
                    "seed" => Command::Seed(seed::Options::default()),
                    "test" => Command::Test(Browser::Wanted),
                    "autobahn" => Command::Autobahn,
                    "bench" => Command::Bench(bench::Options::default()),
                    "fuzz" => Command::Fuzz(fuzz::Options::default()),
                    "floods" => Command::Floods(Vec::new()),
                    "size" => Command::Size,
                    "frames" => Command::Frames,
                    "lighthouse" => Command::Lighthouse,
                    "lint" => Command::Lint,
                    "setup" => Command::Setup,
                    other => return Err(format!("Unknown command `{other}`.").into()),
                });
            }
            (Long("release"), Some(Command::Run(profile))) => *profile = Profile::Release,
            (Long("database"), Some(Command::Seed(options))) => options.database = Some(parser.value()?.string()?),
            (Long(name @ ("user" | "seed")), Some(Command::Seed(options))) => {
                let name = format!("--{name}");
                options.arguments.extend([name, parser.value()?.string()?]);
            }
            (Long(name @ ("small" | "again")), Some(Command::Seed(options))) => {
                options.arguments.push(format!("--{name}"));
            }
            (Long("no-browser"), Some(Command::Test(browser))) => *browser = Browser::Unwanted,
            (Long("soak"), Some(Command::Bench(options)))
                if options.against.is_none() && options.measurements.is_empty() =>
            {
                options.soak = true
            }
            (Long("minutes"), Some(Command::Bench(options))) if options.soak => {
                options.minutes = Some(parser.value()?.parse()?)
            }
            (Long("against"), Some(Command::Bench(options))) if !options.soak => {
                options.against = Some(parser.value()?.into())
            }
            (Long("database"), Some(Command::Bench(options))) => options.database = Some(parser.value()?.string()?),
            (Value(name), Some(Command::Bench(options))) if !options.soak => options.measurements.push(name.string()?),
            (Long("minutes"), Some(Command::Fuzz(options))) => options.minutes = parser.value()?.parse()?,
            (Long("seed"), Some(Command::Fuzz(options))) => options.seed = parser.value()?.parse()?,
            (Value(kind), Some(Command::Floods(kinds))) => kinds.push(kind.string()?),
            (arg, _) => return Err(arg.unexpected()),
        }
    }
    Ok(command.unwrap_or(Command::Help))
}

fn execute(command: Command) -> anyhow::Result<()> {
    if let Command::Help = command {
        eprint!("{HELP}");
        return Ok(());
    }
    process::forward_signals()?;
    let mut session = Session::start()?;
    let result = match command {
        Command::Help => Ok(()),
        Command::Run(profile) => run::serve(&mut session, profile),
        Command::Seed(options) => seed::seed(&mut session, &options),
        Command::Test(browser) => test::test_all(&mut session, browser),
        Command::Autobahn => autobahn::run_all(&mut session),
        Command::Bench(options) => bench::measure(&mut session, &options),
        Command::Fuzz(options) => fuzz::fuzz(&mut session, options),
        Command::Floods(kinds) => bench::flood(&mut session, &kinds),
        Command::Size => size::measure(&mut session),
        Command::Frames => frames::measure(&mut session),
        Command::Lighthouse => lighthouse::measure(&mut session),
        Command::Lint => lint::lint(&mut session),
        Command::Setup => setup::set_up(&mut session),
    };
    eprint!("{}", session.steps);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &[&str]) -> Result<Command, lexopt::Error> {
        parse(words.iter().map(OsString::from))
    }

    #[test]
    fn flags_of_other_commands_are_refused() {
        assert!(matches!(
            parse_words(&["run", "--release"]),
            Ok(Command::Run(Profile::Release))
        ));
        assert!(matches!(
            parse_words(&["test", "--no-browser"]),
            Ok(Command::Test(Browser::Unwanted))
        ));
        assert!(matches!(
            parse_words(&["fuzz", "--minutes", "3"]),
            Ok(Command::Fuzz(fuzz::Options { minutes: 3, .. }))
        ));
        assert!(parse_words(&["fuzz", "--minutes", "long"]).is_err());
        assert!(parse_words(&["bench", "--against", "a/lockstep", "--soak"]).is_err());
        assert!(parse_words(&["bench", "--minutes", "5"]).is_err());
        assert!(matches!(parse_words(&["floods", "sign-up"]), Ok(Command::Floods(kinds)) if kinds == ["sign-up"]));
        let seed = parse_words(&[
            "seed",
            "--small",
            "--user",
            "ada@example.com",
            "--database",
            "sqlite://x",
        ]);
        assert!(matches!(seed, Ok(Command::Seed(options))
            if options.arguments == ["--small", "--user", "ada@example.com"]
            && options.database.as_deref() == Some("sqlite://x")));
        assert!(parse_words(&["seed", "--large"]).is_err());
        assert!(parse_words(&["test", "--release"]).is_err());
        assert!(parse_words(&["--release", "run"]).is_err());
    }

    #[test]
    fn bench_takes_a_binary_a_database_and_names() {
        let bench = |words: &[&str]| match parse_words(words) {
            Ok(Command::Bench(options)) => options,
            _ => panic!("{words:?} is no bench"),
        };
        let expected = bench::Options {
            soak: true,
            minutes: Some(5),
            ..bench::Options::default()
        };
        assert_eq!(bench(&["bench", "--soak", "--minutes", "5"]), expected);
        let expected = bench::Options {
            against: Some("a/lockstep".into()),
            database: Some("postgres://localhost".into()),
            measurements: vec!["storm".into(), "pages".into()],
            ..bench::Options::default()
        };
        let words = [
            "bench",
            "--against",
            "a/lockstep",
            "storm",
            "--database",
            "postgres://localhost",
            "pages",
        ];
        assert_eq!(bench(&words), expected);
    }

    #[test]
    fn nothing_asked_is_help() {
        assert!(matches!(parse_words(&[]), Ok(Command::Help)));
        assert!(parse_words(&["bake"]).is_err());
    }
}
