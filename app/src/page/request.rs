//! The request for a live page.

use crate::{form::query_value, locale::Locale};
use http::request::Parts;
use protocol::{preferences::Preferences, rest::account::Account};

/// A signed-in user's request for a page.
pub struct PageRequest<'r> {
    /// The request itself, with its query.
    pub parts: &'r Parts,
    /// The user.
    pub account: &'r Account,
    pub preferences: &'r Preferences,
    /// The value of the path's parameter; empty without one.
    pub parameter: &'r str,
    /// The user's language and conventions.
    pub locale: Locale,
}

impl PageRequest<'_> {
    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        query_value(self.parts, name).filter(|value| !value.is_empty())
    }

    /// All values of a name in the query.
    pub fn query_all(&self, name: &str) -> Vec<String> {
        let query = self.parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        pairs
            .filter(|(found, value)| found == name && !value.is_empty())
            .map(|(_, value)| value.into_owned())
            .collect()
    }
}
