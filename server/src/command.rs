//! The command line of the `lockstep` binary.

use anyhow::{Context, bail};
use server::seed;
use std::{
    ffi::OsString,
    io::{self, Write},
};

const HELP: &str = "\
lockstep                     serves; environment variables configure it (README, \"Configuration\")
lockstep invite [--days N]   prints an invitation for one account, good for N days (1 to 365, else 7);
                             accounts need one where SIGNUPS=invite
lockstep seed --user EMAIL [--small] [--again] [--seed N]
                             fills an account with much invented data, for development: 10,000 timers and more, or
                             a tenth; creates a missing account and prints its password
lockstep --help              prints this
";
/// The default validity of an invitation, in days.
const DAYS: u16 = 7;

/// What to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Serve,
    Invite { days: u16 },
    Seed(seed::Options),
    Help,
}

/// Parses the arguments after the binary's name.
///
/// # Errors
/// One line that names the invalid argument and what is allowed.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Command> {
    let arguments: Vec<String> = arguments
        .into_iter()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments.as_slice() {
        [] => Ok(Command::Serve),
        ["invite"] => Ok(Command::Invite { days: DAYS }),
        ["invite", "--days", days] => Ok(Command::Invite {
            days: days
                .parse()
                .ok()
                .filter(|days| (1..=365).contains(days))
                .with_context(|| format!("--days {days:?} is not allowed; allowed: a whole number from 1 to 365"))?,
        }),
        ["seed", ref options @ ..] => read_seed(options).map(Command::Seed),
        ["--help" | "-h" | "help"] => Ok(Command::Help),
        _ => bail!("{:?} is not a command; lockstep --help lists them", arguments.join(" ")),
    }
}

fn read_seed(arguments: &[&str]) -> anyhow::Result<seed::Options> {
    let (mut email, mut options) = (None, seed::Options::default());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match *argument {
            "--small" => options.small = true,
            "--again" => options.again = true,
            "--user" => email = arguments.next(),
            "--seed" => {
                let number = arguments.next().copied().unwrap_or_default();
                options.seed = number
                    .parse()
                    .ok()
                    .with_context(|| format!("--seed {number:?} is not allowed; allowed: a whole number from 0"))?;
            }
            other => bail!("{other:?} is not an option of seed; lockstep --help lists them"),
        }
    }
    let email = email.context("seed needs --user EMAIL: the account to fill")?;
    Ok(seed::Options {
        email: (*email).to_owned(),
        ..options
    })
}

/// Prints the help text.
///
/// # Errors
/// When standard output cannot be written to.
pub fn print_help() -> anyhow::Result<()> {
    Ok(io::stdout().write_all(HELP.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Result<Command, String> {
        read(line.split_whitespace().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn commands_are_parsed_and_unknown_ones_are_named() {
        assert_eq!(command(""), Ok(Command::Serve));
        assert_eq!(command("invite"), Ok(Command::Invite { days: 7 }));
        assert_eq!(command("invite --days 30"), Ok(Command::Invite { days: 30 }));
        let options = |small, again, seed| seed::Options {
            email: "ada@example.com".to_owned(),
            small,
            again,
            seed,
        };
        let all = command("seed --small --seed 7 --user ada@example.com --again");
        assert_eq!(all, Ok(Command::Seed(options(true, true, 7))));
        let least = command("seed --user ada@example.com");
        assert_eq!(least, Ok(Command::Seed(options(false, false, 0))));
        for line in [
            "seed --user",
            "seed --small",
            "seed --user ada@example.com --seed -1",
            "seed --user ada@example.com --large",
        ] {
            assert!(command(line).is_err(), "{line}");
        }
        for line in [
            "invite --days 0",
            "invite --days 366",
            "invite --days x",
            "serve",
            "invite 3",
        ] {
            assert!(
                command(line).unwrap_err().contains(line.rsplit(' ').next().unwrap()),
                "{line}"
            );
        }
    }
}
