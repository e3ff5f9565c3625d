//! From no connection to a live one, and back.

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

/// How long a connection may take until `connected`.
const CONNECT_MILLIS: u32 = 10_000;
/// A connection that lived this long has held.
const HELD_MILLIS: f64 = 10_000.0;
/// What friends do is asked for anew where a person looks again after this time.
const STALE_MILLIS: f64 = 10_000.0;
/// Without a network the browser says when it is back; it is not always right.
const OFFLINE_MILLIS: u32 = 30_000;
/// The next attempt to renew the token of a live connection.
const RENEW_AGAIN_MILLIS: u32 = 10_000;

impl Connection {
    /// Connects, with a token that is good for a while.
    pub(super) fn connect(&mut self) {
        self.alarms.clear(Alarm::Reconnect);
        if self.phase == Phase::Over {
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
                self.alarms.set(Alarm::ConnectTimeout, CONNECT_MILLIS);
            }
            Err(_) => self.lost(ABNORMAL),
        }
    }

    /// `connected` came.
    pub(super) fn connected(&mut self) {
        self.alarms.clear(Alarm::ConnectTimeout);
        self.phase = Phase::Live;
        self.refusals = 0;
        self.live_since = browser::device_millis();
        self.show(Status::Live);
        self.begin_pings();
        self.flush();
        // No event tells what friends did while nobody listened, nor what became of tags.
        if std::mem::replace(&mut self.reconnected, true) || self.live.friends.with_untracked(|friends| friends.any) {
            self.resync();
        }
    }

    /// The connection ended, or must be taken for dead.
    pub(super) fn lost(&mut self, code: u16) {
        let held = self.phase == Phase::Live && browser::device_millis() - self.live_since > HELD_MILLIS;
        self.drop_socket();
        self.attempt = if held { 0 } else { self.attempt };
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
                self.phase = Phase::Over;
                self.show(Status::Outdated);
            }
        }
    }

    fn drop_socket(&mut self) {
        self.socket = None;
        // What the closed one still says is of an older generation.
        self.generation += 1;
        self.end_pings();
        self.held = false;
        for alarm in [Alarm::ConnectTimeout, Alarm::Release] {
            self.alarms.clear(alarm);
        }
    }

    fn wait(&mut self, millis: u32) {
        self.phase = Phase::Waiting;
        if browser::is_online() {
            self.due = browser::device_millis() + f64::from(millis);
            self.count_down();
        } else {
            self.due = browser::device_millis() + f64::from(OFFLINE_MILLIS);
            self.show(Status::Offline);
            self.alarms.set(Alarm::Reconnect, OFFLINE_MILLIS);
        }
    }

    /// Shows the seconds that are left, and connects when none are.
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

    /// The person, the screen or the network is back: do not wait any longer, and do not trust a silent connection.
    pub(super) fn look_around(&mut self) {
        match self.phase {
            Phase::Waiting => self.connect(),
            Phase::Live => {
                self.ping(super::keepalive::SUSPICIOUS_MILLIS);
                self.refresh_friends();
            }
            Phase::Token | Phase::Opening | Phase::Over => {}
        }
        // Alarms of a page that slept may be late.
        if self.phase == Phase::Live && self.token.as_ref().is_some_and(|token| token.renew_in() == 0) {
            self.fetch_token();
        }
    }

    /// No message tells that somebody is no friend any more, or shows less: whoever looks again sees what holds now.
    fn refresh_friends(&mut self) {
        let any = self.live.friends.with_untracked(|friends| friends.any);
        if any && browser::device_millis() - self.synced_at > STALE_MILLIS {
            self.resync();
        }
    }

    /// Somebody signed out in another tab: if the session is over, nothing of it stays on this screen.
    pub(super) fn leave(&mut self) {
        self.leaving = true;
        if self.phase == Phase::Over {
            browser::go_to("/sign-in");
        } else {
            self.fetch_token();
        }
    }

    /// Asks for a token; the answer comes as an input.
    pub(super) fn fetch_token(&mut self) {
        if self.fetching_token || self.phase == Phase::Over {
            return;
        }
        self.fetching_token = true;
        let inputs = self.inputs.clone();
        spawn_local(async move {
            let _ = inputs.unbounded_send(Input::Token(token::fetch().await));
        });
    }

    pub(super) fn got_token(&mut self, answer: Result<AccessGrant, TokenError>) {
        self.fetching_token = false;
        match answer {
            Ok(grant) if self.live.state.with_untracked(|state| *state.owner() != grant.user.id) => {
                // Somebody else signed in, in another tab: nothing of the former person may stay here.
                self.phase = Phase::Over;
                self.drop_socket();
                browser::reload();
            }
            Ok(grant) => {
                self.leaving = false;
                let token = Token::new(&grant);
                self.alarms.set(Alarm::Renew, token.renew_in());
                match self.phase {
                    Phase::Token => self.open(&token.jwt),
                    Phase::Live => self.renew(&token.jwt),
                    Phase::Opening | Phase::Waiting | Phase::Over => {}
                }
                self.token = Some(token);
            }
            Err(TokenError::SignedOut) => {
                self.phase = Phase::Over;
                self.drop_socket();
                self.show(Status::SignedOut);
                if self.leaving {
                    browser::go_to("/sign-in");
                }
            }
            Err(TokenError::Unavailable) if self.phase == Phase::Token => self.lost(ABNORMAL),
            Err(TokenError::Unavailable) => self.alarms.set(Alarm::Renew, RENEW_AGAIN_MILLIS),
        }
    }
}
