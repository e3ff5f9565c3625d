//! Close codes and reasons (RFC 6455, 5.5.1 and 7.4).

use crate::codec::is_sendable;
use std::borrow::Cow;

/// Maximum of bytes in a reason: a control frame's 125, without the code (RFC 6455, 5.5).
const REASON_BYTES: usize = 123;

/// A close code that may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CloseCode(u16);

/// The close code must not be sent in a Close frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a close code that may be sent: 1000-1003, 1007-1014 or 3000-4999")]
pub struct InvalidCloseCode(pub u16);

impl CloseCode {
    /// 1000: the purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// 1001: the endpoint goes away.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002: the peer broke the protocol.
    pub const PROTOCOL: Self = Self(1002);
    /// 1003: a type of message that is not supported.
    pub const UNSUPPORTED: Self = Self(1003);
    /// 1007: an invalid payload, such as text that is not UTF-8.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// 1008: the peer violates a policy.
    pub const POLICY: Self = Self(1008);
    /// 1009: a message is too big.
    pub const TOO_BIG: Self = Self(1009);
    /// 1011: the server failed.
    pub const INTERNAL: Self = Self(1011);
    /// 1012: the server restarts; the client should connect again.
    pub const RESTART: Self = Self(1012);
    /// 4008: the connection missed messages, since its outbox was full or the bus lost some; the client should reconnect
    /// and recover.
    pub const SLOW_CONSUMER: Self = Self(4008);

    /// A code of the application, 4000 to 4999.
    ///
    /// # Panics
    /// For any other number; in a constant, this is a compile error. See [`TryFrom`] for codes that are known at run time
    /// only.
    pub const fn application(code: u16) -> Self {
        assert!(
            4000 <= code && code <= 4999,
            "an application's close code is 4000 to 4999"
        );
        Self(code)
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for CloseCode {
    type Error = InvalidCloseCode;

    fn try_from(code: u16) -> Result<Self, InvalidCloseCode> {
        is_sendable(code).then_some(Self(code)).ok_or(InvalidCloseCode(code))
    }
}

/// The code and the reason that a connection is closed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseFrame {
    /// The code.
    pub code: CloseCode,
    /// A text for people, at most 123 bytes.
    pub reason: Cow<'static, str>,
}

impl CloseFrame {
    /// A code and a reason. A reason of more than 123 bytes is truncated at a character boundary.
    pub fn new(code: CloseCode, reason: impl Into<Cow<'static, str>>) -> Self {
        let mut reason = reason.into();
        if reason.len() > REASON_BYTES {
            let end = reason.floor_char_boundary(REASON_BYTES);
            reason = Cow::Owned(reason[..end].to_owned());
        }
        Self { code, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_must_not_be_sent_are_refused() {
        for code in [0, 999, 1004, 1005, 1006, 1015, 2999, 5000] {
            assert_eq!(CloseCode::try_from(code), Err(InvalidCloseCode(code)));
        }
        for code in [1000, 1012, 3000, 4000, 4999] {
            assert_eq!(CloseCode::try_from(code).map(CloseCode::get), Ok(code));
        }
    }

    #[test]
    fn long_reason_is_cut_between_characters() {
        let reason = CloseFrame::new(CloseCode::NORMAL, "ü".repeat(100)).reason;
        assert_eq!(reason, "ü".repeat(61));
    }
}
