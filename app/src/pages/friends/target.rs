//! What was typed to ask somebody: a code, a link with one, or an address.

use serde::Serialize;

/// To whom a request goes; as JSON the body of `POST /v1/friends/requests`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestTarget {
    FriendCode(String),
    Email(String),
}

/// Recognises a code, a link to the friends page, or an e-mail address; `None` for anything else.
pub fn parsed_target(text: &str) -> Option<RequestTarget> {
    let text = text.trim();
    if let Some((_, query)) = text.split_once('?') {
        let code = query
            .split('#')
            .next()?
            .split('&')
            .find_map(|pair| pair.strip_prefix("code="));
        return code
            .filter(|code| is_code(code))
            .map(|code| RequestTarget::FriendCode(code.to_owned()));
    }
    if is_code(text) {
        return Some(RequestTarget::FriendCode(text.to_owned()));
    }
    let (name, domain) = text.rsplit_once('@')?;
    let is_address = !name.is_empty() && !domain.is_empty() && !text.contains(char::is_whitespace);
    is_address.then(|| RequestTarget::Email(text.to_owned()))
}

/// Codes are base64url (contract, REST 5).
fn is_code(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !text.is_empty() && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_links_and_addresses_are_recognised() {
        let code = |code: &str| Some(RequestTarget::FriendCode(code.into()));
        for text in [
            "ab-_9",
            "  ab-_9 ",
            "https://lockstep.example/friends?code=ab-_9",
            "/friends?x=1&code=ab-_9#top",
        ] {
            assert_eq!(parsed_target(text), code("ab-_9"), "{text}");
        }
        let email = RequestTarget::Email("ben@example.com".into());
        assert_eq!(parsed_target(" ben@example.com"), Some(email.clone()));
        assert_eq!(serde_json::to_string(&email).unwrap(), r#"{"email":"ben@example.com"}"#);
        for text in [
            "",
            " ",
            "a b",
            "@",
            "a@",
            "@b",
            "a b@c",
            "https://lockstep.example/friends",
            "/?code=",
            "안녕",
        ] {
            assert_eq!(parsed_target(text), None, "{text}");
        }
    }
}
