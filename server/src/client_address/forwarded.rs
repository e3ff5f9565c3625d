//! Parses `Forwarded` (RFC 7239) and `X-Forwarded-For`, hop by hop from left to right. Invalid input yields a hop
//! without an address.

use super::Scheme;
use axum::http::{HeaderMap, HeaderName, header};
use std::net::IpAddr;

/// One proxy's report about the request that it received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hop {
    /// The address of the proxy's peer; `None`: obfuscated, `unknown`, missing or malformed (RFC 7239, 6.2 and 6.3).
    pub address: Option<IpAddr>,
    /// The scheme that the proxy's peer used.
    pub scheme: Option<Scheme>,
}

/// Whether a request has any of the headers.
pub fn is_present(headers: &HeaderMap) -> bool {
    headers.contains_key(header::FORWARDED) || headers.contains_key("x-forwarded-for")
}

/// The hops of all `Forwarded` headers.
pub fn forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let values = headers.get_all(header::FORWARDED).iter();
    values
        // A malformed value is one unknown hop: nothing to its left can be trusted.
        .flat_map(|value| {
            value
                .to_str()
                .ok()
                .and_then(elements)
                .unwrap_or_else(|| vec![Hop::default()])
        })
        .collect()
}

/// The hops of all `X-Forwarded-For` headers.
pub fn x_forwarded_for(headers: &HeaderMap) -> Vec<Hop> {
    let mut hops = Vec::new();
    for value in headers.get_all(HeaderName::from_static("x-forwarded-for")) {
        let Ok(text) = value.to_str() else {
            hops.push(Hop::default());
            continue;
        };
        let nodes = text.split(',').map(str::trim).filter(|node| !node.is_empty());
        hops.extend(nodes.map(|text| Hop {
            address: node(text),
            scheme: None,
        }));
    }
    hops
}

/// The last value of `X-Forwarded-Proto`, which the nearest proxy set.
pub fn x_forwarded_proto(headers: &HeaderMap) -> Option<Scheme> {
    let mut values = headers.get_all(HeaderName::from_static("x-forwarded-proto")).iter();
    let last = values.next_back()?.to_str().ok()?;
    scheme(last.rsplit(',').next().unwrap_or_default().trim())
}

fn scheme(text: &str) -> Option<Scheme> {
    match text {
        text if text.eq_ignore_ascii_case("https") => Some(Scheme::Https),
        text if text.eq_ignore_ascii_case("http") => Some(Scheme::Http),
        _ => None,
    }
}

/// Parses comma-separated `forwarded-element`s; `None` if the text is malformed.
fn elements(text: &str) -> Option<Vec<Hop>> {
    let elements = split(text, ',')?.into_iter().map(str::trim);
    elements.filter(|element| !element.is_empty()).map(element).collect()
}

/// Parses `forwarded-pair`s, separated by semicolons; each name may occur once.
fn element(text: &str) -> Option<Hop> {
    let (mut address, mut proto) = (None, None);
    for pair in split(text, ';')?.into_iter().map(str::trim) {
        if pair.is_empty() {
            continue;
        }
        let (name, value) = pair.split_once('=')?;
        let value = unquote(value)?;
        let known = match name {
            name if name.eq_ignore_ascii_case("for") => &mut address,
            name if name.eq_ignore_ascii_case("proto") => &mut proto,
            _ => continue,
        };
        if known.replace(value).is_some() {
            return None;
        }
    }
    Some(Hop {
        address: address.and_then(|text| node(&text)),
        scheme: proto.and_then(|text| scheme(&text)),
    })
}

/// Splits outside of quoted strings; `None` if a quoted string is not terminated.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            other if other == separator && !quoted => {
                parts.push(&text[start..at]);
                start = at + separator.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    (!quoted).then_some(parts)
}

/// A token or a quoted string (RFC 9110, 5.6). Colons and brackets are accepted unquoted, as some proxies write them.
fn unquote(value: &str) -> Option<String> {
    let Some(quoted) = value.strip_prefix('"') else {
        let is_token = !value.contains(|c: char| c == '"' || c.is_whitespace());
        return is_token.then(|| value.to_owned());
    };
    let (mut text, mut rest) = (String::new(), quoted.chars());
    loop {
        match rest.next()? {
            '"' => return rest.next().is_none().then_some(text),
            '\\' => text.push(rest.next()?),
            other => text.push(other),
        }
    }
}

/// Parses `192.0.2.43`, `192.0.2.43:47011`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:47011`; the port is
/// ignored.
fn node(text: &str) -> Option<IpAddr> {
    let address = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            let is_port = port.is_empty() || port.starts_with(':');
            (is_port && address.contains(':')).then_some(address)?
        }
        None => match text.split_once(':') {
            Some((address, port)) if !port.contains(':') => address,
            _ => text,
        },
    };
    let address: IpAddr = address.parse().ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    fn addresses(name: &'static str, value: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        let hops = if name == "forwarded" {
            forwarded(&headers)
        } else {
            x_forwarded_for(&headers)
        };
        let shown = hops
            .into_iter()
            .map(|hop| hop.address.map_or("-".to_owned(), |ip| ip.to_string()));
        shown.collect()
    }

    #[test]
    fn forwarded_elements_are_parsed_as_in_rfc_7239() {
        for (value, expected) in [
            ("for=192.0.2.43", &["192.0.2.43"][..]),
            ("For=\"[2001:db8:cafe::17]:4711\"", &["2001:db8:cafe::17"]),
            ("for=192.0.2.60;proto=http;by=203.0.113.43", &["192.0.2.60"]),
            ("for=192.0.2.43, for=198.51.100.17", &["192.0.2.43", "198.51.100.17"]),
            (
                "for=\"192.0.2.43:47011\",FOR=\"192.0.2.4:_x\"",
                &["192.0.2.43", "192.0.2.4"],
            ),
            ("for=\"\\1\\92.0.2.43\"", &["192.0.2.43"]),
            ("for=[2001:db8::1]:80", &["2001:db8::1"]),
            ("for=\"::ffff:192.0.2.1\"", &["192.0.2.1"]),
            (" , for=192.0.2.1;;by=x ,, ", &["192.0.2.1"]),
            ("by=\"a,b;c\";for=192.0.2.1", &["192.0.2.1"]),
            ("for=_hidden, for=unknown", &["-", "-"]),
            ("proto=https", &["-"]),
            ("for=\"fe80::1%eth0\"", &["-"]),
            ("for=\"[192.0.2.1]\"", &["-"]),
            ("for=256.0.0.1", &["-"]),
            // Malformed: one unknown hop, whatever else the value contains.
            ("for=192.0.2.1;for=192.0.2.2", &["-"]),
            ("for=192.0.2.1, for=\"192.0.2.2", &["-"]),
            ("for=192.0.2.1, by=\", for=192.0.2.2", &["-"]),
            ("for=6.6.6.6;by=\", for=\"[2001:db8::1]:1\"", &["-"]),
            ("192.0.2.1", &["-"]),
            ("for=\"192.0.2.1\"x", &["-"]),
            ("for= 192.0.2.1", &["-"]),
            ("", &[]),
        ] {
            assert_eq!(addresses("forwarded", value), expected, "{value}");
        }
    }

    #[test]
    fn x_forwarded_for_is_parsed_with_and_without_ports() {
        for (value, expected) in [
            ("192.0.2.1", &["192.0.2.1"][..]),
            (
                "192.0.2.1, 2001:db8::1 ,[2001:db8::2]:80",
                &["192.0.2.1", "2001:db8::1", "2001:db8::2"],
            ),
            ("192.0.2.1:47011,, ::ffff:192.0.2.9", &["192.0.2.1", "192.0.2.9"]),
            ("unknown, 10.0.0, localhost, [::1", &["-", "-", "-", "-"]),
            ("", &[]),
        ] {
            assert_eq!(addresses("x-forwarded-for", value), expected, "{value}");
        }
    }

    #[test]
    fn headers_that_are_not_text_are_unknown_hops() {
        let mut headers = HeaderMap::new();
        for name in ["forwarded", "x-forwarded-for", "x-forwarded-proto"] {
            headers.insert(name, HeaderValue::from_bytes(b"for=192.0.2.1\xff").unwrap());
        }
        assert_eq!(forwarded(&headers), [Hop::default()]);
        assert_eq!(x_forwarded_for(&headers), [Hop::default()]);
        assert_eq!(x_forwarded_proto(&headers), None);
    }

    proptest! {
        #[test]
        fn no_value_panics(value in "[a-z0-9\"\\\\;,=:\\[\\]. ]{0,60}") {
            addresses("forwarded", &value);
            addresses("x-forwarded-for", &value);
        }
    }
}
