//! What is folded on this device: in a cookie, so that the server leaves out what is not shown.

/// The cookie's name.
pub const FOLDS_COOKIE: &str = "lockstep_folded";
/// The maximum number of folds; a browser limits a cookie to 4,096 bytes (RFC 6265, 6.1).
const MOST: usize = 400;
/// The hexadecimal digits of a key.
const DIGITS: usize = 8;

/// The keys in the cookie's value.
pub fn folds_of(value: &str) -> Vec<u32> {
    let bytes = value.as_bytes().chunks_exact(DIGITS).take(MOST);
    let key = |digits: &[u8]| u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok();
    bytes.filter_map(key).collect()
}

/// Folds what is unfolded, and the reverse. Beyond the maximum the oldest are unfolded.
pub fn toggle(folds: &mut Vec<u32>, key: u32) {
    match folds.iter().position(|known| *known == key) {
        Some(place) => drop(folds.remove(place)),
        None => {
            folds.push(key);
            let excess = folds.len().saturating_sub(MOST);
            folds.drain(..excess);
        }
    }
}

/// Stores them on this device, for the page and its data alone.
#[cfg(feature = "hydrate")]
pub fn store(folds: &[u32]) {
    use std::fmt::Write;
    use wasm_bindgen::JsCast;
    let mut value = String::new();
    for key in folds {
        // Writing to a string cannot fail.
        let _ = write!(value, "{key:08x}");
    }
    let document = leptos::prelude::document().dyn_into::<web_sys::HtmlDocument>();
    if let Ok(document) = document {
        for path in ["/todos", "/api/page/todos"] {
            let cookie = format!("{FOLDS_COOKIE}={value}; path={path}; max-age=31536000; samesite=lax");
            let _ = document.set_cookie(&cookie);
        }
    }
}

#[cfg(not(feature = "hydrate"))]
pub fn store(_: &[u32]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_as_far_as_it_is_one() {
        assert_eq!(folds_of("0000000aFFFFFFFF"), [10, u32::MAX]);
        assert!(folds_of("0000000").is_empty());
        assert_eq!(folds_of("zzzzzzzz00000001é"), [1]);
        assert_eq!(folds_of(&"00000001".repeat(1_000)).len(), MOST);
    }

    #[test]
    fn the_oldest_folds_give_way() {
        let mut folds: Vec<u32> = (0..MOST as u32).collect();
        toggle(&mut folds, 7_777);
        assert_eq!((folds.len(), folds[0], folds[MOST - 1]), (MOST, 1, 7_777));
        toggle(&mut folds, 7_777);
        assert!(!folds.contains(&7_777));
    }
}
