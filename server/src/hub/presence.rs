//! Who is in a room: one entry a user, in it one meta a device. Whoever comes gets the state, then diffs.

use super::{
    ConnectionId,
    shards::{Shards, lock},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// A user's devices in a room, and what each of them tells of itself.
pub type Devices<M> = BTreeMap<ConnectionId, M>;
/// Everybody in a room, by user.
pub type State<M> = BTreeMap<Arc<str>, Devices<M>>;

/// A device came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff<M> {
    /// Whose it is.
    pub user: Arc<str>,
    /// Which.
    pub device: ConnectionId,
    /// What it tells of itself; `None`: it went.
    pub meta: Option<M>,
    /// It is the user's first one, or was the last: the user came, or went.
    pub whole: bool,
}

/// Tells a room of a diff, by a message of the protocol's. It runs in the room's turn, so that diffs come in their order;
/// it must not ask for presence itself.
pub type Announce<M> = Arc<dyn Fn(&str, &Diff<M>) + Send + Sync>;

/// The presence of this node's rooms.
#[derive(Clone)]
pub struct Presence<M> {
    inner: Arc<Inner<M>>,
}

struct Inner<M> {
    rooms: Shards<Arc<str>, Arc<Room<M>>>,
    announce: Announce<M>,
}

struct Room<M>(Mutex<Here<M>>);

struct Here<M> {
    users: State<M>,
    /// The last one left and the room is off the map: who comes now makes a new one.
    gone: bool,
}

/// A device that is in a room. Dropping it leaves, however its connection ends.
pub struct Present<M> {
    presence: Arc<Inner<M>>,
    room: Arc<str>,
    user: Arc<str>,
    device: ConnectionId,
}

impl<M: Clone> Presence<M> {
    /// With nobody in it.
    pub fn new(announce: Announce<M>) -> Self {
        Self {
            inner: Arc::new(Inner {
                rooms: Shards::new(),
                announce,
            }),
        }
    }

    /// A device comes into a room. `tell` gets the state without it, before anybody hears of it: what is put into its
    /// outbox there is followed by the diffs, with none missing between.
    #[must_use]
    pub fn enter(
        &self,
        room: &str,
        user: &str,
        device: ConnectionId,
        meta: M,
        tell: impl FnOnce(&State<M>),
    ) -> Present<M> {
        let (room, user): (Arc<str>, Arc<str>) = (room.into(), user.into());
        loop {
            let entry = self.inner.rooms.of(&room).entry(room.clone()).or_default().clone();
            let mut here = lock(&entry.0);
            if here.gone {
                continue;
            }
            tell(&here.users);
            let devices = here.users.entry(user.clone()).or_default();
            let whole = devices.is_empty();
            devices.insert(device, meta.clone());
            let diff = Diff {
                user: user.clone(),
                device,
                meta: Some(meta),
                whole,
            };
            (self.inner.announce)(&room, &diff);
            return Present {
                presence: self.inner.clone(),
                room: room.clone(),
                user,
                device,
            };
        }
    }

    /// Everybody in a room.
    pub fn state(&self, room: &str) -> State<M> {
        let entry = self.inner.rooms.of(room).get(room).cloned();
        entry.map_or_else(State::new, |room| lock(&room.0).users.clone())
    }
}

impl<M> Drop for Present<M> {
    fn drop(&mut self) {
        let entry = self.presence.rooms.peek(&self.room);
        let Some(entry) = entry else { return };
        let mut here = lock(&entry.0);
        let Some(devices) = here.users.get_mut(&self.user) else {
            return;
        };
        devices.remove(&self.device);
        let whole = devices.is_empty();
        if whole {
            here.users.remove(&self.user);
        }
        let diff = Diff {
            user: self.user.clone(),
            device: self.device,
            meta: None,
            whole,
        };
        (self.presence.announce)(&self.room, &diff);
        if here.users.is_empty() {
            here.gone = true;
            self.presence.rooms.take(&self.room);
        }
    }
}

impl<M> Default for Room<M> {
    fn default() -> Self {
        Self(Mutex::new(Here {
            users: State::new(),
            gone: false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    type Told = Arc<Mutex<Vec<(String, bool, Option<&'static str>)>>>;

    fn presence() -> (Presence<&'static str>, Told) {
        let told = Told::default();
        let tell = told.clone();
        let announce = move |room: &str, diff: &Diff<&'static str>| {
            lock(&tell).push((format!("{room} {}", diff.user), diff.whole, diff.meta));
        };
        (Presence::new(Arc::new(announce)), told)
    }

    fn device() -> ConnectionId {
        ConnectionId(Uuid::now_v7())
    }

    #[test]
    fn a_user_is_there_from_their_first_device_to_their_last() {
        let (presence, told) = presence();
        let phone = presence.enter("chat", "ada", device(), "phone", |state| assert!(state.is_empty()));
        let desk = presence.enter("chat", "ada", device(), "desk", |state| assert_eq!(state.len(), 1));
        let eve = presence.enter("chat", "eve", device(), "tablet", |state| {
            assert_eq!(state["ada"].values().copied().collect::<Vec<_>>(), ["phone", "desk"]);
        });
        assert_eq!(presence.state("chat").len(), 2);
        drop(phone);
        assert_eq!(presence.state("chat")["ada"].len(), 1);
        drop(desk);
        let entry = |who: &str, whole, meta| (format!("chat {who}"), whole, meta);
        assert_eq!(
            std::mem::take(&mut *lock(&told)),
            [
                entry("ada", true, Some("phone")),
                entry("ada", false, Some("desk")),
                entry("eve", true, Some("tablet")),
                entry("ada", false, None),
                entry("ada", true, None),
            ]
        );
        drop(eve);
        assert!(presence.state("chat").is_empty());
        assert_eq!(presence.inner.rooms.len(), 0, "an empty room vanishes");
        drop(presence.enter("chat", "ada", device(), "again", |state| assert!(state.is_empty())));
        assert!(presence.state("elsewhere").is_empty());
    }

    #[test]
    fn many_come_and_go_at_once_and_nobody_is_left() {
        let (presence, told) = presence();
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| {
                    for _ in 0..500 {
                        drop(presence.enter("chat", "ada", device(), "x", |_| {}));
                    }
                });
            }
        });
        assert_eq!(presence.inner.rooms.len(), 0);
        let told = lock(&told);
        assert_eq!(told.len(), 4_000);
        let came = told.iter().filter(|(_, whole, meta)| *whole && meta.is_some()).count();
        let went = told.iter().filter(|(_, whole, meta)| *whole && meta.is_none()).count();
        assert_eq!(came, went);
    }
}
