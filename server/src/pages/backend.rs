//! The pages' backend, implemented over the services.

use super::{
    agenda, calendar, day, form_cookie, friends, history, limit::SessionAccount, notifications, recurrence::Asked,
    shared, snapshot, tags, timer, todos,
};
use crate::{
    client_address::ClientAddress,
    clock,
    service::{
        Refusal,
        accounts::{AccountError, SignedIn},
    },
    state::AppState,
    store::StoreError,
};
use app::{
    agenda::Planned,
    backend::{Backend, BackendError, Today},
    form::FormFields,
    local_time::UtcOffsets,
    locale::Locale,
    pages::{
        calendar::{CalendarData, CalendarQuery, Preview},
        friends::FriendsData,
        notifications::NotificationsData,
        shared::SharedData,
        tags::{TagsData, TagsQuery},
        timer::TimerData,
        todos::{TodosData, TodosQuery},
    },
    snapshot::TimersSnapshot,
};
use async_trait::async_trait;
use http::{HeaderValue, request::Parts};
use protocol::{
    friend::FriendActivity,
    id::{NotificationId, TimerId, UserId},
    preferences::Preferences,
    rest::{
        HistoryPage, HistoryQuery, TagTimes, TimerTotals, TodoTime,
        account::{Account, Credentials, SignUps},
        input::Date,
    },
    sharing::ResourceKind,
    time::{Timestamp, Zone},
};

/// How far back ended timers are read, in milliseconds: in every timezone, today began less than this long ago.
const ENDED_MILLIS: i64 = 48 * 60 * 60 * 1000;

pub struct PageBackend(pub AppState);

#[async_trait]
impl Backend for PageBackend {
    async fn account(&self, request: &Parts) -> Result<Option<Account>, BackendError> {
        if let Some(known) = request.extensions.get::<SessionAccount>() {
            return Ok(known.0.clone());
        }
        let Some(token) = self.0.config.refresh_cookie().read(&request.headers) else {
            return Ok(None);
        };
        Ok(self.0.accounts.account(&token).await?)
    }

    async fn timers(&self, request: &Parts) -> Result<Option<TimersSnapshot>, BackendError> {
        let Some(account) = self.account(request).await? else {
            return Ok(None);
        };
        let since = clock::now().plus_millis(-ENDED_MILLIS);
        let page = self.0.timers.page(&account.id, since).await?;
        let friends = self.0.friends.running(&account.id).await?;
        let unread = self.0.notifications.unread(&account.id).await?;
        let epoch = self.0.timers.epoch().to_owned();
        let zone = self.zone(request, &account.id).await?;
        Ok(Some(snapshot::of(account, page, friends, unread, epoch, zone.as_ref())))
    }

    async fn timer(&self, request: &Parts, id: TimerId) -> Result<Option<TimerData>, BackendError> {
        let Some(account) = self.account(request).await? else {
            return Ok(None);
        };
        let opened = self.0.timers.opened(&account.id, id).await?;
        let zone = self.zone(request, &account.id).await?;
        Ok(opened.map(|opened| timer::data(&account.id, opened, zone.as_ref())))
    }

    async fn history(
        &self,
        request: &Parts,
        query: HistoryQuery,
        cursor: Option<String>,
        limit: usize,
    ) -> Result<Option<HistoryPage>, BackendError> {
        let Some(account) = self.account(request).await? else {
            return Ok(None);
        };
        let zone = self.zone(request, &account.id).await?;
        let page = history::page(&self.0, &account, zone.as_ref(), &query, (cursor, limit)).await?;
        Ok(Some(page))
    }

    async fn history_totals(&self, request: &Parts, query: HistoryQuery) -> Result<Option<TimerTotals>, BackendError> {
        let Some(account) = self.account(request).await? else {
            return Ok(None);
        };
        let zone = self.zone(request, &account.id).await?;
        Ok(Some(history::totals(&self.0, &account, zone.as_ref(), &query).await?))
    }

    async fn todo_times(&self, request: &Parts) -> Result<Option<Vec<TodoTime>>, BackendError> {
        match self.account(request).await? {
            Some(account) => Ok(Some(self.0.todos.all_times(&account.id, None).await?)),
            None => Ok(None),
        }
    }

    async fn tag_times(&self, request: &Parts, from: Date, to: Date) -> Result<Option<TagTimes>, BackendError> {
        let Some(account) = self.account(request).await? else {
            return Ok(None);
        };
        let zone = self.zone(request, &account.id).await?;
        Ok(Some(
            history::tag_times(&self.0, &account, zone.as_ref(), (from, to)).await?,
        ))
    }

    async fn utc_offsets(
        &self,
        request: &Parts,
        user: &UserId,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<UtcOffsets, BackendError> {
        let zone = self.zone(request, user).await?;
        Ok(day::offsets_between(from, until, zone.as_ref()))
    }

    async fn agenda(
        &self,
        request: &Parts,
        user: &UserId,
        (from, until): (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Vec<Planned>, BackendError> {
        let zone = self.zone(request, user).await?;
        agenda::read(&self.0, zone, user, (from, until), limit).await
    }

    async fn calendar(
        &self,
        request: &Parts,
        query: CalendarQuery,
        locale: Locale,
    ) -> Result<Option<CalendarData>, BackendError> {
        let Some(account) = self.account(request).await? else {
            return Ok(None);
        };
        let zone = self.zone(request, &account.id).await?;
        calendar::data(&self.0, &account, zone, query, locale).await.map(Some)
    }

    async fn recurrence(&self, request: &Parts) -> Result<Option<Preview>, BackendError> {
        match self.account(request).await? {
            Some(_) => Asked::of(request).preview().await.map(Some),
            None => Ok(None),
        }
    }

    async fn today(&self, request: &Parts, user: &UserId) -> Result<Today, BackendError> {
        let zone = self.zone(request, user).await?;
        Ok(day::today(clock::now(), zone.as_ref()))
    }

    async fn friend_activity(&self, user: &UserId) -> Result<FriendActivity, BackendError> {
        Ok(self.0.users.me(user).await?.friend_activity)
    }

    async fn preferences(&self, user: &UserId) -> Result<Preferences, BackendError> {
        Ok(self.0.preferences.get(user).await?)
    }

    async fn todos(&self, request: &Parts, query: TodosQuery) -> Result<Option<TodosData>, BackendError> {
        match self.account(request).await? {
            Some(account) => todos::data(&self.0, &account, request, query).await.map(Some),
            None => Ok(None),
        }
    }

    async fn tags(&self, request: &Parts, query: TagsQuery, week_start: u8) -> Result<Option<TagsData>, BackendError> {
        match self.account(request).await? {
            Some(account) => tags::page(&self.0, &account.id, request, query, week_start)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    async fn friends(
        &self,
        request: &Parts,
        asked: Option<String>,
        after: Option<String>,
    ) -> Result<Option<FriendsData>, BackendError> {
        match self.account(request).await? {
            Some(account) => friends::page(&self.0, &account.id, request, asked, after)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    async fn notifications(
        &self,
        user: &UserId,
        before: Option<NotificationId>,
    ) -> Result<NotificationsData, BackendError> {
        Ok(notifications::page(&self.0, user, before).await?)
    }

    async fn shared(
        &self,
        request: &Parts,
        kind: Option<ResourceKind>,
        after: Option<String>,
    ) -> Result<Option<SharedData>, BackendError> {
        match self.account(request).await? {
            Some(account) => shared::page(&self.0, &account.id, request, kind, after).await.map(Some),
            None => Ok(None),
        }
    }

    fn sign_ups(&self) -> SignUps {
        self.0.accounts.sign_ups()
    }

    async fn sign_up(&self, request: &Parts, credentials: Credentials) -> Result<Vec<HeaderValue>, BackendError> {
        let client = ClientAddress::of(&request.extensions);
        Ok(self.set_cookie(self.0.accounts.sign_up(credentials, client).await?))
    }

    async fn sign_in(&self, request: &Parts, credentials: Credentials) -> Result<Vec<HeaderValue>, BackendError> {
        let client = ClientAddress::of(&request.extensions);
        Ok(self.set_cookie(self.0.accounts.sign_in(credentials, client).await?))
    }

    async fn sign_out(&self, request: &Parts) -> Result<Vec<HeaderValue>, BackendError> {
        let cookie = self.0.config.refresh_cookie();
        if let Some(token) = cookie.read(&request.headers) {
            self.0.accounts.sign_out(&token).await?;
        }
        Ok(cookie.removal())
    }

    fn keep_form(&self, fields: &FormFields) -> Vec<HeaderValue> {
        let secure = self.0.config.refresh_cookie().is_secure();
        form_cookie::set(fields, secure).into_iter().collect()
    }

    fn kept_form(&self, request: &Parts) -> FormFields {
        form_cookie::read(&request.headers)
    }
}

impl PageBackend {
    /// The timezone that the user chose, else that of the device.
    async fn zone(&self, request: &Parts, user: &UserId) -> Result<Option<Zone>, BackendError> {
        let chosen = self.preferences(user).await?.time_zone;
        let chosen = chosen.and_then(|name| name.parse().ok());
        Ok(chosen.or_else(|| day::zone(&request.headers)))
    }

    fn set_cookie(&self, signed_in: SignedIn) -> Vec<HeaderValue> {
        let cookie = self.0.config.refresh_cookie();
        cookie.set(&signed_in.refresh, signed_in.max_age_seconds)
    }
}

impl From<StoreError> for BackendError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a page failed");
        Self::Unavailable
    }
}

impl From<Refusal> for BackendError {
    /// The reads of pages are refused only when the store fails.
    fn from(refusal: Refusal) -> Self {
        tracing::error!(error = %refusal, "a page failed");
        Self::Unavailable
    }
}

impl From<AccountError> for BackendError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Refused(refusal) => Self::Refused(refusal),
            AccountError::Store(_) | AccountError::Password(_) | AccountError::Token(_) => {
                tracing::error!(%error, "a form failed");
                Self::Unavailable
            }
        }
    }
}
