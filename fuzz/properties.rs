//! Properties of every text, shared by the fuzz targets and the test that replays their corpus
//! (`protocol/tests/corpus.rs`).

#![allow(dead_code, reason = "each user needs one or both")]

use protocol::{
    socket::{Dialect, Rendering},
    time::{TimeStyle, Zone},
    timers::{Body, ClientMessage, ServerMessage, TimerView},
};

/// Maximum size of an error message, which repeats invalid input only in part.
const ERROR_BYTES: usize = 1_024;

/// A parsed message round-trips through JSON and has a valid `id`; a refused one has a short error message.
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

/// A parsed message can be rendered in any format and round-trips in the default one; its timers have possible
/// histories.
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
