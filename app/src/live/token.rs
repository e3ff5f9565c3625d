//! The access token: fetched with the session's cookie, kept in memory only.

use crate::browser;
use gloo_net::http::Request;
use js_sys::{Function, Promise, Reflect};
use protocol::rest::account::AccessGrant;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

/// How long before its expiry a token is renewed.
const RENEW_BEFORE_MILLIS: f64 = 60_000.0;
/// Timeout of the request.
const TIMEOUT_MILLIS: u32 = 10_000;
/// The name of the lock that the tabs share.
const LOCK: &str = "lockstep.refresh";

/// Why no token was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// The session has ended.
    SignedOut,
    /// The server could not be reached, or failed.
    Unavailable,
}

/// A token and when to renew it, on the device's clock.
pub struct Token {
    pub jwt: String,
    renew_at: f64,
}

impl Token {
    /// The token of a grant that was received just now.
    pub fn new(grant: &AccessGrant) -> Self {
        let lifetime = grant.expires_in as f64 * 1000.0;
        // A short-lived token is used for at least half of its lifetime.
        let used = (lifetime - RENEW_BEFORE_MILLIS).max(lifetime / 2.0);
        Self {
            jwt: grant.access_token.clone(),
            renew_at: browser::device_millis() + used,
        }
    }

    /// Milliseconds until it should be renewed.
    pub fn renew_in(&self) -> u32 {
        (self.renew_at - browser::device_millis()).max(0.0) as u32
    }
}

/// Requests a grant with the session's cookie. The cookie changes each time, so the tabs of one browser take turns by a
/// lock: concurrent requests would look like a stolen cookie.
pub async fn fetch() -> Result<AccessGrant, TokenError> {
    let Some(locks) = locks() else {
        return request().await;
    };
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
    let locked = Reflect::get(&locks, &"request".into())
        .and_then(|request| request.dyn_into::<Function>())
        .and_then(|request| request.call2(&locks, &LOCK.into(), work.as_ref()))
        .and_then(|promise| promise.dyn_into::<Promise>());
    if let Ok(promise) = locked {
        let _ = JsFuture::from(promise).await;
    }
    let granted = answer.borrow_mut().take();
    match granted {
        Some(result) => result,
        None => request().await,
    }
}

/// `navigator.locks`, which exists on secure origins only.
fn locks() -> Option<JsValue> {
    let navigator = browser::window()?.navigator();
    Reflect::get(&navigator, &"locks".into())
        .ok()
        .filter(JsValue::is_object)
}

async fn request() -> Result<AccessGrant, TokenError> {
    let unavailable = |_: gloo_net::Error| TokenError::Unavailable;
    let timeout = AbortSignal::timeout_with_u32(TIMEOUT_MILLIS);
    let request = Request::post("/v1/auth/refresh").abort_signal(Some(&timeout));
    let response = request.send().await.map_err(unavailable)?;
    match response.status() {
        200 => {
            let body = response.text().await.map_err(unavailable)?;
            serde_json::from_str(&body).map_err(|_| TokenError::Unavailable)
        }
        401 => Err(TokenError::SignedOut),
        _ => Err(TokenError::Unavailable),
    }
}
