//! Negotiation of permessage-deflate (RFC 6455, 9.1; RFC 7692, 5 and 7.1).

/// The agreed parameters: the server's compression window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deflate {
    /// Set only if the client asked for a smaller window.
    asked: Option<u8>,
}

/// zlib cannot compress with 8 bits, so offers of 8 are declined.
const WINDOW_BITS: std::ops::RangeInclusive<u8> = 9..=15;

impl Deflate {
    pub fn window_bits(self) -> u8 {
        self.asked.unwrap_or(*WINDOW_BITS.end())
    }

    /// The value of the answer's `Sec-WebSocket-Extensions`. Without context takeover: contexts would cost 110 KiB a
    /// connection, and a broadcast could not be compressed once for all.
    pub fn answer(self) -> String {
        let mut answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover".to_owned();
        if let Some(bits) = self.asked {
            answer.push_str(&format!("; server_max_window_bits={bits}"));
        }
        answer
    }
}

/// The first acceptable offer in the values of the request's `Sec-WebSocket-Extensions`.
pub(super) fn negotiate<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<Deflate> {
    values.into_iter().flat_map(|value| split(value, ',')).find_map(accept)
}

fn accept(offer: &str) -> Option<Deflate> {
    let mut parts = split(offer, ';').map(str::trim);
    if parts.next() != Some("permessage-deflate") {
        return None;
    }
    let mut seen = Vec::new();
    let mut asked = None;
    for part in parts {
        let (name, value) = match part.split_once('=') {
            Some((name, value)) => (name.trim_end(), Some(unquote(value.trim_start()))),
            None => (part, None),
        };
        if seen.contains(&name) {
            return None;
        }
        seen.push(name);
        match (name, value) {
            ("server_no_context_takeover" | "client_no_context_takeover", None) => {}
            ("server_max_window_bits", Some(value)) => asked = Some(bits(value).filter(|n| WINDOW_BITS.contains(n))?),
            // The client's own limits; any window of the client can be inflated.
            ("client_max_window_bits", None) => {}
            ("client_max_window_bits", Some(value)) => drop(bits(value).filter(|n| (8..=15).contains(n))?),
            _ => return None,
        }
    }
    Some(Deflate { asked })
}

/// A number without leading zeros (RFC 7692, 7.1.2.1).
fn bits(value: &str) -> Option<u8> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit()) && !value.starts_with('0');
    digits.then(|| value.parse().ok())?
}

fn unquote(value: &str) -> &str {
    value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .unwrap_or(value)
}

/// Splits at a separator outside of quotations.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |character| {
        let literal = escaped;
        escaped = quoted && !literal && character == '\\';
        if character == '"' && !literal {
            quoted = !quoted;
        }
        character == separator && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(offers: &str) -> Option<String> {
        negotiate([offers]).map(|agreed| {
            agreed
                .answer()
                .replace("; server_no_context_takeover; client_no_context_takeover", "")
        })
    }

    #[test]
    fn every_acceptable_offer_is_answered() {
        for (offer, expected) in [
            ("permessage-deflate", "permessage-deflate"),
            ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
            ("permessage-deflate;client_max_window_bits = 8", "permessage-deflate"),
            (
                "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
                "permessage-deflate",
            ),
            (
                "permessage-deflate; server_max_window_bits=9",
                "permessage-deflate; server_max_window_bits=9",
            ),
            (
                "permessage-deflate; server_max_window_bits=\"15\"",
                "permessage-deflate; server_max_window_bits=15",
            ),
            ("x-other; a=\"b, c; \\\" d\", permessage-deflate", "permessage-deflate"),
        ] {
            assert_eq!(answer(offer).as_deref(), Some(expected), "{offer}");
        }
    }

    #[test]
    fn unsupported_offers_are_declined() {
        for offer in [
            "",
            "x-webkit-deflate-frame",
            "permessage-deflate; unknown",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=8",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=09",
            "permessage-deflate; server_max_window_bits=+9",
            "permessage-deflate; server_max_window_bits=",
            "permessage-deflate; client_max_window_bits=7",
            "permessage-deflate; client_max_window_bits=ten",
            "permessage-deflate;",
        ] {
            assert_eq!(answer(offer), None, "{offer}");
        }
    }

    #[test]
    fn first_acceptable_offer_of_all_headers_is_taken() {
        let offers = [
            "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=10",
            "permessage-deflate",
        ];
        assert_eq!(negotiate(offers).map(Deflate::window_bits), Some(10));
        assert_eq!(negotiate(["x", offers[1]]).map(Deflate::window_bits), Some(15));
    }
}
