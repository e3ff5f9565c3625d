//! A session of the timers' protocol on one connection.

use super::{Admitted, Authenticated};
use crate::{
    clock,
    config::Quota,
    limits::Counter,
    service::{
        delivery,
        friends::Watch,
        streams::{CHANGES, SHARED, hints_beside, rooms_of, timers_of},
        timers::{Missed, Start, sync_result},
    },
    state::AppState,
    ws::admission::TOO_MANY_CONNECTIONS,
};
use hub::{CloseCode, CloseFrame, CloseOutcome, Connection, ConnectionError, OnError, Protocol, Received, RoomId};
use protocol::{
    id::UserId,
    timers::{Body, ServerMessage},
};

/// A connection that continues after this many refusals in WS_MESSAGE_WINDOW is closed: each refusal costs the server
/// work.
const MAX_REFUSALS: u32 = 100;

/// The state of a session.
pub struct Session {
    pub(super) state: AppState,
    pub(super) authenticated: Authenticated,
    /// Keeps the subscription to what others share with the user, if the client requested it.
    _watch: Option<Watch>,
    /// Messages that were refused because of the rate limit.
    pub(super) refusals: Counter,
    control_frames: Counter,
}

impl Session {
    /// The session of an admitted connection.
    pub(super) fn new(state: AppState, connection: &mut Connection<Admitted>) -> Self {
        let limits = &state.config.limits;
        let refusals = limits.messages.map(|messages| Quota {
            max: MAX_REFUSALS,
            ..messages
        });
        let (refusals, control_frames) = (Counter::new(refusals), Counter::new(limits.control_frames));
        let Admitted {
            identity,
            shared,
            changes,
            ..
        } = connection.auth();
        let watch = (*shared || *changes).then(|| state.activity.watch());
        let authenticated = Authenticated::new(&state, identity, connection.handle());
        connection.identify(connection.auth().identity.user.as_str().to_owned());
        join_rooms(connection);
        Self {
            state,
            authenticated,
            _watch: watch,
            refusals,
            control_frames,
        }
    }

    /// Refuses a connection beyond the maximum of open ones per user.
    fn check_open(&self, connection: &Connection<Admitted>, user: &UserId) -> Result<(), CloseFrame> {
        let Some(most) = self.state.config.limits.open_connections else {
            return Ok(());
        };
        // The count includes this connection, so that concurrent connections cannot all take the last free one.
        let open = connection.hub().member_count(timers_of(user).room());
        if open > most as usize {
            tracing::warn!(%user, open, "too many open connections");
            let reason = "too many open connections of this user: close others first";
            return Err(CloseFrame::new(TOO_MANY_CONNECTIONS, reason));
        }
        Ok(())
    }
}

/// Puts a connection that asked for it into the rooms of what others share with its user and of hints, and out of those of
/// an earlier address.
pub(super) fn join_rooms(connection: &mut Connection<Admitted>) {
    let Admitted {
        identity,
        shared,
        changes,
        ..
    } = connection.auth();
    let audiences = rooms_of(&identity.clone().into());
    let hints = audiences.iter().filter(|_| *changes).filter_map(hints_beside);
    let rooms: Vec<RoomId> = audiences.iter().filter(|_| *shared).cloned().chain(hints).collect();
    for former in connection.handle().rooms() {
        if [SHARED, CHANGES].contains(&former.scope()) && !rooms.contains(&former) {
            connection.leave(&former);
        }
    }
    for room in rooms {
        // A few rooms never are too many.
        let _ = connection.join(&room);
    }
}

impl Protocol for Session {
    type Auth = Admitted;

    /// Sends `connected`, then the missed events or everything, then every newer event.
    async fn connected(&mut self, connection: &mut Connection<Admitted>) -> Result<(), CloseFrame> {
        let internal = |reason: &'static str| CloseFrame::new(CloseCode::INTERNAL, reason);
        let user = connection.auth().identity.user.clone();
        let subscription = connection.begin_subscription(&timers_of(&user)).await;
        let subscription = subscription.map_err(|error| CloseFrame::new(CloseCode::POLICY, error.to_string()))?;
        self.check_open(connection, &user)?;
        let since = connection.auth_mut().since.take();
        let since = since.as_ref().map(|(epoch, seq)| (epoch.as_str(), *seq));
        let start = self.state.timers.start(&user, since).await;
        let Start { seq, epoch, missed } = start.map_err(|error| {
            tracing::error!(%error, %user, "a connection cannot begin");
            internal("the timers cannot be read now")
        })?;
        let connected = Body::Connected {
            user_id: user.clone(),
            seq,
            epoch,
        };
        let mut first = vec![ServerMessage::new(connected, clock::now())];
        match missed {
            Missed::Events(events) => first.extend(events),
            Missed::Everything(page) => first.push(sync_result(&user, page)),
        }
        subscription.start(hub::Start {
            seq,
            messages: first
                .into_iter()
                .map(|message| delivery::event(&user, message))
                .collect(),
        });
        Ok(())
    }

    async fn message(&mut self, connection: &mut Connection<Admitted>, message: Received) {
        if let Received::Text(text) = message {
            self.handle_message(connection, &text).await;
        }
    }

    fn control_frame(&mut self, connection: &mut Connection<Admitted>) {
        if !self.control_frames.take() {
            connection.close(
                CloseCode::POLICY,
                "too many pings and pongs: wait before connecting again",
            );
        }
    }

    async fn error(&mut self, connection: &mut Connection<Admitted>, error: &ConnectionError) -> OnError {
        tracing::debug!(user = ?connection.handle().user(), %error, "a connection failed");
        OnError::Close
    }

    async fn closed(&mut self, connection: &mut Connection<Admitted>, outcome: &CloseOutcome) {
        // The peer's reason may contain anything, such as a token: it is not logged.
        let by_peer = matches!(outcome, CloseOutcome::Peer(_));
        tracing::debug!(user = ?connection.handle().user(), code = outcome.code(), by_peer, "a connection ended");
    }
}
