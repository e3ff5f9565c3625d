//! Reads and summarises the suite's verdicts.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The suite's section numbers and headings.
const SECTIONS: [(&str, &str); 11] = [
    ("1", "Framing"),
    ("2", "Pings and pongs"),
    ("3", "Reserved bits"),
    ("4", "Opcodes"),
    ("5", "Fragmentation"),
    ("6", "UTF-8"),
    ("7", "Close handling"),
    ("9", "Limits and performance"),
    ("10", "Frames in many pieces"),
    ("12", "Compression, different payloads"),
    ("13", "Compression, different parameters"),
];

/// The number of cases with each verdict in one section.
#[derive(Default)]
struct Tally {
    ok: usize,
    non_strict: usize,
    informational: usize,
    failed: usize,
}

/// The results of a run.
pub struct Report {
    sections: BTreeMap<usize, Tally>,
    /// Cases with the verdict NON-STRICT: passed, but not in the recommended way.
    non_strict: Vec<String>,
    /// Failed cases, each with its verdict.
    failures: Vec<String>,
}

impl Report {
    /// Reads the `index.json` that the suite wrote.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("{} could not be read.", path.display()))?;
        Self::parse(&text)
    }

    fn parse(index: &str) -> Result<Self> {
        let index: Value = serde_json::from_str(index)?;
        let mut report = Self {
            sections: BTreeMap::new(),
            non_strict: Vec::new(),
            failures: Vec::new(),
        };
        let agents = index.as_object().context("The suite's index is not an object.")?;
        for (case, verdict) in agents.values().filter_map(Value::as_object).flatten() {
            report.count(case, &verdict["behavior"], &verdict["behaviorClose"])?;
        }
        ensure!(!report.sections.is_empty(), "No case was run.");
        Ok(report)
    }

    fn count(&mut self, case: &str, behavior: &Value, close: &Value) -> Result<()> {
        let section = case
            .split('.')
            .next()
            .and_then(|section| SECTIONS.iter().position(|(number, _)| *number == section))
            .with_context(|| format!("The case {case} belongs to no section."))?;
        let tally = self.sections.entry(section).or_default();
        match behavior.as_str() {
            Some("OK") => tally.ok += 1,
            Some("NON-STRICT") => {
                tally.non_strict += 1;
                self.non_strict.push(case.to_owned());
            }
            Some("INFORMATIONAL") => {
                tally.informational += 1;
                return Ok(());
            }
            // FAILED, UNIMPLEMENTED and any verdict that this code does not know.
            _ => {
                tally.failed += 1;
                self.failures.push(format!("{case}: {behavior}"));
                return Ok(());
            }
        }
        if !matches!(close.as_str(), Some("OK" | "INFORMATIONAL")) {
            self.failures.push(format!("{case}: its close handshake is {close}"));
        }
        Ok(())
    }

    /// An error that lists all failed cases, if there are any.
    pub fn verdict(&self) -> Result<()> {
        ensure!(
            self.failures.is_empty(),
            "Cases of the Autobahn|Testsuite failed (target/autobahn has a report for each):\n{}",
            self.failures.join("\n")
        );
        Ok(())
    }

    /// Sections and their verdicts as a Markdown table, aligned to be readable in a terminal as well.
    pub fn table(&self) -> String {
        let mut table = row("", "section", ["cases", "OK", "non-strict", "informational", "failed"]);
        table += "| ---: | :-------------------------------- | ----: | ---: | ---------: | ------------: | -----: |\n";
        let mut total = Tally::default();
        for (section, tally) in &self.sections {
            let (number, title) = SECTIONS[*section];
            table += &tally.row(number, title);
            total.ok += tally.ok;
            total.non_strict += tally.non_strict;
            total.informational += tally.informational;
            total.failed += tally.failed;
        }
        table + &total.row("", "all")
    }

    /// The content of `docs/autobahn.md`.
    pub fn to_markdown(&self) -> String {
        let mut page = format!(
            "# The Autobahn|Testsuite\n\n\
             Lockstep's WebSocket layer (`hub/src/socket/` and `hub/src/codec/`) against all cases of the suite that WebSocket \
             implementations\nare held against. Written by\n\n    cargo xtask autobahn\n\n{}\n\
             Informational cases have no right answer. ",
            self.table()
        );
        let list = |cases: &[String]| match cases {
            [] => "none".to_owned(),
            cases => cases.join(", "),
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            page,
            "Non-strict: {}. Failed: {}.",
            list(&self.non_strict),
            list(&self.failures)
        );
        page
    }
}

impl Tally {
    fn row(&self, number: &str, title: &str) -> String {
        let Self {
            ok,
            non_strict,
            informational,
            failed,
        } = self;
        let cases = ok + non_strict + informational + failed;
        let counts = [cases, *ok, *non_strict, *informational, *failed].map(|count| count.to_string());
        row(number, title, counts.each_ref().map(String::as_str))
    }
}

fn row(number: &str, title: &str, counts: [&str; 5]) -> String {
    let [cases, ok, non_strict, informational, failed] = counts;
    format!(
        "| {number:>4} | {title:<33} | {cases:>5} | {ok:>4} | {non_strict:>10} | {informational:>13} | {failed:>6} |\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(cases: &[(&str, &str, &str)]) -> Result<Report> {
        let cases: serde_json::Map<_, _> = cases
            .iter()
            .map(|(case, behavior, close)| {
                let verdict = serde_json::json!({"behavior": behavior, "behaviorClose": close});
                ((*case).to_owned(), verdict)
            })
            .collect();
        Report::parse(&serde_json::json!({"Lockstep": cases}).to_string())
    }

    #[test]
    fn passed_cases_are_counted_by_section_and_verdict() {
        let report = report(&[
            ("1.1.1", "OK", "OK"),
            ("6.4.1", "NON-STRICT", "OK"),
            ("7.1.6", "INFORMATIONAL", "UNCLEAN"),
            ("12.1.1", "OK", "INFORMATIONAL"),
        ])
        .unwrap();
        assert!(report.verdict().is_ok());
        let lines: Vec<_> = report.table().lines().map(str::to_owned).collect();
        assert!(lines[2].starts_with("|    1 | Framing "), "{}", lines[2]);
        assert!(lines[5].starts_with("|   12 | Compression"), "{}", lines[5]);
        assert!(
            lines[6].ends_with("|     4 |    2 |          1 |             1 |      0 |"),
            "{}",
            lines[6]
        );
        let widths: Vec<_> = lines.iter().map(String::len).collect();
        assert_eq!(widths, [widths[0]; 7]);
        assert!(report.to_markdown().contains("Non-strict: 6.4.1. Failed: none."));
    }

    #[test]
    fn failed_cases_are_named_in_the_error() {
        for (behavior, close) in [
            ("FAILED", "OK"),
            ("UNIMPLEMENTED", "OK"),
            ("OK", "WRONG CODE"),
            ("NON-STRICT", "UNCLEAN"),
        ] {
            let report = report(&[("1.1.1", "OK", "OK"), ("7.3.5", behavior, close)]).unwrap();
            let error = report.verdict().unwrap_err().to_string();
            assert!(error.contains("7.3.5: ") && !error.contains("1.1.1"), "{error}");
        }
        assert!(report(&[]).is_err());
        assert!(report(&[("8.1", "OK", "OK")]).is_err());
    }
}
