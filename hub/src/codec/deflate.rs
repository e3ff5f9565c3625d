//! Compression of single messages (RFC 7692, 7.2) without context takeover. A compression state is needed only during a
//! message, so each thread has one for all its connections.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::cell::RefCell;

/// The end of a flush, which is omitted on the wire (7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
/// An empty last block, if no other block is incomplete.
const END: [u8; 5] = [0x01, 0x00, 0x00, 0xff, 0xff];
/// The size of the first inflated piece; each further one is as large as all before.
const PIECE_BYTES: usize = 1024;
/// Larger buffers are not kept.
const KEPT_BYTES: usize = 64 * 1024;

thread_local! {
    static INFLATE: RefCell<Decompress> = RefCell::new(Decompress::new(false));
    static DEFLATE: RefCell<Deflaters> = RefCell::default();
}

/// Compression states by window bits, and their output buffer.
#[derive(Default)]
struct Deflaters {
    states: Vec<(u8, Compress)>,
    out: Vec<u8>,
}

/// The result of inflating a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inflated {
    /// The complete message.
    Whole(Vec<u8>),
    /// The message is larger than the limit.
    TooBig,
    /// The data is invalid.
    Broken,
}

/// Maximum size of a compressed message of `limit` bytes, if the client's compression makes it longer.
pub(super) fn bound(limit: usize) -> usize {
    limit.saturating_add(limit / 64).saturating_add(256)
}

/// Inflates a message to at most `limit` bytes, with no more memory than that.
pub fn inflate(data: &[u8], limit: usize) -> Inflated {
    INFLATE.with_borrow_mut(|state| {
        state.reset(false);
        let mut out = Vec::new();
        match inflate_into(state, data, limit, &mut out) {
            Err(what) => what,
            Ok(()) if out.len() > limit => Inflated::TooBig,
            Ok(()) => Inflated::Whole(out),
        }
    })
}

fn inflate_into(state: &mut Decompress, data: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<(), Inflated> {
    // Ended by a last block without the byte that 7.2.3.4 requires after it: then the tail does not belong to it.
    let has_ended = feed(state, data, limit, out)?;
    if has_ended {
        return Ok(());
    }
    feed(state, &TAIL, limit, out)?;
    if is_between_blocks(state) {
        Ok(())
    } else {
        Err(Inflated::Broken)
    }
}

/// Inflates a piece. Returns whether the stream ended.
fn feed(state: &mut Decompress, mut input: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<bool, Inflated> {
    loop {
        if out.len() == out.capacity() {
            // One byte over the limit shows that the message is longer.
            let room = (limit + 1).saturating_sub(out.len());
            if room == 0 {
                return Err(Inflated::TooBig);
            }
            out.reserve_exact(room.min(out.len().max(PIECE_BYTES)));
        }
        let (before, length) = (state.total_in(), out.len());
        let status = state.decompress_vec(input, out, FlushDecompress::Sync);
        let status = status.map_err(|_| Inflated::Broken)?;
        let taken = (state.total_in() - before) as usize;
        input = &input[taken..];
        if status == Status::StreamEnd {
            // A last block ends the stream, not the message (7.2.3.4).
            state.reset(false);
            if input.is_empty() {
                return Ok(true);
            }
        } else if out.len() < out.capacity() {
            if input.is_empty() {
                return Ok(false);
            }
            if taken == 0 && out.len() == length {
                return Err(Inflated::Broken);
            }
        }
    }
}

/// Whether all blocks are complete: a truncated stream must not pass for a shorter message. Ends the stream.
fn is_between_blocks(state: &mut Decompress) -> bool {
    let before = (state.total_in(), state.total_out());
    let status = state.decompress(&END, &mut [0; 1], FlushDecompress::Sync);
    let taken = (state.total_in() - before.0) as usize;
    matches!(status, Ok(Status::StreamEnd)) && taken == END.len() && state.total_out() == before.1
}

/// Deflates a message with a window of 2^`window_bits` bytes (9 to 15) and passes the result to `then`; `None` if it is
/// not shorter than the message.
pub(super) fn deflate<T>(data: &[u8], window_bits: u8, then: impl FnOnce(&[u8]) -> T) -> Option<T> {
    DEFLATE.with_borrow_mut(|Deflaters { states, out }| {
        let index = states
            .iter()
            .position(|(bits, _)| *bits == window_bits)
            .unwrap_or_else(|| {
                let state = Compress::new_with_window_bits(Compression::default(), false, window_bits);
                states.push((window_bits, state));
                states.len() - 1
            });
        let state = &mut states[index].1;
        state.reset();
        out.clear();
        out.reserve(data.len() + TAIL.len() + 2);
        let written = state.compress_vec(data, out, FlushCompress::Sync);
        // The output is full, so the result is not shorter, complete or not.
        let all = written.is_ok() && state.total_in() == data.len() as u64 && out.len() < out.capacity();
        let deflated = out
            .strip_suffix(&TAIL)
            .filter(|deflated| all && deflated.len() < data.len());
        let result = deflated.map(then);
        out.truncate(0);
        out.shrink_to(KEPT_BYTES);
        result
    })
}
