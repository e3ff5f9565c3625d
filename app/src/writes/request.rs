//! Sends one write.

use super::{Method, Write};
use gloo_net::http::{RequestBuilder, Response};
use serde::Deserialize;
use web_sys::AbortSignal;

/// Timeout of the request.
const TIMEOUT_MILLIS: u32 = 15_000;

/// What became of a request.
#[derive(Debug)]
pub enum Sent {
    Done,
    /// The server refused it, with this message for people.
    Refused(String),
    /// The token is not valid any more.
    TokenRefused,
    /// It has to be sent again, after so many seconds if the server said so.
    Later(Option<u32>),
}

/// The members of error bodies that have a sentence for people (contract, REST 3).
#[derive(Deserialize)]
struct ErrorBody {
    message: Option<String>,
}

/// Sends a write with an access token.
pub async fn send(write: &Write, token: &str) -> Sent {
    let method = match write.method {
        Method::Post => gloo_net::http::Method::POST,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Patch => gloo_net::http::Method::PATCH,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let timeout = AbortSignal::timeout_with_u32(TIMEOUT_MILLIS);
    let request = RequestBuilder::new(&write.path)
        .method(method)
        .header("Authorization", &format!("Bearer {token}"))
        .abort_signal(Some(&timeout));
    let request = match &write.body {
        Some(body) => request.header("Content-Type", "application/json").body(body.clone()),
        None => request.build(),
    };
    let answer = match request {
        Ok(request) => request.send().await,
        Err(_) => return Sent::Refused(String::new()),
    };
    match answer {
        Ok(answer) => outcome(write, answer).await,
        Err(_) => Sent::Later(None),
    }
}

async fn outcome(write: &Write, answer: Response) -> Sent {
    match answer.status() {
        200..=299 => Sent::Done,
        401 => Sent::TokenRefused,
        // It was deleted by an earlier attempt, or elsewhere.
        404 if write.method == Method::Delete => Sent::Done,
        429 | 503 => Sent::Later(answer.headers().get("Retry-After").and_then(|after| after.parse().ok())),
        500.. => Sent::Later(None),
        status => {
            let body = answer.text().await.unwrap_or_default();
            let message = protocol::json::parse::<ErrorBody>(&body)
                .ok()
                .and_then(|body| body.message);
            Sent::Refused(message.unwrap_or_else(|| status.to_string()))
        }
    }
}
