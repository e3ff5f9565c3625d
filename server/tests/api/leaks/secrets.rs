//! Secrets that must not be in the log.

use serde_json::json;

/// Secrets in every form in which they may be logged.
#[derive(Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// Adds a password, or any text.
    pub fn add(&mut self, secret: &str) {
        let quoted = json!(secret).to_string();
        self.0.push(secret.to_owned());
        self.0.push(quoted.trim_matches('"').to_owned());
        self.0.push(format!("{secret:?}").trim_matches('"').to_owned());
        self.0.push(percent_encode(secret, "%20"));
        self.0.push(percent_encode(secret, "+"));
        // The bytes as `Debug` writes them, and as escaped text.
        let bytes = format!("{:?}", secret.as_bytes());
        self.0.push(bytes.trim_matches(['[', ']']).to_owned());
        self.0.push(secret.as_bytes().escape_ascii().to_string());
    }

    /// Adds a JWT and its parts, except for the header, which all JWTs share.
    pub fn add_token(&mut self, token: &str) {
        self.add(token);
        token
            .split('.')
            .skip(1)
            .filter(|part| part.len() >= 8)
            .for_each(|part| self.add(part));
    }

    pub fn found_in(&self, line: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|secret| line.contains(secret.as_str()))
            .map(String::as_str)
    }
}

/// Percent-encodes a text as forms and queries do.
pub fn percent_encode(text: &str, space: &str) -> String {
    let byte = |byte: u8| match byte {
        b' ' => space.to_owned(),
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
