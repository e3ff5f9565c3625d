//! Compares the expansion of rules with an independent oracle: Python's dateutil and zoneinfo.
//!
//! Its answers to the cases of one seed are kept in `recurrence/answers.jsonl`, and are compared everywhere. Where Python
//! and dateutil are installed, cases are drawn and asked anew: `PROPTEST_CASES` says how many, `RECURRENCE_SEED` (a
//! number) which ones, and `RECURRENCE_KEEP=1` writes the file.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "recurrence/cases.rs"]
mod cases;

use cases::{Case, FORM, cases};
use chrono::NaiveDateTime;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use protocol::{
    recurrence::{Budget, Recurrence, RuleError, Series, Window},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{
    io::Write,
    process::{Command, Stdio},
};

#[derive(Debug, Serialize, Deserialize)]
struct Answered {
    #[serde(flatten)]
    case: Case,
    /// The starts in the window, in seconds since 1970; `None` if the oracle has no answer.
    starts: Option<Vec<i64>>,
}

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recurrence/answers.jsonl");
const ORACLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recurrence/oracle.py");

/// What Lockstep says; `None` if the rule is over the budget of a read.
fn expand(case: &Case) -> Option<Vec<i64>> {
    let mut text = format!("DTSTART;TZID={}:{}\nRRULE:{}", case.zone, case.start, case.rule);
    for (name, moments) in [("RDATE", &case.dates), ("EXDATE", &case.excluded)] {
        for moment in moments {
            text += &match moment.ends_with('Z') {
                true => format!("\n{name}:{moment}"),
                false => format!("\n{name};TZID={}:{moment}", case.zone),
            };
        }
    }
    let recurrence: Recurrence = text.parse().unwrap_or_else(|_| panic!("{text} is not a recurrence"));
    let start = recurrence
        .zone
        .instant(NaiveDateTime::parse_from_str(&case.start, FORM).unwrap());
    let window = Window {
        from: Timestamp::from_millis(case.from * 1000),
        until: Timestamp::from_millis(case.until * 1000),
    };
    match Series::new(&recurrence, start, None).occurrences(window, &mut Budget::default()) {
        Ok(found) => Some(found.iter().map(|at| at.millis() / 1000).collect()),
        Err(RuleError::TooMany) => None,
        Err(error) => panic!("{text}: {error}"),
    }
}

/// Compares the answers. Some are missing: dateutil searches long for rules that never match.
fn compare(answers: &[Answered]) {
    let (mut skipped, mut differ) = (0, Vec::new());
    for Answered { case, starts } in answers {
        match (expand(case), starts) {
            (Some(found), Some(expected)) if found == *expected => {}
            (Some(found), Some(expected)) => differ.push(format!("{case:?}\n found {found:?}\n expected {expected:?}")),
            _ => skipped += 1,
        }
    }
    assert!(
        differ.is_empty(),
        "{} cases differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
    assert!(
        skipped * 4 <= answers.len(),
        "{skipped} of {} cases have no answer",
        answers.len()
    );
}

#[test]
fn expansion_equals_the_kept_answers_of_the_oracle() {
    let text = std::fs::read_to_string(KEPT).unwrap();
    let answers: Vec<Answered> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(answers.len() >= 500);
    compare(&answers);
}

#[test]
fn expansion_equals_the_answers_of_the_oracle() {
    let installed = Command::new("python3")
        .args(["-c", "import dateutil, zoneinfo"])
        .stderr(Stdio::null())
        .status();
    if !installed.is_ok_and(|status| status.success()) {
        eprintln!("Python with dateutil is not installed: only its kept answers are compared.");
        return;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number("RECURRENCE_SEED").unwrap_or(0).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let cases: Vec<Case> = (0..number("PROPTEST_CASES").unwrap_or(400))
        .map(|_| cases().new_tree(&mut runner).unwrap().current())
        .collect();
    let answers = ask(&cases);
    if std::env::var_os("RECURRENCE_KEEP").is_some() {
        let short = answers
            .iter()
            .filter(|answer| answer.starts.as_ref().is_some_and(|starts| starts.len() < 100));
        let lines: Vec<String> = short.map(|answer| serde_json::to_string(answer).unwrap()).collect();
        std::fs::write(KEPT, lines.join("\n") + "\n").unwrap();
    }
    compare(&answers);
}

fn ask(cases: &[Case]) -> Vec<Answered> {
    let mut oracle = Command::new("python3")
        .arg(ORACLE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = oracle.stdin.take().unwrap();
    let lines: Vec<String> = cases.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            writeln!(input, "{line}").unwrap();
        }
    });
    let output = oracle.wait_with_output().unwrap();
    writer.join().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let answers = output.lines().map(|line| serde_json::from_str(line).unwrap());
    let answered: Vec<Answered> = cases
        .iter()
        .zip(answers)
        .map(|(case, starts)| Answered {
            case: case.clone(),
            starts,
        })
        .collect();
    assert_eq!(answered.len(), cases.len(), "the oracle stopped");
    answered
}
