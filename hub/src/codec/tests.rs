//! The codec alone; the client's side is written by hand.

mod corpus;
mod frames;
mod messages;
mod pieces;

use super::*;
use bytes::BytesMut;

const LIMIT: usize = 1_000;

/// A client's frame: its first byte, and the payload under a mask that depends on the length.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let key = [0x37, 0xfa, 0x21, payload.len() as u8];
    let mut frame = vec![first];
    match payload.len() {
        short @ ..=125 => frame.push(0x80 | short as u8),
        medium @ ..=0xffff => {
            frame.push(0x80 | 126);
            frame.extend((medium as u16).to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    frame.extend(key);
    frame.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// Decodes pieces with a new decoder; returns the events, and the fault that ended them, if any.
fn decode_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Event>, Option<Fault>) {
    let mut decoder = Decoder::new(LIMIT, true);
    let (mut input, mut events) = (BytesMut::new(), Vec::new());
    for piece in pieces {
        input.extend_from_slice(piece);
        loop {
            match decoder.decode(&mut input) {
                Ok(Some(event)) => events.push(event),
                Ok(None) => break,
                Err(fault) => return (events, Some(fault)),
            }
        }
    }
    (events, None)
}

fn decode(input: &[u8]) -> (Vec<Event>, Option<Fault>) {
    decode_pieces([input])
}

/// The close code of the fault in these frames; 0 if there is none.
fn fault(frames: &[(u8, &[u8])]) -> u16 {
    let bytes: Vec<u8> = frames
        .iter()
        .flat_map(|(first, payload)| frame(*first, payload))
        .collect();
    decode(&bytes).1.map_or(0, Fault::code)
}

fn text(text: &str) -> Event {
    Event::Text(text.to_owned())
}
