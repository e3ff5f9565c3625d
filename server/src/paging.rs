//! Lists in pages, by keyset: a page goes on after the sort key of the last item of the page before, so that entries
//! which come or go meanwhile neither repeat others nor hide them. A page is bounded by items and by bytes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::limits;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The most bytes of one page of a list. A larger page ends earlier; only a single item may be larger.
pub const PAGE_BYTES: usize = 2 * 1024 * 1024;

/// An item of a list.
pub trait Listed {
    /// What the list is sorted by, unique within the list.
    type Key: Serialize + DeserializeOwned;

    /// Its place in the list.
    fn key(&self) -> Self::Key;

    /// About how many bytes it takes in memory and on the wire.
    fn weigh(&self) -> usize;
}

/// Which page of a list is wanted.
#[derive(Clone, Debug)]
pub struct PageRequest<K> {
    /// The page begins after this key; `None`: at the start of the list.
    pub after: Option<K>,
    /// The most items, 1 to [`limits::PAGE_ITEMS`].
    pub limit: usize,
    /// The most bytes, unless the first item alone is larger.
    pub bytes: usize,
}

impl<K> Default for PageRequest<K> {
    fn default() -> Self {
        Self {
            after: None,
            limit: limits::PAGE_ITEMS,
            bytes: PAGE_BYTES,
        }
    }
}

impl<K> PageRequest<K> {
    /// The room of an empty page.
    pub fn room(&self) -> Room {
        Room {
            items: self.limit,
            bytes: self.bytes,
            is_empty: true,
            is_full: false,
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// Its items, in the order of the list.
    pub items: Vec<T>,
    /// Whether the list goes on after them.
    pub has_more: bool,
}

impl<T: Listed> Page<T> {
    /// Where the next page begins; `None` where this is the last one.
    pub fn cursor(&self) -> Option<String> {
        let last = self.items.last().filter(|_| self.has_more)?;
        Some(encode_cursor(&last.key()))
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            has_more: false,
        }
    }
}

/// What is left of a page while it is filled.
#[derive(Clone, Debug)]
pub struct Room {
    items: usize,
    bytes: usize,
    is_empty: bool,
    is_full: bool,
}

impl Room {
    /// Takes the place of an item. Returns whether it fits; the first one always does, so that every page goes on.
    pub fn take(&mut self, bytes: usize) -> bool {
        let fits = !self.is_full && self.items > 0 && (self.is_empty || bytes <= self.bytes);
        if fits {
            self.items -= 1;
            self.bytes = self.bytes.saturating_sub(bytes);
            self.is_empty = false;
        } else {
            self.is_full = true;
        }
        fits
    }

    /// Whether an item did not fit: the list goes on.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// The `LIMIT` of a statement: one row more than fits says that the list goes on.
    pub fn rows(&self) -> i64 {
        i64::try_from(self.items + 1).unwrap_or(i64::MAX)
    }
}

/// A key as an opaque text: base64url of its JSON. It is not signed, since it gives access to nothing: a page holds only
/// what its reader may read, whatever key it begins after.
pub fn encode_cursor<K: Serialize>(key: &K) -> String {
    // Numbers, texts and lists of them: nothing here can fail to be written.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// The key of a cursor; `None` where it is malformed.
pub fn decode_cursor<K: DeserializeOwned>(cursor: &str) -> Option<K> {
    let json: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    if has_nul(&json) {
        return None;
    }
    serde_json::from_value(json).ok()
}

/// PostgreSQL takes no text with the character U+0000, not even to compare with.
fn has_nul(json: &Value) -> bool {
    match json {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.values().any(has_nul),
        _ => false,
    }
}
