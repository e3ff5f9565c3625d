//! Escapes fields in the text log, so that they can neither forge a line nor control the terminal.
//!
//! A field may contain external input, such as a user's id or an issuer's answer. In the JSON format it is a JSON
//! string, in which control characters are escaped anyway.

use std::fmt::{self, Write};
use tracing::field::Field;
use tracing_subscriber::{
    field::MakeExt,
    fmt::{FormatFields, format},
};

/// Writes fields as `message name=value …`.
pub(super) fn escaped() -> impl for<'writer> FormatFields<'writer> + Send + Sync + 'static {
    format::debug_fn(|writer, field, value| write_field(writer, field, value)).delimited(" ")
}

fn write_field(writer: &mut format::Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    match field.name() {
        // Fields that the `log` crate adds about the origin, which is already in the line.
        name if name.starts_with("log.") => return Ok(()),
        "message" => {}
        name => write!(writer, "{}=", name.trim_start_matches("r#"))?,
    }
    write!(Escaping(writer), "{value:?}")
}

/// Escapes invisible characters: controls, line and paragraph separators, and characters that change the direction of
/// the surrounding text.
struct Escaping<'a, W>(&'a mut W);

impl<W: Write> Write for Escaping<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|char| match char {
            '\n' => self.0.write_str("\\n"),
            '\r' => self.0.write_str("\\r"),
            '\t' => self.0.write_str("\\t"),
            _ if is_invisible(char) => write!(self.0, "\\u{{{:x}}}", u32::from(char)),
            _ => self.0.write_char(char),
        })
    }
}

fn is_invisible(char: char) -> bool {
    let turns = matches!(char, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    char.is_control() || turns || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io,
        sync::{Arc, Mutex},
    };
    use tracing_subscriber::fmt::MakeWriter;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Log {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn logged(log: impl FnOnce()) -> String {
        let written = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(escaped())
            .with_ansi(false)
            .with_writer(written.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        String::from_utf8(written.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn control_characters_in_fields_are_escaped() {
        let hostile = "x\n2026-01-01 ERROR server: forged\r\u{1b}[2J\u{9b}31m\u{85}\u{2028}\u{202e}\0";
        let lines = logged(|| {
            let span = tracing::info_span!("request", path = %hostile);
            let _guard = span.enter();
            tracing::info!(user = %hostile, quoted = hostile, "message {hostile}");
        });
        assert_eq!(lines.lines().count(), 1, "{lines}");
        let line = lines.strip_suffix('\n').unwrap();
        assert!(!line.chars().any(is_invisible), "{line}");
        assert!(
            line.contains(r"user=x\n2026-01-01 ERROR server: forged\r\u{1b}[2J\u{9b}31m"),
            "{line}"
        );
    }

    #[test]
    fn plain_fields_are_written_unchanged() {
        let line = logged(|| tracing::info!(user = %"ada|1", count = 2, "signed in"));
        assert!(line.ends_with("signed in user=ada|1 count=2\n"), "{line}");
    }
}
