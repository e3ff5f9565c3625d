//! The figures, beside those of the last run.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

/// Rows in the order they were measured.
#[derive(Default)]
pub struct Table(Vec<Row>);

struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    aim: Option<&'static str>,
}

/// What is kept for the next run.
#[derive(Default, Serialize, Deserialize)]
struct Kept(BTreeMap<String, f64>);

impl Table {
    /// Adds a figure, and says it at once.
    pub fn add(&mut self, name: &str, value: f64, unit: &'static str, aim: Option<&'static str>) {
        eprintln!("{name}: {} {unit}", shown(value));
        self.0.push(Row {
            name: name.to_owned(),
            value,
            unit,
            aim,
        });
    }

    /// Prints the table with the ratios to the last run, and takes the last run's place.
    pub fn print_and_keep(&self) {
        let path = kept_at();
        let last: Kept = std::fs::read(&path)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default();
        println!("\n| figure | now | aim | last | now / last |\n| --- | ---: | ---: | ---: | ---: |");
        for Row { name, value, unit, aim } in &self.0 {
            let (before, ratio) = last.0.get(name).map_or((String::new(), String::new()), |before| {
                (shown(*before), format!("{:.2}", value / before))
            });
            println!(
                "| {name} | {} {unit} | {} | {before} | {ratio} |",
                shown(*value),
                aim.unwrap_or_default()
            );
        }
        let kept = Kept(self.0.iter().map(|row| (row.name.clone(), row.value)).collect());
        std::fs::write(path, serde_json::to_vec_pretty(&kept).unwrap()).unwrap();
    }
}

/// In the target folder: the figures are this machine's.
fn kept_at() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench-last.json")
}

fn shown(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}
