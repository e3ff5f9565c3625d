//! The document's title.

#[cfg(feature = "hydrate")]
use leptos::prelude::*;
use leptos::text_prop::TextProp;
#[cfg(not(feature = "hydrate"))]
use leptos::{prelude::*, reactive::graph::untrack};

/// Sets the document's title to a text, which may contain anything that a user typed. In the browser the title follows
/// the text.
///
/// The only use of `leptos_meta`, which writes its text into the HTML unescaped: a title with `</title>` would become
/// markup. `clippy.toml` forbids it everywhere else, and the WebAssembly does not contain it.
pub fn set_page_title(text: impl Into<TextProp>) {
    let text = text.into();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| document().set_title(&text.get()));
    #[cfg(not(feature = "hydrate"))]
    {
        // Read now: the server writes the head after the body, when the page's signals may have been disposed of.
        let text = escape(&untrack(|| text.get()));
        #[expect(clippy::disallowed_methods, reason = "its text is escaped here")]
        let _ = view! { <leptos_meta::Title text /> };
    }
}

/// The text as the content of an RCDATA element, in which nothing but a character reference or the element's end tag is
/// markup (HTML, 13.1.2.3 and 13.2.5.2).
#[cfg(not(feature = "hydrate"))]
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(all(test, not(feature = "hydrate")))]
mod tests {
    use super::*;
    use std::{fs, path::PathBuf};

    #[test]
    fn text_cannot_end_the_title_or_become_a_character_reference() {
        assert_eq!(escape("</title><b>&lt;"), "&lt;/title>&lt;b>&amp;lt;");
        assert_eq!(escape("10:00 · \"Tea\" > coffee"), "10:00 · \"Tea\" > coffee");
    }

    /// Complements the lint of `clippy.toml`, which does not see attributes of a view or code that is not compiled.
    #[test]
    fn no_other_source_file_writes_raw_markup() {
        let allowed = [
            // It writes attributes only, and escapes them.
            "use leptos_meta::{MetaTags, provide_meta_context};",
        ];
        let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("page_title.rs") {
                    files += 1;
                    let source = fs::read_to_string(&path).unwrap();
                    let raw = |line: &&str| {
                        line.contains("inner_html") || (line.contains("leptos_meta") && !allowed.contains(&line.trim()))
                    };
                    assert_eq!(source.lines().find(raw), None, "{}", path.display());
                }
            }
        }
        assert!(files > 50, "all of app/src is read: {files} files");
    }
}
