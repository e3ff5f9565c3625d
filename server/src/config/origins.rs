//! CORS_ALLOWED_ORIGINS.

use super::{ConfigError, Vars};
use url::{Host, Url};

const NAME: &str = "CORS_ALLOWED_ORIGINS";
const ALLOWED: &str = "origins of pages with commas between, such as https://app.example.com, http://localhost:3000; \
     neither null nor *, which would let every page call with its visitor's cookie";

/// The origins as browsers write them; `ws:` and `wss:` are kept.
pub(super) fn read(vars: &Vars) -> Result<Vec<String>, ConfigError> {
    let entries = vars.list(NAME).into_iter();
    let origins = entries.map(|entry| origin(&entry).ok_or_else(|| ConfigError::new(NAME, entry, ALLOWED)));
    origins.collect()
}

/// Parses a URL with nothing but scheme, host and port (RFC 6454, 6.2).
fn origin(entry: &str) -> Option<String> {
    let url = Url::parse(entry).ok()?;
    let is_origin = ["http", "https", "ws", "wss"].contains(&url.scheme())
        && url.path() == "/"
        && !entry.contains(['?', '#', '@', '*', '\\'])
        && url.host().is_some_and(|host| host != Host::Domain(""));
    is_origin.then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_normalised_and_other_values_are_refused() {
        let vars = |value: &str| Vars::from_pairs([(NAME, value)]);
        let read = |value: &str| super::read(&vars(value)).map_err(|error| error.to_string());
        let origins = read("https://App.example:443/, http://localhost:3000,wss://[::1]:8443, ws://bücher.example");
        let expected = [
            "https://app.example",
            "http://localhost:3000",
            "wss://[::1]:8443",
            "ws://xn--bcher-kva.example",
        ];
        assert_eq!(origins.unwrap(), expected);
        for wrong in [
            "null",
            "*",
            "app.example",
            "https://*.example.com",
            "https://app.example/path",
            "https://app.example?x",
            "https://me@app.example",
            "ftp://app.example",
            "file:///etc/passwd",
            "https://",
        ] {
            let line = read(&format!("https://app.example, {wrong}")).unwrap_err();
            assert!(
                line.contains(NAME) && line.contains(wrong) && line.contains("neither null nor *"),
                "{line}"
            );
        }
    }
}
