//! The kinds of requests, and those that are sent whole.

use crate::{held, http, sockets, target::Target};
use futures_util::future::{BoxFuture, FutureExt};
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// A kind of request.
pub struct Kind {
    pub name: &'static str,
    /// How many are open at the same time.
    pub at_once: usize,
    /// By how many MiB the server may be larger afterwards.
    pub growth_mib: f64,
    pub send: Box<dyn Fn(Arc<Target>, usize) -> BoxFuture<'static, String>>,
}

/// What is answered at once leaves next to nothing behind.
const GROWTH_MIB: f64 = 30.0;
/// Thousands of connections at once make the heap larger, of which the allocator returns a part.
const HELD_GROWTH_MIB: f64 = 100.0;

impl Kind {
    /// A kind of which many are open at once.
    pub fn held<F>(name: &'static str, at_once: usize, send: fn(Arc<Target>, usize) -> F) -> Self
    where
        F: Future<Output = String> + Send + 'static,
    {
        let growth_mib = HELD_GROWTH_MIB;
        Self {
            growth_mib,
            ..Self::new(name, at_once, send)
        }
    }

    pub fn new<F>(name: &'static str, at_once: usize, send: fn(Arc<Target>, usize) -> F) -> Self
    where
        F: Future<Output = String> + Send + 'static,
    {
        let send = Box::new(move |target, n| send(target, n).boxed());
        Self {
            name,
            at_once,
            growth_mib: GROWTH_MIB,
            send,
        }
    }
}

/// All of them. What is held open is so in thousands, since that is its point.
pub fn all() -> Vec<Kind> {
    let mut kinds = vec![
        Kind::new("sign-up", 200, sign_up),
        Kind::new("sign-up, hung up at once", 200, sign_up_and_hang_up),
        Kind::new("sign-in, unknown accounts", 200, sign_in),
        Kind::new("sign-in, one account", 200, sign_in_to_one),
        Kind::new("sign-in, addresses of 250,000 characters", 100, sign_in_long),
        Kind::new("sign-in, addresses of 10,000 characters", 100, sign_in_longish),
        Kind::new("refresh with an unknown cookie", 200, refresh),
        Kind::new("sign-out with an unknown cookie", 200, sign_out),
        Kind::new("pages", 200, page),
        Kind::new("form of the sign-in page", 200, form),
        Kind::new("/health", 200, health),
        Kind::new("unknown paths", 200, unknown_path),
        Kind::new("API with a bad token", 200, bad_token),
    ];
    kinds.extend(held::kinds());
    kinds.extend(sockets::kinds());
    kinds
}

async fn sign_up(target: Arc<Target>, n: usize) -> String {
    http::exchange(&target, n, &sign_up_request(n)).await
}

async fn sign_up_and_hang_up(target: Arc<Target>, n: usize) -> String {
    let Ok(mut stream) = target.connect(n).await else {
        return "not connected".to_owned();
    };
    let sent = stream.write_all(&sign_up_request(n)).await;
    if sent.is_ok() {
        "hung up".to_owned()
    } else {
        "reset".to_owned()
    }
}

fn sign_up_request(n: usize) -> Vec<u8> {
    let body = format!(r#"{{"email":"flood-{n}@example.com","password":"long enough for anybody {n}"}}"#);
    http::post("/v1/auth/sign-up", "", &body)
}

async fn sign_in_as(target: &Target, n: usize, email: &str) -> String {
    let body = format!(r#"{{"email":"{email}","password":"not the right password"}}"#);
    http::exchange(target, n, &http::post("/v1/auth/sign-in", "", &body)).await
}

async fn sign_in(target: Arc<Target>, n: usize) -> String {
    sign_in_as(&target, n, &format!("nobody-{n}@example.com")).await
}

async fn sign_in_to_one(target: Arc<Target>, n: usize) -> String {
    sign_in_as(&target, n, target.email()).await
}

async fn sign_in_long(target: Arc<Target>, n: usize) -> String {
    sign_in_as(&target, n, &format!("{n}{}@example.com", "x".repeat(250_000))).await
}

async fn sign_in_longish(target: Arc<Target>, n: usize) -> String {
    sign_in_as(&target, n, &format!("{n}{}@example.com", "x".repeat(10_000))).await
}

/// As long as a real one, of a session that does not exist.
fn cookie(n: usize) -> String {
    format!("Cookie: lockstep_refresh={n:043}\r\n")
}

async fn refresh(target: Arc<Target>, n: usize) -> String {
    http::exchange(&target, n, &http::post("/v1/auth/refresh", &cookie(n), "")).await
}

async fn sign_out(target: Arc<Target>, n: usize) -> String {
    http::exchange(&target, n, &http::post("/v1/auth/sign-out", &cookie(n), "")).await
}

async fn page(target: Arc<Target>, n: usize) -> String {
    let path = ["/", "/sign-in", "/sign-up"][n % 3];
    http::exchange(&target, n, &http::get(path)).await
}

async fn form(target: Arc<Target>, n: usize) -> String {
    let body = format!("email=nobody-{n}%40example.com&password=not+the+right+one");
    let request = format!(
        "POST /api/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nOrigin: http://127.0.0.1\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    http::exchange(&target, n, request.as_bytes()).await
}

async fn health(target: Arc<Target>, n: usize) -> String {
    http::exchange(&target, n, &http::get("/health")).await
}

async fn unknown_path(target: Arc<Target>, n: usize) -> String {
    let path = [
        format!("/v1/nothing-{n}"),
        format!("/nothing-{n}"),
        format!("/pkg/nothing-{n}.js"),
    ];
    http::exchange(&target, n, &http::get(&path[n % 3])).await
}

async fn bad_token(target: Arc<Target>, n: usize) -> String {
    let request = format!(
        "GET /v1/timers HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer \
         eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{n}In0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n\r\n"
    );
    http::exchange(&target, n, request.as_bytes()).await
}
