//! The command line of the `lockstep` binary.

use anyhow::{Context, bail};
use std::{
    ffi::OsString,
    io::{self, Write},
};

const HELP: &str = "\
lockstep                     serves; environment variables configure it (README, \"Configuration\")
lockstep invite [--days N]   prints an invitation for one account, good for N days (1 to 365, else 7);
                             accounts need one where SIGNUPS=invite
lockstep --help              prints this
";
/// The default validity of an invitation, in days.
const DAYS: u16 = 7;

/// What to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Serve,
    Invite { days: u16 },
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
        ["--help" | "-h" | "help"] => Ok(Command::Help),
        _ => bail!("{:?} is not a command; lockstep --help lists them", arguments.join(" ")),
    }
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
