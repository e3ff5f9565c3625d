//! `limit`, `cursor` and `Link`: pages of lists. Bodies are plain arrays (contract, REST 1).

use super::{error::ApiError, input::QueryInput};
use crate::paging::{Listed, PAGE_BYTES, Page, PageRequest, decode_cursor};
use axum::{
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use deserr::ValuePointerRef;
use percent_encoding::percent_decode_str;
use protocol::rest::{PageQuery, input::Issues};
use serde::{Serialize, de::DeserializeOwned};

impl<K: DeserializeOwned> QueryInput for PageRequest<K> {
    fn read(pairs: &[(String, String)]) -> Result<Self, Issues> {
        let mut issues = Issues::default();
        let page: Option<PageQuery> = issues.take(QueryInput::read(pairs));
        // Any text is a possible cursor, so it is checked even if the limit is invalid.
        let cursor = pairs.iter().rfind(|(name, _)| name == "cursor");
        let after = cursor.map(|(_, cursor)| {
            let (query, msg) = (
                ValuePointerRef::Origin,
                "Must be a cursor from the Link header of a page of this list",
            );
            let fault = || Issues::one("cursor", query.push_key("cursor"), msg, cursor.as_str().into());
            decode_cursor(cursor).ok_or_else(fault)
        });
        let after = issues.take(after.transpose());
        match (page, after) {
            (Some(page), Some(after)) => Ok(Self {
                after,
                limit: page.limit.0,
                ..Self::default()
            }),
            _ => Err(issues),
        }
    }
}

/// A page of a list: a JSON array, and the URL of the next page if there is one (RFC 8288).
pub struct ListAnswer {
    body: Vec<u8>,
    link: Option<HeaderValue>,
}

impl IntoResponse for ListAnswer {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        let mut response = (kind, self.body).into_response();
        if let Some(link) = self.link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// Writes a page item by item: each is dropped after it is written. Items beyond [`PAGE_BYTES`] are left to the next
/// page.
///
/// # Errors
/// 500, when an item cannot be serialised.
pub fn answer<T: Listed, V: Serialize>(
    uri: &Uri,
    page: Page<T>,
    view: impl Fn(&T) -> V,
) -> Result<ListAnswer, ApiError> {
    let Page { items, has_more } = page;
    let mut body = vec![b'['];
    let mut written = Page {
        items: Vec::new(),
        has_more,
    };
    for item in items {
        let end = body.len();
        if end > 1 {
            body.push(b',');
        }
        serde_json::to_writer(&mut body, &view(&item)).map_err(ApiError::internal)?;
        if end > 1 && body.len() > PAGE_BYTES {
            body.truncate(end);
            written.has_more = true;
            break;
        }
        // Only the last item determines the cursor.
        written.items = vec![item];
    }
    body.push(b']');
    body.shrink_to_fit();
    let link = written.cursor().map(|cursor| next_link(uri, &cursor)).transpose()?;
    Ok(ListAnswer { body, link })
}

/// The same URL with another cursor.
fn next_link(uri: &Uri, cursor: &str) -> Result<HeaderValue, ApiError> {
    let others = uri.query().unwrap_or_default().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && !percent_decode_str(name).eq(*b"cursor")
    });
    let mut query: String = others.map(|pair| format!("{pair}&")).collect();
    query.push_str("cursor=");
    query.push_str(cursor);
    // A request's path and query contain no `>`.
    HeaderValue::try_from(format!("<{}?{query}>; rel=\"next\"", uri.path())).map_err(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_differs_in_the_cursor_only() {
        let link = |uri: &str| next_link(&uri.parse().unwrap(), "abc").unwrap();
        assert_eq!(link("/v1/tags"), "</v1/tags?cursor=abc>; rel=\"next\"");
        assert_eq!(
            link("/v1/timers?limit=7&cursor=old&status=RUNNING&%63ursor=x&tz=%2B09"),
            "</v1/timers?limit=7&status=RUNNING&tz=%2B09&cursor=abc>; rel=\"next\""
        );
    }
}
