//! Search for a part of a text without regard to case, with the same result on both databases and in memory. `LIKE`
//! would differ: SQLite's ignores the case of ASCII letters only, PostgreSQL's depends on the locale. So each letter with
//! two cases becomes a class of characters, such as `[éÉ]`, in a GLOB of SQLite or a regular expression of PostgreSQL.

use super::Conn;
use std::collections::BTreeSet;

/// The characters of the searched text; for each the characters that it matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPattern(Vec<BTreeSet<char>>);

impl TextPattern {
    /// The pattern of a text without the white space around it; `None` if nothing is left.
    pub fn new(text: &str) -> Option<Self> {
        let cases: Vec<_> = text.trim().chars().map(cases).collect();
        (!cases.is_empty()).then_some(Self(cases))
    }

    /// The operator of a condition `<column> <operator> <pattern>`, and the pattern.
    pub fn condition(&self, conn: &Conn) -> (&'static str, String) {
        match conn.backend_name() {
            "SQLite" => ("GLOB", format!("*{}*", self.text(glob_literal))),
            _ => ("~", self.text(regex_literal)),
        }
    }

    fn text(&self, literal: fn(char) -> String) -> String {
        let part = |cases: &BTreeSet<char>| match (cases.len(), cases.first()) {
            (1, Some(only)) => literal(*only),
            // Letters mean themselves in a class.
            _ => format!("[{}]", cases.iter().collect::<String>()),
        };
        self.0.iter().map(part).collect()
    }

    /// Whether a text contains it.
    pub fn is_in(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let matches = |window: &[char]| window.iter().zip(&self.0).all(|(char, cases)| cases.contains(char));
        chars.windows(self.0.len()).any(matches)
    }
}

/// A character in its cases, as far as each is a single character (`ß` has no single one in upper case).
fn cases(char: char) -> BTreeSet<char> {
    let single = |mut mapped: Box<dyn Iterator<Item = char>>| mapped.next().filter(|_| mapped.next().is_none());
    let upper = single(Box::new(char.to_uppercase()));
    let lower = single(Box::new(char.to_lowercase()));
    // Of the two lower cases of Σ, the one that it is mapped to.
    let common = upper.and_then(|upper| single(Box::new(upper.to_lowercase())));
    [Some(char), upper, lower, common].into_iter().flatten().collect()
}

fn glob_literal(char: char) -> String {
    match char {
        '*' | '?' | '[' => format!("[{char}]"),
        _ => char.into(),
    }
}

fn regex_literal(char: char) -> String {
    match char {
        _ if char.is_ascii_punctuation() => format!("\\{char}"),
        _ => char.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{StoreError, testing};

    const TEXTS: [&str; 12] = [
        "Write the REPORT",
        "Überblick: ÄRGER",
        "집중 작업 – 보고서",
        "План Отчёта",
        "100% *done* [x]? a\\b^c$d",
        "(a|b){2}+.",
        "aaa aab",
        "***=x",
        "line\nbreak",
        "tab_x",
        "ΣΊΣΥΦΟΣ",
        "",
    ];

    #[test]
    fn blank_texts_are_no_patterns() {
        assert_eq!(TextPattern::new(" \t\n"), None);
        assert_eq!(TextPattern::new(" a "), TextPattern::new("A"));
    }

    #[tokio::test]
    async fn both_databases_and_memory_find_the_same_texts() {
        let (store, _database) = testing::store().await;
        for (search, found) in [
            ("report", vec![0]),
            (" ÜBERBLICK", vec![1]),
            ("ärger", vec![1]),
            ("작업", vec![2]),
            ("집중 작업", vec![2]),
            ("отчёта", vec![3]),
            ("план о", vec![3]),
            ("%", vec![4]),
            ("*", vec![4, 7]),
            ("[X]?", vec![4]),
            ("A\\B^C$D", vec![4]),
            ("(A|b){2}+.", vec![5]),
            ("AAB", vec![6]),
            ("***=", vec![7]),
            ("line\nb", vec![8]),
            ("b_x", vec![9]),
            ("b-x", vec![]),
            ("σίσυ", vec![10]),
            ("]", vec![4]),
            ("작  업", vec![]),
        ] {
            let pattern = TextPattern::new(search).unwrap();
            let in_memory = (0..TEXTS.len()).filter(|place| pattern.is_in(TEXTS[*place]));
            assert_eq!(in_memory.collect::<Vec<_>>(), found, "{search:?} in memory");
            let in_database = store.read(async |conn| {
                let (operator, pattern) = pattern.condition(conn);
                let mut found = Vec::new();
                for (place, text) in TEXTS.into_iter().enumerate() {
                    let sql = format!("SELECT CASE WHEN $1 {operator} $2 THEN 1 ELSE 0 END");
                    let query = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(text).bind(&pattern);
                    let matches: i32 = query.fetch_one(&mut *conn).await?;
                    found.extend((matches == 1).then_some(place));
                }
                Ok::<_, StoreError>(found)
            });
            assert_eq!(in_database.await.unwrap(), found, "{search:?} in the database");
        }
    }
}
