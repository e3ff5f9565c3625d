//! What holds for every text, shared by the fuzz targets and by the test that replays their corpus
//! (`protocol/tests/corpus.rs`).

#![allow(dead_code, reason = "each of its users wants one or both")]

use protocol::{
    socket::{Dialect, Rendering},
    time::{TimeStyle, Zone},
    timers::{Body, ClientMessage, ServerMessage, TimerView},
};

/// An error repeats its cause only in part: this many bytes are enough for any of them.
const ERROR_BYTES: usize = 1_024;

/// What is read is written and read again as the same; what is refused is refused in few words, and by its `id`.
pub fn client_message(text: &str) {
    match ClientMessage::parse(text) {
        Ok(message) => {
            let again = ClientMessage::parse(&message.to_json());
            assert_eq!(again.as_ref(), Ok(&message), "{}", message.to_json());
            let id_chars = message.id.as_ref().map_or(1, |id| id.chars().count());
            assert!((1..=64).contains(&id_chars), "an id of {id_chars} characters");
        }
        Err(rejection) => {
            let bytes = rejection.error.message.len();
            assert!(bytes <= ERROR_BYTES, "an error of {bytes} bytes");
        }
    }
}

/// What is read can be written for any connection; written for our own client, it is read again as the same, and each
/// timer in it has a history that a timer can have.
pub fn server_message(text: &str) {
    let Ok(message) = ServerMessage::parse(text) else {
        return;
    };
    let plain = message.render(&Rendering::default());
    match ServerMessage::parse(&plain) {
        Ok(again) => assert_eq!(again, message, "{plain}"),
        Err(error) => panic!("{error}: {plain}"),
    }
    let zone: Option<Zone> = "+05:45".parse().ok();
    let _ = message.render(&Rendering {
        dialect: Dialect::Camel,
        zone: zone.clone(),
    });
    let timers = match message.body {
        Body::Timer { timer, .. } => vec![*timer],
        Body::Sync { timers, .. } => timers,
        _ => Vec::new(),
    };
    for timer in timers {
        let view = TimerView::new(&timer, false, message.timestamp, TimeStyle::WebSocket, zone.as_ref());
        assert_eq!(view.into_timer().as_ref(), Ok(&timer));
        let _ = TimerView::new(&timer, false, message.timestamp, TimeStyle::Rest, None);
    }
}
