//! Where a visitor goes after signing in: the page that was asked for before.

use crate::{form, page::PathPattern, pages::ROUTES, query::Query};
use http::{request::Parts, uri::PathAndQuery};

/// The path of the sign-in page.
pub const SIGN_IN: &str = "/sign-in";
/// The path of the sign-up page.
pub const SIGN_UP: &str = "/sign-up";
/// The page that opens first.
const HOME: &str = "/";
/// The name in the query of both, and of the field of their forms.
pub const NEXT: &str = "next";

/// The address of the sign-in page for a visitor who asked for a page.
pub fn sign_in_address(request: &Parts) -> String {
    let asked = request.uri.path_and_query().map(PathAndQuery::as_str);
    Next::parse(asked).after(SIGN_IN)
}

/// The path and query of a live page, which anyone could have written into a link: another address counts as `/`, so that
/// signing in never leads to another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next(String);

impl Next {
    /// The page that the query of a sign-in or sign-up page names.
    pub fn of(request: &Parts) -> Self {
        Self::parse(form::query_value(request, NEXT).as_deref())
    }

    /// The page of a path and query.
    pub fn parse(next: Option<&str>) -> Self {
        let is_live = |address: &PathAndQuery| {
            let mut live = ROUTES.iter().filter(|page| page.data_path().is_some());
            live.any(|page| PathPattern(page.path).matches(address.path()).is_some())
        };
        let address = next.and_then(|next| next.parse::<PathAndQuery>().ok());
        Self(
            address
                .filter(is_live)
                .map_or_else(|| HOME.to_owned(), |next| next.to_string()),
        )
    }

    /// The page's path and query.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value of the form's field; none for the page that opens without it.
    pub fn field(&self) -> Option<String> {
        (self.0 != HOME).then(|| self.0.clone())
    }

    /// The address of the sign-in or sign-up page, after which this one opens.
    pub fn after(&self, path: &str) -> String {
        let next = self.field().unwrap_or_default();
        Query::default().with(NEXT, &next).address(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_a_live_page_of_this_site() {
        for next in ["/history?text=tea&tag=1", "/timers/1", "/calendar", "/"] {
            assert_eq!(Next::parse(Some(next)).as_str(), next);
        }
        for next in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/sign-in",
            "/nowhere",
            "history",
            "/history\r\nx: y",
            "/v1/timers",
            "",
        ] {
            assert_eq!(Next::parse(Some(next)).as_str(), "/", "{next}");
        }
        assert_eq!(Next::parse(None).field(), None);
    }

    #[test]
    fn the_address_of_the_sign_in_page_names_it() {
        assert_eq!(Next::parse(Some("/")).after(SIGN_IN), "/sign-in");
        let history = Next::parse(Some("/history?text=tea"));
        assert_eq!(history.after(SIGN_IN), "/sign-in?next=%2Fhistory%3Ftext%3Dtea");
    }
}
