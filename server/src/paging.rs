//! Keyset pagination: a page starts after the sort key of the last item of the previous page, so that insertions and
//! deletions meanwhile neither repeat nor hide other items. A page is bounded by items and by bytes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use protocol::limits;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

/// The maximum size of a page in bytes. A larger page ends earlier; only a single item may be larger.
pub const PAGE_BYTES: usize = 2 * 1024 * 1024;

/// Related rows of a page's items are read for this many items at a time, so that a page that ends early by its bytes
/// has read little in vain.
pub const CHUNK: usize = 50;

/// An item of a list.
pub trait Listed {
    /// The sort key, unique within the list.
    type Key: Serialize + DeserializeOwned;

    fn key(&self) -> Self::Key;

    /// The approximate size in bytes, in memory and on the wire.
    fn weigh(&self) -> usize;
}

/// The size of texts as JSON in bytes, without quotes.
pub fn text_bytes<'t>(texts: impl IntoIterator<Item = &'t str>) -> usize {
    let bytes = |text: &str| {
        let escaped = text.bytes().map(|byte| match byte {
            0..0x20 => 6,
            b'"' | b'\\' => 2,
            _ => 1,
        });
        escaped.sum::<usize>()
    };
    texts.into_iter().map(bytes).sum()
}

/// The requested page of a list.
#[derive(Clone, Debug)]
pub struct PageRequest<K> {
    /// The page begins after this key; `None`: at the start of the list.
    pub after: Option<K>,
    /// The maximum number of items, 1 to [`limits::PAGE_ITEMS`].
    pub limit: usize,
    /// The maximum number of bytes, unless the first item alone is larger.
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
    /// The capacity of an empty page.
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
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Whether there are more after them.
    pub has_more: bool,
}

impl<T: Listed> Page<T> {
    /// The cursor of the next page; `None` on the last one.
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

/// The remaining capacity of a page while it is filled.
#[derive(Clone, Debug)]
pub struct Room {
    items: usize,
    bytes: usize,
    is_empty: bool,
    is_full: bool,
}

impl Room {
    /// Reserves capacity for an item. Returns whether it fits; the first one always does, so that every page makes
    /// progress.
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

    /// Whether an item did not fit, so that there is another page.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// The `LIMIT` of a statement: one row more than fits, to detect that there is another page.
    pub fn rows(&self) -> i64 {
        i64::try_from(self.items + 1).unwrap_or(i64::MAX)
    }
}

/// The key of lists sorted by a time in milliseconds, newest first, then by id, descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TimeKey(pub i64, pub Uuid);

impl TimeKey {
    /// Before the newest possible item.
    pub const START: Self = Self(i64::MAX, Uuid::max());
}

/// The key of lists sorted by name, byte by byte, then by id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameKey(pub String, pub Uuid);

impl NameKey {
    /// Before the first possible item: no item has this id.
    pub fn start() -> Self {
        Self(String::new(), Uuid::nil())
    }
}

/// The key of lists of the caller's own resources, followed by those that others share with the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScopeKey<K> {
    /// Among the caller's own resources.
    #[serde(rename = "m")]
    Mine(K),
    /// Among those of others.
    #[serde(rename = "s")]
    Shared(K),
}

impl<K> ScopeKey<K> {
    /// Where to continue in the caller's own part; `None` if that part is complete.
    pub fn mine(after: Option<&Self>) -> Option<Option<&K>> {
        match after {
            None => Some(None),
            Some(Self::Mine(key)) => Some(Some(key)),
            Some(Self::Shared(_)) => None,
        }
    }

    /// Where to continue in the shared part; `None`: at its start.
    pub fn shared(after: Option<&Self>) -> Option<&K> {
        match after {
            Some(Self::Shared(key)) => Some(key),
            _ => None,
        }
    }
}

/// Encodes a key as opaque text: base64url of its JSON. It is not signed, since it grants no access: a page contains
/// only what its reader may read, whatever key it begins after.
pub fn encode_cursor<K: Serialize>(key: &K) -> String {
    // Numbers, texts and lists of these: serialising cannot fail.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// Decodes a cursor; `None` if it is malformed.
pub fn decode_cursor<K: DeserializeOwned>(cursor: &str) -> Option<K> {
    let json: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    if has_nul(&json) {
        return None;
    }
    serde_json::from_value(json).ok()
}

/// Whether a text in it contains U+0000, which PostgreSQL does not accept even in comparisons.
fn has_nul(json: &Value) -> bool {
    match json {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.values().any(has_nul),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_decodes_to_its_key() {
        let keys = [TimeKey(-5, Uuid::nil()), TimeKey::START];
        for key in keys.map(ScopeKey::Shared) {
            let cursor = encode_cursor(&key);
            assert!(
                cursor
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
                "{cursor}"
            );
            assert_eq!(decode_cursor(&cursor), Some(key));
        }
        let key = NameKey("é\"\\u0000, ".into(), Uuid::max());
        assert_eq!(decode_cursor(&encode_cursor(&key)), Some(key));
    }

    #[test]
    fn a_malformed_cursor_is_refused() {
        let of_another_list = encode_cursor(&NameKey::start());
        let with_nul = encode_cursor(&NameKey("a\0".into(), Uuid::nil()));
        for cursor in ["", "x", "====", "bnVsbA", of_another_list.as_str()] {
            assert_eq!(decode_cursor::<TimeKey>(cursor), None, "{cursor}");
        }
        assert_eq!(decode_cursor::<NameKey>(&with_nul), None);
    }

    #[test]
    fn text_bytes_is_the_size_of_the_json() {
        let text = "aé\"\\\n\u{1}";
        let json = serde_json::to_string(text).unwrap();
        assert!((json.len() - 2..json.len() + 6).contains(&text_bytes([text])), "{json}");
    }

    #[test]
    fn a_page_is_bounded_by_items_and_bytes_but_never_empty() {
        let request = |limit, bytes| PageRequest::<TimeKey> {
            after: None,
            limit,
            bytes,
        };
        let mut room = request(2, 100).room();
        assert_eq!([1, 1, 1].map(|bytes| room.take(bytes)), [true, true, false]);
        assert!(room.is_full());
        let mut room = request(9, 100).room();
        assert_eq!(
            [500, 0, 1, 0].map(|bytes| room.take(bytes)),
            [true, true, false, false],
            "it ends where it ended before"
        );
        assert!(!request(1, 1).room().is_full());
    }
}
