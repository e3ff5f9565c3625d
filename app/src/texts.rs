//! The pages' texts in all languages.
//!
//! A table has the texts of one part of the pages; each language is one file with a constant for each table, so that a
//! missing text does not compile. A page's own table is a type of its own: so its texts are in the page's chunk of the
//! WebAssembly. Text that depends on a number is a function.

mod en;
mod ko;
mod tables;

pub use self::tables::*;
use crate::locale::Locale;
use protocol::language::Language;

/// A text that never changes.
pub type Text = &'static str;

/// Texts that exist in every language.
pub trait Table: 'static {
    /// The texts in a language.
    fn of(language: Language) -> &'static Self;
}

/// The texts in the page's language. To be called while a view is built: event handlers and tasks have no contexts.
pub fn texts<T: Table>() -> &'static T {
    Locale::current().texts()
}

macro_rules! tables {
    ($($table:ident: $constant:ident,)*) => {$(
        impl Table for $table {
            fn of(language: Language) -> &'static Self {
                match language {
                    Language::English => &en::$constant,
                    Language::Korean => &ko::$constant,
                }
            }
        }
    )*};
}

tables! {
    CommonTexts: COMMON,
    LayoutTexts: LAYOUT,
    NoticeTexts: NOTICES,
    TimersTexts: TIMERS,
    TimerPageTexts: TIMER_PAGE,
    HistoryTexts: HISTORY,
    SettingsTexts: SETTINGS,
    TodosTexts: TODOS,
    TagsTexts: TAGS,
    FriendsTexts: FRIENDS,
    NotificationsTexts: NOTIFICATIONS,
    SharedTexts: SHARED,
    CalendarTexts: CALENDAR,
}
#[cfg(feature = "ssr")]
tables! {
    AuthTexts: AUTH,
    FailureTexts: FAILURES,
}

#[cfg(test)]
mod tests {
    /// Every literal of the Korean file has Korean letters, unless it has no words at all.
    #[test]
    fn korean_texts_are_korean() {
        let source = include_str!("texts/ko.rs");
        let names = ["Lockstep", "JavaScript", "Ctrl-K"];
        let mut count = 0;
        for line in source.lines().filter(|line| !line.trim_start().starts_with(['/', '#'])) {
            for text in line.split('"').skip(1).step_by(2) {
                let rest = names.iter().fold(text.to_owned(), |text, name| text.replace(name, ""));
                // Without what is filled in.
                let written = rest.split('{').map(|part| part.rsplit('}').next().unwrap_or_default());
                let written: String = written.collect();
                let mut words = written.split(|c: char| !c.is_alphabetic());
                let foreign = words.find(|word| !word.is_empty() && word.is_ascii());
                let korean = rest.chars().any(|c| ('가'..='힣').contains(&c));
                assert!(foreign.is_none() || korean, "{text:?}");
                count += 1;
            }
        }
        assert!(count > 100, "{count} texts were read");
    }
}
