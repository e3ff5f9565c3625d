//! The figures, beside those of another binary or of the last run.

use crate::figures::{Figure, rounded};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

/// What is kept for the next run: values by the names of their figures.
#[derive(Default, Serialize, Deserialize)]
struct Kept(BTreeMap<String, f64>);

/// Prints the figures beside those of the other binary, which are in the same order.
pub fn print_comparison(rows: &[Figure], before: &[f64]) {
    println!("\n| figure | before | now | now / before | aim |\n| --- | ---: | ---: | ---: | ---: |");
    for (Figure { name, value, unit, aim }, before) in rows.iter().zip(before) {
        println!(
            "| {name} | {} {unit} | {} {unit} | {:.2} | {} |",
            rounded(*before),
            rounded(*value),
            value / before,
            aim.unwrap_or_default()
        );
    }
}

/// Prints the figures with the ratios to the last run on the same database, and takes the last run's place.
pub fn print_and_keep(rows: &[Figure], database: &str) {
    let path = kept_at(database);
    let mut kept: Kept = std::fs::read(&path)
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default();
    println!("\n| figure | now | aim | last | now / last |\n| --- | ---: | ---: | ---: | ---: |");
    for Figure { name, value, unit, aim } in rows {
        let last = kept.0.insert(name.clone(), *value);
        let (last, ratio) = last.map_or((String::new(), String::new()), |last| {
            (rounded(last), format!("{:.2}", value / last))
        });
        println!(
            "| {name} | {} {unit} | {} | {last} | {ratio} |",
            rounded(*value),
            aim.unwrap_or_default()
        );
    }
    std::fs::write(path, serde_json::to_vec_pretty(&kept).unwrap()).unwrap();
}

/// In the target folder: the figures are this machine's.
fn kept_at(database: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-last-{database}.json"))
}
