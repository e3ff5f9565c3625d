//! The server's services as the pages use them. The server implements the trait, so that `app` does not depend on it.

use crate::{
    agenda::Planned,
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
        account::{Account, AccountRefusal, Credentials, SignUps},
        input::Date,
    },
    sharing::ResourceKind,
    time::Timestamp,
};
use std::sync::Arc;
use thiserror::Error;

/// The operations that pages call. `request` is the page's or the form's request; the implementation reads cookies and
/// the client's address from it.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// The account of the refresh cookie, if it is valid. Changes nothing.
    async fn account(&self, request: &Parts) -> Result<Option<Account>, BackendError>;

    /// The signed-in user's timers; `None` when signed out.
    async fn timers(&self, request: &Parts) -> Result<Option<TimersSnapshot>, BackendError>;

    /// A timer that the signed-in user may read; `None` if there is none, or when signed out.
    async fn timer(&self, request: &Parts, id: TimerId) -> Result<Option<TimerData>, BackendError>;

    /// A page of the signed-in user's timers that match, newest first, after a cursor; at most `limit`, and at most 100.
    /// `None` when signed out. A malformed cursor counts as none.
    async fn history(
        &self,
        request: &Parts,
        query: HistoryQuery,
        cursor: Option<String>,
        limit: usize,
    ) -> Result<Option<HistoryPage>, BackendError>;

    /// The time and number of the signed-in user's timers that match, by the day of their first start in the reader's
    /// timezone: from `query.from` to `query.to` (by default today), at most the newest 400 of these days. `None` when
    /// signed out.
    async fn history_totals(&self, request: &Parts, query: HistoryQuery) -> Result<Option<TimerTotals>, BackendError>;

    /// The time spent on each todo of the signed-in user that has any, ordered by id. `None` when signed out.
    async fn todo_times(&self, request: &Parts) -> Result<Option<Vec<TodoTime>>, BackendError>;

    /// The time by tag of the signed-in user's timers that started first on one of the days in the reader's timezone, with
    /// the progress towards the groups' goals; at most the newest 400 of these days. `None` when signed out.
    async fn tag_times(&self, request: &Parts, from: Date, to: Date) -> Result<Option<TagTimes>, BackendError>;

    /// The offsets from UTC of the reader's timezone from one instant to another.
    async fn utc_offsets(
        &self,
        request: &Parts,
        user: &UserId,
        window: (Timestamp, Timestamp),
    ) -> Result<UtcOffsets, BackendError>;

    /// What a user has planned in a window of time, by start; at most so many, in the reader's timezone.
    async fn agenda(
        &self,
        request: &Parts,
        user: &UserId,
        window: (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Vec<Planned>, BackendError>;

    /// The part of the signed-in user's calendar that the page of the calendar shows, with rules in words of the locale.
    /// `None` when signed out.
    async fn calendar(
        &self,
        request: &Parts,
        query: CalendarQuery,
        locale: Locale,
    ) -> Result<Option<CalendarData>, BackendError>;

    /// What the rule of a query (see [`crate::api::RECURRENCE_PATH`]) means; `None` when signed out.
    async fn recurrence(&self, request: &Parts) -> Result<Option<Preview>, BackendError>;

    /// The server's time, and the first instants of the reader's today and tomorrow.
    async fn today(&self, request: &Parts, user: &UserId) -> Result<Today, BackendError>;

    /// What a user's friends see of the user's timers.
    async fn friend_activity(&self, user: &UserId) -> Result<FriendActivity, BackendError>;

    /// A user's preferences; the defaults if the user has set none.
    async fn preferences(&self, user: &UserId) -> Result<Preferences, BackendError>;

    /// The part of the signed-in user's todos that the page of todos shows. `None` when signed out.
    async fn todos(&self, request: &Parts, query: TodosQuery) -> Result<Option<TodosData>, BackendError>;

    /// A page of the signed-in user's tag groups with their tags, and the time of these in the reader's week, which
    /// begins on `week_start` (0 for Monday). `None` when signed out. A malformed cursor counts as none.
    async fn tags(&self, request: &Parts, query: TagsQuery, week_start: u8) -> Result<Option<TagsData>, BackendError>;

    /// The signed-in user's friends after a cursor, requests and blocks, and what is shared with friends. `asked` is the
    /// code of a link that was opened. `None` when signed out. A malformed cursor counts as none.
    async fn friends(
        &self,
        request: &Parts,
        asked: Option<String>,
        after: Option<String>,
    ) -> Result<Option<FriendsData>, BackendError>;

    /// A user's notifications before one of them, newest first, and which kinds are told.
    async fn notifications(
        &self,
        user: &UserId,
        before: Option<NotificationId>,
    ) -> Result<NotificationsData, BackendError>;

    /// What others share with the signed-in user: of one kind after a cursor, or the first entries of each kind, with
    /// schedules of the next 14 days. `None` when signed out. A malformed cursor counts as none.
    async fn shared(
        &self,
        request: &Parts,
        kind: Option<ResourceKind>,
        after: Option<String>,
    ) -> Result<Option<SharedData>, BackendError>;

    /// Whether accounts can be created, and by whom.
    fn sign_ups(&self) -> SignUps;

    /// Creates an account and signs in. Returns values for `Set-Cookie`.
    async fn sign_up(&self, request: &Parts, credentials: Credentials) -> Result<Vec<HeaderValue>, BackendError>;

    /// Signs in. Returns values for `Set-Cookie`.
    async fn sign_in(&self, request: &Parts, credentials: Credentials) -> Result<Vec<HeaderValue>, BackendError>;

    /// Ends the session, if there is one. Returns values for `Set-Cookie`.
    async fn sign_out(&self, request: &Parts) -> Result<Vec<HeaderValue>, BackendError>;

    /// Has the browser keep a refused form's fields for its next page. Returns values for `Set-Cookie`.
    fn keep_form(&self, fields: &FormFields) -> Vec<HeaderValue>;

    /// The fields that the browser kept; empty ones without any.
    fn kept_form(&self, request: &Parts) -> FormFields;
}

/// The reader's calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Today {
    /// The server's time.
    pub now: Timestamp,
    /// The first instant of the day.
    pub start: Timestamp,
    /// The first instant of the next day.
    pub end: Timestamp,
}

/// Why an operation failed.
#[derive(Clone, Debug, Error)]
pub enum BackendError {
    /// Refused for a reason that the user can act on.
    #[error("{0}")]
    Refused(AccountRefusal),
    /// An internal error, which the server has logged.
    #[error("Something went wrong on our side. Please try again in a moment.")]
    Unavailable,
}

/// The backend as a Leptos context.
#[derive(Clone)]
pub struct BackendContext(pub Arc<dyn Backend>);
