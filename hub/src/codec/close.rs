//! The payload of a Close frame (RFC 6455, 5.5.1 and 7.4).

use super::{Fault, utf8};

/// The code and the reason of a Close frame; `None` if it has neither.
pub type PeerClose = Option<(u16, String)>;

pub(super) fn parse(payload: &[u8]) -> Result<PeerClose, Fault> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return if payload.is_empty() {
            Ok(None)
        } else {
            Err(Fault::Protocol("a close code of one byte"))
        };
    };
    let code = u16::from_be_bytes(*code);
    if !is_sendable(code) {
        return Err(Fault::Protocol("a close code that must not be sent"));
    }
    let reason = std::str::from_utf8(reason).map_err(|_| utf8::INVALID)?;
    Ok(Some((code, reason.to_owned())))
}

/// Codes of the RFC and IANA's registry that may be sent, and the ranges for libraries and applications.
pub fn is_sendable(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
