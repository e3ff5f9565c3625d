//! Incremental UTF-8 validation.

use super::Fault;

pub(super) const INVALID: Fault = Fault::InvalidData("the text is not UTF-8");

/// Whether `text` can be the start of valid UTF-8. The first `checked` bytes are known to be valid; `checked` is
/// advanced to the end of `text`, or to the start of a character that is incomplete there.
pub(super) fn check(text: &[u8], checked: &mut usize) -> Result<(), Fault> {
    match std::str::from_utf8(&text[*checked..]) {
        Ok(_) => *checked = text.len(),
        Err(error) if error.error_len().is_none() => *checked += error.valid_up_to(),
        Err(_) => return Err(INVALID),
    }
    Ok(())
}
