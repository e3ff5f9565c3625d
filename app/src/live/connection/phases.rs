//! The connection's phases, from disconnected to live and back.

use super::{Connection, Input, Phase};
use crate::{
    browser,
    live::{
        Status,
        alarms::Alarm,
        reconnect::{self, Decision},
        socket::{ABNORMAL, Socket},
        token::{self, Token, TokenError},
    },
};
use leptos::{prelude::*, task::spawn_local};
use protocol::{rest::account::AccessGrant, socket::CloseCode};

/// Timeout until `connected`.
const CONNECT_TIMEOUT_MILLIS: u32 = 10_000;
/// A connection that lived this long counts as stable.
const STABLE_AFTER_MILLIS: f64 = 10_000.0;
/// Minimum age of the friends' list before it is fetched again when the page is shown.
const STALE_MILLIS: f64 = 10_000.0;
/// Interval of attempts while the browser reports no network, which is not always right.
const OFFLINE_RETRY_MILLIS: u32 = 30_000;
/// Delay before the next attempt to renew the token of a live connection.
const RENEW_RETRY_MILLIS: u32 = 10_000;

impl Connection {
    /// Connects, after fetching a token if the current one expires soon.
    pub(super) fn connect(&mut self) {
        self.alarms.clear(Alarm::Reconnect);
        if self.phase == Phase::Stopped {
            return;
        }
        if self.live.status.get_untracked() != Status::Connecting {
            self.show(Status::Reconnecting { seconds: 0 });
        }
        match self.token.take_if(|token| token.renew_in() > 0) {
            Some(token) => {
                self.open(&token.jwt);
                self.token = Some(token);
            }
            None => {
                self.phase = Phase::Token;
                self.fetch_token();
            }
        }
    }

    fn open(&mut self, jwt: &str) {
        self.generation += 1;
        self.phase = Phase::Opening;
        let position = self.live.state.with_untracked(|state| state.position());
        let inputs = self.inputs.clone();
        let opened = Socket::open(&position, jwt, self.generation, move |generation, event| {
            let _ = inputs.unbounded_send(Input::Socket(generation, event));
        });
        match opened {
            Ok(socket) => {
                self.socket = Some(socket);
                self.alarms.set(Alarm::ConnectTimeout, CONNECT_TIMEOUT_MILLIS);
            }
            Err(_) => self.on_closed(ABNORMAL),
        }
    }

    /// Handles `connected`.
    pub(super) fn on_connected(&mut self) {
        self.alarms.clear(Alarm::ConnectTimeout);
        self.phase = Phase::Live;
        self.refusals = 0;
        self.live_since = browser::device_millis();
        self.show(Status::Live);
        self.begin_pings();
        self.flush();
        // No event reports friends' activity and tag changes during the disconnection.
        if std::mem::replace(&mut self.reconnected, true) || self.live.friends.with_untracked(|friends| friends.any) {
            self.resync();
        }
    }

    /// Handles the end of the connection, or a missing pong.
    pub(super) fn on_closed(&mut self, code: u16) {
        let was_stable = self.phase == Phase::Live && browser::device_millis() - self.live_since > STABLE_AFTER_MILLIS;
        self.drop_socket();
        self.attempt = if was_stable { 0 } else { self.attempt };
        let refused = code == CloseCode::Policy.code();
        let attempt = if refused { self.refusals } else { self.attempt };
        let decision = reconnect::after_close(code, attempt, browser::random());
        self.attempt += 1;
        self.refusals += u32::from(refused);
        match decision {
            Decision::Wait(millis) => self.wait(millis),
            Decision::RenewToken(millis) => {
                self.token = None;
                self.wait(millis);
            }
            Decision::Reload => {
                self.phase = Phase::Stopped;
                self.show(Status::Outdated);
            }
        }
    }

    fn drop_socket(&mut self) {
        self.socket = None;
        // Events of the closed socket have an older generation and are ignored.
        self.generation += 1;
        self.end_pings();
        self.sending_paused = false;
        for alarm in [Alarm::ConnectTimeout, Alarm::ResumeSending] {
            self.alarms.clear(alarm);
        }
    }

    fn wait(&mut self, millis: u32) {
        self.phase = Phase::Waiting;
        if browser::is_online() {
            self.due = browser::device_millis() + f64::from(millis);
            self.count_down();
        } else {
            self.due = browser::device_millis() + f64::from(OFFLINE_RETRY_MILLIS);
            self.show(Status::Offline);
            self.alarms.set(Alarm::Reconnect, OFFLINE_RETRY_MILLIS);
        }
    }

    /// Shows the remaining seconds, and connects at zero.
    pub(super) fn count_down(&mut self) {
        if self.phase != Phase::Waiting {
            return;
        }
        let left = self.due - browser::device_millis();
        if left <= 0.0 {
            self.connect();
            return;
        }
        let seconds = (left / 1000.0).ceil();
        self.show(Status::Reconnecting {
            seconds: seconds as u32,
        });
        let to_next = left - (seconds - 1.0) * 1000.0;
        self.alarms.set(Alarm::Reconnect, to_next.ceil() as u32);
    }

    /// The page is shown or online again: connect without waiting, or check the open connection.
    pub(super) fn check_connection(&mut self) {
        match self.phase {
            Phase::Waiting => self.connect(),
            Phase::Live => {
                self.ping(super::keepalive::SHORT_PONG_TIMEOUT_MILLIS);
                self.refresh_friends();
            }
            Phase::Token | Phase::Opening | Phase::Stopped => {}
        }
        // Alarms of a page that slept may be overdue.
        if self.phase == Phase::Live && self.token.as_ref().is_some_and(|token| token.renew_in() == 0) {
            self.fetch_token();
        }
    }

    /// Fetches the friends' list: no event reports a reduced sharing level, and an ended friendship is only reported as
    /// cancelled timers.
    fn refresh_friends(&mut self) {
        let any = self.live.friends.with_untracked(|friends| friends.any);
        if any && browser::device_millis() - self.synced_at > STALE_MILLIS {
            self.resync();
        }
    }

    /// The user signed out in another tab: if the session has ended, leaves the page.
    pub(super) fn on_signed_out_elsewhere(&mut self) {
        self.signed_out_elsewhere = true;
        if self.phase == Phase::Stopped {
            browser::go_to("/sign-in");
        } else {
            self.fetch_token();
        }
    }

    /// Requests a token; the answer arrives as an input.
    pub(super) fn fetch_token(&mut self) {
        if self.fetching_token || self.phase == Phase::Stopped {
            return;
        }
        self.fetching_token = true;
        let inputs = self.inputs.clone();
        spawn_local(async move {
            let _ = inputs.unbounded_send(Input::Token(token::fetch().await));
        });
    }

    pub(super) fn on_token(&mut self, answer: Result<AccessGrant, TokenError>) {
        self.fetching_token = false;
        match answer {
            Ok(grant) if self.live.state.with_untracked(|state| *state.owner() != grant.user.id) => {
                // Another user signed in in another tab: no data of the former user may stay here.
                self.phase = Phase::Stopped;
                self.drop_socket();
                browser::reload();
            }
            Ok(grant) => {
                self.signed_out_elsewhere = false;
                let token = Token::new(&grant);
                self.alarms.set(Alarm::Renew, token.renew_in());
                match self.phase {
                    Phase::Token => self.open(&token.jwt),
                    Phase::Live => self.renew(&token.jwt),
                    Phase::Opening | Phase::Waiting | Phase::Stopped => {}
                }
                self.token = Some(token);
            }
            Err(TokenError::SignedOut) => {
                self.phase = Phase::Stopped;
                self.drop_socket();
                self.show(Status::SignedOut);
                if self.signed_out_elsewhere {
                    browser::go_to("/sign-in");
                }
            }
            Err(TokenError::Unavailable) if self.phase == Phase::Token => self.on_closed(ABNORMAL),
            Err(TokenError::Unavailable) => self.alarms.set(Alarm::Renew, RENEW_RETRY_MILLIS),
        }
    }
}
