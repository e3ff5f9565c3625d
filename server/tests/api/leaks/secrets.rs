//! What must not be in the log.

use serde_json::json;

/// What must not be found, in every form in which it may be written.
#[derive(Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// A password, or any text.
    pub fn add(&mut self, secret: &str) {
        let quoted = json!(secret).to_string();
        self.0.push(secret.to_owned());
        self.0.push(quoted.trim_matches('"').to_owned());
        self.0.push(format!("{secret:?}").trim_matches('"').to_owned());
        self.0.push(percent(secret, "%20"));
        self.0.push(percent(secret, "+"));
        // Bytes, as `Debug` shows them, and as text with escapes.
        let bytes = format!("{:?}", secret.as_bytes());
        self.0.push(bytes.trim_matches(['[', ']']).to_owned());
        self.0.push(secret.as_bytes().escape_ascii().to_string());
    }

    /// A JWT: each of its parts but the header, which all have in common.
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

/// As forms and queries write it.
pub fn percent(text: &str, space: &str) -> String {
    let byte = |byte: u8| match byte {
        b' ' => space.to_owned(),
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
