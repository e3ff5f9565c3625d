//! The rendered pages: [`app`]'s view of this server.

use crate::{
    auth::refresh_token::RefreshToken,
    clock,
    rest::{removal_cookie, session_cookie},
    service::accounts::AccountError,
    state::AppState,
    store::StoreError,
};
use app::{
    backend::{Backend, BackendContext, BackendError},
    snapshot::TimersSnapshot,
};
use async_trait::async_trait;
use axum::{Router, extract::ConnectInfo};
use axum_extra::extract::CookieJar;
use chrono::NaiveTime;
use http::{HeaderMap, HeaderValue, request::Parts};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list};
use protocol::{
    account::{Account, Credentials},
    time::{Timestamp, Zone},
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

/// The cookie in which a page tells its timezone, so that the next one is rendered with the right day.
const ZONE_COOKIE: &str = "lockstep_tz";
/// The page shows what ended today; wherever the reader is, today began less than this long ago, in milliseconds.
const ENDED_MILLIS: i64 = 48 * 60 * 60 * 1000;

/// The pages, their server functions, and the site's files.
pub fn router(state: AppState) -> Router<AppState> {
    let context = {
        let backend: Arc<dyn Backend> = Arc::new(PageBackend(state.clone()));
        move || provide_context(BackendContext(backend.clone()))
    };
    let shell = {
        let site = state.site.clone();
        move || app::shell(site.clone())
    };
    Router::new()
        .leptos_routes_with_context(&state, generate_route_list(app::App), context.clone(), shell)
        .fallback(leptos_axum::file_and_error_handler_with_context::<AppState, _>(
            context,
            app::shell,
        ))
}

struct PageBackend(AppState);

#[async_trait]
impl Backend for PageBackend {
    async fn account(&self, request: &Parts) -> Result<Option<Account>, BackendError> {
        let Some(token) = RefreshToken::from_cookies(&request.headers) else {
            return Ok(None);
        };
        Ok(self.0.accounts.account(&token).await?)
    }

    async fn timers(&self, request: &Parts) -> Result<Option<TimersSnapshot>, BackendError> {
        let Some(account) = self.account(request).await? else {
            return Ok(None);
        };
        let since = clock::now().plus_millis(-ENDED_MILLIS);
        let (timers, seq, now) = self.0.timers.page(&account.id, since).await?;
        let day_start = day_start(now, zone(&request.headers).as_ref());
        Ok(Some(TimersSnapshot {
            account,
            timers,
            seq,
            epoch: self.0.timers.epoch().to_owned(),
            now,
            day_start,
        }))
    }

    async fn sign_up(&self, _: &Parts, credentials: Credentials) -> Result<HeaderValue, BackendError> {
        let signed_in = self.0.accounts.sign_up(credentials).await?;
        Ok(session_cookie(&self.0, &signed_in.refresh))
    }

    async fn sign_in(&self, request: &Parts, credentials: Credentials) -> Result<HeaderValue, BackendError> {
        let signed_in = self.0.accounts.sign_in(credentials, address(request)).await?;
        Ok(session_cookie(&self.0, &signed_in.refresh))
    }

    async fn sign_out(&self, request: &Parts) -> Result<HeaderValue, BackendError> {
        if let Some(token) = RefreshToken::from_cookies(&request.headers) {
            self.0.accounts.sign_out(&token).await?;
        }
        Ok(removal_cookie(&self.0))
    }
}

impl From<StoreError> for BackendError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a page failed");
        Self::Unavailable
    }
}

impl From<AccountError> for BackendError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(_) | AccountError::Password(_) | AccountError::Token(_) => {
                tracing::error!(%error, "a form failed");
                Self::Unavailable
            }
            refused => Self::Refused(refused.to_string()),
        }
    }
}

fn address(request: &Parts) -> IpAddr {
    let info = request.extensions.get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// The reader's timezone, as their browser told it the last time.
fn zone(headers: &HeaderMap) -> Option<Zone> {
    CookieJar::from_headers(headers).get(ZONE_COOKIE)?.value().parse().ok()
}

/// The last midnight in a zone, UTC where none is known. (A day that begins at one o'clock, where the clocks go
/// forward at midnight, counts from midnight's offset.)
fn day_start(now: Timestamp, zone: Option<&Zone>) -> Timestamp {
    let utc = now.to_utc();
    let local = zone.map_or_else(|| utc.fixed_offset(), |zone| zone.at(utc));
    let since_midnight = local.time().signed_duration_since(NaiveTime::MIN).num_milliseconds();
    now.plus_millis(-since_midnight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_begins_at_the_readers_midnight() {
        let at = |text: &str| Timestamp::parse_iso(text).unwrap();
        let now = at("2026-01-28T16:30:00.250Z");
        assert_eq!(day_start(now, None), at("2026-01-28T00:00:00Z"));
        assert_eq!(
            day_start(now, Some(&"Asia/Seoul".parse().unwrap())),
            at("2026-01-28T15:00:00Z")
        );
        assert_eq!(
            day_start(now, Some(&"-08:00".parse().unwrap())),
            at("2026-01-28T08:00:00Z")
        );
    }
}
