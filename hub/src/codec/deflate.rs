//! Compression of single messages (RFC 7692, 7.2), with no context kept from one to the next. So states are needed only
//! while a message is at hand, and a thread has one of each for all its connections.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::cell::RefCell;

/// What a flush ends with: left out on the wire (7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
/// A last block that is empty: read as that only where no block is under way.
const END: [u8; 5] = [0x01, 0x00, 0x00, 0xff, 0xff];
/// The first piece that is inflated; the next are as large as what is there.
const PIECE_BYTES: usize = 1024;
/// A buffer is not kept beyond this.
const KEPT_BYTES: usize = 64 * 1024;

thread_local! {
    static INFLATE: RefCell<Decompress> = RefCell::new(Decompress::new(false));
    static DEFLATE: RefCell<Deflaters> = RefCell::default();
}

/// States by window bits, and where they write.
#[derive(Default)]
struct Deflaters {
    states: Vec<(u8, Compress)>,
    out: Vec<u8>,
}

/// What became of a compressed message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inflated {
    /// All of it.
    Whole(Vec<u8>),
    /// It is larger than it may be.
    TooBig,
    /// It is no such data.
    Broken,
}

/// The most that a message of `limit` bytes may take when a client's compression makes it longer.
pub(super) fn bound(limit: usize) -> usize {
    limit.saturating_add(limit / 64).saturating_add(256)
}

/// Inflates a message to at most `limit` bytes; no more memory than that is taken.
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
    // By a last block, without the byte after it that 7.2.3.4 asks for: then no tail belongs to it.
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

/// Inflates some more; whether the stream ended with it.
fn feed(state: &mut Decompress, mut input: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<bool, Inflated> {
    loop {
        if out.len() == out.capacity() {
            // One byte over the limit shows that there is more.
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

/// Whether all that was begun has ended: what was cut short must not pass for a shorter message. Ends the stream.
fn is_between_blocks(state: &mut Decompress) -> bool {
    let before = (state.total_in(), state.total_out());
    let status = state.decompress(&END, &mut [0; 1], FlushDecompress::Sync);
    let taken = (state.total_in() - before.0) as usize;
    matches!(status, Ok(Status::StreamEnd)) && taken == END.len() && state.total_out() == before.1
}

/// Hands what a message is deflated to, with a window of 2^`window_bits` bytes (9 to 15), to `then`; `None` where that
/// is no shorter.
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
        // With no room left it is not known to be all, but known to be no shorter.
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
