//! Fetches access tokens with the session's cookie. They are kept in memory only.

use super::lock;
use crate::live::session::TokenError;
use gloo_net::http::Request;
use js_sys::{Object, Promise};
use protocol::rest::account::AccessGrant;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

/// Timeout of the request.
const TIMEOUT_MILLIS: u32 = 10_000;
/// The name of the lock that the tabs share.
const LOCK: &str = "lockstep.refresh";

/// Requests a grant with the session's cookie. The cookie changes each time, so the tabs of one browser take turns by a
/// lock: concurrent requests would look like a stolen cookie.
pub async fn fetch() -> Result<AccessGrant, TokenError> {
    let answer = Rc::new(RefCell::new(None));
    let slot = answer.clone();
    let work: Closure<dyn FnMut(JsValue) -> Promise> = Closure::new(move |_| {
        let slot = slot.clone();
        future_to_promise(async move {
            let result = request().await;
            *slot.borrow_mut() = Some(result);
            Ok(JsValue::UNDEFINED)
        })
    });
    if let Ok(promise) = lock::request(LOCK, &Object::new(), work.as_ref()) {
        let _ = JsFuture::from(promise).await;
    }
    let granted = answer.borrow_mut().take();
    match granted {
        Some(result) => result,
        // Without locks, on an origin that is not secure.
        None => request().await,
    }
}

async fn request() -> Result<AccessGrant, TokenError> {
    let unavailable = |_: gloo_net::Error| TokenError::Unavailable;
    let timeout = AbortSignal::timeout_with_u32(TIMEOUT_MILLIS);
    let request = Request::post("/v1/auth/refresh").abort_signal(Some(&timeout));
    let response = request.send().await.map_err(unavailable)?;
    match response.status() {
        200 => {
            let body = response.text().await.map_err(unavailable)?;
            protocol::json::parse(&body).map_err(|_| TokenError::Unavailable)
        }
        401 => Err(TokenError::SignedOut),
        _ => Err(TokenError::Unavailable),
    }
}
