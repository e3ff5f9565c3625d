//! The session of a page as a state machine: its access token, renewed before it expires, for all of the page's
//! connections. `runtime` performs the effects in the browser.

use protocol::{id::UserId, rest::account::AccessGrant};

/// How long before its expiry a token is renewed.
const RENEW_BEFORE_MILLIS: f64 = 60_000.0;
/// Delay before the next attempt to renew a token.
const RENEW_RETRY_MILLIS: u32 = 10_000;

/// Why no token was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// The session has ended.
    SignedOut,
    /// The server could not be reached, or failed.
    Unavailable,
}

/// Everything that can happen to a session.
#[derive(Debug)]
pub enum SessionInput {
    /// A connection wants a token.
    Requested,
    /// The server refused the token.
    Refused,
    /// The answer to [`SessionEffect::Fetch`].
    Granted(Result<AccessGrant, TokenError>),
    /// The alarm rang.
    RenewDue,
    /// The page is shown or online again. Alarms of a page that slept may be overdue.
    Awake,
    /// The user signed out in another tab.
    SignedOutElsewhere,
    /// No connection of this page needs tokens any more.
    Idle,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEffect {
    /// Fetch a token with the session's cookie.
    Fetch,
    /// Ring in so many milliseconds, and not when it was set to ring before.
    SetAlarm(u32),
    /// Give this token to the page's connections.
    Token(String),
    /// Tell them that there is none at the moment.
    Unavailable,
    /// Tell them that the session has ended.
    SignedOut,
    /// Load the sign-in page.
    ShowSignIn,
    /// Load the page anew: another user has signed in in this browser.
    Reload,
}

/// The session of the page's user.
#[derive(Debug)]
pub struct Session {
    user: UserId,
    token: Option<Token>,
    fetching: bool,
    /// Whether a connection uses tokens, so that they must be renewed.
    in_use: bool,
    /// Whether the session is known to have ended.
    ended: bool,
    signed_out_elsewhere: bool,
}

#[derive(Debug)]
struct Token {
    jwt: String,
    /// When it should be renewed, in milliseconds on the device's clock.
    renew_at: f64,
}

impl Session {
    /// The session of the user whose page it is.
    pub fn new(user: UserId) -> Self {
        Self {
            user,
            token: None,
            fetching: false,
            in_use: false,
            ended: false,
            signed_out_elsewhere: false,
        }
    }

    /// The token at `now`, unless it is due for renewal.
    pub fn token(&self, now: f64) -> Option<&str> {
        let token = self.token.as_ref().filter(|token| token.renew_at > now)?;
        Some(&token.jwt)
    }

    /// Handles what happened at `now`, in milliseconds on the device's clock.
    pub fn step(&mut self, input: SessionInput, now: f64) -> Vec<SessionEffect> {
        match input {
            SessionInput::Requested => {
                self.in_use = true;
                match &self.token {
                    _ if self.ended => vec![SessionEffect::SignedOut],
                    Some(token) if token.renew_at > now => vec![SessionEffect::Token(token.jwt.clone())],
                    _ => self.fetch(),
                }
            }
            SessionInput::Refused => {
                self.token = None;
                Vec::new()
            }
            SessionInput::RenewDue if self.in_use => self.fetch(),
            SessionInput::RenewDue => Vec::new(),
            SessionInput::Idle => {
                self.in_use = false;
                Vec::new()
            }
            SessionInput::Awake if self.token.as_ref().is_some_and(|token| token.renew_at <= now) => self.fetch(),
            SessionInput::Awake => Vec::new(),
            SessionInput::SignedOutElsewhere if self.ended => vec![SessionEffect::ShowSignIn],
            SessionInput::SignedOutElsewhere => {
                self.signed_out_elsewhere = true;
                self.fetch()
            }
            SessionInput::Granted(answer) => self.on_answer(answer, now),
        }
    }

    /// Asks for a token, once at a time: the session's cookie changes with each.
    fn fetch(&mut self) -> Vec<SessionEffect> {
        if self.ended || std::mem::replace(&mut self.fetching, true) {
            return Vec::new();
        }
        vec![SessionEffect::Fetch]
    }

    fn on_answer(&mut self, answer: Result<AccessGrant, TokenError>, now: f64) -> Vec<SessionEffect> {
        self.fetching = false;
        match answer {
            Ok(grant) if grant.user.id != self.user => {
                self.ended = true;
                vec![SessionEffect::SignedOut, SessionEffect::Reload]
            }
            Ok(grant) => {
                self.signed_out_elsewhere = false;
                let lifetime = grant.expires_in as f64 * 1000.0;
                // A short-lived token is used for at least half of its lifetime.
                let used = (lifetime - RENEW_BEFORE_MILLIS).max(lifetime / 2.0);
                let jwt = grant.access_token;
                self.token = Some(Token {
                    jwt: jwt.clone(),
                    renew_at: now + used,
                });
                match self.in_use {
                    true => vec![SessionEffect::SetAlarm(used as u32), SessionEffect::Token(jwt)],
                    false => Vec::new(),
                }
            }
            Err(TokenError::SignedOut) => {
                self.ended = true;
                self.token = None;
                let mut effects = vec![SessionEffect::SignedOut];
                effects.extend(self.signed_out_elsewhere.then_some(SessionEffect::ShowSignIn));
                effects
            }
            // The connection that waits tries again by itself; for one that lives, the token is renewed later.
            Err(TokenError::Unavailable) => {
                vec![SessionEffect::SetAlarm(RENEW_RETRY_MILLIS), SessionEffect::Unavailable]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::rest::account::Account;

    fn grant(user: &str, token: &str) -> SessionInput {
        let user = Account {
            id: user.into(),
            email: "ada@example.com".into(),
            display_name: None,
        };
        SessionInput::Granted(Ok(AccessGrant {
            access_token: token.into(),
            token_type: "Bearer".into(),
            expires_in: 900,
            user,
        }))
    }

    #[test]
    fn a_token_is_fetched_once_and_used_until_it_is_due() {
        let mut session = Session::new("ada".into());
        assert_eq!(session.step(SessionInput::Requested, 0.0), [SessionEffect::Fetch]);
        assert_eq!(session.step(SessionInput::Requested, 1.0), [], "one request at a time");
        let token = SessionEffect::Token("t1".into());
        assert_eq!(
            session.step(grant("ada", "t1"), 10.0),
            [SessionEffect::SetAlarm(840_000), token.clone()]
        );
        assert_eq!(session.step(SessionInput::Requested, 20.0), [token]);
        assert_eq!(session.step(SessionInput::Awake, 20.0), []);
        assert_eq!(session.step(SessionInput::Awake, 840_010.0), [SessionEffect::Fetch]);
    }

    #[test]
    fn a_refused_token_is_not_used_again() {
        let mut session = Session::new("ada".into());
        session.step(SessionInput::Requested, 0.0);
        session.step(grant("ada", "t1"), 0.0);
        session.step(SessionInput::Refused, 1.0);
        assert_eq!(session.step(SessionInput::Requested, 2.0), [SessionEffect::Fetch]);
    }

    #[test]
    fn a_sign_out_elsewhere_is_checked_and_leads_to_the_sign_in_page() {
        let mut session = Session::new("ada".into());
        assert_eq!(
            session.step(SessionInput::SignedOutElsewhere, 0.0),
            [SessionEffect::Fetch]
        );
        let refused = SessionInput::Granted(Err(TokenError::SignedOut));
        assert_eq!(
            session.step(refused, 1.0),
            [SessionEffect::SignedOut, SessionEffect::ShowSignIn]
        );
        assert_eq!(session.step(SessionInput::Requested, 2.0), [SessionEffect::SignedOut]);
        assert_eq!(
            session.step(SessionInput::RenewDue, 2.0),
            [],
            "nothing is asked for an ended session"
        );
    }

    #[test]
    fn the_page_of_another_user_is_left() {
        let mut session = Session::new("ada".into());
        session.step(SessionInput::Requested, 0.0);
        let effects = session.step(grant("eve", "t1"), 1.0);
        assert_eq!(effects, [SessionEffect::SignedOut, SessionEffect::Reload]);
    }

    #[test]
    fn an_unavailable_server_is_asked_again() {
        let mut session = Session::new("ada".into());
        session.step(SessionInput::Requested, 0.0);
        let unavailable = SessionInput::Granted(Err(TokenError::Unavailable));
        assert_eq!(
            session.step(unavailable, 1.0),
            [SessionEffect::SetAlarm(RENEW_RETRY_MILLIS), SessionEffect::Unavailable]
        );
        assert_eq!(session.step(SessionInput::RenewDue, 2.0), [SessionEffect::Fetch]);
    }
}
