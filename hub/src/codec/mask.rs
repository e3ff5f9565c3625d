//! A client's masking of payloads (RFC 6455, 5.3).

/// The key, and the position in it: a payload is unmasked piece by piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask(u32);

impl Mask {
    pub fn new(key: [u8; 4]) -> Self {
        Self(u32::from_le_bytes(key))
    }

    /// Unmasks the next piece, eight bytes at a time.
    pub fn apply(&mut self, piece: &mut [u8]) {
        let wide = u64::from(self.0) << 32 | u64::from(self.0);
        let (words, rest) = piece.as_chunks_mut::<8>();
        for word in words {
            *word = (u64::from_le_bytes(*word) ^ wide).to_le_bytes();
        }
        for (byte, key) in rest.iter_mut().zip(wide.to_le_bytes()) {
            *byte ^= key;
        }
        // A piece that ends within the key rotates it.
        self.0 = self.0.rotate_right(8 * (rest.len() as u32 % 4));
    }
}
