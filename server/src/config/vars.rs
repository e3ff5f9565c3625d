//! Reads single variables; errors are one line.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt, fs,
    io::{self, Read},
    ops::RangeInclusive,
    str::FromStr,
};
use thiserror::Error;
use tracing_subscriber::EnvFilter;

/// The maximum size of a `<NAME>_FILE`: more than any secret needs, and a bound for files such as `/dev/zero`.
const SECRET_FILE_BYTES: u64 = 64 * 1024;

/// A source of variables. An empty value counts as unset, as in a `.env` line without a value.
pub struct Vars(HashMap<String, String>);

/// An invalid value.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("{name}: {value} is not allowed; allowed: {allowed}")]
pub struct ConfigError {
    name: Cow<'static, str>,
    value: String,
    allowed: String,
}

impl ConfigError {
    pub(super) fn new(
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
        allowed: impl Into<String>,
    ) -> Self {
        let value: String = value.into();
        Self {
            name: name.into(),
            value: format!("{value:?}"),
            allowed: allowed.into(),
        }
    }

    /// An error for a secret: describes the value without repeating it.
    pub(super) fn hidden(name: &'static str, like: impl fmt::Display, allowed: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: format!("a hidden value ({like})"),
            allowed: allowed.into(),
        }
    }

    pub(super) fn unset(name: &'static str, allowed: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: "no value".to_owned(),
            allowed: allowed.into(),
        }
    }
}

/// The trimmed parts of a comma-separated list.
pub(super) fn list(text: &str) -> Vec<String> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

fn read_secret(path: &str) -> io::Result<String> {
    let mut text = String::new();
    // Bounds the bytes that are read instead of the file's size: pipes and devices have none.
    fs::File::open(path)?
        .take(SECRET_FILE_BYTES + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > SECRET_FILE_BYTES {
        return Err(io::Error::other(format!("it has more than {SECRET_FILE_BYTES} bytes")));
    }
    match text.trim() {
        "" => Err(io::Error::other("it is empty")),
        secret => Ok(secret.to_owned()),
    }
}

impl Vars {
    /// The process's environment.
    pub fn process() -> Self {
        // Invalid UTF-8 becomes replacement characters, which are refused where they matter.
        let lossy = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        Self(
            std::env::vars_os()
                .map(|(name, value)| (lossy(name), lossy(value)))
                .collect(),
        )
    }

    /// Variables from pairs.
    pub fn from_pairs<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    /// Adds variables; they replace existing ones.
    pub fn extend<const N: usize>(&mut self, pairs: [(&str, &str); N]) {
        self.0.extend(Self::from_pairs(pairs).0);
    }

    /// A text, trimmed.
    pub fn text(&self, name: &str) -> Option<String> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// A secret, trimmed: the variable itself, or the content of the file that `<NAME>_FILE` names. A file keeps it out
    /// of the environment, which other programs of the same user can read.
    ///
    /// # Errors
    /// [`ConfigError`] if both are set, or the file cannot be read. It names the variable and the path, never the
    /// content.
    pub fn secret(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        let file = format!("{name}_FILE");
        let Some(path) = self.text(&file) else {
            return Ok(self.text(name));
        };
        if self.text(name).is_some() {
            return Err(ConfigError::new(
                file,
                path,
                format!("either {name} or {name}_FILE, not both"),
            ));
        }
        match read_secret(&path) {
            Ok(secret) => Ok(Some(secret)),
            Err(error) => Err(ConfigError::new(
                file,
                path,
                format!("the path of a readable file that holds the value ({error})"),
            )),
        }
    }

    /// A comma-separated list.
    pub fn list(&self, name: &str) -> Vec<String> {
        list(&self.text(name).unwrap_or_default())
    }

    /// One of the given words, in any case.
    pub fn one_of<T: Copy>(&self, name: &'static str, default: T, words: &[(&str, T)]) -> Result<T, ConfigError> {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text));
        found.map(|(_, value)| *value).ok_or_else(|| {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            ConfigError::new(name, text, words.join(", "))
        })
    }

    /// A boolean.
    pub fn boolean(&self, name: &'static str, default: bool) -> Result<bool, ConfigError> {
        let words = [
            ("true", true),
            ("false", false),
            ("1", true),
            ("0", false),
            ("yes", true),
            ("no", false),
        ];
        self.one_of(
            name,
            default,
            &[words.as_slice(), &[("on", true), ("off", false)]].concat(),
        )
    }

    /// A whole number within a range.
    pub fn number<T>(&self, name: &'static str, default: T, range: RangeInclusive<T>) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + fmt::Display,
    {
        let Some(text) = self.text(name) else {
            return Ok(default);
        };
        text.parse()
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                ConfigError::new(
                    name,
                    text,
                    format!("a whole number from {} to {}", range.start(), range.end()),
                )
            })
    }

    /// A log level (DEBUG, INFO, WARNING or ERROR in any case), or a tracing filter.
    pub fn log_filter(&self, name: &'static str) -> Result<String, ConfigError> {
        let text = self.text(name).unwrap_or_else(|| "info".to_owned());
        let filter = if text.eq_ignore_ascii_case("warning") {
            "warn".to_owned()
        } else {
            text.clone()
        };
        // A single unknown word would be parsed as a target's name, and would silence all other targets.
        let level = filter.parse::<tracing::Level>().is_ok() || filter.eq_ignore_ascii_case("off");
        if level || (filter.contains('=') && EnvFilter::try_new(&filter).is_ok()) {
            return Ok(filter.to_lowercase());
        }
        Err(ConfigError::new(
            name,
            text,
            "DEBUG, INFO, WARNING, ERROR, or a tracing filter such as info,server::ws=debug",
        ))
    }
}
