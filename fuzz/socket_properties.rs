//! Properties of every input of the WebSocket codec, shared by the fuzz targets and the test that replays their corpus
//! (`hub/src/codec/tests/corpus.rs`). The including module must have `codec` as a sibling.

#![allow(dead_code, reason = "each user needs one or both")]

use super::codec::{Decoder, Encoding, Event, Fault, Inflated, Opcode, encode, inflate};
use bytes::BytesMut;

/// Maximum message size in bytes.
const LIMIT: usize = 4_096;
/// A decoder leaves fewer bytes in its input: at most an incomplete header or control frame.
const MAX_LEFT_BYTES: usize = 14 + 125;
/// Initial capacity of a buffer, which doubles as it grows, so it holds at most twice its contents.
const PIECE_BYTES: usize = 1_024;

/// The result of decoding: the events, the fault that ended it, if any, and whether a message is incomplete.
type Decoded = (Vec<Event>, Option<Fault>, bool);

/// The first byte says whether messages may be compressed, the second is the seed for splitting the rest. Any split
/// decodes to the same result, and no more is buffered than the maximum message size.
pub fn decoder(data: &[u8]) {
    let Some((&[deflate, seed], input)) = data.split_first_chunk() else {
        return;
    };
    let deflate = deflate & 1 == 1;
    let whole = decode(deflate, [input]);
    assert_eq!(decode(deflate, input.chunks(1)), whole, "byte by byte");
    assert_eq!(decode(deflate, pieces(input, seed)), whole, "split by {seed}");
}

/// Inflated data stays within the limit, also if it just reaches it; deflated data round-trips.
pub fn inflater(data: &[u8]) {
    let inflated = inflate(data, LIMIT);
    if let Inflated::Whole(out) = &inflated {
        assert!(out.len() <= LIMIT);
        assert_bounded(out.capacity());
        assert_eq!(inflate(data, out.len()), inflated);
        if let Some(less) = out.len().checked_sub(1) {
            assert_eq!(inflate(data, less), Inflated::TooBig);
        }
    }
    assert_eq!(
        inflate(data, LIMIT),
        inflated,
        "a message left state in the thread's decompressor"
    );

    let window_bits = 9 + data.first().map_or(0, |first| first % 7);
    let frame = encode(
        Opcode::Binary,
        data,
        Encoding::Deflate {
            window_bits,
            threshold: 0,
        },
    );
    let compressed = frame.bytes()[0] & 0b0100_0000 != 0;
    if compressed {
        assert!(frame.payload().len() < data.len());
        assert_eq!(inflate(&frame.payload(), data.len()), Inflated::Whole(data.to_vec()));
    } else {
        assert_eq!(frame.payload(), data);
    }
}

fn decode<'a>(deflate: bool, pieces: impl IntoIterator<Item = &'a [u8]>) -> Decoded {
    let mut decoder = Decoder::new(LIMIT, deflate);
    let (mut input, mut events) = (BytesMut::new(), Vec::new());
    for piece in pieces {
        input.extend_from_slice(piece);
        loop {
            match decoder.decode(&mut input) {
                Ok(Some(event)) => {
                    assert_event_bounded(&event);
                    events.push(event);
                }
                Ok(None) => break,
                Err(fault) => {
                    assert!(fault.reason().len() <= 123);
                    return (events, Some(fault), false);
                }
            }
        }
        assert!(input.len() < MAX_LEFT_BYTES, "{} bytes are left", input.len());
    }
    (events, None, decoder.is_within_message())
}

fn assert_event_bounded(event: &Event) {
    let (length, capacity) = match event {
        Event::Text(text) => (text.len(), text.capacity()),
        Event::Binary(bytes) => (bytes.len(), bytes.capacity()),
        Event::Ping(payload) => {
            assert!(payload.len() <= 125);
            return;
        }
        Event::Pong | Event::Close(_) => return,
    };
    assert!(length <= LIMIT, "a message of {length} bytes");
    assert_bounded(capacity);
}

fn assert_bounded(capacity: usize) {
    assert!(capacity <= 2 * LIMIT + PIECE_BYTES, "a message keeps {capacity} bytes");
}

/// Splits into pieces of 0 to 31 bytes by a linear congruential generator; some are empty.
fn pieces(mut input: &[u8], seed: u8) -> Vec<&[u8]> {
    let mut state = u32::from(seed);
    let mut pieces = Vec::new();
    while !input.is_empty() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (piece, rest) = input.split_at(input.len().min((state >> 27) as usize));
        pieces.push(piece);
        input = rest;
    }
    pieces
}
