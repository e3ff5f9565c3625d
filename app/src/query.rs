//! The query of an address, written the same on the server and in the browser.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as a value of a query or a segment of a path, percent-encoded.
pub fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A query's names and values, percent-encoded.
#[derive(Debug, Default)]
pub struct Query(String);

impl Query {
    /// Adds a value; an empty one is left out.
    pub fn add(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.extend(utf8_percent_encode(value, RESERVED));
    }

    /// The same query with one more value.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.add(name, value);
        self
    }

    /// The query without `?`.
    pub fn into_text(self) -> String {
        self.0
    }

    /// A path with this query.
    pub fn address(self, path: &str) -> String {
        if self.0.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_percent_encoded_and_empty_ones_left_out() {
        let query = || Query::default().with("q", "a&b 일~").with("tag", "").with("from", "1");
        assert_eq!(query().into_text(), "q=a%26b%20%EC%9D%BC~&from=1");
        assert_eq!(query().address("/todos"), "/todos?q=a%26b%20%EC%9D%BC~&from=1");
        assert_eq!(Query::default().address("/todos"), "/todos");
    }
}
