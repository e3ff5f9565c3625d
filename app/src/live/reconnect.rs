//! When to connect again: a pure function of the last connection's end (contract, WebSocket "Handshake").

use protocol::socket::CloseCode;

/// The maximum wait.
const CAP_MILLIS: f64 = 30_000.0;
/// The upper bound of the first wait; it doubles with each attempt.
const BASE_MILLIS: f64 = 1_000.0;
/// Spreads clients that the server sends away at the same time.
const JITTER_MILLIS: f64 = 400.0;
/// The minimum wait, so that a series of refusals is not a busy loop.
const FLOOR_MILLIS: f64 = 50.0;

/// What to do after a connection has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Connect again after so many milliseconds.
    Wait(u32),
    /// The token was refused: get a new one after so many milliseconds, then connect.
    RenewToken(u32),
    /// The server does not support this page's version: reload it.
    Reload,
}

/// Decides after a close with `code`, `attempt` counting the connections before this one that did not hold (for 1008:
/// the tokens in a row that were refused), and `random` from 0 to 1.
///
/// The waits use "full jitter": uniform between zero and a bound that doubles, so that many clients do not return in
/// waves.
pub fn after_close(code: u16, attempt: u32, random: f64) -> Decision {
    let known = |close: CloseCode| close.code() == code;
    let backoff = || Decision::Wait(backoff_millis(attempt, random));
    match code {
        _ if known(CloseCode::Policy) && attempt == 0 => Decision::RenewToken(0),
        _ if known(CloseCode::Policy) => Decision::RenewToken(backoff_millis(attempt, random)),
        _ if [
            CloseCode::Protocol,
            CloseCode::Unsupported,
            CloseCode::InvalidData,
            CloseCode::TooBig,
        ]
        .into_iter()
        .any(known) =>
        {
            Decision::Reload
        }
        // At once the first time only: a server that keeps closing connections must not be flooded.
        _ if attempt == 0
            && [CloseCode::Normal, CloseCode::Restart, CloseCode::SlowConsumer]
                .into_iter()
                .any(known) =>
        {
            Decision::Wait(millis(JITTER_MILLIS * random))
        }
        _ => backoff(),
    }
}

/// The wait before attempt number `attempt`, from 0.
pub fn backoff_millis(attempt: u32, random: f64) -> u32 {
    let bound = (BASE_MILLIS * 2f64.powi(attempt.min(16) as i32)).min(CAP_MILLIS);
    millis(bound * random)
}

fn millis(wait: f64) -> u32 {
    wait.clamp(FLOOR_MILLIS, CAP_MILLIS) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_close_code_has_its_decision() {
        for (code, attempt, expected) in [
            (1000, 0, Decision::Wait(200)),
            (1012, 0, Decision::Wait(200)),
            (4008, 0, Decision::Wait(200)),
            (1012, 2, Decision::Wait(2_000)),
            (1008, 0, Decision::RenewToken(0)),
            (1008, 1, Decision::RenewToken(1_000)),
            (1006, 0, Decision::Wait(500)),
            (1011, 1, Decision::Wait(1_000)),
            (4029, 3, Decision::Wait(4_000)),
            (1001, 0, Decision::Wait(500)),
            (4999, 0, Decision::Wait(500)),
            (1002, 0, Decision::Reload),
            (1003, 7, Decision::Reload),
            (1007, 0, Decision::Reload),
            (1009, 0, Decision::Reload),
        ] {
            assert_eq!(after_close(code, attempt, 0.5), expected, "{code}, attempt {attempt}");
        }
    }

    #[test]
    fn the_wait_grows_up_to_the_cap_and_is_never_zero() {
        let bounds: Vec<u32> = (0..8).map(|attempt| backoff_millis(attempt, 1.0)).collect();
        assert_eq!(bounds, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        assert_eq!(backoff_millis(u32::MAX, 1.0), 30_000);
        assert_eq!(backoff_millis(5, 0.0), 50);
    }
}
