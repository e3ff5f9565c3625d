//! Forms that work without scripts: a refused one is redirected to its page, which shows the error and what was typed.

use crate::{api::PageError, backend::Backend};
use http::request::Parts;
use leptos::server_fn::{ServerFn, error::ServerFnUrlError};
use serde::{Deserialize, Serialize};

/// What a form keeps over a refused attempt. Never a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormFields {
    /// As it was typed, like `name`.
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub name: String,
}

/// The last attempt of a form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Attempt {
    /// Why it was refused.
    pub error: Option<PageError>,
    pub fields: FormFields,
}

impl Attempt {
    /// The attempt that was redirected to this page. The error is in the page's query, which anyone can write: so it is
    /// a code, and unknown codes are ignored.
    pub fn of<F: ServerFn<Error = PageError>>(backend: &dyn Backend, request: &Parts) -> Self {
        let error =
            query_value(request, "__err").filter(|_| query_value(request, "__path").as_deref() == Some(F::PATH));
        let error = error
            .map(|error| ServerFnUrlError::<PageError>::decode_err(&error))
            .filter(|error| *error != PageError::Unreadable);
        Self {
            fields: error.as_ref().map(|_| backend.kept_form(request)).unwrap_or_default(),
            error,
        }
    }
}

/// The value of a name in the request's query.
pub fn query_value(request: &Parts, name: &str) -> Option<String> {
    let query = request.uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(found, value)| (found == name).then(|| value.into_owned()))
}
