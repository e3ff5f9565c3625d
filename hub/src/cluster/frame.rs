//! The encoding of frames on the bus. The first byte is the kind; numbers are big-endian. A frame is never empty.

use crate::ConnectionId;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use uuid::Uuid;

/// A frame between nodes.
#[derive(Debug, PartialEq)]
pub(super) struct Frame<'a> {
    pub body: Body<'a>,
}

#[derive(Debug, PartialEq)]
pub(super) enum Body<'a> {
    /// A message for connections. The scope (its length in 1 byte, its name), the excluded connection (16 bytes, zeros for
    /// none), the number of rooms (2 bytes), for each the scope as above and the key (its length in 2 bytes, the text),
    /// then the payload.
    Message {
        /// The scope whose handler decodes the payload.
        scope: &'a str,
        except: Option<ConnectionId>,
        /// Scopes and keys of the rooms, if the subject is not the only room.
        rooms: Vec<(&'a str, &'a str)>,
        payload: &'a [u8],
    },
    /// The user whose connections leave the room.
    Evict(&'a str),
    /// A [`crate::presence::PresenceFrame`] in JSON.
    Presence(&'a [u8]),
    /// The message on a topic.
    Topic(&'a [u8]),
}

const MESSAGE: u8 = 1;
const EVICT: u8 = 2;
const PRESENCE: u8 = 3;
const TOPIC: u8 = 4;

impl<'a> Frame<'a> {
    pub fn of(body: Body<'a>) -> Self {
        Self { body }
    }

    pub fn write(&self) -> Bytes {
        let mut out = BytesMut::new();
        match &self.body {
            Body::Message {
                scope,
                except,
                rooms,
                payload,
            } => {
                out.reserve(64 + payload.len());
                out.put_u8(MESSAGE);
                put_short(&mut out, scope);
                out.put_slice(except.map_or(Uuid::nil(), |id| id.0).as_bytes());
                // More rooms or a longer key would be undecodable, which counts as a loss.
                out.put_u16(u16::try_from(rooms.len()).unwrap_or(u16::MAX));
                for (scope, key) in rooms {
                    put_short(&mut out, scope);
                    out.put_u16(u16::try_from(key.len()).unwrap_or(u16::MAX));
                    out.put_slice(key.as_bytes());
                }
                out.put_slice(payload);
            }
            Body::Evict(user) => {
                out.put_u8(EVICT);
                out.put_slice(user.as_bytes());
            }
            Body::Presence(json) => {
                out.put_u8(PRESENCE);
                out.put_slice(json);
            }
            Body::Topic(payload) => {
                out.put_u8(TOPIC);
                out.put_slice(payload);
            }
        }
        out.freeze()
    }

    /// Decodes a frame; `None` if it is invalid.
    pub fn read(frame: &'a [u8]) -> Option<Self> {
        let (kind, mut rest) = frame.split_first()?;
        let body = match *kind {
            MESSAGE => {
                let scope = take_short(&mut rest)?;
                let (id, after) = rest.split_first_chunk::<16>()?;
                let id = Uuid::from_bytes(*id);
                rest = after;
                let count = rest.try_get_u16().ok()?;
                let mut rooms = Vec::new();
                for _ in 0..count {
                    let scope = take_short(&mut rest)?;
                    let length = rest.try_get_u16().ok()?;
                    rooms.push((scope, take(&mut rest, length.into())?));
                }
                Body::Message {
                    scope,
                    except: (!id.is_nil()).then_some(ConnectionId(id)),
                    rooms,
                    payload: rest,
                }
            }
            EVICT => Body::Evict(std::str::from_utf8(rest).ok()?),
            PRESENCE => Body::Presence(rest),
            TOPIC => Body::Topic(rest),
            _ => return None,
        };
        Some(Self { body })
    }
}

/// A scope's name: at most 32 bytes.
fn put_short(out: &mut BytesMut, text: &str) {
    out.put_u8(u8::try_from(text.len()).unwrap_or(u8::MAX));
    out.put_slice(text.as_bytes());
}

fn take_short<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let length = rest.try_get_u8().ok()?;
    take(rest, length.into())
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a str> {
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    std::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_round_trip_and_invalid_ones_are_refused() {
        let message = Body::Message {
            scope: "timers",
            except: Some(ConnectionId(Uuid::now_v7())),
            rooms: vec![("timers", "ada"), ("events", "größe")],
            payload: b"hi",
        };
        let written = Frame::of(message).write();
        let read = Frame::read(&written).unwrap();
        assert_eq!(read.write(), written);
        for length in 0..written.len() - 2 {
            assert_eq!(Frame::read(&written[..length]), None);
        }
        for body in [Body::Evict("ada"), Body::Presence(b"{}"), Body::Topic(b"")] {
            let written = Frame::of(body).write();
            assert_eq!(Frame::read(&written).unwrap().write(), written);
        }
        assert_eq!(Frame::read(b""), None);
        assert_eq!(Frame::read(b"\x09"), None);
    }
}
